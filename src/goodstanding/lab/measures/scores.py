"""How scores are spread: mean, quantiles, Gini, tiers, and who is scored at all."""

from __future__ import annotations

from math import nan

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.measures.register import Figure, Figures, measure
from goodstanding.lab.measures.views import ScorerMonth

QUANTILES = (10, 25, 50, 75, 90)


@measure(
    "enrolment.share",
    ScorerMonth,
    "share",
    "neither",
    ("Who is scored", "被评分者比例"),
    ("Of all residents, how many are enrolled.", "全体居民中已加入者的比例。"),
)
def enrolled(view: ScorerMonth) -> Figures:
    """Of everybody, and apart of those whom a court has ever listed."""
    listed = view.city.snapshot.tally.listings > 0
    for group, who in (("", np.ones_like(listed)), ("listed", listed), ("unlisted", ~listed)):
        yield Figure(share(view.seen.enrolled, who), group)


@measure(
    "scores.mean",
    ScorerMonth,
    "points",
    "neither",
    ("Mean score", "平均分"),
    ("The mean of those who are enrolled and have a score.", "已加入且有分数者的平均分。"),
)
def mean_score(view: ScorerMonth) -> Figures:
    """Of everybody counted."""
    yield Figure(mean(view.scores))


@measure(
    "scores.quantiles",
    ScorerMonth,
    "points",
    "neither",
    ("Spread of scores", "分数分布"),
    (
        "The least score that a given share do not pass (of two neighbours the lower).",
        "给定比例的人不超过的最低分数（介于两者之间取低者）。",
    ),
)
def quantiles(view: ScorerMonth) -> Figures:
    """Five of them."""
    if view.scores.size:
        found = np.quantile(view.scores, [one / 100 for one in QUANTILES], method="inverted_cdf")
        for one, score in zip(QUANTILES, found, strict=True):
            yield Figure(score, f"p{one}")


@measure(
    "scores.gini",
    ScorerMonth,
    "share",
    "lower",
    ("Inequality of scores (Gini)", "分数不平等（基尼系数）"),
    (
        "Half the mean difference between two people, over the mean; counted from the policy's least score.",
        "两人分数之差均值的一半除以均值；以政策最低分为零点。",
    ),
    source="C. Gini, Variabilità e mutabilità, 1912",
)
def gini_of_scores(view: ScorerMonth) -> Figures:
    """0 where all stand alike."""
    yield Figure(gini(view.scores - view.seen.policy.least))


@measure(
    "scores.tiers",
    ScorerMonth,
    "share",
    "neither",
    ("Share in each tier", "各等级占比"),
    ("Of those enrolled who have a tier, how many are in each.", "已加入且有等级者在各等级中的比例。"),
)
def tiers(view: ScorerMonth) -> Figures:
    """One figure a tier of the policy, those without anybody too."""
    tier = view.seen.standing.tier[view.seen.enrolled]
    tier = tier[tier >= 0]
    if tier.size:
        counts = np.bincount(tier, minlength=len(view.seen.policy.tiers))
        for one, count in zip(view.seen.policy.tiers, counts, strict=True):
            yield Figure(count / tier.size, one.name)


def mean(values: NDArray[np.generic]) -> float:
    """Not a number, of nobody."""
    return float(values.mean()) if values.size else nan


def share(holds: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
    """Of those among whom, how many; not a number, of nobody."""
    many = np.count_nonzero(among)
    return np.count_nonzero(holds & among) / many if many else nan


def ratio(upper: float, lower: float) -> float:
    """Not a number, over 0."""
    return upper / lower if lower else nan


def gini(values: NDArray[np.int64]) -> float:
    """The Gini coefficient of numbers from 0 on; not a number, of nobody."""
    if not values.size:
        return nan
    ascending = np.sort(values).astype(np.float64)
    total = float(ascending.sum())
    if total == 0:
        return 0.0
    many = values.size
    return float(2 * (np.arange(1, many + 1) * ascending).sum() / (many * total) - (many + 1) / many)
