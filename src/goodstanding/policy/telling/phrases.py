"""Filters, measures, points and spans as phrases: the inside of a rule, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from decimal import Decimal
from fractions import Fraction

from goodstanding.filters import Filter, Range
from goodstanding.measures import Measure
from goodstanding.points import Bands, Each, Labels, Points
from goodstanding.policy.model import Policy, Window
from goodstanding.policy.telling.words import days_text, joined, say, signed

TESTS = {"sources": "source", "labels": "label", "parties": "party", "matters": "matter"}


def number_text(number: Fraction) -> str:
    """An exact decimal as it was written: `0.95`, `1`."""
    return str(number.numerator) if number.denominator == 1 else str(Decimal(number.numerator) / number.denominator)


def window_text(window: Window | None, lang: str) -> str:
    """The time that is looked at; empty where it is the whole record."""
    if window is None:
        return ""
    begins = days_text(lang, window.from_days)
    if window.to_days:
        return say(lang, "window_between", days=begins, end=days_text(lang, window.to_days))
    return say(lang, "window", days=begins)


def filter_text(chosen: Filter, policy: Policy, lang: str, among: Filter | None = None) -> str:
    """Which events a filter selects, by their titles in the catalogue; one without types takes those it is among."""
    types = joined(lang, "or", (_type_text(written, policy, lang) for written in chosen.types or ()))
    typed = chosen if among is None or chosen.types is not None else replace(chosen, types=among.types)
    tests = joined(lang, "and", _tests(typed, policy, lang))
    if not tests:
        return types or say(lang, "all")
    return say(lang, "with", what=types, tests=tests) if types else say(lang, "those", tests=tests)


def _type_text(written: str, policy: Policy, lang: str) -> str:
    if written.endswith(".*"):
        return say(lang, "prefix", prefix=say(lang, "quote", text=written[:-2]))
    return say(lang, "quote", text=policy.catalogue[written].title.in_(lang))


def _tests(chosen: Filter, policy: Policy, lang: str) -> Iterator[str]:
    for given, field in TESTS.items():
        if values := getattr(chosen, given):
            yield say(lang, "test", field=say(lang, f"{field}_field"), values=joined(lang, "or", values))
    for field, span in (("amount", chosen.amount), ("value", chosen.value)):
        if span is not None:
            yield _range_text(span, _field_text(field, chosen, policy, lang), lang)


def _range_text(span: Range, field: str, lang: str) -> str:
    if span.min is None:
        return say(lang, "range_most", field=field, most=span.max)
    if span.max is None:
        return say(lang, "range_least", field=field, least=span.min)
    return say(lang, "range_both", field=field, least=span.min, most=span.max)


def _field_text(field: str, chosen: Filter, policy: Policy, lang: str) -> str:
    """A column, with its unit where all selected types give it the same."""
    named = say(lang, f"{field}_field")
    types = [entry for name, entry in policy.catalogue.items() if chosen.matches_type(name)]
    units = {unit.in_(lang) for entry in types if (unit := getattr(entry, field, None))}
    return say(lang, "unit", field=named, unit=units.pop()) if len(units) == 1 else named


def measure_text(measure: Measure, policy: Policy, lang: str, window: Window | None = None) -> str:
    """What a measure reads, and of which time."""
    blanks = {field.name: _blank(field.name, measure, policy, lang) for field in fields(measure)}  # type: ignore[arg-type]  # every kind is a dataclass
    return joined(lang, "semi", (measure.told[lang].format(**blanks), window_text(window, lang)))


def _blank(name: str, measure: Measure, policy: Policy, lang: str) -> str:
    value = getattr(measure, name)
    if isinstance(value, Filter):
        return filter_text(value, policy, lang, measure.filters()[0])
    match name:
        case "field" | "by" if value is not None:
            return _field_text(value, measure.filters()[0], policy, lang)
        case "list":
            titles = {rule.name: rule.title.in_(lang) for rule in policy.lists}
            return say(lang, "quote", text=titles[value])
        case "tie":
            return "" if value is None else say(lang, "only_kind", tie=value)
        case "half_life_days":
            return days_text(lang, value)
        case _:
            return str(value)


def points_text(points: Points, lang: str, *, can_be_nothing: bool) -> str:
    """What is given for which measure, band by band."""
    nothing = [say(lang, "none", points=signed(points.none))] if can_be_nothing else []
    match points:
        case Bands():
            given = _bands(points, lang)
        case Each():
            given = _each(points, lang)
        case _:
            given = _labels(points, lang)
    return joined(lang, "semi", [*given, *nothing])


def _bands(points: Bands, lang: str) -> Iterator[str]:
    (_, first), *others = points.bands
    if not others:
        yield say(lang, "always", points=signed(first))
        return
    yield say(lang, "below", edge=number_text(others[0][0] or Fraction(0)), points=signed(first))
    for edge, given in others:
        yield say(lang, "from", edge=number_text(edge or Fraction(0)), points=signed(given))


def _each(points: Each, lang: str) -> Iterator[str]:
    if points.per == 1:
        yield say(lang, "each_one", points=signed(points.points))
    else:
        yield say(lang, "each", points=signed(points.points), per=number_text(points.per))
    least, most = points.range()
    if points.points < 0 or points.min is not None:
        yield say(lang, "at_least", least=signed(least))
    if points.points > 0 or points.max is not None:
        yield say(lang, "at_most", most=signed(most))


def _labels(points: Points, lang: str) -> Iterator[str]:
    assert isinstance(points, Labels)
    for label, given in points.labels.items():
        yield say(lang, "label", label=label, points=signed(given))
    yield say(lang, "other", points=signed(points.other))
