"""Putting events in order: by person, then (time, source, id); and finding one event that came twice.

People are counted into place (two passes, no comparison); only a person's own few events are sorted. Strings are
compared only where two events of one person share a moment.
"""

from __future__ import annotations

import numpy as np

from goodstanding.loops import loop

LOW = 0xFFFFFFFF
"""The lower half of a record's number that holds two; the upper half is below 2^31."""

SMALL = 48
"""Up to so many events a person are sorted by insertion, more by merging."""


# A record holds one event in five whole numbers, so that moving it costs one place in memory and not seven.
TIME, AMOUNT, VALUE, KIND_AND_PARTY, MATTER_AND_ROW = range(5)
RECORD = 5


@loop
def scatter(person, cursor, first, last, columns, records):
    """Write every event whose place lies from `first` to `last` there: its person's next free one.

    Args:
        person: codes, by row.
        cursor: by code, where the person's next event goes; moved on here.
        columns: time, amount, value, kind, party, matter, by row.
    """
    time, amount, value, kind, party, matter = columns
    for row in range(person.size):
        place = cursor[person[row]]
        if first <= place < last:
            cursor[person[row]] = place + 1
            records[place, TIME] = time[row]
            records[place, AMOUNT] = amount[row]
            records[place, VALUE] = value[row]
            records[place, KIND_AND_PARTY] = np.int64(kind[row]) | np.int64(party[row]) << 32
            records[place, MATTER_AND_ROW] = np.int64(matter[row]) | np.int64(row) << 32


@loop
def _comes_before(a, b, records, source_rank, data, starts):
    """Whether the event at place `a` comes before that at `b`: by time, source and id, strings by their UTF-8 bytes."""
    if records[a, TIME] != records[b, TIME]:
        return records[a, TIME] < records[b, TIME]
    source = source_rank[records[a, KIND_AND_PARTY] & LOW]
    other_source = source_rank[records[b, KIND_AND_PARTY] & LOW]
    if source != other_source:
        return source < other_source
    row, other_row = records[a, MATTER_AND_ROW] >> 32, records[b, MATTER_AND_ROW] >> 32
    at, end = starts[row], starts[row + 1]
    other, other_end = starts[other_row], starts[other_row + 1]
    while at < end and other < other_end:
        if data[at] != data[other]:
            return data[at] < data[other]
        at += 1
        other += 1
    return end - at < other_end - other


@loop
def _insert(order, first, last, records, source_rank, data, starts):
    """Sort order[first:last] by insertion."""
    for i in range(first + 1, last):
        place = order[i]
        j = i - 1
        while j >= first and _comes_before(place, order[j], records, source_rank, data, starts):
            order[j + 1] = order[j]
            j -= 1
        order[j + 1] = place


@loop
def _merge(order, spare, size, records, source_rank, data, starts):
    """Sort order[:size] by merging ever longer runs."""
    for start in range(0, size, SMALL):
        _insert(order, start, min(start + SMALL, size), records, source_rank, data, starts)
    width = SMALL
    while width < size:
        for start in range(0, size, 2 * width):
            middle, stop = min(start + width, size), min(start + 2 * width, size)
            a, b = start, middle
            for k in range(start, stop):
                if a < middle and (
                    b == stop or not _comes_before(order[b], order[a], records, source_rank, data, starts)
                ):
                    spare[k] = order[a]
                    a += 1
                else:
                    spare[k] = order[b]
                    b += 1
        order[:size] = spare[:size]
        width *= 2


@loop
def _insert_by_time(order, times, size, records, source_rank, data, starts):
    """Sort order[:size] by insertion, times in an array of their own; strings are asked only where times are equal."""
    for i in range(size):
        times[i] = records[order[i], TIME]
    for i in range(1, size):
        place, moment = order[i], times[i]
        j = i - 1
        while j >= 0 and times[j] >= moment:
            if times[j] == moment and not _comes_before(place, order[j], records, source_rank, data, starts):
                break
            order[j + 1] = order[j]
            times[j + 1] = times[j]
            j -= 1
        order[j + 1] = place
        times[j + 1] = moment


