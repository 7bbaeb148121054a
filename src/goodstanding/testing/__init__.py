"""What Goodstanding is tested with, for everyone who tests against it: drawn policies, events, people and ties.

`scorings()` is a hypothesis strategy that draws a policy document and all that it is applied to; `Scoring.results()`
says by the plain reading of the specification (`goodstanding.reference`) what must come out. The parts are strategies
of their own: `policies`, `events`, `ties`, `people_tables`, `with_cases`, and `shuffled` and `splits` for the same
question asked otherwise. `exercised` tells what a drawn scoring tried, so that a test can fail where a part of the
specification was never tried. `seeded_world` and `wide_policy` make larger data from a seed; `table` and `small_policy`
write a claim down by hand.

It needs hypothesis, which the product itself does not.
"""

from goodstanding.testing.events import (
    Scoring,
    events,
    people_tables,
    scorings,
    shuffled,
    splits,
    ties,
    with_cases,
)
from goodstanding.testing.exercised import EXERCISES, exercised, unexercised
from goodstanding.testing.policies import policies
from goodstanding.testing.seeded import SeededWorld, seeded_world, wide_policy
from goodstanding.testing.tables import result_of, small_policy, table, tie_table
from goodstanding.testing.vocabulary import AS_OF, DAY
from goodstanding.testing.written import as_iso, as_moment, as_yaml

__all__ = [
    "AS_OF",
    "DAY",
    "EXERCISES",
    "Scoring",
    "SeededWorld",
    "as_iso",
    "as_moment",
    "as_yaml",
    "events",
    "exercised",
    "people_tables",
    "policies",
    "result_of",
    "scorings",
    "seeded_world",
    "shuffled",
    "small_policy",
    "splits",
    "table",
    "tie_table",
    "ties",
    "unexercised",
    "wide_policy",
    "with_cases",
]
