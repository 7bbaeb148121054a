"""What mechanisms share: the city, who is scored and knows it, and what people are ready to do next month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.city.arrays import ONES, Dispositions, Tally, Traits, unmoved
from goodstanding.lab.parameters import Parameters
from goodstanding.lab.society.circle import Circle, Regard
from goodstanding.lab.society.reading import Reading
from goodstanding.lab.society.rules import Rule, Variant
from goodstanding.lab.society.snapshot import Snapshot
from goodstanding.lab.society.stakes import Ladder, ladder_of
from goodstanding.lab.streams import AT_BIRTH, uniforms


@dataclass(slots=True)
class Commons:
    """The common ground of all mechanisms.

    Attributes:
        key: of the city's chance.
        accounts: how many made-up accounts there are, numbered after the residents.
        enrolled, knows: one array a rule: who is scored by it, and who knows that.
        regard: what people see in each other where friends' scores count; None where they do not.
        account_scores: one array a rule: own scores of the made-up accounts, as they were last scored.
    """

    key: NDArray[np.uint64]
    traits: Traits
    parameters: Parameters
    rules: Sequence[Rule]
    variant: Variant
    circle: Circle
    tally: Tally
    threads: int | None = None
    accounts: int = 0
    dispositions: Dispositions = field(init=False)
    enrolled: list[NDArray[np.bool_]] = field(init=False)
    knows: list[NDArray[np.bool_]] = field(init=False)
    readings: list[Reading] = field(init=False)
    ladders: list[Ladder] = field(init=False)
    account_scores: list[NDArray[np.int64]] = field(init=False)
    regard: Regard | None = None

    def __post_init__(self) -> None:
        people = self.residents
        self.dispositions = unmoved(people)
        self.enrolled = [np.ones(people, np.bool_) for _ in self.rules]
        self.knows = [np.ones(people, np.bool_) for _ in self.rules]
        self.readings = [Reading(rule.policy) for rule in self.rules]
        self.ladders = [ladder_of(rule.policy, self.parameters) for rule in self.rules]
        self.account_scores = [np.zeros(self.accounts, np.int64) for _ in self.rules]

    @property
    def residents(self) -> int:
        """How many there are."""
        return self.traits.age.size

    def number(self, name: str) -> float:
        """A parameter."""
        return self.parameters.number(name)

    def heeds(self, rule: int) -> NDArray[np.bool_]:
        """Who is scored by a rule and knows it."""
        return self.enrolled[rule] & self.knows[rule]

    def heeding(self, snapshot: Snapshot, rule: int) -> NDArray[np.bool_]:
        """Who heeds a rule and has a score under it this month."""
        return self.heeds(rule) & snapshot.seen[rule].scores.given

    def drawn(self, purpose: int, month: int = AT_BIRTH) -> NDArray[np.float64]:
        """One uniform number a resident."""
        return uniforms(self.key, self.residents, month, purpose)

    def reset(self) -> None:
        """Nobody is moved by anything: mechanisms begin anew each month, and remember by themselves."""
        for name, column in zip(Dispositions._fields, self.dispositions, strict=True):
            column[:] = name in ONES
        self.regard = None

    def take_care(self, care: NDArray[np.float32]) -> None:
        """Multiply the chance of paying late by 1 - care, beside what others did."""
        _compose(self.dispositions.care, care)

    def hold_back(self, restraint: NDArray[np.float32]) -> None:
        """Multiply the chance of an offence by 1 - restraint, beside what others did."""
        _compose(self.dispositions.restraint, restraint)


def _compose(column: NDArray[np.float32], more: NDArray[np.float32]) -> None:
    column[:] = np.maximum(1.0 - (1.0 - column) * (1.0 - more), -1.0)
