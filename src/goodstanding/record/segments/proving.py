"""Proving one person's rows: what an auditor, or the person, needs to hold them against a segment's root.

Nothing of anybody else is in it but hashes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from goodstanding.record.merkle import inclusion_proof, leaf_hash, verify_inclusion
from goodstanding.record.segments.leaves import KEY, NONCE, SALT, read_leaves
from goodstanding.record.segments.packing import pack, unpack
from goodstanding.record.segments.reading import Content
from goodstanding.record.segments.writing import LEAVES, PARQUET, path_of


@dataclass(frozen=True, slots=True)
class Proof:
    """That some rows are all that a segment holds of one person.

    Attributes:
        packed: the rows, as `packing` describes them.
        index, size: which leaf, of how many.
        path: the hashes on the way to the root, from below.
    """

    packed: bytes
    salt: bytes
    index: int
    size: int
    path: tuple[bytes, ...]
    root: bytes

    @property
    def leaf(self) -> bytes:
        """The leaf that the rows and the salt make."""
        return leaf_hash(self.salt + self.packed)

    def holds(self) -> bool:
        """Whether the rows are under the root."""
        return verify_inclusion(self.leaf, self.index, self.size, self.path, self.root)

    def events(self) -> Sequence[dict[str, Any]]:
        """The rows in words."""
        return list(unpack(self.packed))


def salt_of(key: bytes, nonce: bytes) -> bytes:
    """The salt of one person in one segment."""
    assert (len(key), len(nonce)) == (KEY, NONCE)
    return sha256(key + nonce).digest()[:SALT]


def prove_person(folder: Path, root: bytes, slot: int, key: bytes) -> Proof | None:
    """The proof for one person; None where they have no rows here, or are erased.

    Args:
        key: the person's.

    Raises:
        TamperError: a file is missing, or damaged.
    """
    leaves = read_leaves(path_of(folder, root, LEAVES))
    index = leaves.place(slot)
    content = Content.of(path_of(folder, root, PARQUET))
    if index is None or not content.groups_of(slot):
        return None
    rows = content.rows_of(slot)
    if not len(rows):
        return None
    path = inclusion_proof(index, leaves.hashes.tobytes())
    salt = salt_of(key, content.notes.meta.nonce)
    return Proof(pack(rows).data.tobytes(), salt, index, int(np.size(leaves.slots)), tuple(path), root)
