"""What each operation does with the events that it selects: one loop over all of them, without a branch.

An event that was not selected has a mask of 0, and with it what would be added is nothing, and what would be compared
is the least or the greatest number there is.
"""

from __future__ import annotations

import numpy as np

from goodstanding.kernel.selecting import keep_fields, keep_there, select_by_age
from goodstanding.loops import loop
from goodstanding.program import tables as t


@loop
def _add(slots, s, work, many, field):
    """Add up a field, or count where there is none."""
    if field == t.NO_FIELD:
        for j in range(many):
            slots[s, np.uint64(work[t.WHO, j])] -= work[t.CHOSEN, j]
    else:
        for j in range(many):
            slots[s, np.uint64(work[t.WHO, j])] += work[field, j] & work[t.CHOSEN, j]


@loop
def _keep_greatest(slots, s, work, many, row, nothing):
    """Keep each person's greatest number in a row of `work`."""
    for j in range(many):
        who, mask = np.uint64(work[t.WHO, j]), work[t.CHOSEN, j]
        slots[s, who] = max(slots[s, who], (work[row, j] & mask) | (nothing & ~mask))


@loop
def _keep_least(slots, s, work, many, row):
    """Keep each person's least number in a row of `work`."""
    for j in range(many):
        who, mask = np.uint64(work[t.WHO, j]), work[t.CHOSEN, j]
        slots[s, who] = min(slots[s, who], (work[row, j] & mask) | (np.int64(t.FAR) & ~mask))


@loop
def _mark(slots, s, work, many, field):
    """Set the bit of each code."""
    for j in range(many):
        slots[s, np.uint64(work[t.WHO, j])] |= (np.int64(1) << work[field, j]) & work[t.CHOSEN, j]


@loop
def _distinct(slots, s, work, many, field, seen, which, last, stamp):
    """Put each person's codes into an open-addressed set, and count those that were not in it.

    Entries of other stamps count as free. The set is at most half full, so that the first place nearly always decides:
    whether a code is new, which cannot be foreseen, is no branch.
    """
    chosen = 0
    for j in range(many):
        work[t.PLACE, np.uint64(chosen)] = (work[t.WHO, j] << 32) | work[field, j]
        chosen -= work[t.CHOSEN, j]
    for n in range(chosen):
        place = work[t.PLACE, n]
        person, code = place >> 32, place & 0xFFFF_FFFF
        full = (np.int64(stamp) << 40) | place
        at = np.uint64((((code * 0x61C88647) >> 12) + person * 97) & last)
        while (seen[which, at] >> 40) == stamp and seen[which, at] != full:
            at = np.uint64((np.int64(at) + 1) & last)
        slots[s, np.uint64(person)] += seen[which, at] != full
        seen[which, at] = full


@loop
def _decay(slots, s, work, many, weights, first, last):
    """Add up weights by age; the last of an operation's weights is 0, and stands for all greater ages."""
    for j in range(many):
        weight = weights[np.uint64(first + min(work[t.AGE, j], last))]
        slots[s, np.uint64(work[t.WHO, j])] += weight & work[t.CHOSEN, j]


@loop
def _break(slots, s, broken, work, many):
    """Note the last row that broke each streak; nothing before it counts."""
    for j in range(many):
        who, mask = np.uint64(work[t.WHO, j]), work[t.CHOSEN, j]
        slots[broken, who] = max(slots[broken, who], work[t.ROW, j] | ~mask)
        slots[s, who] &= ~mask


@loop
def _count_after(slots, s, broken, work, many):
    """Count the rows after the last that broke each streak. All breaks are noted before, so these let it go on."""
    for j in range(many):
        who = np.uint64(work[t.WHO, j])
        slots[s, who] += np.int64(work[t.ROW, j] > slots[broken, who]) & work[t.CHOSEN, j]


@loop
def operate(slots, work, many, listed, low, high, ops, sets, weights, seen, last, stamp):
    """Run the operations listed[low:high] over the events of a group.

    This is one function, and what it calls are plain loops over two arrays, because whatever else takes arrays counts
    who refers to them, for each operation, and threads wait for each other to count.

    Args:
        last: the last place in the sets of `distinct` that this block uses, a power of two less one.
    """
    for n in range(low, high):
        o = listed[n]
        code, field, s, extra = ops[o, t.OP_CODE], ops[o, t.OP_FIELD], ops[o, t.OP_SLOT], ops[o, t.OP_EXTRA]
        select_by_age(work, many, ops, o)
        if ops[o, t.OP_TESTED]:
            keep_fields(work, many, ops, o, sets)
        if field != t.NO_FIELD:
            keep_there(work, many, field)
        if code == t.SUM:
            _add(slots, s, work, many, field)
        elif code == t.COUNT:
            _add(slots, s, work, many, t.NO_FIELD)
        elif code == t.GREATEST:
            _keep_greatest(slots, s, work, many, field, t.NULL)
        elif code == t.LEAST:
            _keep_least(slots, s, work, many, field)
        elif code == t.OLDEST:
            _keep_greatest(slots, s, work, many, t.AGE, t.NULL)
        elif code == t.NEWEST:
            _keep_least(slots, s, work, many, t.AGE)
        elif code == t.LATEST:
            _keep_greatest(slots, s, work, many, t.ROW, np.int64(-1))
        elif code == t.DECAY:
            _decay(slots, s, work, many, weights, extra, ops[o, t.OP_EXTRA_SIZE] - 1)
        elif code == t.MARK:
            _mark(slots, s, work, many, field)
        elif code == t.DISTINCT:
            _distinct(slots, s, work, many, field, seen, extra, last, stamp)
        elif code == t.BREAK:
            _break(slots, s, extra, work, many)
        else:
            _count_after(slots, s, extra, work, many)
