"""Two books into one, as if all their events had been put in order together.

What the larger book holds is copied in whole stretches, one column beside another, and keeps its codes; only the events
of the smaller one are looked for a place. So to add one event in a hundred costs a small part of building anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodstanding.book import splicing
from goodstanding.book.book import Book, one_world
from goodstanding.book.building import MOST_ROWS
from goodstanding.book.coding import buffers
from goodstanding.book.columns import UNKNOWN, UNRECORDED, VOID, Columns, Corrections, Kinds, Limits
from goodstanding.book.correcting import standing
from goodstanding.book.locating import Rows, locate
from goodstanding.book.sharing import cores, shared
from goodstanding.errors import BookError, EventsError, Problem
from goodstanding.limits import MOST_EVENTS, MOST_LISTED

Room: TypeAlias = "Callable[[str, int, Any], NDArray[Any]]"
"""Gives an array to write into, by the name of a part, its size and its type: in memory, or in a file."""

Codes: TypeAlias = NDArray[np.uint32]

NUMBERS = ("time", "kind", "amount", "value", "party", "matter", "recorded")
"""The columns of numbers, which are put together one beside another."""


class People(NamedTuple):
    """For each person of the second book, where they stand among the first's people, or before whom they would."""

    at: NDArray[np.int64]
    there: NDArray[np.bool_]


class Side(NamedTuple):
    """One of the two books, with its codes of kind, party and matter as they are in the merged one.

    `kind` is what every event would have if it stood.
    """

    book: Book
    kind: Codes
    party: Codes
    matter: Codes


def merge(book: Book, more: Book) -> Book:
    """The book of all events of two, which have none in common; it keeps the codes of the first.

    Raises:
        EventsError: an event is in both; a circle of corrections; more than 1,000,000 events of a person.
        WorldError: they are of two worlds. BookError: one was built without the ids of events.
    """
    return merge_into(in_memory, book, more)


def in_memory(_name: str, size: int, dtype: Any) -> NDArray[Any]:
    """Room in memory."""
    return np.empty(size, dtype)


def merge_into(room: Room, book: Book, more: Book) -> Book:
    """The same, every column in room that is asked for by the name of its part.

    Raises:
        EventsError, WorldError, BookError: as `merge` says.
    """
    world = one_world({"the events to add": more.world}, book.world)
    _require_mergeable(book, more)
    kinds, kind_of = _joined_kinds(book.kinds, more.kinds)
    parties, party_of = _joined(book.parties, more.parties)
    matters, matter_of = _joined(book.matters, more.matters)
    old = Side(book, true_kinds(book), book.columns.party, book.columns.matter)
    new = Side(more, kind_of[true_kinds(more)], party_of[more.columns.party], matter_of[more.columns.matter])
    people = _found(book.people, more.people)
    places = _places(old, new, people, kinds)
    names, offsets = _everybody(book, more, people, room)
    limits = _limits(book, more, names, offsets)
    corrections = _corrections(old, new, places, people, kinds.source)
    return Book(
        people=names,
        columns=_columns(old, new, places, room, offsets, corrections),
        kinds=kinds,
        parties=parties,
        matters=matters,
        corrections=corrections,
        limits=limits,
        world=world,
    )


def true_kinds(book: Book) -> Codes:
    """The kind of every event, also of those that do not stand."""
    void = book.corrections.void
    if not void.size:
        return book.columns.kind
    kinds = book.columns.kind.copy()
    kinds[void] = book.corrections.void_kinds
    return kinds


def _require_mergeable(book: Book, more: Book) -> None:
    for one in (book, more):
        one.require_sound()
        if one.columns.ids is None:
            raise BookError("a book without the ids of its events takes no more; build it with keep_ids=True")
    if len(book) + len(more) >= MOST_ROWS:
        raise EventsError(f"more than {MOST_ROWS:,} events in one book; put them into several")


