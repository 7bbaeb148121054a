"""Some residents of a city, followed line by line: for their history, and for the three whose story is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.lab.city.city import names
from goodstanding.lab.society.snapshot import Seen, Snapshot
from goodstanding.policy import Policy
from goodstanding.standing import IN_FORCE

FOLLOWED: Final = 2_000
"""So many residents are followed, at most."""


@dataclass(slots=True)
class Sample:
    """The followed residents under the first scorer; one entry a month in each list, one column a resident.

    Attributes:
        numbers: which residents, evenly over the city, so that all districts and households come in.
        given: whether they have a score: there is enough to go on, and they are enrolled.
        points: int32, one row a factor; `held`: what bounds changed, one row a dimension and one for the score.
        listed: bool, one row a list; `sanctions`: uint8, one row a sanction.
    """

    policy: Policy
    scorer: str
    residents: int
    numbers: NDArray[np.int64] = field(init=False)
    months: list[int] = field(default_factory=list)
    scores: list[NDArray[np.int64]] = field(default_factory=list)
    given: list[NDArray[np.bool_]] = field(default_factory=list)
    tiers: list[NDArray[np.int16]] = field(default_factory=list)
    points: list[NDArray[np.int32]] = field(default_factory=list)
    held: list[NDArray[np.int64]] = field(default_factory=list)
    listed: list[NDArray[np.bool_]] = field(default_factory=list)
    sanctions: list[NDArray[np.uint8]] = field(default_factory=list)
    wrongly: list[NDArray[np.bool_]] = field(default_factory=list)

    def __post_init__(self) -> None:
        many = min(FOLLOWED, self.residents)
        self.numbers = np.arange(many, dtype=np.int64) * self.residents // many

    def note(self, snapshot: Snapshot) -> None:
        """Note a month down."""
        seen, some = _named(snapshot, self.scorer), self.numbers
        enrolled, scores = seen.enrolled[some], seen.scores
        self.months.append(snapshot.month)
        self.given.append(scores.given[some] & enrolled)
        self.scores.append(scores.score[some])
        self.tiers.append(seen.standing.tier[some])
        self.points.append(scores.points[:, some])
        self.held.append(np.concatenate([scores.dimension_bounds[:, some], scores.bounds[None, some]]))
        self.listed.append(seen.standing.listed[:, some] & enrolled)
        self.sanctions.append(seen.standing.sanctions[:, some] * enrolled)
        self.wrongly.append(seen.wrongly[some])

    @property
    def people(self) -> pa.Array:
        """What the followed residents are called."""
        return names(self.residents).take(pa.array(self.numbers)).cast(pa.string())

    def history(self) -> pa.Table:
        """One row a resident and month, the months of a resident one after another."""
        months, many = len(self.months), self.numbers.size
        given = _side_by_side(self.given)
        columns: dict[str, Any] = {
            "resident": self.people.take(pa.array(np.repeat(np.arange(many), months))),
            "month": pa.array(np.tile(np.array(self.months, np.int16), many)),
            "scorer": pa.repeat(self.scorer, months * many),
            "score": pa.array(_side_by_side(self.scores).astype(np.int32), mask=~given),
            "tier": named([tier.name for tier in self.policy.tiers], _side_by_side(self.tiers), given),
            "sanctioned": pa.array(_side_by_side([(one == IN_FORCE).any(axis=0) for one in self.sanctions])),
            "wrongly": pa.array(_side_by_side(self.wrongly)),
        }
        for place, dimension in enumerate(self.policy.dimensions):
            rows = [i for i, factor in enumerate(self.policy.factors) if factor.dimension == dimension.name]
            sums = [points[rows].sum(axis=0) + held[place] for points, held in zip(self.points, self.held, strict=True)]
            columns[f"points.{dimension.name}"] = pa.array(_side_by_side(sums).astype(np.int32))
        return pa.table(columns)


def _named(snapshot: Snapshot, scorer: str) -> Seen:
    return next(seen for seen in snapshot.seen if seen.name == scorer)


def _side_by_side(months: list[NDArray[Any]]) -> NDArray[Any]:
    """By resident, and then by month."""
    return np.stack(months, axis=1).ravel()


def named(words: list[str], codes: NDArray[Any], known: NDArray[np.bool_]) -> pa.Array:
    """Codes as words; null where nothing is known, or where a code is negative."""
    indices = pa.array(codes.astype(np.int32), mask=(codes < 0) | ~known)
    return pa.array(words, pa.string()).take(indices) if words else pa.nulls(codes.size, pa.string())
