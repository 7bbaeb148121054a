"""Two writers: the second is refused in words; one that lost its place and does not know it cannot commit any more."""

from __future__ import annotations

import random
from pathlib import Path
from unittest import mock

import pytest

from goodstanding.errors import RecordError, StoreError
from goodstanding.record.home import Home
from goodstanding.record.ingest import ingest, take
from goodstanding.record.store import Store
from tests.faults.record.homes import (
    Event,
    a_clock,
    a_file,
    a_home,
    require_kept,
    require_sound,
    send,
    some_events,
)
from tests.faults.record.servers import a_database, the_server


def meet_over_sqlite(seed: int, folder: Path) -> None:
    """One round over SQLite."""
    _round(seed, folder, None)


def meet_over_postgresql(seed: int, folder: Path) -> None:
    """One round over PostgreSQL."""
    with a_database(the_server().url()) as url:
        _round(seed, folder, url)


def _round(seed: int, folder: Path, database: str | None) -> None:
    chance = random.Random(seed)  # noqa: S311 the same again from a seed
    place = folder / "home"
    sent = [some_events(chance, chance.randrange(1, 60), f"b{number}") for number in range(5)]
    first = a_home(place, database=database)
    send(first, sent[0], folder / "first.jsonl")
    with pytest.raises(RecordError, match="writing to it"):
        Home.open(place, clock=a_clock(), database=database)
    second = _overtaken(first, chance, folder, sent, database)
    for events in (sent[1], sent[3]):
        with pytest.raises(StoreError, match=r"begun to write to it since"):
            _send(first, events, chance, folder)
    require_kept(second, sent, (0, 2))
    assert send(second, sent[4], folder / "second.jsonl") == (len(sent[4]), 0)
    assert require_kept(second, sent, (0, 2, 4)) == {0, 2, 4}, "the writer that was overtaken committed"
    require_sound(second)
    first.close()
    second.close()
    with Home.open(place, clock=a_clock(), database=database) as home:
        assert require_kept(home, sent, (0, 2, 4)) == {0, 2, 4}
        require_sound(home)


def _overtaken(first: Home, chance: random.Random, folder: Path, sent: list[list[Event]], database: str | None) -> Home:
    """The first writer sleeps, perhaps in the middle of a batch; another takes its place and writes."""
    others: list[Home] = []

    def overtake() -> None:
        first.folder.joinpath("lock").unlink()  # as on a disk that is shared by machines which do not share locks
        if first.store._lock is not None:
            first.store._lock.invalidate()  # as when the server believes that the first has gone away
        others.append(Home.open(first.folder, clock=a_clock(), database=database))
        send(others[0], sent[2], folder / "other.jsonl")

    if chance.random() < 1 / 2:
        overtake()
        return others[0]
    writing = Store.writing

    def slept(store: Store) -> object:
        if store is first.store and not others:
            overtake()
        return writing(store)

    with mock.patch.object(Store, "writing", slept), pytest.raises(StoreError, match="begun to write to it since"):
        _send(first, sent[1], chance, folder)
    return others[0]


def _send(home: Home, events: list[Event], chance: random.Random, folder: Path) -> None:
    if chance.random() < 1 / 2:
        take(home, events)
    else:
        ingest(home, [a_file(folder / "late.jsonl", events)], source=events[0]["source"])
