"""Clocks that jump, and batches that are sent again otherwise than before."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

from goodstanding.record.clock import SetClock
from goodstanding.record.home import Home
from goodstanding.record.ingest import seal, take
from tests.faults.record.homes import (
    BEGINNING,
    SOURCES,
    Event,
    a_home,
    an_event,
    contents,
    named,
    require_kept,
    require_sound,
    send,
    some_events,
)

YEAR = 365 * 86_400 * 1_000_000
STEPS = 20


def jump(seed: int, folder: Path) -> None:
    """One round: the clock jumps by up to a year either way, while events come in and the home is opened again."""
    chance = random.Random(seed)  # noqa: S311 the same again from a seed
    clock = SetClock(BEGINNING)
    home = a_home(folder / "home", clock=clock)
    sent: list[list[Event]] = []
    for step in range(STEPS):
        clock.time = BEGINNING + chance.randrange(-YEAR, YEAR) if chance.random() < 2 / 3 else clock.time
        if chance.random() < 1 / 5:
            home.close()
            home = Home.open(folder / "home", clock=clock)
        events = [{**one, "time": BEGINNING - 2 * YEAR} for one in some_events(chance, 3, f"b{step}")]
        sent.append(events)
        before = home.ledger.head().recorded
        for receipt in take(home, events):
            assert receipt.recorded is not None
            assert receipt.recorded > before, "something was recorded before what was there already"
            assert receipt.recorded >= clock.time, "a moment lies before what the clock said: a deadline is shortened"
    require_kept(home, sent, range(len(sent)))
    require_sound(home)
    moments = [entry.recorded for entry in home.ledger.entries()]
    assert all(one < other for one, other in pairwise(moments)), "moments do not go up"
    home.close()


def replay(seed: int, folder: Path) -> None:
    """One round: the same events in other batches, in another order, several times, come to the same record."""
    chance = random.Random(seed)  # noqa: S311 the same again from a seed
    source = chance.choice(SOURCES)
    events = [an_event(chance, source, f"e{number}") for number in range(chance.randrange(20, 300))]
    with a_home(folder / "once") as home:
        assert send(home, events, folder / "once.jsonl") == (len(events), 0)
        once, _ = contents(home)
        people = home.people.size
    with a_home(folder / "often") as home:
        left = {named(event) for event in events}
        for part in _parts(chance, events):
            _send_part(home, chance, part, left, folder / "part.jsonl")
        found, times = contents(home)
        assert found == once, "not the same events"
        assert set(times.values()) == {1}, "some are there twice"
        assert home.people.size == people, "not as many people"
        require_sound(home)


def _parts(chance: random.Random, events: list[Event]) -> list[list[Event]]:
    """The events cut up, twice over and more, and shuffled."""
    parts = []
    for _ in range(3):
        rest = chance.sample(events, len(events))
        while rest:
            size = chance.choice((1, 7, 100, len(events)))
            parts.append(rest[:size])
            rest = rest[size:]
    return [*chance.sample(parts, len(parts))[: 2 * STEPS], events]


def _send_part(home: Home, chance: random.Random, part: list[Event], left: set[tuple[str, str]], file: Path) -> None:
    names = {named(event) for event in part}
    new = len(names & left)
    assert send(home, part, file if chance.random() < 1 / 2 else None) == (new, len(names) - new)
    left -= names
    if chance.random() < 1 / 6:
        seal(home)
