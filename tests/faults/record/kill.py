"""kill −9: a process takes events in and says of each batch that it is on record; it is killed at a random moment.

Whatever it had said must be there when the home is opened again, and the batch that was underway is whole or absent.
The process is a child of this one, which has compiled everything already; it learns what to send from a seed, so that
this one knows what it sent.
"""

from __future__ import annotations

import os
import random
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from goodstanding.errors import StoreError
from goodstanding.record.home import Home
from goodstanding.record.ingest import ingest, seal, take
from tests.faults.record.homes import Event, a_clock, a_file, a_home, require_kept, require_sound, some_events
from tests.faults.record.servers import a_database, the_server

SECONDS: Final = 0.1
"""A child lives for at most so long after its first word, or from its beginning."""
AT_ONCE: Final = 1 / 6
"""So many are not waited for until they say a word: they may be killed while they open the home."""
MOST_BATCHES: Final = 30
SEEN_WITHIN: Final = 5.0
KILLS: Final = 10
"""So many children open the home one after the other, and are killed."""


def kill_over_sqlite(seed: int, folder: Path) -> None:
    """One round over SQLite."""
    _round(seed, folder, None)


def kill_over_postgresql(seed: int, folder: Path) -> None:
    """One round over PostgreSQL; the server lives on."""
    with a_database(the_server().url()) as url:
        _round(seed, folder, url)


def _round(seed: int, folder: Path, database: str | None) -> None:
    chance = random.Random(seed)  # noqa: S311 the same again from a seed
    place = folder / "home"
    a_home(place, database=database).close()
    acknowledged: set[int] = set()
    sent: list[list[Event]] = []
    for turn in range(KILLS):
        first = len(sent)
        sent += plan(seed, turn)
        said = killed(lambda tell: send(place, database, seed, turn, tell), chance)  # noqa: B023 called at once
        acknowledged |= {first + number for number in range(said)}
        with opened(place, database) as home:
            there = require_kept(home, sent, acknowledged)
            require_sound(home)
            assert len(there - acknowledged) <= turn + 1, "more than the batch underway was there"
            acknowledged = there
    with Home.open(place, clock=a_clock(), database=database) as home:
        for number in sorted(acknowledged)[-2:]:
            report = ingest(home, [a_file(folder / "again.jsonl", sent[number])], source=sent[number][0]["source"])
            assert (report.new, report.known) == (0, len(sent[number])), f"sent again: {report}"


def opened(place: Path, database: str | None) -> Home:
    """Open a home; PostgreSQL may take a moment to see that who held its lock was killed."""
    end = time.monotonic() + SEEN_WITHIN
    while True:
        try:
            return Home.open(place, clock=a_clock(), database=database)
        except StoreError as fault:
            if "another process is writing" not in str(fault) or time.monotonic() > end:
                raise
            time.sleep(0.01)


def plan(seed: int, turn: int) -> list[list[Event]]:
    """All that a child would send."""
    chance = random.Random(f"{seed} {turn}")  # noqa: S311 the same in both processes
    return [some_events(chance, chance.choice((1, 3, 50, 120)), f"t{turn}-{number}") for number in range(MOST_BATCHES)]


def send(place: Path, database: str | None, seed: int, turn: int, tell: Callable[[], None]) -> None:
    """Send it all, and tell of each batch once it is on record."""
    file = place.parent / f"batch-{turn}.jsonl"
    with opened(place, database) as home:
        for number, events in enumerate(plan(seed, turn)):
            if len(events) < 50:  # small ones come as single events
                take(home, events)
            else:
                ingest(home, [a_file(file, events)], source=events[0]["source"])
            tell()
            if number % 7 == 6:
                seal(home)


def killed(work: Callable[[Callable[[], None]], None], chance: random.Random) -> int:
    """Let a child work, and kill it at a random moment; how many words it said.

    Raises:
        AssertionError: it ended by itself, and not well.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _work(work, reading, writing)
    os.close(writing)
    words = b"" if chance.random() < AT_ONCE else os.read(reading, 1)
    time.sleep(SECONDS * chance.random())
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    words += b"".join(_rest(reading))
    os.close(reading)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child failed by itself"
    return len(words)


def _work(work: Callable[[Callable[[], None]], None], reading: int, writing: int) -> None:
    code = 1
    try:
        os.close(reading)
        work(lambda: _tell(writing))
        code = 0
    except BaseException:  # noqa: BLE001 a child never returns into its parent's code
        traceback.print_exc()
    finally:
        os._exit(code)


def _tell(writing: int) -> None:
    os.write(writing, b".")


def _rest(reading: int) -> Iterator[bytes]:
    while piece := os.read(reading, 4096):
        yield piece
