"""What a measure is given: a month or a run, of the city or of one scorer, and what several measures need."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.city.arrays import Tally, Traits
from goodstanding.lab.measures.graph import Graph
from goodstanding.lab.measures.groups import Groups
from goodstanding.lab.society.snapshot import NO_SCORE, History, Seen, Snapshot
from goodstanding.standing import IN_FORCE

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class CityMonth:
    """A month of the whole city."""

    snapshot: Snapshot
    scorer: str = ""

    @property
    def residents(self) -> int:
        """How many there are."""
        return self.snapshot.traits.age.size

    @property
    def months(self) -> int:
        """How many months the tally adds up."""
        return self.snapshot.month + 1

    @cached_property
    def groups(self) -> Groups:
        """Who belongs where."""
        return Groups(self.snapshot.traits)

    @cached_property
    def friends(self) -> Graph:
        """Friendships of the month."""
        return Graph.of(self.snapshot.edges, self.residents, self.snapshot.month)


@dataclass(frozen=True)
class ScorerMonth:
    """A month under one scorer."""

    city: CityMonth
    seen: Seen

    @property
    def scorer(self) -> str:
        """Whose month it is."""
        return self.seen.name

    @cached_property
    def counted(self) -> Flags:
        """Who is enrolled and has a score."""
        return self.seen.enrolled & self.seen.scores.given

    @cached_property
    def scores(self) -> NDArray[np.int64]:
        """The scores of those who are counted."""
        return self.seen.scores.score[self.counted]

    @cached_property
    def sanctioned(self) -> Flags:
        """Who is enrolled and under a sanction in force."""
        return self.seen.enrolled & (self.seen.standing.sanctions == IN_FORCE).any(axis=0)

    @cached_property
    def burdened(self) -> Flags:
        """Who is enrolled, and on a list or under a sanction in force."""
        return self.sanctioned | (self.seen.enrolled & self.seen.standing.listed.any(axis=0))

    @cached_property
    def favoured(self) -> Flags:
        """Who is treated well: has a perk, where the policy gives any, and is under no sanction in force."""
        perks = self.seen.standing.perks
        return ~self.sanctioned & (perks.any(axis=0) if len(perks) else np.ones(self.sanctioned.size, np.bool_))


@dataclass(frozen=True)
class CityRun:
    """All months of the whole city."""

    history: History
    traits: Traits
    tally: Tally
    first_month: int = 0
    scorer: str = ""

    @property
    def months(self) -> int:
        """How many there are."""
        return len(self.history.defaulted)

    @cached_property
    def groups(self) -> Groups:
        """Who belongs where."""
        return Groups(self.traits)


@dataclass(frozen=True)
class ScorerRun:
    """All months under one scorer; one row a month."""

    city: CityRun
    scorer: str

    @property
    def scores(self) -> NDArray[np.int32]:
        """NO_SCORE where there is none."""
        return self.city.history.scores[self.scorer]

    @property
    def tiers(self) -> NDArray[np.int16]:
        """-1 where there is none."""
        return self.city.history.tiers[self.scorer]

    @property
    def sanctioned(self) -> Flags:
        """Who was under a sanction in force."""
        return self.city.history.sanctioned[self.scorer]

    @property
    def wrongly(self) -> Flags:
        """Whose list or sanction rested on a record that is wrong."""
        return self.city.history.wrongly[self.scorer]

    @cached_property
    def ends(self) -> tuple[int, int] | None:
        """The first and the last month (rows) in which anybody has a score; None where those are not two."""
        known = np.flatnonzero((self.scores != NO_SCORE).any(axis=1))
        return (int(known[0]), int(known[-1])) if known.size > 1 else None
