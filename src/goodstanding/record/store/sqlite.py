"""SQLite as a store: one file in the home, one writer at a time, every commit on the disk before it is acknowledged."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Connection, Engine, create_engine, event

PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",  # in WAL mode NORMAL would lose acknowledged commits when the power fails
    "foreign_keys = ON",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "secure_delete = ON",  # what is deleted is overwritten, and not only forgotten
    "recursive_triggers = ON",  # else INSERT OR REPLACE would delete a row past the trigger that refuses it
)

WAIT_SECONDS = 5.0
"""How long a writer waits for another one to finish."""

WRITING = "goodstanding_writing"
"""The execution option by which a transaction says that it is going to write."""

Connect: TypeAlias = Callable[[Path], Any]
"""Opens a file in the manner of `sqlite3.connect`; tests put a disk that loses power beneath it."""


def make_engine(path: Path, *, create: bool, read_only: bool = False, connect: Connect | None = None) -> Engine:
    """An engine over one file, which is made only where that is asked for."""
    opening = _opening(path, create=create) if connect is None else partial(connect, path)
    engine = create_engine("sqlite+pysqlite:///" + str(path), creator=opening)
    pragmas = [*PRAGMAS, *(["query_only = ON"] if read_only else [])]

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        try:
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}").fetchall()
        except UnicodeDecodeError as fault:  # the complaint about a damaged schema holds bytes of the damage
            raise sqlite3.DatabaseError("the file is damaged: its schema cannot be read") from fault

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        """A writer takes its place before it reads, so that what it read still holds when it writes."""
        writing = connection.get_execution_options().get(WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _opening(path: Path, *, create: bool) -> Callable[[], sqlite3.Connection]:
    address = f"{path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}"

    def connect() -> sqlite3.Connection:
        # Without an isolation level Python opens no transaction of its own behind ours.
        return sqlite3.connect(address, uri=True, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False)

    return connect
