"""What a score does to lives: speech, welfare, effort, and points that are bought."""

from __future__ import annotations

import numpy as np

from goodstanding.lab.measures.false_friends import gained
from goodstanding.lab.measures.payments import rate
from goodstanding.lab.measures.register import Figure, Figures, measure
from goodstanding.lab.measures.scores import mean, ratio
from goodstanding.lab.measures.views import CityMonth, ScorerMonth

FEN = 100
"""Fen in a yuan."""


@measure(
    "speech.critical",
    CityMonth,
    "events",
    "neither",
    ("Critical posts and petitions", "批评言论与上访"),
    ("Critical posts and petitions made so far, a month per 1,000 residents.", "迄今批评言论与上访，每千人每月次数。"),
)
def critical(view: CityMonth) -> Figures:
    """Of everybody, of the most outspoken, of members and of all others."""
    for group, who in view.groups.by_voice.items():
        yield Figure(rate(view.snapshot.tally.spoken, who, view.months), group)


@measure(
    "speech.suppressed",
    CityMonth,
    "share",
    "lower",
    ("Speech suppressed", "被压制的言论"),
    (
        "Of the critical posts and petitions that the same dice bring where there is no score, how many were not made.",
        "在没有评分时同样的骰子会带来的批评言论与上访中，未发表的比例。",
    ),
)
def suppressed(view: CityMonth) -> Figures:
    """Of everybody, of the most outspoken, of members and of all others; so far."""
    tally = view.snapshot.tally
    for group, who in view.groups.by_voice.items():
        silenced = int(tally.silenced[who].sum())
        yield Figure(ratio(silenced, silenced + int(tally.spoken[who].sum())), group)


@measure(
    "speech.praise",
    CityMonth,
    "events",
    "neither",
    ("Posts of praise", "赞扬言论"),
    ("Posts of praise so far, a month per 1,000 residents.", "迄今赞扬言论，每千人每月次数。"),
)
def praise(view: CityMonth) -> Figures:
    """Of everybody, of the most outspoken, of members and of all others."""
    for group, who in view.groups.by_voice.items():
        yield Figure(rate(view.snapshot.tally.praised, who, view.months), group)


@measure(
    "welfare.mean",
    CityMonth,
    "yuan a month",
    "higher",
    ("Welfare", "福利"),
    (
        "Wages, perks, trips and what speech is worth, less what is paid and suffered; so far, a month and resident.",
        "工资、优待、出行与言论价值之和，减去支出与损失；迄今人均每月。",
    ),
)
def welfare(view: CityMonth) -> Figures:
    """Of everybody, and by tenths of income."""
    worth = view.snapshot.tally.welfare / (FEN * view.months)
    yield Figure(mean(worth))
    for tenth in range(10):
        yield Figure(mean(worth[view.groups.income_tenths == tenth]), f"tenth {tenth + 1}")


@measure(
    "effort.mean",
    CityMonth,
    "effort",
    "neither",
    ("Effort to pay on time", "按时付款的努力"),
    (
        "By how much the chance of paying late is below one's own, this month; less than 0 of those who gave up.",
        "本月逾期概率较自身常态降低的比例；低于 0 为放弃者。",
    ),
)
def effort(view: CityMonth) -> Figures:
    """Of everybody, and of those at both ends of honesty."""
    for group, who in view.groups.by_honesty.items():
        yield Figure(mean(view.snapshot.dispositions.care[who]), group)


@measure(
    "gaming.false_friend",
    ScorerMonth,
    "points",
    "lower",
    ("Points per false friend", "每个虚假好友带来的分数"),
    (
        "What buyers have beyond their score without false friends, over how many they hold (first 2,000 buyers).",
        "购买者分数超出无虚假好友时的部分，除以其持有的虚假好友数（前 2,000 名购买者）。",
    ),
    source="A. Cheng, E. Friedman, Sybilproof reputation mechanisms, 2005",
)
def points_per_false_friend(view: ScorerMonth) -> Figures:
    """No figure where nobody bought any."""
    yield Figure(ratio(*gained(view)))


@measure(
    "gaming.buyers",
    CityMonth,
    "share",
    "lower",
    ("Who buys points", "购买分数者"),
    (
        "Of all residents, how many have spent money on nappies, gifts or false friends for points.",
        "为得分而购买尿布、礼物或虚假好友的居民比例。",
    ),
)
def buyers(view: CityMonth) -> Figures:
    """So far."""
    yield Figure(mean(view.snapshot.tally.spent_on_score > 0))


@measure(
    "gaming.spent",
    CityMonth,
    "yuan",
    "lower",
    ("Spent on points", "购分花费"),
    (
        "Spent on nappies, gifts and false friends for points so far, a resident.",
        "迄今每位居民为得分购买尿布、礼物与虚假好友的花费。",
    ),
)
def spent(view: CityMonth) -> Figures:
    """Of everybody."""
    yield Figure(mean(view.snapshot.tally.spent_on_score.astype(np.float64)) / FEN)
