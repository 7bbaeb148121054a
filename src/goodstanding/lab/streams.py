"""Chance: one counter-based stream of random numbers a person and month (Philox), so that no draw hangs on another.

A draw is named by whom it is about, the month, what it decides, and a number where the same is decided several times:
`uniform(key, person, month, purpose, n)`. The same name gives the same number whoever asks, in whatever order, on
however many threads or machines; a decision that is added later, or a resident, moves no other draw. Two worlds with
one seed throw the same dice, and differ only where a rule does.

The generator is Philox 4x32 with ten rounds (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3",
2011), whose published test vectors stand in the tests.
"""

from __future__ import annotations

from math import exp
from typing import Final

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.loops import loop

ROUNDS: Final = 10
MULTIPLIER_0: Final = np.uint64(0xD2511F53)
MULTIPLIER_1: Final = np.uint64(0xCD9E8D57)
WEYL_0: Final = np.uint64(0x9E3779B9)
WEYL_1: Final = np.uint64(0xBB67AE85)
LOW: Final = np.uint64(0xFFFFFFFF)
HALF: Final = np.uint64(32)

AT_BIRTH: Final = -1
"""The month of draws that belong to no month: what a resident is from the start."""


@loop
def philox(key_0, key_1, counter_0, counter_1, counter_2, counter_3):
    """Four random words of 32 bits, as uint64, for a key of two words and a counter of four."""
    c0, c1, c2, c3 = np.uint64(counter_0), np.uint64(counter_1), np.uint64(counter_2), np.uint64(counter_3)
    k0, k1 = np.uint64(key_0), np.uint64(key_1)
    for _ in range(ROUNDS):
        product_0 = MULTIPLIER_0 * c0
        product_1 = MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (
            (product_1 >> HALF) ^ c1 ^ k0,
            product_1 & LOW,
            (product_0 >> HALF) ^ c3 ^ k1,
            product_0 & LOW,
        )
        k0 = (k0 + WEYL_0) & LOW
        k1 = (k1 + WEYL_1) & LOW
    return c0, c1, c2, c3


@loop
def uniform(key, person, month, purpose, n):
    """A number from 0 (included) to 1 (excluded), in steps of 2**-53.

    Args:
        key: two words of 32 bits, `key_of(seed)`.
        person: 0 and on.
        month: AT_BIRTH, or 0 and on.
        purpose: what is decided; constants beside the loops that use them, each number once (`lab.city.purposes`).
        n: which of several draws for the same purpose.
    """
    # One type for all counters, so that `philox` is compiled once.
    high, low, _, _ = philox(key[0], key[1], np.int64(person), np.int64(month) + 1, np.int64(purpose), np.int64(n))
    word = (high << np.uint64(21)) | (low >> np.uint64(11))
    return np.float64(word) * (1.0 / 9007199254740992.0)


MOST_DRAWN: Final = 60
"""What `poisson` gives at most."""


@loop
def poisson(rate, chance):
    """How many, where `rate` are expected, read off one uniform number: more for a greater one, MOST_DRAWN at most."""
    term = exp(-rate)
    total = term
    many = 0
    while chance >= total and many < MOST_DRAWN:
        many += 1
        term *= rate / many
        total += term
    return many


@loop
def normal(key, person, month, purpose, n):
    """A standard normal number: twelve uniform ones added up, which needs no logarithm and ends at six deviations."""
    total = -6.0
    for part in range(6):
        c0, c1, _, _ = philox(
            key[0], key[1], np.int64(person), np.int64(month) + 1, np.int64(purpose), np.int64(n * 6 + part)
        )
        total += (np.float64(c0) + np.float64(c1) + 1.0) * (1.0 / 4294967296.0)
    return total


@loop
def _fill(key, first, month, purpose, out):
    for i in range(out.size):
        out[i] = uniform(key, first + i, month, purpose, 0)


def key_of(seed: int) -> NDArray[np.uint64]:
    """The key of a seed.

    Raises:
        ValueError: a seed below 0, or of more than 64 bits.
    """
    if not 0 <= seed < 2**64:
        raise ValueError(f"seed {seed}; expected a whole number from 0 to 2^64 - 1")
    return np.array([seed & 0xFFFFFFFF, seed >> 32], np.uint64)


def uniforms(key: NDArray[np.uint64], people: int, month: int, purpose: int) -> NDArray[np.float64]:
    """One number a person, for people 0 to `people`."""
    out = np.empty(people, np.float64)
    _fill(key, 0, month, purpose, out)
    return out
