"""Lists by hand: one person's events followed in order, for explanations (specification section 5).

The kernel follows everybody's lists in a compiled loop; here the same is done over dictionaries, and it is also said
which events opened the listing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from goodstanding.limits import DAY_US


class Selects(Protocol):
    """A filter."""

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Whether it selects an event."""


class Rule(Protocol):
    """What a policy says of a list."""

    @property
    def opened(self) -> Selects:
        """What opens a listing."""

    @property
    def closed(self) -> Selects | None:
        """What ends one; None where nothing does."""

    @property
    def closed_after_days(self) -> int:
        """How long after."""

    @property
    def expires_days(self) -> int | None:
        """How long after the latest opening it ends by itself; None: never."""

    @property
    def times(self) -> int:
        """How many openings it takes."""

    @property
    def within_days(self) -> int | None:
        """In which span; None: any."""

    @property
    def key(self) -> str | None:
        """`matter` or `party`, followed apart; None where the list has no key."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One listing of a person under one key.

    Attributes:
        since: the beginning.
        until: the end as things stand; None: never.
        key: the matter or party that it is about; None also where the list has no key.
        opened_by: the events that began it, as indices into those given, in order: where it takes several openings, all
            of them that lie within the span.
        last_opened_by: the latest event that opened it.
    """

    since: int
    until: int | None
    key: str | None
    opened_by: tuple[int, ...]
    last_opened_by: int


def listings(rule: Rule, events: Sequence[Mapping[str, Any]], as_of: int) -> list[Listing]:
    """The listings of a person that hold at `as_of`, one a key, the earliest first.

    Args:
        events: the person's, standing, in order, none later than `as_of`.
    """
    keys: dict[str | None, list[int]] = {}
    for i, event in enumerate(events):
        if rule.opened.matches(event) or (rule.closed is not None and rule.closed.matches(event)):
            keys.setdefault(event.get(rule.key) if rule.key else None, []).append(i)
    held = [listing for key, rows in keys.items() if (listing := _follow(rule, events, rows, key, as_of))]
    return sorted(held, key=lambda listing: (listing.since, listing.opened_by))


def _follow(
    rule: Rule, events: Sequence[Mapping[str, Any]], rows: list[int], key: str | None, as_of: int
) -> Listing | None:
    """Follow the events of one key."""
    listing: Listing | None = None
    openings: list[int] = []
    times: list[int] = []
    for row in rows:
        time = events[row]["time"]
        on = listing is not None and (listing.until is None or time < listing.until)
        if rule.closed is not None and rule.closed.matches(events[row]):
            if on and listing is not None:
                end = time + rule.closed_after_days * DAY_US
                until = end if listing.until is None else min(listing.until, end)
                listing = Listing(listing.since, until, key, listing.opened_by, listing.last_opened_by)
            continue
        openings.append(row)
        times.append(time)
        first = _first_counted(rule, times)
        if len(times) - first < rule.times:
            continue
        until = None if rule.expires_days is None else time + rule.expires_days * DAY_US
        if on and listing is not None:
            listing = Listing(listing.since, until, key, listing.opened_by, row)
        else:
            listing = Listing(time, until, key, tuple(openings[first:]), row)
    return listing if listing and (listing.until is None or as_of < listing.until) else None


def _first_counted(rule: Rule, times: list[int]) -> int:
    """The first of the openings, whose times ascend, that counts with the latest: is in the span that ends with it."""
    if rule.within_days is None:
        return len(times) - 1
    return bisect_right(times, times[-1] - rule.within_days * DAY_US)
