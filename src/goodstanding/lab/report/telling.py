"""The answer in two sentences, and the table of differences, made from nothing but the comparisons of a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from goodstanding.lab.measures import MEASURES, group_title
from goodstanding.lab.report.numbers import axis_title, bare, change, percent, quantity, reach
from goodstanding.lab.report.run import Difference, Run
from goodstanding.lab.report.words import Lang, say

RISING, FALLING = "share_rising", "share_falling"
"""Measures of comparisons alone, which are in no register."""

MATTER_MOST: Final = (
    "speech.suppressed", "mistakes.share", "welfare.mean", "friends.degree", "payments.defaults", "sanctions.refused",
    "effort.mean", "scores.gini",
)  # fmt: skip
"""What the answer is about where a document does not say."""

MOST_TOLD: Final = 12
"""So many differences stand in the table of a comparison; the others are in the tables of the run."""


@dataclass(frozen=True, slots=True)
class Told:
    """One difference in words.

    Attributes:
        from_bare, to_bare: both levels without their unit, which is `behind`.
        low, high: the ends of its interval, the unit behind the second; empty where there is none.
        verdict: a key of `words`: clearly_up, clearly_down, unclear or no_change.
        better: a key of `words`, or empty where neither way is better.
    """

    found: Difference
    measure: str
    unit: str
    baseline: str
    other: str
    from_: str
    to: str
    from_bare: str
    to_bare: str
    behind: str
    difference: str
    low: str
    high: str
    verdict: str
    better: str


def title_of(measure: str, lang: Lang, group: str = "") -> str:
    """What a measure is called, and of whom it is."""
    known = MEASURES.get(measure)
    title = measure if known is None else known.title.in_(lang)
    if measure in {RISING, FALLING}:
        title = say(lang, "rising" if measure == RISING else "falling")
    return say(lang, "of_group", measure=title, group=group) if group else title


def _group(run: Run, found: Difference, lang: Lang) -> str:
    """What a group is called: residents by what they are, else a tier, a list or a sanction of the policy."""
    side = run.sides[found.other]
    named = run.tier_titles(side, lang) | run.standing_titles(side, lang)
    return named.get(found.group, group_title(found.group).in_(lang)) if found.group else ""


def unit_of(measure: str) -> str:
    """In which unit a measure counts; one that this version does not know is a bare number."""
    return MEASURES[measure].unit if measure in MEASURES else "ratio"


def told(run: Run, found: Difference, lang: Lang) -> Told:
    """A difference in words."""
    unit = unit_of(found.measure)
    better = MEASURES[found.measure].better if found.measure in MEASURES else "neither"
    low, high = reach(found.low, found.high, unit, lang) if found.is_known else ("", "")
    return Told(
        found=found,
        measure=title_of(found.measure, lang, _group(run, found, lang)),
        unit=unit,
        baseline=run.sides[found.baseline].title.in_(lang),
        other=run.sides[found.other].title.in_(lang),
        from_=quantity(found.baseline_mean, unit, lang),
        to=quantity(found.other_mean, unit, lang),
        from_bare=bare(found.baseline_mean, unit),
        to_bare=bare(found.other_mean, unit),
        behind=axis_title(unit, lang).strip("%"),
        difference=change(found.difference, unit, lang),
        low=low,
        high=high,
        verdict=_verdict(found),
        better="" if better == "neither" else f"better_{better}",
    )


def _verdict(found: Difference) -> str:
    if found.is_nothing:
        return "no_change"
    return {1: "clearly_up", -1: "clearly_down", 0: "unclear"}[found.sign]


def headline(run: Run) -> Difference | None:
    """The one difference that the answer is about.

    It is of the measure that the document names first, of everybody, in the last month; of several comparisons the
    greatest. Where the document takes all measures, it is the first clear one of what matters most to people, else the
    surest.
    """
    last = at_the_end(run)
    for name in run.asked:
        named = [one for one in last if one.measure == name and not one.group]
        if named:
            return max(named, key=lambda one: abs(one.difference))
    everybody = [one for one in last if not one.group]
    for name in MATTER_MOST:
        clear = [one for one in everybody if one.measure == name and one.sign]
        if clear:
            return max(clear, key=lambda one: abs(one.difference))
    return max(everybody or last, key=lambda one: one.strength, default=None)


def at_the_end(run: Run) -> tuple[Difference, ...]:
    """The last figure of each comparison, measure, scorer and group."""
    latest: dict[tuple[str, ...], Difference] = {}
    for one in run.differences:
        key = (one.baseline, one.other, one.scorer, one.measure, one.group)
        if one.measure not in {RISING, FALLING} and (key not in latest or one.month >= latest[key].month):
            latest[key] = one
    return tuple(latest.values())


def moved(run: Run, baseline: str, other: str, lang: Lang) -> str:
    """How many residents stand higher and lower on the other side, person by person; empty where nobody counted."""
    shares = {
        one.measure: one.other_mean
        for one in run.differences
        if (one.baseline, one.other) == (baseline, other) and one.measure in {RISING, FALLING}
    }
    if len(shares) < 2:  # noqa: PLR2004 both or nothing
        return ""
    return say(lang, "person_by_person", rise=percent(shares[RISING]), fall=percent(shares[FALLING]))


def answer(run: Run, lang: Lang) -> tuple[str, str]:
    """Two sentences: what differs and by how much, and how sure that is."""
    found = headline(run)
    if found is None:
        return say(lang, "no_answer"), say(lang, "no_answer_2")
    said = told(run, found, lang)
    key = {"clearly_up": "up", "clearly_down": "down", "no_change": "same", "unclear": "level"}[said.verdict]
    if not found.is_known and found.difference:
        key = "up" if found.difference > 0 else "down"
    first = say(
        lang,
        key,
        months=run.shown(found.month),
        measure=said.measure,
        baseline=said.baseline,
        other=said.other,
        from_=said.from_,
        to=said.to,
        difference=change(abs(found.difference), said.unit, lang, signed=False),
    )
    return first, _how_sure(said, lang)


def _how_sure(said: Told, lang: Lang) -> str:
    found = said.found
    if not found.is_known:
        return say(lang, "once")
    if found.is_nothing:
        return say(lang, "sure_same", seeds=found.seeds)
    return say(lang, "sure" if found.sign else "unsure", seeds=found.seeds, low=said.low, high=said.high)


def to_tell(run: Run) -> tuple[Difference, ...]:
    """The differences worth a place in the first table: the asked ones in their order, else the surest, one a measure.

    Each measure is told of everybody; where it has only groups, of the group that differs most surely.
    """
    chosen: list[Difference] = []
    for found in _by_comparison(at_the_end(run)):
        chosen += _one_each(run, found)
    return tuple(chosen)


def _by_comparison(found: Iterable[Difference]) -> Iterable[list[Difference]]:
    sorted_out: dict[tuple[str, str], list[Difference]] = {}
    for one in found:
        sorted_out.setdefault((one.baseline, one.other), []).append(one)
    return sorted_out.values()


def _one_each(run: Run, found: Sequence[Difference]) -> list[Difference]:
    best: dict[str, Difference] = {}
    for one in found:
        before = best.get(one.measure)
        if before is None or (bool(before.group), -before.strength) > (bool(one.group), -one.strength):
            best[one.measure] = one
    if run.asked:
        return [best[name] for name in run.asked if name in best][:MOST_TOLD]
    return sorted(best.values(), key=lambda one: -one.strength)[:MOST_TOLD]
