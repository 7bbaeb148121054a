"""A run: the hashes of very many events in ascending order, in one file that is read in place.

    header   magic, what tells the key, rows, segments, rows of a block      40 bytes, little-endian
    roots    of the segments in which the events stand                       32 bytes each
    blocks   hashes of ids, hashes of contents, numbers of segments          8, 8 and 4 bytes a row
    fences   the first hash of each block                                    8 bytes each
    sums     CRC-32 of each block, and of everything else                    4 bytes each

Runs are derived from segments and can be deleted. They stand for whole segments, so that what a run says can be held
against the ledger: a run that names a segment which was never sealed counts for nothing.
"""

from __future__ import annotations

import mmap
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from goodstanding.record.disk import Disk
from goodstanding.record.ingest.fingerprints import Hashes
from goodstanding.record.ingest.probing import compare, find, order_of

MAGIC: Final = b"GSKNOWN1"
HEADER: Final = struct.Struct("<8sQQQQ")
ROOT_BYTES: Final = 32
BLOCK_ROWS: Final = 1 << 16
ROW_BYTES: Final = 8 + 8 + 4
MERGED_ROWS: Final = 1 << 18
"""Rows that are merged in memory at once."""
RELEASED_BYTES: Final = 32 << 20
"""After so many bytes of a run have been looked at, its pages are given back to the system."""


class DamagedRunError(Exception):
    """A file of known events is no run, is of another key, or is not as it was written."""

    def __init__(self, path: Path, said: str) -> None:
        super().__init__(f"{path}: {said}")
        self.path = path


class Entries(NamedTuple):
    """Hashes in ascending order of ids, and the number of each one's segment."""

    ids: Hashes
    contents: Hashes
    segments: npt.NDArray[np.uint32]

    def part(self, some: Any) -> Entries:
        """Some of them, by a slice or their places."""
        return Entries(self.ids[some], self.contents[some], self.segments[some])


def in_order(ids: Hashes) -> npt.NDArray[np.uint32]:
    """Rows in the ascending order of their hashes; equal ones as they came."""
    order = np.empty(len(ids), np.uint32)
    order_of(ids, order, np.empty(len(ids), np.uint32))
    return order


@dataclass(slots=True)
class Found:
    """What is on record of ascending hashes that were looked up.

    Attributes:
        states: NEW, KNOWN or OTHER.
        segments: where OTHER, a number in `roots`.
    """

    states: npt.NDArray[np.uint8]
    segments: npt.NDArray[np.int64]
    roots: list[bytes]

    @classmethod
    def nothing(cls, size: int) -> Found:
        """All are new."""
        return cls(np.zeros(size, np.uint8), np.full(size, -1, np.int64), [])


class Memory:
    """A few hashes that lie in memory, not in a run.

    Args:
        entries: in ascending order; the numbers of segments are those of `places`.
        places: what stands where a run has roots.
    """

    def __init__(self, entries: Entries, places: Sequence[bytes]) -> None:
        self.entries, self.places = entries, list(places)

    @classmethod
    def of(cls, ids: Hashes, contents: Hashes, place: bytes) -> Memory:
        """Of rows in any order, all in one place."""
        order = in_order(ids)
        return cls(Entries(ids[order], contents[order], np.zeros(len(order), np.uint32)), [place])

    def look_up(self, ids: Hashes, contents: Hashes, found: Found) -> None:
        """Add to what is found of some ascending hashes."""
        first = len(found.roots)
        found.roots += self.places
        places = np.empty(len(ids), np.int64)
        find(self.entries.ids, ids, places)
        compare(*self.entries, first, ids, contents, places, found.states, found.segments)


