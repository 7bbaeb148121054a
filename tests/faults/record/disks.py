"""A disk that runs full, and one that fails: what cannot be written is refused, and nothing acknowledged is lost."""

from __future__ import annotations

import errno
import random
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from goodstanding.errors import GoodstandingError
from goodstanding.record.home import Home
from goodstanding.record.ingest import seal
from goodstanding.testing.faulty_disk import Doing, FaultyDisk, no_trouble
from goodstanding.testing.platter import Platter
from tests.faults.record.faulty_sqlite import FaultySQLite
from tests.faults.record.homes import (
    Event,
    a_clock,
    a_home,
    require_kept,
    require_sound,
    send,
    some_events,
)

REFUSED = (GoodstandingError, OSError)
"""What a home says when a disk does not do what it asks."""
BATCHES = 12
CUTS = 4


@dataclass
class Full:
    """A disk with so many bytes of room."""

    room: int

    def __call__(self, doing: Doing, name: str, size: int) -> None:
        if doing == "write" and size > self.room:
            raise OSError(errno.ENOSPC, "no space left on device", name)
        self.room -= size


@dataclass
class Failing:
    """A disk on which one call of a kind fails, after so many of them, and those after it are as ever."""

    after: int
    doing: Doing
    failed: str | None = None

    def __call__(self, doing: Doing, name: str, _size: int) -> None:
        if doing != self.doing or self.failed:
            return
        self.after -= 1
        if self.after < 0:
            self.failed = name
            raise OSError(errno.EIO, "input/output error", name)


@dataclass
class Bench:
    """A home over a faulty disk, and what was sent to it."""

    folder: Path
    chance: random.Random

    def __post_init__(self) -> None:
        place = self.folder / "disk"
        place.mkdir()
        self.platter = Platter(place)
        self.disk = FaultyDisk(self.platter)
        self.sqlite = FaultySQLite(self.disk)
        self.place = place / "home"
        self.home = a_home(self.place, disk=self.disk, connect=self.sqlite)
        self.sent: list[list[Event]] = []
        self.acknowledged: list[int] = []

    def step(self) -> None:
        """Send something, or seal; what is acknowledged is noted."""
        if self.chance.random() < 1 / 6:
            seal(self.home)
            return
        events = some_events(self.chance, self.chance.randrange(1, 60), f"b{len(self.sent)}")
        self.sent.append(events)
        self.again(len(self.sent) - 1)

    def again(self, number: int) -> tuple[int, int]:
        """Send a batch, perhaps once more."""
        file = self.folder / "batch.jsonl" if self.chance.random() < 1 / 2 else None
        counted = send(self.home, self.sent[number], file)
        self.acknowledged.append(number)
        self.platter.told(number)
        return counted

    def open(self) -> None:
        """Open the home again."""
        self.home.close()
        self.home = Home.open(self.place, clock=a_clock(), disk=self.disk, connect=self.sqlite)


def fill(seed: int, folder: Path) -> None:
    """One round: the disk runs full at some point, and later has room again."""
    chance = random.Random(seed)  # noqa: S311 the same again from a seed
    bench = Bench(folder, chance)
    full = bench.disk.calls.trouble = Full(chance.choice((3_000, 30_000, 300_000)) + chance.randrange(30_000))
    _until_refused(bench)
    there = require_kept(bench.home, bench.sent, bench.acknowledged)
    assert set(bench.acknowledged) == there, "what was refused is there"
    full.room = 0
    bench.sent.append(some_events(chance, 5, "full"))
    with pytest.raises(REFUSED):
        bench.again(len(bench.sent) - 1)
    require_kept(bench.home, bench.sent, bench.acknowledged)
    bench.disk.calls.trouble = no_trouble
    if chance.random() < 1 / 2:
        bench.open()
    for number in sorted(set(range(len(bench.sent))) - set(bench.acknowledged)):
        bench.again(number)
    require_kept(bench.home, bench.sent, range(len(bench.sent)))
    require_sound(bench.home)
    bench.home.close()


def _until_refused(bench: Bench) -> None:
    with suppress(*REFUSED):
        while True:
            bench.step()


def fail(seed: int, folder: Path) -> None:
    """One round: a write, a sync or a change of names fails; the home goes on or is opened again; the power fails."""
    chance = random.Random(seed)  # noqa: S311 the same again from a seed
    bench = Bench(folder, chance)
    begun = len(bench.platter.calls)
    doing: Doing = chance.choice(("sync", "sync", "write", "name", "open"))
    failing = bench.disk.calls.trouble = Failing(chance.randrange(40), doing)
    for _ in range(BATCHES):
        try:
            bench.step()
        except REFUSED:
            if chance.random() < 1 / 2:
                bench.open()
    _require_after(bench, begun, failing)


def _require_after(bench: Bench, begun: int, failing: Failing) -> None:
    require_kept(bench.home, bench.sent, bench.acknowledged)
    require_sound(bench.home)
    bench.home.close()
    for number, cut in enumerate(bench.platter.cuts(CUTS, bench.chance, begun)):
        place = bench.folder / f"left-{number}"
        cut.lay_out(place)
        try:
            with Home.open(place / "home", clock=a_clock()) as home:
                require_kept(home, bench.sent, cut.told)
                require_sound(home)
        except Exception as fault:
            raise AssertionError(
                f"{failing.doing} of {failing.failed} failed, and the power after {cut.moment} calls"
            ) from fault
