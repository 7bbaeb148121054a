"""The power fails: over SQLite alone, and over a whole home with its segments, its vault and what is known.

A round works on a disk in memory, cuts the power at many moments of what it did, and opens what is left by the real
SQLite on real files. Whatever had been acknowledged at that moment must be there, and everything must verify.
"""

from __future__ import annotations

import random
from pathlib import Path

from goodstanding.record.clock import Recorder, SetClock
from goodstanding.record.home import Home
from goodstanding.record.ingest import ingest, seal, take
from goodstanding.record.ledger import Ledger, Said
from goodstanding.record.ledger.entries.events import EventsTaken
from goodstanding.record.ledger.verifying import verify
from goodstanding.record.notes import Signer
from goodstanding.record.store import create_store, open_store
from goodstanding.testing.faulty_disk import FaultyDisk
from goodstanding.testing.platter import Cut, Platter
from tests.faults.record.faulty_sqlite import FaultySQLite
from tests.faults.record.homes import (
    BEGINNING,
    Event,
    a_clock,
    a_file,
    a_home,
    require_kept,
    require_sound,
    some_events,
)

LEDGER_CUTS = 100
HOME_CUTS = 25
SENT_AGAIN = 1 / 25
"""After so many cuts everything is sent again."""
SIGNER = Signer("goodstanding/live/power", bytes(range(32)))


def cut_ledger(seed: int, folder: Path, synchronous: str | None = None) -> None:
    """One round over SQLite: transactions of one to twenty entries, and many cuts.

    Args:
        synchronous: another manner of syncing than ours, under which the cuts must be felt.
    """
    chance = random.Random(seed)  # noqa: S311 the same again from a seed
    folder = folder / "disk"
    folder.mkdir()
    platter = Platter(folder)
    disk = FaultyDisk(platter)
    store = create_store(folder / "record.db", {"world": "live"}, connect=FaultySQLite(disk, synchronous))
    disk.sync_folder(folder)
    ledger = Ledger(store, Recorder(SetClock(BEGINNING), 0))
    platter.told(0)
    begun = len(platter.calls)
    for number in range(chance.randrange(5, 30)):
        body = EventsTaken(number, "ab" * 32, number)
        said = [Said(body, "shop", f"{number}/{one}", "shop") for one in range(chance.randrange(1, 20))]
        with store.writing() as connection:
            ledger.append(connection, said)
        platter.told(ledger.head().size)
    if chance.random() < 1 / 2:
        store.close()
    for number, cut in enumerate(platter.cuts(LEDGER_CUTS, chance, begun)):
        place = folder.parent / f"left-{number}"
        cut.lay_out(place)
        _require_ledger(place / "record.db", cut)
    store.close()


def _require_ledger(path: Path, cut: Cut) -> None:
    store = open_store(path)
    try:
        verdict = verify(store, SIGNER.verifier)
        assert verdict.ok, f"after {cut.moment} calls, {cut.manner} left: {verdict.faults[0]}"
        assert verdict.size >= cut.told[-1], f"{cut.told[-1]} acknowledged, {verdict.size} there; {cut.manner} left"
    finally:
        store.close()


def cut_home(seed: int, folder: Path) -> None:
    """One round over a whole home: batches, single events, sealing, and cuts from its making on."""
    chance = random.Random(seed)  # noqa: S311 the same again from a seed
    platter = Platter(folder / "disk")
    disk = FaultyDisk(platter)
    sqlite = FaultySQLite(disk)
    (folder / "disk").mkdir()
    sent: list[list[Event]] = []
    home = a_home(folder / "disk" / "home", disk=disk, connect=sqlite)
    platter.told(None)
    begun = len(platter.calls)
    for step in range(chance.randrange(3, 9)):
        _do(home, chance, sent, folder, step)
        platter.told(len(sent) - 1)
    if chance.random() < 1 / 2:
        home.close()
    for number, cut in enumerate(platter.cuts(HOME_CUTS, chance, begun)):
        place = folder / f"left-{number}"
        cut.lay_out(place)
        _require_home(place / "home", cut, sent, folder / "again.jsonl" if chance.random() < SENT_AGAIN else None)
    home.close()


def _do(home: Home, chance: random.Random, sent: list[list[Event]], folder: Path, step: int) -> None:
    doing = chance.choice(("ingest", "ingest", "take", "take", "seal"))
    if doing == "seal":
        seal(home)
        return
    events = some_events(chance, chance.randrange(1, 60), f"b{step}")
    sent.append(events)
    if doing == "take":
        take(home, events)
    else:
        ingest(home, [a_file(folder / "batch.jsonl", events)], source=events[0]["source"])


def _require_home(place: Path, cut: Cut, sent: list[list[Event]], again: Path | None) -> None:
    acknowledged = range(0 if cut.told[-1] is None else cut.told[-1] + 1)
    try:
        with Home.open(place, clock=a_clock()) as home:
            there = require_kept(home, sent, acknowledged)
            require_sound(home)
            if again is not None:
                _send_again(home, sent, there, again)
    except Exception as fault:
        raise AssertionError(
            f"the power cut after {cut.moment} calls, {cut.manner} left of what was not synced"
        ) from fault


def _send_again(home: Home, sent: list[list[Event]], there: set[int], file: Path) -> None:
    """What is there is known, and what was lost before it was acknowledged is taken."""
    for number, events in enumerate(sent):
        report = ingest(home, [a_file(file, events)], source=events[0]["source"])
        expected = (0, len(events)) if number in there else (len(events), 0)
        assert (report.new, report.known) == expected, f"sent again: {report}, expected {expected}"
    require_kept(home, sent, range(len(sent)))
