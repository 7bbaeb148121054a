"""The days on which something changes by itself, if a person only waits."""

from __future__ import annotations

from collections.abc import Iterator

from goodstanding.explanation.evidence import Evidence
from goodstanding.filters import Event
from goodstanding.limits import DAY_US
from goodstanding.measures import DaysSinceFirst, DaysSinceLast
from goodstanding.points import Bands
from goodstanding.policy import Factor

EVERY_DAYS = 30
MOST_DAYS = 120


def critical_days(evidence: Evidence, horizon_days: int) -> list[int]:
    """Whole days from now: events leave or enter a window, lists end, age reaches a band; and every thirtieth day.

    Ascending, and at most 120 of them: where there are more, evenly spread ones are kept.
    """
    grid = range(EVERY_DAYS, horizon_days + 1, EVERY_DAYS)
    moments = [
        *_listings(evidence),
        *(moment for factor in evidence.policy.factors for moment in _of(evidence, factor)),
    ]
    exact = {-((evidence.as_of - moment) // DAY_US) for moment in moments}
    days = sorted(day for day in {*grid, *exact} if 0 < day <= horizon_days)
    every = -(-len(days) // MOST_DAYS)
    return days[::every] if every > 1 else days


def _listings(evidence: Evidence) -> Iterator[int]:
    for on in evidence.listings.values():
        yield from (listing.until for listing in on if listing.until is not None)


def _of(evidence: Evidence, factor: Factor) -> Iterator[int]:
    read = [event for event in evidence.events if any(test.matches(event) for test in factor.measure.filters())]
    if factor.window is not None:
        for event in read:
            yield event["time"] + factor.window.from_days * DAY_US
            yield event["time"] + factor.window.to_days * DAY_US
    if isinstance(factor.measure, DaysSinceFirst | DaysSinceLast) and isinstance(factor.points, Bands) and read:
        yield from _comes_of_age(factor.points, read[0 if isinstance(factor.measure, DaysSinceFirst) else -1])


def _comes_of_age(points: Bands, event: Event) -> Iterator[int]:
    for edge in (edge for edge, _ in points.bands if edge is not None):
        yield event["time"] + -(-edge.numerator // edge.denominator) * DAY_US
