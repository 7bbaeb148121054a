"""Strategies for whole policy documents that pass `policy check`, in a synthetic or in a live world."""

from collections.abc import Sequence
from functools import cache
from itertools import permutations
from typing import Any

from hypothesis import strategies as st

from goodstanding.testing.factors import (
    SOURCE,
    factors,
    optional,
    requirements,
    sourced,
    texts,
)
from goodstanding.testing.filters import Scope, filters, spans, wide_filters
from goodstanding.testing.vocabulary import NUMBER_LIMIT, catalogue

Document = dict[str, Any]
"""A policy as a plain mapping: strings, ints, Decimals, booleans, lists and mappings."""

NARROW_SCORES = ((550, 350, 950), (0, -50, 50), (100, 100, 100), (0, -1_000_000, 1_000_000))
WIDE_SCORES = ((0, -NUMBER_LIMIT, NUMBER_LIMIT), (NUMBER_LIMIT, 0, NUMBER_LIMIT), (-NUMBER_LIMIT, -NUMBER_LIMIT, 0))
THRESHOLDS = (-40, -1, 0, 1, 20, 100, 350, 500, 549, 550, 551, 600, 700, 950)
SELDOM = st.sampled_from((False, False, True))
KEYS = st.sampled_from(({"key": "matter"}, {}, {"key": "party"}))
DIMENSIONS = ("history", "conduct", "people")


@st.composite
def policies(draw: st.DrawFn, world: str = "synthetic", *, at_limits: bool = False) -> Document:
    """Draw a policy document for a world, `synthetic` or `live`.

    A live one keeps the charter (section 7), but for its clause that there is at least one case, which `with_cases`
    adds. With `at_limits`, numbers may be as great as section 2 allows (10^18), scores too.
    """
    entries = draw(
        st.lists(st.sampled_from(catalogue(world)), min_size=2, max_size=4, unique_by=lambda one: one["type"])
    )
    scope = Scope(world, tuple(one["type"] for one in entries), at_limits)
    dimensions = tuple(draw(st.lists(st.sampled_from(DIMENSIONS), min_size=1, unique=True)))
    calendar = draw(optional(calendar=st.just("cn")))
    lists = [draw(list_rules(scope, f"list_{number}")) for number in range(draw(st.sampled_from((0, 1, 2, 2, 3))))]
    list_names = tuple(one["name"] for one in lists)
    drawn_factors = draw(many(factors(scope, dimensions, list_names), least=1, most=9))
    for number, factor in enumerate(drawn_factors):
        factor["name"] = f"factor_{number}"
    drawn_tiers = draw(tiers(list_names))
    drawn_sanctions = [
        draw(sanctions(scope, f"sanction_{number}", list_names, has_calendar=bool(calendar)))
        for number in range(draw(st.integers(0, 3)))
        if list_names or not scope.is_live
    ]
    return {
        "goodstanding": 1,
        "name": "drawn",
        "version": "1",
        "title": draw(texts("A drawn policy")),
        "world": world,
        "score": draw(scores(scope)),
        "dimensions": [draw(dimension(name)) for name in dimensions],
        "catalogue": [dict(one) for one in entries],
        "lists": lists,
        "factors": drawn_factors,
        "tiers": drawn_tiers,
        "perks": [draw(perks(f"perk_{n}", list_names, drawn_tiers)) for n in range(draw(st.integers(0, 3)))],
        "sanctions": drawn_sanctions,
        "related": related(entries),
        "announcements": draw(announcements(drawn_factors, lists, drawn_sanctions)),
        **calendar,
        **draw(optional(about=texts("Made up."), sources=st.just([SOURCE]), dispute=st.just("30d"))),
        **draw(optional(refresh=st.just({"day_of_month": 6}))),
    }


@cache
@st.composite
def scores(draw: st.DrawFn, scope: Scope) -> dict[str, Any]:
    """Draw `score`: `base` within its bounds, and sometimes what it requires."""
    base, least, most = draw(st.sampled_from((*NARROW_SCORES, *(WIDE_SCORES if scope.at_limits else ()))))
    required = draw(st.sampled_from((0, 0, 0, 1, 3)))
    requires = [draw(requirements(scope)) for _ in range(required)]
    return {"base": base, "min": least, "max": most, **({"requires": requires} if requires else {})}


