"""A month of everybody: what happens to them, what of it reaches the record, and the record of all months."""

from goodstanding.lab.month.beginning import begin
from goodstanding.lab.month.chronicle import Chronicle, Wrongs
from goodstanding.lab.month.living import live
from goodstanding.lab.month.records import DOUBLED, LATE, MISPLACED, MISSED, RIGHT, Recorded, Recorder
from goodstanding.lab.month.speaking import loyal

__all__ = [
    "DOUBLED",
    "LATE",
    "MISPLACED",
    "MISSED",
    "RIGHT",
    "Chronicle",
    "Recorded",
    "Recorder",
    "Wrongs",
    "begin",
    "live",
    "loyal",
]
