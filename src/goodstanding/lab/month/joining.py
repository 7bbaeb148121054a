"""Helping, giving blood, honours, and what a state counts against families."""

from __future__ import annotations

from typing import Final

import numpy as np

from goodstanding.lab.city.kinds import kind_of
from goodstanding.lab.loops import loop
from goodstanding.lab.month.dice import (
    BORN,
    CIVIC,
    CIVIC_2,
    FAMILY,
    HELPING,
    HONOUR,
    born,
    four,
    lasting,
    looked_up,
    moment,
)
from goodstanding.lab.month.sheet import NONE, note

SERVED: Final = kind_of("volunteer.served")
BLOOD: Final = kind_of("blood.donated")
BRAVE: Final = kind_of("brave.act")
COMMENDED: Final = kind_of("commendation.received")
NOMINATED: Final = kind_of("hero.nominated")
NEGLECTED: Final = kind_of("parents.neglected")
UNPLANNED: Final = kind_of("birth.unplanned")
LEAST_BLOOD, MOST_BLOOD = 18, 55
"""Ages at which blood is taken (recalled: China's law on blood donation)."""
OF_THAT_AGE: Final = 0.7
"""Their share of adults (`people.age_shares`): the parameter is a rate of all adults."""
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
        served, hours, day, blood = four(key, i, when.month, CIVIC, 0)
        brave, commended, hero, later = four(key, i, when.month, CIVIC_2, 0)
        if volunteer < rates.volunteers and served < rates.served:
            value = 1 + np.int64(min(lasting(max(rates.hours - 0.5, 0.0), hours), MOST_HOURS))
            note(sheet, who, moment(when, day, CIVIC, 0), SERVED, NONE, value, 0, 0)
        age = traits.age[i]
        if blood < rates.blood / OF_THAT_AGE and LEAST_BLOOD <= age <= MOST_BLOOD:
            note(sheet, who, moment(when, later, CIVIC, 1), BLOOD, NONE, NONE, 0, 0)
        if brave < rates.brave:
            note(sheet, who, moment(when, day, HONOUR, 0), BRAVE, NONE, NONE, 0, 0)
        if commended < rates.commended:
            note(sheet, who, moment(when, day, HONOUR, 1), COMMENDED, NONE, NONE, 0, 0)
        if hero < rates.heroes:
            note(sheet, who, moment(when, day, HONOUR, 2), NOMINATED, NONE, NONE, 0, 0)
        helping = float(dispositions.helping[i])
        if helping > 0.0:
            chance, time, _, _ = four(key, i, when.month, HELPING, 0)
            value = np.int64(min(helping + chance, MOST_HOURS))
            if value > 0:
                note(sheet, who, moment(when, time, HELPING, 0), SERVED, NONE, value, 0, 0)
        careless = looked_up(tables.careless, float(traits.honesty[i]))
        _family(who, i, when, key, age, careless * (1.0 - float(dispositions.restraint[i])), rates, sheet)


@loop
def _family(who, i, when, key, age, tempted, rates, sheet):
    """Parents who are not supported, children who were not planned."""
    parents, birth, day, _ = four(key, i, when.month, FAMILY, 0)
    if LEAST_PARENTS <= age <= MOST_PARENTS and parents < rates.parents * tempted:
        note(sheet, who, moment(when, day, FAMILY, 0), NEGLECTED, NONE, NONE, 0, 0)
    if LEAST_BIRTH <= age <= MOST_BIRTH and birth < rates.births:
        note(sheet, who, moment(when, day, FAMILY, 1), UNPLANNED, NONE, NONE, 0, 0)
