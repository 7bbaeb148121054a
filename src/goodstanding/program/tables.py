"""How a program lies in memory: the columns of its tables, and the codes in them.

The program writes these tables and the kernel reads them; this file is all that the two have to agree about.
"""

from __future__ import annotations

import numpy as np

DAY = 86_400_000_000
"""Microseconds in a day (specification section 2: spans are whole days of 86,400 s)."""

NULL = np.int64(-(2**63))
"""No number: a null field, or a slot that nothing was put in."""

BLOCK = 64

# What an operation does with an event: put a number into its slot, added to what is there or instead of it; keep the
# least, the greatest, the first; count different ones; count a streak; add a weight by age. Column OP_CODE.
PUT, LEAST, GREATEST, FIRST, DISTINCT, STREAK, DECAY = range(7)

# The number that it takes; column OP_FIELD. The last three are codes, read by `distinct` alone.
ZERO, ONE, AMOUNT, VALUE, LABEL, AGE, PARTY, MATTER, SOURCE = range(9)
NUMBERS = 6

NO_FIELD = ZERO

# Columns of the operations table, one row an operation.
OP_CODE, OP_SLOT, OP_AGE_LEAST, OP_AGE_BELOW, OP_FIELD, OP_KEEPS, OP_EXTRA, OP_EXTRA_SIZE = range(8)
# The tests that the catalogue of kinds cannot settle: ranges of amount and value, sets of parties and matters.
OP_AMOUNT_MIN, OP_AMOUNT_MAX, OP_VALUE_MIN, OP_VALUE_MAX, OP_PARTIES, OP_MATTERS = range(8, 14)
# The same once more for what a streak's events must satisfy to go on.
OP_ONWARD = 14
OP_WIDTH = 20

KEEP, REPLACE = -1, 0
"""Column OP_KEEPS: all bits of what is in the slot, or none."""

# How a measure is read off its slots; column 0 of the factors table.
WHOLE, FRACTION, LABELLED, LISTED, TIED, NO_FORM = range(6)
# What a measure of ties takes of the own scores at the other ends; column F_TAKE.
TIES_COUNT, TIES_MEAN, TIES_MIN, TIES_MAX = range(4)

NOBODY = -(2**31)
"""In the place of an own score, in 32 bits: there is none."""

MOST_OWN = 2**31 - 2
"""The greatest own score, without sign, that ties are read from in 32 bits."""

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
