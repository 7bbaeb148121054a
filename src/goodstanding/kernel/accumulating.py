"""Events to slots: a block's events are sorted by what they run, then each operation runs over its own.

Which kind of event comes next cannot be foreseen, so a loop that decides for each event anew what to do guesses wrong
most of the time. Sorted by their operations first, hundreds of events share one decision, and the loops below have none
in them.

Order is kept where it matters: rows lie in order, so that the latest event has the greatest row, and a streak is what
comes after the last row that broke it.
"""

from __future__ import annotations

import numpy as np

from goodstanding.kernel.selecting import in_ranges, select
from goodstanding.loops import loop
from goodstanding.program import tables as t


@loop
def _is_new(seen, mask, stamp, who, code):
    """Put a person's code into an open-addressed set whose entries of other stamps count as free; was it new?"""
    full = (np.int64(stamp) << 40) | (who << 32) | code
    at = (((code * 0x61C88647) >> 12) + who * 97) & mask
    while (seen[at] >> 40) == stamp:
        if seen[at] == full:
            return False
        at = (at + 1) & mask
    seen[at] = full
    return True


@loop
def _count_chosen(slot, ops, o, first, last, chunk, events):
    """Count the events of chunk[first:last] that pass the tests of operation `o`, if those are ages and ranges only."""
    rows, who, ages = chunk
    amount, value = events[2], events[3]
    least, below = ops[o, t.OP_AGE_LEAST], ops[o, t.OP_AGE_BELOW]
    if ops[o, t.OP_TESTED] == t.AGES:
        for j in range(first, last):
            slot[who[j]] += (ages[j] >= least) & (ages[j] < below)
        return
    for j in range(first, last):
        row = rows[j]
        passed = in_ranges(ops, o, t.OP_AMOUNT_MIN, amount[row], value[row])
        slot[who[j]] += passed & (ages[j] >= least) & (ages[j] < below)


@loop
def _sum_chosen(slot, ops, o, first, last, chunk, events, column):
    """Add up a column over the events that pass them."""
    rows, who, ages = chunk
    amount, value = events[2], events[3]
    least, below = ops[o, t.OP_AGE_LEAST], ops[o, t.OP_AGE_BELOW]
    if ops[o, t.OP_TESTED] == t.AGES:
        for j in range(first, last):
            number = column[rows[j]]
            passed = (ages[j] >= least) & (ages[j] < below) & (number != t.NULL)
            slot[who[j]] += number if passed else 0
        return
    for j in range(first, last):
        row = rows[j]
        number = column[row]
        passed = in_ranges(ops, o, t.OP_AMOUNT_MIN, amount[row], value[row])
        passed = passed & (ages[j] >= least) & (ages[j] < below) & (number != t.NULL)
        slot[who[j]] += number if passed else 0


@loop
def _number(slot, code, first, last, rows, who, column):
    """Operations on an amount or a value; a null, the least number there is, is passed over."""
    if code == t.SUM:
        for j in range(first, last):
            number = column[rows[j]]
            slot[who[j]] += number if number != t.NULL else 0
    elif code == t.GREATEST:
        for j in range(first, last):
            slot[who[j]] = max(slot[who[j]], column[rows[j]])
    elif code == t.LEAST:
        for j in range(first, last):
            number = column[rows[j]]
            slot[who[j]] = min(slot[who[j]], number if number != t.NULL else t.FAR)
    elif code == t.LATEST:
        for j in range(first, last):
            row = rows[j]
            slot[who[j]] = max(slot[who[j]], np.int64(row) if column[row] != t.NULL else -1)
    else:  # COUNT: of those that have the field
        for j in range(first, last):
            slot[who[j]] += column[rows[j]] != t.NULL


@loop
def _field(slot, code, first, last, rows, who, codes, seen, mask, stamp):
    """Operations on codes, one an event of chunk[first:last]; a null has the code 0 and is passed over."""
    if code == t.MARK:
        for j in range(first, last):
            slot[who[j]] |= (np.int64(1) << np.int64(codes[j])) & ~np.int64(1)
    elif code == t.LATEST:
        for j in range(first, last):
            slot[who[j]] = max(slot[who[j]], np.int64(rows[j]) if codes[j] > 0 else -1)
    else:
        for j in range(first, last):
            if codes[j] > 0 and _is_new(seen, mask, stamp, np.int64(who[j]), np.int64(codes[j])):
                slot[who[j]] += 1


