"""What an explanation is: the lines that add up to a score, with measure, sentence and events; and the standing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from goodstanding.events import format_moment
from goodstanding.measures import Reading
from goodstanding.policy import Factor, Policy, Reason


@dataclass(frozen=True, slots=True, order=True)
class EventRef:
    """An event by its name: the source, and the id that the source gave it."""

    source: str
    id: str

    def __str__(self) -> str:
        """`source/id`, as the commands take it."""
        return f"{self.source}/{self.id}"


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one factor gave, and why."""

    factor: Factor
    points: int
    reading: Reading
    sentence: str
    events: tuple[EventRef, ...]

    def as_json(self, lang: str) -> dict[str, Any]:
        """The contribution in the form of specification section 9."""
        return {
            "factor": self.factor.name,
            "dimension": self.factor.dimension,
            "title": self.factor.title.in_(lang),
            "points": self.points,
            "measure": measure_json(self.reading),
            "sentence": self.sentence,
            "events": [{"source": event.source, "id": event.id} for event in self.events],
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """One person's score and standing, to the point.

    Attributes:
        bounds: by column name, what holding changed: `bounds.<dimension>` for each, then `bounds`.
        reasons: the greatest loss first; lists: since when, in microseconds since 1970; sanctions: their states.
    """

    policy: Policy
    lang: str
    as_of: int
    person: str
    score: int | None
    own_score: int | None
    tier: str | None
    contributions: tuple[Contribution, ...]
    bounds: Mapping[str, int]
    reasons: tuple[Reason, ...]
    lists: Mapping[str, int]
    perks: tuple[str, ...]
    sanctions: Mapping[str, str]

    @property
    def base(self) -> int:
        """Where everyone begins."""
        return self.policy.base

    @property
    def total(self) -> int:
        """The sum of all lines: the score, where the person has one."""
        return self.base + sum(line.points for line in self.contributions) + sum(self.bounds.values())

    def as_json(self) -> dict[str, Any]:
        """The explanation exactly in the form of specification section 9."""
        return {
            "person": self.person,
            "score": self.score,
            "own_score": self.own_score,
            "tier": self.tier,
            "base": self.base,
            "contributions": [line.as_json(self.lang) for line in self.contributions],
            "bounds": dict(self.bounds),
            "reasons": [{"code": reason.code, "text": reason.text.in_(self.lang)} for reason in self.reasons],
            "lists": [{"name": name, "since": format_moment(since)} for name, since in self.lists.items()],
            "perks": list(self.perks),
            "sanctions": [{"name": name, "state": state} for name, state in self.sanctions.items()],
        }


def measure_json(reading: Reading) -> dict[str, Any] | None:
    """A measure as counted: a fraction that is not reduced, a label, or nothing."""
    if reading.label is not None:
        return {"label": reading.label}
    if reading.numerator is None:
        return None
    return {"numerator": reading.numerator, "denominator": reading.denominator}
