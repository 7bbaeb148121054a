"""Those whom a court has listed: who pays, who looks into their file (E1, E2), and what a notice does to them (E3)."""

from __future__ import annotations

from collections.abc import Mapping
from math import log, nan
from typing import Final

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.city.arrays import State, Traits
from goodstanding.lab.measures.groups import parts
from goodstanding.lab.society.snapshot import Snapshot

Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]

LATER_MONTHS: Final = 6
"""In how many months after a listing a reaction to it is looked for."""

AGES: Final = (35, 60)
"""Where the age bands of matched people end."""

OLDER: Final = 45
"""From this age on people count as older in E3."""

SECOND_YEAR: Final = 12
"""The months of the score after which means are taken."""


def owing(state: State) -> Flags:
    """Who is on the court's list for something that is not paid."""
    return (state.case_debt > 0) & (state.case_months >= 0)


class Debtors:
    """Watches a run under consent: who is listed, who of them pays, joins, or reads their own file."""

    def __init__(self, traits: Traits) -> None:
        self.traits = traits
        self.last: tuple[Whole, ...] = ()
        self.punished = np.zeros(traits.age.size, np.bool_)
        self.paid = np.zeros(traits.age.size, np.bool_)
        self.listed_in = np.full(traits.age.size, -1)
        self.was_listed = np.zeros(traits.age.size, np.bool_)
        self.durations: list[tuple[int, bool]] = []
        self.listings: list[Flags] = []
        self.reactions: list[Flags] = []

    def see(self, snapshot: Snapshot) -> None:
        """A month."""
        tally, enrolled = snapshot.tally, snapshot.seen[0].enrolled
        now = tuple(np.array(one, np.int64) for one in (tally.listings, tally.settled, tally.looked, enrolled))
        if not self.last:
            self.was_listed = now[0] > 0
            self.punished = owing(snapshot.state) & enrolled
            self.last = now
        is_new, pays, looks, joins = (one > before for one, before in zip(now, self.last, strict=True))
        self.punished |= is_new & enrolled
        self.paid |= pays & self.punished
        self._time(is_new, pays)
        self.listings.append(is_new & ~self.was_listed)
        self.reactions.append(looks | joins)
        self.was_listed |= is_new
        self.last = now

    def _time(self, is_new: Flags, pays: Flags) -> None:
        """How long those whose listing was seen take to pay."""
        month = len(self.listings)
        done = pays & (self.listed_in >= 0)
        self.durations += [(month - int(since), True) for since in self.listed_in[done]]
        self.listed_in[done] = -1
        self.listed_in[is_new] = month

    def figures(self) -> Mapping[str, float]:
        """What E1 and E2 ask for."""
        many = np.count_nonzero(self.punished)
        open_ones = [(len(self.listings) - int(since), False) for since in self.listed_in[self.listed_in >= 0]]
        return {
            "punished": float(many),
            "paid": np.count_nonzero(self.paid) / many if many else nan,
            "paid_in_time": paid_within(self.durations + open_ones),
            "log_odds": self._log_odds(),
        }

    def _log_odds(self) -> float:
        """The odds of a reaction after a listing against those of matched people never listed (Mantel and Haenszel)."""
        bands = np.searchsorted(AGES, self.traits.age, side="right")
        fifths = parts(self.traits.income, 5)
        strata = (bands * 4 + self.traits.education) * 5 + fifths
        never = ~self.was_listed
        upper = lower = 0.0
        for month in range(len(self.listings) - LATER_MONTHS):
            reacts = np.logical_or.reduce(self.reactions[month + 1 : month + 1 + LATER_MONTHS])
            cases = self.listings[month]
            a, b, c, d = (
                np.bincount(strata[who], minlength=60)
                for who in (cases & reacts, cases & ~reacts, never & reacts, never & ~reacts)
            )
            total = np.maximum(a + b + c + d, 1)
            upper += float((a * d / total).sum())
            lower += float((b * c / total).sum())
        return log(upper / lower) if upper > 0 and lower > 0 else nan


def paid_within(durations: list[tuple[int, bool]]) -> float:
    """The share that has paid by the longest time seen (Kaplan and Meier); not a number, of nobody.

    Args:
        durations: months, and whether that is when they paid or only how long they were seen.
    """
    if not durations:
        return nan
    months = np.array([month for month, _ in durations])
    paid = np.array([is_paid for _, is_paid in durations])
    unpaid = 1.0
    for month in np.unique(months[paid]):
        unpaid *= 1 - np.count_nonzero(paid & (months == month)) / np.count_nonzero(months >= month)
    return 1 - unpaid


class Threatened:
    """Watches those who owe what a court has ordered when scoring begins, some of whom are told of the board."""

    def __init__(self, traits: Traits) -> None:
        self.is_older = traits.age >= OLDER
        self.who = np.zeros(traits.age.size, np.bool_)
        self.debt = np.zeros(traits.age.size, np.int64)
        self.settled = np.zeros(0, np.int16)
        self.months: list[Mapping[str, float]] = []

    def see(self, snapshot: Snapshot) -> None:
        """A month."""
        if not self.settled.size:
            self.settled = snapshot.tally.settled.copy()
            self.who = owing(snapshot.state)
            self.debt = np.where(self.who, snapshot.state.case_debt, 0)
        owes = self.who & (snapshot.tally.settled == self.settled)
        groups = {"": self.who, " of the older": self.who & self.is_older, " of the younger": self.who & ~self.is_older}
        month = {f"still owing{name}": _share(owes, group) for name, group in groups.items()}
        total = int(self.debt.sum())
        self.months.append({**month, "amount": int(self.debt[owes].sum()) / total if total else nan})

    def figures(self) -> Mapping[str, float]:
        """Means of the second year."""
        late = self.months[SECOND_YEAR:]
        return {name: float(np.mean([month[name] for month in late])) for name in late[0]}


def _share(holds: Flags, among: Flags) -> float:
    many = np.count_nonzero(among)
    return np.count_nonzero(holds & among) / many if many else nan
