"""What each event is held against before it is looked up: faults refuse the whole batch, doubts hold the event back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from goodstanding.events.faults import Said, shown
from goodstanding.limits import MOST_LISTED
from goodstanding.record.ingest.fingerprints import Hashes
from goodstanding.record.ingest.members import Members
from goodstanding.record.ingest.sources import Source
from goodstanding.record.ingest.walls import is_allowed, special

AHEAD_US: Final = 5 * 60 * 1_000_000
"""A source's clock may be so far ahead of ours."""

FINE, AHEAD, TYPE, CONSENT = range(4)
REASONS: Final = ("", "ahead", "type", "consent")
WHY: Final = {
    "ahead": "it happened more than 5 minutes after it came in, by our clock",
    "type": "its source is not registered to send this type",
    "consent": "its person did not consent to this source",
}
"""The reasons for quarantine, in words."""

Fault = tuple[int, Said]
Codes = npt.NDArray[np.uint8]


class Checks:
    """The checks of one source's events at one moment.

    Args:
        world: of the home.
        consents: those who consented; None: nobody need be asked.
        now: what our clock says.
    """

    def __init__(self, world: str, source: Source, consents: Members | None, now: int) -> None:
        self._is_live, self._source, self._consents = world == "live", source, consents
        self._latest = now + AHEAD_US
        self._allowed: dict[str, bool] = {}

    def faults(self, batch: Any, most: int = MOST_LISTED) -> tuple[list[Fault], int]:
        """What refuses a batch: the first faults with their rows, and how many there are."""
        found: list[Fault] = []
        count = 0
        for rows, say in (self._foreign(batch), _with_moment(batch), self._special(batch)):
            count += len(rows)
            found += [(int(row), say(int(row))) for row in rows[:most]]
        return sorted(found, key=lambda fault: fault[0])[:most], count

    def doubts(self, batch: Any, people: Hashes) -> Codes:
        """For each event why it is held back: a place in `REASONS`, `FINE` for none."""
        doubts = np.zeros(len(batch), np.uint8)
        if self._consents is not None:
            doubts[~self._consents.hold(people)] = CONSENT
        doubts[~self._of_words(batch.column("type"), self._is_allowed)] = TYPE
        doubts[batch.column("time").to_numpy() > self._latest] = AHEAD
        return doubts

    def _foreign(self, batch: Any) -> tuple[Any, Callable[[int], Said]]:
        column = batch.column("source")
        ours = self._of_words(column, lambda word: word == self._source.name)
        said = f"source {self._source.name!r}, as these events are sent by it"
        return np.flatnonzero(~ours), lambda row: Said(f"source {shown(column[row].as_py())}", said)

    def _special(self, batch: Any) -> tuple[Any, Callable[[int], Said]]:
        column = batch.column("type")
        if not self._is_live:
            return (), lambda _row: Said("", "")
        plain = self._of_words(column, lambda word: special(word) is None)

        def say(row: int) -> Said:
            word = column[row].as_py()
            return Said(f"type {word!r}: {special(word)}", "no such event in a live home", "take these rows out")

        return np.flatnonzero(~plain), say

    def _is_allowed(self, type_: str) -> bool:
        if type_ not in self._allowed:
            self._allowed[type_] = is_allowed(type_, self._source.types, self._source.sensitivity)
        return self._allowed[type_]

    @staticmethod
    def _of_words(column: Any, holds: Callable[[str], bool]) -> npt.NDArray[np.bool_]:
        """What holds of each row's word, asked once a word."""
        words = np.fromiter(map(holds, column.dictionary.to_pylist()), np.bool_, len(column.dictionary))
        if words.all():
            return np.ones(len(column), np.bool_)
        return np.asarray(words[column.indices.to_numpy()])


def _with_moment(batch: Any) -> tuple[Any, Callable[[int], Said]]:
    column = batch.column("recorded")
    if column.null_count == len(column):
        return (), lambda _row: Said("", "")
    rows = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))
    said = Said("a moment in the column 'recorded'", "none", "when an event reaches the record is said by the record")
    return rows, lambda _row: said
