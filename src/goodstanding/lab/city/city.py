"""A city: its residents, who knows whom, and what all of them are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodstanding.errors import InputError
from goodstanding.lab.city.arrays import Edges, Traits
from goodstanding.lab.city.friends import edges_of
from goodstanding.lab.city.people import traits_of
from goodstanding.lab.parameters import Parameters
from goodstanding.lab.streams import key_of

MOST_RESIDENTS: Final = 20_000_000
FEWEST_DIGITS: Final = 7
RESIDENT: Final = "R"
ACCOUNT: Final = "S"
"""What names of residents and of made-up accounts begin with: in the order of bytes, accounts come after residents."""


@dataclass(frozen=True, slots=True)
class City:
    """A city as it is at the start of month 0.

    Attributes:
        key: of the seed's stream of chance, for whoever draws what happens there.
    """

    seed: int
    residents: int
    parameters: Parameters
    key: NDArray[np.uint64]
    traits: Traits
    edges: Edges


def found(residents: int, seed: int, parameters: Parameters, threads: int | None = None) -> City:
    """Found a city: the same for the same residents, seed and parameters, on however many threads.

    Raises:
        InputError: nobody, more residents than may be, or a seed that is none.
    """
    if not 1 <= residents <= MOST_RESIDENTS:
        raise InputError(f"{residents:,} residents; expected from 1 to {MOST_RESIDENTS:,}")
    try:
        key = key_of(seed)
    except ValueError as error:
        raise InputError(str(error)) from error
    traits = traits_of(parameters, key, residents, threads)
    return City(seed, residents, parameters, key, traits, edges_of(parameters, key, traits, threads))


def names(many: int, letter: str = RESIDENT) -> pa.LargeStringArray:
    """`R0000000` and on: of so many digits, at least seven, that the order of bytes is the order of numbers."""
    digits = max(FEWEST_DIGITS, len(str(max(many - 1, 0))))
    numbers = pc.utf8_lpad(pa.array(np.arange(many)).cast(pa.large_string()), digits, "0")
    return pc.binary_join_element_wise(pa.scalar(letter, pa.large_string()), numbers, pa.scalar("", pa.large_string()))


def account_names(many: int) -> pa.LargeStringArray:
    """`S0000000` and on: made-up accounts, whose numbers follow those of residents."""
    return names(many, ACCOUNT)
