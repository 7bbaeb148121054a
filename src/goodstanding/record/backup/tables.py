"""Tables of a store written as Parquet and read back: the same whether SQLite or PostgreSQL held them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import pyarrow as pa
from pyarrow import parquet
from sqlalchemy import Connection, LargeBinary, Row, Table, Text, select, tuple_

from goodstanding.errors import TamperError
from goodstanding.record.disk import Disk
from goodstanding.record.store.database import Database

CHUNK: Final = 16_384
"""Rows at a time."""

Chunks: TypeAlias = Iterable[Sequence[Row[Any]]]
Wanted: TypeAlias = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


def name_of(table: Table) -> str:
    """What a table is called, as a string of Python's own, which SQLAlchemy's is not."""
    return str(table.name.lower())


def path_of(folder: Path, name: str) -> Path:
    """The file of a table."""
    return folder / f"{name}.parquet"


def at_once(connection: Connection, table: Table) -> Chunks:
    """The rows of a table as one transaction sees them."""
    ordered = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=CHUNK)
    yield from connection.execute(ordered).partitions(CHUNK)


def in_turn(database: Database, table: Table, *, below: int | None = None) -> Chunks:
    """The rows of a table in many short transactions, so that nobody who erases waits for the end.

    Args:
        below: only rows whose key is less.
    """
    key = list(table.primary_key.columns)
    ordered = select(table).order_by(*key).limit(CHUNK)
    if below is not None:
        ordered = ordered.where(key[0] < below)
    asked = ordered
    while True:
        with database.reading() as connection:
            rows = connection.execute(asked).all()
        if not rows:
            return
        yield rows
        asked = ordered.where(tuple_(*key) > tuple_(*(getattr(rows[-1], column.name) for column in key)))


def write(disk: Disk, folder: Path, table: Table, chunks: Chunks) -> str:
    """Write the rows of a table; the SHA-256 of their file, hex."""
    summed = hashlib.sha256()

    def pieces() -> Iterator[bytes]:
        for piece in _pieces(table, chunks):
            summed.update(piece)
            yield piece

    disk.write(path_of(folder, table.name), pieces())
    return summed.hexdigest()


def checked_file(path: Path, digest: str) -> Path:
    """A file that is what was written.

    Raises:
        TamperError: it is missing, or its sum is another.
    """
    if not path.is_file():
        raise TamperError(f"{path}: missing; restore from another backup")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != digest:
        raise TamperError(f"{path}: its SHA-256 is {found}; expected {digest}; restore from another backup")
    return path


def all_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where every row is wanted."""
    return rows


def load(path: Path, digest: str, connection: Connection, table: Table, wanted: Wanted = all_of) -> None:
    """Put the rows of a file into a table, within a transaction.

    Raises:
        TamperError: the file is missing, or not as it was written.
    """
    for batch in parquet.ParquetFile(checked_file(path, digest)).iter_batches(CHUNK):
        if rows := wanted(batch.to_pylist()):
            connection.execute(table.insert(), rows)


class _Sink:
    """Takes what Parquet writes, until it is fetched."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: Any) -> int:
        """Take a piece."""
        self._pieces.append(bytes(data))
        return len(self._pieces[-1])

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is held."""

    def fetch(self) -> list[bytes]:
        """What was written since the last time."""
        taken, self._pieces = self._pieces, []
        return taken


def _pieces(table: Table, chunks: Chunks) -> Iterator[bytes]:
    sink, schema = _Sink(), _schema(table)
    with parquet.ParquetWriter(pa.PythonFile(sink, "w"), schema, compression="zstd") as writer:
        for rows in chunks:
            columns = [list(column) for column in zip(*rows, strict=True)]
            arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
            yield from sink.fetch()
    yield from sink.fetch()


def _schema(table: Table) -> pa.Schema:
    return pa.schema([pa.field(column.name, _type(column.type)) for column in table.columns])


def _type(kind: object) -> pa.DataType:
    if isinstance(kind, LargeBinary):
        return pa.large_binary()
    return pa.large_string() if isinstance(kind, Text) else pa.int64()
