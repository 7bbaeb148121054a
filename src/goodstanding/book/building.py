"""From batches of events as read to raw columns: every string becomes a code.

Nothing is sorted by its strings: they are coded, and events are then counted into place (`arranging`). Columns are as
narrow as they can be, since memory that was never touched costs more than most of what is done in it.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodstanding.book.coding import SEED, PairTable, StringTable, buffers, hash_rows
from goodstanding.book.columns import NULL, UNRECORDED, Kinds
from goodstanding.errors import EventsError

MOST_ROWS = 2**31
"""Rows of one book, fewer than: a row shares a number with a code while events are put in order."""


@dataclass(slots=True)
class Raw:
    """Events as they came; one row an event.

    Attributes:
        person, kind, party, matter: codes.
        key: a hash of source and id; its memory is used up once twins are dropped.
        id_data, id_starts: the bytes of all ids, and where each begins (one more than rows).
        recorded: None where it is null everywhere.
        correcting, corrected: rows that have `replaces`, and its strings.
        people, parties, matters: the dictionaries, code 1 first.
    """

    person: NDArray[np.uint32]
    kind: NDArray[np.uint32]
    key: NDArray[np.uint64]
    time: NDArray[np.int64]
    amount: NDArray[np.int64]
    value: NDArray[np.int64]
    party: NDArray[np.uint32]
    matter: NDArray[np.uint32]
    recorded: NDArray[np.int64] | None
    id_data: NDArray[np.uint8]
    id_starts: NDArray[Any]
    correcting: NDArray[np.int64]
    corrected: pa.LargeStringArray
    people: pa.LargeStringArray
    parties: pa.LargeStringArray
    matters: pa.LargeStringArray
    kinds: Kinds

    def __len__(self) -> int:
        """How many events there are."""
        return self.time.size

    def sources(self) -> NDArray[np.uint32]:
        """The code of every row's source."""
        return self.kinds.source[self.kind]

    def ids(self) -> pa.LargeStringArray:
        """All ids, in the order of rows."""
        starts = self.id_starts.astype(np.int64)
        return pa.LargeStringArray.from_buffers(len(self), pa.py_buffer(starts), pa.py_buffer(self.id_data))


class _Column:
    """A column that grows: room is taken once where the number of rows is known, else doubled."""

    def __init__(self, dtype: Any, room: int) -> None:
        self._array = np.empty(room, dtype)
        self.size = 0

    def add(self, part: NDArray[Any]) -> None:
        """Append some entries; codes may need more bytes than before."""
        needed = self.size + part.size
        dtype = np.promote_types(self._array.dtype, part.dtype)
        if needed > self._array.size or dtype != self._array.dtype:
            grown = np.empty(max(needed, 2 * self.size, self._array.size), dtype)
            grown[: self.size] = self._array[: self.size]
            self._array = grown
        self._array[self.size : needed] = part
        self.size = needed

    def whole(self) -> NDArray[Any]:
        """All entries."""
        return self._array[: self.size]


COLUMNS = {
    **dict.fromkeys(("person", "kind", "party", "matter"), np.uint32),
    **dict.fromkeys(("time", "amount", "value"), np.int64),
    "key": np.uint64,
}
"""The columns that every batch adds to, and what they are made of."""

MOST_ID_BYTES = 64
"""Bytes of an id for which room is taken beforehand, at most."""


