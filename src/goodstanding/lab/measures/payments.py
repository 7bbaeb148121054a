"""What is paid and what is not, offences, and how well a score foretells who will give up a debt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodstanding.evaluation.counting import Counts
from goodstanding.lab.measures.register import Figure, Figures, measure
from goodstanding.lab.measures.scores import ratio
from goodstanding.lab.measures.views import CityMonth, CityRun, ScorerRun
from goodstanding.lab.society.snapshot import NO_SCORE

HORIZON_MONTHS = 12
"""How far ahead a score is held against what happens; half of a run that is shorter than two years. A tie is half."""

PER = 1_000
"""Residents to whom rates are given."""


@measure(
    "payments.late",
    CityMonth,
    "share",
    "lower",
    ("Bills paid late", "逾期账单比例"),
    (
        "Of all bills and instalments due so far, those paid late or not at all.",
        "迄今到期账单与分期中逾期或未付者的比例。",
    ),
)
def late(view: CityMonth) -> Figures:
    """Of everybody, and of those at both ends of honesty."""
    tally = view.snapshot.tally
    for group, who in view.groups.by_honesty.items():
        yield Figure(ratio(int(tally.bills_late[who].sum()), int(tally.bills[who].sum())), group)


@measure(
    "payments.settled",
    CityMonth,
    "share",
    "higher",
    ("Listed cases paid", "列入名单后履行比例"),
    ("Of all listings by a court so far, the cases paid since.", "迄今法院列入名单的案件中其后已履行的比例。"),
)
def settled(view: CityMonth) -> Figures:
    """No figure where nobody was listed."""
    tally = view.snapshot.tally
    yield Figure(ratio(int(tally.settled.sum()), int(tally.listings.sum())))


@measure(
    "payments.defaults",
    CityRun,
    "share",
    "lower",
    ("Defaults", "违约率"),
    (
        "Of all residents, those who gave up a loan or were listed by a court in the month.",
        "当月放弃偿还贷款或被法院列入名单者占居民的比例。",
    ),
)
def defaults(view: CityRun) -> Figures:
    """One figure a month."""
    for row, share in enumerate(view.history.defaulted.mean(axis=1)):
        yield Figure(share, month=view.first_month + row)


@measure(
    "payments.offences",
    CityMonth,
    "events",
    "lower",
    ("Offences", "违规行为"),
    (
        "Offences on trains, in aeroplanes and in traffic so far, a month per 1,000 residents.",
        "迄今在火车、飞机和道路上的违规，每千人每月次数。",
    ),
)
def offences(view: CityMonth) -> Figures:
    """Of everybody, and of those at both ends of honesty."""
    for group, who in view.groups.by_honesty.items():
        yield Figure(rate(view.snapshot.tally.offences, who, view.months), group)


@measure(
    "accuracy.auc",
    ScorerRun,
    "share",
    "higher",
    ("Accuracy (AUC)", "准确度（AUC）"),
    (
        "Of pairs of one who defaults in the next 12 months and one who does not, how often the latter scores higher.",
        "其后 12 个月内违约者与未违约者的所有配对中，后者分数较高的比例。",
    ),
    source="J. A. Hanley, B. J. McNeil, Radiology 143, 1982",
)
def accuracy(view: ScorerRun) -> Figures:
    """One figure a month in which there are both, as long as enough months follow."""
    ahead = min(HORIZON_MONTHS, view.city.months // 2)
    for row in range(view.city.months - ahead if ahead else 0):
        given = view.scores[row] != NO_SCORE
        outcome = np.logical_or.reduce(view.city.history.defaulted[row + 1 : row + 1 + ahead, given])
        if outcome.any() and not outcome.all():
            counts = Counts.of(view.scores[row, given].astype(np.int64), outcome.astype(np.int64))
            yield Figure(float(counts.auc()), month=view.city.first_month + row)


def rate(counts: NDArray[np.integer], who: NDArray[np.bool_], months: int) -> float:
    """How many a month per 1,000 residents."""
    return ratio(int(counts[who].sum()) * PER, months * int(np.count_nonzero(who)))
