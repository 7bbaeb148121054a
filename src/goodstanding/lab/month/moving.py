"""Trains, aeroplanes, roads, and things for hire: journeys made and refused, and offences on the way."""

from __future__ import annotations

from typing import Final

import numpy as np

from goodstanding.lab.city.kinds import MOST_MATTERS
from goodstanding.lab.loops import loop
from goodstanding.lab.month.dice import (
    AIR,
    AIR_2,
    FARE,
    HIRE,
    HIRE_2,
    RAIL,
    RAIL_2,
    SLOTS,
    TRAFFIC,
    TRAFFIC_2,
    ZERO,
    four,
    lasting,
    looked_up,
    many,
    moment,
)
from goodstanding.lab.month.sheet import NONE, before_first, first_of, kind, note

BY_RAIL: Final = kind("journey.rail")
RAIL_OFFENCES: Final = tuple(kind(f"rail.{what}") for what in ("disorder", "smoking", "scalping", "other_offence"))
FARE_UNPAID: Final = kind("fare.unpaid")
FARE_PAID: Final = kind("fare.paid")
BY_AIR: Final = kind("journey.air")
AIR_OFFENCES: Final = tuple(kind(f"air.{what}") for what in ("dangerous_goods", "disorder", "hindering"))
FLIGHT_BOOKED: Final = kind("booking.made", "flight")
TICKET: Final = kind("traffic.ticket")
RED_LIGHT: Final = kind("traffic.red_light")
DRUNK: Final = kind("traffic.drunk_driving")
ENDED: Final = kind("service.ended")
BROKEN: Final = kind("service.broken")
FIRST_CARRIER: Final = first_of("carrier")
CARRIERS: Final = 4
FIRST_HIRE_FIRM: Final = first_of("hire-firm")
HIRE_FIRMS: Final = 5
BEFORE_FARE: Final = before_first("fare")
MOST_TRIPS_RICHER: Final = 6.0
"""Times the mean that the rich travel, at most: incomes have a long tail, and years have few days."""


@loop
def travel(first, size, when, key, traits, state, dispositions, tally, rates, tables, sheet):
    """A month's journeys, by rail, by air, on the road, and with what is hired."""
    owed = (state.fares, state.fare_debt)
    for who in range(size):
        i = first + who
        careless = looked_up(tables.careless, float(traits.honesty[i]))
        tempted = careless * (1.0 - float(dispositions.restraint[i]))
        richer = min(traits.income[i] / rates.income, MOST_TRIPS_RICHER)
        by_rail, by_air, pay, day = four(key, i, when.month, FARE, ZERO)
        ride, fly = dispositions.may_ride[i], dispositions.may_fly[i]
        debt = state.fare_debt[i]
        if debt > 0 and state.savings[i] >= debt and pay < (rates.fare_paid if ride else rates.fare_paid_refused):
            matter = BEFORE_FARE + np.int64(state.fares[i])
            note(sheet, who, moment(when, day, FARE * SLOTS), FARE_PAID, debt, NONE, FIRST_CARRIER, matter)
            state.savings[i] -= debt
            state.fare_debt[i] = 0
            tally.welfare[i] -= debt
        offences, tried, lost = 0, 0, 0
        for n in range(many(rates.rail * richer, by_rail)):
            first_class = dispositions.may_ride_first[i]
            bad, turned_away, barred = _by_rail(who, i, n, when, key, tempted, ride, first_class, owed, rates, sheet)
            offences, tried, lost = offences + bad, tried + turned_away, lost + barred
        for n in range(many(rates.air * richer, by_air)):
            bad, turned_away, barred = _by_air(who, i, n, when, key, tempted, fly, rates, sheet)
            offences, tried, lost = offences + bad, tried + turned_away, lost + barred
        bad, fined = _on_the_road(who, i, when, key, tempted, traits.driver[i], rates, sheet)
        late = careless * (1.0 - float(dispositions.care[i]))
        refused = _for_hire(who, i, when, key, late, tempted, dispositions.may_hire[i], rates, sheet)
        tally.offences[i] += offences + bad
        state.refused_trips[i] += tried
        tally.refused[i] += tried + refused
        tally.welfare[i] -= lost * rates.refused + fined + refused * rates.hire_worth


