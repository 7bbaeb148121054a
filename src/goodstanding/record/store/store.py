"""The store: where a home keeps what is small and must be in order, in SQLite or PostgreSQL.

Transactions are the whole interface. One that writes has the ledger's head to itself from its first statement on, so
that numbers are given out without a gap and in the order of commits; one that reads sees one moment throughout.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, get_ident

from sqlalchemy import Connection, Engine, inspect, select, text

from goodstanding.errors import StoreError
from goodstanding.record.store import postgresql, schema, sqlite
from goodstanding.record.store.database import Database
from goodstanding.record.store.postgresql import Roles
from goodstanding.record.store.schema import NAMESPACE, head, settings

NOTHING = (
    "holds no record; `goodstanding init` makes a home; remove first the folder of one whose making was broken off"
)


class OvertakenError(StoreError):
    """Another process has taken the writer's place: nothing may be written any more, and no file be touched."""


class Store(Database):
    """One database of a home.

    Args:
        place: how messages call it; never with a password.
        roles: PostgreSQL's; None with SQLite.
    """

    def __init__(self, engine: Engine, place: str, roles: Roles | None = None) -> None:
        super().__init__(engine, place)
        self.roles = roles
        self._epoch: int | None = None
        self._turn = Lock()
        self._writer: int | None = None
        self._lock: Connection | None = None

    def close(self) -> None:
        """Let go of all connections, and of the writer's lock."""
        if self._lock is not None:
            postgresql.let_go(self._lock)
            self._lock = None
        super().close()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that writes: all of it is on the disk when the block ends, or nothing of it was done.

        Raises:
            StoreError: it cannot be reached or written, or another process writes to it.
        """
        if self._writer == get_ident():
            raise AssertionError("a transaction that writes inside of another")
        with self._turn:
            self._writer = get_ident()
            try:
                with self.transaction({sqlite.WRITING: True}) as connection:
                    self._require_epoch(connection)
                    yield connection
            finally:
                self._writer = None

    def take_over(self) -> None:
        """Become the one that writes: whoever did so before is refused from now on.

        A process that lost its connection, or slept too long, may believe that it still writes here while another one
        took its place. Each takes a number; a transaction that writes looks first whether the number is still its own.
        In PostgreSQL it holds a lock besides, so that nobody takes over by mistake while it lives.

        Raises:
            StoreError: another process holds the lock.
        """
        if self.kind == "postgresql" and self._lock is None:
            with self.told():
                self._lock = postgresql.hold_alone(self.engine, self.place)
        with self.writing() as connection:
            taken = int(connection.execute(select(head.c.epoch)).scalar_one()) + 1
            connection.execute(head.update().values(epoch=taken))
        self._epoch = taken

    def scrub(self) -> None:
        """After rows were deleted: clear the places where their bytes may still stand.

        In PostgreSQL whoever owns the tables clears them; for others the server does, in its own time (autovacuum). Its
        log and its backups are its keeper's to clear.

        Raises:
            StoreError: somebody still reads what was deleted.
        """
        if self.roles is None:
            super().scrub()
        else:
            with self.told():
                postgresql.vacuum(self.engine, self.roles, ("single", "held"))

    def require_place(self) -> None:
        """Look whether this is still the one that writes, before anything is written outside of a transaction.

        Raises:
            OvertakenError: it is not.
        """
        with self.reading() as connection:
            self._require_epoch(connection, lock=False)

    def settings(self) -> dict[str, str]:
        """The facts that the home was made with."""
        with self.reading() as connection:
            return {row.key: row.value for row in connection.execute(select(settings))}

    def _require_epoch(self, connection: Connection, *, lock: bool = True) -> None:
        """See whether this is still the writer, and lock the head's row (SQLite has locked everything already)."""
        asked = select(head.c.epoch)
        found = connection.execute(asked.with_for_update() if lock else asked).scalar_one()
        if self._epoch is not None and found != self._epoch:
            raise OvertakenError(f"{self.place}: another process has begun to write to it since; open the home again")


def revision(connection: Connection) -> str | None:
    """The schema that a database has; None: it holds no record."""
    namespace = None if connection.dialect.name == "sqlite" else NAMESPACE
    if not inspect(connection).has_table("alembic_version", schema=namespace):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def require_known(found: str | None, place: str) -> str:
    """A schema that this version knows: its own, or one from before.

    Raises:
        StoreError: none, or a newer one; it says what to do.
    """
    if found is None:
        raise StoreError(f"{place}: {NOTHING}")
    if found not in schema.REVISIONS:
        raise StoreError(
            f"{place}: its schema is {found}, and {schema.REVISIONS[-1]} is the newest that this version knows; "
            "use the version that wrote it, or a later one"
        )
    return found


def require_newest(found: str | None, place: str) -> None:
    """Refuse a schema that this version does not write.

    Raises:
        StoreError: none, an older or a newer one; it says what to do.
    """
    newest = schema.REVISIONS[-1]
    if require_known(found, place) != newest:
        raise StoreError(
            f"{place}: its schema is {found}, and this version writes {newest}; "
            "make a backup, then run `goodstanding db upgrade`"
        )


def path_of(where: str | Path) -> Path | None:
    """The file of an SQLite store; None: it is a URL."""
    if isinstance(where, Path):
        return where
    return None if "://" in where else Path(where)
