"""A policy as typed values, all frozen: what the document says once it has been read and checked.

Spans are whole days; where the document says `min` and `max` the fields say `least` and `most`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from goodstanding.document.kinds import Text
from goodstanding.document.nodes import Node
from goodstanding.filters import Event, Filter
from goodstanding.measures import Measure
from goodstanding.points import Points

World: TypeAlias = Literal["live", "synthetic"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from."""

    title: Text | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class EventType:
    """A type of event that the policy may read."""

    type: str
    title: Text
    sensitivity: str
    context: str | None = None
    amount: Text | None = None
    value: Text | None = None


@dataclass(frozen=True, slots=True)
class Dimension:
    """A group of factors, whose sum is held within bounds."""

    name: str
    title: Text
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """as_of − from < time ≤ as_of − to."""

    from_days: int
    to_days: int = 0


@dataclass(frozen=True, slots=True)
class Requirement:
    """Without a measure of at least `least` there is no score."""

    measure: Measure
    least: Fraction
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why points were lost, as it is told."""

    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class Factor:
    """One rule: a measure, and the points that it gives."""

    name: str
    dimension: str
    title: Text
    measure: Measure
    points: Points
    window: Window | None = None
    reason: Reason | None = None
    sources: tuple[Source, ...] = ()
    sentence: Text | None = None


@dataclass(frozen=True, slots=True)
class ListRule:
    """A list that events open and close (specification section 5)."""

    name: str
    title: Text
    opened: Filter
    closed: Filter | None = None
    closed_after_days: int = 0
    expires_days: int | None = None
    times: int = 1
    within_days: int | None = None
    key: str | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Tier:
    """A step of the score; the first begins nowhere."""

    name: str
    title: Text
    least: int | None = None
    not_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Perk:
    """What somebody gives for a standing; all given conditions hold.

    Attributes:
        least: the least score.
    """

    name: str
    title: Text
    giver: Text
    context: str | None = None
    least: int | None = None
    tiers: tuple[str, ...] = ()
    not_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sanction:
    """What is refused to those on a list, or below a score."""

    name: str
    title: Text
    actions: tuple[str, ...]
    context: str | None = None
    on: tuple[str, ...] = ()
    below: int | None = None
    notice_days: int = 0
    notice_working_days: int | None = None
    remedy: Text | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """What is earned in one walk of life may decide in another, and why."""

    earned_in: str
    decides_in: str
    why: Text | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Refresh:
    """When scores are computed anew."""

    day_of_month: int


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is said aloud; its text is filled from the factors, lists and sanctions that it names."""

    name: str
    place: str
    text: Text
    factors: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    sanctions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """These events, this outcome.

    Attributes:
        person: whom the case is about: the person of its first event.
        events: with all columns of specification section 1; times are microseconds since 1970; id, source and person
            are filled in where they were left out.
        ties: `own_score` and `kind` (None: a kind of its own).
        expect: only the parts that are given, by their names in the document: score, points, tier, lists, perks,
            sanctions, reasons.
        line: where the case stands in the document.
    """

    name: str
    as_of: int
    person: str
    events: tuple[Event, ...]
    ties: tuple[Mapping[str, Any], ...]
    expect: Mapping[str, Any]
    line: int


@dataclass(frozen=True, slots=True)
class Policy:
    """The published rule book.

    Attributes:
        base, least, most: `score.base`, `score.min`, `score.max`.
        catalogue: by type.
        document: the plain mapping that was read, of dict, list, str, int and Decimal.
        digest: SHA-256 of the document in canonical form, in hexadecimal: the same for every layout of it.
        file: where it was read from, for messages.
        root: the document with the place of every value.
    """

    name: str
    version: str
    title: Text
    world: World
    base: int
    least: int
    most: int
    requires: tuple[Requirement, ...]
    dimensions: tuple[Dimension, ...]
    catalogue: Mapping[str, EventType]
    factors: tuple[Factor, ...]
    lists: tuple[ListRule, ...] = ()
    tiers: tuple[Tier, ...] = ()
    perks: tuple[Perk, ...] = ()
    sanctions: tuple[Sanction, ...] = ()
    related: tuple[Related, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    cases: tuple[Case, ...] = ()
    about: Text | None = None
    sources: tuple[Source, ...] = ()
    refresh: Refresh | None = None
    dispute_days: int | None = None
    calendar: str | None = None
    document: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    digest: str = ""
    file: str = field(default="policy.yaml", compare=False)
    root: Node = field(default_factory=lambda: Node(None, 1, 1), compare=False, repr=False)

    def factor(self, name: str) -> Factor:
        """The factor of a name.

        Raises:
            KeyError: there is none.
        """
        for factor in self.factors:
            if factor.name == name:
                return factor
        raise KeyError(name)
