"""Files as they grow where nobody is scored: what is on record of everybody, what is wrong there, what is missing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodstanding.book import Book
from goodstanding.lab.city.arrays import Happened, nothing_yet, unmoved
from goodstanding.lab.city.calendar import month_start
from goodstanding.lab.city.city import City, names
from goodstanding.lab.city.kinds import KINDS
from goodstanding.lab.month.beginning import begin
from goodstanding.lab.month.chronicle import Chronicle
from goodstanding.lab.month.living import empty, live
from goodstanding.lab.month.records import DOUBLED, MISPLACED, RIGHT, Recorded, Recorder

Rows = NDArray[np.int64]


class Files:
    """A city's files; everything that is recorded is kept, whoever reads it.

    Attributes:
        as_of: the first moment after the last month that was lived.
    """

    def __init__(self, city: City, threads: int) -> None:
        self.city = city
        self._threads = threads
        self._recorder = Recorder(city, threads)
        self._chronicle = Chronicle(city.residents, names(city.residents), np.ones(len(KINDS), np.bool_), threads)
        self._wrong: list[tuple[NDArray[np.int32], Rows]] = []
        self._missing: list[Happened] = []
        self.as_of = month_start(0)

    def live(self, months: int) -> None:
        """Live so many months from the first on, and take down what happens."""
        state, before = begin(self.city, self._threads)
        self._put(self._recorder.record(before, -1))
        tally, dispositions = nothing_yet(self.city.residents), unmoved(self.city.residents)
        for month in range(months):
            happened = live(self.city, month, state, dispositions, tally, self._threads)
            self._put(self._recorder.record(happened, month))
        self.as_of = month_start(months)

    def _put(self, recorded: Recorded) -> None:
        self._chronicle.add(recorded)
        rows = np.flatnonzero((recorded.wrong == DOUBLED) | (recorded.wrong == MISPLACED))
        self._wrong.append((recorded.person[rows], recorded.time[rows]))
        self._missing += [recorded.missed, _carried_off(recorded)]

    def wrong(self) -> tuple[NDArray[np.int32], Rows]:
        """Whose rows are wrong, and their times: doubled, or about somebody else."""
        return np.concatenate([one for one, _ in self._wrong]), np.concatenate([time for _, time in self._wrong])

    def missing(self) -> Happened:
        """What is in nobody's file, or in another's."""
        return Happened._make(np.concatenate(columns) for columns in zip(*self._missing, strict=True))

    def book(self) -> Book:
        """What is on record; good until it is put right."""
        return self._chronicle.book()

    def put_right(self, persons: NDArray[np.int32], times: Rows, missing: Happened) -> None:
        """Take rows out, and enter others."""
        self._chronicle.void(persons, times)
        order = np.lexsort((missing.time, missing.person))
        rows = _some(missing, order)
        right = np.full(order.size, RIGHT, np.uint8)
        self._chronicle.add(Recorded(*rows, right, rows.time, rows.person, empty(0)))


def _carried_off(recorded: Recorded) -> Happened:
    """What stands in another's file, as it would stand in one's own."""
    rows = np.flatnonzero(recorded.wrong == MISPLACED)
    said = _some(Happened(*recorded[:7]), rows)
    return said._replace(person=recorded.about[rows], time=recorded.recorded[rows])


def _some(events: Happened, rows: Rows) -> Happened:
    return Happened._make(column[rows] for column in events)
