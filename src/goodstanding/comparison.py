"""Two policies over the same people: who moves between tiers, by how much, and which lines did it.

Every line of a score (base, factors, bounds) is compared with the line of the same name under the other policy, 0
where that has none. The lines of a score add up to it, so the lines' mean changes add up to the score's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.book import Book
from goodstanding.policy import Policy
from goodstanding.scoring import Scores, score
from goodstanding.standing import Standing, stand
from goodstanding.ties import Ties

NO_SCORE = "no score"
NO_TIER = "no tier"
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)

SAFE = 2**62
"""What sums stay under in 64 bits."""

Points = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one policy makes of the people."""

    policy: Policy
    scores: Scores
    standing: Standing

    @property
    def tiers(self) -> tuple[str, ...]:
        """The names of the tiers, lowest first; then where those stand who have none."""
        return (*(tier.name for tier in self.policy.tiers), NO_SCORE if self.policy.tiers else NO_TIER)

    @property
    def tier_index(self) -> Points:
        """For each person the place of their tier in `tiers`."""
        index: Points = np.where(self.standing.tier < 0, len(self.policy.tiers), self.standing.tier)
        return index


@dataclass(frozen=True, slots=True)
class LineChange:
    """How one line of the score differs, over the people who have a score under both.

    Attributes:
        total: the sum of the changes; total_size: of their sizes; moved: people for whom it differs.
    """

    name: str
    title: str
    total: int
    total_size: int
    moved: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two policies over the same people.

    Attributes:
        matrix: people by tier before (rows) and after (columns), in the order of `Outcome.tiers`.
        both: people who have a score under both; `changes`: theirs, after less before.
        lines: the greatest mean size of change first.
    """

    before: Outcome
    after: Outcome
    matrix: Points
    both: int
    changes: Points
    lines: tuple[LineChange, ...]

    @property
    def people(self) -> int:
        """How many people were compared."""
        return len(self.before.scores)

    def as_json(self) -> dict[str, Any]:
        """The whole as plain values, exact sums beside the means."""
        return {
            "before": _named(self.before.policy),
            "after": _named(self.after.policy),
            "people": self.people,
            "scored_by_both": self.both,
            "up": int((self.changes > 0).sum()),
            "down": int((self.changes < 0).sum()),
            "same": int((self.changes == 0).sum()),
            "change": {
                "sum": total(self.changes),
                "mean": self._mean(total(self.changes)),
                **self._quantiles(),
            },
            "tiers": {"before": self.before.tiers, "after": self.after.tiers, "people": self.matrix.tolist()},
            "lines": [
                {
                    "line": line.name,
                    "title": line.title,
                    "moved": line.moved,
                    "mean_change": self._mean(line.total),
                    "mean_size": self._mean(line.total_size),
                    "sum": line.total,
                }
                for line in self.lines
            ],
        }

    def to_table(self) -> pa.Table:
        """One row a person: score and tier under each, and the change, null where one policy gives no score."""
        before, after = self.before, self.after
        has_both = before.scores.given & after.scores.given
        return pa.table(
            {
                "person": before.scores.people.cast(pa.string()),
                "score_before": pa.array(before.scores.score, mask=~before.scores.given),
                "score_after": pa.array(after.scores.score, mask=~after.scores.given),
                "change": pa.array(after.scores.score - before.scores.score, mask=~has_both),
                "tier_before": _tier_names(before),
                "tier_after": _tier_names(after),
            }
        )

    def _mean(self, total: int) -> float:
        return round(total / self.both, 4) if self.both else 0.0

    def _quantiles(self) -> dict[str, int]:
        if not self.both:
            return {}
        found = np.quantile(self.changes, QUANTILES, method="lower")
        return {f"p{q * 100:g}": int(value) for q, value in zip(QUANTILES, found, strict=True)}


def compare(
    before: Policy,
    after: Policy,
    book: Book,
    *,
    as_of: int | datetime,
    recorded_by: int | datetime | None = None,
    people: Sequence[str] | None = None,
    ties: Ties | None = None,
    lang: str = "en",
) -> Comparison:
    """Score the same people under two policies, and say what differs.

    Raises:
        WorldError: the record is live and one of the policies is for synthetic worlds.
    """
    outcomes = []
    for policy in (before, after):
        scores = score(policy, book, as_of=as_of, recorded_by=recorded_by, people=people, ties=ties)
        outcomes.append(Outcome(policy, scores, stand(scores)))
    return contrasted(outcomes[0], outcomes[1], lang=lang)


def contrasted(before: Outcome, after: Outcome, *, lang: str = "en") -> Comparison:
    """Compare what two policies make of the same people, in the same order."""
    assert before.scores.people.equals(after.scores.people), "the same people, in the same order"
    both = before.scores.given & after.scores.given
    matrix = np.zeros((len(before.tiers), len(after.tiers)), dtype=np.int64)
    np.add.at(matrix, (before.tier_index, after.tier_index), 1)
    changes = (after.scores.score - before.scores.score)[both]
    lines = _line_changes(before, after, both, lang)
    assert sum(line.total for line in lines) == total(changes), "lines add up to the score"
    return Comparison(before, after, matrix, int(both.sum()), changes, lines)


def total(numbers: Points) -> int:
    """The exact sum; number by number where it might leave 64 bits."""
    return int(numbers.sum()) if greatest(numbers) * len(numbers) < SAFE else sum(numbers.tolist())


def less(minuend: Points, subtrahend: Points) -> Points:
    """The exact differences; as Python's own numbers where one might leave 64 bits, as between two bounds it can."""
    if greatest(minuend) + greatest(subtrahend) >= SAFE:
        minuend, subtrahend = minuend.astype(np.object_), subtrahend.astype(np.object_)
    return minuend - subtrahend


