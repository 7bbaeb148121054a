"""The tables of a record: its ledger, what lies in no segment yet, sources, quarantine and settings."""

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql, sqlite

from goodstanding.record.store import guards

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")
TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
BYTES = sa.LargeBinary()

MAY: Mapping[str, tuple[guards.Verb, ...]] = {
    "entry": (),
    "head": ("UPDATE",),
    "checkpoint": (),
    "cosignature": (),
    "single": ("DELETE",),
    "source": ("UPDATE",),
    "held": ("UPDATE", "DELETE"),
    "settings": (),
}


def upgrade() -> None:
    """Make everything."""
    _ledger()
    _events()
    _settings()
    if op.get_context().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _ledger() -> None:
    _table(
        "entry",
        "One row per entry of the ledger, numbered from 0 without a gap",
        _whole("seq"),
        *(sa.Column(name, TEXT, nullable=False) for name in ("kind", "source", "id", "actor")),
        _whole("time"),
        _whole("recorded"),
        *(sa.Column(name, BYTES, nullable=False) for name in ("body", "leaf", "chain")),
        sa.PrimaryKeyConstraint("seq", name="entry_pk"),
        sa.UniqueConstraint("source", "id", name="entry_said_once"),
        sa.CheckConstraint("seq >= 0", name="entry_seq"),
    )
    op.create_index("entry_by_kind", "entry", ["kind", "seq"])
    _table(
        "head",
        "One row: where the ledger ends, derived from its entries; locked by whoever writes",
        sa.Column("one", sa.Integer(), nullable=False, autoincrement=False),
        _whole("size"),
        sa.Column("chain", BYTES, nullable=False),
        sa.Column("frontier", BYTES, nullable=False),
        _whole("recorded"),
        _whole("epoch"),
        sa.PrimaryKeyConstraint("one", name="head_pk"),
        sa.CheckConstraint("one = 1", name="head_one"),
    )
    zeros, nothing = (
        ("zeroblob(32)", "x''")
        if op.get_context().dialect.name == "sqlite"
        else ("decode(repeat('00', 32), 'hex')", "''")
    )
    op.execute(f"INSERT INTO head VALUES (1, 0, {zeros}, {nothing}, 0, 0)")  # noqa: S608 our own words
    _table(
        "checkpoint",
        "One row per head that was signed",
        _whole("size"),
        _text("note"),
        _whole("recorded"),
        sa.PrimaryKeyConstraint("size", name="checkpoint_pk"),
    )
    _table(
        "cosignature",
        "One row per head and witness",
        _whole("size"),
        _text("witness"),
        _text("line"),
        sa.PrimaryKeyConstraint("size", "witness", name="cosignature_pk"),
    )


def _events() -> None:
    _table(
        "single",
        "One row per event that lies in no segment yet",
        _whole("seq"),
        sa.Column("row", sa.Integer(), nullable=False, autoincrement=False),
        _text("source"),
        _text("id"),
        *(_whole(name) for name in ("slot", "time", "recorded")),
        sa.Column("packed", BYTES, nullable=False),
        sa.Column("leaf", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("seq", "row", name="single_pk"),
        sa.UniqueConstraint("source", "id", name="single_said_once"),
    )
    _table(
        "held",
        "One row per event in quarantine; of what was refused or released the event itself is gone",
        *(_text(name) for name in ("id", "source", "reason")),
        sa.Column("event", BYTES, nullable=True),
        sa.Column("batch", TEXT, nullable=True),
        _whole("recorded"),
        _text("state"),
        sa.Column("decided", WHOLE, nullable=True),
        sa.PrimaryKeyConstraint("id", name="held_pk"),
    )


def _settings() -> None:
    _table(
        "source",
        "One row per registered source: what it may send",
        _text("name"),
        sa.Column("body", BYTES, nullable=False),
        _whole("recorded"),
        sa.PrimaryKeyConstraint("name", name="source_pk"),
    )
    _table(
        "settings",
        "One row per fact that a home was made with",
        _text("key"),
        _text("value"),
        sa.PrimaryKeyConstraint("key", name="settings_pk"),
    )


def _table(name: str, comment: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(name, *parts, comment=comment, sqlite_strict=True)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, WHOLE, nullable=False, autoincrement=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=False)


def _refused(may: tuple[guards.Verb, ...]) -> list[guards.Verb]:
    return [verb for verb in guards.VERBS if verb not in may]


def _guard_sqlite() -> None:
    for table, may in MAY.items():
        for statement in guards.sqlite_triggers(table, _refused(may)):
            op.execute(statement)


def _guard_postgresql() -> None:
    roles = context.config.attributes["roles"]
    writer, reader = roles.quoted("writer"), roles.quoted("reader")
    op.execute(guards.postgresql_function())
    for table, may in MAY.items():
        granted = guards.grants(table, writer=writer, reader=reader, may=may)
        for statement in [*guards.postgresql_triggers(table, _refused(may)), *granted]:
            op.execute(statement)
    for role in (writer, reader):
        op.execute(f"GRANT USAGE ON SCHEMA goodstanding TO {role}")
        op.execute(f"GRANT SELECT ON alembic_version TO {role}")
