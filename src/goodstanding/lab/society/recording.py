"""What is on record of everybody: what happened as it came to be recorded, what is wrong, and what was put right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.book import Book
from goodstanding.lab.city.arrays import Happened, Tally
from goodstanding.lab.city.city import City, account_names, names
from goodstanding.lab.city.kinds import KINDS
from goodstanding.lab.month.chronicle import Chronicle
from goodstanding.lab.month.records import DOUBLED, MISPLACED, Recorded, Recorder
from goodstanding.lab.society.adding import bought_files, no_events, together
from goodstanding.lab.society.disputes import CORRECTED, Disputes
from goodstanding.lab.society.rules import Rule

COLUMNS = ("time", "kind", "amount", "value", "party", "matter")

AT_A_TIME = 65_536
"""Residents whose past is put on record in one go."""

ROOM = 1.15
"""Room for rows beyond those that are expected: some months are longer, and people come to do more."""


class OnRecord:
    """The record that all scorers read, what is missing from it, and the disputes about it.

    Args:
        accounts: made-up accounts, numbered after the residents; they pay their bills by themselves.
        before: what was on record when the city began.
        corrects: whether a dispute that is won puts the record right.

    Attributes:
        chronicle: the rows that scorers read.
    """

    def __init__(
        self, city: City, rules: Sequence[Rule], accounts: int, before: Happened, *, corrects: bool, threads: int
    ) -> None:
        self.city = city
        self.accounts = accounts
        self.corrects = corrects
        self.disputes = Disputes(city.key, city.residents, city.parameters)
        self.missing = no_events()
        self._expected = 0
        self._keep = read_by(rules)
        self._recorder = Recorder(city, threads)
        people = pa.concat_arrays([names(city.residents), account_names(accounts)])
        self.chronicle = Chronicle(len(people), people, self._keep, threads)
        self._put_before(before)

    def add(self, happened: Happened, month: int, tally: Tally, fed: Sequence[Happened] = ()) -> None:
        """Put a month on record, and answer the disputes that are due.

        Args:
            fed: scores that are handed on.
        """
        disputes = self.disputes
        won = disputes.answered(month, tally, corrects=self.corrects)
        which = disputes.missing[won]
        found = Happened._make(column[which[which >= 0]] for column in self.missing)
        self._put(self.read_of(happened), month, [*fed, *self._of_accounts(month, 1), found])
        wrong = won[which < 0]
        if wrong.size:
            self.chronicle.void(disputes.person[wrong], disputes.time[wrong])

    def expect(self, months: int) -> None:
        """So many months will follow: room for them is taken at once when it is seen how much a month brings.

        Columns that grow by and by are copied as they grow, and for that moment they are there twice.
        """
        self._expected = months

    def read_of(self, happened: Happened) -> Happened:
        """What any scorer reads of what happened; only this is put on record."""
        read = self._keep[happened.kind]
        return happened if read.all() else Happened._make(column[read] for column in happened)

    def book(self) -> Book:
        """All that is on record; good until the next month."""
        return self.chronicle.book()

    def right(self, some: NDArray[np.int64]) -> Book:
        """What should be on record of some people (ascending): nothing doubled or of others, and nothing missing."""
        book = self.chronicle.book(without_wrong=True, people=some)
        disputes = self.disputes
        lacks = (disputes.missing >= 0) & (disputes.state != CORRECTED) & np.isin(disputes.person, some)
        rows = disputes.missing[lacks]
        return with_more(book, np.searchsorted(some, disputes.person[lacks]), self.missing, rows) if rows.size else book

    def _put_before(self, before: Happened) -> None:
        """Put on record what happened before the first month, some residents at a time: it is many months at once."""
        self.chronicle.reserve(round(np.count_nonzero(self._keep[before.kind]) * ROOM))
        for first in range(0, self.city.residents, AT_A_TIME):
            begin, end = np.searchsorted(before.person, (first, first + AT_A_TIME))
            self._put(self.read_of(Happened._make(column[begin:end] for column in before)), -1, [])
        months = int(self.city.parameters.number("behaviour_gaming.account_months"))
        self._put(no_events(), -1, self._of_accounts(-1, months))

    def _put(self, happened: Happened, month: int, more: Sequence[Happened]) -> None:
        recorded = self._recorder.record(happened, month, together(more) if more else None)
        before = len(self.chronicle)
        self.chronicle.add(recorded)
        if self._expected and month >= 0:
            now = len(self.chronicle)
            self.chronicle.reserve(round(now + self._expected * (now - before) * ROOM))
            self._expected = 0
        rows = np.flatnonzero((recorded.wrong == DOUBLED) | (recorded.wrong == MISPLACED))
        lost = self._lost(recorded)
        first = self.missing.time.size
        self.missing = together([self.missing, lost], is_sorted=False)
        self.disputes.add(
            np.concatenate([recorded.person[rows], lost.person]),
            np.concatenate([recorded.time[rows], lost.time]),
            np.concatenate([np.full(rows.size, -1), np.arange(first, first + lost.time.size)]),
        )

    def _lost(self, recorded: Recorded) -> Happened:
        """What happened and is not on record of whom it happened to: missed, or put down to somebody else."""
        rows = np.flatnonzero(recorded.wrong == MISPLACED)
        away = Happened(recorded.about[rows], *(getattr(recorded, name)[rows] for name in COLUMNS))
        return together([recorded.missed, away], is_sorted=False)

    def _of_accounts(self, month: int, months: int) -> list[Happened]:
        if not self.accounts:
            return []
        return [bought_files(self.city.residents, self.accounts, month, self.city.parameters, months)]


def read_by(rules: Sequence[Rule]) -> NDArray[np.bool_]:
    """Which kinds of event any of the scorers reads; the others need not be kept."""
    read = {type_ for rule in rules for type_ in rule.policy.catalogue}
    return np.array([type_ in read for type_, _, _ in KINDS])


def with_more(book: Book, person: NDArray[np.integer], events: Happened, rows: NDArray[np.int64]) -> Book:
    """A small book with some events more.

    Args:
        person: for each of the rows, where its person stands among the people.
    """
    columns = book.columns
    owners = np.concatenate([np.repeat(np.arange(len(book.people)), np.diff(columns.offsets)), person])
    joined: dict[str, NDArray[Any]] = {
        name: np.concatenate([getattr(columns, name), getattr(events, name)[rows]]) for name in COLUMNS
    }
    order = np.lexsort((joined["time"], owners))
    offsets = np.append(0, np.cumsum(np.bincount(owners, minlength=len(book.people))))
    ordered = {name: column[order] for name, column in joined.items()}
    most = int(np.diff(offsets).max(initial=0))
    return replace(
        book,
        columns=replace(columns, offsets=offsets, **ordered),
        limits=replace(book.limits, events=max(most, book.limits.events)),
    )