@loop
def _by_rail(who, i, n, when, key, tempted, ride, first_class, owed, rates, sheet):
    """One journey by train; where the fast ones are barred, an ordinary one takes a day longer.

    Returns:
        Offences, journeys refused at the counter, and journeys that were not open, whether they were tried or not.
    """
    fast, tries, day, price = four(key, i, when.month, RAIL, n)
    tried = 1 if tries < rates.tries else 0
    if not ride:
        return 0, tried, 1
    barred = 1 if fast < rates.fast and not first_class else 0
    amount = np.int64(rates.fare * (0.5 + price))
    carrier = FIRST_CARRIER + (i + n) % CARRIERS
    note(sheet, who, moment(when, day, RAIL * SLOTS + n), BY_RAIL, amount, NONE, carrier, ZERO)
    offence, which, unpaid, _ = four(key, i, when.month, RAIL_2, n)
    offences = 0
    if offence < rates.rail_offences * tempted:
        kind = RAIL_OFFENCES[np.int64(which * 4)]
        note(sheet, who, moment(when, day, RAIL_2 * SLOTS + n), kind, NONE, NONE, carrier, ZERO)
        offences += 1
    fares, fare_debt = owed
    if unpaid < rates.unpaid * tempted and fare_debt[i] == 0:
        fares[i] = min(fares[i] + 1, MOST_MATTERS)
        fare_debt[i] = amount
        matter = BEFORE_FARE + np.int64(fares[i])
        note(sheet, who, moment(when, day, FARE * SLOTS + 1 + n), FARE_UNPAID, amount, NONE, carrier, matter)
        offences += 1
    return offences, tried * barred, barred


@loop
def _by_air(who, i, n, when, key, tempted, fly, rates, sheet):
    """One flight, booked on the platform; returns what `_by_rail` does."""
    tries, day, price, which = four(key, i, when.month, AIR, n)
    if not fly:
        return 0, 1 if tries < rates.tries else 0, 1
    offence, ahead, _, _ = four(key, i, when.month, AIR_2, n)
    amount = np.int64(6 * rates.fare * (0.5 + price))
    carrier = FIRST_CARRIER + (i + n) % CARRIERS
    note(sheet, who, moment(when, day * ahead, AIR * SLOTS + 2 * n), FLIGHT_BOOKED, amount, NONE, carrier, ZERO)
    note(sheet, who, moment(when, day, AIR * SLOTS + 2 * n + 1), BY_AIR, amount, NONE, carrier, ZERO)
    if offence < rates.air_offences * tempted:
        kind = AIR_OFFENCES[np.int64(which * 3)]
        note(sheet, who, moment(when, day, AIR_2 * SLOTS + n), kind, NONE, NONE, carrier, ZERO)
        return 1, 0, 0
    return 0, 0, 0


@loop
def _on_the_road(who, i, when, key, tempted, driver, rates, sheet):
    """Tickets and drunk driving of those who drive, red lights of everybody; returns offences, and what was fined."""
    ticket, red, drunk, day = four(key, i, when.month, TRAFFIC, ZERO)
    offences, fined = 0, np.int64(0)
    if driver and ticket < rates.tickets * tempted:
        fined = np.int64(rates.fine)
        note(sheet, who, moment(when, day, TRAFFIC * SLOTS), TICKET, fined, NONE, ZERO, ZERO)
        offences += 1
    if driver and drunk < rates.drunk * tempted:
        note(sheet, who, moment(when, day, TRAFFIC * SLOTS + 1), DRUNK, NONE, NONE, ZERO, ZERO)
        offences += 1
    if red < rates.red_lights * tempted:
        note(sheet, who, moment(when, day, TRAFFIC_2 * SLOTS), RED_LIGHT, NONE, NONE, ZERO, ZERO)
        offences += 1
    return offences, fined


@loop
def _for_hire(who, i, when, key, careless, tempted, open_to_them, rates, sheet):
    """A bicycle, a car, a camera for hire: brought back on time, late, or broken; returns 1 where it is refused."""
    chance, late, broken, day = four(key, i, when.month, HIRE, ZERO)
    if chance >= rates.hires:
        return 0
    if not open_to_them:
        return 1
    long, _, _, _ = four(key, i, when.month, HIRE_2, ZERO)
    firm = FIRST_HIRE_FIRM + i % HIRE_FIRMS
    days = np.int64(0)
    if late < rates.hire_late * careless:
        days = 1 + np.int64(lasting(HIRE_DAYS, long))
    note(sheet, who, moment(when, day, HIRE * SLOTS), ENDED, NONE, days, firm, ZERO)
    if broken < rates.hire_broken * tempted:
        note(sheet, who, moment(when, day, HIRE * SLOTS + 1), BROKEN, NONE, NONE, firm, ZERO)
    return 0


HIRE_DAYS: Final = 3.0
"""Days late, in the mean, of what is brought back late; the policies ask only whether it was late."""
