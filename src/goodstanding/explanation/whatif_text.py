"""What if, in words: before and after, each line that moved with its measure, and what came and went with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from goodstanding.explanation.model import Explanation
from goodstanding.explanation.text import measure_text, points_text
from goodstanding.explanation.whatif import Moved, NotRead, WhatIf
from goodstanding.explanation.words import say


def what_if_text(found: WhatIf) -> str:
    """Before and after: the score and the tier, the lines that moved, and lists, perks and sanctions that did."""
    lang = found.before.lang
    lines = [_scores(found), *(_moved(line, lang) for line in found.moved)]
    if len(lines) == 1:
        lines.append(say(lang, "nothing_moves"))
    came_and_went = list(_came_and_went(found))
    if came_and_went:
        lines += ["", *came_and_went]
    if found.not_read:
        lines += ["", *(_not_read(one, lang) for one in found.not_read)]
    return "\n".join(lines)


def _scores(found: WhatIf) -> str:
    before, after = found.before, found.after
    lang = before.lang
    scores = [say(lang, "unscored") if one.score is None else str(one.score) for one in (before, after)]
    if before.score is not None and after.score is not None:
        scores[1] += f" ({after.score - before.score:+d})"
    said = [f"{before.person}: {' → '.join(scores)}"]
    if before.tier != after.tier:
        said.append(say(lang, "tier", tier=" → ".join(_tier(one) for one in (before, after))))
    return " · ".join(said)


def _not_read(one: NotRead, lang: str) -> str:
    said = say(lang, one.why, event=one.event, type=one.type, target=one.target)
    return said if one.near is None else said + say(lang, "did_you_mean", near=one.near)


def _tier(one: Explanation) -> str:
    titles = {tier.name: tier.title.in_(one.lang) for tier in one.policy.tiers}
    return titles.get(one.tier or "", say(one.lang, "untiered"))


def _moved(line: Moved, lang: str) -> str:
    """What changed in points, and in the measure where the line is a factor's."""
    points = f"{points_text(line.points_after - line.points_before)}    {line.title}"
    if line.was is None or line.is_ is None:
        return f"{points}: {say(lang, 'points_moved', before=line.points_before, after=line.points_after)}"
    return f"{points}: {measure_text(line.was)} → {measure_text(line.is_)}"


def _came_and_went(found: WhatIf) -> Iterator[str]:
    before, after = (_follows(one) for one in (found.before, found.after))
    yield from (f"  + {what}" for what in after if what not in before)
    yield from (f"  − {what}" for what in before if what not in after)


def _follows(one: Explanation) -> list[str]:
    """What follows from a score: lists, perks and sanctions, each with a word on what it is."""
    policy, lang = one.policy, one.lang
    lists = {rule.name: rule.title.in_(lang) for rule in policy.lists}
    perks = {perk.name: perk.title.in_(lang) for perk in policy.perks}
    sanctions = {sanction.name: sanction.title.in_(lang) for sanction in policy.sanctions}
    return [
        *_named(lang, "a_list", lists, one.lists),
        *_named(lang, "a_perk", perks, dict.fromkeys(one.perks)),
        *(say(lang, one.sanctions[name], title=sanctions[name]) for name in one.sanctions),
    ]


def _named(lang: str, word: str, titles: Mapping[str, str], names: Mapping[str, object]) -> Iterator[str]:
    return (say(lang, word, title=titles[name]) for name in names)
