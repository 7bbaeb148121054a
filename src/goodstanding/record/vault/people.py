"""People: a slot for each public id, from 0 on in the order in which they came, and a key of 32 random bytes.

Three flat files: `people.ids` (the ids, one after the other), `people.ends` (8 bytes a slot: where its id ends),
`people.keys` (32 bytes a slot). They only grow, but for erasure, which writes zeros over an id and a key in place: the
slot stays, and is nobody's. How many slots count is what the ledger says; what lies beyond is cut off.

A fourth file, `people.table`, is derived from them (see `table`).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.book.coding import buffers
from goodstanding.errors import TamperError
from goodstanding.record.disk import Disk
from goodstanding.record.moving import settled
from goodstanding.record.vault import finding
from goodstanding.record.vault.table import CHUNK, Table

IDS, ENDS, KEYS, TABLE = "people.ids", "people.ends", "people.keys", "people.table"
KEY: Final = 32
END: Final = 8
MOST: Final = 2**32 - 2
"""Slots: a segment holds them in four bytes."""

UNSAVED_SHARE: Final = 8
"""The table is saved once it covers an eighth more people than its file: building that share again takes no time."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is on the disk, mapped."""

    ends: NDArray[np.int64]
    ids: NDArray[np.uint8]
    keys: NDArray[np.uint8]

    @classmethod
    def of(cls, folder: Path, size: int) -> _Kept:
        """The first so many people."""
        ends = _mapped(folder / ENDS, size * END).view(np.int64)
        length = int(ends[-1]) if size else 0
        return cls(ends, _mapped(folder / IDS, length), _mapped(folder / KEYS, size * KEY).reshape(size, KEY))


class _New:
    """Who was enrolled and is not on the disk yet."""

    def __init__(self) -> None:
        self.count = 0
        self.ends = np.zeros(1, np.int64)
        self.ids = np.zeros(0, np.uint8)
        self.keys = np.zeros((0, KEY), np.uint8)

    def make_room(self, more: int, length: int) -> None:
        """For so many people, and bytes of ids."""
        self.ends = _with_room(self.ends, self.count + 1 + more)
        self.ids = _with_room(self.ids, int(self.ends[self.count]) + length)

    def draw_keys(self, count: int) -> None:
        """For all up to so many."""
        drawn = np.frombuffer(secrets.token_bytes((count - self.count) * KEY), np.uint8)
        self.keys = _with_room(self.keys, count)
        self.keys[self.count : count] = drawn.reshape(-1, KEY)
        self.count = count


