"""The compiled loops. They read the tables of `program` and the columns of `book`, and know nothing else."""

from goodstanding.kernel.scoring import add_up, run
from goodstanding.kernel.tying import add_around, points_of_ties, span_around

__all__ = ["add_around", "add_up", "points_of_ties", "run", "span_around"]
