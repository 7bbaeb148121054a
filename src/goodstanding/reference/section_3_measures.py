"""Specification section 3, read plainly: windows, filters, and the number that each kind of measure reads off events.

A measure is a `Reading`: a numerator and a denominator "as counted, not reduced", or a label, or nothing; and the
events that it used, which is the evidence that an explanation shows. This is the one place that says which they are:

- `count`, `decayed`: the events of `of` (of `decayed` also those so old that they weigh 0);
- `sum`, `mean`, `distinct`: the events of `of` that have the field;
- `min`, `max`: the first event, in order, that has the least or the greatest;
- `latest`, `days_since_first`, `days_since_last`: the one event;
- `share`: the events of `among`, with `by` those of them that have the field, whether or not they satisfy `of`;
- `ratio` with `sum`: the events of `of` and those of `to` that have the field; with `latest` the one or the two events;
- `streak`: the events of the run;
- `on_list`: for each value of the key by which the person is on the list, the openings by which that listing began: the
  event at its beginning and, with `times`, the others that were counted with it then;
- `ties`: none.

Events are in order, each once. Where the divisor of a `share` or a `ratio` is not above 0 the measure is nothing, and
its events are still those above, because they are why.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import floor
from typing import Any

from goodstanding.reference.section_1_events import Event, order

DAY = 86_400_000_000
"""Microseconds: "Spans are whole days of 86,400 s"."""

DECAY_SCALE = 2**20

MAY_BE_NOTHING = frozenset(
    ("mean", "min", "max", "latest", "days_since_first", "days_since_last", "share", "ratio", "ties")
)
"""The kinds whose row in the table ends with "nothing"; of `ties`, all but `take: count` (see `can_be_nothing`)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a measure came to: a fraction, a label, or (both null) nothing; and the events that it used."""

    fraction: tuple[int, int] | None = None
    label: str | None = None
    used: tuple[Event, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Say whether there is neither a number nor a label."""
        return self.fraction is None and self.label is None

    @property
    def exact(self) -> Fraction:
        """Give the measure as "an exact fraction"."""
        if self.fraction is None:
            raise AssertionError("only a measure that is a number has a value")
        return Fraction(*self.fraction)


@dataclass(frozen=True, slots=True)
class Question:
    """A measure of the policy, put to one person's events inside the window."""

    measure: Mapping[str, Any]
    events: Sequence[Event]
    as_of: int

    def those(self, parameter: str) -> list[Event]:
        """Select the events of a filter that is one of the measure's parameters."""
        return [event for event in self.events if satisfies(event, self.measure[parameter])]

    def having(self, parameter: str) -> list[Event]:
        """Select the events of a filter that have the measure's `field`."""
        return [event for event in self.those(parameter) if event[self.measure["field"]] is not None]

    def total(self, events: Sequence[Event]) -> int:
        """Sum the measure's `field`."""
        return sum(event[self.measure["field"]] for event in events)


def number(written: object) -> Fraction:
    """Give a number of the policy exactly: "decimals with at most four places"."""
    return Fraction(str(written))


def days(span: str) -> int:
    """Give a span such as `730d` in whole days."""
    return int(span.removesuffix("d"))


# --- Windows and filters ----------------------------------------------------------------------------------------------


def inside(window: str | Mapping[str, str] | None, events: Sequence[Event], as_of: int) -> list[Event]:
    """Keep the events inside a window.

    "`730d`: only events with as_of − 730d < time"; "`{from: 730d, to: 365d}`: as_of − from < time ≤ as_of − to".
    """
    if window is None:
        return list(events)
    if isinstance(window, str):
        return inside({"from": window, "to": "0d"}, events, as_of)
    after, until = as_of - days(window["from"]) * DAY, as_of - days(window["to"]) * DAY
    return [event for event in events if after < event["time"] <= until]


def satisfies(event: Event, selection: str | Mapping[str, Any]) -> bool:
    """Say whether a filter selects an event: "a type, a prefix, or a mapping in which all given tests must hold".

    "there an empty mapping selects all".
    """
    if isinstance(selection, str):
        return satisfies(event, {"type": selection})
    return all(holds(event, test, wanted) for test, wanted in selection.items())


def holds(event: Event, test: str, wanted: Any) -> bool:  # a test's value is whatever the document has
    """Say whether one test of a filter holds: "A null never satisfies a test."."""
    found = event[test]
    if found is None:
        return False
    if test in ("amount", "value"):  # `{min, max}`, both inclusive, one or both
        above = "min" not in wanted or found >= number(wanted["min"])
        return above and ("max" not in wanted or found <= number(wanted["max"]))
    names = [wanted] if isinstance(wanted, str) else wanted  # "one or a list"
    if test == "type":
        return any(is_below(found, name) for name in names)
    return found in names


def is_below(type_: str, name: str) -> bool:
    """Say whether a type is the one named; `rail.*`: "every type below `rail`, neither `rail` … nor `railway.x`"."""
    if name.endswith(".*"):
        return type_.startswith(name.removesuffix("*"))
    return type_ == name


# --- The kinds, in the order of the table -----------------------------------------------------------------------------


def count(asked: Question) -> Reading:
    """`count`: how many."""
    return whole(len(asked.those("of")), asked.those("of"))


def sum_(asked: Question) -> Reading:
    """`sum`: Σ field."""
    return whole(asked.total(asked.having("of")), asked.having("of"))


def mean(asked: Question) -> Reading:
    """`mean`: Σ field ÷ how many have it."""
    events = asked.having("of")
    return divided(asked.total(events), len(events), events)


def extreme(asked: Question) -> Reading:
    """`min`, `max`: the least, the greatest."""
    events = asked.having("of")
    if not events:
        return Reading()
    choose = min if asked.measure["kind"] == "min" else max
    chosen = choose(events, key=lambda event: int(event[asked.measure["field"]]))  # of equals, the first
    return whole(chosen[asked.measure["field"]], [chosen])