class People:
    """Everybody whom a home knows. One writer; its calls may come from several threads.

    Args:
        secret: the home's key of hashes.
        size: how many people the ledger knows of.
        read_only: leave what lies beyond where it is; nobody can be enrolled.

    Raises:
        TamperError: the files hold fewer.
    """

    def __init__(self, folder: Path, disk: Disk, secret: bytes, size: int, *, read_only: bool = False) -> None:
        self._folder = folder
        self._disk = disk
        self._is_read_only = read_only
        self._lock = RLock()
        self._table = Table(secret)
        self._is_built = False
        self._saved = 0
        _require_whole(folder, size)
        self._kept = _Kept.of(folder, size)
        self._new = _New()
        if not read_only:
            self._cut_files(size)

    @property
    def size(self) -> int:
        """How many slots there are, those not yet on the disk among them."""
        return self._kept.ends.size + self._new.count

    def find(self, ids: pa.Array) -> NDArray[np.int64]:
        """The slot of each of some ids; -1 for those that nobody has, or nobody any more."""
        with self._lock:
            return self._find(ids, enrolling=False)

    def enrol(self, ids: pa.Array) -> NDArray[np.int64]:
        """The slot of each of some ids; who is not known yet gets one, and is kept with the next `commit`."""
        assert not self._is_read_only
        with self._lock:
            return self._find(ids, enrolling=True)

    def commit(self) -> None:
        """Put the new ones on the disk; they count once an entry of the ledger says so.

        Raises:
            OSError: as the disk does; nobody has become known then.
        """
        with self._lock:
            kept, new, size = self._kept, self._new, self.size
            if not new.count:
                return
            length = kept.ids.size
            ends = new.ends[1 : new.count + 1] + length
            self._disk.append(self._folder / IDS, _bytes(new.ids[: int(new.ends[new.count])]), length)
            self._disk.append(self._folder / ENDS, _bytes(ends), kept.ends.size * END)
            self._disk.append(self._folder / KEYS, _bytes(new.keys[: new.count]), kept.ends.size * KEY)
            self._kept, self._new = _Kept.of(self._folder, size), _New()
            if self._table.count > self._saved + self._saved // UNSAVED_SHARE + CHUNK:
                self.save_table()

    def cut(self, size: int) -> None:
        """Forget all slots from `size` on, on the disk too: no entry of the ledger came to know of them."""
        with self._lock:
            if size >= self.size:
                return
            if self._is_built:
                self._table.cut(size)
            new, before = self._new, self._kept.ends.size
            self._new = _New()
            if size <= before:
                self._kept = _Kept.of(self._folder, size)
                self._cut_files(size)
                return
            new.count = size - before
            self._new = new

    def ids(self, slots: NDArray[Any]) -> pa.LargeStringArray:
        """The public ids of some slots; null for who is erased."""
        with self._lock:
            kept, new = self._kept, self._new
        slots = slots.astype(np.int64)
        _require_known(slots, kept.ends.size + new.count)
        late = slots >= kept.ends.size
        places = np.argsort(late, kind="stable")
        early = _texts(slots[~late], kept.ends, kept.ids)
        rest = _texts(slots[late] - kept.ends.size, settled(new.ends[1 : new.count + 1]), settled(new.ids))
        return pa.concat_arrays([early, rest]).take(pa.array(np.argsort(places, kind="stable")))

    def key(self, slot: int) -> bytes:
        """The key of one person; zeros once they are erased."""
        return self.keys_of(np.array([slot])).tobytes()

    def keys_of(self, slots: NDArray[Any]) -> NDArray[np.uint8]:
        """The keys of some people, n × 32; zeros once they are erased."""
        with self._lock:
            kept, new = self._kept, self._new
        slots = slots.astype(np.int64)
        _require_known(slots, kept.ends.size + new.count)
        late = slots >= kept.ends.size
        if not late.any():
            return np.take(kept.keys, slots, axis=0)
        keys = np.empty((slots.size, KEY), np.uint8)
        keys[~late], keys[late] = kept.keys[slots[~late]], new.keys[slots[late] - kept.ends.size]
        return keys

    def erase(self, slots: Iterable[int]) -> None:
        """Write zeros over the ids and keys of some people; doing it again changes nothing.

        The id goes first: a process that is stopped between the two leaves a key that belongs to no name.
        """
        with self._lock:
            ends = self._kept.ends
            for slot in slots:
                assert 0 <= slot < ends.size, "only who is on the disk can be erased"
                before = int(ends[slot - 1]) if slot else 0
                self._disk.overwrite(self._folder / IDS, before, bytes(int(ends[slot]) - before))
                self._disk.overwrite(self._folder / KEYS, slot * KEY, bytes(KEY))

    def save_table(self) -> None:
        """Save the table of all people on the disk, so that a home opens faster next time."""
        with self._lock:
            if self._is_built and not self._new.count and not self._is_read_only and self._table.count != self._saved:
                self._table.save(self._disk, self._folder / TABLE, self._kept.keys)
                self._saved = self._table.count

    def _find(self, ids: pa.Array, *, enrolling: bool) -> NDArray[np.int64]:
        self._build()
        data, starts = (settled(part) for part in buffers(ids))
        out = np.empty(len(ids), np.int64)
        for first in range(0, out.size, CHUNK):
            part = out[first : first + CHUNK]
            hashes = np.empty(part.size, np.uint64)
            table, kept, new = self._table, self._kept, self._new
            stored = (kept.ends, kept.ids)
            finding.find(
                data, starts, first, table.key, table.entries, table.bits, *stored, new.ends, new.ids, hashes, part
            )
            if enrolling:
                self._enrol(data, starts, first, hashes, part)
        return out

    def _enrol(
        self,
        data: NDArray[np.uint8],
        starts: NDArray[np.int64],
        first: int,
        hashes: NDArray[np.uint64],
        out: NDArray[np.int64],
    ) -> None:
        unknown = np.flatnonzero(out < 0)
        if not unknown.size:
            return
        sizes = np.diff(starts[first : first + out.size + 1])[unknown]
        assert sizes.min() > 0
        assert self.size + unknown.size <= MOST
        table, kept, new = self._table, self._kept, self._new
        table.make_room(self.size + unknown.size)
        new.make_room(unknown.size, int(sizes.sum()))
        stored = (kept.ends, kept.ids)
        count = finding.enrol(
            data, starts, first, hashes, table.entries, table.bits, *stored, new.ends, new.ids, new.count, out
        )
        new.draw_keys(int(count))
        table.count = self.size

    def _build(self) -> None:
        if self._is_built:
            return
        self._table.load(self._folder / TABLE, self._kept.keys)
        self._saved = self._table.count
        self._table.take_in(self._kept.ends, self._kept.ids)
        self._is_built = True
        if self._table.count > self._saved + self._saved // UNSAVED_SHARE + CHUNK:
            self.save_table()

    def _cut_files(self, size: int) -> None:
        """End each file where its first so many people end."""
        for name, length in ((IDS, self._kept.ids.size), (ENDS, size * END), (KEYS, size * KEY)):
            path = self._folder / name
            if path.exists() and path.stat().st_size > length:
                self._disk.append(path, b"", length)


