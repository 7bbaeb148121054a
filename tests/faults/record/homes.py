"""Homes to be broken, what is sent to them, and what must be in them afterwards whatever happened."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from sqlalchemy import select

from goodstanding.events import format_moment
from goodstanding.record.auditing import checks_of
from goodstanding.record.clock import SetClock
from goodstanding.record.home import SEGMENTS, Home
from goodstanding.record.ingest import ingest, register, take
from goodstanding.record.ledger.entries.events import SegmentSealed
from goodstanding.record.ledger.verifying import verify
from goodstanding.record.segments import read_segment
from goodstanding.record.segments.packing import unpack
from goodstanding.record.store import single

BEGINNING: Final = 1_767_225_600_000_000
"""The first moment of 2026."""
SOURCES: Final = ("bank", "court", "shop")
TYPES: Final = ("bill.paid", "loan.repaid", "order.paid", "review.given")
PEOPLE: Final = 40
COMPARED: Final = ("type", "person", "time", "amount", "value", "label", "party", "matter", "replaces")

Event: TypeAlias = dict[str, Any]
Name: TypeAlias = tuple[str, str]
"""Source and id."""


def a_clock() -> SetClock:
    return SetClock(BEGINNING)


def a_home(folder: Path, **given: Any) -> Home:
    """A home of a synthetic world whose sources may send anything."""
    given = {"clock": a_clock(), **given}
    home = Home.create(folder, world="synthetic", **given)
    for name in SOURCES:
        register(home, name, types=["*"], actor="operator")
    return home


def an_event(chance: random.Random, source: str, name: str) -> Event:
    """One event, as `take` wants it."""
    event: Event = {
        "id": name,
        "source": source,
        "type": chance.choice(TYPES),
        "person": f"person-{chance.randrange(PEOPLE):02d}",
        "time": BEGINNING - chance.randrange(10**13),
    }
    if chance.random() < 0.8:
        event["amount"] = chance.randrange(10**6)
    if chance.random() < 0.3:
        event["label"] = chance.choice(("good", "late", "迟"))
    return event


def some_events(chance: random.Random, many: int, mark: str) -> list[Event]:
    """Events of one source, whose ids begin with a mark."""
    source = chance.choice(SOURCES)
    return [an_event(chance, source, f"{mark}-{number}") for number in range(many)]


def a_file(path: Path, events: Iterable[Event]) -> Path:
    """Events as a file of JSON Lines."""
    lines = (json.dumps({**event, "time": format_moment(event["time"])}) for event in events)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def named(event: Mapping[str, Any]) -> Name:
    return event["source"], event["id"]


def content(event: Mapping[str, Any]) -> tuple[Any, ...]:
    """All that makes two events equal."""
    return tuple(event.get(column) for column in COMPARED)


def contents(home: Home) -> tuple[dict[Name, tuple[Any, ...]], Counter[Name]]:
    """All events of a home, read from its files and its store alone, and how often each is there."""
    found: dict[Name, tuple[Any, ...]] = {}
    times: Counter[Name] = Counter()
    for event in [*_sealed(home), *_single(home)]:
        found[named(event)] = content(event)
        times[named(event)] += 1
    return found, times


def _sealed(home: Home) -> Iterator[Event]:
    for entry in home.ledger.entries(kind=SegmentSealed.KIND):
        table = read_segment(home.folder / SEGMENTS, bytes.fromhex(entry.body["root"]))
        people = home.people.ids(table.column("slot").to_numpy()).to_pylist()
        for row, person in zip(table.to_pylist(), people, strict=True):
            yield {**row, "source": entry.source, "person": person}


def _single(home: Home) -> Iterator[Event]:
    with home.store.reading() as connection:
        rows = connection.execute(select(single)).all()
    people = home.people.ids(np.array([row.slot for row in rows], np.int64)).to_pylist()
    for row, person in zip(rows, people, strict=True):
        yield {**next(unpack(bytes(row.packed))), "source": row.source, "person": person}


def require_sound(home: Home) -> None:
    """Its ledger, its segments and its single events verify."""
    verdict = verify(home.store, home.signer.verifier, checks=checks_of(home))
    assert verdict.ok, [str(one) for one in verdict.faults[:3]]


def require_kept(home: Home, sent: Sequence[Sequence[Event]], acknowledged: Iterable[int]) -> set[int]:
    """What was acknowledged is there; whatever else is there is a whole batch that was sent; nothing is there twice.

    Args:
        sent: batches, no event in two of them. acknowledged: the numbers of those that were acknowledged.

    Returns:
        The numbers of those that are there.
    """
    found, times = contents(home)
    assert not (doubled := [name for name, often in times.items() if often > 1]), f"doubled: {doubled[:3]}"
    there = set()
    for number, batch in enumerate(sent):
        kept = [event for event in batch if named(event) in found]
        assert len(kept) in {0, len(batch)}, f"half there: batch {number}, {len(kept)} of {len(batch)}"
        altered = [named(event) for event in kept if found[named(event)] != content(event)]
        assert not altered, f"altered: {altered[:3]}"
        if kept:
            there.add(number)
    assert not (lost := set(acknowledged) - there), f"acknowledged and lost: {sorted(lost)[:5]}"
    assert sum(len(sent[number]) for number in there) == len(found), "something is there that nobody sent"
    return there


def send(home: Home, events: Sequence[Event], file: Path | None = None) -> tuple[int, int]:
    """Send events of one source, in a file or one by one: how many were new, and how many known."""
    if file is None:
        states = Counter(receipt.state for receipt in take(home, events))
        return states["taken"], states["known"]
    report = ingest(home, [a_file(file, events)], source=events[0]["source"])
    return report.new, report.known