def _joined(ours: pa.LargeStringArray, theirs: pa.LargeStringArray) -> tuple[pa.LargeStringArray, Codes]:
    """A dictionary that has what another has too, and for every code there (0 for null) the one here."""
    codes = np.zeros(len(theirs) + 1, np.uint32)
    if not len(theirs):
        return ours, codes
    found = pc.fill_null(pc.index_in(ours, value_set=theirs), -1).to_numpy()  # the table is of the few
    known = np.flatnonzero(found >= 0)
    codes[found[known] + 1] = known + 1
    unknown = np.flatnonzero(codes[1:] == 0)
    codes[unknown + 1] = len(ours) + 1 + np.arange(unknown.size)
    return pa.concat_arrays([ours, theirs.take(pa.array(unknown))]) if unknown.size else ours, codes


def _joined_kinds(ours: Kinds, theirs: Kinds) -> tuple[Kinds, Codes]:
    """The kinds of two books, and for each of the second its code among them."""
    words, tables = {}, {}
    for name in ("type", "source", "label"):
        words[f"{name}s"], tables[name] = _joined(getattr(ours, f"{name}s"), getattr(theirs, f"{name}s"))
    triples = list(zip(ours.type.tolist(), ours.source.tolist(), ours.label.tolist(), strict=True))
    codes = {triple: code for code, triple in enumerate(triples)}
    renamed = [tables[name][getattr(theirs, name)].tolist() for name in tables]
    code_of = [codes.setdefault(triple, len(codes)) for triple in zip(*renamed, strict=True)]
    columns = np.array(list(codes), np.uint32).reshape(-1, 3)
    return Kinds(*(np.ascontiguousarray(column) for column in columns.T), **words), np.array(code_of, np.uint32)


def _found(ours: pa.LargeStringArray, theirs: pa.LargeStringArray) -> People:
    """Where the people of one book stand among those of another."""
    people = People(np.empty(len(theirs), np.int64), np.empty(len(theirs), np.bool_))
    splicing.find_sorted(*buffers(ours), *buffers(theirs), *people)
    return people


def _ranks(words: pa.LargeStringArray) -> Codes:
    """For every code (0 for null) its word's place by UTF-8 bytes."""
    ranks = np.zeros(len(words) + 1, np.uint32)
    ranks[pc.sort_indices(words).to_numpy() + 1] = np.arange(len(words), dtype=np.uint32)
    return ranks


def _places(old: Side, new: Side, people: People, kinds: Kinds) -> NDArray[np.int64]:
    """For each event of the second book the row of the first that it comes before.

    Raises:
        EventsError: it is that row's own event.
    """
    places = np.empty(len(new.book), np.int64)
    columns = [(side.book.columns.time, side.kind, *buffers(side.book.columns.ids)) for side in (old, new)]
    offsets = old.book.columns.offsets, new.book.columns.offsets
    ranks = _ranks(kinds.sources)[kinds.source]
    twin = splicing.find_events(people, offsets, columns[0], columns[1], ranks, places)
    if twin != splicing.NOWHERE:
        event = new.book.event_at(twin)
        raise EventsError(f"event {event['id']!r} of source {event['source']!r} is in both books; merge others only")
    return places


def _everybody(book: Book, more: Book, people: People, room: Room) -> tuple[pa.LargeStringArray, NDArray[np.int64]]:
    """All people by UTF-8 bytes, and where each one's events begin."""
    new = np.flatnonzero(~people.there)
    places = people.at[new]
    names = spliced_strings(book.people, more.people.take(pa.array(new)), places, room, "people")
    counts = np.empty(len(names), np.int64)
    splicing.splice(np.diff(book.columns.offsets), np.zeros(new.size, np.int64), places, counts)
    before: NDArray[np.int64] = np.cumsum(~people.there) - ~people.there  # newcomers before each of the second's people
    counts[people.at + before] += np.diff(more.columns.offsets)
    offsets = room("event_offsets", counts.size + 1, np.int64)
    offsets[0] = 0
    np.cumsum(counts, out=offsets[1:])
    return names, offsets