class Builder:
    """Takes batches of events in the schema of `goodstanding.events`, one after another.

    Args:
        rows: how many there will be, where that is known.
    """

    def __init__(self, rows: int = 0) -> None:
        names = ("person", "type", "source", "label", "party", "matter")
        self._tables = {name: StringTable() for name in names}
        self._origins = PairTable()
        self._kinds = PairTable()
        self._columns = {name: _Column(dtype, rows) for name, dtype in COLUMNS.items()}
        self._rows = rows
        self._ids = _Column(np.uint8, 0)
        self._ends = _Column(np.uint32, rows + 1)  # wider once the ids need it
        self._ends.add(np.zeros(1, np.uint32))
        self._recorded: list[NDArray[np.int64] | int] = []
        self._correcting: list[NDArray[np.int64]] = []
        self._corrected: list[pa.LargeStringArray] = []
        self._pool = ThreadPoolExecutor(1)
        self._people: deque[Future[None]] = deque()

    def add(self, batch: pa.RecordBatch) -> None:
        """Take one batch. People are coded beside everything else, and may lag behind it by a batch.

        Raises:
            EventsError: there are more than two thousand million rows.
        """
        if self._columns["key"].size + batch.num_rows >= MOST_ROWS:
            raise EventsError(f"more than {MOST_ROWS:,} events in one book; put them into several")
        self._people.append(self._pool.submit(self._take_people, batch.column("person")))
        for name, part in self._coded(batch).items():
            self._columns[name].add(part)
        self._recorded.append(_recorded(batch.column("recorded")))
        while len(self._people) > 1:
            self._people.popleft().result()

    def _take_people(self, people: pa.Array) -> None:
        self._columns["person"].add(self._tables["person"].encode(people))

    def _coded(self, batch: pa.RecordBatch) -> dict[str, NDArray[Any]]:
        codes = {name: self._tables[name].encode(batch.column(name)) for name in self._tables if name != "person"}
        origin = self._origins.encode(codes["type"], codes["source"])
        self._note_corrections(batch.column("replaces"))
        return {
            "kind": self._kinds.encode(origin, codes["label"]),
            "key": self._key(batch.column("id"), codes["source"]),
            "time": batch.column("time").to_numpy(zero_copy_only=False),
            "amount": _numbers(batch.column("amount"), NULL),
            "value": _numbers(batch.column("value"), NULL),
            "party": codes["party"],
            "matter": codes["matter"],
        }

    def _key(self, ids: pa.Array, source: NDArray[np.uint32]) -> NDArray[np.uint64]:
        """Take in ids; a hash of each and its source."""
        data, starts = buffers(ids)
        key = np.empty(len(ids), np.uint64)
        hash_rows(data, starts, source, SEED, key)
        if not self._ids.size:  # the first ids tell how long they are
            size = min(int(starts[-1] - starts[0]) // max(len(ids), 1) + 1, MOST_ID_BYTES)
            self._ids = _Column(np.uint8, self._rows * size)
        ends = starts[1:] + (self._ids.size - starts[0])
        self._ends.add(ends.astype(np.uint32) if ends.size and ends[-1] < 2**32 else ends)
        self._ids.add(data[starts[0] : starts[-1]])
        return key

    def _note_corrections(self, replaces: pa.Array) -> None:
        if replaces.null_count < len(replaces):
            rows = np.flatnonzero(replaces.is_valid().to_numpy(zero_copy_only=False))
            self._correcting.append(rows + self._columns["key"].size)
            self._corrected.append(replaces.drop_null().cast(pa.string()).cast(pa.large_string()))

    def finish(self) -> Raw:
        """All rows as one piece."""
        for people in self._people:
            people.result()
        self._pool.shutdown()
        return Raw(
            **{name: column.whole() for name, column in self._columns.items()},
            recorded=_joined(self._recorded),
            id_data=self._ids.whole(),
            id_starts=self._ends.whole(),
            correcting=np.concatenate([np.zeros(0, np.int64), *self._correcting]),
            corrected=pa.chunked_array(self._corrected, pa.large_string()).combine_chunks(),
            people=self._tables["person"].strings(),
            parties=self._tables["party"].strings(),
            matters=self._tables["matter"].strings(),
            kinds=self._catalogue(),
        )

    def _catalogue(self) -> Kinds:
        origin, label = self._kinds.pairs()
        types, sources = self._origins.pairs()
        first = np.zeros(1, np.uint32)
        return Kinds(
            type=np.concatenate([first, types[origin - 1]]),
            source=np.concatenate([first, sources[origin - 1]]),
            label=np.concatenate([first, label]),
            types=self._tables["type"].strings(),
            sources=self._tables["source"].strings(),
            labels=self._tables["label"].strings(),
        )


def _numbers(column: pa.Array, null: np.int64) -> NDArray[np.int64]:
    """A column of whole numbers, with a number of its own where null."""
    if column.null_count:
        column = pc.fill_null(column, int(null))
    return column.to_numpy(zero_copy_only=False)


def _recorded(column: pa.Array) -> NDArray[np.int64] | int:
    """When events were recorded; only how many there are where nothing is said of any."""
    return len(column) if column.null_count == len(column) else _numbers(column, UNRECORDED)


def _joined(recorded: list[NDArray[np.int64] | int]) -> NDArray[np.int64] | None:
    """When all events were recorded; None where nothing is said of any."""
    if all(isinstance(part, int) for part in recorded):
        return None
    return np.concatenate([np.full(part, UNRECORDED) if isinstance(part, int) else part for part in recorded])
