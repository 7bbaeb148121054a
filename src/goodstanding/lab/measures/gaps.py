"""Gaps between groups: in scores, in how people are treated, and in how those are treated who always paid."""

from __future__ import annotations

from goodstanding.lab.measures.groups import Flags
from goodstanding.lab.measures.register import Figure, Figures, measure
from goodstanding.lab.measures.scores import mean, ratio, share
from goodstanding.lab.measures.views import ScorerMonth

WELL = (
    "treated well (with a perk, if the policy has any, and no sanction)",
    "受善待（如政策设优待则有优待，且无惩戒）",
)


@measure(
    "gaps.mean",
    ScorerMonth,
    "points",
    "neither",
    ("Gap in scores", "分数差距"),
    ("The mean score of the first group less that of the second.", "前一群体的平均分减去后一群体的平均分。"),
)
def in_scores(view: ScorerMonth) -> Figures:
    """One figure a pair of groups; 0 is no gap."""
    scores = view.seen.scores.score
    for name, (first, second) in view.city.groups.pairs.items():
        yield Figure(mean(scores[view.counted & first]) - mean(scores[view.counted & second]), name)


@measure(
    "gaps.impact",
    ScorerMonth,
    "ratio",
    "neither",
    ("Disparate impact", "差别影响比"),
    (
        f"How many of the first group are {WELL[0]}, over how many of the second; below 0.8 is an alarm.",
        f"前一群体与后一群体中{WELL[1]}者比例之比；低于 0.8 视为警示。",
    ),
    source="Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4 D (four fifths)",
)
def in_treatment(view: ScorerMonth) -> Figures:
    """One figure a pair of groups; 1 is no gap."""
    for name, (first, second) in view.city.groups.pairs.items():
        yield Figure(_ratio_of_shares(view, first, second), name)


def _ratio_of_shares(view: ScorerMonth, first: Flags, second: Flags) -> float:
    enrolled = view.seen.enrolled
    return ratio(share(view.favoured, enrolled & first), share(view.favoured, enrolled & second))


@measure(
    "gaps.chance",
    ScorerMonth,
    "share",
    "neither",
    ("Equal opportunity", "机会均等差距"),
    (
        f"Of those who never gave up a debt: how many of the first group are {WELL[0]}, less how many of the second.",
        f"从未违约者中，前一群体与后一群体{WELL[1]}者比例之差。",
    ),
    source="M. Hardt, E. Price, N. Srebro, Equality of opportunity in supervised learning, 2016",
)
def in_chances(view: ScorerMonth) -> Figures:
    """One figure a pair of groups; 0 is no gap."""
    tally = view.city.snapshot.tally
    deserving = view.seen.enrolled & (tally.defaults == 0) & (tally.listings == 0)
    for name, (first, second) in view.city.groups.pairs.items():
        yield Figure(share(view.favoured, deserving & first) - share(view.favoured, deserving & second), name)


@measure(
    "gaps.sanctions",
    ScorerMonth,
    "share",
    "neither",
    ("Gap in sanctions", "惩戒差距"),
    (
        "The share of the first group, less that of the second, who are under a sanction in force.",
        "前一群体与后一群体中受生效惩戒者比例之差。",
    ),
)
def in_sanctions(view: ScorerMonth) -> Figures:
    """One figure a pair of groups; 0 is no gap."""
    enrolled = view.seen.enrolled
    for name, (first, second) in view.city.groups.pairs.items():
        yield Figure(share(view.sanctioned, enrolled & first) - share(view.sanctioned, enrolled & second), name)
