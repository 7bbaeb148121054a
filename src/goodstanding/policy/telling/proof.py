"""A policy's cases, in words: so many events, this outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from goodstanding.limits import EPOCH
from goodstanding.policy.model import Case, Factor, ListRule, Perk, Policy, Sanction, Tier
from goodstanding.policy.telling.words import joined, say, signed


def cases_told(policy: Policy, lang: str) -> Iterator[str]:
    """Each case with what it must come to."""
    titles = _titles(policy, lang)
    for case in policy.cases:
        yield say(
            lang,
            "case_ties" if case.ties else "case",
            name=case.name,
            as_of=_day(case.as_of),
            events=len(case.events),
            ties=len(case.ties),
            expect=joined(lang, "semi", _expected(case, titles, lang)),
        )


def _day(time_us: int) -> str:
    return (EPOCH + timedelta(microseconds=time_us)).date().isoformat()


def _titles(policy: Policy, lang: str) -> dict[str, dict[str, str]]:
    groups: dict[str, Sequence[Factor | ListRule | Tier | Perk | Sanction]] = {
        "points": policy.factors,
        "tier": policy.tiers,
        "lists": policy.lists,
        "perks": policy.perks,
        "sanctions": policy.sanctions,
    }
    return {part: {rule.name: rule.title.in_(lang) for rule in rules} for part, rules in groups.items()}


def _expected(case: Case, titles: dict[str, dict[str, str]], lang: str) -> Iterator[str]:
    for part, value in case.expect.items():
        yield PARTS[part](value, titles.get(part, {}), lang)


def _score(value: int | None, _titles: dict[str, str], lang: str) -> str:
    return say(lang, "no_score") if value is None else say(lang, "score_is", score=value)


def _tier(value: str | None, titles: dict[str, str], lang: str) -> str:
    return say(lang, "no_tier") if value is None else say(lang, "tier_is", tier=titles[value])


def _points(value: dict[str, int], titles: dict[str, str], lang: str) -> str:
    """Points by factor; `bounds` and the like have no title."""
    return joined(
        lang,
        "and",
        (say(lang, "points_are", factor=titles.get(name, name), points=signed(n)) for name, n in value.items()),
    )


def _names(part: str) -> Callable[[Sequence[str], dict[str, str], str], str]:
    def named(value: Sequence[str], titles: dict[str, str], lang: str) -> str:
        names = joined(lang, "and", (titles.get(name, name) for name in value))
        return say(lang, f"{part}_are", names=names) if names else say(lang, f"{part}_none")

    return named


def _sanctions(value: dict[str, str], titles: dict[str, str], lang: str) -> str:
    names = joined(lang, "and", (say(lang, state, title=titles[name]) for name, state in value.items()))
    return say(lang, "sanctions_are", names=names) if names else say(lang, "sanctions_none")


PARTS: dict[str, Callable[[Any, dict[str, str], str], str]] = {
    "score": _score,
    "points": _points,
    "tier": _tier,
    "lists": _names("lists"),
    "perks": _names("perks"),
    "sanctions": _sanctions,
    "reasons": _names("reasons"),
}
