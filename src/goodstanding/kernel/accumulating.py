"""Events to slots: a block's events are sorted by what they run, then each operation runs over its own.

Which kind of event comes next cannot be foreseen, so a loop that decides for each event anew what to do guesses wrong
most of the time. Sorted by their operations first, hundreds of events share one decision, and the loops that run them
have none in them.

Rows lie in order, so that the latest event has the greatest row, and a streak is what comes after the last row that
broke it. Hence a group's events may come in any order.
"""

from __future__ import annotations

import numpy as np

from goodstanding.kernel.operating import operate
from goodstanding.loops import loop
from goodstanding.program import tables as t


@loop
def make_room(groups, events):
    """Room in which `accumulate` sorts events and works on them: `tables.WORK_ROWS` rows, counts, groups that occur."""
    # Some more than a chunk, since rows that lie a power of two apart drive each other out of the cache.
    work = np.empty((t.WORK_ROWS, min(events, t.CHUNK) + 72), np.int64)
    return work, np.zeros(groups, np.uint32), np.empty(groups, np.uint32)


@loop
def _gather(work, field, many, column):
    """One field of the events of a group."""
    for j in range(many):
        work[field, j] = column[np.uint64(work[t.ROW, j])]


@loop
def _gather_by_kind(work, field, many, kind, codes):
    """A field that the kind of an event settles."""
    for j in range(many):
        work[field, j] = codes[kind[np.uint64(work[t.ROW, j])]]


@loop
def _lay_out(work, first, many, starts):
    """Lay out the events of a group, which are sorted from `first` on, those of a person `tables.LANES` apart."""
    j = lane = np.uint64(0)
    for n in range(many):
        one = work[t.SORTED, np.uint64(first + n)]
        person = one & ((1 << t.WHO_BITS) - 1)
        work[t.ROW, j] = starts[np.uint64(person)] + (one >> (t.WHO_BITS + t.AGE_BITS))
        work[t.WHO, j] = person
        work[t.AGE, j] = (one >> t.WHO_BITS) & ((1 << t.AGE_BITS) - 1)
        j += np.uint64(t.LANES)
        if j >= np.uint64(many):
            lane += np.uint64(1)
            j = lane


@loop
def _sort(work, filled, counts, occurring, many):
    """Sort the events of a chunk by group, keeping their order; leaves in `counts` where each group ends."""
    place = 0
    for n in range(many):
        size = counts[occurring[n]]
        counts[occurring[n]] = place
        place += size
    for j in range(filled):
        group = np.uint64(work[t.GROUP, j])
        place = counts[group]
        counts[group] = place + 1
        work[t.SORTED, place] = work[t.RAW, j]


@loop
def _work_chunk(slots, filled, many, starts, room, events, kinds, ops, sets, weights, seen, last, stamp):
    """Run the operations of every group over its events.

    First all that may come in any order, then what counts the events after others.
    """
    work, counts, occurring = room
    _, begins, middles, reads, listed, labels, sources = kinds
    _, kind, amount, value, party, matter = events
    _sort(work, filled, counts, occurring, many)
    for phase in range(2):
        first = np.int64(0)
        for n in range(many):
            g = occurring[n]
            size = np.int64(counts[g]) - first
            low, high = (begins[g], middles[g]) if phase == 0 else (middles[g], begins[g + 1])
            if low < high:
                asked = reads[phase, g]
                _lay_out(work, first, size, starts)
                if asked & (1 << t.AMOUNT):
                    _gather(work, t.AMOUNT, size, amount)
                if asked & (1 << t.VALUE):
                    _gather(work, t.VALUE, size, value)
                if asked & (1 << t.PARTY):
                    _gather(work, t.PARTY, size, party)
                if asked & (1 << t.MATTER):
                    _gather(work, t.MATTER, size, matter)
                if asked & (1 << t.LABEL):
                    _gather_by_kind(work, t.LABEL, size, kind, labels)
                if asked & (1 << t.SOURCE):
                    _gather_by_kind(work, t.SOURCE, size, kind, sources)
                operate(slots, work, size, listed, low, high, ops, sets, weights, seen, last, stamp)
            first += size
    for n in range(many):
        counts[occurring[n]] = 0


