"""All identifiers of a kind in one table, in which millions are looked for at once: derived, and removed at any change.

A wrong entry would put one person's listing upon another, so a table is believed only under its HMAC.
"""

from __future__ import annotations

import hmac
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from goodstanding.record.digests import SIZE
from goodstanding.record.vault.hashing import leading

FOLDER: Final = "identifiers"
SUM: Final = "sum"


@dataclass(frozen=True, slots=True)
class Table:
    """The identifiers of one kind.

    Attributes:
        hashes: their HMACs, ascending, n × 32. slots: whose each is.
        near: their fingerprints, ascending, without those that have none. near_slots: whose each of these is.
    """

    hashes: NDArray[np.uint8]
    slots: NDArray[np.uint32]
    near: NDArray[np.uint64]
    near_slots: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.slots)

    @classmethod
    def made(cls, rows: Iterable[Sequence[Any]]) -> Table:
        """Of rows of the vault, ascending by HMAC."""
        hashes, slots, near = [np.zeros(0, np.uint8)], [np.zeros(0, np.uint32)], [np.zeros(0, np.int64)]
        for some in rows:
            kept, of, fingerprints = zip(*some, strict=True)
            hashes.append(np.frombuffer(b"".join(kept), np.uint8))
            slots.append(np.array(of, np.uint32))
            near.append(np.array(fingerprints, np.int64))
        owners, prints = np.concatenate(slots), np.concatenate(near).view(np.uint64)
        order = np.argsort(prints)
        order = order[np.searchsorted(prints[order], 1) :]  # 0 stands for none
        return cls(np.concatenate(hashes).reshape(-1, SIZE), owners, prints[order], owners[order])

    def save(self, folder: Path, key: bytes) -> None:
        """Put it on the disk, whole or not at all."""
        beside = folder.parent / f".{folder.name}-{token_hex(4)}"
        beside.mkdir(parents=True, mode=0o700)
        for one in fields(self):
            getattr(self, one.name).tofile(beside / one.name)
        (beside / SUM).write_bytes(self._sum(key))
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)

    @classmethod
    def load(cls, folder: Path, key: bytes) -> Table | None:
        """From the disk; None where it is not there, or not as it was written."""
        if not folder.is_dir():
            return None
        types = {"hashes": np.uint8, "slots": np.uint32, "near": np.uint64, "near_slots": np.uint32}
        try:
            parts: dict[str, NDArray[Any]] = {name: np.fromfile(folder / name, of) for name, of in types.items()}
            table = cls(**parts | {"hashes": parts["hashes"].reshape(-1, SIZE)})
            said = (folder / SUM).read_bytes()
        except (OSError, ValueError):
            return None
        return table if hmac.compare_digest(said, table._sum(key)) else None

    def find(self, hashes: NDArray[np.uint8]) -> NDArray[np.int64]:
        """Whose each of some HMACs, n × 32, is; −1 where nobody's."""
        wanted, keys = leading(hashes), leading(self.hashes)
        order = np.argsort(wanted)
        at = np.searchsorted(keys, wanted[order])
        left = np.arange(order.size)
        found = np.full(order.size, -1, np.int64)
        while left.size:  # nearly always once: two that begin with the same eight bytes do not occur by chance
            left = left[at[left] < keys.size]
            left = left[keys[at[left]] == wanted[order[left]]]
            same = (self.hashes[at[left]] == hashes[order[left]]).all(axis=1)
            found[order[left[same]]] = self.slots[at[left[same]]]
            left = left[~same]
            at[left] += 1
        return found

    def _sum(self, key: bytes) -> bytes:
        summed = hmac.new(key, b"goodstanding identifiers\0", "sha256")
        for one in fields(self):
            part = np.ascontiguousarray(getattr(self, one.name))
            summed.update(f"{one.name} {part.size}\0".encode())
            if part.size:  # nothing cannot be cast
                summed.update(part.data.cast("B"))
        return summed.digest()
