"""What is on record of everybody: what happened as it came to be recorded, what is wrong, and what was put right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.book import Book
from goodstanding.lab.city.arrays import Happened, Tally
from goodstanding.lab.city.city import City, account_names, names
from goodstanding.lab.city.kinds import KINDS
from goodstanding.lab.month.chronicle import Chronicle
from goodstanding.lab.month.records import DOUBLED, MISPLACED, Recorder
from goodstanding.lab.society.adding import FILE_MONTHS, bought_files, together
from goodstanding.lab.society.disputes import Disputes
from goodstanding.lab.society.rules import Rule


class OnRecord:
    """The record that all scorers read, and the disputes about it.

    Args:
        accounts: made-up accounts, numbered after the residents; they pay their bills by themselves.
        before: what was on record when the city began.
        corrects: whether a dispute that is won takes an event off the record.
    """

    def __init__(
        self, city: City, rules: Sequence[Rule], accounts: int, before: Happened, *, corrects: bool, threads: int
    ) -> None:
        self.city = city
        self.accounts = accounts
        self.corrects = corrects
        self.disputes = Disputes(city.key, city.residents, city.parameters)
        self._recorder = Recorder(city, threads)
        people = pa.concat_arrays([names(city.residents), account_names(accounts)])
        self._chronicle = Chronicle(len(people), people, read_by(rules), threads)
        self._put(before, -1, self._of_accounts(-1, FILE_MONTHS))

    def add(self, happened: Happened, month: int, tally: Tally, fed: Sequence[Happened] = ()) -> None:
        """Put a month on record, and answer the disputes that are due.

        Args:
            fed: scores that are handed on.
        """
        self._put(happened, month, [*fed, *self._of_accounts(month, 1)])
        disputes = self.disputes
        won = disputes.answered(month, tally, corrects=self.corrects)
        if won.size:
            self._chronicle.void(disputes.person[won], disputes.time[won])

    def book(self) -> Book:
        """All that is on record; good until the next month."""
        return self._chronicle.book()

    def right(self, some: NDArray[np.int64]) -> Book:
        """What is on record of some people, without what is doubled or about somebody else."""
        return self._chronicle.book(without_wrong=True, people=some)

    def _put(self, happened: Happened, month: int, more: Sequence[Happened]) -> None:
        recorded = self._recorder.record(happened, month, together(more) if more else None)
        self._chronicle.add(recorded)
        rows = np.flatnonzero((recorded.wrong == DOUBLED) | (recorded.wrong == MISPLACED))
        self.disputes.add(recorded.person[rows], recorded.time[rows])

    def _of_accounts(self, month: int, months: int) -> list[Happened]:
        if not self.accounts:
            return []
        return [bought_files(self.city.residents, self.accounts, month, self.city.parameters, months)]


def read_by(rules: Sequence[Rule]) -> NDArray[np.bool_]:
    """Which kinds of event any of the scorers reads; the others need not be kept."""
    read = {type_ for rule in rules for type_ in rule.policy.catalogue}
    return np.array([type_ in read for type_, _, _ in KINDS])
