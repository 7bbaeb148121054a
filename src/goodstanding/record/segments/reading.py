"""Reading a segment: what does not match what was written is refused, never returned."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from goodstanding.errors import TamperError
from goodstanding.record.segments.form import SCHEMA, Group, Meta, Notes
from goodstanding.record.segments.rows import WORDS, Rows
from goodstanding.record.segments.writing import PARQUET, path_of

RESTORE = "restore it from a backup"


def read_segment(
    folder: Path, root: bytes, columns: Sequence[str] | None = None, *, digest: bytes | None = None
) -> pa.Table:
    """The rows of a segment, by slot, time and id, in the columns of `form.SCHEMA`; strings that repeat as codes.

    Args:
        columns: those that are wanted; by default all.
        digest: of the file, as the ledger has it. Without it a changed page is found, by Parquet's own sums, and a
            file written anew is not.

    Raises:
        TamperError: the file is missing, or not as it was written.
    """
    return Content.of(path_of(folder, root, PARQUET), digest).table(columns)


def meta_of(folder: Path, root: bytes) -> Meta:
    """What a segment's file says of all its rows.

    Raises:
        TamperError: the file is missing, or damaged there.
    """
    return Content.of(path_of(folder, root, PARQUET)).notes.meta


@dataclass(frozen=True, slots=True)
class Content:
    """A segment's file in memory, and what it says of itself."""

    path: Path
    file: bytes
    notes: Notes

    @classmethod
    def of(cls, path: Path, digest: bytes | None = None) -> Content:
        """Read a file.

        Raises:
            TamperError: it is missing, its digest is another, or it is no segment.
        """
        try:
            file = path.read_bytes()
        except FileNotFoundError:
            raise TamperError(f"{path}: missing; {RESTORE}") from None
        if digest is not None and (found := hashlib.sha256(file).digest()) != digest:
            raise TamperError(f"{path}: its SHA-256 is {found.hex()}; expected {digest.hex()}; {RESTORE}")
        notes = Notes.find(file)
        if notes is None:
            raise TamperError(f"{path}: not a segment, or damaged at its foot; {RESTORE}")
        return cls(path, file, notes)

    def table(self, columns: Sequence[str] | None = None, groups: Sequence[int] | None = None) -> pa.Table:
        """The rows of some row groups, by default of all.

        Raises:
            TamperError: they cannot be read.
        """
        wanted = list(SCHEMA.names if columns is None else columns)
        try:
            file = parquet.ParquetFile(
                pa.BufferReader(self.file), read_dictionary=list(WORDS), page_checksum_verification=True
            )
            groups = range(file.num_row_groups) if groups is None else groups
            return file.read_row_groups(list(groups), columns=wanted).select(wanted)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise TamperError(f"{self.path}: not readable ({' '.join(str(error).split())[:200]}); {RESTORE}") from error

    def rows(self, groups: Sequence[int] | None = None) -> Rows:
        """The same as arrays."""
        table: Any = self.table(groups=groups)
        return Rows.read(table, table.column("slot").to_numpy())

    def groups_of(self, slot: int) -> list[int]:
        """The row groups in which a person's rows can lie."""
        return [place for place, group in enumerate(self.notes.groups) if group.first <= slot <= group.last]

    def rows_of(self, slot: int) -> Rows:
        """The rows of one person; only the row groups that hold them are decoded."""
        rows = self.rows(self.groups_of(slot))
        return rows.take(np.flatnonzero(rows.slot == slot))

    def faulty_group(self) -> tuple[int, Group] | None:
        """The first row group that is not as its sum says."""
        for place, group in enumerate(self.notes.groups):
            if hashlib.sha256(self.file[group.start : group.stop]).hexdigest() != group.sum:
                return place, group
        return None
