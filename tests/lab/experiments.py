"""What the tests of experiments share: what may be named, and a small document."""

from goodstanding.lab.city.kinds import KINDS
from goodstanding.lab.experiments.model import Experiment
from goodstanding.lab.experiments.resolving import Known, read_experiment
from goodstanding.lab.parameters import load

KNOWN = Known(
    mechanisms=("effort", "silence", "friends"),
    measures=("scores.mean", "scores.gini", "speech.critical"),
    types=frozenset(type_ for type_, _, _ in KINDS if type_),
    parameters=load(),
)

HEAD = """goodstanding: 1
experiment: small
title: {en: Small, zh: 小}
question: {en: What does it do?, zh: 有何影响？}
"""


def written(
    *lines: str, city: str = "{residents: 100, months: 3}", policies: str = "[national]", seeds: str = "2"
) -> str:
    """A document of which some lines are given."""
    return HEAD + "\n".join([f"city: {city}", f"policies: {policies}", f"seeds: {seeds}", *lines]) + "\n"


def read(text: str) -> Experiment:
    """Read it with what may be named here."""
    return read_experiment(text, KNOWN)


def quiet(done: int, total: int | None = None) -> None:
    """Nobody listens to the progress."""
