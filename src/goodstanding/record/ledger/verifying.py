"""The verifier: goes through the whole ledger and says what is not as it was written, by number.

It works every leaf out again, the chain and the tree, and holds them against what is stored, against every head that
was signed, and against heads that somebody kept elsewhere. Whatever makes reading fail is a finding too: that is what
damaged rows look like. What entries speak of (segments, single events) is looked at by checks that are handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, Row, func, select, text

from goodstanding.record import merkle
from goodstanding.record.ledger.entry import START, Entry, of_row, step
from goodstanding.record.ledger.findings import Check, Fault, Progress, Verdict, silent, tried
from goodstanding.record.ledger.ledger import CHUNK
from goodstanding.record.ledger.signed import SignedHead, SignedHeads
from goodstanding.record.ledger.trust import Trust
from goodstanding.record.merkle import Frontier
from goodstanding.record.notes import Note, Verifier
from goodstanding.record.store import Store, entry, head

MOST_FAULTS: Final = 100
"""Findings that are listed; after so many the rest of the ledger is not read."""


def verify(
    store: Store,
    log: Verifier,
    *,
    trust: Trust | None = None,
    given: Sequence[Note] = (),
    checks: Mapping[str, Check] | None = None,
    progress: Progress = silent,
) -> Verdict:
    """Go through a ledger.

    Args:
        log: the key that its heads are signed with.
        trust: whose cosignatures count.
        given: signed heads that somebody kept elsewhere.
        checks: for a kind of entry, what looks at that which such an entry speaks of.
    """
    signed = SignedHeads(log, trust or Trust())
    signed.read(store)
    signed.bring(given)
    walk = _Walk(signed.heads, checks or {})
    walk.faults += signed.faults
    walk.go(store, progress)
    walk.faults += tried("the head", lambda: walk.end(store))
    walk.faults += tried(store.place, lambda: _integrity(store))
    faults, more = tuple(walk.faults[:MOST_FAULTS]), len(walk.faults) > MOST_FAULTS
    return Verdict(walk.frontier.size, walk.frontier.root(), len(signed.heads), signed.cosignatures, faults, more)


class _Walk:
    """The way from the first entry to the last.

    Attributes:
        chains: what the chain may be by now: what is stored, and what was worked out; they differ after a fault alone.
        broken: an entry is missing or cannot be read, so that no tree can be worked out beyond it.
    """

    def __init__(self, signed: Iterable[SignedHead], checks: Mapping[str, Check]) -> None:
        self.checks = checks
        self.faults: list[Fault] = []
        self.frontier = Frontier()
        self.chains = {START}
        self.recorded = 0
        self.expected = 0
        self.broken = False
        self.signed: dict[int, list[SignedHead]] = {}
        self.fits = 0
        for one in signed:
            self.signed.setdefault(one.head.size, []).append(one)

    def go(self, store: Store, progress: Progress) -> None:
        """Look at all entries, and at what they speak of."""
        total = _total(store)
        self._hold()
        for found in _entries(store, total):
            self.faults += [found] if isinstance(found, Fault) else self._entry(found)
            self.broken = self.broken or isinstance(found, Fault)
            self._hold()
            if len(self.faults) > MOST_FAULTS:
                return
            if self.expected % CHUNK == 0:
                progress(self.expected, total)
        if not self.broken:
            self.faults += [
                Fault(one.where, f"the ledger ends after {self.frontier.size:,}", "as many as were signed for")
                for size in sorted(self.signed)
                for one in self.signed[size]
            ]

    def _entry(self, one: Entry) -> list[Fault]:
        where = f"entry {one.seq:,}"
        faults = tried(where, lambda: self._in_its_place(one, where), one.seq)
        self.broken = self.broken or self.frontier.size != self.expected
        check = self.checks.get(one.kind)
        if check is not None:
            faults += tried(where, lambda: check(one), one.seq)
        return faults

    def _in_its_place(self, one: Entry, where: str) -> Iterator[Fault]:
        if one.seq != self.expected:
            self.broken = True
            yield _gap(self.expected, one.seq - 1)
        self.expected = one.seq + 1
        if type(one.written) is not bytes:  # the same characters as a text: hashed alike, and not what was written
            raise TypeError(f"its body is a {type(one.written).__name__}")
        leaf = merkle.leaf_hash(one.to_bytes())
        fitting = {after: found for found in {one.leaf, leaf} for after in self._after(found)}
        self.frontier.append(fitting.get(one.chain, leaf))
        self.chains = {one.chain, *self._after(leaf)}
        if leaf != one.leaf:
            what = "its leaf was altered" if fitting.get(one.chain) == leaf else "what it says was altered"
            yield Fault(where, f"{what}: SHA-256 is {leaf.hex()}", one.leaf.hex(), one.seq)
        elif one.chain not in fitting and not self.broken:
            yield Fault(where, "the chain does not lead to it: it was altered", "the chain that was written", one.seq)
        if one.recorded <= self.recorded:
            yield Fault(where, f"recorded at {one.recorded}", f"a moment after {self.recorded}", one.seq)
        self.recorded = one.recorded

    def _after(self, leaf: bytes) -> list[bytes]:
        return [step(chain, leaf) for chain in self.chains]

    def _hold(self) -> None:
        """Hold the tree so far against the heads that were signed for its size."""
        size = self.frontier.size
        if self.broken or size not in self.signed:
            return
        for one in self.signed.pop(size):
            if one.head.root != self.frontier.root():
                between = f"entries {self.fits:,} to {size - 1:,} are not those that were signed for"
                self.faults.append(Fault(one.where, between, f"the root {one.head.root.hex()}"))
            elif one.recorded not in {None, self.recorded}:
                self.faults.append(Fault(one.where, f"kept with the moment {one.recorded}", str(self.recorded)))
            else:
                self.fits = size

    def end(self, store: Store) -> Iterator[Fault]:
        """The row that says where the ledger ends."""
        with store.reading() as connection:
            row = connection.execute(select(head)).one()
        if self.broken:
            return
        found = {"size": row.size, "frontier": row.frontier, "chain": row.chain, "recorded": row.recorded}
        wanted = {"size": self.frontier.size, "frontier": self.frontier.to_bytes(), "recorded": self.recorded}
        for name, value in wanted.items():
            if found[name] != value:
                yield Fault("the head", f"its {name} is {_shown(found[name])}", _shown(value))
        if row.chain not in self.chains:
            yield Fault("the head", f"its chain is {_shown(row.chain)}", "the chain of the last entry")


def _gap(first: int, last: int) -> Fault:
    where = f"entry {first:,}" if first == last else f"entries {first:,} to {last:,}"
    return Fault(where, "gone", "numbers without a gap", first, last)


# --- Reading what may be damaged -------------------------------------------------------------------------------------


def _total(store: Store) -> int | None:
    """How many entries there seem to be; None: that cannot be read."""
    totals: list[int] = []

    def count() -> Iterable[Fault]:
        with store.reading() as connection:
            totals.append((connection.scalar(select(func.max(entry.c.seq))) or 0) + 1)
        return ()

    tried("the entries", count)
    return next(iter(totals), None)


def _entries(store: Store, total: int | None) -> Iterator[Entry | Fault]:
    """All entries in order; of those that cannot be read, the fault."""
    first = 0
    while True:
        chunk: list[Row[tuple[object, ...]]] = []
        faults = tried("the entries", lambda: _load(store, first, chunk))  # noqa: B023 called at once
        if faults:
            yield from _one_by_one(store, first, total)
            yield from faults
            return
        yield from map(of_row, chunk)
        if len(chunk) < CHUNK:
            return
        first = chunk[-1].seq + 1


def _load(store: Store, first: int, chunk: list[Row[tuple[object, ...]]]) -> Iterable[Fault]:
    rows = select(entry).where(entry.c.seq >= first).order_by(entry.c.seq).limit(CHUNK)
    with store.reading() as connection:
        chunk.extend(connection.execute(rows).all())
    return ()


def _one_by_one(store: Store, first: int, total: int | None) -> Iterator[Entry | Fault]:
    """Entries of a piece that cannot be read as a whole, up to the first that cannot be read by itself."""
    for seq in range(first, first + CHUNK if total is None else total):
        chunk: list[Row[tuple[object, ...]]] = []
        faults = tried(f"entry {seq:,}", lambda: _load_one(store, seq, chunk), seq)  # noqa: B023 called at once
        if faults:
            yield from faults
            return
        yield from map(of_row, chunk)


def _load_one(store: Store, seq: int, chunk: list[Row[tuple[object, ...]]]) -> Iterable[Fault]:
    with store.reading() as connection:
        chunk.extend(connection.execute(select(entry).where(entry.c.seq == seq)))
    return ()


def _integrity(store: Store) -> Iterator[Fault]:
    """What SQLite itself finds: indexes and pages that no entry shows. PostgreSQL checks its pages as it reads them."""
    if store.kind != "sqlite":
        return
    with store.reading() as connection:
        yield from _broken_pages(connection)


def _broken_pages(connection: Connection) -> Iterator[Fault]:
    for (line,) in connection.execute(text("PRAGMA integrity_check(10)")):
        if line != "ok":
            yield Fault("the database", " ".join(str(line).split()), "tables and indexes that agree")


def _shown(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


__all__ = ["Check", "Fault", "Progress", "Verdict", "verify"]
