"""Which of the events that were sent are new, which are known, and which contradict what is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from goodstanding.record.ingest.fingerprints import Fingerprints, Hashes
from goodstanding.record.ingest.probing import NEW, OTHER, judge_repeats
from goodstanding.record.ingest.runs import Found, in_order

THIS_BATCH = b"this batch"
"""Where another content under the same id stands, if it is not on record: earlier among the events just sent."""


class OnRecord(Protocol):
    """Whatever knows events by their hashes."""

    def look_up(self, ids: Hashes, contents: Hashes, found: Found) -> None:
        """Add to what is found of some ascending hashes."""


@dataclass(slots=True)
class Judged:
    """Events in the ascending order of the hashes of their ids.

    Attributes:
        order: the row of each.
        states: NEW, KNOWN or OTHER.
        places: where OTHER, where the other content stands; -1: in `firsts`, among these events.
        firsts: the first event, in this order, of the same id.
    """

    order: npt.NDArray[np.uint32]
    ids: Hashes
    contents: Hashes
    states: npt.NDArray[np.uint8]
    places: npt.NDArray[np.int64]
    firsts: npt.NDArray[np.int64]
    roots: list[bytes]

    @property
    def others(self) -> npt.NDArray[np.int64]:
        """Where in this order something contradicts what is known, by row."""
        at = np.flatnonzero(self.states == OTHER)
        return at[np.argsort(self.order[at], kind="stable")]

    @property
    def is_new(self) -> npt.NDArray[np.bool_]:
        """By row: whether it is new."""
        return self.by_row(self.states == NEW)

    def place(self, at: int) -> bytes:
        """Where the content stands that one of `others` contradicts."""
        return THIS_BATCH if self.places[at] < 0 else self.roots[self.places[at]]

    def by_row(self, values: Any) -> Any:
        """What is said in this order, in the order of rows."""
        rows = np.empty_like(values)
        rows[self.order] = values
        return rows


def judge(prints: Fingerprints, on_record: Sequence[OnRecord]) -> Judged:
    """Hold events against each other, and against everything that is known."""
    order = in_order(prints.ids)
    ids, contents = prints.ids[order], prints.contents[order]
    repeats, firsts = np.zeros(len(order), np.uint8), np.empty(len(order), np.int64)
    judge_repeats(ids, contents, repeats, firsts)
    found = Found.nothing(len(order))
    for one in on_record:
        one.look_up(ids, contents, found)
    states = np.where(found.states == NEW, repeats, found.states)
    return Judged(order, ids, contents, states, found.segments, firsts, found.roots)
