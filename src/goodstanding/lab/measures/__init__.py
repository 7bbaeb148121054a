"""What is measured of a run: one function a measure, with unit, direction and source, and how sure a figure is."""

from goodstanding.lab.measures.groups import group_title
from goodstanding.lab.measures.intervals import Interval, Paired, interval, paired
from goodstanding.lab.measures.register import UNITS, Measure, Row
from goodstanding.lab.measures.taking import MEASURES, of_month, of_run

__all__ = [
    "MEASURES",
    "UNITS",
    "Interval",
    "Measure",
    "Paired",
    "Row",
    "group_title",
    "interval",
    "of_month",
    "of_run",
    "paired",
]
