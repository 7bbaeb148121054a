"""The shape of friendships: how many, among whom, in how many pieces."""

from __future__ import annotations

from math import nan

import numpy as np

from goodstanding.lab.measures.payments import PER
from goodstanding.lab.measures.register import Figure, Figures, measure
from goodstanding.lab.measures.scores import mean
from goodstanding.lab.measures.views import CityMonth, ScorerMonth

NEWMAN = "M. E. J. Newman, Mixing patterns in networks, Physical Review E 67, 026126, 2003"


@measure(
    "friends.degree",
    CityMonth,
    "ties",
    "neither",
    ("Friends", "好友数"),
    ("Friendships of a resident; neither kin nor made-up accounts.", "每位居民的好友数，不含亲属与虚假账号。"),
)
def degree(view: CityMonth) -> Figures:
    """Of everybody, and of those at both ends of honesty."""
    for group, who in view.groups.by_honesty.items():
        yield Figure(mean(view.friends.degrees[who]), group)


@measure(
    "friends.alone",
    CityMonth,
    "share",
    "lower",
    ("Without a friend", "没有好友者"),
    ("Of all residents, how many have no friend.", "没有好友的居民比例。"),
)
def alone(view: CityMonth) -> Figures:
    """Of everybody, and of those at both ends of honesty."""
    for group, who in view.groups.by_honesty.items():
        yield Figure(mean(view.friends.degrees[who] == 0), group)


@measure(
    "friends.components",
    CityMonth,
    "groups",
    "neither",
    ("Pieces", "连通块数"),
    (
        "Groups of residents that hang together by friendships and with nobody else; whoever is alone is one.",
        "仅凭好友关系彼此相连、与他人不相连的群体；没有好友者自成一块。",
    ),
)
def components(view: CityMonth) -> Figures:
    """How many, per 1,000 residents."""
    yield Figure(PER * view.friends.pieces.size / view.residents)


@measure(
    "friends.largest",
    CityMonth,
    "share",
    "neither",
    ("The greatest piece", "最大连通块"),
    ("Of all residents, how many are in the greatest group that hangs together.", "处于最大连通块中的居民比例。"),
)
def largest(view: CityMonth) -> Figures:
    """1: everybody can reach everybody."""
    yield Figure(view.friends.pieces[0] / view.residents)


@measure(
    "friends.clustering",
    CityMonth,
    "share",
    "neither",
    ("Friends of friends", "聚类系数"),
    (
        "Of all pairs of friends of one resident, how many are friends themselves (transitivity).",
        "同一居民的任意两位好友之间也互为好友的比例（传递性）。",
    ),
    source="M. E. J. Newman, D. J. Watts, S. H. Strogatz, PNAS 99, 2002",
)
def clustering(view: CityMonth) -> Figures:
    """Of the whole graph."""
    yield Figure(view.friends.clustering)


@measure(
    "friends.assortativity",
    CityMonth,
    "correlation",
    "neither",
    ("The popular among themselves", "度同配性"),
    ("How alike friends are in how many friends they have.", "好友双方好友数的相关程度。"),
    source=NEWMAN,
)
def by_degree(view: CityMonth) -> Figures:
    """Of the whole graph."""
    yield Figure(view.friends.likeness(view.friends.degrees))


@measure(
    "friends.honesty",
    CityMonth,
    "correlation",
    "neither",
    ("Friends alike in honesty", "好友诚信相似度"),
    ("How alike friends are in latent honesty, which no score can move.", "好友双方潜在诚信的相关程度，不受评分左右。"),
    source=NEWMAN,
)
def by_honesty(view: CityMonth) -> Figures:
    """Of the whole graph."""
    yield Figure(view.friends.likeness(view.snapshot.traits.honesty))


@measure(
    "friends.sorting",
    CityMonth,
    "correlation",
    "neither",
    ("Friends within one's group", "群体内交友程度"),
    (
        "How much more often than by chance friends are both of the minority or both not, or of the same schooling.",
        "好友双方同属（或同不属）少数群体、或学历相同的程度，以随机为零点。",
    ),
    source=NEWMAN,
)
def by_group(view: CityMonth) -> Figures:
    """By minority, and by schooling."""
    traits = view.snapshot.traits
    yield Figure(view.friends.sorting(traits.minority.astype(np.uint8)), "minority")
    yield Figure(view.friends.sorting(traits.education), "schooling")


@measure(
    "friends.modularity",
    CityMonth,
    "share",
    "neither",
    ("Communities", "模块度"),
    (
        "How much more often than by chance friends are of one community, of those that the Louvain method finds.",
        "按鲁汶方法划分的社群中，好友同属一社群的比例超出随机的程度。",
    ),
    source="M. E. J. Newman, M. Girvan, Physical Review E 69, 026113, 2004; V. D. Blondel and others, P10008, 2008",
    is_slow=True,
)
def communities(view: CityMonth) -> Figures:
    """Of the whole graph."""
    yield Figure(view.friends.modularity(view.friends.communities))


@measure(
    "friends.scores",
    ScorerMonth,
    "correlation",
    "neither",
    ("Friends alike in score", "好友分数相似度"),
    (
        "How alike friends are in their own scores (without what friends give), of those who have one.",
        "好友双方自身分数（不含好友因素）的相关程度，仅计有分数者。",
    ),
    source=NEWMAN,
)
def by_score(view: ScorerMonth) -> Figures:
    """Of friendships with both ends scored."""
    yield Figure(view.city.friends.likeness(view.seen.scores.own_score, view.counted))


@measure(
    "friends.distance",
    ScorerMonth,
    "points",
    "neither",
    ("Distance between friends", "好友分数差"),
    (
        "How far apart friends' own scores are, on average, of those who have one.",
        "好友双方自身分数之差的平均，仅计有分数者。",
    ),
)
def apart(view: ScorerMonth) -> Figures:
    """Of friendships with both ends scored."""
    yield Figure(view.city.friends.distance(view.seen.scores.own_score, view.counted))


@measure(
    "friends.tiers",
    ScorerMonth,
    "share",
    "neither",
    ("Friends within one's tier", "同级交友程度"),
    (
        "How much more often than by chance friends are of the same tier (modularity; having none is one, too).",
        "好友同属一个等级的比例超出随机的程度（以等级为社群的模块度，无等级者为一类）。",
    ),
    source="M. E. J. Newman, M. Girvan, Physical Review E 69, 026113, 2004",
)
def by_tier(view: ScorerMonth) -> Figures:
    """No figure where the policy has no tiers."""
    tier = np.where(view.seen.enrolled, view.seen.standing.tier, -1)
    yield Figure(view.city.friends.modularity(tier + 1) if view.seen.policy.tiers else nan)