@loop
def lay_out(offsets, first, last, fullest, records, source_rank, data, starts, columns):
    """Write the events of the people `first` to `last` into columns, each person's in order.

    Args:
        fullest: how many events any of them has at most.
        source_rank: by kind.
        data, starts: the bytes of all ids, by row.
        columns: time, amount, value, kind, party, matter, and the row that each event came from.
    """
    time, amount, value, kind, party, matter, rows = columns
    order = np.empty(max(fullest, SMALL), np.int64)
    spare = np.empty(max(fullest, SMALL), np.int64)
    for person in range(first, last):
        begin = offsets[person]
        size = offsets[person + 1] - begin
        for i in range(size):
            order[i] = begin + i
        if size <= SMALL:
            _insert_by_time(order, spare, size, records, source_rank, data, starts)
        else:
            _merge(order, spare, size, records, source_rank, data, starts)
        for i in range(size):
            place = order[i]
            time[begin + i] = records[place, TIME]
            amount[begin + i] = records[place, AMOUNT]
            value[begin + i] = records[place, VALUE]
            kind[begin + i] = records[place, KIND_AND_PARTY] & LOW
            party[begin + i] = records[place, KIND_AND_PARTY] >> 32
            matter[begin + i] = records[place, MATTER_AND_ROW] & LOW
            rows[begin + i] = records[place, MATTER_AND_ROW] >> 32


@loop
def mark_several(keys, middle, several):
    """Mark every key that is equal to the one before it, where keys[:middle] and keys[middle:] ascend; count them."""
    a, b = 0, middle
    many = 0
    last = np.uint64(0)
    for n in range(keys.size):
        if b == keys.size or (a < middle and keys[a] <= keys[b]):
            at = a
            a += 1
        else:
            at = b
            b += 1
        several[at] = n > 0 and keys[at] == last
        many += several[at]
        last = keys[at]
    return many


@loop
def pair_twins(order, keys, source, data, starts, twin_of):
    """For each row that has the id and source of an earlier one, write that one's row into `twin_of`; else -1.

    `order` holds rows by their keys. Rows of one key are compared, id and source: a key shared by chance means nothing.
    """
    first = 0
    while first < order.size:
        last = first + 1
        while last < order.size and keys[order[last]] == keys[order[first]]:
            last += 1
        for i in range(first, last):
            a = order[i]
            if twin_of[a] >= 0:
                continue
            for j in range(i + 1, last):
                b = order[j]
                if twin_of[b] < 0 and source[a] == source[b] and _same_id(a, b, data, starts):
                    twin_of[b] = a
        first = last


@loop
def _same_id(a, b, data, starts):
    """Whether two rows have the same id."""
    size = starts[a + 1] - starts[a]
    if starts[b + 1] - starts[b] != size:
        return False
    for i in range(size):
        if data[starts[a] + i] != data[starts[b] + i]:
            return False
    return True


@loop
def find(first, keys, source, data, starts, candidates, all_keys, all_sources, all_data, all_starts, found):
    """For each (source, string) the row among the candidates that has this source and id; `found` keeps -1 elsewhere.

    `first` says where among the candidates, which lie by their keys, those of this key begin.
    """
    for i in range(keys.size):
        at = first[i]
        size = starts[i + 1] - starts[i]
        while at < candidates.size and all_keys[candidates[at]] == keys[i]:
            row = candidates[at]
            at += 1
            begin = all_starts[row]
            if all_sources[row] != source[i] or all_starts[row + 1] - begin != size:
                continue
            same = True
            for j in range(size):
                same = same and all_data[begin + j] == data[starts[i] + j]
            if same:
                found[i] = row


@loop
def settle(targets, replaced_by, in_time, stands):
    """Which of the events that are replaced or replace something stand (specification section 1, corrections).

    Args:
        targets: for each event, the one that it replaces, or -1.
        replaced_by: how many replace it; counted down to 0 here.
        in_time: whether it was recorded by the moment asked for.
        stands: the answer; true at first.

    Returns:
        How many events were settled: fewer than there are where some replace each other in a circle.
    """
    ready = np.empty(targets.size, np.int64)
    many = 0
    for i in range(targets.size):
        if replaced_by[i] == 0:
            ready[many] = i
            many += 1
    done = 0
    while done < many:
        i = ready[done]
        done += 1
        stands[i] = stands[i] and in_time[i]
        target = targets[i]
        if target >= 0:
            if stands[i]:
                stands[target] = False
            replaced_by[target] -= 1
            if replaced_by[target] == 0:
                ready[many] = target
                many += 1
    return done