def latest(asked: Question) -> Reading:
    """`latest`: the field of the latest event that has it."""
    last = asked.having("of")[-1:]
    if last and asked.measure["field"] == "label":
        return Reading(label=last[0]["label"], used=tuple(last))
    return whole(asked.total(last), last) if last else Reading()


def days_since(asked: Question) -> Reading:
    """`days_since_first`, `days_since_last`: whole days (rounded down) from that event to `as_of`."""
    events = asked.those("of")
    chosen = events[:1] if asked.measure["kind"] == "days_since_first" else events[-1:]
    return whole(age(chosen[0], asked.as_of), chosen) if chosen else Reading()


def distinct(asked: Question) -> Reading:
    """`distinct`: how many different ones."""
    events = asked.having("of")
    return whole(len({event[asked.measure["field"]] for event in events}), events)


def share(asked: Question) -> Reading:
    """`share`: events of `among` that also satisfy `of` ÷ events of `among`.

    "with `by`, the sums of that field over those that have it".
    """
    by = asked.measure.get("by")
    among = [event for event in asked.those("among") if by is None or event[by] is not None]
    both = [event for event in among if satisfies(event, asked.measure["of"])]
    if by is None:
        return divided(len(both), len(among), among)
    return divided(sum(event[by] for event in both), sum(event[by] for event in among), among)


def ratio(asked: Question) -> Reading:
    """`ratio`: Σ field over `of` ÷ Σ field over `to`; "or the field of the latest event of each that has it".

    "nothing where the divisor is missing or not above 0; with `latest` also where the dividend is missing".
    """
    dividend, divisor = asked.having("of"), asked.having("to")
    if asked.measure.get("take", "sum") == "latest":
        dividend, divisor = dividend[-1:], divisor[-1:]
        if not dividend:
            return Reading(used=tuple(divisor))
    return divided(asked.total(dividend), asked.total(divisor), [*dividend, *divisor])


def streak(asked: Question) -> Reading:
    """`streak`: how many of the latest events of `among`, without a gap, satisfy `of`."""
    run: list[Event] = []
    for event in reversed(asked.those("among")):
        if not satisfies(event, asked.measure["of"]):
            break
        run.insert(0, event)
    return whole(len(run), run)


def decayed(asked: Question) -> Reading:
    """`decayed`: Σ w(age), age in whole days, the sum divided by 2^20."""
    half_life, events = days(asked.measure["half_life"]), asked.those("of")
    return Reading(
        (sum(weight(age(event, asked.as_of), half_life) for event in events), DECAY_SCALE), None, tuple(events)
    )


KINDS: Mapping[str, Callable[[Question], Reading]] = {
    "count": count,
    "sum": sum_,
    "mean": mean,
    "min": extreme,
    "max": extreme,
    "latest": latest,
    "days_since_first": days_since,
    "days_since_last": days_since,
    "distinct": distinct,
    "share": share,
    "ratio": ratio,
    "streak": streak,
    "decayed": decayed,
}
"""All kinds that read events; `on_list` reads the lists of section 5, and `ties` the own scores of section 4."""


def read_measure(measure: Mapping[str, Any], window: Any, events: Sequence[Event], as_of: int) -> Reading:
    """Read a measure that reads events, inside its window."""
    return KINDS[measure["kind"]](Question(measure, inside(window, events, as_of), as_of))


def read_ties(measure: Mapping[str, Any], friends: Sequence[tuple[int, str | None]]) -> Reading:
    """`ties`: "over the person's ties (of kind `tie` only): how many; or the mean, least, greatest" of own scores."""
    scores = [own for own, kind in friends if "tie" not in measure or kind == measure["tie"]]
    match measure["take"]:
        case "count":
            return whole(len(scores), ())
        case "mean":
            return divided(sum(scores), len(scores), ())
        case "min":
            return whole(min(scores), ()) if scores else Reading()
        case _:
            return whole(max(scores), ()) if scores else Reading()


def can_be_nothing(measure: Mapping[str, Any]) -> bool:
    """Say whether a measure can be nothing ("section 3's last column")."""
    return measure["kind"] in MAY_BE_NOTHING and measure.get("take") != "count"


# --- Small words of the table -----------------------------------------------------------------------------------------


def whole(numerator: int, used: Sequence[Event]) -> Reading:
    """Give a whole number, over 1."""
    return divided(numerator, 1, used)


def divided(numerator: int, denominator: int, used: Sequence[Event]) -> Reading:
    """Give a fraction as counted, or nothing "where the divisor is not above 0"."""
    unique = {order(event): event for event in used}
    fraction = (numerator, denominator) if denominator > 0 else None
    return Reading(fraction, None, tuple(unique[place] for place in sorted(unique)))


def age(event: Event, as_of: int) -> int:
    """Give "whole days (rounded down) from that event to `as_of`"."""
    return int(as_of - event["time"]) // DAY


@cache
def weight(age_days: int, half_life_days: int) -> int:
    """Give w(a): "the whole number nearest to 2^20 · 2^(−a ÷ half-life) (a half rounds up)".

    n is not above that number plus a half exactly where (2n − 1)^h ≤ 2^(21h − a), with h for the half-life: both sides
    doubled and raised to h. Floating point only says where to begin, well below; whole numbers decide.
    """
    exponent = 21 * half_life_days - age_days

    def reaches(n: int) -> bool:
        return exponent >= 0 and bool((2 * n - 1) ** half_life_days <= 1 << exponent)

    found: int = max(0, floor(2.0 ** (exponent / half_life_days - 1)) - 1)
    while reaches(found + 1):
        found += 1
    return found
