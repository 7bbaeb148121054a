"""The points of a policy for many measures at once, as people reckon them: in decimals, well enough to choose by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodstanding.points import Bands, Each, Points


def points_of(points: Points, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """The points of measures that are numbers; not a number is nothing."""
    nothing = np.isnan(numbers)
    safe = np.where(nothing, 0.0, numbers)
    if isinstance(points, Bands):
        edges = [float(edge) for edge, _ in points.bands if edge is not None]
        given = np.array([gives for _, gives in points.bands], np.float64)
        found = given[np.searchsorted(edges, safe, side="right")]
    else:
        assert isinstance(points, Each)
        found = np.clip(points.points * np.floor(safe / float(points.per)), *points.range())
    return np.where(nothing, float(points.none), found)
