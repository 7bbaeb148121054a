"""Who rises and who falls between the first and the last month of a run."""

from __future__ import annotations

from math import nan

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.measures.register import Figure, Figures, measure
from goodstanding.lab.measures.views import ScorerRun
from goodstanding.lab.society.snapshot import NO_SCORE


@measure(
    "mobility.tiers",
    ScorerRun,
    "share",
    "neither",
    ("Who changed tier", "等级变动"),
    (
        "Of those who have a tier in the first and the last month, how many stand higher, the same, lower.",
        "首末两月均有等级者中，上升、不变、下降的比例。",
    ),
)
def changed(view: ScorerRun) -> Figures:
    """Three shares that add up to 1."""
    first, last = _at_both_ends(view, view.tiers, -1)
    if first.size:
        yield Figure(float(np.mean(last > first)), "rose")
        yield Figure(float(np.mean(last == first)), "stayed")
        yield Figure(float(np.mean(last < first)), "fell")


@measure(
    "mobility.index",
    ScorerRun,
    "ratio",
    "neither",
    ("Mobility between tiers", "等级流动性"),
    (
        "Over the k tiers that anybody began in: the mean share that left theirs, times k over k − 1; 0: nobody moves.",
        "在有人起始的 k 个等级中：离开原等级者比例的均值乘以 k/(k−1)；0 表示无人变动。",
    ),
    source="A. F. Shorrocks, The measurement of mobility, Econometrica 46, 1978",
)
def index(view: ScorerRun) -> Figures:
    """No figure where all began in one tier."""
    first, last = _at_both_ends(view, view.tiers, -1)
    began = np.unique(first)
    if began.size > 1:
        left = [np.mean(last[first == one] != one) for one in began]
        yield Figure(float(np.mean(left)) * began.size / (began.size - 1))


@measure(
    "mobility.rank",
    ScorerRun,
    "correlation",
    "neither",
    ("How far ranks last", "名次的持续性"),
    (
        "The rank correlation (Spearman) of the first and the last month's scores.",
        "首末两月分数的秩相关（斯皮尔曼）。",
    ),
    source="C. Spearman, American Journal of Psychology 15, 1904",
)
def rank(view: ScorerRun) -> Figures:
    """Of those who have a score in both."""
    first, last = _at_both_ends(view, view.scores, NO_SCORE)
    yield Figure(correlation(ranks(first), ranks(last)))


def _at_both_ends(
    view: ScorerRun, rows: NDArray[np.signedinteger], none: int
) -> tuple[NDArray[np.signedinteger], NDArray[np.signedinteger]]:
    """The first and the last month of those who have something in both."""
    if view.ends is None:
        return rows[0, :0], rows[0, :0]
    first, last = rows[view.ends[0]], rows[view.ends[1]]
    both = (first != none) & (last != none)
    return first[both], last[both]


def ranks(values: NDArray[np.signedinteger]) -> NDArray[np.float64]:
    """Ranks from 1 on; equal values share the mean of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[place]


def correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Pearson's; not a number where one of them does not vary."""
    if not first.size:
        return nan
    first, second = first - first.mean(), second - second.mean()
    spread = float(np.sqrt((first * first).sum() * (second * second).sum()))
    return float((first * second).sum()) / spread if spread > 0 else nan
