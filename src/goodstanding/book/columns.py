"""What a book is made of: events as plain columns, sorted by person and in the order of specification section 1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

NULL = np.int64(-(2**63))
"""A null `amount` or `value`."""

UNRECORDED = np.int64(2**63 - 1)
"""A null `recorded`: the moment of reading in, later than any `recorded_by` (specification section 1)."""

Place: TypeAlias = "Callable[[int], tuple[str, int | None]]"
"""From a row, counted through all files, to its file and the row (or line) there."""

UNKNOWN = -1
"""The row of an event that is corrected here and was never seen."""

VOID = 0
"""The kind of an event that does not stand; no factor reads it."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """The different combinations of type, source and label that occur; one row a kind, VOID first.

    There are few, so a filter's tests of these three are settled once a kind and not once an event.

    Attributes:
        type, source, label: codes into the dictionaries below, from 1 on; 0 is null.
    """

    type: NDArray[np.uint32]
    source: NDArray[np.uint32]
    label: NDArray[np.uint32]
    types: pa.LargeStringArray
    sources: pa.LargeStringArray
    labels: pa.LargeStringArray

    def __len__(self) -> int:
        """How many kinds there are, VOID included."""
        return self.type.size


@dataclass(frozen=True, slots=True)
class Corrections:
    """Events that correct others; one row a correction, in the order of the correcting events.

    Attributes:
        rows: where the correcting event lies in the book.
        targets: where the corrected event lies, or UNKNOWN.
        ids: the id of the corrected event.
        void: rows of all events that do not stand when everything recorded counts.
        void_kinds: the kinds that they would have.
    """

    rows: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    targets: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    ids: pa.LargeStringArray = field(default_factory=lambda: pa.array([], pa.large_string()))
    void: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    void_kinds: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(0, np.uint32))

    def in_order(self) -> Corrections:
        """The same, in the order of the correcting events."""
        order = np.argsort(self.rows, kind="stable")
        ids = self.ids.take(pa.array(order))
        return replace(self, rows=self.rows[order], targets=self.targets[order], ids=ids)

    def replaced_by(self, first: int, last: int) -> dict[int, str]:
        """What the events from one row up to another, excluded, replace: by row the id."""
        low, high = (int(place) for place in np.searchsorted(self.rows, (first, last)))
        return dict(zip(self.rows[low:high].tolist(), self.ids[low:high].to_pylist(), strict=True))

    @property
    def unknown(self) -> int:
        """How many corrections are of an event that was never seen."""
        return int((self.targets == UNKNOWN).sum())


@dataclass(frozen=True, slots=True)
class Columns:
    """Events by person; one row an event, by (person, time, source, id).

    Attributes:
        offsets: int64, one more than people: where each person's events begin.
        time: int64, microseconds since 1970, UTC.
        kind: uint32, a row of `Kinds`.
        amount, value: int64, NULL where null.
        party, matter: uint32, codes into dictionaries, 0 where null.
        recorded: int64, UNRECORDED where null; None where it is null everywhere.
        ids: in the order of rows; None in a book that was not asked to keep them.
    """

    offsets: NDArray[np.int64]
    time: NDArray[np.int64]
    kind: NDArray[np.uint32]
    amount: NDArray[np.int64]
    value: NDArray[np.int64]
    party: NDArray[np.uint32]
    matter: NDArray[np.uint32]
    recorded: NDArray[np.int64] | None
    ids: pa.LargeStringArray | None

    def __len__(self) -> int:
        """How many events there are."""
        return self.time.size


@dataclass(frozen=True, slots=True)
class Limits:
    """The greatest sizes that occur, so that a program knows which products fit 64 bits.

    Attributes:
        events: of one person.
        amount, value: without sign.
    """

    events: int
    amount: int
    value: int
