"""False friends by the dozen: what they give under each shipped policy that reads others' scores (E12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.city.arrays import FALSE_FRIEND
from goodstanding.lab.findings.files import Files
from goodstanding.lab.measures.false_friends import friends_of, score_among
from goodstanding.policy import Policy, load
from goodstanding.scoring import Scores, score

POLICIES: Final = ("sesame", "national")
"""Shipped policies with factors that read ties; a test holds it against all that are shipped."""

PEOPLE: Final = 200
MANY: Final = (1, 2, 4, 8, 16, 32, 64)
"""How many false friends somebody adds."""

STEPS: Final = 5
"""Their scores go from the policy's least to its greatest in so many steps."""


Friends = Sequence[tuple[int, int]]
"""Own scores, and kinds of tie."""


def attacked(files: Files) -> Mapping[str, float]:
    """The first people who have a score add false friends of every number and score."""
    figures: dict[str, float] = {}
    for name in POLICIES:
        policy = load(name)
        scores = score(policy, files.book(), as_of=files.as_of)
        people = np.flatnonzero(scores.given)[:PEOPLE]
        circles = [_circle(scores, found) for found in _found(files, people)]
        alone = [score_among(policy, scores, int(one), known) for one, known in zip(people, circles, strict=True)]
        reached = np.array(
            [_reached(policy, scores, int(one), known) for one, known in zip(people, circles, strict=True)]
        )
        gains = reached - np.array(alone)[:, None]
        figures[f"{name}: who gains"] = float(np.mean(gains.max(axis=1) > 0))
        figures[f"{name}: greatest gain"] = float(gains.max(axis=1).mean())
        figures[f"{name}: gain by one"] = float(gains[:, 0].mean())
    return figures


def _found(files: Files, people: NDArray[np.int64]) -> list[Friends]:
    """Those whom people know, by their numbers, with the kinds of the ties."""
    edges = files.city.edges
    friends = friends_of(edges, np.ones(edges.a.size, np.bool_), people)
    return [friends[one] for one in people.tolist()]


def _circle(scores: Scores, friends: Friends) -> Friends:
    """The own scores of those who have one."""
    return [(int(scores.own_score[other]), kind) for other, kind in friends if scores.given[other]]


def _reached(policy: Policy, scores: Scores, person: int, known: Friends) -> list[int]:
    """The greatest score that is reached by each number of false friends, whatever score of their own these have."""
    own_scores = np.linspace(policy.least, policy.most, STEPS).astype(int).tolist()
    return [
        max(score_among(policy, scores, person, [*known, *[(own, FALSE_FRIEND)] * many]) for own in own_scores)
        for many in MANY
    ]