def _limits(book: Book, more: Book, names: pa.LargeStringArray, offsets: NDArray[np.int64]) -> Limits:
    """The greatest sizes.

    Raises:
        EventsError: somebody has more events than there may be.
    """
    counts = np.diff(offsets)
    full = np.flatnonzero(counts > MOST_EVENTS)
    if full.size:
        problems = [
            Problem("events", None, f"{counts[i]:,} events of person {names[int(i)].as_py()!r}", "at most 1,000,000")
            for i in full[:MOST_LISTED]
        ]
        raise EventsError(problems, more=max(0, full.size - MOST_LISTED))
    ours, theirs = book.limits, more.limits
    return Limits(int(counts.max(initial=0)), max(ours.amount, theirs.amount), max(ours.value, theirs.value))


def _corrections(old: Side, new: Side, places: NDArray[np.int64], people: People, source: Codes) -> Corrections:
    """Which event corrects which in the merged book, and which do not stand.

    Raises:
        EventsError: events replace each other in a circle.
    """
    ours, theirs = old.book.corrections, new.book.corrections
    if not ours.rows.size and not theirs.rows.size:
        return Corrections()
    moved = _Moved(places)
    targets = np.concatenate([moved.old(ours.targets), moved.new(theirs.targets)])
    lost = np.flatnonzero(ours.targets == UNKNOWN)
    targets[lost] = moved.new(_located(new, source, old, lost, [(0, len(new.book))]))
    lost = np.flatnonzero(theirs.targets == UNKNOWN)
    targets[ours.rows.size + lost] = moved.old(_in_the_larger(old, source, new, lost, people))
    corrections = Corrections(
        rows=np.concatenate([moved.old(ours.rows), moved.new(theirs.rows)]),
        targets=targets,
        ids=pa.concat_arrays([ours.ids, theirs.ids]),
    ).in_order()
    stands, settled = standing(corrections, np.ones(len(old.book) + len(new.book), np.bool_))
    if not settled.all():
        _refuse_circle(old, new, moved, np.flatnonzero(~settled), corrections)
    void = np.flatnonzero(~stands)
    return replace(corrections, void=void, void_kinds=_kinds_at(old, new, moved, void))


