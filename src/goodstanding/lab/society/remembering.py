"""All months of a run side by side, as they are seen."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.city.arrays import Tally
from goodstanding.lab.society.snapshot import NO_SCORE, History, Snapshot
from goodstanding.standing import IN_FORCE, NO_TIER


class Memory:
    """The history of a run in the making: room for all its months is taken at once.

    Args:
        tally: what befell people before the first of them.
    """

    def __init__(self, months: int, tally: Tally, scorers: list[str]) -> None:
        residents = tally.bills.size

        def room(of: type[np.generic]) -> NDArray[Any]:
            return np.empty((months, residents), of)

        self.history = History(
            scores={name: room(np.int32) for name in scorers},
            tiers={name: room(np.int16) for name in scorers},
            defaulted=room(np.bool_),
            sanctioned={name: room(np.bool_) for name in scorers},
            wrongly={name: room(np.bool_) for name in scorers},
            care=room(np.float32),
        )
        self._month = 0
        self._defaults = defaults_of(tally)

    def note(self, snapshot: Snapshot) -> None:
        """Note one month down."""
        history, month = self.history, self._month
        for seen in snapshot.seen:
            has = seen.enrolled & seen.scores.given
            history.scores[seen.name][month] = np.where(has, seen.scores.score, NO_SCORE)
            history.tiers[seen.name][month] = np.where(has, seen.standing.tier, NO_TIER)
            history.sanctioned[seen.name][month] = seen.enrolled & (seen.standing.sanctions == IN_FORCE).any(axis=0)
            history.wrongly[seen.name][month] = seen.wrongly
        defaults = defaults_of(snapshot.tally)
        history.defaulted[month] = defaults > self._defaults
        history.care[month] = snapshot.dispositions.care
        self._defaults = defaults
        self._month += 1


def defaults_of(tally: Tally) -> NDArray[np.int32]:
    """Loans given up and court listings so far."""
    return tally.defaults.astype(np.int32) + tally.listings