def _require_whole(folder: Path, size: int) -> None:
    """Whether the files hold as many people as the ledger knows.

    Raises:
        TamperError: they hold fewer.
    """
    for name, length in ((ENDS, size * END), (KEYS, size * KEY)):
        _require_length(folder / name, length, size)
    if size:
        ends = _mapped(folder / ENDS, size * END).view(np.int64)
        _require_length(folder / IDS, int(ends[-1]), size)


def _require_length(path: Path, length: int, size: int) -> None:
    found = path.stat().st_size if path.exists() else 0
    if found < length:
        raise TamperError(f"{path}: {found:,} bytes; expected {length:,}, for {size:,} people; restore the vault")


def _require_known(slots: NDArray[np.int64], size: int) -> None:
    assert not slots.size or (slots.min() >= 0 and slots.max() < size), "a slot that nobody has"


def _mapped(path: Path, length: int) -> NDArray[np.uint8]:
    """The beginning of a file, by memory map."""
    if not length:
        return settled(np.zeros(0, np.uint8))
    return np.asarray(np.memmap(path, np.uint8, "r", shape=(length,)))


def _with_room(array: NDArray[Any], needed: int) -> NDArray[Any]:
    """The same array with room for so many entries; doubled, so that growing costs little in all."""
    if len(array) >= needed:
        return array
    grown = np.zeros((max(needed, 2 * len(array)), *array.shape[1:]), array.dtype)
    grown[: len(array)] = array
    return grown


def _bytes(array: NDArray[Any]) -> memoryview:
    return np.ascontiguousarray(array).data.cast("B")


def _texts(slots: NDArray[np.int64], ends: NDArray[np.int64], ids: NDArray[np.uint8]) -> pa.LargeStringArray:
    bounds = np.zeros(slots.size + 1, np.int64)
    finding.gather(slots, ends, ids, bounds, np.zeros(0, np.uint8))
    data = np.zeros(int(bounds[-1]), np.uint8)
    finding.gather(slots, ends, ids, bounds, data)
    given = data[bounds[:-1]] != 0
    valid = pa.py_buffer(np.packbits(given, bitorder="little"))
    return pa.LargeStringArray.from_buffers(slots.size, pa.py_buffer(bounds), pa.py_buffer(data), valid)
