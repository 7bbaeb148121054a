"""Checking a segment against what the ledger says of it: whatever differs is found, and told with its place.

Sums come first, and a file whose sum is wrong is never decoded: its own notes tell which row group is spoiled. Then the
rows are hashed anew, each person's, and held against the leaves and their root. A person who was erased has no rows,
and a leaf that nobody can make again; of it only the root can tell.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from goodstanding.errors import TamperError
from goodstanding.record.segments.form import Notes, Sealed
from goodstanding.record.segments.leaves import KeysOf, Leaves, leaves_of, read_leaves
from goodstanding.record.segments.reading import RESTORE, Content
from goodstanding.record.segments.rows import Rows
from goodstanding.record.segments.writing import LEAVES, PARQUET, path_of, slots_sum


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a segment.

    Attributes:
        group: the row group, counted from 0; None: none of them.
        slot: the person, where it is known whose rows or leaf it is.
    """

    file: Path
    found: str
    expected: str
    group: int | None = None
    slot: int | None = None

    def __str__(self) -> str:
        """`FILE: row group 3, slot 17: what was found; what was expected; what to do`."""
        places = [f"row group {self.group}"] if self.group is not None else []
        places += [f"slot {self.slot}"] if self.slot is not None else []
        where = f"{self.file}: {', '.join(places)}: " if places else f"{self.file}: "
        return f"{where}{self.found}; expected {self.expected}; {RESTORE}"


def check_segment(folder: Path, sealed: Sealed, keys_of: KeysOf, *, deep: bool = True) -> Fault | None:
    """The first thing about a segment that is not as the ledger says.

    Args:
        sealed: what the ledger says, with the digest after the last erasure.
        deep: whether to hash all rows anew; else both files are held against the sums that were kept of them.
    """
    path = path_of(folder, sealed.root, PARQUET)
    try:
        file = path.read_bytes()
    except FileNotFoundError:
        return Fault(path, "missing", "the rows of a segment")
    digest = hashlib.sha256(file).digest()
    if digest != sealed.digest:
        return _spoiled(path, file, digest, sealed)
    try:
        content = Content.of(path)
        leaves = read_leaves(path_of(folder, sealed.root, LEAVES))
        return _leaves_fault(content, leaves, sealed, keys_of, deep=deep)
    except TamperError as error:
        return Fault(path, f"what the ledger names, but {error}", "a segment")


def _spoiled(path: Path, file: bytes, digest: bytes, sealed: Sealed) -> Fault:
    """Where a file is spoiled, by the sums that it holds itself."""
    notes = Notes.find(file)
    found, expected = f"SHA-256 {digest.hex()}", sealed.digest.hex()
    if notes is None:
        return Fault(path, f"{found}, its foot is spoiled", expected)
    faulty = Content(path, file, notes).faulty_group()
    if faulty is None:
        return Fault(path, f"{found}, and all {len(notes.groups)} row groups as their sums say", expected)
    place, group = faulty
    return Fault(path, f"spoiled rows, of slots {group.first} to {group.last}", f"SHA-256 {group.sum}", group=place)


def _leaves_fault(content: Content, leaves: Leaves, sealed: Sealed, keys_of: KeysOf, *, deep: bool) -> Fault | None:
    path = content.path.with_suffix(LEAVES)
    if slots_sum(leaves.slots) != content.notes.slots:
        return Fault(path, "other slots than the segment's", f"those whose SHA-256 is {content.notes.slots}")
    fault = _rows_fault(content, leaves, sealed, keys_of) if deep else None
    if fault is None and leaves.root() != sealed.root:
        return Fault(path, f"the root {leaves.root().hex()}", sealed.root.hex())
    return fault


def _rows_fault(content: Content, leaves: Leaves, sealed: Sealed, keys_of: KeysOf) -> Fault | None:
    rows = content.rows()
    if (row := rows.first_fault()) is not None:
        return _at(content, rows, row, "a row out of order", "rows by slot, time and id")
    alive = keys_of(leaves.slots).any(axis=1)
    if (risen := np.setdiff1d(rows.slot, leaves.slots[alive])).size:
        return _at(
            content, rows, int(np.searchsorted(rows.slot, risen[0])), "rows", "none of who is erased or has no leaf"
        )
    made = leaves_of(rows, keys_of, sealed.nonce)
    if (gone := np.setdiff1d(leaves.slots[alive], made.slots)).size:
        return Fault(content.path, "no rows", "those under the leaf", slot=int(gone[0]))
    other = np.flatnonzero((made.hashes != leaves.hashes[alive]).any(axis=1))
    if not other.size:
        return None
    row = int(np.searchsorted(rows.slot, made.slots[other[0]]))
    fault = _at(content, rows, row, f"leaf {made.hashes[other[0]].tobytes().hex()}", "the one that was written")
    return (
        fault
        if leaves.root() == sealed.root
        else Fault(
            content.path.with_suffix(LEAVES),
            leaves.hashes[alive][other[0]].tobytes().hex(),
            fault.found,
            slot=fault.slot,
        )
    )


def _at(content: Content, rows: Rows, row: int, found: str, expected: str) -> Fault:
    """A fault at a row."""
    ends = np.cumsum([group.rows for group in content.notes.groups])
    group = int(np.searchsorted(ends, row, side="right"))
    return Fault(content.path, found, expected, group=group, slot=int(rows.slot[row]))
