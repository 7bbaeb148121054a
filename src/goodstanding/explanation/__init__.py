"""Explanations: each line of a score with its events, what other events would change, the least changes that help."""

from goodstanding.explanation.explaining import explain
from goodstanding.explanation.least_change import Reach, reach
from goodstanding.explanation.model import Contribution, EventRef, Explanation
from goodstanding.explanation.reach_text import reach_json, reach_text
from goodstanding.explanation.situation import Situation, situation
from goodstanding.explanation.text import as_text
from goodstanding.explanation.whatif import WhatIf, what_if
from goodstanding.explanation.whatif_text import what_if_text

__all__ = [
    "Contribution",
    "EventRef",
    "Explanation",
    "Reach",
    "Situation",
    "WhatIf",
    "as_text",
    "explain",
    "reach",
    "reach_json",
    "reach_text",
    "situation",
    "what_if",
    "what_if_text",
]
