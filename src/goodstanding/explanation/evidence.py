"""Evidence: what each factor read off one person's events, by hand, and which events it used.

This is the second reading of the same rules: the kernel gave the points over columns, here the measure is read event by
event. The two must give the same points; if not, one of them is wrong, and nothing is explained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goodstanding.filters import Event
from goodstanding.limits import DAY_US
from goodstanding.lists import Listing, listings
from goodstanding.measures import OnList, Reading
from goodstanding.measures import Ties as TiesMeasure
from goodstanding.policy import Factor, Policy, Window

Friend = tuple[int, str | None]
"""A tie that counts: the other's own score, and the kind of tie."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One person's events that a policy reads, in order, and what follows from them by hand.

    Attributes:
        friends: the person's ties that count.
        listings: by list, those that last at `as_of`; no list without any.
    """

    policy: Policy
    events: Sequence[Event]
    as_of: int
    friends: Sequence[Friend]
    listings: Mapping[str, tuple[Listing, ...]]

    @classmethod
    def of(cls, policy: Policy, events: Sequence[Event], as_of: int, friends: Sequence[Friend]) -> Evidence:
        """Keep the events of the catalogue up to `as_of`, and follow the lists."""
        read = [event for event in events if event["type"] in policy.catalogue and event["time"] <= as_of]
        on = {rule.name: tuple(listings(rule, read, as_of)) for rule in policy.lists}
        return cls(policy, read, as_of, friends, {name: lasting for name, lasting in on.items() if lasting})

    def reading(self, factor: Factor) -> Reading:
        """The measure of a factor, and the events that it used, by their places in `events`."""
        measure = factor.measure
        if isinstance(measure, TiesMeasure):
            return measure.of_scores([own for own, kind in self.friends if measure.tie in (None, kind)])
        if isinstance(measure, OnList):
            opened = tuple(sorted(row for on in self.listings.get(measure.list, ()) for row in on.opened_by))
            return Reading(1 if opened else 0, 1, None, opened)
        places = [place for place, event in enumerate(self.events) if inside(factor.window, event, self.as_of)]
        found = measure.by_hand([self.events[place] for place in places], self.as_of)
        return Reading(found.numerator, found.denominator, found.label, tuple(places[place] for place in found.used))


def inside(window: Window | None, event: Event, as_of: int) -> bool:
    """Whether an event lies in a factor's window: as_of − from < time ≤ as_of − to (specification section 3)."""
    if window is None:
        return True
    time: int = event["time"]
    return as_of - window.from_days * DAY_US < time <= as_of - window.to_days * DAY_US
