"""The least changes in words, and as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from goodstanding.events import format_moment
from goodstanding.explanation.deeds import NUMBERS, TEXTS, Deed
from goodstanding.explanation.futures import Prospect
from goodstanding.explanation.least_change import HORIZON_DAYS, Reach, Way
from goodstanding.explanation.words import counted, say
from goodstanding.limits import DAY_US
from goodstanding.policy import Policy


def reach_text(reach: Reach, lang: str) -> str:
    """How the next tier might be reached: the goal, the ways, what was assumed; or that nothing tried reaches it."""
    return "\n".join(_lines(reach, lang))


def reach_json(reach: Reach, lang: str) -> dict[str, Any]:
    """The same as plain values, each step with its sentence."""
    return {
        "person": reach.person,
        "as_of": format_moment(reach.as_of),
        "score": reach.now.score,
        "tier": tier_name(reach.policy, reach.now),
        "state": reach.state,
        "next": None
        if reach.next is None
        else {"name": reach.next.name, "from": reach.next.least, "on_lists": list(reach.on_lists)},
        "ways": [_way_json(reach, way, lang) for way in reach.ways],
        "best": reach.best,
        "tried": reach.tried,
        "horizon_days": HORIZON_DAYS,
        "assumed": say(lang, "assumed"),
    }


def deed_text(policy: Policy, deed: Deed, times: int, lang: str) -> str:
    """One step of a way: how often, what, and whether the person has done the like before."""
    kind = policy.catalogue[deed.event["type"]]
    details = [f"{deed.event['type']}", *_details(policy, deed, lang)]
    what = f"{kind.title.in_(lang)} ({say(lang, 'comma').join(details)})"
    if deed.closes:
        title = next(rule.title.in_(lang) for rule in policy.lists if rule.name == deed.rule)
        return say(lang, "deed_closes", list=title, what=what)
    known = say(lang, "precedent", n=deed.on_record) if deed.on_record else say(lang, "no_precedent")
    if times == 1:
        said = say(lang, "deed_once", what=what)
    else:
        said = say(lang, "deed_often", times=times, pace=counted(lang, "day", deed.every_days), what=what)
    return f"{said}; {known}" if lang == "en" else f"{said}；{known}"


def tier_name(policy: Policy, prospect: Prospect) -> str | None:
    """The name of the tier of a prospect."""
    return policy.tiers[prospect.tier].name if prospect.tier >= 0 else None


def _lines(reach: Reach, lang: str) -> Iterator[str]:
    policy = reach.policy
    yield _stands(reach, lang)
    if reach.state == "top":
        yield say(lang, "top", title=policy.tiers[-1].title.in_(lang))
    elif reach.state == "no_tiers":
        yield say(lang, "no_tiers", title=policy.title.in_(lang))
    if reach.next is None:
        return
    yield from _goal(reach, lang)
    for nth, way in enumerate(reach.ways, 1):
        yield ""
        yield from _way(reach, nth, way, lang)
    yield ""
    if not reach.ways and reach.best is None:
        yield say(lang, "none_no_score", tried=reach.tried, days=HORIZON_DAYS)
    elif not reach.ways:
        yield say(lang, "none", tried=reach.tried, days=HORIZON_DAYS, best=reach.best)
    yield say(lang, "assumed")


def _stands(reach: Reach, lang: str) -> str:
    if reach.now.score is None:
        return say(lang, "stands_unscored", person=reach.person)
    if reach.now.tier < 0:
        return say(lang, "stands_untiered", person=reach.person, score=reach.now.score)
    tier = reach.policy.tiers[reach.now.tier].title.in_(lang)
    return say(lang, "stands", person=reach.person, score=reach.now.score, tier=tier)


def _goal(reach: Reach, lang: str) -> Iterator[str]:
    assert reach.next is not None
    title, least = reach.next.title.in_(lang), reach.next.least
    if reach.now.score is None:
        yield say(lang, "next_no_score")
        return
    floor = reach.policy.least if least is None else least
    missing = floor - reach.now.score
    word = "next" if missing > 0 else "next_enough"
    yield say(lang, word, title=title, least=floor, missing=missing)
    if reach.on_lists:
        titles = (rule.title.in_(lang) for rule in reach.policy.lists if rule.name in reach.on_lists)
        yield say(lang, "in_the_way", lists=say(lang, "comma").join(titles))


def _way(reach: Reach, nth: int, way: Way, lang: str) -> Iterator[str]:
    word = "way_new" if way.is_new else "way" if way.deeds else "way_wait"
    changes, days = counted(lang, "change", way.changes), counted(lang, "day", way.days)
    yield say(lang, word, n=nth, changes=changes, day=_day(reach, way), days=days)
    for deed, times in way.deeds:
        yield f"  · {deed_text(reach.policy, deed, times, lang)}"
    tier = reach.policy.tiers[way.prospect.tier].title.in_(lang)
    yield f"  → {say(lang, 'then', score=way.prospect.score, tier=tier)}"


def _details(policy: Policy, deed: Deed, lang: str) -> Iterator[str]:
    """What a deed must look like: the fields that the rule reads, numbers with the unit of the catalogue."""
    kind = policy.catalogue[deed.event["type"]]
    for name in (name for name in deed.tells if deed.event.get(name) is not None and name != deed.varies):
        unit = getattr(kind, name) if name in NUMBERS else None
        if unit is None:
            yield say(lang, "field", name=say(lang, name), value=deed.event[name])
        else:
            yield say(lang, "field_unit", unit=unit.in_(lang), value=deed.event[name])
    if deed.varies in TEXTS:
        yield say(lang, "new_each_time", name=say(lang, deed.varies))


def _day(reach: Reach, way: Way) -> str:
    return format_moment(reach.as_of + way.days * DAY_US)[:10]


def _way_json(reach: Reach, way: Way, lang: str) -> dict[str, Any]:
    return {
        "changes": way.changes,
        "new_to_the_record": way.is_new,
        "days": way.days,
        "by": format_moment(reach.as_of + way.days * DAY_US),
        "score": way.prospect.score,
        "tier": tier_name(reach.policy, way.prospect),
        "steps": [
            {
                "rule": deed.rule,
                "times": times,
                "every_days": deed.every_days,
                "on_record": deed.on_record,
                "closes_list": deed.closes,
                "event": {name: value for name, value in deed.event.items() if name in ("type", *deed.tells)},
                "text": deed_text(reach.policy, deed, times, lang),
            }
            for deed, times in way.deeds
        ],
    }
