"""How a program lies in memory: the columns of its tables, and the codes in them.

The program writes these tables and the kernel reads them; this file is all that the two have to agree about.
"""

from __future__ import annotations

import numpy as np

from goodstanding.limits import DAY_US

DAY = DAY_US
"""Microseconds in a day."""

MOST_DAYS = 2**31 - 1
"""More days than any moment that fits 64 bits lies after another; an age is kept in 32 bits."""

NULL = np.int64(-(2**63))
"""No number: a null field, or a slot that nothing was put in."""

LEAST_NUMBER, MOST_NUMBER = np.int64(-(2**63)), np.int64(2**63 - 1)
"""The ends of the range that every number is in, null too."""

BLOCK = 256
"""People who are worked on at a time: a byte says who of them. With fewer, an operation has fewer events to run on."""

CHUNK = 8_192
"""Events that are worked on at a time: few enough to stay in a cache."""

# An event that is to be sorted is one number: the lowest bits say whose it is, then comes its age in days, which has
# this many bits since 2^64 microseconds are fewer than 2^28 days, then its place among the events of its person.
WHO_BITS, AGE_BITS = 8, 28

LANES = 8
"""Events of one person come one after another. They are laid so far apart that a sum is not waited for at each step."""

# What an operation does with the events that it selects; column OP_CODE. All but COUNT_AFTER may be done in any order:
# the latest event is the one with the greatest row, and a streak counts what comes after the last event that broke it.
COUNT, SUM, LEAST, GREATEST, OLDEST, NEWEST, LATEST, BREAK, COUNT_AFTER, DECAY, DISTINCT, MARK = range(12)

# The field of an event that an operation reads; column OP_FIELD.
NO_FIELD, AMOUNT, VALUE, PARTY, MATTER, LABEL, SOURCE = range(7)
# Where events are worked on, each field has a row under its own number; these are the other rows: the row in the book,
# whose event it is, its age, whether an operation selects it, two for passing use, and three for sorting.
ROW, WHO, AGE, CHOSEN, ONWARD, PLACE, RAW, GROUP, SORTED = range(7, 16)
WORK_ROWS = 16

# What is tested besides the age, as bits of column OP_TESTED: amount, value, party or matter; of a streak's events,
# that they do not satisfy what lets it go on.
FIELDS, NOT_ONWARD = 1, 2

# Columns of the operations table, one row an operation.
OP_CODE, OP_SLOT, OP_AGE_LEAST, OP_AGE_BELOW, OP_TESTED, OP_FIELD, OP_EXTRA, OP_EXTRA_SIZE = range(8)
# The tests that the catalogue of kinds cannot settle: ranges of amount and value; where sets of parties and matters
# begin, or UNTESTED.
OP_AMOUNT_MIN, OP_AMOUNT_MAX, OP_VALUE_MIN, OP_VALUE_MAX, OP_PARTIES, OP_MATTERS = range(8, 14)
# The same once more for what a streak's events must satisfy to go on.
OP_ONWARD = 14
OP_WIDTH = 20

# What is done with a slot when all events are read: nothing; FAR means that nothing came; it holds the row of an event
# whose field is wanted; it holds bits to be counted.
AS_IT_IS, FAR_IS_NULL, TO_AMOUNT, TO_VALUE, TO_LABEL, TO_COUNT = range(6)

STAMPS = 2**22
"""Blocks after which the sets of `distinct` are emptied: a stamp shares a number with a person and a code."""

MARKS = 62
"""Up to so many different ones are marked as bits of one number."""

# How a measure is read off its slots; column 0 of the factors table.
WHOLE, FRACTION, LABELLED, LISTED, TIED, NO_FORM = range(6)
# What a measure of ties takes of the own scores at the other ends; column F_TAKE, and its F_SLOT.
TIES_COUNT, TIES_MEAN, TIES_MIN, TIES_MAX = range(4)

NO_TIE = -1
"""In the place of a kind of tie: of a factor that reads none."""

NOBODY = -(2**31)
"""In the place of an own score, in 32 bits: there is none."""

MOST_OWN = 2**31 - 2
"""The greatest own score, without sign, that ties are read from in 32 bits."""

TIES_AT_ONCE = 4_096
"""Ties over which sums are kept at a time: few enough to stay in a cache."""

# How points are read off a measure; column F_POINTS.
BANDS, EACH, LABELS = range(3)
F_FORM, F_SLOT, F_DIVISOR, F_POINTS, F_START, F_STOP, F_WIDE, F_NONE, F_DIMENSION, F_LIST = range(10)
(
    F_EACH,
    F_EACH_TIMES,
    F_EACH_PER,
    F_EACH_MIN,
    F_EACH_MAX,
    F_PER_WHOLE,
    F_PER_PART,
    F_SCALE,
    F_FRACTION,
    F_TAKE,
    F_TIE,
) = range(10, 21)
F_WIDTH = 21

# Columns of the bands table: the threshold in the measure's own steps, then whole and ten-thousandths, then points.
B_STEP, B_WHOLE, B_PART, B_POINTS = range(4)

PARTS = 10_000
"""A policy's numbers have at most four decimal places (specification section 2)."""

BEYOND = 2.0e18
"""A size that no whole part of a measure has; products are compared with it before they are taken."""

FAR = 2**62
"""Beyond any whole part that a measure can have; see `reaches`."""

UNTESTED = -1
"""In the place of a set of parties or matters: any will do."""

# What an operation of a list does; the list is in OP_SLOT.
OPENS, CLOSES = 101, 102

# Columns of the lists table, one row a list; spans in microseconds, FAR where there is none.
L_KEY, L_CLOSED_AFTER, L_EXPIRES, L_TIMES, L_WITHIN = range(5)
L_WIDTH = 5
