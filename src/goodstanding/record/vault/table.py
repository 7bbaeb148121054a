"""The table in which people are found, and a file that spares building it: derived, and believed only where right.

`people.table`: a mark (8 bytes), how many people it covers (8), HMAC-SHA256 of those, of the key of the last person
covered, and of all entries (32), the entries (8 each). A wrong entry could enrol somebody a second time, so the file is
believed only under its HMAC; and since each key is drawn anew, only beside those people for whom it was made, and not
beside others who came to have their slots.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from goodstanding.record.disk import Disk
from goodstanding.record.moving import settled
from goodstanding.record.siphash import sip_key
from goodstanding.record.vault import finding

MAGIC: Final = b"GSTABLE1"
WORD: Final = 8
SUM: Final = 32
HEAD: Final = len(MAGIC) + WORD + SUM
FEWEST_BITS: Final = 10
CHUNK: Final = 1 << 16
"""Strings that are looked for at a time: what is known of each stays in the nearest caches."""


class Table:
    """From ids to slots.

    Args:
        secret: 32 bytes; whoever does not have it cannot tell which ids fall together.

    Attributes:
        count: how many slots it covers, from 0 on.
    """

    def __init__(self, secret: bytes) -> None:
        self._sum_key = hmac.digest(secret, b"goodstanding: sum of the table of people", "sha256")
        self.key = settled(sip_key(hmac.digest(secret, b"goodstanding: table of people", "sha256")[: 2 * WORD]))
        self.count = 0
        self.entries = np.zeros(1 << FEWEST_BITS, np.uint64)

    @property
    def bits(self) -> np.uint64:
        """How many bits of a hash give a place."""
        return np.uint64(self.entries.size.bit_length() - 1)

    def make_room(self, people: int) -> None:
        """Grow until so many people fill two thirds of it at most."""
        if 3 * people > 2 * self.entries.size:
            self._settle_into(1 << (3 * people // 2 - 1).bit_length(), self.count)

    def cut(self, count: int) -> None:
        """Forget the slots from `count` on."""
        self._settle_into(self.entries.size, count)
        self.count = min(self.count, count)

    def _settle_into(self, size: int, count: int) -> None:
        entries, self.entries = self.entries, np.zeros(size, np.uint64)
        finding.settle(entries, self.entries, self.bits, count)

    def take_in(self, ends: NDArray[np.int64], ids: NDArray[np.uint8]) -> None:
        """Cover all people on the disk."""
        self.make_room(ends.size)
        for first in range(self.count, ends.size, CHUNK):
            last = min(first + CHUNK, ends.size)
            hashes = np.empty(last - first, np.uint64)
            finding.take_in(ends, ids, first, last, self.key, self.entries, self.bits, hashes)
        self.count = ends.size

    def save(self, disk: Disk, path: Path, keys: NDArray[np.uint8]) -> None:
        """Write the file.

        Args:
            keys: of all people on the disk.
        """
        head = MAGIC + self.count.to_bytes(WORD, "little")
        disk.write(path, [head, self._sum(head, keys[self.count - 1], self.entries), self.entries.data.cast("B")])

    def load(self, path: Path, keys: NDArray[np.uint8]) -> None:
        """Read the file, if it is there, and right for these people."""
        try:
            data = np.fromfile(path, np.uint8)
        except FileNotFoundError:
            return
        head, said = data[: HEAD - SUM].tobytes(), data[HEAD - SUM : HEAD].tobytes()
        entries, count = data[HEAD:], int.from_bytes(head[len(MAGIC) :], "little")
        if not 0 < count <= len(keys) or not hmac.compare_digest(self._sum(head, keys[count - 1], entries), said):
            return
        self.entries, self.count = entries.view(np.uint64), count

    def _sum(self, head: bytes, last: NDArray[np.uint8], entries: NDArray[np.generic]) -> bytes:
        summed = hmac.new(self._sum_key, head + last.tobytes(), sha256)
        summed.update(entries.data.cast("B"))
        return summed.digest()
