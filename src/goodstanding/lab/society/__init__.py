"""A society: a city under scorers, month by month, and how it answers them."""

from goodstanding.lab.society.mechanisms import MECHANISMS, Mechanism
from goodstanding.lab.society.rules import ENROLMENTS, Rule, Variant
from goodstanding.lab.society.snapshot import NO_SCORE, History, Seen, Snapshot
from goodstanding.lab.society.society import Society

__all__ = [
    "ENROLMENTS",
    "MECHANISMS",
    "NO_SCORE",
    "History",
    "Mechanism",
    "Rule",
    "Seen",
    "Snapshot",
    "Society",
    "Variant",
]
