"""From batches of events as read to raw columns: every string becomes a code.

Measured over 20 million raw rows: sorting by the strings costs seven seconds, coding them and counting into place two.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodstanding.book.coding import SEED, PairTable, StringTable, buffers, hash_rows
from goodstanding.book.columns import NULL, UNRECORDED, Kinds

NARROW = 2**16
"""Up to so many sources their codes take two bytes a row."""


@dataclass(slots=True)
class Raw:
    """Events as they came; one row an event.

    Attributes:
        person, kind, source, party, matter: codes.
        key: a hash of source and id.
        id_data, id_starts: the bytes of all ids, and where each begins (one more than rows).
        recorded: None where it is null everywhere.
        correcting, corrected: rows that have `replaces`, and its strings.
        people, parties, matters: the dictionaries, code 1 first.
    """

    person: NDArray[np.uint32]
    kind: NDArray[np.uint32]
    source: NDArray[Any]
    key: NDArray[np.uint64]
    time: NDArray[np.int64]
    amount: NDArray[np.int64]
    value: NDArray[np.int64]
    party: NDArray[np.uint32]
    matter: NDArray[np.uint32]
    recorded: NDArray[np.int64] | None
    id_data: NDArray[np.uint8]
    id_starts: NDArray[np.int64]
    correcting: NDArray[np.int64]
    corrected: pa.LargeStringArray
    people: pa.LargeStringArray
    parties: pa.LargeStringArray
    matters: pa.LargeStringArray
    kinds: Kinds

    def __len__(self) -> int:
        """How many events there are."""
        return self.time.size

    def ids(self) -> pa.LargeStringArray:
        """All ids, in the order of rows."""
        return pa.LargeStringArray.from_buffers(len(self), pa.py_buffer(self.id_starts), pa.py_buffer(self.id_data))


class Builder:
    """Takes batches of events in the schema of `goodstanding.events`, one after another."""

    def __init__(self) -> None:
        names = ("person", "type", "source", "label", "party", "matter")
        self._tables = {name: StringTable() for name in names}
        self._origins = PairTable()
        self._kinds = PairTable()
        self._parts: dict[str, list[Any]] = {}
        self._rows = 0
        self._pool = ThreadPoolExecutor(1)

    def add(self, batch: pa.RecordBatch) -> None:
        """Take one batch. People are coded beside everything else: they are half of the work."""
        person = self._pool.submit(self._tables["person"].encode, batch.column("person"))
        part = self._code(batch)
        part["person"] = person.result()
        for name, array in part.items():
            self._parts.setdefault(name, []).append(array)
        self._rows += batch.num_rows

    def _code(self, batch: pa.RecordBatch) -> dict[str, Any]:
        codes = {name: self._tables[name].encode(batch.column(name)) for name in self._tables if name != "person"}
        data, starts = buffers(batch.column("id"))
        key = np.empty(batch.num_rows, np.uint64)
        hash_rows(data, starts, codes["source"], SEED, key)
        origin = self._origins.encode(codes["type"], codes["source"])
        rows, strings = _corrections(batch.column("replaces"))
        narrow = self._tables["source"].count < NARROW
        return {
            "kind": self._kinds.encode(origin, codes["label"]),
            "source": codes["source"].astype(np.uint16) if narrow else codes["source"],
            "key": key,
            "time": batch.column("time").to_numpy(zero_copy_only=False),
            "amount": _numbers(batch.column("amount"), NULL),
            "value": _numbers(batch.column("value"), NULL),
            "party": codes["party"],
            "matter": codes["matter"],
            "recorded": _recorded(batch.column("recorded")),
            "id_data": data[starts[0] : starts[-1]],
            "id_size": np.diff(starts),
            "correcting": rows + self._rows,
            "corrected": strings,
        }

    def finish(self) -> Raw:
        """All rows as one piece. The parts are let go one by one, so that no column lies in memory twice for long."""
        self._pool.shutdown()
        starts = np.zeros(self._rows + 1, np.int64)
        np.cumsum(self._take("id_size", np.int64), out=starts[1:])
        corrected = self._parts.pop("corrected", [])
        return Raw(
            **{name: self._take(name, np.uint32) for name in ("person", "kind", "party", "matter")},
            **{name: self._take(name, np.int64) for name in ("time", "amount", "value", "correcting")},
            source=self._take("source", np.uint16),
            key=self._take("key", np.uint64),
            recorded=self._take_recorded(),
            id_data=self._take("id_data", np.uint8),
            id_starts=starts,
            corrected=pa.chunked_array(corrected, pa.large_string()).combine_chunks(),
            people=self._tables["person"].strings(),
            parties=self._tables["party"].strings(),
            matters=self._tables["matter"].strings(),
            kinds=self._catalogue(),
        )

    def _take(self, name: str, dtype: Any) -> NDArray[Any]:
        parts = self._parts.pop(name, [])
        return parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, dtype), *parts])

    def _take_recorded(self) -> NDArray[np.int64] | None:
        parts = self._parts.pop("recorded", [])
        if all(isinstance(part, int) for part in parts):
            return None
        return np.concatenate([np.full(part, UNRECORDED) if isinstance(part, int) else part for part in parts])

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


def _corrections(column: pa.Array) -> tuple[NDArray[np.int64], pa.LargeStringArray]:
    """The rows that have `replaces`, and its strings."""
    if column.null_count == len(column):
        return np.zeros(0, np.int64), pa.array([], pa.large_string())
    rows = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))
    return rows, column.drop_null().cast(pa.string()).cast(pa.large_string())
