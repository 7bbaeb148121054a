"""Listings as events: what opens each, and what ends it.

The id of an event is a keyed hash of list, person, case and since: the same row sent again is the same event.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from goodstanding.book import VOID, Book
from goodstanding.record.ingest.columns import from_table
from goodstanding.record.ingest.fingerprints import Hasher
from goodstanding.record.moving import settled

DIGITS: Final = 16
UNTIL, GONE = "/until", "/gone"
"""What is added to the id of a listing to name the event that ends it: its day came, or it is on the list no more."""


def prefix_of(name: str) -> str:
    """How the ids of a list's events begin."""
    return f"list/{name}/"


def ids_of(hasher: Hasher, name: str, people: Any, rows: Any) -> Any:
    """The ids of listings, a `pa.StringArray`.

    Args:
        people: public ids. rows: with `case` and `since`.
    """
    case = pc.fill_null(rows.column("case"), "").combine_chunks()
    since = rows.column("since").combine_chunks().cast(pa.int64()).cast(pa.string())
    length = pc.utf8_length(people).cast(pa.string())
    texts = pc.binary_join_element_wise(length, people, since, case, " ")
    words = np.stack([hasher.ids(f"list {name} {part}", texts) for part in (1, 2)], axis=1)
    digits = np.frombuffer(words.astype(">u8").tobytes().hex().encode(), np.uint8)
    bounds = np.arange(len(texts) + 1, dtype=np.int32) * 2 * DIGITS
    names = pa.StringArray.from_buffers(len(texts), pa.py_buffer(bounds), pa.py_buffer(settled(digits)))
    return pc.binary_join_element_wise(prefix_of(name), names, "")


def openings(source: str, type_: str, ids: Any, people: Any, rows: Any) -> Any:
    """A batch of events that open listings."""
    columns = {"amount": rows.column("amount"), "label": rows.column("ground")}
    return _batch(source, type_, ids, people, rows.column("since"), rows.column("case"), columns)


def endings(source: str, type_: str, ids: Any, people: Any, rows: Any, now: int) -> Any:
    """A batch of events that end those listings whose day has come."""
    until = rows.column("until").combine_chunks().cast(pa.int64())
    ended = pc.less_equal(until, now).fill_null(pa.scalar(value=False))
    rows, ids = rows.filter(ended), pc.binary_join_element_wise(ids.filter(ended), UNTIL, "")
    return _batch(source, type_, ids, people.filter(ended), rows.column("until"), rows.column("case"), {})


def removals(book: Book, source: str, types: tuple[str, str], name: str, still: Any, now: int) -> Any:
    """A batch of events that end the listings of a list which stand open on record, and are not on it any more.

    Args:
        types: what opens a listing, and what ends it.
        still: the ids of those that are on it.
    """
    assert book.columns.ids is not None
    opened = _rows(book, source, types[0], prefix_of(name))
    ended = _rows(book, source, types[1], prefix_of(name))
    over = pc.replace_substring_regex(book.columns.ids.take(pa.array(ended)), f"({UNTIL}|{GONE})$", "")
    ids = book.columns.ids.take(pa.array(opened))
    keep = pc.or_(_among(ids, still), _among(ids, over))
    gone = opened[~keep.to_numpy(zero_copy_only=False)]
    people = book.people.take(pa.array(np.searchsorted(book.columns.offsets, gone, side="right") - 1))
    matters = book.columns.matter[gone].astype(np.int64)
    cases = book.matters.take(pa.array(matters - 1, mask=matters == 0))
    ids = pc.binary_join_element_wise(book.columns.ids.take(pa.array(gone)).cast(pa.string()), GONE, "")
    times = pa.array(np.full(gone.size, now, np.int64))
    return _batch(source, types[1], ids, people.cast(pa.string()), times, cases.cast(pa.string()), {})


def _among(ids: Any, some: Any) -> Any:
    return pc.is_in(ids.cast(pa.large_string()), pa.array(some, pa.large_string()))


def _rows(book: Book, source: str, type_: str, prefix: str) -> Any:
    """The rows of a list's events of one type that stand."""
    kinds = book.kinds_by(None)
    types, sources = book.kinds.types.to_pylist(), book.kinds.sources.to_pylist()
    if type_ not in types or source not in sources:
        return np.zeros(0, np.int64)
    codes = (book.kinds.type == types.index(type_) + 1) & (book.kinds.source == sources.index(source) + 1)
    codes[VOID] = False
    rows = np.flatnonzero(codes[kinds])
    assert book.columns.ids is not None
    named = pc.starts_with(book.columns.ids.take(pa.array(rows)), prefix)
    return rows[named.to_numpy(zero_copy_only=False).astype(np.bool_)]


def _batch(source: str, type_: str, ids: Any, people: Any, times: Any, cases: Any, more: dict[str, Any]) -> Any:
    nothing = {name: pa.nulls(len(ids), pa.string()) for name in ("label", "party", "replaces")}
    numbers = {name: pa.nulls(len(ids), pa.int64()) for name in ("amount", "value", "recorded")}
    columns = {
        **nothing,
        **numbers,
        "id": ids,
        "type": pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(ids), np.int32)), pa.array([type_])),
        "time": times.cast(pa.int64()),
        "matter": cases,
        **more,
    }
    return from_table(pa.table(columns), source, people)
