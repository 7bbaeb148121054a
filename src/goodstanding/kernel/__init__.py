"""The compiled loops. They read the tables of `program` and the columns of `book`, and know nothing else."""

from goodstanding.kernel.listing import follow_lists
from goodstanding.kernel.scoring import add_up, run
from goodstanding.kernel.tying import look_around, points_of_ties

__all__ = ["add_up", "follow_lists", "look_around", "points_of_ties", "run"]
