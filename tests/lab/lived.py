"""A town for the tests of a month: residents of a seed, with usual rates or with such that everything happens often."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.city.arrays import Dispositions, Happened, State, Tally, Traits, nothing_yet, unmoved
from goodstanding.lab.city.kinds import KINDS
from goodstanding.lab.city.people import traits_of
from goodstanding.lab.month import begin, live
from goodstanding.lab.month.rates import Numbers
from goodstanding.lab.parameters import Parameters, load
from goodstanding.lab.streams import key_of


@cache
def usual() -> Parameters:
    return load()


@dataclass(frozen=True)
class Changed:
    """The shipped parameters, some of them replaced, within their ranges or not."""

    by: Mapping[str, float] = field(default_factory=dict)

    def number(self, name: str) -> float:
        return self.by[name] if name in self.by else usual().number(name)

    def numbers(self, name: str) -> tuple[float, ...]:
        return usual().numbers(name)


BUSY: Mapping[str, float] = {
    "events.bills": 1.5, "events.bills_late": 0.5, "month.water_unpaid": 0.9, "month.service_fee_late": 0.2,
    "month.phone_changed": 0.2, "month.address_changed": 0.2, "month.profile_completed": 0.2,
    "month.property_bought": 0.2, "events.insurance_paid": 0.9, "events.fund_paid": 0.7, "month.tax_free": 100_000,
    "month.tax_late": 0.5, "events.schooling_completed": 400, "shocks.job_loss": 0.1, "shocks.job_loss_months": 3,
    "shocks.illness": 0.2, "month.unconfirmed": 0.3, "events.gamers": 0.9, "events.games_share": 0.3,
    "month.gifts": 0.5, "month.hotel_bookings": 0.3, "month.insurance_bookings": 0.3, "events.borrowers": 0.95,
    "month.limit_changes": 0.2, "month.loans_taken": 0.5, "month.loans_in_want": 0.6, "events.loan_late": 0.4,
    "events.loan_default": 0.1, "month.missed_in_want": 0.9, "events.sued_share": 0.9, "events.performed_share": 0.1,
    "events.judgment_days": 60, "month.other_cases": 30, "behaviour_payoff.honest_settle": 0.6,
    "events.court_debt_median": 0.3, "events.contract_breach": 0.05, "events.train_journeys": 12,
    "events.flights": 10, "events.rail_offences_listed": 250_000, "events.air_offences_listed": 250_000,
    "events.fares_unpaid": 200, "events.traffic_tickets": 300, "month.red_lights": 200, "events.drunk_driving": 200,
    "month.hires": 0.6, "month.hire_late": 0.4, "month.hire_broken": 0.3, "events.volunteers": 0.6,
    "events.volunteering": 0.8, "events.blood": 300, "month.brave_acts": 100, "month.commendations": 100,
    "month.heroes": 100, "month.parents_neglected": 200, "month.births_unplanned": 200, "events.speakers": 0.9,
    "events.posts_political": 0.2, "month.rumours": 0.8, "events.petitions": 200, "month.sieges": 100,
    "month.party_warnings": 300, "month.watched": 200,
}  # fmt: skip
"""Rates at which everything that can happen does so to some of a few residents."""


@dataclass(frozen=True)
class Town:
    key: NDArray[np.uint64]
    traits: Traits
    parameters: Numbers

    @property
    def residents(self) -> int:
        return self.traits.work.size


def town(residents: int, seed: int = 1, by: Mapping[str, float] | None = None) -> Town:
    key = key_of(seed)
    return Town(key, traits_of(usual(), key, residents, 1), Changed(by or {}))


@dataclass
class Life:
    """A town some months on.

    Attributes:
        before: what was on record at month 0.
        months: what happened in each.
    """

    town: Town
    state: State
    before: Happened
    dispositions: Dispositions
    tally: Tally
    months: list[Happened]

    def live(self, months: int, threads: int = 1) -> None:
        for _ in range(months):
            self.months.append(live(self.town, len(self.months), self.state, self.dispositions, self.tally, threads))

    def all(self) -> Happened:
        """What happened in all months, month by month."""
        return Happened._make(np.concatenate(columns) for columns in zip(*self.months, strict=True))


def begun(of: Town, threads: int = 1) -> Life:
    state, before = begin(of, threads)
    return Life(of, state, before, unmoved(of.residents), nothing_yet(of.residents), [])


def rows(events: Happened, *, without: frozenset[str] = frozenset()) -> set[tuple[int, ...]]:
    """Events as tuples, some types left out."""
    return {row for row in zip(*(column.tolist() for column in events), strict=True) if KINDS[row[2]][0] not in without}


def count(events: Happened, type_: str, label: str | None = None) -> int:
    """How many events there are of a type."""
    kinds = [n for n, (of, _, labelled) in enumerate(KINDS) if of == type_ and label in {None, labelled}]
    return int(np.isin(events.kind, kinds).sum())


def in_order(events: Happened) -> bool:
    """Whether each resident's events follow one another, in time, and no two at one moment."""
    later = (np.diff(events.person) > 0) | ((np.diff(events.person) == 0) & (np.diff(events.time) > 0))
    return bool(later.all())
