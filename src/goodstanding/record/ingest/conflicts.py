"""Events that contradict what is known under their id: both are shown, and nothing is taken.

Two ids may have one hash by chance. So what contradicts by its hashes is looked at before it is said: where nothing
with that id stands, it was chance, and the event is new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import select

from goodstanding.errors import Problem, RecordError
from goodstanding.events import EVENT_SCHEMA, format_moment
from goodstanding.events.faults import shown
from goodstanding.limits import MOST_LISTED
from goodstanding.record import canonical
from goodstanding.record.home import SEGMENTS, Home
from goodstanding.record.ingest.fingerprints import Hasher
from goodstanding.record.ingest.judging import THIS_BATCH, Judged
from goodstanding.record.ingest.probing import NEW
from goodstanding.record.ingest.stretches import Stretch
from goodstanding.record.segments import read_segment
from goodstanding.record.segments.packing import unpack
from goodstanding.record.store import held, single

SINGLE, HELD = b"single", b"held"
"""Where an event stands that lies in no segment."""

COMPARED: Final = tuple(name for name in EVENT_SCHEMA.names if name not in {"id", "source", "recorded"})
MOMENTS: Final = ("time", "recorded")
TOGETHER: Final = 500
"""How many ids are asked for in one statement."""

LOOKED_AT: Final = 64
"""So many contradictions are looked at together."""

PlaceOf: TypeAlias = Callable[[int], tuple[str, int | None]]
"""The file and the line of a row, counted through all that is sent."""

Event: TypeAlias = Mapping[str, Any]
Found: TypeAlias = dict[str, tuple[Event | None, str]]
"""Events on record, by id, each with where it stands; None: what it held is gone."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """One event that contradicts another.

    Attributes:
        sent: the event. known: the other; None: only that it is there is known.
        where: where the other stands, in words.
    """

    sent: Event
    known: Event | None
    where: str

    def problem(self, file: str, line: int | None) -> Problem:
        """In words, for the file and line at which the event stands."""
        found = f"{shown(self.sent['id'])} of {shown(self.sent['source'])} again, with other content than {self.where}"
        hint = f"to correct it, send an event of a new id with replaces: {self.sent['id']}"
        return Problem(file, line, f"{found}: {self._differences()}", "the same content under the same id", hint=hint)

    def _differences(self) -> str:
        if self.known is None:
            return "what it held is gone"
        pairs = [(name, self.sent.get(name), self.known.get(name)) for name in COMPARED]
        return ", ".join(
            f"{name} {_said(name, sent)} (before: {_said(name, known)})" for name, sent, known in pairs if sent != known
        )


def _said(name: str, value: Any) -> str:
    if value is None:
        return "nothing"
    if name in MOMENTS:
        return format_moment(value)
    return f"{value}" if isinstance(value, int) else shown(value)


def on_record(home: Home, source: str, wanted: Iterable[tuple[bytes, str]]) -> Found:
    """Events on record, by id, each with where it stands; what is not there is left out.

    Args:
        wanted: for each id where it stands: a segment's root, `SINGLE` or `HELD`.
    """
    by_place: dict[bytes, list[str]] = {}
    for place, id_ in wanted:
        by_place.setdefault(place, []).append(id_)
    found: Found = {}
    for place, ids in by_place.items():
        reader = READERS.get(place)
        found |= reader(home, source, ids) if reader else _in_segment(home, source, place, ids)
    return found


def _in_segment(home: Home, source: str, root: bytes, ids: Sequence[str]) -> Found:
    table = read_segment(home.folder / SEGMENTS, root)
    rows = table.filter(pc.is_in(table.column("id"), pa.array(ids, table.schema.field("id").type)))
    people = home.people.ids(rows.column("slot").to_numpy()).to_pylist()
    return {
        row["id"]: ({**row, "source": source, "person": person}, f"the one in segment {root.hex()[:16]}…")
        for row, person in zip(rows.to_pylist(), people, strict=True)
    }


def _single(home: Home, source: str, ids: Sequence[str]) -> Found:
    found: Found = {}
    with home.store.reading() as connection:
        for at in range(0, len(ids), TOGETHER):
            asked = select(single).where(single.c.source == source, single.c.id.in_(ids[at : at + TOGETHER]))
            rows = connection.execute(asked).all()
            for row, event in zip(rows, unpacked(home, rows), strict=True):
                found[row.id] = event, f"the one recorded at {format_moment(row.recorded)}"
    return found


def unpacked(home: Home, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Single events, of their rows in the store (source, slot, packed)."""
    people = home.people.ids(np.array([row.slot for row in rows], np.int64)).to_pylist()
    return [
        {**next(unpack(bytes(row.packed))), "source": row.source, "person": person}
        for row, person in zip(rows, people, strict=True)
    ]


