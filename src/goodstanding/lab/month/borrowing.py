"""Lines of credit, loans and the card: who pays, who pays late, who gives up; and what reaches a court."""

from __future__ import annotations

from typing import Final

import numpy as np

from goodstanding.lab.city.kinds import MOST_MATTERS
from goodstanding.lab.loops import loop
from goodstanding.lab.month.dice import (
    BORN,
    BORN_2,
    CARD,
    CARD_2,
    CREDIT,
    INSTALMENT,
    LOAN,
    SLOTS,
    ZERO,
    born,
    four,
    lasting,
    looked_up,
    moment,
)
from goodstanding.lab.month.paying import lateness
from goodstanding.lab.month.sheet import NONE, before_first, first_of, kind, note
from goodstanding.lab.month.suing import sue

LIMIT: Final = kind("credit.limit")
BALANCE: Final = kind("credit.balance")
TAKEN: Final = kind("loan.taken")
REPAID: Final = kind("loan.repaid")
OVERDUE: Final = kind("loan.overdue")
DEFAULTED: Final = kind("loan.defaulted")
STATEMENT: Final = kind("card.statement")
PAYMENT: Final = kind("card.payment")
STATUS: Final = kind("card.status")
CARD_LIMIT: Final = kind("card.limit")
FIRST_BANK: Final = first_of("bank")
BANKS: Final = 6
BEFORE_LOAN: Final = before_first("loan")
GIVEN_UP: Final = 3
"""Instalments missed in a row with which a loan counts as given up, and months after which a card does: 90 days."""

LEAST_CIRCUMSTANCES: Final = 30
CIRCUMSTANCES: Final = 21
"""The county of Suining takes 30 to 50 points for a loan not repaid, by circumstances (sources.md 4.2)."""

WEEKS_LATE: Final = 28
"""Days late at most of an instalment that is paid in its month; later ones are missed."""


