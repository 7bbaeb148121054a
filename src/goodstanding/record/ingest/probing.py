"""Runs of hashes in ascending order, compiled: sorting a batch's, looking them up, merging runs.

A hash is as good as drawn at random, which is what all of this rests on: sorting looks at the upper bits alone before
it compares, and where a hash stands in a run of n is told by its size, to within about the root of n.
"""

from __future__ import annotations

import numpy as np

from goodstanding.record.loops import loop

NEW, KNOWN, OTHER = range(3)
"""What is looked up is not there, is there with the same content, or with other content."""

DIGIT_BITS = 11
DIGITS = 1 << DIGIT_BITS
SORTED_BITS = 3 * DIGIT_BITS
"""Upper bits by which hashes are sorted without comparing; of a million, a handful agree in as many."""


@loop
def order_of(hashes, order, spare):
    """Rows in the ascending order of their hashes; equal ones in the order of rows.

    Args:
        order, spare: uint32, as many as hashes; the first is filled here.
    """
    count = np.zeros(DIGITS + 1, np.int64)
    for digit in range(3):
        shift = np.uint64(64 - SORTED_BITS + digit * DIGIT_BITS)
        count[:] = 0
        for row in range(hashes.size):
            count[(hashes[row] >> shift & np.uint64(DIGITS - 1)) + np.uint64(1)] += 1
        for place in range(DIGITS):
            count[place + 1] += count[place]
        for place in range(hashes.size):
            row = place if digit == 0 else (order[place] if digit == 2 else spare[place])  # noqa: PLR2004 the last
            at = hashes[row] >> shift & np.uint64(DIGITS - 1)
            (order if digit == 1 else spare)[count[at]] = row
            count[at] += 1
    for place in range(hashes.size):  # by comparison, what agrees in the upper bits
        row = spare[place]
        before = place - 1
        while before >= 0 and hashes[order[before]] > hashes[row]:
            order[before + 1] = order[before]
            before -= 1
        order[before + 1] = row


@loop
def find(run, wanted, places):
    """Where each of some ascending hashes stands first in an ascending run, or would.

    Args:
        run: uint64.
        wanted: uint64, ascending.
        places: int64, as many as wanted; filled here.
    """
    is_sparse = run.size > wanted.size * 64
    at = 0
    for number in range(wanted.size):
        hash_ = wanted[number]
        low = at
        if is_sparse and run.size > 0:
            low = max(at, _guess(run, hash_, at))
        step = 1
        high = low
        while high < run.size and run[high] < hash_:
            low = high + 1
            high += step
            step *= 2
        high = min(high, run.size)
        while low < high:
            middle = (low + high) // 2
            if run[middle] < hash_:
                low = middle + 1
            else:
                high = middle
        at = low
        places[number] = at


@loop
def _guess(run, hash_, least):
    """A place in a run at or before that of a hash, which is mostly near it."""
    place = np.int64(np.float64(hash_) / 18446744073709551616.0 * run.size)
    step = np.int64(64)
    place -= step
    while place > least and run[min(place, run.size - 1)] >= hash_:
        step *= 2
        place -= step
    return max(place, least)


@loop
def compare(run, run_contents, run_segments, first_segment, wanted, contents, places, states, segments):
    """Hold what is wanted against what a run has from the places on at which `find` found it.

    Args:
        run, run_contents, run_segments: the run's hashes of ids, of contents, and numbers of segments.
        first_segment: what to add to the last.
        wanted, contents, places: the same of what is looked up.
        states: uint8, NEW, KNOWN or OTHER; raised here, and never lowered from KNOWN.
        segments: int64; where it becomes OTHER, the segment in which the other content stands.
    """
    for number in range(wanted.size):
        at = places[number]
        while at < run.size and run[at] == wanted[number]:
            if run_contents[at] == contents[number]:
                states[number] = KNOWN
            elif states[number] == NEW:
                states[number] = OTHER
                segments[number] = first_segment + run_segments[at]
            at += 1


@loop
def judge_repeats(ids, contents, states, firsts):
    """Hold the rows of one batch against one another: the first of an id is the one that counts.

    Args:
        ids: ascending, equal ones in the order in which they came.
        contents: of the same rows.
        states: uint8, all NEW; of later rows KNOWN or OTHER is written here.
        firsts: int64, filled here: the place of the first row with that id.
    """
    first = 0
    for place in range(ids.size):
        if ids[place] != ids[first]:
            first = place
        firsts[place] = first
        if place > first:
            states[place] = OTHER
            for earlier in range(first, place):
                if contents[earlier] == contents[place]:
                    states[place] = KNOWN
                    break


@loop
def index_by_prefix(run, shift, starts):
    """Where in an ascending run the hashes of each prefix begin.

    Args:
        shift: how many lower bits are no part of the prefix.
        starts: int64, one more than there are prefixes; all zero, filled here.
    """
    for place in range(run.size):
        starts[np.int64(run[place] >> shift) + 1] += 1
    for prefix in range(starts.size - 1):
        starts[prefix + 1] += starts[prefix]


@loop
def among(run, shift, starts, wanted, found):
    """Mark which hashes an indexed run holds.

    Args:
        found: bool by wanted hash, all false; filled here.
    """
    for number in range(wanted.size):
        prefix = np.int64(wanted[number] >> shift)
        for place in range(starts[prefix], starts[prefix + 1]):
            if run[place] == wanted[number]:
                found[number] = True
