"""The compiled loops of segments: rows in order, rows as canonical bytes, strings gathered.

Rows are counted into place by slot, as in a book, and only a person's own few rows are compared. Strings come as codes
into their bytes: code 0 is null, code c is data[starts[c - 1]:starts[c]].
"""

from __future__ import annotations

import numpy as np

from goodstanding.book.columns import NULL, UNRECORDED
from goodstanding.record.loops import loop
from goodstanding.record.moving import ask_for, move, put_whole

DIGIT = 11
"""Bits of a slot that one pass of counting puts in order: 2,048 counters, which stay in the nearest cache."""

SMALL = 48
"""Up to so many rows a person are sorted by insertion, more by merging."""

FIXED = 8 + 1 + 8 + 8 + 6 * 2
"""Bytes of a packed row without its strings: time, flags, amount, value, and six lengths."""

AHEAD = 16
"""How many strings before it is moved memory is asked for one."""

RECORDED = 64
"""The flag of a row that has a moment of recording of its own, eight bytes at its end."""


@loop
def count_by(slot, shift, rows, out, counts):
    """Put rows in order of one digit of their slots; those of one digit stay as they are."""
    mask = np.int64(counts.size - 1)
    counts[:] = 0
    for row in range(slot.size):
        counts[(np.int64(slot[row]) >> shift) & mask] += 1
    before = 0
    for digit in range(counts.size):
        many = counts[digit]
        counts[digit] = before
        before += many
    for i in range(rows.size):
        digit = (np.int64(slot[rows[i]]) >> shift) & mask
        out[counts[digit]] = rows[i]
        counts[digit] += 1


@loop
def _comes_before(a, b, time, data, starts):
    """Whether row `a` comes before row `b` of the same person: by time and id, ids by their UTF-8 bytes."""
    if time[a] != time[b]:
        return time[a] < time[b]
    at, end = starts[a], starts[a + 1]
    other, other_end = starts[b], starts[b + 1]
    while at < end and other < other_end:
        if data[at] != data[other]:
            return data[at] < data[other]
        at += 1
        other += 1
    return end - at < other_end - other


@loop
def _insert(rows, moments, first, last, time, data, starts):
    """Sort rows[first:last] by insertion; strings are asked only where two of their times, `moments`, are equal."""
    for i in range(first + 1, last):
        row, moment = rows[i], moments[i]
        j = i - 1
        while j >= first and moments[j] >= moment:
            if moments[j] == moment and not _comes_before(row, rows[j], time, data, starts):
                break
            rows[j + 1] = rows[j]
            moments[j + 1] = moments[j]
            j -= 1
        rows[j + 1] = row
        moments[j + 1] = moment


@loop
def _merge(rows, spare, moments, time, data, starts):
    """Sort rows by merging ever longer runs."""
    size = rows.size
    for start in range(0, size, SMALL):
        _insert(rows, moments, start, min(start + SMALL, size), time, data, starts)
    width = SMALL
    while width < size:
        for start in range(0, size, 2 * width):
            middle, stop = min(start + width, size), min(start + 2 * width, size)
            a, b = start, middle
            for k in range(start, stop):
                if a < middle and (b == stop or not _comes_before(rows[b], rows[a], time, data, starts)):
                    spare[k] = rows[a]
                    a += 1
                else:
                    spare[k] = rows[b]
                    b += 1
        rows[:] = spare[:size]
        width *= 2


@loop
def sort_within(slot, rows, spare, moments, time, data, starts):
    """Put each person's rows in order, where people are.

    Args:
        slot: by place in `rows`, ascending.
        spare: room for as many rows.
        moments: the times of `rows`.
    """
    first = 0
    while first < rows.size:
        last = first + 1
        while last < rows.size and slot[last] == slot[first]:
            last += 1
        if last - first <= SMALL:
            _insert(rows, moments, first, last, time, data, starts)
        else:
            _merge(rows[first:last], spare[first:last], moments[first:last], time, data, starts)
        first = last


@loop
def out_of_order(slot, time, data, starts):
    """The first row that does not come after the one before it; -1 where all do."""
    for row in range(1, slot.size):
        if slot[row] < slot[row - 1] or (
            slot[row] == slot[row - 1] and not _comes_before(row - 1, row, time, data, starts)
        ):
            return row
    return -1


@loop
def gather(data, starts, rows, ends, out):
    """Write the strings of some rows one after the other; `ends` says where each ends, from 0 on."""
    at = ends[0]
    for i in range(rows.size):
        if i + AHEAD < rows.size:
            ask_for(data, starts[rows[i + AHEAD]])
        move(out, at, data, starts[rows[i]], ends[i + 1] - at)
        at = ends[i + 1]


