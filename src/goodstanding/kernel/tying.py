"""The second pass: points for the people one knows, read off their own scores (specification section 4, ties)."""

from __future__ import annotations

import numpy as np

from goodstanding.kernel.scoring import points_of_fractions, points_of_wholes
from goodstanding.loops import loop
from goodstanding.program import tables as t


@loop
def look_around(first, last, offsets, neighbours, own, given, found):
    """Count, sum, least and greatest own score of each person's ties; those without an own score do not count.

    Args:
        offsets, neighbours: the ties of person i are neighbours[offsets[i]:offsets[i + 1]].
        own, given: everybody's own score, and whether there is one.
        found: four rows, one column a person; least and greatest are NULL where nothing counts.
    """
    for person in range(first, last):
        count = 0
        total = np.int64(0)
        least = t.NULL
        greatest = t.NULL
        for n in range(offsets[person], offsets[person + 1]):
            other = neighbours[n]
            if given[other]:
                score = own[other]
                total += score
                least = score if count == 0 else min(least, score)
                greatest = score if count == 0 else max(greatest, score)
                count += 1
        found[t.TIES_COUNT, person] = count
        found[t.TIES_MEAN, person] = total
        found[t.TIES_MIN, person] = least
        found[t.TIES_MAX, person] = greatest


@loop
def points_of_ties(first, last, row, found, bands, label_points, out):
    """Points of one factor that reads ties, for the people `first` to `last`."""
    if row[t.F_TAKE] == t.TIES_MEAN:
        numbers, divisors = found[t.TIES_MEAN], found[t.TIES_COUNT]
        points_of_fractions(row, numbers[first:last], divisors[first:last], bands, out[first:last])
    else:
        points_of_wholes(row, found[row[t.F_TAKE]][first:last], bands, label_points, out[first:last])
