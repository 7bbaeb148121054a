"""What a standing is worth, in money: the steps of a score at which something opens or is refused.

What a perk or a sanction is worth is a parameter; a scorer's own words say which one is meant. A perk that is like none
of them has a worth of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.parameters import Parameters
from goodstanding.policy import Perk, Policy, Sanction

PERKS: Final[Mapping[str, str]] = {
    "bicycle": "bicycle",
    "hotel": "hotel",
    "car": "car_hire",
    "rent": "rent_monthly",
    "loan": "cheaper_loan",
    "limit": "cheaper_loan",
    "rate": "cheaper_loan",
    "visa": "visa",
    "lane": "fast_lane",
    "dating": "fast_lane",
    "heating": "winter_heating",
    "hire": "goods_hire",
    "bank": "goods_hire",
    "goods": "goods_hire",
}
"""From a word in a perk's name to the parameter that says what it is worth (`consequences.*`); the first that fits."""

CONTEXTS: Final[Mapping[str, str]] = {
    "hire": "goods_hire",
    "finance": "cheaper_loan",
    "travel": "visa",
    "utilities": "winter_heating",
}
"""The same from the walk of life in which it is given, where no word fits."""

PREFERS: Final = ("job", "promotion", "work")
"""Words of perks that prefer their holders where there is work."""

CLOSES: Final[Mapping[str, str]] = {
    "flight.book": "may_fly",
    "air.buy_ticket": "may_fly",
    "rail.buy_ticket": "may_ride",
    "train.buy_ticket": "may_ride",
    "train.book_first_class": "may_ride_first",
    "train.book_soft_sleeper": "may_ride_first",
    "loan.take": "may_borrow",
    "car.hire": "may_hire",
    "goods.hire": "may_hire",
    "bicycle.hire": "may_hire",
}
"""From what a sanction refuses to the disposition that it closes."""

BARS_WORK: Final = ("job.", "vetting.", "licence.")
"""What refuses posts, by the beginning of its name."""

COSTS: Final[Mapping[str, str]] = {
    "may_fly": "no_flight",
    "may_ride": "no_fast_train",
    "may_borrow": "loan_refused",
    "may_hire": "car_hire",
}
"""From what is closed to the parameter that says what this costs, a month."""

TRAVEL: Final = frozenset({"may_fly", "may_ride"})
"""What costs the more the more one travels, and so with income."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a sanction costs, a month, in fen.

    Attributes:
        fixed: whoever it is.
        travel: to somebody of the median income, and to others in proportion to theirs.
    """

    fixed: float
    travel: float


def closed(sanction: Sanction) -> frozenset[str]:
    """The dispositions that a sanction closes."""
    return frozenset(CLOSES[action] for action in sanction.actions if action in CLOSES)


def bars_work(sanction: Sanction) -> bool:
    """Whether a sanction refuses posts."""
    return any(action.startswith(BARS_WORK) for action in sanction.actions)


def refuses_spending(sanction: Sanction) -> bool:
    """Whether it refuses anything that no disposition stands for: houses, holidays, schools, dear insurance."""
    return any(action not in CLOSES and not action.startswith(BARS_WORK) for action in sanction.actions)


def cost_of(sanction: Sanction, parameters: Parameters) -> Cost:
    """What a sanction costs."""

    def number(name: str) -> float:
        return parameters.number(f"consequences.{name}")

    shut = closed(sanction)
    travel = sum(number(COSTS[name]) for name in sorted(shut & TRAVEL))
    fixed = sum(number(COSTS[name]) for name in sorted((shut & COSTS.keys()) - TRAVEL))
    return Cost(fixed + (number("no_high_spending") if refuses_spending(sanction) else 0.0), travel)


def worth_of(perk: Perk, parameters: Parameters) -> float:
    """What a perk is worth, a month, in fen."""
    meant = next((name for word, name in PERKS.items() if word in perk.name.split("_")), None)
    name = meant or CONTEXTS.get(perk.context or "", "other_perk")
    return parameters.number(f"consequences.{name}")


def prefers(perk: Perk) -> bool:
    """Whether a perk prefers its holder where there is work."""
    return any(word in perk.name for word in PREFERS)


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps of a score, ascending, and what reaching each is worth, a month, in fen.

    Attributes:
        at: int64.
        worth: float64.
    """

    at: NDArray[np.int64]
    worth: NDArray[np.float64]

    def pull(self, score: NDArray[np.int64], points: NDArray[np.float32] | float) -> NDArray[np.float32]:
        """What so many points more would be worth: the next step, or the part of the way there that they are."""
        step = np.searchsorted(self.at, score, side="right")
        at = np.append(self.at, np.int64(2**40))
        worth = np.append(self.worth, 0.0)
        return _part(points, at[step] - score) * worth[step].astype(np.float32)

    def push(self, score: NDArray[np.int64], points: NDArray[np.float32] | float) -> NDArray[np.float32]:
        """What so many points fewer would cost: the step one stands on, or the part of the way off it that they are."""
        step = np.searchsorted(self.at, score, side="right")
        at = np.append(np.int64(-(2**40)), self.at)
        worth = np.append(0.0, self.worth)
        return _part(points, score - at[step] + 1) * worth[step].astype(np.float32)

    def standing_at(self, score: NDArray[np.int64]) -> NDArray[np.float32]:
        """What all steps below a score are worth together."""
        total = np.append(0.0, np.cumsum(self.worth)).astype(np.float32)
        return total[np.searchsorted(self.at, score, side="right")]


def _part(points: NDArray[np.float32] | float, distance: NDArray[np.int64]) -> NDArray[np.float32]:
    """The part of a distance above 0 that some points are, at most all of it."""
    return np.minimum(np.asarray(points, np.float32) / distance.astype(np.float32), np.float32(1.0))


def ladder_of(policy: Policy, parameters: Parameters) -> Ladder:
    """The steps of a policy: perks that a score opens, tiers for themselves, and scores below which one is refused."""
    steps: dict[int, float] = {}
    least = {tier.name: tier.least for tier in policy.tiers}
    for perk in policy.perks:
        edges = [least[name] for name in perk.tiers]
        lowest = None if not edges or None in edges else min(edge for edge in edges if edge is not None)
        at = max((edge for edge in (perk.least, lowest) if edge is not None), default=None)
        if at is not None:
            steps[at] = steps.get(at, 0.0) + worth_of(perk, parameters)
    for tier in policy.tiers:
        if tier.least is not None:
            steps[tier.least] = steps.get(tier.least, 0.0) + parameters.number("consequences.tier_pride")
    for sanction in policy.sanctions:
        if sanction.below is not None:
            cost = cost_of(sanction, parameters)
            steps[sanction.below] = steps.get(sanction.below, 0.0) + cost.fixed + cost.travel
    ascending = sorted(steps)
    return Ladder(np.array(ascending, np.int64), np.array([steps[at] for at in ascending], np.float64))
