"""What a home has at hand to take events in: what is known, by hashes, and the latest that each source has sent.

One of it for each open home, and one lock: events come in one batch, or one group of single events, after the other.
All of it is derived from segments and the store, and brought up to date at the beginning of each.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from threading import Lock, RLock
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import func, select

from goodstanding.record.home import SEGMENTS, Home
from goodstanding.record.ingest.columns import from_dictionaries, from_table
from goodstanding.record.ingest.conflicts import HELD, SINGLE, TOGETHER, unpacked
from goodstanding.record.ingest.fingerprints import Fingerprints, Hasher
from goodstanding.record.ingest.known import FOLDER, Known
from goodstanding.record.ingest.members import Members
from goodstanding.record.ingest.runs import Memory, in_order
from goodstanding.record.ingest.sources import Source, consents_of, require
from goodstanding.record.ledger import Entry
from goodstanding.record.ledger.entries.events import SegmentSealed
from goodstanding.record.segments import read_segment
from goodstanding.record.store import head, held, single

Progress = Callable[[int, int | None], None]


def in_silence(_done: int, _total: int | None = None) -> None:
    """Tell nobody how far the work is."""


class Intake:
    """The intake of one home; ask `intake_of` for it.

    Attributes:
        lock: held by whoever takes events in.
        latest: by source, the latest time of an event in a segment.
        waiting: how many single events lie in no segment; None: nobody has counted them yet.
    """

    def __init__(self, home: Home) -> None:
        self.home = home
        self.lock = RLock()
        self.hasher = Hasher(home.keys.hashing)
        self.known = Known(home.folder / FOLDER, home.disk, self.hasher.check)
        self.latest: dict[str, int] = {}
        self._segments: dict[bytes, tuple[str, int]] = {}
        self._next = 0
        self.waiting: int | None = None
        self._held: dict[str, Memory] = {}
        self._senders: dict[str, tuple[Source, Members | None]] = {}

    def refresh(self, progress: Progress = in_silence) -> None:
        """Take note of what the ledger says since the last time; read again what the runs do not know.

        Args:
            progress: told events read and events to read.

        Raises:
            OvertakenError: another process has begun to write to the home since.
        """
        self.home.store.require_place()
        with self.home.store.reading() as connection:
            size = int(connection.execute(select(head.c.size)).scalar_one())
        if size == self._next and self.known.is_whole:
            return
        self._senders.clear()
        for entry in self.home.ledger.entries(self._next, size - 1, kind=SegmentSealed.KIND):
            sealed = entry.read(SegmentSealed)
            self._segments[bytes.fromhex(sealed.root)] = entry.source, sealed.rows
            self.latest[entry.source] = max(self.latest.get(entry.source, sealed.last), sealed.last)
        self._next = size
        missing = self.known.reconcile(self._segments.keys())
        if missing:
            self._read_again(missing, progress)

    def noted(self, entries: Sequence[Entry]) -> None:
        """Entries that say nothing of segments or sources were added by whoever holds the lock."""
        if entries[0].seq == self._next:
            self._next = entries[-1].seq + 1

    def _read_again(self, roots: set[bytes], progress: Progress) -> None:
        """Derive what is known of some segments from their rows."""
        total, done = sum(self._segments[root][1] for root in roots), 0
        for root in sorted(roots, key=list(self._segments).index):
            source, rows = self._segments[root]
            prints = self._of_segment(root, source)
            order = in_order(prints.ids)
            self.known.add(prints.ids[order], prints.contents[order], root)
            done += rows
            progress(done, total)
        self.known.keep()

    def _of_segment(self, root: bytes, source: str) -> Fingerprints:
        table = read_segment(self.home.folder / SEGMENTS, root)
        people = self.home.people.ids(table.column("slot").to_numpy())
        return self.hasher.rows(source, from_table(table, source, people))

    def singles(self, source: str, ids: Sequence[str] | None = None) -> Memory:
        """The single events of a source that lie in no segment yet: all, or those of some ids."""
        columns = (single.c.source, single.c.slot, single.c.packed)
        asked = select(*columns).where(single.c.source == source)
        with self.home.store.reading() as connection:
            if ids is None:
                rows = list(connection.execute(asked))
            else:
                some = [ids[at : at + TOGETHER] for at in range(0, len(ids), TOGETHER)]
                rows = [row for few in some for row in connection.execute(asked.where(single.c.id.in_(few)))]
        if not rows:
            return _nothing(SINGLE)
        prints = self.hasher.rows(source, from_dictionaries(unpacked(self.home, rows)))
        return Memory.of(prints.ids, prints.contents, SINGLE)

    def held(self, source: str) -> Memory:
        """The events of a source that are, or were, in quarantine."""
        if source not in self._held:
            with self.home.store.reading() as connection:
                names = connection.scalars(select(held.c.id).where(held.c.source == source)).all()
            hashes = np.frombuffer(bytes.fromhex("".join(names)), ">u8").astype(np.uint64).reshape(-1, 2)
            self._held[source] = Memory.of(hashes[:, 0].copy(), hashes[:, 1].copy(), HELD)
        return self._held[source]

    def held_anew(self, source: str) -> None:
        """Something was put into quarantine: what is known of it is read again when next asked for."""
        self._held.pop(source, None)

    def sender(self, name: str) -> tuple[Source, Members | None]:
        """What a source may send, and who consented to it; None where nobody need be asked.

        Raises:
            RecordError: it is not registered, or the file of those who consented is missing or damaged.
        """
        if name not in self._senders:
            with self.home.store.reading() as connection:
                found = require(connection, name, self.home.folder)
            self._senders[name] = found, consents_of(self.home, found)
        return self._senders[name]

    def forget(self, roots: Collection[bytes]) -> None:
        """Some segments were written anew, and single events are gone: what is known of them is derived again."""
        with self.lock:
            self.known.leave(roots)
            self.waiting = None
            self._held.clear()

    def latest_of(self, source: str) -> int | None:
        """The latest time of an event that a source has sent; None: it has sent none."""
        with self.home.store.reading() as connection:
            newest = connection.scalar(select(func.max(single.c.time)).where(single.c.source == source))
        times = [time for time in (newest, self.latest.get(source)) if time is not None]
        return max(times, default=None)


def held_name(ids: int, contents: int) -> str:
    """What an event is called in quarantine: its two hashes."""
    return f"{int(ids):016x}{int(contents):016x}"


def _nothing(place: bytes) -> Memory:
    return Memory.of(np.empty(0, np.uint64), np.empty(0, np.uint64), place)


_intakes: Final[WeakKeyDictionary[Home, Intake]] = WeakKeyDictionary()
_making: Final = Lock()


def intake_of(home: Home) -> Intake:
    """The one intake of an open home."""
    with _making:
        if home not in _intakes:
            _intakes[home] = Intake(home)
        return _intakes[home]
