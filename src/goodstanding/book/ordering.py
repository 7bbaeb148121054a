"""Putting events in order: by person, then (time, source, id); and finding one event that came twice.

People are counted into place (two passes, no comparison); only a person's own few events are sorted. Strings are
compared only where two events of one person share a moment.
"""

from __future__ import annotations

import numpy as np

from goodstanding.loops import loop

SMALL = 24
"""Up to so many events a person are sorted by insertion, more by merging."""


@loop
def count_into_place(ranks, first_rank, last_rank, cursor, rows):
    """Write the row of every event of the people from `first_rank` to `last_rank` at its person's next free place."""
    for row in range(ranks.size):
        rank = ranks[row]
        if first_rank <= rank < last_rank:
            rows[cursor[rank]] = row
            cursor[rank] += 1


@loop
def _comes_before(a, b, time, source_rank, data, starts):
    """Whether row `a` comes before row `b`: by time, source and id, strings by their UTF-8 bytes."""
    if time[a] != time[b]:
        return time[a] < time[b]
    if source_rank[a] != source_rank[b]:
        return source_rank[a] < source_rank[b]
    at, end = starts[a], starts[a + 1]
    other, other_end = starts[b], starts[b + 1]
    while at < end and other < other_end:
        if data[at] != data[other]:
            return data[at] < data[other]
        at += 1
        other += 1
    return end - at < other_end - other


@loop
def _insert(rows, first, last, time, source_rank, data, starts):
    """Sort rows[first:last] by insertion."""
    for i in range(first + 1, last):
        row = rows[i]
        j = i - 1
        while j >= first and _comes_before(row, rows[j], time, source_rank, data, starts):
            rows[j + 1] = rows[j]
            j -= 1
        rows[j + 1] = row


@loop
def _merge(rows, first, last, time, source_rank, data, starts):
    """Sort rows[first:last] by merging ever longer runs."""
    for start in range(first, last, SMALL):
        _insert(rows, start, min(start + SMALL, last), time, source_rank, data, starts)
    spare = np.empty(last - first, rows.dtype)
    width = SMALL
    while width < last - first:
        for start in range(first, last, 2 * width):
            middle, stop = min(start + width, last), min(start + 2 * width, last)
            a, b = start, middle
            for k in range(start - first, stop - first):
                if a < middle and (b == stop or not _comes_before(rows[b], rows[a], time, source_rank, data, starts)):
                    spare[k] = rows[a]
                    a += 1
                else:
                    spare[k] = rows[b]
                    b += 1
        rows[first:last] = spare
        width *= 2


@loop
def sort_people(offsets, first, last, rows, time, source_rank, data, starts):
    """Sort the rows of each of the people `first` to `last`."""
    for person in range(first, last):
        begin, end = offsets[person], offsets[person + 1]
        if end - begin <= SMALL:
            _insert(rows, begin, end, time, source_rank, data, starts)
        else:
            _merge(rows, begin, end, time, source_rank, data, starts)


@loop
def gather(column, rows, first, last, out):
    """out[i] = column[rows[i]] for i from `first` to `last`."""
    for i in range(first, last):
        out[i] = column[rows[i]]


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
