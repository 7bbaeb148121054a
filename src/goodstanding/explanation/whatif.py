"""What if: one person's score with some events more or less, and which lines moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from goodstanding.errors import InputError, nearest
from goodstanding.explanation.chains import RETRACTED, corrected_by, name_of, standing
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
class NotRead:
    """An added event that is not read, and why.

    Attributes:
        why: replaced (by another added event), retracts_nothing, later (than the moment), unknown_type.
        target: what it replaces, as a name.
        near: of an unknown type, the nearest that the policy has.
    """

    event: EventRef
    why: str
    type: str
    target: str
    near: str | None

    def as_json(self) -> dict[str, Any]:
        """The reason as plain values."""
        return {"source": self.event.source, "id": self.event.id, "why": self.why, "nearest_type": self.near}


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One person before and after.

    Attributes:
        not_read: the added events that the policy does not read.
    """

    before: Explanation
    after: Explanation
    added: int
    removed: int
    not_read: tuple[NotRead, ...] = ()

    @property
    def unread(self) -> int:
        """How many of the added events the policy does not read."""
        return len(self.not_read)

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
            "not_read": [one.as_json() for one in self.not_read],
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
        minus: events to leave out, as if they had never been recorded; corrections too, and what they replaced is back.

    Raises:
        InputError: an event to leave out is not on record, an event to add is there already or is another person's, or
            corrections would go in a circle.
    """
    kept = _without(_history(one), minus)
    _check_added(one.person, kept, plus)
    stand = standing([*kept, *plus])
    theirs = [event for event in stand if event["person"] == one.person and event["type"] != RETRACTED]
    return WhatIf(
        before=explained(policy, one, lang=lang),
        after=explained(policy, replace(one, events=sorted(theirs, key=order)), lang=lang),
        added=len(plus),
        removed=len(set(minus)),
        not_read=_not_read(policy, one.as_of, [*kept, *plus], plus, stand),
    )


def _history(one: Situation) -> list[Event]:
    """All events that bear on a person: those that stand, and all of the corrections among them."""
    chains = {name_of(event): event for event in one.chains}
    return [*(event for event in one.events if name_of(event) not in chains), *chains.values()]


def _without(events: Sequence[Event], minus: Sequence[EventRef]) -> list[Event]:
    known = {name_of(event) for event in events}
    missing = [str(name) for name in minus if name not in known]
    if missing:
        shown = ", ".join(str(name) for name in sorted(known)[:NEAR])
        have = (
            f"the person has {len(known)}: {shown}{', …' if len(known) > NEAR else ''}" if known else "there are none"
        )
        raise InputError(f"no such event to leave out: {', '.join(missing)}; {have}")
    return [event for event in events if name_of(event) not in set(minus)]


def _check_added(person: str, kept: Sequence[Event], plus: Sequence[Event]) -> None:
    known = {name_of(event) for event in kept}
    for event in plus:
        if event["person"] != person:
            raise InputError(f"event {name_of(event)} is about {event['person']!r}; expected {person!r}")
        if name_of(event) in known:
            raise InputError(
                f"event {name_of(event)} is on record already; leave it out with --minus, or name it otherwise"
            )
        known.add(name_of(event))


def _not_read(
    policy: Policy, as_of: int, every: Sequence[Event], plus: Sequence[Event], stand: Sequence[Event]
) -> tuple[NotRead, ...]:
    """The added events that change nothing by themselves, each with one reason."""
    known, upright = ({name_of(event) for event in events} for events in (every, stand))
    found = []
    for event in plus:
        kind, target = event["type"], corrected_by(event)
        near = None
        if name_of(event) not in upright:
            why = "replaced"
        elif kind == RETRACTED:
            why = "" if target in known else "retracts_nothing"
        elif event["time"] > as_of:
            why = "later"
        else:
            why = "" if kind in policy.catalogue else "unknown_type"
            near = nearest(kind, policy.catalogue) if why else None
        if why:
            found.append(NotRead(name_of(event), why, kind, str(target), near))
    return tuple(found)
