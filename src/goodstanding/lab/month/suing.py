"""Contracts broken, cases, and the court's list: what is ordered, who pays, and when."""

from __future__ import annotations

from typing import Final

import numpy as np

from goodstanding.lab.city.kinds import MOST_MATTERS
from goodstanding.lab.loops import loop
from goodstanding.lab.month.dice import BREACH, CASE, COURT, SETTLING, SLOTS, ZERO, four, looked_up, moment
from goodstanding.lab.month.sheet import NONE, before_first, first_of, kind, note

BREACHED: Final = kind("contract.breached")
LISTED: Final = kind("court.listed")
SETTLED: Final = kind("court.settled")
FIRST_COURT: Final = first_of("court")
COURTS: Final = 4
BEFORE_CASE: Final = before_first("case")


@loop
def sue(i, state, court, debt, sued, performed):
    """A debt may reach a court, and be ordered; who does not pay then is listed when judgment has been given.

    One case at a time: `case_months` is below 0 until the listing. Until then nothing stands on record. Cases are
    followed before new ones come, from wherever: judgment takes as long after a loan as after a contract.
    """
    if state.case_debt[i] == 0 and sued < court.sued and performed >= court.performed:
        state.case_debt[i] = max(debt, 1)
        state.case_months[i] = -max(np.int64(court.days / 30.0), np.int64(1))


@loop
def court(first, size, when, key, traits, state, dispositions, tally, rates, tables, sheet):
    """Contracts are broken, debts come before a court, people are listed, and pay when they can and are ready."""
    for who in range(size):
        i = first + who
        chance, day, sued, performed = four(key, i, when.month, BREACH, ZERO)
        other, how_much, _, _ = four(key, i, when.month, CASE, ZERO)
        careless = looked_up(tables.careless, float(traits.honesty[i]))
        restraint = 1.0 - float(dispositions.restraint[i])
        debt = max(np.int64(traits.income[i] * rates.debt * looked_up(tables.debt, how_much)), 1)
        rest = min(state.rest_part[i], state.rest_debt[i])
        state.savings[i] -= rest
        state.rest_debt[i] -= rest
        if state.case_debt[i] > 0:
            _follow(who, i, when, key, traits, state, dispositions, tally, rates, tables, sheet)
        if chance < rates.breaches * careless * restraint:
            note(sheet, who, moment(when, day, BREACH * SLOTS), BREACHED, NONE, NONE, ZERO, ZERO)
            sue(i, state, rates, debt, sued, performed)
        elif other < rates.other * careless * restraint:
            sue(i, state, rates, debt, 0.0, 1.0)


@loop
def _follow(who, i, when, key, traits, state, dispositions, tally, rates, tables, sheet):
    """A month of a case: judgment is waited for, the listing comes, or what was ordered is paid.

    Who settles pays what must be at hand, and agrees to pay the rest by and by.
    """
    day, chance, _, _ = four(key, i, when.month, COURT, ZERO)
    debt = state.case_debt[i]
    whose = FIRST_COURT + i % COURTS
    state.case_months[i] = min(state.case_months[i] + 1, 9_999)
    if state.case_months[i] < 0:
        return
    if state.case_months[i] == 0:
        state.cases[i] = min(state.cases[i] + 1, MOST_MATTERS)
        matter = BEFORE_CASE + np.int64(state.cases[i])
        note(sheet, who, moment(when, day, COURT * SLOTS), LISTED, debt, NONE, whose, matter)
        tally.listings[i] += 1
        return
    ready = rates.honest * looked_up(tables.honest, float(traits.honesty[i])) + float(dispositions.settling[i])
    at_hand = np.int64(debt * rates.means_needed)
    if state.savings[i] >= at_hand and chance < ready:
        matter = BEFORE_CASE + np.int64(state.cases[i])
        note(sheet, who, moment(when, day, SETTLING * SLOTS), SETTLED, debt, NONE, whose, matter)
        state.savings[i] -= at_hand
        state.rest_debt[i] += debt - at_hand
        state.rest_part[i] = max(state.rest_debt[i] // max(np.int64(rates.rest_months), 1), 1)
        state.case_debt[i] = 0
        state.case_months[i] = 0
        tally.settled[i] += 1
        tally.welfare[i] -= debt
