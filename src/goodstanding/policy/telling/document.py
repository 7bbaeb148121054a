"""The whole of a policy as text, part by part in the order of the document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from goodstanding.policy.model import Factor, Policy
from goodstanding.policy.telling.phrases import measure_text, number_text, points_text
from goodstanding.policy.telling.proof import cases_told
from goodstanding.policy.telling.standing import (
    INDENT,
    lists_told,
    perks_told,
    sanctions_told,
    source_text,
    sources_told,
    tiers_told,
)
from goodstanding.policy.telling.words import days_text, joined, say, signed


def told(policy: Policy, lang: str, spoken: Mapping[str, str]) -> str:
    """The whole policy in words; titles and texts that have no such language stand as they were given.

    Args:
        spoken: what its announcements say, by their names: their blanks are filled elsewhere.
    """
    sections = [
        ("", _head(policy, lang)),
        ("score", _score(policy, lang)),
        ("catalogue", _catalogue(policy, lang)),
        ("rules", _rules(policy, lang)),
        ("lists", lists_told(policy, lang)),
        ("tiers", tiers_told(policy, lang)),
        ("perks", perks_told(policy, lang)),
        ("sanctions", sanctions_told(policy, lang)),
        ("related", _related(policy, lang)),
        ("times_of_year", _times(policy, lang)),
        ("announcements", (f"[{entry.place}] {spoken[entry.name]} ({entry.name})" for entry in policy.announcements)),
        ("cases", cases_told(policy, lang)),
        ("sources", (source_text(source, lang) for source in policy.sources)),
        ("", [say(lang, "digest", digest=policy.digest)]),
    ]
    return "\n\n".join(text for head, lines in sections if (text := _section(lang, head, lines)))


def _section(lang: str, head: str, lines: Iterable[str]) -> str:
    """A heading with its lines below; nothing where there are none."""
    given = [line for block in lines for line in block.splitlines()]
    if not given:
        return ""
    return "\n".join(given if not head else [say(lang, head), *(f"{INDENT}{line}".rstrip() for line in given)])


def _head(policy: Policy, lang: str) -> Iterator[str]:
    yield say(
        lang,
        "head",
        title=policy.title.in_(lang),
        name=policy.name,
        version=policy.version,
        whom=say(lang, policy.world),
    )
    if policy.about is not None:
        yield policy.about.in_(lang).strip()


def _score(policy: Policy, lang: str) -> Iterator[str]:
    yield say(lang, "range", base=policy.base, least=policy.least, most=policy.most)
    for required in policy.requires:
        measure = measure_text(required.measure, policy, lang, required.window)
        yield say(lang, "requires", least=number_text(required.least), measure=measure)


def _catalogue(policy: Policy, lang: str) -> Iterator[str]:
    for entry in policy.catalogue.values():
        columns = [
            say(lang, "unit", field=say(lang, f"{field}_field"), unit=unit.in_(lang))
            for field, unit in (("amount", entry.amount), ("value", entry.value))
            if unit is not None
        ]
        context = [] if entry.context is None else [say(lang, "context", context=entry.context)]
        sensitivity = say(lang, "sensitivity", what=say(lang, entry.sensitivity))
        yield say(lang, "listed", text=entry.title.in_(lang), name=entry.type)
        yield INDENT + joined(lang, "semi", [*context, *columns, sensitivity])


def _rules(policy: Policy, lang: str) -> Iterator[str]:
    for dimension in policy.dimensions:
        held = _held(lang, dimension.least, dimension.most)
        named = say(lang, "listed", text=dimension.title.in_(lang), name=dimension.name)
        yield joined(lang, "and", [named, held])
        for factor in policy.factors:
            if factor.dimension == dimension.name:
                yield from (f"{INDENT}{line}" for line in _factor(factor, policy, lang))


def _held(lang: str, least: int | None, most: int | None) -> str:
    if least is None:
        return "" if most is None else say(lang, "held_most", most=signed(most))
    if most is None:
        return say(lang, "held_least", least=signed(least))
    return say(lang, "held", least=signed(least), most=signed(most))


def _factor(factor: Factor, policy: Policy, lang: str) -> Iterator[str]:
    can_be_nothing = factor.measure.can_be_nothing
    least, most = factor.points.least(can_be_nothing), factor.points.most(can_be_nothing)
    gives = say(lang, "gives" if least != most else "gives_one", least=signed(least), most=signed(most))
    yield joined(lang, "and", [say(lang, "listed", text=factor.title.in_(lang), name=factor.name), gives])
    measure = measure_text(factor.measure, policy, lang, factor.window)
    yield INDENT + say(lang, "reads", measure=measure)
    yield INDENT + say(lang, "points", points=points_text(factor.points, lang, can_be_nothing=can_be_nothing))
    if factor.reason is not None:
        yield INDENT + say(lang, "reason", code=factor.reason.code, text=factor.reason.text.in_(lang))
    if factor.sentence is not None:
        yield INDENT + say(lang, "sentence", text=factor.sentence.in_(lang))
    yield from sources_told(factor.sources, lang)


def _related(policy: Policy, lang: str) -> Iterator[str]:
    for relation in policy.related:
        yield say(lang, "joined", earned=relation.earned_in, decides=relation.decides_in)
        if relation.why is not None:
            yield INDENT + say(lang, "why", text=relation.why.in_(lang))
        yield from sources_told(relation.sources, lang)


def _times(policy: Policy, lang: str) -> Iterator[str]:
    if policy.refresh is not None:
        yield say(lang, "refresh", day=policy.refresh.day_of_month)
    if policy.dispute_days is not None:
        yield say(lang, "dispute", days=days_text(lang, policy.dispute_days))
    if policy.calendar is not None:
        yield say(lang, "calendar", name=policy.calendar)
