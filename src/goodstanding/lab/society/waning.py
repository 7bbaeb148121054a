"""Small loops over everybody: normal numbers out of uniform ones, and what is remembered of the last year."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.city.normal import deviation_of
from goodstanding.lab.loops import loop

QUARTERS = 4
QUARTER_MONTHS = 3


def deviations(shares: NDArray[np.floating]) -> NDArray[np.float64]:
    """Standard normal numbers, below which such shares of all lie."""
    out = np.empty(shares.size, np.float64)
    _deviations(shares.astype(np.float64), out)
    return out


class BestOfTheYear:
    """The best score of the last three full quarters and the present one, without keeping every month."""

    def __init__(self, people: int) -> None:
        self._quarters = np.full((QUARTERS, people), np.iinfo(np.int32).min, np.int32)

    def update(self, month: int, score: NDArray[np.int64], given: NDArray[np.bool_]) -> NDArray[np.int32]:
        """The best with this month's score; the least of all numbers where there was none."""
        place = month // QUARTER_MONTHS % QUARTERS
        if month % QUARTER_MONTHS == 0:
            self._quarters[place] = np.iinfo(np.int32).min
        now = np.where(given, score, np.iinfo(np.int32).min).astype(np.int32)
        np.maximum(self._quarters[place], now, out=self._quarters[place])
        return self._quarters.max(axis=0)


@loop
def _deviations(shares, out):
    for i in range(out.size):
        out[i] = deviation_of(shares[i])
