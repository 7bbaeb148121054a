"""Two books into one, and one without some people: whole stretches are copied, only what is new is looked at."""

from __future__ import annotations

import numpy as np

from goodstanding.loops import inlined, loop

NOWHERE = -1


@inlined
def _compared(data, start, stop, other, other_start, other_stop):
    """Below 0, 0 or above 0, as one string comes before another by its UTF-8 bytes, is it, or comes after it."""
    common = min(stop - start, other_stop - other_start)
    for i in range(common):
        if data[start + i] != other[other_start + i]:
            return np.int64(data[start + i]) - np.int64(other[other_start + i])
    return np.int64(stop - start) - np.int64(other_stop - other_start)


@loop
def find_sorted(data, starts, more_data, more_starts, places, there):
    """For each of some ascending strings: how many of other ascending strings come before it, and whether it is there.

    Few among many are found in steps that double, many among many by going on one by one.
    """
    size = starts.size - 1
    low = 0
    for i in range(places.size):
        start, stop = more_starts[i], more_starts[i + 1]
        step = 1
        while (
            low + step <= size
            and _compared(data, starts[low + step - 1], starts[low + step], more_data, start, stop) < 0
        ):
            low += step
            step *= 2
        high = min(low + step, size)
        while low < high:
            middle = (low + high) // 2
            if _compared(data, starts[middle], starts[middle + 1], more_data, start, stop) < 0:
                low = middle + 1
            else:
                high = middle
        places[i] = low
        there[i] = low < size and _compared(data, starts[low], starts[low + 1], more_data, start, stop) == 0


@loop
def find_events(people, offsets, old, new, source_rank, places):
    """For each new event the row of the book that it comes before; returns a new event that is there already, or -1.

    Args:
        people: for each person of the new events, where they stand among those of the book, and whether they do: else
            they would stand before whoever does.
        offsets: where each person's events begin, in the book and among the new ones.
        old, new: time, kind, and the bytes and bounds of all ids.
        source_rank: by kind.
        places: the answer.
    """
    time, kind, data, starts = old
    new_time, new_kind, new_data, new_starts = new
    at, there = people
    begins, more_begins = offsets
    for person in range(at.size):
        low = begins[at[person]]
        last = begins[at[person] + 1] if there[person] else low
        for event in range(more_begins[person], more_begins[person + 1]):
            moment, rank = new_time[event], source_rank[new_kind[event]]
            start, stop = new_starts[event], new_starts[event + 1]
            high = last
            while low < high:
                middle = (low + high) // 2
                order = np.int64(time[middle] > moment) - np.int64(time[middle] < moment)
                if order == 0:
                    order = np.int64(source_rank[kind[middle]]) - np.int64(rank)
                if order == 0:
                    order = _compared(data, starts[middle], starts[middle + 1], new_data, start, stop)
                    if order == 0:
                        return event
                if order < 0:
                    low = middle + 1
                else:
                    high = middle
            places[event] = low
    return NOWHERE


@loop
def splice(old, new, places, out):
    """Write a column with the entries of another put in, each before the entry of its place."""
    done = 0
    for i in range(places.size):
        place = places[i]
        out[done + i : place + i] = old[done:place]
        out[place + i] = new[i]
        done = place
    out[done + places.size :] = old[done:]


@loop
def splice_strings(data, starts, new_data, new_starts, places, out_starts, out):
    """The same for strings: their bytes, and their bounds."""
    done = 0
    size = 0
    count = starts.size - 1
    for i in range(places.size + 1):
        place = places[i] if i < places.size else count
        shift = size - starts[done]
        for row in range(done, place):
            out_starts[row + i] = starts[row] + shift
        taken = starts[place] - starts[done]
        out[size : size + taken] = data[starts[done] : starts[place]]
        size += taken
        if i < places.size:
            out_starts[place + i] = size
            taken = new_starts[i + 1] - new_starts[i]
            out[size : size + taken] = new_data[new_starts[i] : new_starts[i + 1]]
            size += taken
        done = place
    out_starts[count + places.size] = size


@loop
def mark_candidates(keys, few, out):
    """The numbers of those hashes that may be among a few: those whose last bits are set in a table of them."""
    mask = np.uint64(few.size - 1)
    many = 0
    for i in range(keys.size):
        if few[keys[i] & mask]:
            out[many] = i
            many += 1
    return many


@loop
def copy_stretches(old, firsts, lasts, out):
    """Write some stretches of a column one after another."""
    size = 0
    for i in range(firsts.size):
        taken = lasts[i] - firsts[i]
        out[size : size + taken] = old[firsts[i] : lasts[i]]
        size += taken


@loop
def copy_strings(data, starts, firsts, lasts, out_starts, out):
    """The same for strings: their bytes, and their bounds."""
    size = 0
    many = 0
    for i in range(firsts.size):
        start, stop = starts[firsts[i]], starts[lasts[i]]
        for row in range(firsts[i], lasts[i]):
            out_starts[many] = starts[row] - start + size
            many += 1
        out[size : size + stop - start] = data[start:stop]
        size += stop - start
    out_starts[many] = size


@loop
def mark_used(codes, used):
    """Mark which codes stand in a column."""
    for row in range(codes.size):
        used[codes[row]] = True


@loop
def rename(codes, names):
    """Give every code of a column its new one, in place."""
    for row in range(codes.size):
        codes[row] = names[codes[row]]


@loop
def greatest(column, null):
    """The greatest number without its sign; 0 where all are null."""
    most = 0
    for row in range(column.size):
        if column[row] != null:
            most = max(most, abs(column[row]))
    return most
