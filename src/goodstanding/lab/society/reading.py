"""What anybody can read off a published policy with a pencil: what one more late bill, post or purchase would change.

Nothing here knows what a factor is called. A steady file is scored with and without some events, by the policy itself,
and the difference is what is at stake, factor by factor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from goodstanding.book import Book
from goodstanding.lab.city.kinds import KINDS
from goodstanding.limits import DAY_US
from goodstanding.measures import Ties
from goodstanding.policy import Factor, Policy
from goodstanding.scoring import Scorer

AS_OF: Final = 20_000 * DAY_US
"""Any moment will do: a policy reads ages, and no dates."""

MONTH_DAYS: Final = 30
STEADY_MONTHS: Final = 24

STEADY: Final = ("bill.paid", "loan.repaid", "tax.paid", "card.payment", "insurance.paid", "purchase.made")
"""What a steady file holds, once a month, on time and in full; the rest of a catalogue is good or bad news."""

FRIENDLY: Final = (None, "friend")
"""Kinds of tie that a friend has, as policies ask for them."""

PERSON_WITH, PERSON_WITHOUT = "with", "without"


def event(type_: str, days_ago: int = 1, **fields: Any) -> Mapping[str, Any]:
    """An event as a steady file might have had it: its source is the one that a city's events of the type have."""
    return {"type": type_, "time": AS_OF - days_ago * DAY_US, "source": _sources()[type_], **fields}


@cache
def _sources() -> Mapping[str, str]:
    return {type_: source for type_, source, _ in KINDS[1:]}


def monthly(months: int, type_: str, **fields: Any) -> list[Mapping[str, Any]]:
    """An event a month, the latest of them yesterday."""
    return [event(type_, 1 + MONTH_DAYS * month, **fields) for month in range(months)]


def steady() -> list[Mapping[str, Any]]:
    """A file without a fault."""
    fields = {"purchase.made": {"amount": 10_000, "value": None, "label": "food"}}
    return [
        one
        for type_ in STEADY
        for one in monthly(STEADY_MONTHS, type_, **fields.get(type_, {"amount": 10_000, "value": 0}))
    ]


class Reading:
    """One policy, read."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.least = np.array([_least(factor) for factor in policy.factors], np.int32)
        self.most = np.array([factor.points.most(factor.measure.can_be_nothing) for factor in policy.factors], np.int32)
        self.types = frozenset(policy.catalogue)
        self._changes: dict[Any, NDArray[np.int32]] = {}

    def change(self, more: Sequence[Mapping[str, Any]]) -> NDArray[np.int32]:
        """By factor, what more events would change in a steady file; 0 everywhere where the policy reads none."""
        if not any(one["type"] in self.types for one in more):
            return np.zeros(len(self.policy.factors), np.int32)
        asked = tuple(tuple(one.items()) for one in more)
        if asked not in self._changes:
            self._changes[asked] = self._change(more)
        return self._changes[asked]

    def _change(self, more: Sequence[Mapping[str, Any]]) -> NDArray[np.int32]:
        file = steady()
        rows = [
            {**one, "id": str(number), "person": person}
            for person, events in ((PERSON_WITH, [*file, *more]), (PERSON_WITHOUT, file))
            for number, one in enumerate(events, 1000 * (person == PERSON_WITH))
        ]
        scores = Scorer(self.policy, Book.of(rows, world="synthetic"), as_of=AS_OF).everyone(threads=1)
        with_them, without = (scores.people.to_pylist().index(who) for who in (PERSON_WITH, PERSON_WITHOUT))
        return scores.points[:, with_them] - scores.points[:, without]

    def lost(self, points: NDArray[np.int32], more: Sequence[Mapping[str, Any]]) -> NDArray[np.float32]:
        """What such events would cost each person now: nothing by a factor that can take no more from them.

        Args:
            points: one row a factor, one column a person, as in `Scores`.
        """
        return self._moved(points, np.minimum(self.change(more), 0), self.least)

    def gained(self, points: NDArray[np.int32], more: Sequence[Mapping[str, Any]]) -> NDArray[np.float32]:
        """What such events would bring each person now: no more than the factor still has to give."""
        return self._moved(points, np.maximum(self.change(more), 0), self.most)

    def _moved(
        self, points: NDArray[np.int32], change: NDArray[np.int32], bound: NDArray[np.int32]
    ) -> NDArray[np.float32]:
        moved = np.zeros(points.shape[1], np.float32)
        for factor in np.flatnonzero(change):
            room = np.abs(bound[factor] - points[factor])
            moved += np.minimum(np.abs(change[factor]), room)
        return moved

    @property
    def of_ties(self) -> list[tuple[int, Factor, Ties]]:
        """The factors that read ties, with their places."""
        return [
            (place, factor, factor.measure)
            for place, factor in enumerate(self.policy.factors)
            if isinstance(factor.measure, Ties)
        ]

    def reads_friends(self) -> bool:
        """Whether it counts for anything whom one has for a friend."""
        return any(measure.tie in FRIENDLY for _, _, measure in self.of_ties)

    def weighs_friends(self) -> bool:
        """Whether friends' scores count, and not their number alone."""
        return any(measure.take != "count" and measure.tie in FRIENDLY for _, _, measure in self.of_ties)


def _least(factor: Factor) -> int:
    """The least that a factor can take: of `each` without a bound, what it says is out of sight."""
    return factor.points.least(factor.measure.can_be_nothing)
