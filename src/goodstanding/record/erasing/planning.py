"""What a home has of people, and what would be gone were they erased."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection, select

from goodstanding.errors import UnknownPersonError, how_many
from goodstanding.record import canonical
from goodstanding.record.home import SEGMENTS, Home
from goodstanding.record.ledger.entries.events import SegmentSealed
from goodstanding.record.ledger.entries.runs import ScoreRun
from goodstanding.record.runs import kept_leaves
from goodstanding.record.segments import LEAVES, path_of, read_leaves, read_segment
from goodstanding.record.store import held, single

TOGETHER: Final = 500
"""How many slots stand in one statement."""

Progress = Callable[[int, int], None]


def in_silence(_done: int, _total: int) -> None:
    """Tell nobody how far the work is."""


@dataclass(frozen=True, slots=True)
class Going:
    """What a home has of one person.

    Attributes:
        events: how many, by source.
        held: how many lie in quarantine.
        runs: in how many runs of scoring there is a row of theirs.
        identifiers: the kinds of what identifies them.
    """

    person: str
    slot: int
    events: Counter[str] = field(default_factory=Counter)
    held: int = 0
    runs: int = 0
    identifiers: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "person": self.person,
            "events": dict(sorted(self.events.items())),
            "held": self.held,
            "runs": self.runs,
            "identifiers": list(self.identifiers),
        }


def plan(home: Home, people: Sequence[str], progress: Progress = in_silence) -> list[Going]:
    """What the home has of some people.

    Raises:
        UnknownPersonError: it does not know one of them, or not any more.
        TamperError: a segment is missing or damaged.
    """
    slots = slots_of(home, people)
    events: dict[int, Counter[str]] = {slot: Counter() for slot in slots.values()}
    for source, counts in _in_segments(home, list(events), progress):
        for slot, count in counts:
            events[slot][source] += count
    with home.store.reading() as connection:
        for some in chunks(list(events)):
            for row in connection.execute(select(single.c.slot, single.c.source).where(single.c.slot.in_(some))):
                events[row.slot][row.source] += 1
        waiting = Counter(person for _, person in held_of(connection, slots))
    going = [Going(person, slot, events[slot], waiting[person]) for person, slot in slots.items()]
    runs = _in_runs(home, list(events))
    return [
        replace(one, runs=runs[one.slot], identifiers=tuple(home.vault.identifiers.kinds(one.slot))) for one in going
    ]


def slots_of(home: Home, people: Sequence[str]) -> dict[str, int]:
    """The slots of people, in their order, each once.

    Raises:
        UnknownPersonError: one of them is not known, or not any more.
    """
    names = list(dict.fromkeys(people))
    slots = home.people.find(pa.array(names, pa.string()))
    unknown = [name for name, slot in zip(names, slots, strict=True) if slot < 0]
    if unknown:
        shown = ", ".join(repr(name) for name in unknown[:5]) + (" …" if len(unknown) > 5 else "")  # noqa: PLR2004 as many as fit a line
        holds = how_many(home.people.size, "person", "people")
        raise UnknownPersonError(f"{home.folder}: does not know {shown}, or not any more; it has known {holds}")
    return {name: int(slot) for name, slot in zip(names, slots, strict=True)}


def roots_with(home: Home, slots: Sequence[int]) -> list[tuple[str, bytes]]:
    """The segments in which some people have a leaf: source and root of each, in the order of the ledger."""
    folder = home.folder / SEGMENTS
    found = []
    for entry in home.ledger.entries(kind=SegmentSealed.KIND):
        root = bytes.fromhex(entry.read(SegmentSealed).root)
        if np.isin(slots, read_leaves(path_of(folder, root, LEAVES)).slots).any():
            found.append((entry.source, root))
    return found


def held_of(connection: Connection, people: dict[str, int]) -> Iterator[tuple[str, str]]:
    """The names of events in quarantine that are about some people, and whom each is about."""
    for row in connection.execute(select(held.c.id, held.c.event).where(held.c.event.is_not(None))):
        person = canonical.decode(bytes(row.event))["person"]
        if person in people:
            yield row.id, person


def chunks(slots: Sequence[int]) -> Iterator[Sequence[int]]:
    """As many at a time as one statement takes."""
    for first in range(0, len(slots), TOGETHER):
        yield slots[first : first + TOGETHER]


def _in_segments(home: Home, slots: Sequence[int], progress: Progress) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """By segment its source, and how many rows some people have there."""
    touched = roots_with(home, slots)
    for done, (source, root) in enumerate(touched):
        progress(done, len(touched))
        rows = read_segment(home.folder / SEGMENTS, root, ["slot"]).column("slot").to_numpy()
        found, counts = np.unique(rows[np.isin(rows, slots)], return_counts=True)
        yield source, list(zip(found.tolist(), counts.tolist(), strict=True))
    progress(len(touched), len(touched))


def _in_runs(home: Home, slots: Sequence[int]) -> Counter[int]:
    found: Counter[int] = Counter()
    for entry in home.ledger.entries(kind=ScoreRun.KIND):
        found.update(np.intersect1d(kept_leaves(home, entry.read(ScoreRun).root).slots, slots).tolist())
    return found
