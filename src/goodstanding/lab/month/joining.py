"""Helping, giving blood, honours, and what a state counts against families."""

from __future__ import annotations

from typing import Final

import numpy as np

from goodstanding.lab.loops import loop
from goodstanding.lab.month.dice import (
    BORN,
    CIVIC,
    CIVIC_2,
    FAMILY,
    HELPING,
    HONOUR,
    SLOTS,
    ZERO,
    born,
    four,
    lasting,
    looked_up,
    moment,
)
from goodstanding.lab.month.rates import LEAST_BLOOD, MOST_BLOOD
from goodstanding.lab.month.sheet import NONE, kind, note

SERVED: Final = kind("volunteer.served")
BLOOD: Final = kind("blood.donated")
BRAVE: Final = kind("brave.act")
COMMENDED: Final = kind("commendation.received")
NOMINATED: Final = kind("hero.nominated")
NEGLECTED: Final = kind("parents.neglected")
UNPLANNED: Final = kind("birth.unplanned")
LEAST_BIRTH, MOST_BIRTH = 20, 45
LEAST_PARENTS, MOST_PARENTS = 35, 70
"""Ages at which people have small children, and old parents: round numbers."""
MOST_HOURS: Final = 60.0
"""Hours of helping in a month, at most."""


@loop
def civic(first, size, when, key, traits, dispositions, rates, tables, sheet):
    """A month's helping and honours."""
    for who in range(size):
        i = first + who
        _, _, volunteer, _ = born(key, i, BORN)
        served, hours, day, blood = four(key, i, when.month, CIVIC, ZERO)
        brave, commended, hero, later = four(key, i, when.month, CIVIC_2, ZERO)
        if volunteer < rates.volunteers and served < rates.served:
            value = 1 + np.int64(min(lasting(max(rates.hours - 0.5, 0.0), hours), MOST_HOURS))
            note(sheet, who, moment(when, day, CIVIC * SLOTS), SERVED, NONE, value, ZERO, ZERO)
        age = traits.age[i]
        if blood < rates.blood and LEAST_BLOOD <= age <= MOST_BLOOD:
            note(sheet, who, moment(when, later, CIVIC * SLOTS + 1), BLOOD, NONE, NONE, ZERO, ZERO)
        if brave < rates.brave:
            note(sheet, who, moment(when, day, HONOUR * SLOTS), BRAVE, NONE, NONE, ZERO, ZERO)
        if commended < rates.commended:
            note(sheet, who, moment(when, day, HONOUR * SLOTS + 1), COMMENDED, NONE, NONE, ZERO, ZERO)
        if hero < rates.heroes:
            note(sheet, who, moment(when, day, HONOUR * SLOTS + 2), NOMINATED, NONE, NONE, ZERO, ZERO)
        helping = float(dispositions.helping[i])
        if helping > 0.0:
            chance, time, _, _ = four(key, i, when.month, HELPING, ZERO)
            value = np.int64(min(helping + chance, MOST_HOURS))
            if value > 0:
                note(sheet, who, moment(when, time, HELPING * SLOTS), SERVED, NONE, value, ZERO, ZERO)
        careless = looked_up(tables.careless, float(traits.honesty[i]))
        _family(who, i, when, key, age, careless * (1.0 - float(dispositions.restraint[i])), rates, sheet)


@loop
def _family(who, i, when, key, age, tempted, rates, sheet):
    """Parents who are not supported, children who were not planned."""
    parents, birth, day, _ = four(key, i, when.month, FAMILY, ZERO)
    if LEAST_PARENTS <= age <= MOST_PARENTS and parents < rates.parents * tempted:
        note(sheet, who, moment(when, day, FAMILY * SLOTS), NEGLECTED, NONE, NONE, ZERO, ZERO)
    if LEAST_BIRTH <= age <= MOST_BIRTH and birth < rates.births:
        note(sheet, who, moment(when, day, FAMILY * SLOTS + 1), UNPLANNED, NONE, NONE, ZERO, ZERO)
