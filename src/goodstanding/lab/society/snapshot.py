"""What a run shows to whoever measures it: a month as it stands, and all months side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.city.arrays import Dispositions, Edges, State, Tally, Traits
from goodstanding.policy import Policy
from goodstanding.scoring import Scores
from goodstanding.standing import Standing


@dataclass(frozen=True, slots=True)
class Seen:
    """What one scorer makes of everybody this month; one column a resident (made-up accounts are left out).

    Attributes:
        name: the scorer's, unique in a run: the policy's name, or "scorer-a" to "scorer-h".
        scores, standing: of all residents, whether enrolled or not.
        enrolled: bool: who is scored at all; what is said of others counts for nothing.
        wrongly: bool: enrolled, and on a list or under a sanction in force that would not be, were the record right.
    """

    name: str
    policy: Policy
    scores: Scores
    standing: Standing
    enrolled: NDArray[np.bool_]
    wrongly: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A month as it stands when everybody has been scored and before anybody answers back."""

    month: int
    traits: Traits
    state: State
    dispositions: Dispositions
    tally: Tally
    edges: Edges
    seen: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class History:
    """All months of a run side by side; one row a month, one column a resident.

    Attributes:
        scores: by scorer, int32; NO_SCORE where there is none.
        tiers: by scorer, int16; -1 where there is none.
        defaulted: bool: gave up a loan, or was listed by a court, in that month.
        sanctioned: by scorer, bool: under a sanction in force.
        wrongly: by scorer, bool: see `Seen.wrongly`.
        care: float32: effort, as `Dispositions.care`.
    """

    scores: dict[str, NDArray[np.int32]]
    tiers: dict[str, NDArray[np.int16]]
    defaulted: NDArray[np.bool_]
    sanctioned: dict[str, NDArray[np.bool_]]
    wrongly: dict[str, NDArray[np.bool_]]
    care: NDArray[np.float32]


NO_SCORE = np.iinfo(np.int32).min
