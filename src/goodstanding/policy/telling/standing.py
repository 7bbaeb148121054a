"""What follows from a score, in words: lists, tiers, perks, sanctions, each with its sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from goodstanding.policy.model import ListRule, Perk, Policy, Sanction, Source
from goodstanding.policy.telling.phrases import filter_text
from goodstanding.policy.telling.words import days_text, joined, say

INDENT = "  "


def source_text(source: Source, lang: str) -> str:
    """Where a rule comes from: a title, an address, or both."""
    title = "" if source.title is None else source.title.in_(lang)
    return " ".join(part for part in (title, f"<{source.url}>" if source.url else "") if part)


def sources_told(sources: Iterable[Source], lang: str) -> Iterator[str]:
    """The sources of one rule, one a line."""
    return (INDENT + say(lang, "source", source=source_text(source, lang)) for source in sources)


def lists_told(policy: Policy, lang: str) -> Iterator[str]:
    """What opens and closes each list."""
    for rule in policy.lists:
        yield say(lang, "listed", text=rule.title.in_(lang), name=rule.name)
        yield from (INDENT + line for line in _list(rule, policy, lang))
        yield from sources_told(rule.sources, lang)


def _list(rule: ListRule, policy: Policy, lang: str) -> Iterator[str]:
    often = (
        "" if rule.within_days is None else say(lang, "times", times=rule.times, days=days_text(lang, rule.within_days))
    )
    yield joined(lang, "semi", [say(lang, "opened", what=filter_text(rule.opened, policy, lang)), often])
    if rule.closed is None:
        yield say(lang, "unclosed")
    else:
        yield joined(
            lang, "semi", [say(lang, "closed", what=filter_text(rule.closed, policy, lang)), _later(rule, lang)]
        )
    days = rule.expires_days
    yield say(lang, "stays") if days is None else say(lang, "expires", days=days_text(lang, days))
    if rule.key is not None:
        yield say(lang, f"key_{rule.key}")


def _later(rule: ListRule, lang: str) -> str:
    days = rule.closed_after_days
    return say(lang, "closed_after", days=days_text(lang, days)) if days else ""


def tiers_told(policy: Policy, lang: str) -> Iterator[str]:
    """Where each tier begins, and for whom it is not."""
    for tier in policy.tiers:
        word = "tier_first" if tier.least is None else "tier"
        begins = say(lang, word, title=tier.title.in_(lang), name=tier.name, least=tier.least)
        off = say(lang, "not_on", lists=_lists(tier.not_on, policy, lang)) if tier.not_on else ""
        yield joined(lang, "and", [begins, off])


def perks_told(policy: Policy, lang: str) -> Iterator[str]:
    """Who gives what, and on which conditions."""
    for perk in policy.perks:
        yield say(lang, "listed", text=perk.title.in_(lang), name=perk.name)
        giver = say(lang, "giver", giver=perk.giver.in_(lang))
        yield INDENT + joined(lang, "semi", [giver, _context(perk.context, lang)])
        yield INDENT + say(lang, "when", conditions=joined(lang, "and", _perk_conditions(perk, policy, lang)))


def _perk_conditions(perk: Perk, policy: Policy, lang: str) -> Iterator[str]:
    if perk.least is not None:
        yield say(lang, "needs_score", least=perk.least)
    if perk.tiers:
        titles = {tier.name: tier.title.in_(lang) for tier in policy.tiers}
        yield say(lang, "needs_tier", tiers=joined(lang, "or", (titles[name] for name in perk.tiers)))
    if perk.not_on:
        yield say(lang, "needs_off", lists=_lists(perk.not_on, policy, lang))


def sanctions_told(policy: Policy, lang: str) -> Iterator[str]:
    """What is refused to whom, after what notice, and how it ends."""
    for sanction in policy.sanctions:
        yield say(lang, "listed", text=sanction.title.in_(lang), name=sanction.name)
        yield from (INDENT + line for line in _sanction(sanction, policy, lang))
        yield from sources_told(sanction.sources, lang)


def _sanction(sanction: Sanction, policy: Policy, lang: str) -> Iterator[str]:
    closes = say(lang, "actions", actions=joined(lang, "and", sanction.actions)) if sanction.actions else ""
    if closes or sanction.context is not None:
        yield joined(lang, "semi", [closes, _context(sanction.context, lang)])
    on = say(lang, "on", lists=_lists(sanction.on, policy, lang)) if sanction.on else ""
    under = "" if sanction.below is None else say(lang, "under", below=sanction.below)
    yield say(lang, "when", conditions=joined(lang, "or", [on, under]))
    yield joined(lang, "semi", _notice(sanction, lang))
    if sanction.remedy is None:
        yield say(lang, "remedy_none")
    else:
        yield say(lang, "remedy", text=sanction.remedy.in_(lang))


def _notice(sanction: Sanction, lang: str) -> Iterator[str]:
    days = sanction.notice_days
    yield say(lang, "notice", days=days_text(lang, days)) if days else say(lang, "notice_none")
    if sanction.notice_working_days:
        yield say(lang, "working_days", n=sanction.notice_working_days)


def _context(context: str | None, lang: str) -> str:
    """The walk of life; nothing where none is named."""
    return "" if context is None else say(lang, "context", context=context)


def _lists(names: Iterable[str], policy: Policy, lang: str) -> str:
    titles = {rule.name: rule.title.in_(lang) for rule in policy.lists}
    return joined(lang, "or", (say(lang, "quote", text=titles[name]) for name in names))
