"""A database and its transactions; what it says is told in our words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any, Literal

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from goodstanding.errors import StoreError

Kind = Literal["sqlite", "postgresql"]


class Database:
    """A database.

    Args:
        place: how messages call it; never with a password.
    """

    def __init__(self, engine: Engine, place: str) -> None:
        self.engine = engine
        self.place = place

    @property
    def kind(self) -> Kind:
        """Which of the two it is."""
        return "sqlite" if self.engine.dialect.name == "sqlite" else "postgresql"

    @contextmanager
    def transaction(self, options: Mapping[str, Any]) -> Iterator[Connection]:
        """One transaction of any kind, with SQLAlchemy's options for its execution.

        Raises:
            StoreError: whatever the database says, but that a row is there or may not change (`IntegrityError`).
        """
        with self.told(), self.engine.connect() as bare:
            connection = bare.execution_options(**options)
            try:
                with connection.begin():
                    yield connection
            except OperationalError:
                # What a file says after it could not be written or synced is not believed: the next one opens it anew.
                bare.invalidate()
                self.engine.dispose()
                raise

    @contextmanager
    def told(self) -> Iterator[None]:
        """Say in our words what the database says.

        Raises:
            StoreError: whatever it says, but that a row is there or may not change (`IntegrityError`).
        """
        try:
            yield
        except IntegrityError:
            raise
        except DBAPIError as fault:
            raise StoreError(f"{self.place}: {_said(fault)}") from fault

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that reads, and sees the database as it was at its first statement.

        Raises:
            StoreError: it cannot be reached or read.
        """
        snapshot = {} if self.kind == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        with self.transaction(snapshot) as connection:
            yield connection

    def scrub(self) -> None:
        """After rows were deleted from SQLite, which overwrites them: empty its log, where they may still stand.

        Raises:
            StoreError: somebody still reads what was deleted, or the file cannot be written.
        """
        try:
            with self.told(), closing(self.engine.raw_connection()) as raw:  # a checkpoint is no part of a transaction
                assert raw.driver_connection is not None
                busy, _, _ = raw.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as fault:  # beneath SQLAlchemy nobody wraps it
            raise StoreError(f"{self.place}: {fault}") from fault
        if busy:
            raise StoreError(
                f"{self.place}: somebody still reads what was deleted; wait until they are done, try again"
            )

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


BUSY = ("database is locked", "lock timeout")


def _said(fault: DBAPIError) -> str:
    """A database's complaint in one line, and what to do."""
    words = " ".join(str(fault.orig).split())
    if any(busy in words for busy in BUSY):
        return "another process is writing to it, and did not finish in time; try again"
    return words
