"""An experiment as a value: a question, a city, rule books, ways of living under them, seeds, and what is compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from goodstanding.document.kinds import Text
from goodstanding.lab.parameters import Parameters
from goodstanding.policy import Policy
from goodstanding.policy.digest import canonical

STANDARD: Final = "standard"
"""The one variant of an experiment that names none."""

ALL_SCORERS: Final = ""
"""In `Variant.enrolment`: every scorer that is not named."""

Value: TypeAlias = float | tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Scoring:
    """One who scores: a rule book under the name that tables know it by."""

    name: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class PolicyPlan:
    """What is compared with others under one name: a rule book, or several that score the same city at once."""

    name: str
    title: Text
    scorings: tuple[Scoring, ...]


@dataclass(frozen=True, slots=True)
class VariantPlan:
    """A way of living under a policy.

    Attributes:
        mechanisms: by name, whether people answer back in this way; those not named are on.
        told: whether people who are scored by order are told so.
        notice, dispute, correction: whether there is any.
        enrolment: by scorer, one of `goodstanding.lab.society.ENROLMENTS`; under ALL_SCORERS for those not named.
        scorings: who scores beside the policy.
        feeds: by the scorer whose scores are passed on, the scorer that reads them.
        parameters: other values than the experiment's.
    """

    name: str
    title: Text
    mechanisms: Mapping[str, bool]
    told: bool = True
    notice: bool = True
    dispute: bool = True
    correction: bool = True
    enrolment: Mapping[str, str] | None = None
    scorings: tuple[Scoring, ...] = ()
    feeds: Mapping[str, str] | None = None
    parameters: Mapping[str, Value] | None = None

    def enrolment_of(self, scorer: str) -> str:
        """How people come to be scored by one of the scorers."""
        given = self.enrolment or {}
        return given.get(scorer, given.get(ALL_SCORERS, "all"))


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: what cells of one policy and variant say, seed by seed."""

    policy: str
    variant: str

    def __str__(self) -> str:
        return f"{self.policy}/{self.variant}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides that throw the same dice."""

    baseline: Side
    other: Side


@dataclass(frozen=True, slots=True)
class Experiment:
    """The whole of it; two of one digest give the same tables.

    Attributes:
        months: those that are measured, after `warm_up` months that are only lived through.
        parameters: the city's, with what the experiment changes.
        measures: their names, in the register's order.
        text: the document as it was read, kept beside the tables.
        files: policies that are neither shipped nor invented here: by the name that the document gives, their text.
    """

    name: str
    title: Text
    question: Text
    about: Text | None
    residents: int
    months: int
    warm_up: int
    parameters: Parameters
    policies: tuple[PolicyPlan, ...]
    variants: tuple[VariantPlan, ...]
    seeds: tuple[int, ...]
    comparisons: tuple[Comparison, ...]
    measures: tuple[str, ...]
    observe_every: int
    text: str
    file: str
    files: Mapping[str, str]

    def cells(self) -> Iterator[Cell]:
        """Every policy under every variant with every seed, in the order of tables."""
        for policy in self.policies:
            for variant in self.variants:
                for seed in self.seeds:
                    yield Cell(self, policy, variant, seed)

    @property
    def digest(self) -> str:
        """SHA-256 of everything that the tables hang on."""
        return hashlib.sha256("\n".join(cell.digest for cell in self.cells()).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Cell:
    """One city's life: a policy, a variant, a seed."""

    experiment: Experiment
    policy: PolicyPlan
    variant: VariantPlan
    seed: int

    @property
    def name(self) -> str:
        """What its folder is called."""
        return f"{self.policy.name}--{self.variant.name}--{self.seed}"

    @property
    def side(self) -> Side:
        """Where it stands in comparisons."""
        return Side(self.policy.name, self.variant.name)

    @property
    def scorings(self) -> tuple[Scoring, ...]:
        """Who scores this city; the first is the one that its residents' table tells of."""
        return self.policy.scorings + self.variant.scorings

    @property
    def parameters(self) -> Parameters:
        """The city's and its people's, with what the variant changes."""
        return self.experiment.parameters.changed(self.variant.parameters or {}, self.experiment.file)

    @property
    def resident_months(self) -> int:
        """How much work it is."""
        return self.experiment.residents * (self.experiment.warm_up + self.experiment.months)

    @property
    def digest(self) -> str:
        """SHA-256 of everything that its tables hang on, but for the program."""
        variant, experiment = self.variant, self.experiment
        scorers = [one.name for one in self.scorings]
        said: dict[str, Any] = {
            "city": [experiment.residents, experiment.warm_up, experiment.months, self.seed],
            "parameters": self.parameters.digest,
            "scorers": [[one.name, one.policy.digest] for one in self.scorings],
            "mechanisms": dict(variant.mechanisms),
            "rights": [variant.told, variant.notice, variant.dispute, variant.correction],
            "enrolment": [variant.enrolment_of(scorer) for scorer in scorers],
            "feeds": dict(variant.feeds or {}),
            "measures": [list(experiment.measures), experiment.observe_every],
            "name": self.name,
        }
        return hashlib.sha256(canonical(said).encode()).hexdigest()