class _Moved:
    """Where the rows of two books come to lie in the merged one; UNKNOWN stays so."""

    def __init__(self, places: NDArray[np.int64]) -> None:
        self.places = places
        self.added = places + np.arange(places.size)

    def old(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Rows of the first book."""
        return np.where(rows == UNKNOWN, UNKNOWN, rows + np.searchsorted(self.places, rows, side="right"))

    def new(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Rows of the second."""
        return np.where(rows == UNKNOWN, UNKNOWN, self.added[rows]) if self.added.size else rows

    def back(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Which rows of the merged book come from the second, and the row that each had."""
        before = np.searchsorted(self.added, rows)
        is_new = self.added[np.minimum(before, self.added.size - 1)] == rows if self.added.size else rows < 0
        return is_new, np.where(is_new, before, rows - before)


def _kinds_at(old: Side, new: Side, moved: _Moved, rows: NDArray[np.int64]) -> Codes:
    """The kinds of some rows of the merged book."""
    is_new, came_from = moved.back(rows)
    kinds = np.empty(rows.size, np.uint32)
    kinds[is_new], kinds[~is_new] = new.kind[came_from[is_new]], old.kind[came_from[~is_new]]
    return kinds


def _located(
    where: Side, source: Codes, side: Side, which: NDArray[np.int64], within: list[tuple[int, int]]
) -> NDArray[np.int64]:
    """The rows, in stretches of one book, that some corrections of the other replace."""
    corrections = side.book.corrections
    rows = Rows(where.book.columns.ids, where.kind, source)
    sources = source[side.kind[corrections.rows[which]]]
    return locate(rows, sources, corrections.ids.take(pa.array(which)), within)


def _in_the_larger(old: Side, source: Codes, new: Side, which: NDArray[np.int64], people: People) -> NDArray[np.int64]:
    """The same where the other is the larger: nearly all are found among the events of the person they are about."""
    offsets = old.book.columns.offsets
    about = np.searchsorted(new.book.columns.offsets, new.book.corrections.rows[which], side="right") - 1
    at = np.unique(people.at[about[people.there[about]]])
    own = list(zip(offsets[at].tolist(), offsets[at + 1].tolist(), strict=True))
    found = _located(old, source, new, which, own)
    lost = np.flatnonzero(found == UNKNOWN)
    if lost.size:
        found[lost] = _located(old, source, new, which[lost], [(0, len(old.book))])
    return found


def _refuse_circle(old: Side, new: Side, moved: _Moved, rows: NDArray[np.int64], corrections: Corrections) -> None:
    """Name the events that replace each other."""
    problems = []
    listed = rows[:MOST_LISTED]
    origins = zip(listed.tolist(), *(part.tolist() for part in moved.back(listed)), strict=True)
    for row, is_new, came_from in origins:
        ids: Any = (new if is_new else old).book.columns.ids
        alone = corrections.targets[np.searchsorted(corrections.rows, row)] == row
        found = f"event {ids[came_from].as_py()!r} replaces itself{'' if alone else ', through others'}"
        problems.append(Problem("events", None, found, "a correction of another event, which does not lead back to it"))
    raise EventsError(problems, more=max(0, rows.size - len(problems)))


def _columns(
    old: Side,
    new: Side,
    places: NDArray[np.int64],
    room: Room,
    offsets: NDArray[np.int64],
    corrections: Corrections,
) -> Columns:
    """The columns of both books, the second's entries among the first's."""
    ours, theirs = old.book.columns, new.book.columns
    sides = {name: (getattr(ours, name), getattr(theirs, name)) for name in NUMBERS}
    sides |= {name: (getattr(old, name), getattr(new, name)) for name in ("kind", "party", "matter")}
    sides["recorded"] = _recorded(ours, theirs)

    def put_together(name: str) -> Any:
        if name == "ids":
            return spliced_strings(ours.ids, theirs.ids, places, room, "event_ids")
        if sides[name][0] is None:
            return None
        column = room(f"event_{name}", len(ours) + len(theirs), sides[name][0].dtype)
        splicing.splice(*sides[name], places, column)
        return column

    names = ["ids", *NUMBERS]
    made = dict(zip(names, shared(put_together, names, cores()), strict=True))
    made["kind"][corrections.void] = VOID
    return Columns(offsets=offsets, **made)


def _recorded(ours: Columns, theirs: Columns) -> tuple[Any, Any]:
    """When events were recorded, in both books or in neither."""
    if ours.recorded is None and theirs.recorded is None:
        return None, None
    return tuple(  # type: ignore[return-value] # two
        np.full(len(side), UNRECORDED) if side.recorded is None else side.recorded for side in (ours, theirs)
    )


def spliced_strings(
    ours: pa.LargeStringArray, theirs: pa.LargeStringArray, places: NDArray[np.int64], room: Room, name: str
) -> pa.LargeStringArray:
    """Strings with others put in, each before the one of its place."""
    data, starts = buffers(ours)
    new_data, new_starts = buffers(theirs)
    size = int(starts[-1] - starts[0] + new_starts[-1] - new_starts[0])
    out_starts = room(f"{name}.starts", len(ours) + len(theirs) + 1, np.int64)
    out = room(f"{name}.bytes", size, np.uint8)
    splicing.splice_strings(data, starts, new_data, new_starts, places, out_starts, out)
    return pa.LargeStringArray.from_buffers(len(ours) + len(theirs), pa.py_buffer(out_starts), pa.py_buffer(out))