@cache
@st.composite
def dimension(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """Draw a dimension, held within both bounds, one or none."""
    return {"name": name, "title": draw(texts(name)), **draw(optional(min=st.integers(-60, 0), max=st.integers(0, 60)))}


@cache
@st.composite
def list_rules(draw: st.DrawFn, scope: Scope, name: str) -> dict[str, Any]:
    """Draw a list with any of its options; in a live world it has a `closed` or an `expires` (section 7, clause 4)."""
    rule = {"name": name, "title": draw(texts(f"List {name}")), "opened": draw(wide_filters(scope) | filters(scope))}
    if draw(st.booleans()):
        rule |= {"closed": draw(filters(scope)), **draw(optional(closed_after=spans(least=0)))}
    if draw(SELDOM):
        rule |= {"times": draw(st.integers(2, 3)), "within": draw(spans())}
    rule |= draw(optional(expires=spans())) | draw(KEYS)
    if scope.is_live and not rule.keys() & {"closed", "expires"}:
        rule["expires"] = "365d"
    return rule | sourced(scope)


@cache
def many(one: st.SearchStrategy[Any], least: int, most: int) -> st.SearchStrategy[list[Any]]:
    """Draw a list that is often long: hypothesis left alone draws short ones, on which little happens."""
    sizes = st.sampled_from((least, (least + most) // 3, (least + most) // 2))
    return sizes.flatmap(lambda size: st.lists(one, min_size=size, max_size=most))


@cache
def some_lists(names: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    """Draw one list and more out of those that there are."""
    return st.lists(st.sampled_from(names), min_size=1, unique=True)


@cache
@st.composite
def tiers(draw: st.DrawFn, lists: tuple[str, ...]) -> list[dict[str, Any]]:
    """Draw tiers, ascending; the first has neither `from` nor `not_on`."""
    edges = sorted(draw(st.lists(st.sampled_from(THRESHOLDS), max_size=4, unique=True)))
    if not edges:
        return []
    barred = optional(not_on=some_lists(lists)) if lists else st.just({})
    above = [
        {"name": f"tier_{number}", "title": f"Tier {number}", "from": edge, **draw(barred)}
        for number, edge in enumerate(edges, start=1)
    ]
    return [{"name": "tier_0", "title": "Tier 0"}, *above]


@st.composite
def perks(draw: st.DrawFn, name: str, lists: tuple[str, ...], given_tiers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Draw a perk with at least one condition."""
    conditions: dict[str, st.SearchStrategy[Any]] = {"score": st.sampled_from(THRESHOLDS)}
    if lists:
        conditions["not_on"] = some_lists(lists)
    if given_tiers:
        conditions["tiers"] = st.lists(st.sampled_from([one["name"] for one in given_tiers]), min_size=1, unique=True)
    return {
        "name": name,
        "title": draw(texts(f"Perk {name}")),
        "context": "finance",
        "giver": "A made-up giver",
        "when": draw(one_and_more(conditions)),
    }


@st.composite
def one_and_more(draw: st.DrawFn, conditions: dict[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    """Draw a mapping with at least one of these keys."""
    chosen = draw(st.lists(st.sampled_from(sorted(conditions)), min_size=1, unique=True))
    return {condition: draw(conditions[condition]) for condition in chosen}


@st.composite
def sanctions(
    draw: st.DrawFn, scope: Scope, name: str, lists: tuple[str, ...], *, has_calendar: bool
) -> dict[str, Any]:
    """Draw a sanction.

    In a live world it has `on` and no `below`, a notice of at least 7 days, and a remedy (section 7, clauses 4 and 5).
    """
    conditions: dict[str, st.SearchStrategy[Any]] = {} if scope.is_live else {"below": st.sampled_from(THRESHOLDS)}
    if lists:
        conditions["on"] = some_lists(lists)
    options = {"remedy": texts("Put it right."), "notice": spans(least=0)}
    sanction = {
        "name": name,
        "title": draw(texts(f"Sanction {name}")),
        "context": "rail",
        "actions": ["rail.buy_ticket"],
        "when": draw(one_and_more(conditions)),
        **draw(optional(**options)),
    }
    if has_calendar and "notice" in sanction:
        sanction |= draw(optional(notice_working_days=st.integers(1, 10)))
    if scope.is_live:
        sanction |= {"remedy": "Put it right.", "notice": draw(spans(least=7)), **sourced(scope)}
    return sanction


def related(entries: Sequence[Any]) -> list[dict[str, Any]]:
    """Join every two walks of life that the policy knows, so that clause 6 of the charter never stands in the way."""
    contexts = sorted({one["context"] for one in entries} | {"finance", "rail"})
    return [
        {"from": one, "to": other, "why": "So that one decides in the other.", "sources": [SOURCE]}
        for one, other in permutations(contexts, 2)
    ]


@st.composite
def announcements(
    draw: st.DrawFn, given: list[dict[str, Any]], lists: list[dict[str, Any]], given_sanctions: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Draw no announcement, or one that names what its text is filled from (section 6)."""
    if not draw(st.booleans()):
        return []
    words = [f"{{{one['name']}.title}} {{{one['name']}.points}}" for one in given]
    words += [f"{{{one['name']}.title}}" for one in (*lists, *given_sanctions)]
    words += [f"{{{one['name']}.{key}}}" for one in given_sanctions for key in ("remedy", "notice") if key in one]
    named = {"factors": given, "lists": lists, "sanctions": given_sanctions}
    return [
        {
            "name": "aloud",
            "place": "train",
            "text": draw(texts(" ".join(words))),
            **{kind: [one["name"] for one in ones] for kind, ones in named.items() if ones},
        }
    ]
