"""Scores: everybody's points, which add up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.policy import Policy
from goodstanding.program import tables as t

NOT_LISTED = t.NULL
"""In `Scores.since`: the person is not on the list."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of people under one policy; one column a person, in the order of `people`.

    For every person: base + all points + all dimension_bounds + bounds = score.

    Attributes:
        people: by UTF-8 bytes.
        score, own_score: int64; own: without factors that read ties. Meaningless where `given` is false.
        given: whether there is enough to go on (`score.requires`).
        points: int32, one row a factor, in the policy's order.
        dimension_bounds: int64, one row a dimension: what its bounds changed.
        bounds: int64: what the bounds of the score changed.
        since: int64, one row a list: microseconds since 1970, NOT_LISTED where not listed.
    """

    policy: Policy
    as_of: int
    people: pa.LargeStringArray
    score: NDArray[np.int64]
    own_score: NDArray[np.int64]
    given: NDArray[np.bool_]
    points: NDArray[np.int32]
    dimension_bounds: NDArray[np.int64]
    bounds: NDArray[np.int64]
    since: NDArray[np.int64]

    def __len__(self) -> int:
        """How many people were scored."""
        return self.score.size

    def contributions(self, person: int) -> dict[str, int]:
        """What adds up to one person's score, by the names of specification section 9, `base` first."""
        names = [factor.name for factor in self.policy.factors]
        lines = {"base": self.policy.base, **dict(zip(names, self.points[:, person].tolist(), strict=True))}
        for dimension, held in zip(self.policy.dimensions, self.dimension_bounds[:, person].tolist(), strict=True):
            lines[f"bounds.{dimension.name}"] = held
        return {**lines, "bounds": int(self.bounds[person])}
