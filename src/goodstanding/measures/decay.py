"""Weights that halve: w(a) = the whole number nearest to 2^20 · 2^(−a ÷ half-life), a half rounded up.

They are whole so that a sum of them does not depend on the order of its terms (specification section 3).
"""

from math import floor
from typing import Final

DECAY_SCALE: Final = 2**20
"""The weight of an event of today."""

_NEAR: Final = 1e-6
"""So near to a half it is decided in whole numbers.

In floating point the exponent is rounded twice, each time as a number below 32: it is off by at most 2^-48, and the
power by 2.5e-15 of itself, to which the power function adds a few units in its last place. Of at most 2^20 that is less
than 1e-8, a hundredth of this."""


def decay_weights(half_life_days: int, days: int) -> list[int]:
    """The weights of ages from 0 to `days`, both included.

    From an age of more than 21 half-lives on they are 0.
    """
    last = min(days, 21 * half_life_days)
    return [_weight(age, half_life_days) for age in range(last + 1)] + [0] * (days - last)


def decay_weight(half_life_days: int, age_days: int) -> int:
    """The weight of one age."""
    return _weight(age_days, half_life_days) if age_days <= 21 * half_life_days else 0


def _weight(age: int, half_life: int) -> int:
    power: float = 2.0 ** (20 - age / half_life)
    below = floor(power)
    if abs(power - below - 0.5) >= _NEAR:
        return floor(power + 0.5)
    # power ≥ below + ½  ⟺  2^(21 − age ÷ h) ≥ 2·below + 1  ⟺  2^(21·h − age) ≥ (2·below + 1)^h
    reaches_half: bool = 1 << (21 * half_life - age) >= (2 * below + 1) ** half_life
    return below + 1 if reaches_half else below
