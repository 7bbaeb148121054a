"""Lists and sanctions: how many they meet, how many of them rest on a record that is wrong, and for how long."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.measures.payments import rate
from goodstanding.lab.measures.register import Figure, Figures, measure
from goodstanding.lab.measures.scores import mean, ratio, share
from goodstanding.lab.measures.views import CityMonth, ScorerMonth, ScorerRun
from goodstanding.standing import IN_FORCE


@measure(
    "lists.share",
    ScorerMonth,
    "share",
    "neither",
    ("Who is on a list", "被列入名单者"),
    ("Of those enrolled, how many are on a list, on each and on any.", "已加入者中被列入各名单及任一名单的比例。"),
)
def listed(view: ScorerMonth) -> Figures:
    """One figure a list of the policy, and one for all; none where there is no list."""
    names = [one.name for one in view.seen.policy.lists]
    yield from _shares(view, names, view.seen.standing.listed)


@measure(
    "sanctions.share",
    ScorerMonth,
    "share",
    "neither",
    ("Who is under a sanction", "受惩戒者"),
    (
        "Of those enrolled, how many are under a sanction in force, under each and under any.",
        "已加入者中受各项及任一生效惩戒的比例。",
    ),
)
def sanctioned(view: ScorerMonth) -> Figures:
    """One figure a sanction of the policy, and one for all; none where there is no sanction."""
    names = [one.name for one in view.seen.policy.sanctions]
    yield from _shares(view, names, view.seen.standing.sanctions == IN_FORCE)


def _shares(view: ScorerMonth, names: list[str], holds: NDArray[np.bool_]) -> Figures:
    if names:
        yield Figure(share(np.logical_or.reduce(holds), view.seen.enrolled))
    for name, who in zip(names, holds, strict=True):
        yield Figure(share(who, view.seen.enrolled), name)


@measure(
    "sanctions.months",
    CityMonth,
    "months",
    "lower",
    ("Months under a sanction", "受惩戒月数"),
    ("Months under a sanction in force so far, of any scorer, a resident.", "迄今每位居民受任一评分方生效惩戒的月数。"),
)
def months(view: CityMonth) -> Figures:
    """Of everybody, of the minority and of all others."""
    for group, who in view.groups.by_minority.items():
        yield Figure(mean(view.snapshot.tally.sanctioned_months[who]), group)


@measure(
    "sanctions.refused",
    CityMonth,
    "events",
    "lower",
    ("Refusals", "被拒次数"),
    (
        "Trips, loans and hires refused so far, a month per 1,000 residents.",
        "迄今被拒的出行、贷款与租用，每千人每月次数。",
    ),
)
def refused(view: CityMonth) -> Figures:
    """Of everybody."""
    yield Figure(rate(view.snapshot.tally.refused, view.groups.everybody, view.months))


@measure(
    "mistakes.share",
    ScorerMonth,
    "share",
    "lower",
    ("Punished by error", "因错误受罚者"),
    (
        "Of those enrolled, how many are on a list or under a sanction which they would not be, were the record right.",
        "已加入者中，若记录无误则不会被列入名单或受惩戒者的比例。",
    ),
)
def wrongly(view: ScorerMonth) -> Figures:
    """In this month."""
    yield Figure(share(view.seen.wrongly, view.seen.enrolled))


@measure(
    "mistakes.of_burdened",
    ScorerMonth,
    "share",
    "lower",
    ("Errors among the punished", "受罚者中的错误比例"),
    (
        "Of those on a list or under a sanction in force, how many would not be, were the record right.",
        "在名单上或受生效惩戒者中，若记录无误则不会如此者的比例。",
    ),
)
def of_burdened(view: ScorerMonth) -> Figures:
    """No figure where nobody is."""
    yield Figure(share(view.seen.wrongly, view.burdened))


@measure(
    "mistakes.ever",
    ScorerRun,
    "share",
    "lower",
    ("Ever punished by error", "曾因错误受罚者"),
    (
        "Of all residents, how many were punished by error in any month of the run.",
        "运行期内任一月因错误受罚者占居民的比例。",
    ),
)
def ever(view: ScorerRun) -> Figures:
    """Of everybody, of the minority and of all others."""
    once = np.logical_or.reduce(view.wrongly)
    for group, who in view.city.groups.by_minority.items():
        yield Figure(share(once, who), group)


@measure(
    "mistakes.months",
    ScorerRun,
    "months",
    "lower",
    ("Months punished by error", "因错误受罚月数"),
    ("Months punished by error, of those who ever were.", "曾因错误受罚者平均受罚的月数。"),
)
def how_long(view: ScorerRun) -> Figures:
    """No figure where nobody was."""
    months_of = view.wrongly.sum(axis=0)
    yield Figure(mean(months_of[months_of > 0]))


@measure(
    "mistakes.disputed",
    CityMonth,
    "share",
    "higher",
    ("Noticed errors disputed", "被发现错误的异议比例"),
    (
        "Of wrong records that their people noticed so far, those disputed.",
        "迄今被本人发现的错误记录中提出异议的比例。",
    ),
)
def disputed(view: CityMonth) -> Figures:
    """No figure where none was noticed."""
    tally = view.snapshot.tally
    yield Figure(ratio(int(tally.disputed.sum()), int(tally.noticed_wrong.sum())))


@measure(
    "mistakes.corrected",
    CityMonth,
    "share",
    "higher",
    ("Noticed errors put right", "被发现错误的更正比例"),
    ("Of wrong records that their people noticed so far, those put right.", "迄今被本人发现的错误记录中已更正的比例。"),
)
def corrected(view: CityMonth) -> Figures:
    """No figure where none was noticed."""
    tally = view.snapshot.tally
    yield Figure(ratio(int(tally.corrected.sum()), int(tally.noticed_wrong.sum())))
