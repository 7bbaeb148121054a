"""An explanation as text: the points stand left, so that they can be added up with a finger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from goodstanding.events import format_moment
from goodstanding.explanation.model import Contribution, Explanation, measure_json
from goodstanding.explanation.words import say
from goodstanding.measures import Measure, Ties
from goodstanding.policy import Perk, Sanction

EVENTS_SHOWN = 3
POINTS_WIDTH = 6
INDENT = " " * (POINTS_WIDTH + 2)


def as_text(explanation: Explanation, *, every_event: bool = False) -> str:
    """The whole explanation: the sum line by line, then reasons, lists, perks and sanctions."""
    blocks = [_head(explanation), *_sum(explanation, every_event=every_event), *_standing(explanation)]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def measure_text(line: Contribution) -> str:
    """A measure in short: `22/24`, `3`, `≈ 1.53`, a label, or a dash for nothing."""
    measure = measure_json(line.reading)
    if measure is None:
        return "–"
    if "label" in measure:
        return str(measure["label"])
    numerator, denominator = measure["numerator"], measure["denominator"]
    if line.factor.measure.kind == "decayed":
        return f"≈ {numerator / denominator:.2f}"
    return f"{numerator}/{denominator}" if _is_fraction(line.factor.measure) else str(numerator)


def _is_fraction(measure: Measure) -> bool:
    """Whether a measure is one number over another, which is shown even where that other is 1."""
    return measure.compiled().form == "fraction" or (isinstance(measure, Ties) and measure.take == "mean")


def points_text(points: int) -> str:
    """Points with their sign, in a column."""
    return f"{points:>+{POINTS_WIDTH}d}" if points else f"{0:>{POINTS_WIDTH}d}"


def perk_lacks(explanation: Explanation, perk: Perk) -> str:
    """Why a perk is closed: each condition that does not hold, in words."""
    lang, comma = explanation.lang, say(explanation.lang, "comma")
    tiers = {tier.name: tier.title.in_(lang) for tier in explanation.policy.tiers}
    lists = {rule.name: rule.title.in_(lang) for rule in explanation.policy.lists}
    lacks = []
    if explanation.score is None:
        lacks.append(say(lang, "needs_any_score"))
    elif perk.least is not None and explanation.score < perk.least:
        lacks.append(say(lang, "needs_score", least=perk.least))
    if perk.tiers and explanation.tier not in perk.tiers:
        lacks.append(say(lang, "needs_tier", tiers=say(lang, "or").join(tiers[name] for name in perk.tiers)))
    on = [name for name in perk.not_on if name in explanation.lists]
    if on:
        lacks.append(say(lang, "needs_off", lists=comma.join(lists[name] for name in on)))
    return comma.join(lacks)


def _head(explanation: Explanation) -> list[str]:
    policy, lang = explanation.policy, explanation.lang
    head = say(
        lang,
        "head",
        person=explanation.person,
        title=policy.title.in_(lang),
        name=policy.name,
        version=policy.version,
        as_of=format_moment(explanation.as_of),
    )
    if explanation.score is None:
        return [head, say(lang, "no_score")]
    result = [say(lang, "score", score=explanation.score)]
    result += [say(lang, "tier", tier=one.title.in_(lang)) for one in policy.tiers if one.name == explanation.tier]
    if explanation.own_score != explanation.score:
        result.append(say(lang, "own_score", own=explanation.own_score))
    return [head, " · ".join(result)]


def _sum(explanation: Explanation, *, every_event: bool) -> Iterator[list[str]]:
    policy, lang = explanation.policy, explanation.lang
    yield [f"{explanation.base:>{POINTS_WIDTH}d}  {say(lang, 'base')}"]
    for dimension in policy.dimensions:
        lines = [line for line in explanation.contributions if line.factor.dimension == dimension.name]
        block = [f"{INDENT}{dimension.title.in_(lang)}"]
        for line in lines:
            block += _line(line, lang, every_event=every_event)
        held = explanation.bounds[f"bounds.{dimension.name}"]
        if held:
            block.append(f"{points_text(held)}    {_held(lang, dimension.least, dimension.most)}")
        if lines:
            yield block
    yield [*_bounds(explanation), " " * 2 + "─" * (POINTS_WIDTH - 2), _total(explanation)]


def _bounds(explanation: Explanation) -> list[str]:
    held = explanation.bounds["bounds"]
    lang, policy = explanation.lang, explanation.policy
    whole = f"{say(lang, 'whole')}{say(lang, 'comma')}{_held(lang, policy.least, policy.most)}"
    return [f"{points_text(held)}  {whole}"] if held else []


def _total(explanation: Explanation) -> str:
    word = "sum_no_score" if explanation.score is None else "sum"
    return f"{explanation.total:>{POINTS_WIDTH}d}  {say(explanation.lang, word)}"


def _line(line: Contribution, lang: str, *, every_event: bool) -> list[str]:
    lines = [f"{points_text(line.points)}    {line.factor.title.in_(lang)}: {measure_text(line)}"]
    lines.append(f"{INDENT}    {line.sentence}")
    if line.events:
        shown = line.events if every_event else line.events[:EVENTS_SHOWN]
        more = len(line.events) - len(shown)
        names = ", ".join(str(event) for event in shown)
        lines.append(f"{INDENT}    {names}" + (f" {say(lang, 'more_events', n=more)}" if more else ""))
    return lines


def _held(lang: str, least: int | None, most: int | None) -> str:
    if least is None:
        return say(lang, "held_most", most=most)
    if most is None:
        return say(lang, "held_least", least=least)
    return say(lang, "held", least=least, most=most)


def _standing(explanation: Explanation) -> Iterator[list[str]]:
    policy, lang = explanation.policy, explanation.lang
    titles = {one.name: one.title.in_(lang) for one in policy.lists}
    yield _section(lang, "reasons", (f"{reason.code}  {reason.text.in_(lang)}" for reason in explanation.reasons))
    on = (
        say(lang, "on_list", title=titles[name], since=format_moment(since)[:10])
        for name, since in explanation.lists.items()
    )
    yield _section(lang, "lists", on)
    perks = {
        perk.name: say(lang, "perk", title=perk.title.in_(lang), giver=perk.giver.in_(lang)) for perk in policy.perks
    }
    yield _section(lang, "perks_open", (perks[name] for name in explanation.perks))
    closed = (perk for perk in policy.perks if perk.name not in explanation.perks)
    lacking = (say(lang, "lacking", perk=perks[perk.name], lacking=perk_lacks(explanation, perk)) for perk in closed)
    yield _section(lang, "perks_closed", lacking)
    due = (sanction for sanction in policy.sanctions if sanction.name in explanation.sanctions)
    yield _section(lang, "sanctions", (line for sanction in due for line in _sanction(explanation, sanction)))


def _section(lang: str, word: str, lines: Iterable[str]) -> list[str]:
    body = [f"  {line}" for line in lines]
    return [say(lang, word), *body] if body else []


def _sanction(explanation: Explanation, sanction: Sanction) -> Iterator[str]:
    lang = explanation.lang
    yield say(lang, explanation.sanctions[sanction.name], title=sanction.title.in_(lang))
    yield "  " + say(lang, "closes", actions=say(lang, "comma").join(sanction.actions))
    if sanction.remedy is not None:
        yield "  " + say(lang, "remedy", remedy=sanction.remedy.in_(lang))
