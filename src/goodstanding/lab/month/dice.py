"""The dice of a month: four numbers a throw, which throw decides what, and how a number is read off.

A throw is named like every draw of the laboratory (`lab.streams`), and gives four numbers instead of one. Each kind of
event has a purpose of its own, which is also its place within the second in which it happens: no two events of a
resident share a moment, however many there are, and an event that a score calls forth moves no other.
"""

from __future__ import annotations

from math import log
from typing import Final

import numpy as np

from goodstanding.lab.loops import loop
from goodstanding.lab.streams import AT_BIRTH, LOW, philox, poisson

SECOND: Final = 1_000_000
"""Microseconds."""

ZERO: Final = np.int64(0)
"""Nothing, the first. Constants that loops hand on are of this type: for a plain number, whatever is called would be
compiled anew for each."""

# Purposes of what a resident is from the start (month AT_BIRTH), and of what is decided each month.
BORN, BORN_2 = np.arange(200, 202)
WORK, SHOCKS, BILL, FEES, BUYING, BOUGHT, GAME, NAPPIES, PLAY, RECEIPT = np.arange(210, 220)
GIFT, BOOKING, CREDIT, LOAN, INSTALMENT, CARD, CARD_2 = np.arange(220, 227)
RAIL, RAIL_2, AIR, AIR_2, FARE, TRAFFIC, TRAFFIC_2, HIRE, HIRE_2 = np.arange(228, 237)
CIVIC, CIVIC_2, CONTACT, HELPING, FAMILY, HONOUR = np.arange(237, 243)
SPEECH, PRAISE, CRITICAL, RUMOUR, PETITION, STUDY, PARTY, BREACH, CASE, COURT, SETTLING = np.arange(244, 255)
BEFORE: Final = np.int64(259)

FIRST_PURPOSE: Final = 200
SLOTS: Final = 64
"""Events of one purpose that a resident can have in a month, without sharing a moment."""

FED: Final = 20_000
"""The first place within a second that no event of this package takes; up to `records.SHIFT` they are free for what a
scorer reports."""

MOST: Final = 24
"""The most events of one purpose that a resident has in a month, whatever the rate: fewer than `SLOTS`."""

QUANTILES: Final = 1_024
"""Entries of a table that turns a number from 0 to 1 into something else."""


@loop
def four(key, person, month, purpose, n):
    """Four numbers from 0 (included) to 1 (excluded) for one purpose, in steps of 2**-32; months may be negative."""
    month = np.int64(month + 1) & LOW_MONTH
    a, b, c, d = philox(key[0], key[1], np.int64(person), month, np.int64(purpose), np.int64(n))
    step = 1.0 / 4294967296.0
    return np.float64(a) * step, np.float64(b) * step, np.float64(c) * step, np.float64(d) * step


LOW_MONTH: Final = np.int64(LOW)
"""A month before the first is a great number of 32 bits."""


@loop
def born(key, person, purpose):
    """Four numbers that a resident keeps: what they are from the start, where `Traits` do not say it."""
    return four(key, person, np.int64(AT_BIRTH), purpose, ZERO)


@loop
def moment(when, chance, place):
    """A moment of the month, in microseconds since 1970: a second by chance, and a place within it.

    Args:
        place: `purpose * SLOTS + n`, which is each event's own.
    """
    return when.start + np.int64(chance * when.seconds) * SECOND + place - FIRST_PURPOSE * SLOTS


@loop
def many(rate, chance):
    """How many, where `rate` are expected: more for a greater one, at most `MOST`."""
    if chance < 1.0 - rate:  # below exp(-rate) all the more, and most often so
        return 0
    return min(poisson(rate, chance), MOST)


@loop
def lasting(mean, chance):
    """A number above 0 whose mean is given, exponential; read off so that a greater mean gives a greater one."""
    return -mean * log(1.0 - chance)


@loop
def looked_up(table, chance):
    """The entry of a table of `QUANTILES` that a number from 0 to 1 falls on."""
    return table[min(np.int64(chance * QUANTILES), QUANTILES - 1)]
