"""How sure a figure is: an interval over seeds, and a test of differences between runs that threw the same dice.

Runs of one seed are twins: the same residents, the same luck. So what is tested is the difference within each pair
(Student's t, one value a seed), which is far surer than two intervals side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """The mean over seeds, and where it lies with the given confidence.

    Attributes:
        mean, low, high: not a number where there is no seed; `low` and `high` reach everywhere where there is but one.
        seeds: how many gave a value.
    """

    mean: float
    low: float
    high: float
    seeds: int

    @property
    def sign(self) -> int:
        """1 above 0, -1 below 0, 0 where the interval holds 0 or nothing is known."""
        return int(self.low > 0) - int(self.high < 0)

    def meets(self, low: float, high: float) -> bool:
        """Whether it has a point in common with a band."""
        return self.low <= high and self.high >= low


@dataclass(frozen=True, slots=True)
class Paired:
    """How much one kind of run differs from another, seed by seed.

    Attributes:
        difference: the other less the baseline, over seeds that both have.
        p: of the two-sided test that there is no difference; not a number below two seeds.
    """

    difference: Interval
    p: float


def interval(values: ArrayLike, level: float = LEVEL) -> Interval:
    """The mean of one value a seed and its interval by Student's t; values that are not a number are left out."""
    known = np.asarray(values, np.float64)
    known = known[~np.isnan(known)]
    if not known.size:
        return Interval(nan, nan, nan, 0)
    mean = float(known.mean())
    if known.size == 1:
        return Interval(mean, -inf, inf, 1)
    reach = _error(known) * float(special.stdtrit(known.size - 1, (1 + level) / 2))
    return Interval(mean, mean - reach, mean + reach, known.size)


def paired(baseline: Sequence[float] | NDArray[np.float64], other: Sequence[float] | NDArray[np.float64]) -> Paired:
    """The difference between two kinds of run; entry by entry of the same seed.

    Differences that are all the same leave nothing to chance: p is 1 where they are 0, else 0.
    """
    differences = np.asarray(other, np.float64) - np.asarray(baseline, np.float64)
    differences = differences[~np.isnan(differences)]
    found = interval(differences)
    if found.seeds < 2:  # noqa: PLR2004 - one difference has no spread
        return Paired(found, nan)
    error = _error(differences)
    if error == 0:
        return Paired(found, 1.0 if found.mean == 0 else 0.0)
    return Paired(found, float(2 * special.stdtr(found.seeds - 1, -abs(found.mean) / error)))


def _error(values: NDArray[np.float64]) -> float:
    """The standard error of a mean; 0 where all values are the same to the last few digits."""
    spread = float(values.std(ddof=1))
    return 0.0 if spread <= np.abs(values).max() * 1e-12 else spread / sqrt(values.size)
