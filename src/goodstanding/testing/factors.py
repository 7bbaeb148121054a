"""Strategies for measures of every kind, points of every kind, and factors (specification section 3)."""

from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from goodstanding.testing.filters import (
    Scope,
    filters,
    further_filters,
    numbers,
    points,
    spans,
    windows,
)
from goodstanding.testing.vocabulary import LABELS, TIE_KINDS

KINDS = (
    "count",
    "sum",
    "mean",
    "min",
    "max",
    "latest",
    "days_since_first",
    "days_since_last",
    "distinct",
    "share",
    "ratio",
    "streak",
    "decayed",
    "on_list",
    "ties",
)
"""Every kind of measure, in the order of the specification's table."""

NUMERIC_FIELDS = st.sampled_from(("amount", "value"))
LATEST_FIELDS = st.sampled_from(("label", "amount", "label", "value"))
DISTINCT_FIELDS = st.sampled_from(("label", "party", "matter", "source"))
SOURCE = {"title": "A rule that was made up for a test", "url": "https://example.org/rule"}
REQUIRED_KINDS = st.sampled_from([one for one in KINDS if one not in ("on_list", "ties")])
LEAST_REQUIRED = st.sampled_from((-(10**12), -(10**12), 0, 1, 2, Decimal("0.5")))
CODES = ("R1", "R2", "R3", "R4", "R5", "R6")


