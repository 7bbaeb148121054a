"""Erasing people from a segment: its file is written anew without their rows, under the same name.

The leaves stay as they are, and so do the root and everybody's proofs; with the person's key the salt is gone, so the
leaf that stays cannot be made again from any guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from goodstanding.record.disk import Disk
from goodstanding.record.segments.reading import Content
from goodstanding.record.segments.writing import PARQUET, File, path_of


@dataclass(frozen=True, slots=True)
class Remainder:
    """What stays of a segment's file.

    Attributes:
        gone: how many rows do not.
    """

    path: Path
    file: File
    rows: int
    gone: int

    @property
    def digest(self) -> bytes:
        """SHA-256 of the new file."""
        return self.file.digest

    def write(self, disk: Disk) -> None:
        """Put the new file in the place of the old one; where it stands already, nothing changes."""
        disk.write(self.path, self.file.pieces)


def remainder(folder: Path, root: bytes, slots: Iterable[int], *, digest: bytes | None = None) -> Remainder:
    """What would stay of a segment without some people, not yet written: the ledger may name its digest before.

    Args:
        digest: of the present file, as the ledger has it.

    Raises:
        TamperError: the file is missing, or not as it was written.
    """
    content = Content.of(path_of(folder, root, PARQUET), digest)
    rows = content.rows()
    stays = np.flatnonzero(~np.isin(rows.slot, np.fromiter(slots, np.uint32)))
    file = File(rows.take(stays), content.notes.meta, content.notes.slots)
    return Remainder(content.path, file, stays.size, len(rows) - stays.size)


def without(disk: Disk, folder: Path, root: bytes, slots: Iterable[int], *, digest: bytes | None = None) -> Remainder:
    """Take the rows of some people out of a segment; no byte of them is left in its file.

    Raises:
        TamperError: the file is missing, or not as it was written.
    """
    rest = remainder(folder, root, slots, digest=digest)
    rest.write(disk)
    return rest
