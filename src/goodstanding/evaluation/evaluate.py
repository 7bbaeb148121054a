"""How well scores foretold what became of people.

An outcome is 1 where that has happened which a high score should make rarer (a default), else 0. Four figures say how
far scores tell the two apart: the area under the ROC curve (AUC: the chance that of two people with different outcomes
the one with outcome 0 has the higher score, ties counting half), Gini (2 · AUC − 1), KS (the greatest distance between
the two cumulative distributions of scores), and the rate of outcome 1 in each tier.

Figures are counted in whole numbers and divided once. Only intervals are drawn by lot, from a given seed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import count, pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from goodstanding.errors import InputError, how_many
from goodstanding.evaluation.counting import Counts, Whole, interval, wilson

CURVE_POINTS = 200  # as many as a chart 300 pixels wide can show
HISTOGRAM_BINS = 24  # at most; their width is a round number of points

Column: TypeAlias = Sequence[Any] | npt.NDArray[Any] | pa.Array | pa.ChunkedArray


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and its 95 % interval; no interval where no samples were drawn."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class TierRate:
    """How often outcome 1 came in one tier, with the 95 % interval of the rate; no rate where the tier is empty."""

    tier: str
    people: int
    events: int
    rate: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class HistogramBin:
    """How many people of each outcome have a score from `start` up to, not including, `stop`."""

    start: int
    stop: int
    events: int
    others: int


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The shares of the people with outcome 1, and of the others, whose score is at most `score`."""

    score: int
    events_share: float
    others_share: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What scores are worth against outcomes.

    Attributes:
        people: with a score and an outcome; all figures rest on them.
        events: those of them whose outcome is 1.
        without_score: people with an outcome but no score; `without_score_events` of them have outcome 1.
        without_outcome: people with a score whose outcome is not known.
        ks_score: the score up to which the two distributions lie farthest apart.
        tiers: lowest tier first; empty where no tiers were given.
        curve: at most 200 points of the ROC curve, by ascending score.
        bootstrap: how many samples the intervals of AUC, Gini and KS rest on.
    """

    people: int
    events: int
    without_score: int
    without_score_events: int
    without_outcome: int
    auc: Figure
    gini: Figure
    ks: Figure
    ks_score: int
    tiers: tuple[TierRate, ...]
    histogram: tuple[HistogramBin, ...]
    curve: tuple[CurvePoint, ...]
    bootstrap: int
    seed: int

    @property
    def tiers_in_order(self) -> bool:
        """Whether no tier has a higher rate than the tier below it; empty tiers are passed over."""
        rates = [Fraction(tier.events, tier.people) for tier in self.tiers if tier.people]
        return all(upper <= lower for lower, upper in pairwise(rates))

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values, ready for JSON."""
        return {**asdict(self), "tiers_in_order": self.tiers_in_order}


def evaluate(
    scores: Column,
    outcomes: Column,
    *,
    tiers: Column | None = None,
    order: Sequence[str] | None = None,
    bootstrap: int = 1000,
    seed: int = 1,
) -> Evaluation:
    """Hold scores against outcomes; one entry a person in each column.

    Args:
        scores: whole numbers; null for a person without a score.
        outcomes: 0, 1, or null where it is not known.
        tiers: each person's tier by name; null for none.
        order: the tiers from the lowest up; by default those that occur, from the highest rate down.
        bootstrap: how many samples to draw for the intervals; 0: none, and no intervals.
        seed: of the drawing; the same seed gives the same intervals.

    Raises:
        InputError: the columns differ in length, an outcome is neither 0 nor 1, a tier is not in the order, or not both
            outcomes occur among the people who have a score, so that there is nothing to tell apart.
    """
    score, outcome = _whole(scores, "scores"), _whole(outcomes, "outcomes")
    _check_columns(score, outcome)
    scored, known = pc.is_valid(score), pc.is_valid(outcome)
    both = pc.and_(scored, known)
    counts = _counted(score.filter(both), outcome.filter(both))
    (distance, ks_score), (areas, distances) = counts.ks(), counts.resampled(bootstrap, seed)
    unscored = outcome.filter(pc.and_(pc.invert(scored), known))
    return Evaluation(
        people=counts.all_events + counts.all_others,
        events=counts.all_events,
        without_score=len(unscored),
        without_score_events=_sum(unscored),
        without_outcome=_sum(pc.and_(scored, pc.invert(known))),
        auc=_figure(counts.auc(), areas),
        gini=_figure(2 * counts.auc() - 1, 2 * areas - 1),
        ks=_figure(distance, distances),
        ks_score=ks_score,
        tiers=() if tiers is None else _rates(_tiers(tiers, len(score)).filter(both), outcome.filter(both), order),
        histogram=_histogram(counts),
        curve=_curve(counts, ks_score),
        bootstrap=bootstrap,
        seed=seed,
    )


