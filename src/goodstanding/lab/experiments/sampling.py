"""Some residents of a city, followed line by line: for their history, and for the three whose story is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.lab.city.city import names
from goodstanding.lab.society.snapshot import Seen, Snapshot
from goodstanding.policy import Policy
from goodstanding.standing import IN_FORCE

FOLLOWED: Final = 2_000
"""So many residents are followed, at most."""

LATE: Final = 50
"""So many more are followed from the month before an error puts them on a list or under a sanction: few are, and among
those followed from the start there may be none."""


class MonthOf(NamedTuple):
    """A month of one resident.

    Attributes:
        score, tier: None where there is none; the tier by its place in the policy.
        lines: what each factor gave, and what each dimension's bounds and the score's changed.
        listed: bool, one entry a list; `sanctions`: uint8, one a sanction.
    """

    month: int
    score: int | None
    tier: int | None
    lines: NDArray[np.int64]
    listed: NDArray[np.bool_]
    sanctions: NDArray[np.uint8]
    wrongly: bool


@dataclass(slots=True)
class Sample:
    """The followed residents under the first scorer; one entry a month in each list, one column a resident.

    Attributes:
        numbers: which residents, evenly over the city, so that all districts and households come in.
        given: whether they have a score: there is enough to go on, and they are enrolled.
        points: int32, one row a factor; `held`: what bounds changed, one row a dimension and one for the score.
        listed: bool, one row a list; `sanctions`: uint8, one row a sanction.
        late: by number, the months of those whom an error struck, from the month before.
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
    late: dict[int, list[MonthOf]] = field(default_factory=dict)
    _before: Seen | None = None

    def __post_init__(self) -> None:
        many = min(FOLLOWED, self.residents)
        self.numbers = np.arange(many, dtype=np.int64) * self.residents // many

    def note(self, snapshot: Snapshot) -> None:
        """Note a month down."""
        seen, some = _named(snapshot, self.scorer), self.numbers
        self._note_late(seen, snapshot.month)
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

    def _note_late(self, seen: Seen, month: int) -> None:
        """Go on with those whom an error struck before, and begin with those whom it strikes now."""
        for number, months in self.late.items():
            months.append(month_of(seen, month, number))
        struck = [number for number in np.flatnonzero(seen.wrongly).tolist() if number not in self.late]
        if self.residents > self.numbers.size:
            for number in np.setdiff1d(struck, self.numbers)[: LATE - len(self.late)].tolist():
                before = [] if self._before is None else [month_of(self._before, month - 1, number)]
                self.late[number] = [*before, month_of(seen, month, number)]
        # The scores of a month are not written again by the next, so they may be kept; but only while there is need.
        self._before = seen if len(self.late) < LATE else None

    @property
    def wronged(self) -> list[int]:
        """Whom of the followed an error has on a list or under a sanction in the last month noted; ascending."""
        late = [number for number, months in self.late.items() if months[-1].wrongly]
        return sorted({*self.numbers[self.wrongly[-1]].tolist(), *late})

    def months_of(self, number: int) -> list[MonthOf]:
        """The months of a resident who is followed, from the first or from the month before an error."""
        if number in self.late:
            return self.late[number]
        at = int(np.searchsorted(self.numbers, number))
        return [self._month_of(i, at) for i in range(len(self.months))]

    def _month_of(self, i: int, at: int) -> MonthOf:
        given, tier = bool(self.given[i][at]), int(self.tiers[i][at])
        return MonthOf(
            month=self.months[i],
            score=int(self.scores[i][at]) if given else None,
            tier=tier if given and tier >= 0 else None,
            lines=np.concatenate([self.points[i][:, at], self.held[i][:, at]]),
            listed=self.listed[i][:, at],
            sanctions=self.sanctions[i][:, at],
            wrongly=bool(self.wrongly[i][at]),
        )

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


def month_of(seen: Seen, month: int, number: int) -> MonthOf:
    """A month of one resident, out of everybody's."""
    enrolled, scores = bool(seen.enrolled[number]), seen.scores
    given, tier = enrolled and bool(scores.given[number]), int(seen.standing.tier[number])
    return MonthOf(
        month=month,
        score=int(scores.score[number]) if given else None,
        tier=tier if given and tier >= 0 else None,
        lines=np.concatenate(
            [scores.points[:, number], scores.dimension_bounds[:, number], scores.bounds[number, None]]
        ).astype(np.int64),
        listed=seen.standing.listed[:, number] & enrolled,
        sanctions=seen.standing.sanctions[:, number] * np.uint8(enrolled),
        wrongly=bool(seen.wrongly[number]),
    )


def _named(snapshot: Snapshot, scorer: str) -> Seen:
    return next(seen for seen in snapshot.seen if seen.name == scorer)


def _side_by_side(months: list[NDArray[Any]]) -> NDArray[Any]:
    """By resident, and then by month."""
    return np.stack(months, axis=1).ravel()


def named(words: list[str], codes: NDArray[Any], known: NDArray[np.bool_]) -> pa.Array:
    """Codes as words; null where nothing is known, or where a code is negative."""
    indices = pa.array(codes.astype(np.int32), mask=(codes < 0) | ~known)
    return pa.array(words, pa.string()).take(indices) if words else pa.nulls(codes.size, pa.string())
