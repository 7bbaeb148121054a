"""The leaves of a segment: one salted hash a person, over that person's rows, and the root over all of them.

Leaf = SHA-256(0x00 ‖ salt ‖ packed rows), salt = the first 16 bytes of SHA-256(the person's key ‖ the segment's nonce).
Rows can be guessed, so a bare hash of them would keep them; once a person's key is gone, so is the salt, and the leaf
that stays tells nothing. Whoever is shown one person's rows and salt can hold them against the root, and learns nothing
of the others.

The file: `GSLEAF1` and a zero byte, how many (4 bytes), the slots (4 bytes each, ascending), the hashes (32 each).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from goodstanding.errors import TamperError
from goodstanding.record.digests import SIZE, digests, nodes_above
from goodstanding.record.merkle import EMPTY
from goodstanding.record.segments.packing import pack
from goodstanding.record.segments.rows import Rows

MAGIC: Final = b"GSLEAF1\0"
COUNT: Final = 4
NONCE: Final = 16
SALT: Final = 16
KEY: Final = 32

AT_ONCE: Final = 1 << 15
"""Rows that are packed at once, unless one person has more: they stay in the cache until they are hashed."""

KeysOf: TypeAlias = Callable[[NDArray[np.uint32]], NDArray[np.uint8]]
"""From slots to the keys of those people, n × 32; zeros where erased (`People.keys_of`)."""


@dataclass(frozen=True, slots=True)
class Leaves:
    """The leaves of a segment, in the order of slots.

    Attributes:
        hashes: n × 32.
    """

    slots: NDArray[np.uint32]
    hashes: NDArray[np.uint8]

    def root(self) -> bytes:
        """The root of the tree of RFC 9162 over all leaves."""
        level = self.hashes
        while level.shape[0] > 1:
            level = nodes_above(level)
        return level.tobytes() or EMPTY

    def place(self, slot: int) -> int | None:
        """Where a person's leaf stands; None where they have none here."""
        at = int(np.searchsorted(self.slots, slot))
        return at if at < self.slots.size and self.slots[at] == slot else None

    def to_bytes(self) -> bytes:
        """The file."""
        count = self.slots.size.to_bytes(COUNT, "little")
        return MAGIC + count + self.slots.astype("<u4").tobytes() + self.hashes.tobytes()


def salts(keys: NDArray[np.uint8], nonce: bytes) -> NDArray[np.uint8]:
    """The salt of each key in a segment, n × 16."""
    assert keys.shape[1:] == (KEY,)
    assert len(nonce) == NONCE
    messages = np.empty((len(keys), KEY + NONCE), np.uint8)
    messages[:, :KEY], messages[:, KEY:] = keys, np.frombuffer(nonce, np.uint8)
    starts = np.arange(len(keys), dtype=np.int64) * (KEY + NONCE)
    return digests(messages.reshape(-1), starts, starts + (KEY + NONCE))[:, :SALT]


def leaves_of(rows: Rows, keys_of: KeysOf, nonce: bytes) -> Leaves:
    """The leaves of rows that are in order."""
    firsts = rows.firsts()
    slots = rows.slot[firsts[:-1]]
    hashes = np.empty((slots.size, SIZE), np.uint8)
    for begin, end in pairwise(_cuts(firsts)):
        keys = keys_of(slots[begin:end])
        assert keys.any(axis=1).all(), "an erased person has no rows"
        hashes[begin:end] = _hashes(rows, firsts[begin : end + 1], salts(keys, nonce))
    return Leaves(slots, hashes)


def _cuts(firsts: NDArray[np.int64]) -> list[int]:
    """The people at whom a new lot of rows begins, and how many there are."""
    people, lots = firsts.size - 1, np.arange(0, int(firsts[-1]), AT_ONCE)
    begins = np.unique(np.searchsorted(firsts[:-1], lots))
    return [*begins[begins < people].tolist(), people]


def _hashes(rows: Rows, firsts: NDArray[np.int64], salt: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The leaves of some people; their rows lie between `firsts`."""
    begin, end = int(firsts[0]), int(firsts[-1])
    gaps = np.zeros(end - begin, np.int64)
    gaps[firsts[:-1] - begin] = 1 + SALT
    packed = pack(rows, begin, end, gaps)
    starts = packed.starts[firsts[:-1] - begin] - (1 + SALT)
    packed.data[starts] = 0
    for place in range(SALT):
        packed.data[starts + (1 + place)] = salt[:, place]
    return digests(packed.data, starts, packed.stops[firsts[1:] - 1 - begin])


def read_leaves(path: Path) -> Leaves:
    """The leaves that a file holds; whether they are the right ones, their root tells.

    Raises:
        TamperError: it is missing, or not of that form.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise TamperError(f"{path}: missing; restore it from a backup") from None
    begin = len(MAGIC) + COUNT
    many = int.from_bytes(data[len(MAGIC) : begin], "little")
    if data[: len(MAGIC)] != MAGIC or len(data) != begin + many * (4 + SIZE):
        raise TamperError(f"{path}: not the leaves of a segment, as they were written; restore it from a backup")
    slots = np.frombuffer(data, "<u4", many, begin).astype(np.uint32)
    if many and not (slots[1:] > slots[:-1]).all():
        raise TamperError(f"{path}: people who are not in order; restore it from a backup")
    hashes = np.frombuffer(data, np.uint8, many * SIZE, begin + 4 * many).reshape(many, SIZE)
    return Leaves(slots, hashes)