def greatest(numbers: Points) -> int:
    """The greatest size among some numbers."""
    return max(abs(int(numbers.min())), abs(int(numbers.max()))) if len(numbers) else 0


def _line_changes(before: Outcome, after: Outcome, both: NDArray[np.bool_], lang: str) -> tuple[LineChange, ...]:
    old, new = _lines(before, lang), _lines(after, lang)
    nothing = np.zeros(len(both), dtype=np.int64)
    changes = []
    for name in dict.fromkeys([*old, *new]):
        title = (new.get(name) or old[name])[0]
        was, is_ = (lines[name][1] if name in lines else nothing for lines in (old, new))
        change = less(is_[both], was[both])
        moved = int(np.count_nonzero(change))
        changes.append(LineChange(name, title, total(change), total(np.abs(change)), moved))
    return tuple(sorted(changes, key=lambda line: -line.total_size))


def _lines(outcome: Outcome, lang: str) -> dict[str, tuple[str, Points]]:
    """Everything that a score is the sum of: column name, title, and the points of each person."""
    policy, scores = outcome.policy, outcome.scores
    lines = {"base": ("", np.full(len(scores), policy.base, dtype=np.int64))}
    for factor, points in zip(policy.factors, scores.points, strict=True):
        lines[factor.name] = (factor.title.in_(lang), points.astype(np.int64))
    for dimension, held in zip(policy.dimensions, scores.dimension_bounds, strict=True):
        lines[f"bounds.{dimension.name}"] = (dimension.title.in_(lang), held)
    lines["bounds"] = ("", scores.bounds)
    return lines


def _tier_names(outcome: Outcome) -> pa.Array:
    names = pa.array([tier.name for tier in outcome.policy.tiers], pa.string())
    return names.take(pa.array(outcome.standing.tier, mask=outcome.standing.tier < 0))


def _named(policy: Policy) -> dict[str, str]:
    return {"name": policy.name, "version": policy.version, "digest": policy.digest}