class Run:
    """One run, opened: its blocks are mapped, not read.

    Raises:
        DamagedRunError: it is no run, it is cut short, or it is of another key.
    """

    def __init__(self, path: Path, check: int) -> None:
        self.path = path
        with path.open("rb") as file:
            try:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:
                raise DamagedRunError(path, "empty") from error
        if len(self._map) < HEADER.size:
            raise DamagedRunError(path, "cut short")
        magic, self._check, self.size, roots, block = HEADER.unpack_from(self._map)
        self._first = HEADER.size + roots * ROOT_BYTES
        self._last = self._first + self.size * ROW_BYTES
        blocks = -(-self.size // BLOCK_ROWS)
        whole = self._last + blocks * 12 + 4
        if (magic, self._check, block, len(self._map)) != (MAGIC, check, BLOCK_ROWS, whole):
            raise DamagedRunError(path, f"not {whole} bytes of a run under this home's key")
        self.roots = [self._map[at : at + ROOT_BYTES] for at in range(HEADER.size, self._first, ROOT_BYTES)]
        self.fences = np.frombuffer(self._map, np.uint64, blocks, self._last).copy()
        self._sums = np.frombuffer(self._map, np.uint32, blocks, self._last + blocks * 8).copy()
        frame = zlib.crc32(self._map[self._last : -4], zlib.crc32(self._map[: self._first]))
        if frame != int.from_bytes(self._map[-4:], "little"):
            raise DamagedRunError(path, "its frame is not as it was written")

    def block(self, number: int) -> Entries:
        """One block, in place."""
        at, rows = self._first + number * BLOCK_ROWS * ROW_BYTES, self._rows_of(number)
        return Entries(
            np.frombuffer(self._map, np.uint64, rows, at),
            np.frombuffer(self._map, np.uint64, rows, at + rows * 8),
            np.frombuffer(self._map, np.uint32, rows, at + rows * 16),
        )

    def look_up(self, ids: Hashes, contents: Hashes, found: Found) -> None:
        """Add to what is found of some ascending hashes."""
        first_root = len(found.roots)
        found.roots += self.roots
        places = np.empty(len(ids), np.int64)
        begins = np.searchsorted(ids, self.fences)
        ends = np.append(np.searchsorted(ids, self.fences[1:], side="right"), len(ids))
        seen = 0
        for number in np.flatnonzero(begins < ends):
            begin, end = begins[number], ends[number]
            block, part = self.block(int(number)), slice(begin, end)
            find(block.ids, ids[part], places[part])
            states, segments = found.states[part], found.segments[part]
            compare(*block, first_root, ids[part], contents[part], places[part], states, segments)
            seen += block.ids.nbytes
            if seen > RELEASED_BYTES:
                seen = 0
                self.release()
        if seen > RELEASED_BYTES // 4:
            self.release()

    def part(self, low: int, high: int) -> Entries:
        """All rows whose hash of an id is at least `low` and below `high`."""
        first = max(int(np.searchsorted(self.fences, np.uint64(low))) - 1, 0)
        last = int(np.searchsorted(self.fences, np.uint64(high - 1), side="right"))
        pieces = []
        for number in range(first, last):
            block = self.block(number)
            begin = int(np.searchsorted(block.ids, np.uint64(low)))
            end = int(np.searchsorted(block.ids, np.uint64(high - 1), side="right"))
            pieces.append(block.part(slice(begin, end)))
        return joined(pieces)

    def check_blocks(self) -> None:
        """Hold every block against the sum kept of it.

        Raises:
            DamagedRunError: one is not as it was written.
        """
        for number, kept in enumerate(self._sums):
            at = self._first + number * BLOCK_ROWS * ROW_BYTES
            with memoryview(self._map) as whole:
                if zlib.crc32(whole[at : at + self._rows_of(number) * ROW_BYTES]) != kept:
                    raise DamagedRunError(self.path, f"block {number} is not as it was written")
        self.release()

    def release(self) -> None:
        """Give the pages that were looked at back to the system; they are read again when needed."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def _rows_of(self, number: int) -> int:
        return min(BLOCK_ROWS, self.size - number * BLOCK_ROWS)


def joined(pieces: Sequence[Entries]) -> Entries:
    """Stretches one after the other, in one piece."""
    if not pieces:
        return Entries(np.empty(0, np.uint64), np.empty(0, np.uint64), np.empty(0, np.uint32))
    ids, contents, segments = (list(columns) for columns in zip(*pieces, strict=True))
    return Entries(np.concatenate(ids), np.concatenate(contents), np.concatenate(segments))


def write_run(
    disk: Disk, path: Path, check: int, *, rows: int, roots: Sequence[bytes], pieces: Iterable[Entries]
) -> None:
    """Write a run of pieces that follow each other in ascending order."""
    disk.write(path, _written(check, rows, roots, pieces))


def _written(check: int, rows: int, roots: Sequence[bytes], pieces: Iterable[Entries]) -> Iterator[bytes]:
    header = HEADER.pack(MAGIC, check, rows, len(roots), BLOCK_ROWS) + b"".join(roots)
    yield header
    fences, sums = [], []
    for block in _blocks(pieces):
        data = b"".join(column.tobytes() for column in block)
        fences.append(block.ids[0])
        sums.append(zlib.crc32(data))
        yield data
    tail = np.array(fences, np.uint64).tobytes() + np.array(sums, np.uint32).tobytes()
    yield tail + zlib.crc32(tail, zlib.crc32(header)).to_bytes(4, "little")


def _blocks(pieces: Iterable[Entries]) -> Iterator[Entries]:
    """The same rows in blocks of one size, but for the last."""
    held = joined([])
    for piece in pieces:
        held = joined([held, piece]) if len(held.ids) else piece
        whole = len(held.ids) // BLOCK_ROWS * BLOCK_ROWS
        for at in range(0, whole, BLOCK_ROWS):
            yield held.part(slice(at, at + BLOCK_ROWS))
        held = held.part(slice(whole, None))
    if len(held.ids):
        yield held


def merged(runs: Sequence[Run]) -> Iterator[Entries]:
    """The rows of several runs as one, in pieces; segments are numbered through all runs' roots in turn.

    Raises:
        DamagedRunError: a block of one is not as it was written.
    """
    for run in runs:
        run.check_blocks()
    parts = max(1, -(-sum(run.size for run in runs) // MERGED_ROWS))
    bounds = [2**64 * number // parts for number in range(parts + 1)]
    firsts = np.cumsum([0, *(len(run.roots) for run in runs)]).astype(np.uint32)
    for low, high in pairwise(bounds):
        pieces = [run.part(low, high) for run in runs]
        both = joined([piece._replace(segments=piece.segments + first) for piece, first in zip(pieces, firsts)])  # noqa: B905 firsts has one more
        order = in_order(both.ids)
        yield both.part(order)
        for run in runs:
            run.release()