@loop
def _look_up_codes(field, first, last, rows, events, kinds, codes):
    """The codes of party, matter, label or source of the events rows[first:last]."""
    kind, party, matter = events[1], events[4], events[5]
    labels, sources = kinds[4], kinds[5]
    if field == t.PARTY:
        for j in range(first, last):
            codes[j] = party[rows[j]]
    elif field == t.MATTER:
        for j in range(first, last):
            codes[j] = matter[rows[j]]
    elif field == t.LABEL:
        for j in range(first, last):
            codes[j] = labels[kind[rows[j]]]
    else:
        for j in range(first, last):
            codes[j] = sources[kind[rows[j]]]


@loop
def _apply(slots, ops, o, first, last, chunk, events, kinds, weights, codes, seen, mask, stamp):
    """Run operation `o` over chunk[first:last]."""
    rows, who, ages = chunk
    code, field = ops[o, t.OP_CODE], ops[o, t.OP_FIELD]
    slot = slots[ops[o, t.OP_SLOT]]
    if field == t.AMOUNT:
        _number(slot, code, first, last, rows, who, events[2])
    elif field == t.VALUE:
        _number(slot, code, first, last, rows, who, events[3])
    elif field != t.NO_FIELD:
        at = ops[o, t.OP_EXTRA] if code == t.DISTINCT else 0
        _look_up_codes(field, first, last, rows, events, kinds, codes)
        _field(slot, code, first, last, rows, who, codes, seen[at], mask, stamp)
    elif code == t.COUNT:
        for j in range(first, last):
            slot[who[j]] += 1
    elif code == t.OLDEST:
        for j in range(first, last):
            slot[who[j]] = max(slot[who[j]], np.int64(ages[j]))
    elif code == t.NEWEST:
        for j in range(first, last):
            slot[who[j]] = min(slot[who[j]], np.int64(ages[j]))
    elif code == t.DECAY:
        begin, size = ops[o, t.OP_EXTRA], ops[o, t.OP_EXTRA_SIZE]
        for j in range(first, last):
            slot[who[j]] += weights[begin + ages[j]] if ages[j] < size else 0
    else:
        _streak(slot, slots[ops[o, t.OP_EXTRA]], code, first, last, rows, who)


@loop
def _streak(slot, broken, code, first, last, rows, who):
    """Note the last row that broke each streak, or count the rows after it."""
    if code == t.BREAK:
        for j in range(first, last):
            broken[who[j]] = max(broken[who[j]], np.int64(rows[j]))
            slot[who[j]] = 0
    else:
        for j in range(first, last):
            slot[who[j]] += np.int64(rows[j]) > broken[who[j]]


@loop
def work_chunk(
    slots, chunk, order, touched, many, events, kinds, ops, sets, weights, selected, codes, seen, mask, stamp
):
    """Run the operations of every group over its events.

    Args:
        chunk: rows, people and ages, sorted by group.
        order: by group, where its events end in the chunk, those of the group before being where they begin.
        touched: the groups that occur, `many` of them.
        kinds: for each group listed[starts[g]:middles[g]] are the operations that may come in any order, and
            listed[middles[g]:starts[g + 1]] those that count what comes after.
    """
    _, starts, middles, listed, _, _ = kinds
    for phase in range(2):
        begin = 0
        for n in range(many):
            group = touched[n]
            end = order[group]
            low, high = starts[group], middles[group]
            if phase == 1:
                low, high = middles[group], starts[group + 1]
            for j in range(low, high):
                o = listed[j]
                # Counts and sums are most of the work: they need no copy of what they select.
                short = 0 < ops[o, t.OP_TESTED] <= t.AGES | t.IN_RANGES
                field = ops[o, t.OP_FIELD]
                if short and ops[o, t.OP_CODE] == t.COUNT and field == t.NO_FIELD:
                    _count_chosen(slots[ops[o, t.OP_SLOT]], ops, o, begin, end, chunk, events)
                elif short and ops[o, t.OP_CODE] == t.SUM:
                    column = events[2] if field == t.AMOUNT else events[3]
                    _sum_chosen(slots[ops[o, t.OP_SLOT]], ops, o, begin, end, chunk, events, column)
                elif ops[o, t.OP_TESTED]:
                    chosen = select(ops, o, begin, end, chunk, events, sets, selected)
                    _apply(slots, ops, o, 0, chosen, selected, events, kinds, weights, codes, seen, mask, stamp)
                else:
                    _apply(slots, ops, o, begin, end, chunk, events, kinds, weights, codes, seen, mask, stamp)
            begin = end


