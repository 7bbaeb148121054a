"""All processes of PostgreSQL are killed at a random moment, while events come in."""

from __future__ import annotations

import atexit
import random
import threading
from functools import cache
from pathlib import Path

from goodstanding.errors import GoodstandingError
from goodstanding.record.home import Home
from tests.faults.record.homes import Event, a_clock, a_home, require_kept, require_sound, send, some_events
from tests.faults.record.servers import DURABLE, a_database
from tests.postgres import Server

SECONDS = 0.3
KILLS = 2
MOST_BATCHES = 60


@cache
def the_victim() -> Server:
    """A server to be killed, one for each process of the programme."""
    server = Server(DURABLE)
    server.start()
    atexit.register(server.remove)
    return server


def kill_server(seed: int, folder: Path) -> None:
    """One round: a home is written to, and its server dies, twice."""
    chance = random.Random(seed)  # noqa: S311 the same again from a seed
    server, place = the_victim(), folder / "home"
    with a_database(server.url()) as url:
        a_home(place, database=url).close()
        sent: list[list[Event]] = []
        acknowledged: list[int] = []
        for _ in range(KILLS):
            death = threading.Timer(SECONDS * chance.random(), server.kill)
            death.start()
            _send_until_it_fails(place, url, chance, sent, acknowledged, folder)
            death.join()
            server.start()
            with Home.open(place, clock=a_clock(), database=url) as home:
                acknowledged[:] = require_kept(home, sent, acknowledged)
                require_sound(home)


def _send_until_it_fails(
    place: Path, url: str, chance: random.Random, sent: list[list[Event]], acknowledged: list[int], folder: Path
) -> None:
    try:
        with Home.open(place, clock=a_clock(), database=url) as home:
            for _ in range(MOST_BATCHES):
                sent.append(some_events(chance, chance.choice((1, 10, 100)), f"b{len(sent)}"))
                send(home, sent[-1], folder / "batch.jsonl" if chance.random() < 1 / 2 else None)
                acknowledged.append(len(sent) - 1)
    except GoodstandingError:
        return
