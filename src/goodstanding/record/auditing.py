"""What the ledger's entries speak of, looked at: segments, events that lie in none yet, what sources may send."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from goodstanding.record import merkle
from goodstanding.record.clock import Clock
from goodstanding.record.erasing import digests_after, erased_slots
from goodstanding.record.home import SEGMENTS, Home, where
from goodstanding.record.ingest import taken_leaf
from goodstanding.record.ingest.sources import listed
from goodstanding.record.keys import Keys
from goodstanding.record.ledger import Entry
from goodstanding.record.ledger.entries.events import EventsSealed, EventsTaken, SegmentSealed
from goodstanding.record.ledger.entries.ingest import SourceRegistered
from goodstanding.record.ledger.findings import Check, Fault, Progress, Verdict, silent
from goodstanding.record.ledger.trust import Trust
from goodstanding.record.ledger.verifying import verify
from goodstanding.record.nameplate import Nameplate
from goodstanding.record.notes import Note, Signer
from goodstanding.record.segments import Sealed, check_segment
from goodstanding.record.store import open_store, single


def audit(
    folder: Path,
    *,
    clock: Clock,
    trust: Trust | None = None,
    given: Sequence[Note] = (),
    deep: bool = True,
    progress: Progress = silent,
) -> Verdict:
    """Go through the whole record of a home; if it cannot be opened that is a finding, and its ledger is read anyhow.

    Args:
        trust: whose cosignatures count.
        given: signed heads that somebody kept elsewhere.
        deep: whether to hash all rows of segments anew.

    Raises:
        RecordError: the folder is no home, or its keys cannot be read.
        StoreError: the store is not there, cannot be reached, or is so damaged that nothing of it can be read.
    """
    log = Signer(Nameplate.read(folder).origin, Keys.read(folder).signing).verifier
    try:
        with Home.open(folder, clock=clock, read_only=True) as home:
            checks = checks_of(home, deep=deep)
            return verify(home.store, log, trust=trust, given=given, checks=checks, progress=progress)
    except Exception as fault:  # noqa: BLE001 whatever it is: what is damaged can make anything fail
        found = Fault("the home", f"cannot be opened: {' '.join(str(fault).split())}", "one that opens")
    store = open_store(where(folder, Nameplate.read(folder), None), read_only=True)
    try:
        verdict = verify(store, log, trust=trust, given=given, progress=progress)
    finally:
        store.close()
    return replace(verdict, faults=(*verdict.faults, found))


def checks_of(home: Home, *, deep: bool = True) -> Mapping[str, Check]:
    """By kind of entry, what looks at that which such an entry of a home speaks of; for the ledger's verifier.

    Args:
        deep: whether to hash all rows of segments anew, person by person; else their files are held against their sums.
    """
    return {
        SegmentSealed.KIND: _Segments(home, deep=deep),
        EventsTaken.KIND: _Singles(home),
        SourceRegistered.KIND: _Sources(home),
    }


class _Segments:
    """Holds the files of segments against what was said when they were sealed, or when somebody was erased."""

    def __init__(self, home: Home, *, deep: bool) -> None:
        self.home, self.deep = home, deep
        self.digests = digests_after(home)

    def __call__(self, one: Entry) -> Iterator[Fault]:
        said = one.read(SegmentSealed)
        sealed = Sealed(
            root=bytes.fromhex(said.root),
            digest=bytes.fromhex(self.digests[said.root]),
            nonce=bytes.fromhex(said.nonce),
            rows=said.rows,
            people=said.people,
            bytes=said.bytes,
            first=said.first,
            last=said.last,
        )
        fault = check_segment(self.home.folder / SEGMENTS, sealed, self.home.people.keys_of, deep=self.deep)
        if fault is not None:
            yield Fault(f"segment {said.root[:16]}", str(fault), f"what entry {one.seq:,} says", one.seq)


class _Sources:
    """Holds what the store says that sources may send against what was said last of each."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.last = {
            one.read(SourceRegistered).name: one.seq for one in home.ledger.entries(kind=SourceRegistered.KIND)
        }

    def __call__(self, one: Entry) -> Iterator[Fault]:
        with self.home.store.reading() as connection:
            there = {source.name: source for source in listed(connection)}
        said = one.read(SourceRegistered)
        found = there.get(said.name)
        if self.last[said.name] == one.seq and (
            found is None or (found.body(), found.recorded) != (said, one.recorded)
        ):
            yield Fault(f"source {said.name}", "what it may send was altered", f"what entry {one.seq:,} says", one.seq)
        if one.seq == max(self.last.values()):
            for name in sorted(there.keys() - self.last.keys()):
                yield Fault(f"source {name}", "may send events", "an entry that registered it")


class _Singles:
    """Holds single events that lie in the store against what was said when they were taken."""

    def __init__(self, home: Home) -> None:
        self.home = home
        moved = home.ledger.entries(kind=EventsSealed.KIND)
        self.moved = {seq for entry in moved for seq in entry.read(EventsSealed).taken}
        self.some_erased = bool(erased_slots(home))

    def __call__(self, one: Entry) -> Iterable[Fault]:
        said, where = one.read(EventsTaken), f"the events that entry {one.seq:,} took"
        with self.home.store.reading() as connection:
            rows = connection.execute(select(single).where(single.c.seq == one.seq).order_by(single.c.row)).all()
        for row in rows:
            leaf = taken_leaf(self.home.people.key(row.slot), one.seq, row.packed)
            if leaf != row.leaf or row.recorded != one.recorded:
                yield Fault(where, f"number {row.row:,} was altered", "the event that was taken", one.seq)
        if len(rows) == said.rows:
            if merkle.root([row.leaf for row in rows]).hex() != said.root:
                yield Fault(where, "are others than those that were taken", f"the root {said.root}", one.seq)
        elif len(rows) > said.rows or not (one.seq in self.moved or self.some_erased):
            yield Fault(where, f"are {len(rows):,}", f"{said.rows:,}", one.seq)
