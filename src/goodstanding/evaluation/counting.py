"""People counted by score and outcome, and what follows from the counts.

AUC and KS depend on nothing but how many people of each outcome have each score. So everyone is counted once, the
figures are fractions of whole numbers, and a bootstrap sample is a drawing of counts, not of people: a thousand samples
of a million people cost as much as there are different scores.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

import numpy as np
import numpy.typing as npt

DRAWS_AT_ONCE = 2_000_000  # cells of a table of samples held at a time: 16 MB
NORMAL_95 = 1.959963984540054  # the 97.5th percentile of the standard normal distribution

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Counts:
    """One entry per different score, ascending: how many people with outcome 1 (`events`) and 0 (`others`) have it."""

    scores: Whole
    events: Whole
    others: Whole

    @classmethod
    def of(cls, scores: Whole, outcomes: Whole) -> Counts:
        """Count people; one entry a person in each array."""
        distinct, place = np.unique(scores, return_inverse=True)
        events = np.bincount(place[outcomes == 1], minlength=len(distinct)).astype(np.int64)
        others = np.bincount(place[outcomes == 0], minlength=len(distinct)).astype(np.int64)
        return cls(distinct, events, others)

    @property
    def all_events(self) -> int:
        """How many people have outcome 1."""
        return int(self.events.sum())

    @property
    def all_others(self) -> int:
        """How many people have outcome 0."""
        return int(self.others.sum())

    def auc(self) -> Fraction:
        """The share of pairs, one person of each outcome, in which outcome 0 has the higher score; a tie is half."""
        others_above = self.all_others - np.cumsum(self.others)
        halves = int((self.events * (2 * others_above + self.others)).sum())
        return Fraction(halves, 2 * self.all_events * self.all_others)

    def ks(self) -> tuple[Fraction, int]:
        """The greatest distance between the two cumulative shares, and the first score at which it is reached."""
        apart = np.abs(np.cumsum(self.events) * self.all_others - np.cumsum(self.others) * self.all_events)
        where = int(apart.argmax())
        return Fraction(int(apart[where]), self.all_events * self.all_others), int(self.scores[where])

    def resampled(self, samples: int, seed: int) -> tuple[Real, Real]:
        """AUC and KS of samples drawn with replacement from each outcome's people, as many as there are of each.

        Outcomes are drawn apart, so that no sample lacks one of them.
        """
        areas, distances = np.empty(samples), np.empty(samples)
        for start, events, others in self._samples(samples, seed):
            rows = slice(start, start + len(events))
            areas[rows], distances[rows] = _areas(events, others), _distances(events, others)
        return areas, distances

    def _samples(self, samples: int, seed: int) -> Iterator[tuple[int, Whole, Whole]]:
        """Cumulative counts, one row a sample, in blocks, so that memory stays small however many scores there are."""
        lot = np.random.default_rng(seed)
        rows = max(1, DRAWS_AT_ONCE // len(self.scores))
        for start in range(0, samples, rows):
            size = min(rows, samples - start)
            events = np.cumsum(lot.multinomial(self.all_events, self.events / self.all_events, size), axis=1)
            others = np.cumsum(lot.multinomial(self.all_others, self.others / self.all_others, size), axis=1)
            yield start, events, others


def _areas(events: Whole, others: Whole) -> Real:
    """The AUC of each row of cumulative counts: the area between its steps, trapezoids where scores are equal."""
    widths = np.diff(others, axis=1, prepend=0)
    heights = 2 * events - np.diff(events, axis=1, prepend=0)
    areas: Real = (widths * heights).sum(axis=1) / (2 * events[:, -1] * others[:, -1])
    return areas


def _distances(events: Whole, others: Whole) -> Real:
    """The KS of each row of cumulative counts."""
    apart = np.abs(events * others[:, -1:] - others * events[:, -1:]).max(axis=1)
    distances: Real = apart / (events[:, -1] * others[:, -1])
    return distances


def interval(samples: Real) -> tuple[float, float] | tuple[None, None]:
    """The middle 95 % of the samples; nothing without samples."""
    if not len(samples):
        return None, None
    low, high = np.quantile(samples, [0.025, 0.975])
    return float(low), float(high)


def wilson(events: int, people: int) -> tuple[float, float]:
    """The 95 % interval of a rate (E. B. Wilson, Journal of the American Statistical Association 22, 1927, 209-212)."""
    z2, rate = NORMAL_95**2, events / people
    middle = (rate + z2 / (2 * people)) / (1 + z2 / people)
    reach = NORMAL_95 / (1 + z2 / people) * sqrt(rate * (1 - rate) / people + z2 / (4 * people**2))
    return max(0.0, middle - reach), min(1.0, middle + reach)