def _whole(column: Column, name: str) -> pa.Array:
    """A column of whole numbers and nulls.

    Raises:
        InputError: it holds something else.
    """
    try:
        array = column if isinstance(column, pa.Array | pa.ChunkedArray) else pa.array(column, from_pandas=True)
        whole = array.cast(pa.int64())
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise InputError(f"{name}: {error}; expected whole numbers, or null") from error
    return whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole


def _check_columns(score: pa.Array, outcome: pa.Array) -> None:
    if len(score) != len(outcome):
        raise InputError(f"found {len(score):,} scores and {len(outcome):,} outcomes; expected one of each a person")
    strange = outcome.filter(pc.invert(pc.is_in(outcome, pa.array([0, 1, None], pa.int64()))))
    if len(strange):
        raise InputError(f"found the outcome {strange[0].as_py()}; expected 0 or 1")


def _counted(score: pa.Array, outcome: pa.Array) -> Counts:
    counts = Counts.of(_numbers(score), _numbers(outcome))
    if not counts.all_events or not counts.all_others:
        found = (
            f"{how_many(counts.all_events, 'person', 'people')} with outcome 1 and {counts.all_others:,} with outcome 0"
        )
        raise InputError(f"found {found} among those who have a score; expected some of each, to tell them apart")
    return counts


def _numbers(column: pa.Array) -> Whole:
    numbers: Whole = column.to_numpy(zero_copy_only=False).astype(np.int64)
    return numbers


def _sum(column: pa.Array) -> int:
    return int(pc.sum(column).as_py() or 0)


def _figure(value: Fraction, samples: npt.NDArray[np.float64]) -> Figure:
    return Figure(float(value), *interval(samples))


def _tiers(tiers: Column, people: int) -> pa.Array:
    """Each person's tier by name.

    Raises:
        InputError: there are not as many as people.
    """
    column = tiers if isinstance(tiers, pa.Array | pa.ChunkedArray) else pa.array(tiers, from_pandas=True)
    if len(column) != people:
        raise InputError(f"found {people:,} scores and {len(column):,} tiers; expected one of each a person")
    named = column.cast(pa.string())
    return named.combine_chunks() if isinstance(named, pa.ChunkedArray) else named


def _rates(tier: pa.Array, outcome: pa.Array, order: Sequence[str] | None) -> tuple[TierRate, ...]:
    """One entry a tier, of people who have a score, an outcome and a tier."""
    found = (
        pa.table({"tier": tier, "outcome": outcome})
        .group_by("tier")
        .aggregate([("outcome", "count"), ("outcome", "sum")])
    )
    counts = {
        row["tier"]: (row["outcome_count"], row["outcome_sum"]) for row in found.to_pylist() if row["tier"] is not None
    }
    _check_order(counts, order)
    names = (
        sorted(counts, key=lambda name: (-Fraction(counts[name][1], counts[name][0]), name)) if order is None else order
    )
    return tuple(_tier_rate(name, *counts.get(name, (0, 0))) for name in names)


def _check_order(found: Iterable[str], order: Sequence[str] | None) -> None:
    """People may not drop out of the table because their tier has no place in it."""
    strange = [] if order is None else sorted(set(found) - set(order))
    if order is not None and strange:
        expected = f"only {', '.join(order)}" if order else "none, since the order is empty"
        raise InputError(f"found the tiers {', '.join(strange)}; expected {expected}")


def _tier_rate(tier: str, people: int, events: int) -> TierRate:
    if not people:
        return TierRate(tier, people, events)
    return TierRate(tier, people, events, events / people, *wilson(events, people))


def _histogram(counts: Counts) -> tuple[HistogramBin, ...]:
    """At most 24 bins as wide as a round number of points (1, 2 or 5 times a power of ten)."""
    least, most = int(counts.scores[0]), int(counts.scores[-1])
    width = next(width for width in _round_widths() if most // width - least // width < HISTOGRAM_BINS)
    first = least // width
    place = counts.scores // width - first
    size = most // width - first + 1
    events = np.zeros(size, np.int64)
    others = np.zeros(size, np.int64)
    np.add.at(events, place, counts.events)
    np.add.at(others, place, counts.others)
    starts = [(first + number) * width for number in range(size)]
    return tuple(
        HistogramBin(start, start + width, int(event), int(other))
        for start, event, other in zip(starts, events, others, strict=True)
    )


def _round_widths() -> Iterator[int]:
    return (step * 10**power for power in count() for step in (1, 2, 5))


def _curve(counts: Counts, ks_score: int) -> tuple[CurvePoint, ...]:
    """Evenly spaced points of the curve, the point where KS is reached among them."""
    events, others = np.cumsum(counts.events), np.cumsum(counts.others)
    spaced = np.linspace(0, len(counts.scores) - 1, min(CURVE_POINTS - 1, len(counts.scores))).astype(np.int64)
    places = np.union1d(spaced, np.searchsorted(counts.scores, [ks_score]))
    return tuple(
        CurvePoint(int(counts.scores[at]), float(events[at]) / counts.all_events, float(others[at]) / counts.all_others)
        for at in places
    )
