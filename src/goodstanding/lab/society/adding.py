"""Events that do not come of living: scores that one scorer hands to another, and the files of made-up accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from goodstanding.book import NULL
from goodstanding.lab.city.arrays import Happened
from goodstanding.lab.city.calendar import month_start
from goodstanding.lab.city.city import City
from goodstanding.lab.city.kinds import kind_of
from goodstanding.lab.parameters import Parameters
from goodstanding.lab.society.reading import Reading
from goodstanding.lab.society.rules import Rule, Variant
from goodstanding.lab.society.snapshot import Seen
from goodstanding.limits import DAY_US

BILL: Final = kind_of("bill.paid")
PROFILE: Final = kind_of("profile.completed")
WORKS: Final = kind_of("work.recorded", "employed")
PER_THOUSAND: Final = 1_000
LEAST_DAYS: Final = 28
"""Days of the shortest month."""

LATER: Final = 3_600_000_000
"""Bills are paid an hour into their day, after what begins with the month."""


def of_kind(
    people: NDArray[np.integer], time: NDArray[np.int64], kind: int, amount: int | np.int64, value: NDArray[np.int64]
) -> Happened:
    """Events of one kind, one a person."""
    none = np.zeros(people.size, np.uint32)
    return Happened(
        people.astype(np.int32),
        time,
        np.full(people.size, kind, np.uint32),
        np.full(people.size, amount, np.int64),
        value.astype(np.int64),
        none,
        none,
    )


def no_events() -> Happened:
    """Nothing."""
    return of_kind(np.zeros(0, np.int32), np.zeros(0, np.int64), BILL, NULL, np.zeros(0, np.int64))


def together(parts: Sequence[Happened], *, is_sorted: bool = True) -> Happened:
    """Events one after another, or by person and time."""
    joined = Happened._make(np.concatenate(columns) for columns in zip(*parts, strict=True))
    if not is_sorted:
        return joined
    order = np.lexsort((joined.time, joined.person))
    return Happened._make(column[order] for column in joined)


def accounts_for(city: City, rules: Sequence[Rule], variant: Variant) -> int:
    """How many made-up accounts there are: none where their friendship would be worth nothing."""
    readings = [Reading(rule.policy) for rule in rules]
    if not variant.has("false_friends") or not any(reading.reads_friends() for reading in readings):
        return 0
    return round(city.residents * city.parameters.number("behaviour_gaming.accounts") / PER_THOUSAND)


def fed(rule: Rule, seen: Seen, month: int) -> Happened:
    """The scores of those who are scored, as events at the beginning of a month."""
    people = np.flatnonzero(seen.enrolled & seen.scores.given)
    time = np.full(people.size, month_start(month) + rule.fed_kind)
    return of_kind(people, time, rule.fed_kind, NULL, seen.scores.score[people])


def bought_files(first: int, accounts: int, month: int, parameters: Parameters, months: int = 1) -> Happened:
    """What made-up accounts put on record: small bills, paid on the day; when they begin also who they claim to be.

    Args:
        first: the number of the first account.
        month: the latest month.
        months: how many months up to it.
    """
    people = np.arange(first, first + accounts)
    paid_on_time = np.zeros(accounts, np.int64)
    parts = []
    if months > 1:
        begins = np.full(accounts, month_start(month - months))
        parts.append(of_kind(people, begins, PROFILE, NULL, np.full(accounts, 100)))
        parts.append(of_kind(people, begins + 1, WORKS, NULL, np.full(accounts, NULL)))
    amount = round(parameters.number("behaviour_gaming.account_bill_amount"))
    bills = int(parameters.number("behaviour_gaming.account_bills"))
    for back in range(months):
        for bill in range(bills):
            time = np.full(accounts, month_start(month - back) + bill * (LEAST_DAYS // bills) * DAY_US + LATER)
            parts.append(of_kind(people, time, BILL, amount, paid_on_time))
    return together(parts)
