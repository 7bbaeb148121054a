"""Scores against what became of people: outcomes are read, figures are counted, intervals are drawn."""

from goodstanding.evaluation.chart import chart, describe, save_chart
from goodstanding.evaluation.evaluate import CurvePoint, Evaluation, Figure, HistogramBin, TierRate, evaluate
from goodstanding.evaluation.outcomes import Outcomes, read_outcomes

__all__ = [
    "CurvePoint",
    "Evaluation",
    "Figure",
    "HistogramBin",
    "Outcomes",
    "TierRate",
    "chart",
    "describe",
    "evaluate",
    "read_outcomes",
    "save_chart",
]
