"""The second pass: what others' own scores give, for the factors that read ties (specification section 4)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodstanding import kernel
from goodstanding.book import in_ranges
from goodstanding.measures import Ties as TiesMeasure
from goodstanding.policy import Factor
from goodstanding.program import tables as t
from goodstanding.scoring.scorer import Scorer
from goodstanding.scoring.scores import Scores
from goodstanding.ties import Neighbours


def with_ties(scorer: Scorer, scores: Scores, around: Sequence[Neighbours], own: Any = None) -> Scores:
    """The second pass: points of the factors that read ties, and everything added up again.

    Args:
        scores: without ties.
        around: for each kind of tie that the policy asks for (`program.compiling.tie_kinds`).
        own: own scores of those at the other ends, and whether each is given; those of `scores` if left out.
    """
    own_score, given = (scores.score, scores.given) if own is None else own
    factors, bands, label_points, dimensions, frame = scorer.bound.tables[5:]
    people = len(scores)
    points = scores.points.copy()
    small = _small(own_score, given)
    rows = [row for row in factors[: len(scorer.policy.factors)] if row[t.F_FORM] == t.TIED]
    takes = [{int(row[t.F_TAKE]) for row in rows if row[t.F_TIE] == i} for i in range(len(around))]
    if small is None:
        for i, row in enumerate(factors[: len(points)]):
            if row[t.F_FORM] == t.TIED:
                points[i] = _by_hand(scorer.policy.factors[i], around[row[t.F_TIE]], own_score, given)
    else:
        for tie, one in enumerate(around):
            found = look_around(one, small, takes[tie])
            kernel.points_of_ties(0, people, found, factors, tie, bands, label_points, points)
    held = np.empty_like(scores.dimension_bounds)
    total, bounds = np.empty(people, np.int64), np.empty(people, np.int64)
    in_ranges(
        np.arange(people + 1),
        lambda first, last: kernel.add_up(points, factors, dimensions, frame, first, last, held, total, bounds),
    )
    return Scores(
        policy=scores.policy,
        as_of=scores.as_of,
        people=scores.people,
        score=total,
        own_score=scores.score.copy(),  # of their own, so that the rest of the first pass may go
        given=scores.given.copy(),
        points=points,
        dimension_bounds=held,
        bounds=bounds,
        since=scores.since.copy(),
    )


def _small(own: NDArray[np.int64], given: NDArray[np.bool_]) -> NDArray[np.int32] | None:
    """Own scores in 32 bits, NOBODY where there is none; None where one is too large for that."""
    known = np.where(given, own, 0)
    if max(int(known.max(initial=0)), -int(known.min(initial=0))) > t.MOST_OWN:
        return None
    return np.where(given, own, t.NOBODY).astype(np.int32)


def look_around(
    one: Neighbours, own: NDArray[np.int32], takes: set[int], threads: int | None = None
) -> NDArray[np.int64]:
    """What is found at the other ends of everybody's ties: four rows (`tables.TIES_COUNT` and on), a column a person.

    Args:
        own: everybody's own score, `tables.NOBODY` where there is none.
        takes: which of the rows are asked for; nothing can be said of the others.
    """
    found = np.empty((4, one.offsets.size - 1), np.int64)  # first touched by the threads
    all_given = bool((own != t.NOBODY).all())

    def work(first: int, last: int) -> None:
        if takes & {t.TIES_COUNT, t.TIES_MEAN}:
            kernel.add_around(first, last, one.offsets, one.neighbours, own, all_given, found)
        if takes & {t.TIES_MIN, t.TIES_MAX}:
            kernel.span_around(first, last, one.offsets, one.neighbours, own, found)

    in_ranges(one.offsets, work, threads)
    return found


def _by_hand(factor: Factor, one: Neighbours, own: NDArray[np.int64], given: NDArray[np.bool_]) -> list[int]:
    """The points of a factor that reads ties, in Python's numbers, which have no end."""
    measure = factor.measure
    assert isinstance(measure, TiesMeasure)
    points = []
    for first, last in pairwise(one.offsets.tolist()):
        others = one.neighbours[first:last]
        points.append(factor.points.of(measure.of_scores(own[others[given[others]]].tolist())))
    return points
