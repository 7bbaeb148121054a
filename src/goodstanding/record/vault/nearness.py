"""Who might be meant by a misspelt identifier: those that are one digit away, or two neighbours swapped.

The vault keeps no identifier, only its HMAC, from which nothing that resembles it can be told. So a fingerprint of 64
bits is kept beside it, made under keys of its own; from a misspelt identifier those of all its neighbours follow at
once. Whoever is found is never acted upon: a reviewer looks.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodstanding.book.sharing import cores
from goodstanding.events.texts import text_buffers
from goodstanding.record.siphash import WORD, sip_key
from goodstanding.record.vault.near_loops import CHARACTERS, fingerprints, mark, slips

LONGEST = 32
"""Bytes of the longest identifier whose neighbours are looked for; a longer one has no fingerprint."""
LEAST_BITS, MOST_BITS = 16, 30
"""The tables in which a bit stands for every fingerprint have between 8 KiB and 128 MiB."""
ROOM = 7
"""A table has 2^ROOM bits for each fingerprint: one slip in so many is looked for in vain."""
EACH = 1 << 14
"""Identifiers that a thread looks at before it takes more."""


@dataclass(frozen=True, slots=True)
class Near:
    """One identifier, and somebody's that it resembles.

    Attributes:
        row: which of those that were asked about.
        place, digit: the character (from 0) and the digit it would have to be; None: it and the next stand swapped.
        at: where the fingerprint stands among those that were given.
        others: how many more resemble it as much.
    """

    row: int
    place: int
    digit: str | None
    at: int
    others: int

    def instead_of(self, identifier: str) -> str:
        """The identifier as it would be without the slip."""
        at = self.place
        if self.digit is None:
            return identifier[:at] + identifier[at + 1] + identifier[at] + identifier[at + 2 :]
        return identifier[:at] + self.digit + identifier[at + 1 :]


class Nearness:
    """Fingerprints under a home's key.

    Args:
        key: the home's key for identifiers; the keys for fingerprints are made out of it.
    """

    def __init__(self, key: bytes) -> None:
        drawn = hashlib.shake_256(b"goodstanding nearness\0" + key).digest(2 * WORD + WORD * CHARACTERS * (LONGEST + 1))
        self._key = sip_key(drawn[: 2 * WORD])
        self._words = np.frombuffer(drawn[2 * WORD :], "<u8").astype(np.uint64).reshape(LONGEST + 1, CHARACTERS)

    def prints(self, identifiers: Any) -> NDArray[np.uint64]:
        """The fingerprints of identifiers (a `pa.StringArray`, normalised); 0 for one that is too long."""
        out = np.empty(len(identifiers), np.uint64)
        offsets, data = text_buffers(identifiers)
        fingerprints(self._words, self._key, offsets, data, LONGEST, out)
        return out

    def look(self, identifiers: Any, rows: NDArray[np.int64], stored: NDArray[np.uint64]) -> list[Near]:
        """Which of some identifiers resemble stored ones.

        Args:
            identifiers: a `pa.StringArray`, normalised.
            rows: those of them that are asked about.
            stored: fingerprints, ascending.
        """
        if not stored.size or not rows.size:
            return []
        found = np.zeros((rows.size, 3), np.int64)
        bits, shift = _table(stored)
        offsets, data = text_buffers(identifiers)

        def some(first: int, last: int) -> None:
            slips(self._words, self._key, offsets, data, LONGEST, rows, stored, shift, bits, first, last, found)

        with ThreadPoolExecutor(cores()) as pool:
            parts = [pool.submit(some, *part) for part in pairwise([*range(0, rows.size, EACH), rows.size])]
        for part in parts:
            part.result()
        return [_told(int(rows[at]), *found[at].tolist()) for at in np.flatnonzero(found[:, 2])]


def _table(stored: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], np.uint64]:
    """A table of bits, and how far a fingerprint is shifted to be its place there."""
    wide = min(max(int(stored.size).bit_length() + ROOM, LEAST_BITS), MOST_BITS)
    bits = np.zeros(1 << (wide - 6), np.uint64)
    shift = np.uint64(64 - wide)
    mark(stored, shift, bits)
    return bits, shift


def _told(row: int, slip: int, at: int, many: int) -> Near:
    digit = slip & 0xFF
    return Near(row, slip >> 8, chr(digit) if digit else None, at, many - 1)
