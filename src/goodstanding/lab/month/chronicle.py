"""The record of all months: one set of columns, by person and time, into which each month is merged in place.

A book of it costs nothing but its frame: the columns are those of the chronicle themselves. So a book is good until
the next month is added, and no longer.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.book import Book, Columns, Corrections, Kinds, Limits, shared
from goodstanding.lab.city.kinds import KINDS, MATTERS, PARTIES
from goodstanding.lab.month.merging import find, greatest, make_room, plan, take_rows, void_rows, without
from goodstanding.lab.month.records import DOUBLED, MISPLACED, Recorded

COLUMNS: Final[dict[str, Any]] = {
    "time": np.int64, "kind": np.uint32, "amount": np.int64, "value": np.int64,
    "party": np.uint32, "matter": np.uint32, "wrong": np.uint8,
}  # fmt: skip
"""What is kept of every row; whose it is say the offsets."""

GROWTH: Final = 2
"""Room is taken for twice as many rows as are needed. What is not written to is not there: only addresses are taken."""


class Wrongs(NamedTuple):
    """Rows that say what did not happen, or did not happen to them; one entry a row.

    Attributes:
        person: int64. time: int64; both name the row (`Chronicle.void`).
        kind: uint32. wrong: uint8, DOUBLED or MISPLACED.
    """

    person: NDArray[np.int64]
    time: NDArray[np.int64]
    kind: NDArray[np.uint32]
    wrong: NDArray[np.uint8]


def _coded(names: tuple[str, ...]) -> tuple[NDArray[np.uint32], pa.LargeStringArray]:
    """Codes from 1 on, 0 for an empty name; and the dictionary."""
    different = sorted({name for name in names if name})
    code = {name: n for n, name in enumerate(different, 1)} | {"": 0}
    return np.array([code[name] for name in names], np.uint32), pa.array(different, pa.large_string())


def _catalogue() -> Kinds:
    """The kinds of the laboratory as a book has them."""
    types, sources, labels = (_coded(names) for names in zip(*KINDS, strict=True))
    return Kinds(
        type=types[0], source=sources[0], label=labels[0], types=types[1], sources=sources[1], labels=labels[1]
    )


CATALOGUE: Final = _catalogue()
PARTY_NAMES: Final = pa.array(PARTIES[1:], pa.large_string())
MATTER_NAMES: Final = pa.array(MATTERS[1:], pa.large_string())


class Chronicle:
    """What stands on record of everybody.

    Args:
        people: residents and made-up accounts.
        names: theirs, in an order that is also that of their bytes.
        keep: by kind, whether rows are kept at all; what no scorer reads need not be.
    """

    def __init__(self, people: int, names: pa.LargeStringArray, keep: NDArray[np.bool_], threads: int = 1) -> None:
        if len(names) != people:
            raise ValueError(f"{len(names)} names of {people} people")
        self._names = names
        self._keep = keep
        self._threads = threads
        self._offsets = np.zeros(people + 1, np.int64)
        self._columns = {name: np.empty(0, of) for name, of in COLUMNS.items()}
        self._rows = 0
        self._amount = self._value = 0

    def __len__(self) -> int:
        """How many rows there are, void ones among them."""
        return self._rows

    def reserve(self, rows: int) -> None:
        """Take room for so many rows, where it is known how many will come."""
        for name, column in self._columns.items():
            if column.size < rows:
                grown = np.empty(rows, column.dtype)
                grown[: self._rows] = column[: self._rows]
                self._columns[name] = grown

    def add(self, recorded: Recorded) -> None:
        """Merge a month into the columns; every book that was given before is of no use from here on."""
        rows = None if self._keep.all() else np.flatnonzero(self._keep[recorded.kind])
        person, time = (column if rows is None else column[rows] for column in (recorded.person, recorded.time))
        places = np.empty(time.size, np.int64)
        before = self._rows
        plan(self._offsets, self._columns["time"], person, time, places)
        if before + time.size > self._columns["time"].size:
            self.reserve(GROWTH * (before + time.size))
        self._rows = before + time.size

        def put(name: str) -> NDArray[Any]:
            new = getattr(recorded, name)
            new = new if rows is None else new[rows]
            make_room(self._columns[name], before, places, new)
            return new

        amount, value = shared(put, list(COLUMNS), self._threads)[2:4]
        self._amount = max(self._amount, greatest(amount))
        self._value = max(self._value, greatest(value))

    def void(self, persons: NDArray[Any], times: NDArray[np.int64]) -> int:
        """Take rows out, each named by whose it is and its time; returns how many were there."""
        columns = self._columns
        return int(void_rows(self._offsets, columns["time"], columns["kind"], columns["wrong"], persons, times))

    def wrongs(self) -> Wrongs:
        """The wrong rows that stand."""
        wrong = self._column("wrong")
        rows = np.flatnonzero((wrong == DOUBLED) | (wrong == MISPLACED))
        person = np.searchsorted(self._offsets, rows, side="right") - 1
        return Wrongs(person, self._column("time")[rows], self._column("kind")[rows], wrong[rows])

    def kind_at(self, person: int, time: int) -> int:
        """The kind of somebody's row of a moment; VOID where it was taken out, -1 where there is none."""
        row = int(find(self._offsets, self._columns["time"], person, time))
        return int(self._columns["kind"][row]) if row >= 0 else -1

    def book(self, *, without_wrong: bool = False, people: NDArray[np.int64] | None = None) -> Book:
        """A book of what is on record.

        Args:
            without_wrong: leave out what did not happen, or not to them.
            people: numbers of some, ascending; a book of theirs alone, which is a copy.
        """
        names, offsets = self._names, self._offsets
        columns = {name: self._column(name) for name in COLUMNS}
        if people is not None:
            counts = offsets[people + 1] - offsets[people]
            rows = np.empty(int(counts.sum()), np.int64)
            take_rows(offsets, people, rows)
            offsets = np.concatenate([[0], np.cumsum(counts)])
            columns = {name: column[rows] for name, column in columns.items()}
            names = names.take(pa.array(people))
        wrong = columns.pop("wrong")
        if without_wrong:
            kinds = np.empty_like(columns["kind"])
            without(columns["kind"], wrong, kinds)
            columns["kind"] = kinds
        most = int(np.diff(offsets).max(initial=0))
        return Book(
            people=names,
            columns=Columns(offsets=offsets, recorded=None, ids=None, **columns),
            kinds=CATALOGUE,
            parties=PARTY_NAMES,
            matters=MATTER_NAMES,
            corrections=Corrections(),
            limits=Limits(*(least_power_above(size) for size in (most, int(self._amount), int(self._value)))),
            world="synthetic",
        )

    def _column(self, name: str) -> NDArray[Any]:
        return self._columns[name][: self._rows]


def least_power_above(size: int) -> int:
    """The least power of two above a size: a limit that does not move each month, so that a scorer need not either."""
    return 1 << size.bit_length() if size else 0
