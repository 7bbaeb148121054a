"""Specification section 5, "lists", read plainly: when a person comes on to a list, and when off again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from goodstanding.reference.section_1_events import Event, order
from goodstanding.reference.section_3_measures import DAY, days, satisfies


@dataclass(frozen=True, slots=True)
class Listing:
    """One stay on a list, for one value of its key: from when, until when (null: for ever), and what opened it.

    Opened it have all the openings that were counted when it began: one, or with `times` those of the span.
    """

    since: int
    until: int | None
    opened_by: tuple[Event, ...]

    def lasts_at(self, moment: int) -> bool:
        """Say whether the person is on the list: "while `as_of` < the listing's end"."""
        return self.until is None or moment < self.until


@dataclass(frozen=True, slots=True)
class OnList:
    """A list that a person is on: the earliest beginning of the keys that are on, and the events that opened them."""

    since: int
    opened_by: tuple[Event, ...]


def on_lists(policy: Mapping[str, Any], events: Sequence[Event], as_of: int) -> dict[str, OnList]:
    """Give the lists that a person is on at `as_of`, in the policy's order."""
    return {rule["name"]: on for rule in policy.get("lists", ()) if (on := on_list(rule, events, as_of))}


def on_list(rule: Mapping[str, Any], events: Sequence[Event], as_of: int) -> OnList | None:
    """Say whether a person is on a list "for any key"; "`since` is … the earliest of the keys that are on".

    "A person's events are followed in order, apart for each value of the key where one is given (null is a value too)".
    """
    key = rule.get("key")
    by_key: dict[str | None, list[Event]] = {}
    for event in events:
        by_key.setdefault(None if key is None else event[key], []).append(event)
    followed = [listing for one in by_key.values() if (listing := follow(rule, one)) and listing.lasts_at(as_of)]
    if not followed:
        return None
    opened_by = sorted((event for listing in followed for event in listing.opened_by), key=order)
    return OnList(min(listing.since for listing in followed), tuple(opened_by))


def follow(rule: Mapping[str, Any], events: Iterable[Event]) -> Listing | None:
    """Follow the events of one key in order; give the last listing, which may have ended."""
    listing: Listing | None = None
    openings: list[Event] = []
    for event in events:
        if listing is not None and not listing.lasts_at(event["time"]):
            listing = None
        if "closed" in rule and satisfies(event, rule["closed"]):
            listing = closed(rule, listing, event)
        elif satisfies(event, rule["opened"]):
            openings.append(event)
            together = counted(rule, openings)
            if len(together) >= int(rule.get("times", 1)):
                listing = opened(rule, listing, together)
    return listing


def closed(rule: Mapping[str, Any], listing: Listing | None, event: Event) -> Listing | None:
    """Close "if the person is on it at its time, `closed_after` … after its time, unless it ends sooner"."""
    if listing is None:
        return None
    end = event["time"] + days(rule.get("closed_after", "0d")) * DAY
    return replace(listing, until=end if listing.until is None else min(end, listing.until))


def opened(rule: Mapping[str, Any], listing: Listing | None, together: tuple[Event, ...]) -> Listing:
    """Open: "If the person is not on the list at its time, the listing begins then; if so, it goes on".

    "whatever was to end it. It ends `expires` after this event, or never."
    """
    moment = together[-1]["time"]
    until = moment + days(rule["expires"]) * DAY if "expires" in rule else None
    return Listing(moment, until, together) if listing is None else replace(listing, until=until)


def counted(rule: Mapping[str, Any], openings: Sequence[Event]) -> tuple[Event, ...]:
    """Give the events that are counted with the last of these: itself, or with `within` all of the span.

    "if with it at least `times` (default 1) such events lie in the time from (excluded) its time − `within` to its own
    place in the order"; such events are those that satisfy `opened` and not `closed`, of the same key.
    """
    if "within" not in rule:
        return (openings[-1],)
    after = openings[-1]["time"] - days(rule["within"]) * DAY
    return tuple(event for event in openings if event["time"] > after)
