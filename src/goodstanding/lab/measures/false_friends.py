"""What false friends give: the points of those who bought some, less what they would have without.

A made-up account gives points only through the factors that read ties. So these factors are read again, by hand, over
the ties that are not bought; everything else of the score stays as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.city.arrays import FALSE_FRIEND, FRIEND, KIN, Edges
from goodstanding.lab.measures.views import ScorerMonth
from goodstanding.measures import Ties
from goodstanding.policy import Policy
from goodstanding.scoring import Scores

ASKED_FOR: Final = {FRIEND: "friend", KIN: "kin", FALSE_FRIEND: "friend"}
"""Kinds of tie, as policies ask for them."""

MOST_BUYERS: Final = 2_000
"""Those who are looked at, by number: plenty for a mean, and quickly done by hand."""


def gained(view: ScorerMonth) -> tuple[int, int]:
    """Points of buyers beyond what they would have without false friends, and how many of these they hold."""
    edges = _lasting(view)
    bought = edges.kind == FALSE_FRIEND
    held = np.bincount(edges.a[bought], minlength=view.city.residents)
    buyers = np.flatnonzero((held > 0) & view.counted)[:MOST_BUYERS]
    friends = friends_of(edges, ~bought & (edges.b < view.city.residents), buyers)
    scores, policy, points = view.seen.scores, view.seen.policy, 0
    for one in buyers.tolist():
        known = [(int(scores.own_score[other]), kind) for other, kind in friends[one] if view.counted[other]]
        points += int(scores.score[one]) - score_among(policy, scores, one, known)
    return points, int(held[buyers].sum())


def _lasting(view: ScorerMonth) -> Edges:
    edges, month = view.city.snapshot.edges, view.city.snapshot.month
    lasts = (edges.since <= month) & (month < edges.until)
    return Edges(edges.a[lasts], edges.b[lasts], edges.kind[lasts], edges.since[lasts], edges.until[lasts])


def friends_of(edges: Edges, real: NDArray[np.bool_], people: NDArray[np.int64]) -> Mapping[int, list[tuple[int, int]]]:
    """By person, those at the other ends of some ties, and the kinds of the ties."""
    friends: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for ends, others in ((edges.a, edges.b), (edges.b, edges.a)):
        rows = np.flatnonzero(real & np.isin(ends, people))
        for one, other, kind in zip(ends[rows].tolist(), others[rows].tolist(), edges.kind[rows].tolist(), strict=True):
            friends[one].append((other, kind))
    return friends


def score_among(policy: Policy, scores: Scores, person: int, friends: Sequence[tuple[int, int]]) -> int:
    """The score that somebody would have with other ties, everything else being as it is.

    Args:
        friends: the own scores at the other ends, and the kinds of the ties.
    """
    points = scores.points[:, person].tolist()
    for i, factor in enumerate(policy.factors):
        if isinstance(factor.measure, Ties):
            wanted = factor.measure.tie
            known = [own for own, kind in friends if wanted is None or ASKED_FOR[kind] == wanted]
            points[i] = factor.points.of(factor.measure.of_scores(known))
    return _added_up(policy, points)


def _added_up(policy: Policy, points: Sequence[int]) -> int:
    """A score out of the points of all factors (specification section 4)."""
    total = policy.base
    for dimension in policy.dimensions:
        of = sum(p for factor, p in zip(policy.factors, points, strict=True) if factor.dimension == dimension.name)
        total += _held(of, dimension.least, dimension.most)
    return _held(total, policy.least, policy.most)


def _held(value: int, least: int | None, most: int | None) -> int:
    value = value if least is None else max(value, least)
    return value if most is None else min(value, most)
