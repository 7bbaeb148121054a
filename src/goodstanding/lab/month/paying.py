"""The household: bills, fees, and changes of address; people pay late when they cannot, or do not take care."""

from __future__ import annotations

from typing import Final

import numpy as np

from goodstanding.lab.loops import loop
from goodstanding.lab.month.dice import BILL, CONTACT, FEES, SLOTS, ZERO, four, lasting, looked_up, moment
from goodstanding.lab.month.sheet import NONE, before_first, first_of, kind, note

PAID: Final = kind("bill.paid")
WATER_UNPAID: Final = kind("water_bill.unpaid")
FEE_LATE: Final = kind("service_fee.late")
PHONE: Final = kind("contact.phone_changed")
ADDRESS: Final = kind("contact.address_changed")
PROFILE: Final = kind("profile.completed")
PROPERTY: Final = kind("property.registered")
FIRST_UTILITY: Final = first_of("utility")
UTILITIES: Final = 3
BEFORE_PROPERTY: Final = before_first("property")
LONG_LATE: Final = 14
"""Days late from which a bill can be reported as not paid at all."""


@loop
def lateness(chance, careless, in_want, want, care):
    """Whether something is paid late: `careless` is the chance where it can be paid, `in_want` where it cannot."""
    p = max(careless, in_want) if want else careless
    return chance < p * (1.0 - care)


@loop
def household(first, size, when, key, traits, state, dispositions, tally, rates, tables, sheet):
    """A month's bills and fees, and what changes at home."""
    whole = np.int64(rates.bills)
    for who in range(size):
        i = first + who
        care = float(dispositions.care[i])
        careless = looked_up(tables.careless, float(traits.honesty[i]))
        want = float(state.savings[i]) < rates.bill
        fees = rates.fee_late * careless
        extra, fee, long, day = four(key, i, when.month, FEES, ZERO)
        for n in range(whole + (extra < rates.bills - whole)):
            chance, more, time, size_of_bill = four(key, i, when.month, BILL, n)
            days = np.int64(0)
            tally.bills[i] += 1
            if lateness(chance, rates.late * rates.careless * careless, rates.late_in_want, want, care):
                days = 1 + np.int64(lasting(rates.late_days, more))
                tally.bills_late[i] += 1
            amount = np.int64(rates.bill * (0.5 + size_of_bill))
            at = moment(when, time, BILL * SLOTS + n)
            if days > LONG_LATE and long < rates.water_unpaid:
                note(sheet, who, at, WATER_UNPAID, amount, NONE, FIRST_UTILITY, ZERO)
            else:
                note(sheet, who, at, PAID, amount, days, FIRST_UTILITY + (i + n) % UTILITIES, ZERO)
                state.savings[i] -= amount
        if lateness(fee, fees, fees * rates.fee_in_want, want, care):
            note(sheet, who, moment(when, day, FEES * SLOTS), FEE_LATE, NONE, NONE, ZERO, ZERO)
        _changes(who, i, when, key, rates, sheet)


@loop
def _changes(who, i, when, key, rates, sheet):
    """A new telephone number, a new address, a profile filled in, a flat bought."""
    chance, which, day, more = four(key, i, when.month, CONTACT, ZERO)
    bound = rates.phone
    if chance < bound:
        note(sheet, who, moment(when, day, CONTACT * SLOTS), PHONE, NONE, NONE, ZERO, ZERO)
    elif chance < bound + rates.address:
        note(sheet, who, moment(when, day, CONTACT * SLOTS + 1), ADDRESS, NONE, NONE, ZERO, ZERO)
    elif chance < bound + rates.address + rates.profile:
        note(sheet, who, moment(when, day, CONTACT * SLOTS + 2), PROFILE, NONE, 50 + np.int64(more * 51), ZERO, ZERO)
    if which < rates.property:
        matter = BEFORE_PROPERTY + 2 + max(when.month, 0) // 12  # one a year at most has a matter of its own
        note(sheet, who, moment(when, more, CONTACT * SLOTS + 3), PROPERTY, NONE, NONE, ZERO, matter)
