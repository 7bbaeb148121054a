"""Where everybody stands when the laboratory begins, and what is already on record of them.

The year before is lived like any other month, by people whom no score has touched; so savings, loans, cases and cards
stand as life leaves them. Of what happened then, the record holds what lasts: bills, what is paid in, loans, the card,
courts, offences, honours. Daily things (purchases, play, journeys, posts) are not kept for so long.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from goodstanding.book import shared
from goodstanding.lab.city.arrays import DEGREES, OUT_OF_WORK, WORKS, Happened, State, Traits, nothing_yet, unmoved
from goodstanding.lab.city.calendar import month_start
from goodstanding.lab.city.kinds import KINDS
from goodstanding.lab.loops import loop
from goodstanding.lab.month.borrowing import CARD_LIMIT, LIMIT, card_limit, line_of
from goodstanding.lab.month.dice import BEFORE, BORN, FIRST_PURPOSE, SECOND, SLOTS, ZERO, born, four
from goodstanding.lab.month.living import ALL, RANGE, Lived, empty, join, live_range
from goodstanding.lab.month.rates import Rates, rates_of
from goodstanding.lab.month.sheet import BLOCK, NONE, ROOM, before_first, blank_sheet, kind, lay_out, note
from goodstanding.lab.streams import AT_BIRTH

FILE_MONTHS: Final = 12
"""Months that were lived before the first."""

DAILY: Final = frozenset(
    {
        "purchase.made", "game.played", "loyalty.study", "loyalty.speech", "salary.paid", "journey.rail", "journey.air",
        "credit.balance", "donation.given", "receipt.unconfirmed", "booking.made", "service.ended", "tax.paid",
    }
)  # fmt: skip
"""Types of which the record before month 0 holds nothing: there are many, and policies look back on them for months."""

LATE_KINDS: Final = frozenset({"card.statement", "card.payment", "card.status"})
LATE_MONTHS: Final = 6
"""Of the card the record holds the last half year, which is what policies look back on."""

RESIDENCE: Final = kind("residence.registered")
FIRST_DEGREE: Final = kind("degree.earned", DEGREES[1])
FIRST_WORK: Final = kind("work.recorded", WORKS[0])
PROFILE: Final = kind("profile.completed")
PROPERTY: Final = kind("property.registered")
BEFORE_PROPERTY: Final = before_first("property")
GRADUATES, LEAST_AGE = 22, 18
DAYS_A_YEAR: Final = 365
DAY_SECONDS: Final = 86_400
SPREAD_DAYS: Final = 300
"""What lies before the lived year happened at some day within so many days of its year."""


@loop
def _at(start, years, chance, n):
    """A moment some years before `start`."""
    days = np.int64(years * DAYS_A_YEAR) + np.int64(chance * SPREAD_DAYS) + 1
    return start - days * DAY_SECONDS * SECOND + (BEFORE - FIRST_PURPOSE) * SLOTS + n


@loop
def _found(first, last, start, key, traits, credit, card, shares, keep, out):
    """What is on record of residents from before the lived year; returns how many events."""
    sheet = blank_sheet()
    room = (np.empty(BLOCK + 1, np.int64), np.empty(ROOM, np.int64))
    owners, profiles = shares
    at = 0
    for begin in range(first, last, BLOCK):
        size = min(BLOCK, last - begin)
        for who in range(size):
            i = begin + who
            day, since, owns, profile = four(key, i, np.int64(AT_BIRTH), BEFORE, ZERO)
            other, amount, _, _ = four(key, i, np.int64(AT_BIRTH), BEFORE, ZERO + 1)
            adult = max(traits.age[i] - LEAST_AGE, 0)
            note(sheet, who, _at(start, since * adult, day, 0), RESIDENCE, NONE, NONE, ZERO, ZERO)
            level = np.int64(traits.education[i])
            if level > 0:
                years = max(traits.age[i] - GRADUATES, 0)
                note(sheet, who, _at(start, years, other, 1), FIRST_DEGREE + level - 1, NONE, NONE, ZERO, ZERO)
            years = amount * min(adult, 8)
            note(sheet, who, _at(start, years, other, 2), FIRST_WORK + np.int64(traits.work[i]), NONE, NONE, ZERO, ZERO)
            if owns < owners * adult / 30.0:
                note(sheet, who, _at(start, since * adult, owns, 3), PROPERTY, NONE, NONE, ZERO, BEFORE_PROPERTY + 1)
            if profile < profiles:
                value = 30 + np.int64(other * 71)
                note(sheet, who, _at(start, 0.0, profile, 4), PROFILE, NONE, value, ZERO, ZERO)
            if born(key, i, BORN)[1] < credit.borrowers:
                note(sheet, who, _at(start, 0.0, amount, 5), LIMIT, line_of(traits, i, credit), NONE, ZERO, ZERO)
            if traits.card_holder[i]:
                limit = np.int64(card_limit(traits, i, card) * (card.dollars / 100.0))
                note(sheet, who, _at(start, 0.0, day, 6), CARD_LIMIT, limit, NONE, ZERO, ZERO)
        at = lay_out(sheet, begin, size, room, keep, out, at)
    return at


WIDE: Final[dict[str, type]] = dict.fromkeys(
    ("savings", "loan_part", "case_debt", "rest_debt", "rest_part", "fare_debt", "card_balance"), np.int64
) | {"refused_trips": np.int32}
"""The columns of `State` that are wider than 16 bits."""


def newborn(traits: Traits) -> State:
    """Where everybody stands before anything happens: nothing owed, savings as they mean to have them."""
    residents = traits.work.size
    columns: dict[str, NDArray[Any]] = {name: np.zeros(residents, WIDE.get(name, np.int16)) for name in State._fields}
    state = State._make((columns | {"work": traits.work.copy()}).values())
    state.savings[:] = (traits.income * traits.means.astype(np.float64)).astype(np.int64)
    state.out_months[:] = traits.work == OUT_OF_WORK
    return state


def begin(city: Lived, threads: int = 1, keep: NDArray[np.bool_] | None = None) -> tuple[State, Happened]:
    """Where everybody stands at month 0, and what was already on record, resident by resident in the order of time.

    Args:
        keep: as for `living.live`.
    """
    rates = rates_of(city.parameters)
    owners, profiles = (city.parameters.number(f"month.{name}") for name in ("owners", "profiles"))
    state = newborn(city.traits)
    residents = state.work.size
    dispositions, tally = unmoved(residents), nothing_yet(residents)
    kept = ALL if keep is None else keep
    bounds = [(first, min(first + RANGE, residents)) for first in range(0, residents, RANGE)]

    def lived(bound: tuple[int, int]) -> Happened:
        pieces = [_founded(city, *bound, rates, (owners, profiles), kept)]
        for month in range(-FILE_MONTHS, 0):
            pieces += live_range(city, *bound, month, rates, state, dispositions, tally, _kept(month) & kept)
        whole = join(pieces)
        order = np.argsort(whole.person, kind="stable")  # months follow one another, so that time is in order too
        return Happened._make(column[order] for column in whole)

    return state, join(shared(lived, bounds, threads))


def _founded(
    city: Lived, first: int, last: int, rates: Rates, shares: tuple[float, float], keep: NDArray[np.bool_]
) -> Happened:
    """What is on record from before the lived year."""
    room = (last - first) * EACH + ROOM
    out = empty(room)
    many = _found(
        first, last, month_start(-FILE_MONTHS), city.key, city.traits, rates.credit, rates.card, shares, keep,
        tuple(out),
    )  # fmt: skip
    return Happened._make(column[:many] for column in out)


EACH: Final = 7
"""Events of `_found` a resident, at most."""


def _kept(month: int) -> NDArray[np.bool_]:
    """By kind, whether the record still holds what happened in a month before the first."""
    dropped = DAILY if month >= -LATE_MONTHS else DAILY | LATE_KINDS
    return np.array([type_ not in dropped for type_, _, _ in KINDS])
