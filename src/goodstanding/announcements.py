"""Announcements: what is said aloud in a train or a hall, filled from the policy (specification section 6).

The text of an announcement names no number of its own. Titles, points, remedies and notices are read from the
rules it speaks of, so that what is said aloud is what the policy says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from goodstanding.policy import Announcement, Factor, Policy, Sanction

PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\.(title|points|remedy|notice)\}")
DAYS = {
    "en": ("{n} day", "{n} days", "{n} working day", "{n} working days"),
    "zh": ("{n}天", "{n}天", "{n}个工作日", "{n}个工作日"),
}
AND = {"en": " and ", "zh": "且"}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One announcement in one language, ready to be read out."""

    name: str
    place: str
    text: str


def announce(policy: Policy, *, lang: str = "en", name: str | None = None) -> list[Spoken]:
    """Fill a policy's announcements, all or the one of that name, in the policy's order."""
    return [
        Spoken(entry.name, entry.place, _fill(policy, entry, lang))
        for entry in policy.announcements
        if name is None or entry.name == name
    ]


def least_points(factor: Factor) -> int:
    """The least points that a factor can give (specification section 6)."""
    return factor.points.least(factor.measure.can_be_nothing)


def notice_text(sanction: Sanction, lang: str) -> str:
    """How long before a sanction the person is told: days, working days, or both."""
    one, many, one_working, many_working = DAYS[lang]
    parts = []
    if sanction.notice_days or not sanction.notice_working_days:
        parts.append((one if sanction.notice_days == 1 else many).format(n=sanction.notice_days))
    if sanction.notice_working_days:
        parts.append(
            (one_working if sanction.notice_working_days == 1 else many_working).format(n=sanction.notice_working_days)
        )
    return AND[lang].join(parts)


def _fill(policy: Policy, entry: Announcement, lang: str) -> str:
    values = _values(policy, entry, lang)
    return PLACEHOLDER.sub(lambda found: values[found[1], found[2]], entry.text.in_(lang))


def _values(policy: Policy, entry: Announcement, lang: str) -> dict[tuple[str, str], str]:
    """What each placeholder stands for; of one name, a factor's title goes before a list's and a sanction's."""
    values: dict[tuple[str, str], str] = {}
    for sanction in (s for s in policy.sanctions if s.name in entry.sanctions):
        values[sanction.name, "title"] = sanction.title.in_(lang)
        values[sanction.name, "notice"] = notice_text(sanction, lang)
        values[sanction.name, "remedy"] = sanction.remedy.in_(lang) if sanction.remedy else ""
    for rule in (r for r in policy.lists if r.name in entry.lists):
        values[rule.name, "title"] = rule.title.in_(lang)
    for factor in (f for f in policy.factors if f.name in entry.factors):
        values[factor.name, "title"] = factor.title.in_(lang)
        values[factor.name, "points"] = str(least_points(factor))
    return values
