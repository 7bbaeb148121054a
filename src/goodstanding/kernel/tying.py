"""The second pass: points for the people one knows, read off their own scores (specification section 4, ties)."""

from __future__ import annotations

import numpy as np

from goodstanding.kernel.scoring import points_of_fractions, points_of_wholes
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
    for person in range(first, last):
        count = 0
        total = np.int64(0)
        if all_given:  # the usual case: nobody has to be asked whether they count
            for n in range(offsets[person], offsets[person + 1]):
                total += own[neighbours[n]]
            found[t.TIES_COUNT, person] = offsets[person + 1] - offsets[person]
            found[t.TIES_MEAN, person] = total
            continue
        for n in range(offsets[person], offsets[person + 1]):
            score = own[neighbours[n]]
            counts = score != t.NOBODY
            count += counts
            total += score if counts else 0
        found[t.TIES_COUNT, person] = count
        found[t.TIES_MEAN, person] = total


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
def points_of_ties(first, last, row, found, bands, label_points, out):
    """Points of one factor that reads ties, for the people `first` to `last`."""
    if row[t.F_TAKE] == t.TIES_MEAN:
        numbers, divisors = found[t.TIES_MEAN], found[t.TIES_COUNT]
        points_of_fractions(row, numbers[first:last], divisors[first:last], bands, out[first:last])
    else:
        points_of_wholes(row, found[row[t.F_TAKE]][first:last], bands, label_points, out[first:last])
