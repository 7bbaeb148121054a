"""Violations as they are recorded, and as they were done (E4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from goodstanding.lab.society.snapshot import Snapshot

FIRST: Final = 6
"""Months of the score that are left out: people learn what counts."""


class Violations:
    """Watches a run whose last scorer is the meter."""

    def __init__(self) -> None:
        self.recorded: list[float] = []
        self.done: list[float] = []

    def see(self, snapshot: Snapshot) -> None:
        """A month; both are means a resident, added up since the city began."""
        tally = snapshot.tally
        self.recorded.append(float(snapshot.seen[-1].scores.score.mean()))
        self.done.append(float(np.mean(tally.offences + tally.bills_late + tally.defaults)))

    def figures(self) -> Mapping[str, float]:
        """A resident-month, from the seventh month of the score on."""
        months = len(self.recorded) - FIRST
        return {
            "recorded": (self.recorded[-1] - self.recorded[FIRST - 1]) / months,
            "done": (self.done[-1] - self.done[FIRST - 1]) / months,
        }
