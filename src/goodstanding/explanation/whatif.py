"""What if: one person's score with some events more or less, and which lines moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from goodstanding.errors import InputError
from goodstanding.explanation.explaining import explained
from goodstanding.explanation.model import Contribution, EventRef, Explanation, measure_json
from goodstanding.explanation.situation import Situation, order
from goodstanding.explanation.words import say
from goodstanding.filters import Event
from goodstanding.policy import Policy

NEAR = 3


@dataclass(frozen=True, slots=True)
class Moved:
    """A line of the sum that is not what it was.

    Attributes:
        line: the factor, or the bound.
        points_before, points_after: what the line gave, and would give; of factors and of bounds.
        was, is_: the contribution before and after; of factors only, None for a bound.
    """

    line: str
    title: str
    points_before: int
    points_after: int
    was: Contribution | None = None
    is_: Contribution | None = None

    def as_json(self) -> dict[str, Any]:
        """The line as plain values."""
        return {
            "line": self.line,
            "title": self.title,
            "points": {"before": self.points_before, "after": self.points_after},
            "measure": {
                "before": None if self.was is None else measure_json(self.was.reading),
                "after": None if self.is_ is None else measure_json(self.is_.reading),
            },
        }


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One person before and after.

    Attributes:
        unread: how many of the added events the policy does not read: later than `as_of`, or of an unknown type.
    """

    before: Explanation
    after: Explanation
    added: int
    removed: int
    unread: int

    @property
    def moved(self) -> tuple[Moved, ...]:
        """The lines whose points or measure changed, in the order of the sum."""
        lang = self.before.lang
        pairs = zip(self.before.contributions, self.after.contributions, strict=True)
        factors = [
            Moved(was.factor.name, was.factor.title.in_(lang), was.points, is_.points, was, is_)
            for was, is_ in pairs
            if was.points != is_.points or measure_json(was.reading) != measure_json(is_.reading)
        ]
        titles = {f"bounds.{one.name}": one.title.in_(lang) for one in self.before.policy.dimensions}
        bounds = [
            Moved(
                name, say(lang, "held_by", title=titles.get(name, say(lang, "whole"))), points, self.after.bounds[name]
            )
            for name, points in self.before.bounds.items()
            if points != self.after.bounds[name]
        ]
        return (*factors, *bounds)

    def as_json(self) -> dict[str, Any]:
        """The whole as plain values; `before` and `after` in the form of specification section 9."""
        before, after = self.before.score, self.after.score
        return {
            "person": self.before.person,
            "added": self.added,
            "removed": self.removed,
            "unread": self.unread,
            "change": None if before is None or after is None else after - before,
            "moved": [line.as_json() for line in self.moved],
            "before": self.before.as_json(),
            "after": self.after.as_json(),
        }


def what_if(
    policy: Policy, one: Situation, *, plus: Sequence[Event] = (), minus: Sequence[EventRef] = (), lang: str = "en"
) -> WhatIf:
    """Explain one person's score as it is, and as it would be with some events more and others less.

    Args:
        one: the person's situation, as `situation` finds it in a book.
        plus: events of this person, with the columns of specification section 1; times in microseconds since 1970.
        minus: events to leave out.

    Raises:
        InputError: an event to leave out is not on record, an event to add is there already or is another person's.
    """
    kept = _without(one.events, minus)
    _check_added(one.person, kept, plus)
    return WhatIf(
        before=explained(policy, one, lang=lang),
        after=explained(policy, replace(one, events=_standing([*kept, *plus])), lang=lang),
        added=len(plus),
        removed=len(one.events) - len(kept),
        unread=sum(event["type"] not in policy.catalogue or event["time"] > one.as_of for event in plus),
    )


def _without(events: Sequence[Event], minus: Sequence[EventRef]) -> list[Event]:
    known = {_name(event) for event in events}
    missing = [str(name) for name in minus if name not in known]
    if missing:
        shown = ", ".join(str(name) for name in sorted(known)[:NEAR])
        have = (
            f"the person has {len(known)}: {shown}{', …' if len(known) > NEAR else ''}" if known else "there are none"
        )
        raise InputError(f"no such event to leave out: {', '.join(missing)}; {have}")
    return [event for event in events if _name(event) not in set(minus)]


def _check_added(person: str, kept: Sequence[Event], plus: Sequence[Event]) -> None:
    known = {_name(event) for event in kept}
    for event in plus:
        if event["person"] != person:
            raise InputError(f"event {_name(event)} is about {event['person']!r}; expected {person!r}")
        if _name(event) in known:
            raise InputError(
                f"event {_name(event)} is on record already; leave it out with --minus, or name it otherwise"
            )
        known.add(_name(event))


def _standing(events: Sequence[Event]) -> list[Event]:
    """Those that no added correction replaces, in the order of specification section 1."""
    replaced = {EventRef(event["source"], event["replaces"]) for event in events if event.get("replaces")}
    standing = [event for event in events if _name(event) not in replaced and event["type"] != "retracted"]
    return sorted(standing, key=order)


def _name(event: Mapping[str, Any]) -> EventRef:
    return EventRef(event["source"], event["id"])