def _held(home: Home, source: str, ids: Sequence[str]) -> Found:
    hasher = Hasher(home.keys.hashing)
    names = {f"{int(hash_):016x}": id_ for hash_, id_ in zip(hasher.ids(source, pa.array(ids)), ids, strict=True)}
    found: Found = {}
    with home.store.reading() as connection:
        for prefix, id_ in names.items():
            row = connection.execute(select(held).where(held.c.id >= prefix, held.c.id < f"{prefix}~")).first()
            if row is not None:
                event = None if row.event is None else canonical.decode(bytes(row.event))
                found[id_] = event, f"the one in quarantine ({row.state})"
    return found


READERS: Final[Mapping[bytes, Callable[[Home, str, Sequence[str]], Found]]] = {
    SINGLE: _single,
    HELD: _held,
}


class Disputes:
    """The contradictions of one batch: the first in words, the rest as a number.

    Args:
        held_now: events of this batch that are to be held back, by id.
    """

    def __init__(self, home: Home, source: str, held_now: Callable[[str], Event | None]) -> None:
        self._home, self._source, self._held_now = home, source, held_now
        self.problems: list[Problem] = []
        self.count = 0

    def __bool__(self) -> bool:
        return self.count > 0

    def look_at(self, stretch: Stretch, judged: Judged, place_of: PlaceOf) -> None:
        """Look at what contradicts by its hashes; what does so by chance is new from then on.

        Once one does so truly, the batch is refused, and those beyond the next few are believed by their hashes.

        Args:
            place_of: the file and the line of a row, counted through all that is sent.
        """
        others = judged.others
        for first in range(0, len(others), LOOKED_AT):
            if self.count:
                self.count += len(others) - first
                return
            for at, dispute in self._few(stretch, judged, others[first : first + LOOKED_AT], place_of):
                self.count += 1
                if len(self.problems) < MOST_LISTED:
                    self.problems.append(dispute.problem(*place_of(stretch.first + int(judged.order[at]))))

    def each(self, stretch: Stretch, judged: Judged, place_of: PlaceOf) -> Iterator[tuple[int, Dispute]]:
        """All contradictions, each with its place in the order of what was judged; what is chance is new."""
        others = judged.others
        for first in range(0, len(others), LOOKED_AT):
            yield from self._few(stretch, judged, others[first : first + LOOKED_AT], place_of)

    def raise_any(self) -> None:
        """Refuse the batch, if there is any.

        Raises:
            RecordError: there is.
        """
        if self.count:
            raise RecordError(self.problems, self.count - len(self.problems))

    def _few(self, stretch: Stretch, judged: Judged, some: Any, place_of: PlaceOf) -> Iterator[tuple[int, Dispute]]:
        sent = {int(at): stretch.event(int(judged.order[at])) for at in some}
        wanted = [(judged.place(at), event["id"]) for at, event in sent.items()]
        found = on_record(self._home, self._source, [each for each in wanted if each[0] != THIS_BATCH])
        for at, event in sent.items():
            if event["id"] in found and judged.place(at) != THIS_BATCH:
                yield at, Dispute(event, *found[event["id"]])
                continue
            other, where = self._here(stretch, judged, at, event["id"], place_of)
            if other is not None and other["id"] == event["id"]:
                yield at, Dispute(event, other, where)
            else:
                judged.states[at] = NEW

    def _here(self, stretch: Stretch, judged: Judged, at: int, id_: str, place_of: PlaceOf) -> tuple[Event | None, str]:
        """The event in this batch that one contradicts."""
        if judged.place(at) != THIS_BATCH:
            return self._held_now(id_), "one earlier in this batch"
        row = int(judged.order[judged.firsts[at]])
        file, line = place_of(stretch.first + row)
        return stretch.event(row), f"the one at {file}" if line is None else f"the one at {file}:{line}"
