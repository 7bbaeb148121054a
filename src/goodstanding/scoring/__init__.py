"""From a policy and a book to scores: everybody's, or one person's. Whole points only, and they add up."""

from goodstanding.scoring.asking import score, score_one
from goodstanding.scoring.scorer import Scorer, check_world
from goodstanding.scoring.scores import NOT_LISTED, Scores
from goodstanding.scoring.second_pass import look_around, with_ties

__all__ = [
    "NOT_LISTED",
    "Scorer",
    "Scores",
    "check_world",
    "look_around",
    "score",
    "score_one",
    "with_ties",
]
