"""What is in a person's own power, as far as a policy and a record can tell: the ground on which `reach` searches.

Considered are deeds, things done from now on, each an event that some rule reads:

- of `share` and `streak`: one more event of `among` that satisfies `of` (one more bill, on time);
- of `count`, `decayed`, `distinct`, days since: one more event of `of` (for `distinct`, one unlike the others);
- of `sum`: one more that makes up what is missing to more points, or one more like the last;
- of `latest`, `min`, `max` and `mean`: one more with a better number. A number that should be low (days late, a debt)
  may be kept as low as it ought to be; one that should be high (a grade that others give) only as high as it has been;
- of `latest` of a label: one with a label that gives more;
- of `ratio`: what is paid of what is owed, or owed of what is granted: to more points, and no further than the whole;
- of a list that the person is on: the event that closes it, in the same matter.

Never considered: undoing what has happened, other people's scores, and whom one knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from goodstanding.explanation.evidence import Evidence
from goodstanding.explanation.targets import nearest_whole, rises, targets
from goodstanding.filters import Event, Filter, Range
from goodstanding.limits import DAY_US
from goodstanding.lists import Listing
from goodstanding.measures import Distinct, Latest, Measure, OnList, Ratio, Reading, Sum, Ties
from goodstanding.points import Labels, Points
from goodstanding.policy import ListRule

USUAL_PACE_DAYS = 30
CLOSING_DAYS = 1
SOURCE = "reach"
TEXTS = {"label": "labels", "party": "parties", "matter": "matters"}
NUMBERS = ("amount", "value")

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Deed:
    """One kind of thing that a person might do, once or again and again.

    Attributes:
        rule: the factor or list that makes it worth doing.
        event: what it would look like on record; without `id` and `time`.
        tells: the fields that matter to the rule, named when the deed is put in words.
        every_days: how far apart; the person's own pace where there is one.
        on_record: how many of its type the person has.
        most: how often at most it is considered.
        varies: a field that is different each time.
    """

    rule: str
    event: Mapping[str, Any]
    tells: tuple[str, ...]
    every_days: int
    on_record: int
    most: int
    closes: bool = False
    varies: str | None = None

    def events(self, times: int, as_of: int) -> Iterator[Fields]:
        """The events of doing it so many times from a moment on."""
        for nth in range(1, times + 1):
            unlike = {} if self.varies is None else {self.varies: f"{SOURCE}-{nth}"}
            yield {**self.event, **unlike, "time": as_of + nth * self.every_days * DAY_US}

    def days(self, times: int) -> int:
        """After how many days it has been done so many times."""
        return times * self.every_days


@dataclass(frozen=True, slots=True)
class Ground:
    """One person's evidence, and how far ahead to look."""

    evidence: Evidence
    horizon_days: int
    most: int

    def deeds(self) -> tuple[Deed, ...]:
        """Every deed that a rule reads, each once: for factors, for what a score requires, to close lists."""
        found = [*self._for_factors(), *self._for_requirements(), *self._for_lists()]
        unlike: dict[tuple[Any, ...], Deed] = {}
        for deed in found:
            unlike.setdefault((*sorted(deed.event.items()), deed.varies), deed)
        return tuple(unlike.values())

    def _for_factors(self) -> Iterator[Deed]:
        for factor in self.evidence.policy.factors:
            reading = self.evidence.reading(factor)
            if factor.points.of(reading) < factor.points.most(factor.measure.can_be_nothing):
                yield from self._for_measure(factor.name, factor.measure, factor.points, reading)

    def _for_requirements(self) -> Iterator[Deed]:
        for required in self.evidence.policy.requires:
            yield from self._repeated("requires", required.measure, {})

    def _for_lists(self) -> Iterator[Deed]:
        for rule in self.evidence.policy.lists:
            for listing in self.evidence.listings.get(rule.name, ()):
                yield from self._closing(rule, listing)

    def _closing(self, rule: ListRule, listing: Listing) -> Iterator[Deed]:
        fixed = {rule.key: listing.key} if rule.key and listing.key is not None else {}
        event = None if rule.closed is None else self._event((rule.closed,), fixed)
        if event is not None:
            yield Deed(rule.name, event, tuple(fixed), CLOSING_DAYS, self._on_record(event), 1, closes=True)

    def _for_measure(self, name: str, measure: Measure, points: Points, reading: Reading) -> Iterator[Deed]:
        if isinstance(measure, OnList | Ties):
            return
        if isinstance(measure, Latest) and isinstance(points, Labels):
            now = points.of(reading)
            for label in (label for label, given in points.labels.items() if given > now):
                yield from self._repeated(name, measure, {"label": label}, most=1)
        elif isinstance(measure, Ratio):
            for amount in self._ratio_amounts(measure, points, reading):
                yield from self._repeated(name, measure, {measure.field: amount})
        elif isinstance(measure, Sum):
            for number in self._sum_numbers(measure, points, reading):
                yield from self._repeated(name, measure, {measure.field: number})
        elif measure.kind in ("latest", "min", "max", "mean"):
            for number in self._better_numbers(measure, points, reading):
                # these four kinds have a field, which the type `Measure` does not know
                yield from self._repeated(name, measure, {measure.field: number})  # type: ignore[attr-defined]
        else:
            yield from self._repeated(name, measure, {})

    def _repeated(self, name: str, measure: Measure, fixed: Fields, most: int | None = None) -> Iterator[Deed]:
        """One more event that the measure counts, at the person's own pace."""
        wanted = (measure.of,) if isinstance(measure, Ratio) else measure.filters()
        event = self._event(wanted, fixed)
        if event is None:
            return
        pace = self._pace(event)
        times = max(1, min(most or self.most, self.horizon_days // pace))
        varies = measure.field if isinstance(measure, Distinct) and measure.field in TEXTS else None
        yield Deed(name, event, _tells(wanted, fixed), pace, self._on_record(event), times, varies=varies)

    # --- Numbers ------------------------------------------------------------------------------------------------------

    def _better_numbers(self, measure: Any, points: Points, reading: Reading) -> Iterator[int]:
        known = self._numbers(measure.of, measure.field)
        now = None if reading.numerator is None else Fraction(reading.numerator, reading.denominator or 1)
        for target in targets(points, reading):
            number = nearest_whole(target, now)
            if number is None:
                continue
            seen_before = bool(known) and number <= max(known)
            if seen_before if rises(target, now) else number >= min([0, *known]):
                yield number

    def _sum_numbers(self, measure: Sum, points: Points, reading: Reading) -> Iterator[int]:
        now = Fraction(reading.numerator or 0)
        for target in targets(points, reading):
            number = nearest_whole(target, now) if rises(target, now) else None
            if number is not None:
                yield number - int(now)
        yield from self._numbers(measure.of, measure.field)[-1:]

    def _ratio_amounts(self, measure: Ratio, points: Points, reading: Reading) -> Iterator[int]:
        """What to pay, or to owe, next: a whole amount up to the divisor."""
        above, below = self._numbers(measure.of, measure.field), self._numbers(measure.to, measure.field)
        whole = (below[-1] if below else 0) if measure.take == "latest" else sum(below)
        if whole <= 0:
            return
        paid = 0 if measure.take == "latest" else sum(above)
        now = None if reading.numerator is None else Fraction(reading.numerator, reading.denominator or 1)
        for target in targets(points, reading):
            amount = nearest_whole(target, now, whole)
            if amount is not None and amount - paid >= 0 and amount <= whole:
                yield amount - paid

    def _numbers(self, of: Filter, field: str) -> list[int]:
        return [event[field] for event in self.evidence.events if of.matches(event) and event.get(field) is not None]

    # --- Events -------------------------------------------------------------------------------------------------------

    def _event(self, wanted: Sequence[Filter], fixed: Fields) -> Fields | None:
        """An event that satisfies all filters, most like what the person has on record; None: there is none."""
        types = [name for name in self.evidence.policy.catalogue if all(test.matches_type(name) for test in wanted)]
        if not types:
            return None
        like = self._like(types, wanted)
        event: Fields = {"type": types[0], "source": SOURCE}
        event |= {name: like[name] for name in ("type", "source") if name in like}
        sources = _allowed(wanted, "sources")
        if sources is not None and event["source"] not in sources:
            event["source"] = sources[0] if sources else ""
        for name, plural in TEXTS.items():
            event[name] = fixed.get(name, _text(_allowed(wanted, plural), like.get(name)))
        for name in NUMBERS:
            event[name] = fixed.get(name, _number([getattr(test, name) for test in wanted], like.get(name)))
        return event if all(test.matches(event) for test in wanted) else None

    def _like(self, types: Sequence[str], wanted: Sequence[Filter]) -> Event:
        """The latest event on record that satisfies all filters, else the latest of a type that they name."""
        of_type = [event for event in self.evidence.events if event["type"] in types]
        exact = [event for event in of_type if all(test.matches(event) for test in wanted)]
        return next(reversed(exact or of_type), {})

    def _on_record(self, event: Event) -> int:
        return sum(one["type"] == event["type"] for one in self.evidence.events)

    def _pace(self, event: Event) -> int:
        """The middle distance in days between the person's own events of a type; thirty where there are too few."""
        times = [one["time"] for one in self.evidence.events if one["type"] == event["type"]]
        gaps = sorted(later - earlier for earlier, later in pairwise(times))
        if len(gaps) < 2:  # noqa: PLR2004 - two distances make a pace
            return USUAL_PACE_DAYS
        return max(1, min(365, round(int(gaps[len(gaps) // 2]) / DAY_US)))


def _tells(wanted: Sequence[Filter], fixed: Fields) -> tuple[str, ...]:
    """The fields that a filter tests or a measure reads."""
    tested = [name for name, plural in TEXTS.items() if _allowed(wanted, plural) is not None]
    ranged = [name for name in NUMBERS if any(getattr(test, name) is not None for test in wanted)]
    return tuple(dict.fromkeys([*tested, *ranged, *fixed]))


def _allowed(wanted: Sequence[Filter], plural: str) -> list[str] | None:
    """The values that all filters allow for a field; None: any."""
    tests = [given for test in wanted if (given := getattr(test, plural)) is not None]
    return [value for value in tests[0] if all(value in test for test in tests)] if tests else None


def _text(allowed: list[str] | None, like: str | None) -> str | None:
    if allowed is None or like in allowed:
        return like
    return allowed[0] if allowed else None


def _number(ranges: Sequence[Range | None], like: int | None) -> int | None:
    """The number nearest to that on record within all ranges; without a range, that on record."""
    number = like
    for given in (one for one in ranges if one is not None):
        number = 0 if number is None else number
        number = number if given.min is None else max(number, given.min)
        number = number if given.max is None else min(number, given.max)
    return number
