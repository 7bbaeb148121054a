"""Work and shocks: pay and what is paid in for it, schooling, losing and finding work, illness, and what is put by."""

from __future__ import annotations

from typing import Final

import numpy as np

from goodstanding.lab.city.arrays import DEGREES, EMPLOYED, OUT_OF_WORK, RETIRED, SELF_EMPLOYED, STUDENT
from goodstanding.lab.loops import loop
from goodstanding.lab.month.dice import BORN, SHOCKS, SLOTS, WORK, ZERO, born, four, lasting, looked_up, moment
from goodstanding.lab.month.sheet import NONE, first_of, kind, note

SALARY: Final = kind("salary.paid")
INSURANCE: Final = kind("insurance.paid")
FUND: Final = kind("fund.paid")
TAX: Final = kind("tax.paid")
EMPLOYED_NOW: Final = kind("work.recorded", "employed")
OUT_NOW: Final = kind("work.recorded", "unemployed")
FIRST_DEGREE: Final = kind("degree.earned", DEGREES[1])
FIRST_EMPLOYER: Final = first_of("employer")
EMPLOYERS: Final = 40
LAST_DEGREE: Final = len(DEGREES) - 2
WHEN_TAXED: Final = 3
"""The self-employed pay their taxes every so many months."""


@loop
def work(first, size, when, key, traits, state, dispositions, tally, rates, tables, sheet):
    """Schooling ends, work is lost and found, pay comes, taxes and insurance go, and the rest is lived on or put by."""
    for who in range(size):
        i = first + who
        lose, find, learn, day = four(key, i, when.month, WORK, ZERO)
        insured = born(key, i, BORN)[0]
        income = traits.income[i]
        if traits.work[i] == STUDENT:
            income = np.int64(income * rates.first_wage)
        now = state.work[i]
        if now in (EMPLOYED, SELF_EMPLOYED):
            if lose < rates.job_loss:
                state.work[i] = OUT_OF_WORK
                state.out_months[i] = 0
                note(sheet, who, moment(when, day, WORK * SLOTS), OUT_NOW, NONE, NONE, ZERO, ZERO)
        elif now == OUT_OF_WORK:
            state.out_months[i] += 1
            if find < float(dispositions.hiring[i]) / rates.spell:
                state.work[i] = EMPLOYED
                state.out_months[i] = 0
                note(sheet, who, moment(when, day, WORK * SLOTS + 1), EMPLOYED_NOW, NONE, NONE, ZERO, ZERO)
        elif now == STUDENT and learn < rates.degrees:
            state.work[i] = OUT_OF_WORK
            degree = FIRST_DEGREE + min(np.int64(traits.education[i]), np.int64(LAST_DEGREE))
            note(sheet, who, moment(when, day, WORK * SLOTS + 2), degree, NONE, NONE, ZERO, ZERO)
        now = state.work[i]
        pay = income
        if now == OUT_OF_WORK:
            pay = np.int64(income * rates.income_without)
        elif now == STUDENT:
            pay = traits.income[i]
        if state.ill_months[i] > 0 and now != RETIRED:
            pay = np.int64(pay * rates.income_ill)
        tally.welfare[i] += pay - _recorded(who, now, pay, insured, day, when, rates, sheet)
        if now == SELF_EMPLOYED and when.month % WHEN_TAXED == 0:
            careless = looked_up(tables.careless, float(traits.honesty[i])) * (1.0 - float(dispositions.care[i]))
            tally.welfare[i] -= _own_tax(who, i, pay, day, careless, when, key, rates, sheet)
        part = state.loan_part[i] if state.loan_left[i] > 0 else 0
        part += min(state.rest_part[i], state.rest_debt[i])
        target = income * float(traits.means[i])
        wish = rates.living * (pay - part - rates.bills * rates.bill) + rates.saving_pull * (state.savings[i] - target)
        wish = min(max(wish, rates.living_least * income), max(float(state.savings[i] + pay), 0.0))
        state.savings[i] += pay - np.int64(wish)


@loop
def _recorded(who, now, pay, insured, day, when, rates, sheet):
    """Note what stands on record of a month's pay; returns the tax that an employer has kept back."""
    tax = np.int64(0)
    if now in (EMPLOYED, SELF_EMPLOYED, RETIRED):
        employer = FIRST_EMPLOYER + np.int64(insured * EMPLOYERS) if now == EMPLOYED else 0
        note(sheet, who, moment(when, day, WORK * SLOTS + 3), SALARY, pay, NONE, employer, ZERO)
    if now == EMPLOYED:
        if insured < rates.insured:
            note(
                sheet,
                who,
                moment(when, day, WORK * SLOTS + 4),
                INSURANCE,
                np.int64(pay * rates.insurance_rate),
                NONE,
                ZERO,
                ZERO,
            )
        if insured < rates.fund:
            note(
                sheet, who, moment(when, day, WORK * SLOTS + 5), FUND, np.int64(pay * rates.fund_rate), NONE, ZERO, ZERO
            )
        tax = max(np.int64((pay - rates.tax_free) * rates.tax_rate), np.int64(0))
        if tax > 0:
            note(sheet, who, moment(when, day, WORK * SLOTS + 6), TAX, tax, ZERO, ZERO, ZERO)
    return tax


@loop
def _own_tax(who, i, pay, day, careless, when, key, rates, sheet):
    """Note the tax that somebody pays themselves, on time or late; returns how much it is."""
    chance, long, _, _ = four(key, i, when.month, WORK, ZERO + 1)
    days = np.int64(0)
    if chance < rates.tax_late * careless:
        days = 1 + np.int64(lasting(rates.late_days, long))
    tax = max(np.int64(pay * WHEN_TAXED * rates.tax_rate), np.int64(100))
    note(sheet, who, moment(when, day, WORK * SLOTS + 7), TAX, tax, days, ZERO, ZERO)
    return tax


@loop
def shocks(first, size, when, key, traits, state, tally, rates):
    """Illness comes and goes; it stands on no record, and shows in what people can pay."""
    for who in range(size):
        i = first + who
        if state.ill_months[i] > 0:
            state.ill_months[i] -= 1
        chance, long, cost, _ = four(key, i, when.month, SHOCKS, ZERO)
        if chance < rates.illness * traits.age[i] / rates.illness_age:
            state.ill_months[i] += 1 + np.int64(lasting(max(rates.illness_months - 1.0, 0.0), long))
            cost = np.int64(rates.illness_cost * (0.5 + cost))
            state.savings[i] -= cost
            tally.welfare[i] -= cost
