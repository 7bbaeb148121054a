"""Ledgers for tests: kinds of entry, what is said, and ledgers with many entries."""

from __future__ import annotations

from goodstanding.record.clock import Recorder, SetClock
from goodstanding.record.ledger import Entry, Ledger, Said
from goodstanding.record.ledger.entries.events import EventsTaken
from goodstanding.record.store import Store


def said(name: str, *, source: str = "shop", rows: int = 1, time: int | None = None) -> Said:
    """Some events were taken, under this id."""
    return Said(EventsTaken(rows, "ab" * 32, 5), source, name, "operator", time)


def ledger_of(store: Store, clock: SetClock, count: int = 0) -> Ledger:
    """A ledger with so many entries."""
    made = Ledger(store, Recorder(clock, 0))
    if count:
        add(made, *(said(f"batch {at}", rows=at) for at in range(count)))
    return made


def add(ledger: Ledger, *entries: Said) -> list[Entry]:
    """Add them in one transaction."""
    with ledger.store.writing() as connection:
        return ledger.append(connection, entries)
