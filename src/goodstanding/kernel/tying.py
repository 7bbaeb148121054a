"""The second pass: points for the people one knows, read off their own scores (specification section 4, ties)."""

from __future__ import annotations

import numpy as np

from goodstanding.kernel.pointing import give_points
from goodstanding.loops import loop
from goodstanding.program import tables as t


@loop
def add_around(first, last, offsets, neighbours, own, all_given, found):
    """Count and add up the own scores at the other ends of each person's ties; those without one do not count.

    Args:
        offsets, neighbours: the ties of person i are neighbours[offsets[i]:offsets[i + 1]].
        own: int32, everybody's own score, NOBODY where there is none: small, so that most of it stays in the cache.
        all_given: whether there is one for everybody.
        found: four rows (`tables.TIES_COUNT` and on), one column a person.
    """
    if not all_given:
        for person in range(first, last):
            _add_around_one(person, offsets, neighbours, own, found)
        return
    sums = np.zeros(t.TIES_AT_ONCE + 1, np.int64)
    person = first
    while person < last:
        stop = person
        while stop < last and offsets[stop + 1] - offsets[person] <= t.TIES_AT_ONCE:
            stop += 1
        if stop > person:
            _add_around_many(person, stop, offsets, neighbours, own, sums, found)
        else:  # more ties than there is room for
            _add_around_one(person, offsets, neighbours, own, found)
            stop += 1
        person = stop


@loop
def _add_around_one(person, offsets, neighbours, own, found):
    """Ask everyone around one person whether they count."""
    count = 0
    total = np.int64(0)
    for n in range(offsets[person], offsets[person + 1]):
        score = own[neighbours[n]]
        counts = score != t.NOBODY
        count += counts
        total += score if counts else 0
    found[t.TIES_COUNT, person] = count
    found[t.TIES_MEAN, person] = total


@loop
def _add_around_many(first, last, offsets, neighbours, own, sums, found):
    """Where everybody counts: add up without end, and see by how much the sum grew over each person's ties.

    So no loop ends with a person, which would be guessed wrong each time.
    """
    begin = offsets[first]
    total = np.int64(0)
    for n in range(offsets[last] - begin):
        total += own[np.uint32(neighbours[np.uint64(begin + n)])]
        sums[n + 1] = total
    for person in range(first, last):
        low, high = offsets[person] - begin, offsets[person + 1] - begin
        found[t.TIES_COUNT, person] = high - low
        found[t.TIES_MEAN, person] = sums[np.uint64(high)] - sums[np.uint64(low)]


@loop
def span_around(first, last, offsets, neighbours, own, found):
    """The least and the greatest own score at the other ends of each person's ties; NULL where none counts."""
    for person in range(first, last):
        least = t.MOST_OWN + 1
        greatest = -t.MOST_OWN - 1
        for n in range(offsets[person], offsets[person + 1]):
            score = own[neighbours[n]]
            counts = score != t.NOBODY
            least = min(least, score if counts else least)
            greatest = max(greatest, score)  # NOBODY is the least there is
        nobody = least > t.MOST_OWN
        found[t.TIES_MIN, person] = t.NULL if nobody else least
        found[t.TIES_MAX, person] = t.NULL if nobody else greatest


@loop
def points_of_ties(first, last, found, factors, tie, bands, label_points, points):
    """Points of the factors that read ties of one kind, for the people `first` to `last`."""
    for at in range(first, last, t.BLOCK):
        give_points(found, at, min(t.BLOCK, last - at), factors, tie, bands, label_points, points)
