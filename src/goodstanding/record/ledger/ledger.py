"""The ledger of a home: entries are added at its end, and read; nothing else can be done to it.

Each entry is chained to the one before, and a leaf of one RFC 9162 tree; of the tree only the frontier is kept, so that
adding costs a few hashes however long the ledger is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Row, Select, select
from sqlalchemy.exc import IntegrityError

from goodstanding.errors import RecordError, TamperError
from goodstanding.record.clock import Recorder
from goodstanding.record.ledger.entry import Entry, Said, make, of_row
from goodstanding.record.merkle import SIZE, Frontier, Tree
from goodstanding.record.store import Store, entry, head

CHUNK: Final = 4096
"""Rows that are read at a time."""
NAMED: Final = re.compile(r"[^\x00-\x1f\x7f]{1,512}")
"""What a source, an id or an actor may be called."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where the ledger ends.

    Attributes:
        size: how many entries there are.
        root: the root of the tree over all of them.
        chain: the chain after the last.
        recorded: when the last reached the record, in microseconds since 1970.
    """

    size: int
    root: bytes
    chain: bytes
    recorded: int


class Ledger:
    """The entries of one store.

    Args:
        recorder: gives out the moments at which entries reach the record.
    """

    def __init__(self, store: Store, recorder: Recorder) -> None:
        self.store = store
        self.recorder = recorder

    def append(self, connection: Connection, said: Sequence[Said]) -> list[Entry]:
        """Add entries, within a transaction that writes; they are there when it ends, all or none.

        Raises:
            RecordError: an entry of the same source and id is there already, or one of its names cannot be.
            TamperError: the row that says where the ledger ends is not one that we wrote.
        """
        last, frontier = _end(connection)
        self.recorder.not_before(last.recorded)
        added, chain = [], last.chain
        for one in said:
            _require_names(one)
            new = make(one, frontier.size, self.recorder.moment(), chain)
            frontier.append(new.leaf)
            added.append(new)
            chain = new.chain
        if added:
            self._write(connection, added, frontier)
        return added

    def _write(self, connection: Connection, added: Sequence[Entry], frontier: Frontier) -> None:
        try:
            connection.execute(entry.insert(), [_row(one) for one in added])
        except IntegrityError as fault:
            names = ", ".join(f"{one.source}/{one.id}" for one in added[:3])
            raise RecordError(f"{names}: an entry of this source and id is on record already") from fault
        end = added[-1]
        connection.execute(
            head.update().values(
                size=frontier.size, chain=end.chain, frontier=frontier.to_bytes(), recorded=end.recorded
            )
        )

    def head(self) -> Head:
        """Where the ledger ends now.

        Raises:
            TamperError: the row that says so is not one that we wrote.
        """
        with self.store.reading() as connection:
            return _end(connection)[0]

    def entries(self, first: int = 0, last: int | None = None, kind: str | None = None) -> Iterator[Entry]:
        """Entries in order, from one number to another, both included; of one kind, or of all."""
        rows = select(entry).order_by(entry.c.seq)
        if last is not None:
            rows = rows.where(entry.c.seq <= last)
        if kind is not None:
            rows = rows.where(entry.c.kind == kind)
        with self.store.reading() as connection:
            yield from in_chunks(connection, rows, first)

    def entry(self, seq: int) -> Entry:
        """The entry of a number.

        Raises:
            RecordError: the ledger is shorter.
        """
        with self.store.reading() as connection:
            row = connection.execute(select(entry).where(entry.c.seq == seq)).one_or_none()
        if row is None:
            raise RecordError(f"{self.store.place}: there is no entry {seq:,}; the last is {self.head().size - 1:,}")
        return of_row(row)

    def find(self, source: str, entry_id: str) -> Entry | None:
        """The entry of a source and id, if it is there."""
        with self.store.reading() as connection:
            return find(connection, source, entry_id)

    def leaves(self, size: int, first: int = 0) -> bytes:
        """The leaf hashes of the first so many entries (from a number on), packed."""
        rows = select(entry.c.leaf).where(entry.c.seq >= first, entry.c.seq < size).order_by(entry.c.seq)
        with self.store.reading() as connection:
            packed = b"".join(connection.scalars(rows.execution_options(yield_per=CHUNK)))
        if len(packed) != SIZE * max(size - first, 0):
            raise TamperError(
                f"{self.store.place}: entries are missing below {size:,}; run `goodstanding ledger verify`"
            )
        return packed

    def prove(self, seq: int, size: int | None = None) -> list[bytes]:
        """The proof that an entry is in the ledger of a size (now: the whole).

        Raises:
            RecordError: there is no such entry, or the ledger is shorter.
        """
        size = self._size(size)
        if not 0 <= seq < size:
            raise RecordError(f"entry {seq:,} is not among the first {size:,} entries")
        return Tree(self.leaves(size)).inclusion(seq)

    def consistency(self, old: int, size: int | None = None) -> list[bytes]:
        """The proof that the ledger of one size is the beginning of the ledger of another (now: the whole).

        Raises:
            RecordError: the ledger is shorter.
        """
        size = self._size(size)
        if not 0 <= old <= size:
            raise RecordError(f"a ledger of {old:,} entries is not the beginning of one of {size:,}")
        return Tree(self.leaves(size)).consistency(old)

    def _size(self, wanted: int | None) -> int:
        there = self.head().size
        if wanted is not None and not 0 <= wanted <= there:
            raise RecordError(f"{self.store.place}: has {there:,} entries, and {wanted:,} were asked for")
        return there if wanted is None else wanted


def find(connection: Connection, source: str, entry_id: str) -> Entry | None:
    """The entry of a source and id, if it is there, within a transaction."""
    row = connection.execute(select(entry).where(entry.c.source == source, entry.c.id == entry_id)).one_or_none()
    return None if row is None else of_row(row)


def in_chunks(connection: Connection, rows: Select[tuple[object, ...]], first: int) -> Iterator[Entry]:
    """Entries that a statement selects, in order from a number on, without holding them all."""
    while True:
        chunk: Sequence[Row[tuple[object, ...]]] = connection.execute(
            rows.where(entry.c.seq >= first).limit(CHUNK)
        ).all()
        yield from map(of_row, chunk)
        if len(chunk) < CHUNK:
            return
        first = chunk[-1].seq + 1


def _end(connection: Connection) -> tuple[Head, Frontier]:
    row = connection.execute(select(head.c.size, head.c.chain, head.c.frontier, head.c.recorded)).one()
    try:
        frontier = Frontier.from_bytes(row.size, row.frontier)
    except ValueError as fault:
        raise TamperError(f"the head of the ledger: {fault}; run `goodstanding ledger verify`") from fault
    return Head(row.size, frontier.root(), row.chain, row.recorded), frontier


def _require_names(said: Said) -> None:
    for name, value in (("source", said.source), ("id", said.id), ("actor", said.actor)):
        if not NAMED.fullmatch(value):
            raise RecordError(f"{name} {value!r}: 1 to 512 characters were expected, none of them a control character")


def _row(one: Entry) -> dict[str, object]:
    return {
        "seq": one.seq,
        "kind": one.kind,
        "source": one.source,
        "id": one.id,
        "actor": one.actor,
        "time": one.time,
        "recorded": one.recorded,
        "body": one.written,
        "leaf": one.leaf,
        "chain": one.chain,
    }
