"""A book: who there is, what happened to whom, and in which world."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.book import saving
from goodstanding.book.arranging import arrange
from goodstanding.book.building import Builder
from goodstanding.book.columns import NULL, UNRECORDED, VOID, Columns, Corrections, Kinds, Limits, Place
from goodstanding.book.correcting import standing
from goodstanding.errors import BookError, UnknownPersonError, WorldError, how_many
from goodstanding.events import check_events
from goodstanding.limits import EPOCH

FORESEEN = 2**25
"""Rows for which room is taken before they are seen, at most: what a file says of itself may be wrong."""

World: TypeAlias = Literal["live", "synthetic"]


@dataclass(frozen=True, slots=True)
class Book:
    """Events by person.

    Attributes:
        people: everybody whom any event names, by UTF-8 bytes.
        parties, matters: the dictionaries of these two columns, code 1 first.
        world: None where nobody declared it.
        looked_at: whether its codes are known to lie within their tables; a saved book is looked at when it is first
            scored from, and not when it is opened.
    """

    people: pa.LargeStringArray
    columns: Columns
    kinds: Kinds
    parties: pa.LargeStringArray
    matters: pa.LargeStringArray
    corrections: Corrections
    limits: Limits
    world: World | None
    looked_at: list[bool] = field(default_factory=lambda: [True], compare=False, repr=False)

    @classmethod
    def build(cls, batches: Iterable[pa.RecordBatch], *, world: World | None = None, keep_ids: bool = True) -> Book:
        """Put events in order.

        Args:
            batches: in the schema of `goodstanding.events`; a reader that `goodstanding.events.read_events` gave also
                says which worlds its files declare, and where a row came from.
            world: declared for files that declare none.
            keep_ids: whether explanations will have to name events; scores alone need no ids.

        Raises:
            EventsError: one id with two contents, a circle of corrections, more than 1,000,000 events of a person.
            WorldError: files declare two worlds.
        """
        builder = Builder(min(getattr(batches, "total", None) or 0, FORESEEN))
        for batch in batches:
            builder.add(batch)
        place: Place = getattr(batches, "place", lambda row: ("events", row + 1))
        raw = builder.finish()
        people, columns, corrections, limits = arrange(raw, place, keep_ids=keep_ids)
        declared = getattr(batches, "worlds", {})
        return cls(
            people, columns, raw.kinds, raw.parties, raw.matters, corrections, limits, one_world(declared, world)
        )

    @classmethod
    def of(cls, events: Iterable[Mapping[str, Any]], *, world: World | None = None) -> Book:
        """A book of events given as dictionaries with the columns of specification section 1, held to its rules.

        Times are whole microseconds since 1970 (UTC) or datetimes with a zone; what is left out is null.

        Raises:
            EventsError: an event is at fault, or they are together, as `build` says; each by its number, from 1 on.
            TypeError: a time that is no moment. ValueError: a datetime without a zone.
        """
        return cls.build([check_events(list(events), microseconds)], world=world)

    @classmethod
    def open(cls, folder: Path) -> Book:
        """Open a saved book by memory map: ready in milliseconds, whatever its size.

        Raises:
            BookError: the folder holds no book, or a damaged one, or one of another version.
        """
        return cls(**saving.load(folder), looked_at=[False])

    def save(self, folder: Path) -> None:
        """Save as one file a column; the folder appears whole or not at all.

        Raises:
            BookError: the folder exists, or the book has no world.
        """
        if self.world is None:
            raise BookError(f"{folder}: the world of these events is not declared; a book has one: live or synthetic")
        with saving.making(folder) as made:
            self.write(made)

    def write(self, made: Path) -> None:
        """Write its parts into a folder that `saving.making` gave; those that were made in room there, are there."""
        assert self.world is not None
        groups = {"event": self.columns, "kind": self.kinds, "correction": self.corrections}
        strings = {"people": self.people, "parties": self.parties, "matters": self.matters}
        saving.write(made, strings, groups, self.limits, self.world)

    def require_sound(self) -> None:
        """Look at the codes of a saved book, once: what is damaged must not lead the kernel outside its tables.

        Raises:
            BookError: an event's kind, party or matter is none of the book's.
        """
        if self.looked_at[0]:
            return
        tables = {"kind": len(self.kinds), "party": len(self.parties) + 1, "matter": len(self.matters) + 1}
        for name, size in tables.items():
            if int(getattr(self.columns, name).max(initial=0)) >= size:
                raise BookError(f"the book is damaged: event_{name} names what it does not hold; build it again")
        self.looked_at[0] = True

    def __len__(self) -> int:
        """How many events it holds."""
        return len(self.columns)

    def index(self, person: str) -> int:
        """Where a person stands among the people.

        Raises:
            UnknownPersonError: no event names them.
        """
        key = person.encode(errors="surrogatepass")  # a name that is no UTF-8 is nobody's
        at = bisect_left(range(len(self.people)), key, key=lambda i: self.people[i].as_py().encode())
        if at == len(self.people) or self.people[at].as_py() != person:
            holds = how_many(len(self.people), "person", "people")
            raise UnknownPersonError(f"no event names {person!r}; the book holds {holds}")
        return at

    def kinds_by(self, recorded_by: int | None) -> NDArray[np.uint32]:
        """The kind of every event, VOID for those that do not stand by a moment (specification section 1)."""
        self.require_sound()
        if recorded_by is None:
            return self.columns.kind
        kinds = self.columns.kind.copy()
        kinds[self.corrections.void] = self.corrections.void_kinds
        recorded = self.columns.recorded
        in_time = np.zeros(kinds.size, np.bool_) if recorded is None else recorded <= recorded_by
        kinds[~standing(self.corrections, in_time)[0]] = VOID
        return kinds

    def events_of(
        self, person: str, *, recorded_by: int | None = None, as_of: int | None = None
    ) -> list[dict[str, Any]]:
        """The events of a person that stand, in order, as dictionaries; none for somebody whom no event names.

        Times are whole microseconds since 1970.
        """
        try:
            at = self.index(person)
        except UnknownPersonError:
            return []
        first, last = int(self.columns.offsets[at]), int(self.columns.offsets[at + 1])
        if as_of is not None:
            last = first + int(np.searchsorted(self.columns.time[first:last], as_of, side="right"))
        kinds = self.kinds_by(recorded_by)[first:last]
        replaced = self.corrections.replaced_by(first, last)
        return [
            self._event(person, first + i, int(kind), replaced.get(first + i))
            for i, kind in enumerate(kinds)
            if kind != VOID
        ]

    def event_at(self, row: int) -> dict[str, Any]:
        """The event of one row, whether it stands or not."""
        person = self.people[int(np.searchsorted(self.columns.offsets, row, side="right")) - 1].as_py()
        kind, void = int(self.columns.kind[row]), self.corrections.void
        if kind == VOID:
            kind = int(self.corrections.void_kinds[np.searchsorted(void, row)])
        return self._event(person, row, kind, self.corrections.replaced_by(row, row + 1).get(row))

    def _event(self, person: str, row: int, kind: int, replaces: str | None) -> dict[str, Any]:
        columns, kinds = self.columns, self.kinds
        if columns.ids is None:
            raise BookError("this book was built without the ids of events; build it with keep_ids=True")
        recorded = UNRECORDED if columns.recorded is None else columns.recorded[row]
        return {
            "id": columns.ids[row].as_py(),
            "source": _word(kinds.sources, kinds.source[kind]),
            "type": _word(kinds.types, kinds.type[kind]),
            "person": person,
            "time": int(columns.time[row]),
            "amount": _number(columns.amount[row]),
            "value": _number(columns.value[row]),
            "label": _word(kinds.labels, kinds.label[kind]),
            "party": _word(self.parties, columns.party[row]),
            "matter": _word(self.matters, columns.matter[row]),
            "recorded": None if recorded == UNRECORDED else int(recorded),
            "replaces": replaces,
        }


def microseconds(moment: int | datetime) -> int:
    """A moment as whole microseconds since 1970.

    Raises:
        ValueError: a datetime without a zone. TypeError: neither a whole number nor a datetime, as text is.
    """
    if isinstance(moment, int | np.integer) and not isinstance(moment, bool):
        return int(moment)
    if not isinstance(moment, datetime):
        message = f"{moment!r} is no moment; give a datetime with a zone, or whole microseconds since 1970"
        raise TypeError(message)
    if moment.tzinfo is None:
        message = f"{moment} has no time zone; say which, such as datetime(…, tzinfo=UTC)"
        raise ValueError(message)
    return (moment - EPOCH) // timedelta(microseconds=1)


def one_world(declared: Mapping[Any, World | None], world: World | None) -> World | None:
    """The one world of all files.

    Raises:
        WorldError: two are declared.
    """
    found: World | None = world
    whose = "--world"
    for file, said in declared.items():
        if said is not None and found is not None and said != found:
            raise WorldError(
                f"{file}: declares the world {said}; {whose} says {found}, and events of two worlds never meet"
            )
        if said is not None:
            found, whose = said, str(file)
    return found


def _word(dictionary: pa.LargeStringArray, code: Any) -> str | None:
    """The string of a code."""
    return None if code == 0 else dictionary[int(code) - 1].as_py()


def _number(number: Any) -> int | None:
    """A number of a column, None where null."""
    return None if number == NULL else int(number)
