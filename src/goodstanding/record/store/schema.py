"""The tables of a record, once for both stores.

What may be done to each table, besides reading and adding, stands in `guards`. Text is ordered by its UTF-8 bytes in
both stores, and times are microseconds since 1970.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine

REVISIONS = ("0001",)
"""Every schema there has been, oldest first; the last is the one that this version reads and writes."""

NAMESPACE = "goodstanding"
"""The schema of PostgreSQL that the tables lie in."""

WHOLE: TypeEngine[int] = BigInteger().with_variant(sqlite.INTEGER(), "sqlite")
TEXT: TypeEngine[str] = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
BYTES: TypeEngine[bytes] = LargeBinary()

metadata = MetaData()


def _table(name: str, *parts: Column[int] | Column[str] | Column[bytes] | object, comment: str) -> Table:
    return Table(name, metadata, *parts, comment=comment, sqlite_strict=True)  # type: ignore[arg-type] # columns and constraints


def _whole(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, WHOLE, nullable=null, autoincrement=False)


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, TEXT, nullable=null)


def _bytes(name: str, *, null: bool = False) -> Column[bytes]:
    return Column(name, BYTES, nullable=null)


entry = _table(
    "entry",
    _whole("seq"),
    _text("kind"),
    _text("source"),
    _text("id"),
    _text("actor"),
    _whole("time"),
    _whole("recorded"),
    _bytes("body"),
    _bytes("leaf"),
    _bytes("chain"),
    PrimaryKeyConstraint("seq", name="entry_pk"),
    UniqueConstraint("source", "id", name="entry_said_once"),
    CheckConstraint("seq >= 0", name="entry_seq"),
    Index("entry_by_kind", "kind", "seq"),
    comment="One row per entry of the ledger, numbered from 0 without a gap",
)

head = _table(
    "head",
    Column("one", Integer(), nullable=False, autoincrement=False),
    _whole("size"),
    _bytes("chain"),
    _bytes("frontier"),
    _whole("recorded"),
    _whole("epoch"),
    PrimaryKeyConstraint("one", name="head_pk"),
    CheckConstraint("one = 1", name="head_one"),
    comment="One row: where the ledger ends, derived from its entries; locked by whoever writes",
)

checkpoint = _table(
    "checkpoint",
    _whole("size"),
    _text("note"),
    _whole("recorded"),
    PrimaryKeyConstraint("size", name="checkpoint_pk"),
    comment="One row per head that was signed",
)

cosignature = _table(
    "cosignature",
    _whole("size"),
    _text("witness"),
    _text("line"),
    PrimaryKeyConstraint("size", "witness", name="cosignature_pk"),
    comment="One row per head and witness",
)

single = _table(
    "single",
    _whole("seq"),
    Column("row", Integer(), nullable=False, autoincrement=False),
    _text("source"),
    _text("id"),
    _whole("slot"),
    _whole("time"),
    _whole("recorded"),
    _bytes("packed"),
    _bytes("leaf"),
    PrimaryKeyConstraint("seq", "row", name="single_pk"),
    UniqueConstraint("source", "id", name="single_said_once"),
    comment="One row per event that lies in no segment yet",
)

source = _table(
    "source",
    _text("name"),
    _bytes("body"),
    _whole("recorded"),
    PrimaryKeyConstraint("name", name="source_pk"),
    comment="One row per registered source: what it may send",
)

held = _table(
    "held",
    _text("id"),
    _text("source"),
    _text("reason"),
    _bytes("event", null=True),
    _text("batch", null=True),
    _whole("recorded"),
    _text("state"),
    _whole("decided", null=True),
    PrimaryKeyConstraint("id", name="held_pk"),
    comment="One row per event in quarantine; of what was refused or released the event itself is gone",
)

settings = _table(
    "settings",
    _text("key"),
    _text("value"),
    PrimaryKeyConstraint("key", name="settings_pk"),
    comment="One row per fact that a home was made with",
)