@loop
def accumulate(slots, block, size, begin, end, as_of, events, kinds, ops, sets, weights, room, seen, stamp, touched):
    """Read the events up to `as_of` of the people `block` to `block + size` into the columns of `slots`.

    Args:
        kinds: by kind twice its group, and one more where it opens or closes a list; by group where its operations
            begin among those listed, where those begin that count what comes after, and which fields either read.
        room: what `make_room` gave.
        seen: the sets of `distinct`, a row each, for this block alone where `stamp` is new.
        touched: gets those of the block, from 0, who have an event that opens or closes a list.

    Returns:
        How many are touched.
    """
    work, counts, occurring = room
    time, kind = events[0], events[1]
    group_of = kinds[0]
    starts = begin[block : block + size]
    last = 1
    total = 0
    for i in range(size):
        total += end[block + i] - begin[block + i]
    while last < 2 * total:  # only as much of the sets as this block needs: it stays in the cache
        last *= 2
    last -= 1
    filled = many = 0
    listed = np.int64(0)
    counts[0] = 1  # so that the group of those that run nothing never occurs
    for i in range(size):
        first = np.uint64(begin[block + i])
        touches = np.uint32(0)
        for place in range(end[block + i] - begin[block + i]):
            row = first + np.uint64(place)
            moment = time[row]
            if moment > as_of:
                break
            code = group_of[kind[row]]
            touches |= code
            group = code >> np.uint32(1)
            age = np.int64(np.uint64(as_of - moment) // np.uint64(t.DAY))
            work[t.RAW, np.uint64(filled)] = (place << (t.WHO_BITS + t.AGE_BITS)) | (age << t.WHO_BITS) | i
            work[t.GROUP, np.uint64(filled)] = group
            if counts[group] == 0:
                occurring[many] = group
                many += 1
            counts[group] += np.uint32(1)
            filled += group != 0
            if filled == t.CHUNK:
                _work_chunk(slots, filled, many, starts, room, events, kinds, ops, sets, weights, seen, last, stamp)
                filled = many = 0
        touched[listed] = i
        listed += np.int64(touches & np.uint32(1))
    _work_chunk(slots, filled, many, starts, room, events, kinds, ops, sets, weights, seen, last, stamp)
    return listed


@loop
def finish(slots, endings, size, events, kinds):
    """Turn what the slots hold into numbers, NULL where nothing came; without a branch for each person."""
    _, kind, amount, value, _, _ = events
    labels = kinds[-2]
    for s in range(endings.size):
        ending = endings[s]
        if ending == t.FAR_IS_NULL:
            for i in range(size):
                slots[s, i] = t.NULL if slots[s, i] == t.FAR else slots[s, i]
        elif ending == t.TO_COUNT:
            for i in range(size):
                slots[s, i] = _ones(slots[s, i])
        elif ending == t.TO_AMOUNT:
            _look_up(slots, s, size, amount)
        elif ending == t.TO_VALUE:
            _look_up(slots, s, size, value)
        elif ending == t.TO_LABEL:
            for i in range(size):
                slots[s, i] = t.NULL if slots[s, i] < 0 else labels[kind[slots[s, i]]]


@loop
def _look_up(slots, s, size, column):
    """Rows to what stands in them, NULL for the row −1; any row does to be looked at in its place."""
    if column.size == 0:
        slots[s, :size] = t.NULL
        return
    for i in range(size):
        row = slots[s, i]
        found = column[np.uint64(max(row, 0))]
        slots[s, i] = t.NULL if row < 0 else found


@loop
def _ones(bits):
    """How many bits of a number below 2^63 are set, by adding up neighbours."""
    bits -= (bits >> 1) & 0x5555_5555_5555_5555
    bits = (bits & 0x3333_3333_3333_3333) + ((bits >> 2) & 0x3333_3333_3333_3333)
    bits = (bits + (bits >> 4)) & 0x0F0F_0F0F_0F0F_0F0F
    bits += bits >> 8
    bits += bits >> 16
    return (bits + (bits >> 32)) & 0x7F