@loop
def _size(code, starts):
    return starts[code] - starts[code - 1] if code else 0


@loop
def ends_of(codes, starts, ends):
    """Where each string ends when those of some codes are written one after the other, from 0 on."""
    at = 0
    ends[0] = 0
    for i in range(codes.size):
        if i + AHEAD < codes.size:
            ask_for(starts, codes[i + AHEAD])
        at += _size(codes[i], starts)
        ends[i + 1] = at


@loop
def spell(codes, data, starts, ends, out):
    """Write the strings of some codes one after the other."""
    for i in range(codes.size):
        if i + AHEAD < codes.size and codes[i + AHEAD]:
            ask_for(data, starts[codes[i + AHEAD] - 1])
        if codes[i]:
            move(out, ends[i], data, starts[codes[i] - 1], ends[i + 1] - ends[i])


@loop
def sizes(first, last, id_starts, recorded, codes, starts, out):
    """The bytes of each packed row from `first` to `last`; `codes` and `starts`: of the five columns of strings."""
    kind, label, party, matter, replaces = codes
    kind_starts, label_starts, party_starts, matter_starts, replaces_starts = starts
    for row in range(first, last):
        size = FIXED + id_starts[row + 1] - id_starts[row]
        size += _size(kind[row], kind_starts) + _size(label[row], label_starts) + _size(party[row], party_starts)
        size += _size(matter[row], matter_starts) + _size(replaces[row], replaces_starts)
        if recorded[row] != UNRECORDED:
            size += 8
        out[row - first] = size


@loop
def _put_string(out, at, data, start, stop):
    """Write the length of a string in two bytes, and the string."""
    size = stop - start
    out[at] = size & 0xFF
    out[at + 1] = size >> 8
    at += 2
    move(out, at, data, start, size)
    return at + size


@loop
def _put_word(out, at, code, data, starts):
    if code:
        return _put_string(out, at, data, starts[code - 1], starts[code])
    return _put_string(out, at, data, 0, 0)


@loop
def pack(first, last, places, numbers, id_data, id_starts, codes, data, starts, out):
    """Write rows from `first` to `last` as canonical bytes.

    Args:
        places: where in `out` each of them begins.
        numbers: time, amount, value, recorded, by row.
        codes, data, starts: of type, label, party, matter, replaces.
    """
    # Taken out of their tuples here: taken out in the loop, each would be counted as held and let go, row by row.
    time, amount, value, recorded = numbers
    kind, label, party, matter, replaces = codes
    kind_data, label_data, party_data, matter_data, replaces_data = data
    kind_starts, label_starts, party_starts, matter_starts, replaces_starts = starts
    for row in range(first, last):
        at = places[row - first]
        put_whole(out, at, time[row])
        out[at + 8] = (
            1 * (amount[row] != NULL)
            + 2 * (value[row] != NULL)
            + 4 * (label[row] != 0)
            + 8 * (party[row] != 0)
            + 16 * (matter[row] != 0)
            + 32 * (replaces[row] != 0)
            + RECORDED * (recorded[row] != UNRECORDED)
        )
        put_whole(out, at + 9, amount[row] if amount[row] != NULL else np.int64(0))
        put_whole(out, at + 17, value[row] if value[row] != NULL else np.int64(0))
        at = _put_string(out, at + 25, id_data, id_starts[row], id_starts[row + 1])
        at = _put_word(out, at, kind[row], kind_data, kind_starts)
        at = _put_word(out, at, label[row], label_data, label_starts)
        at = _put_word(out, at, party[row], party_data, party_starts)
        at = _put_word(out, at, matter[row], matter_data, matter_starts)
        at = _put_word(out, at, replaces[row], replaces_data, replaces_starts)
        if recorded[row] != UNRECORDED:
            put_whole(out, at, recorded[row])


@loop
def used(codes, marks):
    """Mark the codes that occur."""
    for i in range(codes.size):
        marks[codes[i]] = 1


@loop
def narrow(codes, rank, order, out):
    """Number the words of some rows anew, from 0 on in their own order; returns how many there are.

    Args:
        rank: by code, its place among all words; that of code 0 is -1.
        order: as large as there are words: filled from the front with the places of those that occur, ascending.
        out: by row, the new number; -1 for null.
    """
    number = np.full(order.size, -1, np.int32)
    for i in range(codes.size):
        place = rank[codes[i]]
        if place >= 0:
            number[place] = 0
    many = 0
    for place in range(number.size):
        if number[place] == 0:
            number[place] = many
            order[many] = place
            many += 1
    for i in range(codes.size):
        place = rank[codes[i]]
        out[i] = number[place] if place >= 0 else -1
    return many
