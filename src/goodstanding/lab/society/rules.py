"""What a city lives under: scorers, each with its policy and how people came to be scored, and what is kept to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from goodstanding.lab.city.kinds import SCORERS, kind_of
from goodstanding.policy import Policy

ENROLMENTS: Final = ("all", "ticked", "asked")
"""How people come to be scored: everybody is, by order; whoever overlooks a box ticked in advance; whoever says yes."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One scorer.

    Attributes:
        name: unique in a run: the policy's, or "scorer-a" to "scorer-h".
        enrolment: one of ENROLMENTS.
        feeds: the name of the scorer into whose record this one's scores go, as events `platform.score`, a month
            later; None: into nobody's.
    """

    name: str
    policy: Policy
    enrolment: str = "all"
    feeds: str | None = None

    def __post_init__(self) -> None:
        if self.enrolment not in ENROLMENTS:
            raise ValueError(f"enrolment is {self.enrolment!r}; expected one of {', '.join(ENROLMENTS)}")

    @property
    def fed_kind(self) -> int:
        """The kind of event as which its scores go into another's record; whoever has no letter is scorer A."""
        letter = self.name.removeprefix("scorer-")
        return kind_of("platform.score", source=f"scorer-{letter if letter in SCORERS else SCORERS[0]}")


@dataclass(frozen=True, slots=True)
class Variant:
    """What is on and what is kept to, in one run.

    Attributes:
        mechanisms: by name (`society.mechanisms.MECHANISMS`) whether it is on; those left out are.
        notice: whether people are told before a sanction acts, as the policy says; if not, it acts at once and untold.
        dispute: whether what is wrong on record can be disputed; while it is, a policy that has a procedure for
            disputes waits with its sanctions.
        correction: whether a dispute that is won takes the event off the record.
        told: whether those who are scored by order are told so; if not, few know, and others learn of it by
            announcements, notices and refusals.
    """

    mechanisms: Mapping[str, bool] = field(default_factory=dict)
    notice: bool = True
    dispute: bool = True
    correction: bool = True
    told: bool = True

    def has(self, mechanism: str) -> bool:
        """Whether a mechanism is on."""
        return self.mechanisms.get(mechanism, True)
