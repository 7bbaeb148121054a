"""Kinds of measure: one class a kind, all in one register that policies, documentation and tests walk."""

from goodstanding.measures.base import MEASURES, Compiled, Measure, Operation, Reading, register
from goodstanding.measures.decay import DECAY_SCALE, decay_weight, decay_weights
from goodstanding.measures.outside import OnList, Ties
from goodstanding.measures.paired import Ratio, Share, Streak
from goodstanding.measures.reading import MEASURE, MeasureKind
from goodstanding.measures.single import (
    LATEST_FIELDS,
    Count,
    DaysSinceFirst,
    DaysSinceLast,
    Decayed,
    Distinct,
    Greatest,
    Latest,
    Least,
    Mean,
    Sum,
)

__all__ = [
    "DECAY_SCALE",
    "LATEST_FIELDS",
    "MEASURE",
    "MEASURES",
    "Compiled",
    "Count",
    "DaysSinceFirst",
    "DaysSinceLast",
    "Decayed",
    "Distinct",
    "Greatest",
    "Latest",
    "Least",
    "Mean",
    "Measure",
    "MeasureKind",
    "OnList",
    "Operation",
    "Ratio",
    "Reading",
    "Share",
    "Streak",
    "Sum",
    "Ties",
    "decay_weight",
    "decay_weights",
    "register",
]
