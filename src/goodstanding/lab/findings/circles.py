"""What becomes of friendships, and of effort, where friends' scores count (E9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from goodstanding.lab.city.city import City
from goodstanding.lab.measures import of_month, of_run
from goodstanding.lab.society.snapshot import Snapshot
from goodstanding.lab.society.society import Society

MEASURED: Final = {
    ("friends.degree", ""): "degree",
    ("friends.honesty", ""): "alike",
    ("friends.components", ""): "pieces",
    ("effort.mean", "dishonest"): "effort",
    ("friends.modularity", ""): "modularity",
    ("gaming.false_friend", ""): "points per false friend",
    ("gaming.buyers", ""): "buyers",
}
"""By measure and group, what it is called among the figures."""

SECOND_YEAR: Final = 12


def befriended(society: Society, city: City, warm_up: int, months: int) -> Mapping[str, float]:
    """Live, and give the means of the second year; the accuracy of its first month's scores."""
    found: dict[str, list[float]] = {name: [] for name in MEASURED.values()}

    def see(snapshot: Snapshot) -> None:
        month = snapshot.month - warm_up
        if month >= SECOND_YEAR:
            names = {name for name, _ in MEASURED}
            for row in of_month(snapshot, names, slow=month == months - 1):
                if (row.measure, row.group) in MEASURED:
                    found[MEASURED[row.measure, row.group]].append(row.value)

    history = society.run(months, see)
    rows = of_run(history, city.traits, society.tally, ["accuracy.auc"])
    accuracy = {row.month: row.value for row in rows}
    figures = {name: float(np.mean(values)) for name, values in found.items() if values}
    return {**figures, **({"accuracy": accuracy[SECOND_YEAR - 1]} if SECOND_YEAR - 1 in accuracy else {})}
