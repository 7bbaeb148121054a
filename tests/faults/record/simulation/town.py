"""The simulation: a record's service in one process, eight clients, a clock and a disk that a seed rules.

At every step one client does what it does, and perhaps the process ends meanwhile: killed, or without power, after any
of the calls by which that step changed the disk. Then the home is opened again on what is left.
"""

from __future__ import annotations

import errno
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from goodstanding.errors import GoodstandingError
from goodstanding.record.clock import SetClock
from goodstanding.record.erasing import erase, finish
from goodstanding.record.home import Home
from goodstanding.record.ingest import ingest, seal, take
from goodstanding.testing.faulty_disk import FaultyDisk, no_trouble
from goodstanding.testing.platter import Cut, Platter
from tests.faults.record.disks import Failing
from tests.faults.record.faulty_sqlite import FaultySQLite
from tests.faults.record.homes import BEGINNING, PEOPLE, Event, a_file, a_home, an_event, some_events
from tests.faults.record.simulation.auditor import Auditor

STEPS: Final = 300
CLIENTS: Final = {"batch": 6, "singles": 8, "again": 4, "correct": 3, "erase": 1, "seal": 2, "score": 2, "audit": 1}
"""The clients, and how often each has its turn."""
ENDS: Final = 1 / 12
FAILS: Final = 1 / 15
REFUSED: Final = (GoodstandingError, OSError)


def simulate(seed: int, folder: Path, steps: int = STEPS) -> None:
    """One round."""
    town = Town(seed, folder)
    for step in range(steps):
        try:
            town.step(step)
        except Exception as fault:
            raise AssertionError(f"step {step}: {town.doing}") from fault
    town.auditor.compare(town.home)
    town.home.close()


class Town:
    """A home, its clients, and the auditor."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.chance = random.Random(seed)  # noqa: S311 the same again from a seed
        self.folder = folder
        self.clock = SetClock(BEGINNING)
        self.auditor = Auditor()
        self.sent: list[list[Event]] = []
        self.lives = 0
        self.doing = ""
        self._disk({})
        self.home = a_home(self.place, clock=self.clock, disk=self.disk, connect=self.sqlite)

    def _disk(self, files: dict[str, bytes | None]) -> None:
        """A new disk, with what is left of the one before."""
        self.lives += 1
        root = self.folder / f"life-{self.lives}"
        self.platter = Platter(root)
        if files:
            self.platter.began_with(files)
            Cut(0, "", files, []).lay_out(root)
        else:
            root.mkdir()
        self.disk = FaultyDisk(self.platter)
        self.sqlite = FaultySQLite(self.disk)
        self.place = root / "home"

    def step(self, number: int) -> None:
        """One client does something; perhaps a call fails meanwhile, or the process ends."""
        self.clock.go(seconds=self.chance.randrange(-3_600, 86_400))
        client = self.chance.choices([*CLIENTS], [*CLIENTS.values()])[0]
        self.doing = client
        self.underway: list[Event] = []
        self.erasing: str | None = None
        begun, before = len(self.platter.calls), (dict(self.auditor.events), set(self.auditor.erased))
        people = {person: set(names) for person, names in self.auditor.of_person.items()}
        ends = self.chance.random() < ENDS
        if not ends and self.chance.random() < FAILS:
            self.disk.calls.trouble = Failing(self.chance.randrange(12), self.chance.choice(("sync", "write", "name")))
        try:
            self._clients()[client](number)
        except REFUSED as fault:
            self._after_refusal(fault)
        finally:
            self.disk.calls.trouble = no_trouble
        if ends:
            self.auditor.events, self.auditor.erased = before
            self.auditor.of_person = people
            self._end(self.chance.randint(begun, len(self.platter.calls)))

    def _clients(self) -> dict[str, Callable[[int], None]]:
        return {
            "batch": lambda step: self._send(some_events(self.chance, self.chance.randrange(1, 40), f"b{step}"), True),
            "singles": lambda step: self._send(
                some_events(self.chance, self.chance.randrange(1, 6), f"s{step}"), False
            ),
            "again": self._again,
            "correct": self._correct,
            "erase": self._erase,
            "seal": self._seal,
            "score": lambda _step: self.auditor.compare_book(self.home),
            "audit": lambda _step: self.auditor.compare(self.home),
        }

    # --- Clients ------------------------------------------------------------------------------------------------------

    def _send(self, events: list[Event], in_file: bool) -> None:
        self.underway = events
        if in_file:
            report = ingest(self.home, [a_file(self.folder / "batch.jsonl", events)], source=events[0]["source"])
            answer = Counter(taken=report.new, known=report.known, erased=report.erased)
        else:
            answer = Counter(receipt.state for receipt in take(self.home, events))
        self.auditor.sent(events, +answer)
        self.sent.append(events)

    def _seal(self, _step: int) -> None:
        seal(self.home)

    def _again(self, _step: int) -> None:
        """Earlier events, in another order, in a file or one by one."""
        if self.sent:
            events = self.chance.choice(self.sent)
            some = self.chance.sample(events, self.chance.randint(1, len(events)))
            self._send(some, self.chance.random() < 1 / 2)

    def _correct(self, step: int) -> None:
        """An event that replaces another, or takes it back."""
        if self.sent:
            event = self.chance.choice(self.chance.choice(self.sent))
            if "replaces" in event:
                return
            new = {**an_event(self.chance, event["source"], f"c{step}"), "person": event["person"]}
            if self.chance.random() < 1 / 3:
                new = {key: new[key] for key in ("id", "source", "person", "time")} | {"type": "retracted"}
            self._send([{**new, "replaces": event["id"]}], False)

    def _erase(self, _step: int) -> None:
        person = f"person-{self.chance.randrange(PEOPLE):02d}"
        if person in self.auditor.of_person:
            self.erasing = person
            erase(self.home, [person], why="asked to be", actor="operator")
            self.auditor.erase(person)
            self.auditor.require_gone(self.home)

    # --- What goes wrong ----------------------------------------------------------------------------------------------

    def _after_refusal(self, fault: Exception) -> None:
        """What was refused because a call failed is whole or absent; the home is opened again, as its words ask."""
        failing = self.disk.calls.trouble
        if not isinstance(failing, Failing) or not failing.failed:
            raise AssertionError("refused, and nothing had failed") from fault
        assert isinstance(fault, REFUSED)
        assert getattr(fault, "errno", errno.EIO) == errno.EIO, "another error than the disk's"
        self.disk.calls.trouble = no_trouble
        self.home.close()
        self._open()

    def _end(self, moment: int) -> None:
        """The process ends after a call: the power fails, or it is killed and the system goes on."""
        self.doing += f"; the process ended in life {self.lives}, after {moment} calls"
        cut = self.platter.cut(moment, self.chance)
        self.home.close()
        self._disk(cut.files)
        self._open()

    def _open(self) -> None:
        self.home = Home.open(self.place, clock=self.clock, disk=self.disk, connect=self.sqlite)
        finish(self.home)
        self.auditor.settle(self.home, self.underway, self.erasing)
        self.auditor.compare(self.home)
