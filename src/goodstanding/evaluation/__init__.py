"""Scores against what became of people: outcomes are read, figures are counted, intervals are drawn."""

from goodstanding.evaluation.evaluate import CurvePoint, Evaluation, Figure, HistogramBin, TierRate, evaluate
from goodstanding.evaluation.outcomes import Outcomes, read_outcomes

__all__ = [
    "CurvePoint",
    "Evaluation",
    "Figure",
    "HistogramBin",
    "Outcomes",
    "TierRate",
    "evaluate",
    "read_outcomes",
]
