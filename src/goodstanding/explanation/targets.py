"""Where a measure would have to lie to give more points, and the number nearest to where it lies now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from goodstanding.measures import Reading
from goodstanding.points import Bands, Each, Points

STEPS_OF_EACH = 3


@dataclass(frozen=True, slots=True)
class Target:
    """An interval of measures that give more: from `least`, up to but without `below`; either may be open."""

    least: Fraction | None
    below: Fraction | None


def targets(points: Points, reading: Reading) -> list[Target]:
    """The intervals that give more points than a reading does, the nearest first."""
    if isinstance(points, Bands):
        edges = [edge for edge, _ in points.bands]
        better = [given > points.of(reading) for _, given in points.bands]
        intervals = zip(edges, [*edges[1:], None], better, strict=True)
        found = [Target(least, below) for least, below, is_better in intervals if is_better]
    elif isinstance(points, Each) and reading.numerator is not None and reading.denominator is not None:
        found = list(_steps(points, Fraction(reading.numerator, reading.denominator)))
    else:
        found = []
    now = Fraction(reading.numerator, reading.denominator or 1) if reading.numerator is not None else Fraction(0)
    return sorted(found, key=lambda target: _distance(target, now))


def rises(target: Target, now: Fraction | None) -> bool:
    """Whether a measure would have to rise to get there."""
    return target.least is not None and (now is None or now < target.least)


def nearest_whole(target: Target, now: Fraction | None, unit: int = 1) -> int | None:
    """The whole number n for which n ÷ unit lies in the target, nearest to where it is entered; None: there is none."""
    if rises(target, now):
        assert target.least is not None
        number = ceil(target.least * unit)
    elif target.below is not None:
        number = ceil(target.below * unit) - 1
    else:
        return None
    found = Fraction(number, unit)
    reaches = target.least is None or found >= target.least
    return number if reaches and (target.below is None or found < target.below) else None


def _steps(points: Each, now: Fraction) -> Iterator[Target]:
    step = now // points.per
    for n in range(1, STEPS_OF_EACH + 1):
        if points.points > 0:
            yield Target((step + n) * points.per, None)
        else:
            yield Target(None, (step - n + 1) * points.per)


def _distance(target: Target, now: Fraction) -> Fraction:
    if target.least is not None and now < target.least:
        return target.least - now
    return now - target.below if target.below is not None and now >= target.below else Fraction(0)
