"""The tables of `vault.db`, and the file itself: SQLite always, with whatever store, so that it is backed up apart.

What is deleted is overwritten. The file has a version of its own (`user_version`).
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text

from goodstanding.errors import RecordError
from goodstanding.record.store.database import Database
from goodstanding.record.store.sqlite import WRITING, Connect, make_engine

FILE = "vault.db"
VERSION = 2
"""2: a fingerprint stands beside each identifier, by which those that resemble it are found."""

metadata = MetaData()

identifier = Table(
    "identifier",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("hmac", LargeBinary, primary_key=True),
    Column("slot", Integer, nullable=False),
    Column("near", Integer, nullable=False, server_default="0"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""One row per identifier of a person, which nobody can read in it; `near` is its fingerprint (see `nearness`), 0: none.

A kind such as `national_id@court` holds the same identifiers under the key that was agreed with `court`.
"""

of_slot = Index("ix_identifier_slot", identifier.c.slot)

sealed_text = Table(
    "sealed_text",
    metadata,
    Column("id", Text, primary_key=True),
    Column("slot", Integer, nullable=False, index=True),
    Column("nonce", LargeBinary, nullable=False),
    Column("cipher", LargeBinary, nullable=False),
    sqlite_strict=True,
)
"""One row per text that only the person's key opens."""

tombstone = Table(
    "tombstone",
    metadata,
    Column("hmac", LargeBinary, primary_key=True),
    Column("erased", Integer, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""One row per public id that was erased, and must not come back."""


def make_file(folder: Path, connect: Connect | None = None) -> Database:
    """Make the file, empty."""
    made = Database(make_engine(folder / FILE, create=True, connect=connect), str(folder / FILE))
    with made.transaction({WRITING: True}) as connection:
        metadata.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
    return made


def open_file(folder: Path, *, read_only: bool = False, connect: Connect | None = None) -> Database:
    """Open the file.

    Raises:
        RecordError: it is not there, or of another version.
    """
    path = folder / FILE
    if not path.is_file():
        raise RecordError(f"{path}: not there; the vault is backed up apart from the record: restore it")
    opened = Database(make_engine(path, create=False, read_only=read_only, connect=connect), str(path))
    with opened.reading() as connection:
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if version != VERSION:
        opened.close()
        raise RecordError(f"{path}: a vault of version {version}; this version of Goodstanding reads {VERSION}")
    return opened