@cache
def optional(**strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw a mapping that has each of these keys or has not."""
    return st.fixed_dictionaries({}, optional=strategies)


@cache
def texts(text: str) -> st.SearchStrategy[Any]:
    """Draw a text: a string, or a mapping from language to string."""
    return st.sampled_from((text, {"en": text}, {"en": text, "zh": f"{text}（中文）"}))


# --- Measures ---------------------------------------------------------------------------------------------------------


@cache
@st.composite
def measures(draw: st.DrawFn, scope: Scope, kind: str, lists: tuple[str, ...] = ()) -> dict[str, Any]:
    """Draw a measure of a kind."""
    return {"kind": kind, **draw(parameters(scope, kind, lists))}


@cache
def parameters(scope: Scope, kind: str, lists: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw the parameters of a kind."""
    some = filters(scope)
    of_field = st.fixed_dictionaries({"of": some, "field": NUMERIC_FIELDS})
    fields = {
        "sum": of_field,
        "mean": of_field,
        "min": of_field,
        "max": of_field,
        "latest": st.fixed_dictionaries({"of": some, "field": LATEST_FIELDS}),
        "distinct": st.fixed_dictionaries({"of": some, "field": DISTINCT_FIELDS}),
        "share": st.fixed_dictionaries({"among": some, "of": further_filters(scope)}, optional={"by": NUMERIC_FIELDS}),
        "ratio": st.fixed_dictionaries(
            {"of": some, "to": some, "field": NUMERIC_FIELDS}, optional={"take": st.sampled_from(("sum", "latest"))}
        ),
        "streak": st.fixed_dictionaries({"among": some, "of": further_filters(scope)}),
        "decayed": st.fixed_dictionaries({"of": some, "half_life": spans()}),
        "on_list": st.fixed_dictionaries({"list": st.sampled_from(lists or ("",))}),
        "ties": ties_parameters(scope),
    }
    return fields.get(kind, st.fixed_dictionaries({"of": some}))


@cache
def ties_parameters(scope: Scope) -> st.SearchStrategy[dict[str, Any]]:
    """Draw the parameters of `ties`; in a live world it "takes only `count` or `max`"."""
    takes = ("count", "max") if scope.is_live else ("count", "mean", "min", "max")
    return st.fixed_dictionaries({"take": st.sampled_from(takes)}, optional={"tie": st.sampled_from(TIE_KINDS)})


# --- Points -----------------------------------------------------------------------------------------------------------


@cache
@st.composite
def bands(draw: st.DrawFn, scope: Scope) -> dict[str, Any]:
    """Draw `bands`: the first without `from`, the others strictly ascending."""
    edges = sorted(draw(st.lists(numbers(scope), max_size=4, unique=True)))
    return {"bands": [{"points": draw(points())}, *({"from": edge, "points": draw(points())} for edge in edges)]}


@cache
@st.composite
def each(draw: st.DrawFn, scope: Scope) -> dict[str, Any]:
    """Draw `each`: its `min`, where given, is at most its `max`."""
    least, most = sorted((draw(points()), draw(points())))
    per = numbers(scope).filter(lambda number: number > 0)
    holding = draw(optional(min=st.just(least), max=st.just(most), per=per))
    return {"each": {"points": draw(points()), **holding}}


@cache
@st.composite
def labels(draw: st.DrawFn) -> dict[str, Any]:
    """Draw `labels`, with `other` or without."""
    given = draw(st.dictionaries(st.sampled_from(LABELS), points(), min_size=1, max_size=3))
    return {"labels": given, **draw(optional(other=points()))}


@cache
@st.composite
def kindly(draw: st.DrawFn, scope: Scope) -> dict[str, Any]:
    """Draw points under which nobody loses by whom they know (section 7, clause 2)."""
    edges = sorted(draw(st.lists(numbers(scope), max_size=3, unique=True)))
    gains = sorted(draw(st.lists(st.integers(0, 50), min_size=len(edges) + 1, max_size=len(edges) + 1)))
    above: list[dict[str, Any]] = [{"from": edge, "points": gain} for edge, gain in zip(edges, gains[1:], strict=True)]
    banded = {"bands": [{"points": gains[0]}, *above]}
    for_each = {"each": {"points": gains[0], "per": 1, "min": 0, "max": 50}}
    return draw(st.sampled_from((banded, for_each)))


@cache
def numeric_points(scope: Scope) -> st.SearchStrategy[dict[str, Any]]:
    """Draw the points of a measure that is a number."""
    return bands(scope) | each(scope)


@st.composite
def points_rules(draw: st.DrawFn, scope: Scope, measure: dict[str, Any]) -> dict[str, Any]:
    """Draw the points of a measure: `labels` for a label and only for it, `none` beside any of them."""
    if scope.is_live and measure["kind"] == "ties":
        return draw(kindly(scope))
    rule = draw(labels() if is_label(measure) else numeric_points(scope))
    return {**rule, **draw(optional(none=points()))}


def is_label(measure: dict[str, Any]) -> bool:
    """Say whether a measure is a label: "`latest` of a label, and only" it."""
    return measure["kind"] == "latest" and bool(measure["field"] == "label")


# --- Factors ----------------------------------------------------------------------------------------------------------


@cache
def kinds(lists: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Draw a kind of measure; `on_list` only where there are lists, and then more often."""
    return st.sampled_from(
        (*KINDS, "ties", "on_list", "on_list") if lists else tuple(one for one in KINDS if one != "on_list")
    )


@cache
@st.composite
def factors(draw: st.DrawFn, scope: Scope, dimensions: tuple[str, ...], lists: tuple[str, ...]) -> dict[str, Any]:
    """Draw a factor of any kind that the policy's lists allow; whoever puts it in a policy names it."""
    kind = draw(kinds(lists))
    measure = draw(measures(scope, kind, lists))
    extras = {} if kind in ("on_list", "ties") else draw(optional(window=windows()))
    return {
        "name": "factor",
        "dimension": draw(st.sampled_from(dimensions)),
        "title": draw(texts("A factor")),
        "measure": measure,
        "points": draw(points_rules(scope, measure)),
        **extras,
        **draw(reasons()),
        **draw(optional(sentence=texts("It gives {points} points."))),
        **sourced(scope),
    }


@cache
def reasons() -> st.SearchStrategy[dict[str, Any]]:
    """Draw a reason, mostly; factors often share a code, which always has the same text."""
    given = [{"reason": {"code": code, "text": f"Reason {code}"}} for code in CODES]
    return st.sampled_from((*given, {}))


def sourced(scope: Scope) -> dict[str, Any]:
    """Give `sources` where the charter asks for them."""
    return {"sources": [SOURCE]} if scope.is_live else {}


@cache
@st.composite
def requirements(draw: st.DrawFn, scope: Scope) -> dict[str, Any]:
    """Draw an entry of `score.requires`: any measure but `on_list`, `ties` or a label, and often one that is met."""
    measure = draw(measures(scope, draw(REQUIRED_KINDS)))
    if is_label(measure):
        measure = {**measure, "field": "amount"}
    return {"measure": measure, "min": draw(LEAST_REQUIRED), **draw(optional(window=windows()))}