@loop
def sort_chunk(filled, raw, groups, counts, touched, many, chunk):
    """Sort the events of a chunk by group, keeping their order; leaves in `counts` where each group ends."""
    rows, who, ages = chunk
    raw_rows, raw_who, raw_ages = raw
    at = 0
    for n in range(many):
        group = touched[n]
        size = counts[group]
        counts[group] = at
        at += size
    for j in range(filled):
        group = groups[j]
        place = counts[group]
        counts[group] = place + 1
        rows[place] = raw_rows[j]
        who[place] = raw_who[j]
        ages[place] = raw_ages[j]


@loop
def accumulate(slots, block, size, begin, end, as_of, events, kinds, ops, sets, weights, room, seen, stamp):
    """Read the events up to `as_of` of the people `block` to `block + size` into the columns of `slots`.

    Args:
        room: what `make_room` gave.
        seen: the sets of `distinct`, a row each, for this block alone where `stamp` is new.
    """
    raw, groups, counts, touched, chunk, selected, codes = room
    raw_rows, raw_who, raw_ages = raw
    time, kind = events[0], events[1]
    group_of = kinds[0]
    mask = 1
    total = 0
    for i in range(size):
        total += end[block + i] - begin[block + i]
    while mask < 2 * total:  # only as much of the sets as this block needs: it stays in the cache
        mask *= 2
    mask -= 1
    filled = 0
    many = 0
    for i in range(size):
        for e in range(begin[block + i], end[block + i]):
            moment = time[e]
            if moment > as_of:
                break
            group = group_of[kind[e]]
            if group == 0:
                continue
            raw_rows[filled] = e
            raw_who[filled] = i
            raw_ages[filled] = np.uint64(as_of - moment) // np.uint64(t.DAY)
            groups[filled] = group
            if counts[group] == 0:
                touched[many] = group
                many += 1
            counts[group] += 1
            filled += 1
            if filled == t.CHUNK:
                sort_chunk(filled, raw, groups, counts, touched, many, chunk)
                work_chunk(
                    slots,
                    chunk,
                    counts,
                    touched,
                    many,
                    events,
                    kinds,
                    ops,
                    sets,
                    weights,
                    selected,
                    codes,
                    seen,
                    mask,
                    stamp,
                )
                for n in range(many):
                    counts[touched[n]] = 0
                filled = 0
                many = 0
    sort_chunk(filled, raw, groups, counts, touched, many, chunk)
    work_chunk(
        slots, chunk, counts, touched, many, events, kinds, ops, sets, weights, selected, codes, seen, mask, stamp
    )
    for n in range(many):
        counts[touched[n]] = 0


@loop
def make_room(groups):
    """Room in which `accumulate` sorts events: as they come, by group, and those that an operation selects."""
    size = t.CHUNK
    raw = (np.empty(size, np.uint32), np.empty(size, np.uint8), np.empty(size, np.int32))
    chunk = (np.empty(size, np.uint32), np.empty(size, np.uint8), np.empty(size, np.int32))
    selected = (np.empty(size + 1, np.uint32), np.empty(size + 1, np.uint8), np.empty(size + 1, np.int32))
    groups_of, touched, codes = np.empty(size, np.uint32), np.empty(size, np.uint32), np.empty(size, np.uint32)
    return raw, groups_of, np.zeros(groups, np.int32), touched, chunk, selected, codes


@loop
def finish(slots, endings, size, events, kinds):
    """Turn what the slots hold into numbers, NULL where nothing came."""
    _, kind, amount, value, _, _ = events
    labels = kinds[4]
    for s in range(endings.size):
        slot = slots[s]
        ending = endings[s]
        if ending == t.FAR_IS_NULL:
            for i in range(size):
                slot[i] = t.NULL if slot[i] == t.FAR else slot[i]
        elif ending == t.TO_COUNT:
            for i in range(size):
                many = 0
                left = slot[i]
                while left:
                    left &= left - 1
                    many += 1
                slot[i] = many
        elif ending != t.AS_IT_IS:
            for i in range(size):
                row = slot[i]
                if row < 0:
                    slot[i] = t.NULL
                elif ending == t.TO_AMOUNT:
                    slot[i] = amount[row]
                elif ending == t.TO_VALUE:
                    slot[i] = value[row]
                else:
                    slot[i] = labels[kind[row]]
