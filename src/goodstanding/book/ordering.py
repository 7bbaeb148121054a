"""Putting events in order: by person, then (time, source, id); and finding one event that came twice.

People are counted into place (two passes, no comparison); only a person's own few events are sorted, as pairs of a
time and a row. Strings are compared only where two events of one person share a moment. The other columns follow one
after the other, since memory that was never touched costs more than going to a row once more.
"""

from __future__ import annotations

import numpy as np

from goodstanding.loops import loop

SMALL = 48
"""Up to so many events a person are sorted by insertion, more by merging."""


@loop
def count(codes, counts):
    """Count how often each code occurs."""
    for i in range(codes.size):
        counts[codes[i]] += 1


@loop
def greatest(numbers, null):
    """The greatest number without its sign; 0 where all are null."""
    most = 0
    for i in range(numbers.size):
        if numbers[i] != null:
            most = max(most, abs(numbers[i]))
    return most


@loop
def scatter(person, time, cursor, first, last, times, rows):
    """Write the time and the row of every event whose place lies from `first` to `last` there.

    Args:
        person: codes, by row.
        cursor: by code, where the person's next event goes; moved on here.
    """
    for row in range(person.size):
        place = cursor[person[row]]
        if first <= place < last:
            cursor[person[row]] = place + 1
            times[place] = time[row]
            rows[place] = row


@loop
def gather(column, rows, first, last, out):
    """The entries of a column in another order, from one place to another: out[i] is that of rows[i]."""
    for i in range(first, last):
        out[i] = column[rows[i]]


@loop
def _names_before(row, other_row, kind, source_rank, data, starts):
    """Whether one of two events of one moment comes before the other: by source and id, by their UTF-8 bytes."""
    source, other_source = source_rank[kind[row]], source_rank[kind[other_row]]
    if source != other_source:
        return source < other_source
    at, end = starts[row], starts[row + 1]
    other, other_end = starts[other_row], starts[other_row + 1]
    while at < end and other < other_end:
        if data[at] != data[other]:
            return data[at] < data[other]
        at += 1
        other += 1
    return end - at < other_end - other


@loop
def _insert(times, rows, first, last, kind, source_rank, data, starts):
    """Sort times[first:last], and rows with them, by insertion."""
    for i in range(first + 1, last):
        moment, row = times[i], rows[i]
        j = i - 1
        while j >= first and times[j] >= moment:
            if times[j] == moment and not _names_before(row, rows[j], kind, source_rank, data, starts):
                break
            times[j + 1] = times[j]
            rows[j + 1] = rows[j]
            j -= 1
        times[j + 1] = moment
        rows[j + 1] = row


@loop
def _merge(times, rows, spare_times, spare_rows, kind, source_rank, data, starts):
    """Sort times, and rows with them, by merging ever longer runs."""
    size = times.size
    for start in range(0, size, SMALL):
        _insert(times, rows, start, min(start + SMALL, size), kind, source_rank, data, starts)
    width = SMALL
    while width < size:
        for start in range(0, size, 2 * width):
            middle, stop = min(start + width, size), min(start + 2 * width, size)
            a, b = start, middle
            for k in range(start, stop):
                is_first = a < middle and (b == stop or times[a] <= times[b])
                if is_first and b < stop and times[a] == times[b]:
                    is_first = not _names_before(rows[b], rows[a], kind, source_rank, data, starts)
                at = a if is_first else b
                spare_times[k], spare_rows[k] = times[at], rows[at]
                a += is_first
                b += not is_first
        times[:] = spare_times[:size]
        rows[:] = spare_rows[:size]
        width *= 2


@loop
def sort_each(offsets, first, last, fullest, times, rows, kind, source_rank, data, starts):
    """Put the events of each of the people `first` to `last` in order: their times, and rows with them.

    Args:
        fullest: how many events any of them has at most.
        kind: by row.
        source_rank: by kind.
        data, starts: the bytes of all ids, by row.
    """
    spare_times = np.empty(fullest if fullest > SMALL else 0, times.dtype)
    spare_rows = np.empty(spare_times.size, rows.dtype)
    for person in range(first, last):
        begin, end = offsets[person], offsets[person + 1]
        if end - begin <= SMALL:
            _insert(times, rows, begin, end, kind, source_rank, data, starts)
        else:
            _merge(times[begin:end], rows[begin:end], spare_times, spare_rows, kind, source_rank, data, starts)


@loop
def mark_places(keys, bits, taken):
    """Mark every key's place among bits, as many as a power of two; `taken` says for which it was marked already."""
    mask = np.uint64(bits.size - 1)
    for i in range(keys.size):
        at, bit = keys[i] >> np.uint64(3) & mask, np.uint8(1) << np.uint8(keys[i] & np.uint64(7))
        taken[i] = bits[at] & bit
        bits[at] |= bit


@loop
def look_at_places(keys, bits, taken):
    """Say for which keys their place among bits is marked."""
    mask = np.uint64(bits.size - 1)
    for i in range(keys.size):
        bit = np.uint8(1) << np.uint8(keys[i] & np.uint64(7))
        taken[i] = bits[keys[i] >> np.uint64(3) & mask] & bit


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