@loop
def line_of(traits, i, rates):
    """The limit of a line of credit, fen; whole hundreds of yuan."""
    return max(np.int64(traits.income[i] * rates.limit_months) // 10_000, np.int64(1)) * 10_000


@loop
def credit(first, size, when, key, traits, state, dispositions, tally, rates, tables, court, sheet):
    """What is used of a line of credit; loans taken, repaid, missed and given up."""
    for who in range(size):
        i = first + who
        _, borrower, _, _ = born(key, i, BORN)
        if borrower >= rates.borrowers:
            continue
        wish, use, day, changed = four(key, i, when.month, CREDIT, ZERO)
        want = state.savings[i] < 0
        limit = line_of(traits, i, rates)
        used = min(0.5 * borrower / rates.borrowers + 0.5 * use, 1.0)
        balance = np.int64(limit * (0.9 + 0.2 * use)) if want else np.int64(limit * used * used)
        note(sheet, who, moment(when, day, CREDIT * SLOTS), BALANCE, balance, NONE, ZERO, ZERO)
        if changed < rates.limit_changes:
            note(sheet, who, moment(when, day, CREDIT * SLOTS + 1), LIMIT, limit, NONE, ZERO, ZERO)
        if state.loan_left[i] > 0:
            _instalment(who, i, when, key, traits, state, dispositions, tally, rates, tables, court, sheet)
        elif wish < (rates.in_want if want else rates.taken):
            if dispositions.may_borrow[i]:
                size_of_loan = np.int64(traits.income[i] * rates.size * (0.5 + use))
                whole = size_of_loan * (1.0 + rates.rate * rates.term / 2400.0)  # half of it is owed on average
                term = max(np.int64(rates.term), np.int64(1))
                state.loans[i] = min(state.loans[i] + 1, MOST_MATTERS)
                state.loan_left[i] = term
                state.loan_part[i] = max(np.int64(whole) // term, 1)
                state.loan_missed[i] = 0
                matter = BEFORE_LOAN + np.int64(state.loans[i])
                at = moment(when, day, LOAN * SLOTS)
                note(sheet, who, at, TAKEN, size_of_loan, NONE, FIRST_BANK + i % BANKS, matter)
                if want:  # what was borrowed in want fills the hole; else it is spent on what it was taken for
                    state.savings[i] += size_of_loan
            else:
                tally.refused[i] += 1
                tally.welfare[i] -= rates.refused


@loop
def _instalment(who, i, when, key, traits, state, dispositions, tally, rates, tables, court, sheet):
    """One instalment of a loan: paid, paid late, missed, or the last that is missed."""
    chance, miss, give_up, long = four(key, i, when.month, INSTALMENT, ZERO)
    time, points, sued, case = four(key, i, when.month, LOAN, ZERO)
    care = float(dispositions.care[i])
    careless = looked_up(tables.careless, float(traits.honesty[i]))
    part = state.loan_part[i]
    want = state.savings[i] < part
    matter = BEFORE_LOAN + np.int64(state.loans[i])
    bank = FIRST_BANK + i % BANKS
    tally.bills[i] += 1
    gives_up = give_up < rates.given_up * careless * (1.0 - care)
    if gives_up or (want and miss < rates.missed_in_want * (1.0 - care)):
        tally.bills_late[i] += 1
        state.loan_missed[i] = state.loan_missed[i] + 1
        note(sheet, who, moment(when, time * 0.5, INSTALMENT * SLOTS), OVERDUE, part, NONE, bank, matter)
        if gives_up or state.loan_missed[i] >= GIVEN_UP:
            left = part * state.loan_left[i]
            value = LEAST_CIRCUMSTANCES + np.int64(points * CIRCUMSTANCES)
            note(
                sheet, who, moment(when, 0.5 + time * 0.5, INSTALMENT * SLOTS + 1), DEFAULTED, left, value, bank, matter
            )
            state.loan_left[i] = 0
            state.loan_missed[i] = 0
            tally.defaults[i] += 1
            sue(i, state, court, left, sued, case)
        return
    days = np.int64(0)
    if lateness(chance, rates.late * rates.careless * careless, rates.missed_in_want, want, care):
        days = min(1 + np.int64(lasting(rates.late_days, long)), np.int64(WEEKS_LATE))
        tally.bills_late[i] += 1
    note(sheet, who, moment(when, time, INSTALMENT * SLOTS + 2), REPAID, part, days, bank, matter)
    state.loan_missed[i] = 0
    state.loan_left[i] -= 1
    state.savings[i] -= part


@loop
def card(first, size, when, key, traits, state, dispositions, tally, rates, tables, sheet):
    """The month of a credit card: what is owed, what is paid, and how many months late it is; the bank gives one up.

    Amounts of the card's own events are dollars, that of a card given up is fen like that of a loan.
    """
    for who in range(size):
        i = first + who
        if not traits.card_holder[i]:
            continue
        spent, chance, paid, time = four(key, i, when.month, CARD, ZERO)
        changed, points, _, _ = four(key, i, when.month, CARD_2, ZERO)
        whole, _, _, _ = born(key, i, BORN_2)
        limit = card_limit(traits, i, rates)
        owed = np.int64(traits.income[i] * rates.spending * (0.5 + spent))
        balance = min(state.card_balance[i] + owed, limit)
        dollars = rates.dollars / 100.0
        bank = FIRST_BANK + i % BANKS
        at = moment(when, time * 0.3, CARD * SLOTS)
        note(sheet, who, at, STATEMENT, np.int64(balance * dollars), NONE, bank, ZERO)
        careless = looked_up(tables.careless, float(traits.honesty[i]))
        want = state.savings[i] < balance // 10
        care = float(dispositions.care[i])
        if lateness(chance, rates.late * rates.careless * careless, rates.missed_in_want, want, care):
            state.card_missed[i] = min(state.card_missed[i] + 1, 99)
            if state.card_missed[i] == GIVEN_UP + 1:
                tally.defaults[i] += 1
                value = LEAST_CIRCUMSTANCES + np.int64(points * CIRCUMSTANCES)
                at = moment(when, 0.5 + time * 0.4, CARD * SLOTS + 4)
                note(sheet, who, at, DEFAULTED, balance, value, bank, ZERO)
        else:
            payment = balance if whole < rates.whole else np.int64(balance * (0.1 + 0.4 * paid))
            balance -= payment
            state.card_missed[i] = 0
            if payment > 0:
                at = moment(when, 0.3 + time * 0.6, CARD * SLOTS + 1)
                note(sheet, who, at, PAYMENT, np.int64(payment * dollars), NONE, bank, ZERO)
        state.card_balance[i] = balance
        late = np.int64(state.card_missed[i])
        note(sheet, who, moment(when, 0.95 + time * 0.05, CARD * SLOTS + 2), STATUS, NONE, late, bank, ZERO)
        if changed < LIMITS_ANEW:
            at = moment(when, time, CARD * SLOTS + 3)
            note(sheet, who, at, CARD_LIMIT, np.int64(limit * dollars), NONE, bank, ZERO)


LIMITS_ANEW: Final = 0.01
"""The chance, a month, that a card's limit is reported anew; it changes nothing, and keeps files from growing old."""


@loop
def card_limit(traits, i, rates):
    """The limit of a card, fen."""
    return max(np.int64(traits.income[i] * rates.limit_months), 100)
