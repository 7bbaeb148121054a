"""Which events an operation selects: by age, by ranges of amount and value, by sets of parties and matters.

The answer is a mask for each event, all ones where it passed and 0 where it did not. What an operation would add is
taken together with the mask, so that there is no branch that could be guessed wrong, and several events are tested at
once.

Here and in `operating`, `work` has the events of a group in its columns (`tables.ROW` and on), `many` of them.
"""

from __future__ import annotations

import numpy as np

from goodstanding.loops import inlined, loop
from goodstanding.program import tables as t


@inlined
def passes(ops, o, at, amount, value, party, matter, sets):
    """Whether an event satisfies the tests of operation `o` that begin at column `at`. A null satisfies none."""
    if amount < ops[o, at] or amount > ops[o, at + 1] or value < ops[o, at + 2] or value > ops[o, at + 3]:
        return False
    if ops[o, at + 4] != t.UNTESTED and sets[ops[o, at + 4] + np.int64(party)] == 0:
        return False
    return not (ops[o, at + 5] != t.UNTESTED and sets[ops[o, at + 5] + np.int64(matter)] == 0)


@loop
def _within(work, many, mask, column, least, most):
    """Keep the events whose number lies in a range; null is the least number there is."""
    for j in range(many):
        work[mask, j] &= -np.int64((work[column, j] >= least) & (work[column, j] <= most))


@loop
def _among(work, many, mask, column, members, first):
    """Keep the events whose party or matter is in a set; the code 0, of those that have none, is in no set."""
    for j in range(many):
        work[mask, j] &= -np.int64(members[np.uint64(first + work[column, j])])


@loop
def _narrow(work, many, mask, ops, o, at, sets):
    """Keep the events that pass the six tests of operation `o` that begin at column `at`."""
    for column, first in ((t.AMOUNT, at), (t.VALUE, at + 2)):
        least, most = ops[o, first], ops[o, first + 1]
        if least != t.LEAST_NUMBER or most != t.MOST_NUMBER:
            _within(work, many, mask, column, least, most)
    for column, first in ((t.PARTY, at + 4), (t.MATTER, at + 5)):
        if ops[o, first] != t.UNTESTED:
            _among(work, many, mask, column, sets, ops[o, first])


@loop
def select_by_age(work, many, ops, o):
    """Fill `tables.CHOSEN`: which events have an age that operation `o` asks for, if it asks for any."""
    least, below = ops[o, t.OP_AGE_LEAST], ops[o, t.OP_AGE_BELOW]
    for j in range(many):
        work[t.CHOSEN, j] = -np.int64((work[t.AGE, j] >= least) & (work[t.AGE, j] < below))


@loop
def keep_there(work, many, field):
    """Keep the events that have a field; where it has codes, null has the code 0."""
    null = t.NULL if field <= t.VALUE else np.int64(0)
    for j in range(many):
        work[t.CHOSEN, j] &= -np.int64(work[field, j] != null)


@loop
def keep_fields(work, many, ops, o, sets):
    """Keep the events that pass the tests of operation `o`; of a streak's, those that break it if it asks for them."""
    _narrow(work, many, t.CHOSEN, ops, o, t.OP_AMOUNT_MIN, sets)
    if ops[o, t.OP_TESTED] & t.NOT_ONWARD:
        work[t.ONWARD, :many] = -1
        _narrow(work, many, t.ONWARD, ops, o, t.OP_ONWARD, sets)
        for j in range(many):
            work[t.CHOSEN, j] &= ~work[t.ONWARD, j]
