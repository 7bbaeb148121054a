"""A book without some of its people, as if none of their events had ever been in it; and a book of some alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodstanding.book import splicing
from goodstanding.book.book import Book
from goodstanding.book.coding import buffers
from goodstanding.book.columns import NULL, UNKNOWN, UNRECORDED, VOID, Columns, Corrections, Kinds, Limits
from goodstanding.book.correcting import standing
from goodstanding.book.merging import Room, in_memory, true_kinds

Codes = NDArray[np.uint32]


def without(book: Book, people: pa.Array) -> Book:
    """The book that the events of all others make; what only theirs named is in no dictionary any more.

    Where an event of somebody else names one of them as its party, it stays as it is: it is about somebody else.

    Args:
        people: those who leave; whom no event names is left alone.
    """
    return without_into(in_memory, book, people)


def without_into(room: Room, book: Book, people: pa.Array) -> Book:
    """The same, every column in room that is asked for by the name of its part."""
    return _left(room, book, _among(book, people))


def only(book: Book, people: pa.Array) -> Book:
    """The book of some people, and of those an event of whom corrects one of theirs, through others too.

    So everything about these people is in it as it is in the whole: who else is there is of no account to their scores.
    """
    chosen, corrections = _among(book, people), book.corrections
    known = corrections.targets != UNKNOWN
    by, of = (_person_of(book, rows[known]) for rows in (corrections.rows, corrections.targets))
    while (missing := by[chosen[of] & ~chosen[by]]).size:
        chosen[missing] = True
    return _left(in_memory, book, ~chosen)


def _among(book: Book, people: pa.Array) -> NDArray[np.bool_]:
    """For each person of a book, whether they are one of some."""
    return pc.is_in(book.people, pa.array(people, pa.large_string())).to_numpy(zero_copy_only=False).copy()


def _person_of(book: Book, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Whose event each row is."""
    return np.searchsorted(book.columns.offsets, rows, side="right") - 1


def _left(room: Room, book: Book, gone: NDArray[np.bool_]) -> Book:
    """What stays of a book."""
    book.require_sound()
    stay = _Stay(book.columns.offsets, gone, room)
    names = pa.array(~gone)
    kind, kinds = _used_kinds(stay.column("kind", true_kinds(book)), book.kinds)
    party, parties = _used(stay.column("party", book.columns.party), book.parties)
    matter, matters = _used(stay.column("matter", book.columns.matter), book.matters)
    corrections = _corrections(book, stay, kind)
    kind[corrections.void] = VOID
    columns = Columns(
        offsets=stay.offsets,
        time=stay.column("time", book.columns.time),
        kind=kind,
        amount=stay.column("amount", book.columns.amount),
        value=stay.column("value", book.columns.value),
        party=party,
        matter=matter,
        recorded=_recorded(book, stay),
        ids=None if book.columns.ids is None else stay.strings("ids", book.columns.ids),
    )
    limits = Limits(
        int(np.diff(stay.offsets).max(initial=0)),
        int(splicing.greatest(columns.amount, NULL)),
        int(splicing.greatest(columns.value, NULL)),
    )
    people_left = book.people.filter(names)
    return Book(people_left, columns, kinds, parties, matters, corrections, limits, book.world)


class _Stay:
    """The stretches of rows that stay, and what is made of them."""

    def __init__(self, offsets: NDArray[np.int64], gone: NDArray[np.bool_], room: Room) -> None:
        edges = np.flatnonzero(np.diff(np.concatenate([[True], gone, [True]])))
        self.firsts, self.lasts = offsets[edges[0::2]], offsets[edges[1::2]]
        self.room = room
        counts = np.diff(offsets)[~gone]
        self.offsets = room("event_offsets", counts.size + 1, np.int64)
        self.offsets[0] = 0
        np.cumsum(counts, out=self.offsets[1:])
        self._before = np.cumsum(np.concatenate([[0], self.lasts - self.firsts]))

    def column(self, name: str, column: NDArray[Any]) -> NDArray[Any]:
        """What is left of a column."""
        out = self.room(f"event_{name}", int(self.offsets[-1]), column.dtype)
        splicing.copy_stretches(column, self.firsts, self.lasts, out)
        return out

    def strings(self, name: str, strings: pa.LargeStringArray) -> pa.LargeStringArray:
        """What is left of a column of strings."""
        data, starts = buffers(strings)
        many = int(self.offsets[-1])
        size = int((starts[self.lasts] - starts[self.firsts]).sum())
        out_starts = self.room(f"event_{name}.starts", many + 1, np.int64)
        out = self.room(f"event_{name}.bytes", size, np.uint8)
        splicing.copy_strings(data, starts, self.firsts, self.lasts, out_starts, out)
        return pa.LargeStringArray.from_buffers(many, pa.py_buffer(out_starts), pa.py_buffer(out))

    def moved(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where rows come to lie, UNKNOWN for those that go and those that were unknown."""
        if not self.firsts.size:
            return np.full(rows.size, UNKNOWN, np.int64)
        at = np.maximum(np.searchsorted(self.firsts, rows, side="right") - 1, 0)
        inside = (rows >= self.firsts[at]) & (rows < self.lasts[at])
        return np.where(inside, rows - self.firsts[at] + self._before[at], UNKNOWN)


def _kept_codes(used: NDArray[np.bool_]) -> Codes:
    """For every code its new one; 0, which names nothing, is always kept."""
    used[0] = True
    return (np.cumsum(used) - 1).astype(np.uint32)


def _used(codes: Codes, words: pa.LargeStringArray) -> tuple[Codes, pa.LargeStringArray]:
    """A column with the codes of a dictionary that holds what it names, and nothing else."""
    used = np.zeros(len(words) + 1, np.bool_)
    splicing.mark_used(codes, used)
    if used[1:].all():
        return codes, words
    splicing.rename(codes, _kept_codes(used))
    return codes, words.filter(pa.array(used[1:]))


def _used_kinds(codes: Codes, kinds: Kinds) -> tuple[Codes, Kinds]:
    """The same for kinds, and for the dictionaries of these."""
    used = np.zeros(len(kinds), np.bool_)
    splicing.mark_used(codes, used)
    splicing.rename(codes, _kept_codes(used))
    parts: dict[str, Any] = {}
    for name in ("type", "source", "label"):
        parts[name], parts[f"{name}s"] = _used(getattr(kinds, name)[used], getattr(kinds, f"{name}s"))
    return codes, Kinds(**parts)


def _corrections(book: Book, stay: _Stay, kind: Codes) -> Corrections:
    """What is left of the corrections, and which events do not stand by them."""
    before = book.corrections
    rows = stay.moved(before.rows)
    left = np.flatnonzero(rows != UNKNOWN)
    if not left.size:
        return Corrections()
    corrections = Corrections(rows[left], stay.moved(before.targets[left]), before.ids.take(pa.array(left)))
    stands, _ = standing(corrections, np.ones(kind.size, np.bool_))
    void = np.flatnonzero(~stands)
    return replace(corrections, void=void, void_kinds=kind[void])


def _recorded(book: Book, stay: _Stay) -> NDArray[np.int64] | None:
    """When what is left was recorded; None where nothing is said of any."""
    if book.columns.recorded is None:
        return None
    recorded = stay.column("recorded", book.columns.recorded)
    return None if (recorded == UNRECORDED).all() else recorded
