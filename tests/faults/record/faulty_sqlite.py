"""SQLite over a disk that loses power: a VFS that tells a platter each call, and apsw in the manner of `sqlite3`.

SQLite itself does all its work as ever, on real files; nothing is really synced. apsw brings an SQLite of its own: the
two never open the same file in one process, since each would let go of the other's locks.
"""

from __future__ import annotations

import errno
import itertools
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import apsw

from goodstanding.testing.faulty_disk import Doing, FaultyCalls, FaultyDisk

BESIDE: Final = ("-wal", "-journal")
"""Endings of the files whose names SQLite syncs itself, when it first syncs what is in them."""
WAIT_MILLISECONDS: Final = 100

_numbers = itertools.count()


class TracedVFS(apsw.VFS):
    """The files of a folder: each call is told to the platter of a faulty disk, which says what goes wrong."""

    def __init__(self, calls: FaultyCalls) -> None:
        self.calls = calls
        self.platter = calls.platter
        self.name = f"traced-{next(_numbers)}"
        super().__init__(self.name, "unix")

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802 SQLite's names
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        known = None if path is None else self.platter.name_of(path)
        return super().xOpen(name, flags) if known is None else TracedFile(self, name, flags, known)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        name = self.platter.name_of(filename)
        self.ask("name", name)
        super().xDelete(filename, syncdir)
        if name is not None and self.platter.is_there(name):
            self.platter.removed(name)
            if syncdir:
                self.platter.folder_synced(str(Path(name).parent))

    def ask(self, doing: Doing, name: str | None, size: int = 0) -> None:
        """What goes wrong, as SQLite wants to hear it."""
        if name is None:
            return
        try:
            self.calls.trouble(doing, name, size)
        except OSError as fault:
            raise apsw.FullError(str(fault)) if fault.errno == errno.ENOSPC else apsw.IOError(str(fault)) from fault


class TracedFile(apsw.VFSFile):
    """One file."""

    def __init__(self, vfs: TracedVFS, filename: Any, flags: list[int], name: str) -> None:
        self.vfs, self.name = vfs, name
        vfs.ask("open", name)
        super().__init__("unix", filename, flags)
        self.file = vfs.platter.opened(name)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self.vfs.ask("write", self.name, len(data))
        super().xWrite(data, offset)
        self.vfs.platter.wrote(self.file, offset, bytes(data))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self.vfs.ask("end", self.name)
        super().xTruncate(newsize)
        self.vfs.platter.ended(self.file, newsize)

    def xSync(self, flags: int) -> None:  # noqa: ARG002, N802
        try:
            self.vfs.ask("sync", self.name)
        except apsw.Error:
            self.vfs.platter.failed(self.file)
            raise
        self.vfs.platter.synced(self.file)
        if self.name.endswith(BESIDE):
            self.vfs.platter.folder_synced(str(Path(self.name).parent))


class FaultySQLite:
    """Opens SQLite's files over the platter of a faulty disk, in the manner of `sqlite3.connect`.

    Args:
        synchronous: set in place of what is asked for, to show that the programme would find it.
    """

    def __init__(self, disk: FaultyDisk, synchronous: str | None = None) -> None:
        self._vfs = TracedVFS(disk.calls)
        self._synchronous = synchronous

    def __call__(self, path: Path) -> Connection:
        """A connection to one file."""
        with _told():
            return Connection(apsw.Connection(str(path), vfs=self._vfs.name), self._synchronous)


@contextmanager
def _told() -> Iterator[None]:
    """Say in sqlite3's words what apsw says."""
    try:
        yield
    except apsw.ConstraintError as fault:
        raise sqlite3.IntegrityError(*fault.args) from fault
    except (apsw.BusyError, apsw.LockedError) as fault:
        raise sqlite3.OperationalError(f"database is locked: {fault}") from fault
    except (apsw.CorruptError, apsw.NotADBError) as fault:
        raise sqlite3.DatabaseError(*fault.args) from fault
    except apsw.Error as fault:
        raise sqlite3.OperationalError(*fault.args) from fault


class Connection:
    """A connection of apsw in the manner of sqlite3's, as far as SQLAlchemy asks."""

    isolation_level = None

    def __init__(self, inner: apsw.Connection, synchronous: str | None) -> None:
        self.inner = inner
        self.inner.set_busy_timeout(WAIT_MILLISECONDS)
        self._synchronous = synchronous

    def cursor(self) -> Cursor:
        return Cursor(self.inner)

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Cursor:
        if self._synchronous and "synchronous" in statement:
            statement = f"PRAGMA synchronous = {self._synchronous}"
        cursor = self.cursor()
        cursor.execute(statement, values)
        return cursor

    def commit(self) -> None:
        self._end("COMMIT")

    def rollback(self) -> None:
        self._end("ROLLBACK")

    def _end(self, how: str) -> None:
        if self.inner.in_transaction:
            with _told():
                self.inner.execute(how)

    def close(self) -> None:
        """What fails here, where SQLite moves its log into the file, fails in silence: the log is still there."""
        with suppress(apsw.Error):
            self.inner.close()

    def create_function(self, name: str, many: int, function: Callable[..., Any], *, deterministic: bool) -> None:
        self.inner.create_scalar_function(name, function, many, deterministic=deterministic)


class Cursor:
    """What a statement gave, read to its end at once: no statement is left half done."""

    arraysize = 1
    lastrowid = None

    def __init__(self, inner: apsw.Connection) -> None:
        self.inner = inner
        self.description: tuple[Any, ...] | None = None
        self.rowcount = -1
        self._rows: list[tuple[Any, ...]] = []

    def execute(self, statement: str, values: Any = ()) -> Cursor:
        return self._run(statement, [values])

    def executemany(self, statement: str, many: Sequence[Any]) -> Cursor:
        return self._run(statement, many)

    def _run(self, statement: str, many: Sequence[Any]) -> Cursor:
        self.description, self._rows, changed = None, [], 0
        with _told():
            for values in many:
                cursor = self.inner.cursor()
                cursor.exec_trace = self._describe
                cursor.execute(statement, values)
                self._rows = [tuple(row) for row in cursor]
                changed += self.inner.changes()
        changing = statement.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}
        self.rowcount = changed if changing else -1
        return self

    def _describe(self, cursor: apsw.Cursor, _statement: str, _values: Any) -> bool:
        """Before a statement runs: afterwards apsw tells nothing of one that gave no rows."""
        named = cursor.get_description()
        self.description = tuple((name, *[None] * 6) for name, *_ in named) or None
        return True

    def fetchone(self) -> tuple[Any, ...] | None:
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        size = self.arraysize if size is None else size
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    def fetchall(self) -> list[tuple[Any, ...]]:
        rows, self._rows = self._rows, []
        return rows

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.fetchall())

    def close(self) -> None:
        self._rows = []
