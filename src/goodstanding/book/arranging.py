"""From raw columns to those of a book: one event once, everybody's events together, corrections followed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodstanding.book import ordering
from goodstanding.book.building import Raw
from goodstanding.book.coding import buffers
from goodstanding.book.columns import NULL, Columns, Corrections, Limits, Place
from goodstanding.book.correcting import among, follow_corrections, targets_of
from goodstanding.book.sharing import in_ranges, shared
from goodstanding.errors import EventsError, Problem
from goodstanding.limits import MOST_EVENTS, MOST_LISTED

LEFT_BY = {"amount": "time", "value": "amount", "kind": "person", "party": "kind", "matter": "party"}
"""The columns that follow the times into their places, one after another; each into memory that another has left."""

PLACES = 8
"""Bits in which the keys of events leave a mark, for each key at least: few then meet by chance."""


def drop_twins(raw: Raw, twice: NDArray[np.uint64], place: Place) -> Raw:
    """The same rows with every event once (specification section 1, the same id).

    Args:
        twice: what `keys_of_several` said.

    Raises:
        EventsError: a source and id came twice with different content.
    """
    if not twice.size:
        return raw
    rows = np.flatnonzero(among(raw.key, twice))
    rows = rows[np.argsort(raw.key[rows], kind="stable")]
    twin_of = np.full(len(raw), -1, np.int64)
    ordering.pair_twins(rows, raw.key, raw.sources(), raw.id_data, raw.id_starts, twin_of)
    second = np.flatnonzero(twin_of >= 0)
    first = twin_of[second]
    _refuse_other_content(raw, first, second, place)
    if raw.recorded is not None:
        np.minimum.at(raw.recorded, first, raw.recorded[second])
    return _keep(raw, twin_of < 0)


def keys_of_several(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The keys that several rows have, ascending.

    Most keys have a place of their own among so many bits. What shares one, be it by chance, is looked at once more.
    """
    bits = np.zeros(1 << max(keys.size * PLACES // 8, 1).bit_length(), np.uint8)
    taken = np.empty(keys.size, np.bool_)
    ordering.mark_places(keys, bits, taken)
    suspected = keys[taken]
    if not suspected.size:
        return suspected
    bits[:] = 0
    ordering.mark_places(suspected, bits, np.empty(suspected.size, np.bool_))
    ordering.look_at_places(keys, bits, taken)
    suspected = np.sort(keys[taken])
    return np.unique(suspected[1:][suspected[1:] == suspected[:-1]])


def _replaces(raw: Raw) -> NDArray[np.int64]:
    """For every row a code of the id that it replaces, 0 where none."""
    codes = np.zeros(len(raw), np.int64)
    if raw.correcting.size:
        codes[raw.correcting] = raw.corrected.dictionary_encode().indices.to_numpy() + 1
    return codes


def _refuse_other_content(raw: Raw, first: NDArray[np.int64], second: NDArray[np.int64], place: Place) -> None:
    columns = {name: getattr(raw, name) for name in ("kind", "person", "time", "amount", "value", "party", "matter")}
    columns["replaces"] = _replaces(raw)
    other = {name: column[first] != column[second] for name, column in columns.items()}
    differs = np.logical_or.reduce(list(other.values()))
    ids = raw.ids()
    sources = raw.kinds.sources
    problems = []
    for i in np.flatnonzero(differs)[:MOST_LISTED]:
        a, b = int(first[i]), int(second[i])
        which = ", ".join("type or label" if name == "kind" else name for name in other if other[name][i])
        file, row = place(b)
        before, row_before = place(a)
        source = sources[int(raw.kinds.source[raw.kind[b]]) - 1].as_py()
        problems.append(
            Problem(
                file,
                row,
                f"event {ids[b].as_py()!r} of source {source!r} differs in {which} from {before}:{row_before}",
                "the same content under the same source and id; a correction is an event with an id of its own "
                "and 'replaces'",
            )
        )
    if problems:
        raise EventsError(problems, more=int(differs.sum()) - len(problems))


def _keep(raw: Raw, kept: NDArray[np.bool_]) -> Raw:
    """The rows that are kept."""
    number = np.cumsum(kept) - 1
    ids = raw.ids().filter(pa.array(kept))
    data, starts = buffers(ids)
    here = kept[raw.correcting]
    columns = ("person", "kind", "time", "amount", "value", "party", "matter")
    return replace(
        raw,
        **{name: getattr(raw, name)[kept] for name in columns},
        recorded=None if raw.recorded is None else raw.recorded[kept],
        id_data=data,
        id_starts=starts,
        correcting=number[raw.correcting[here]],
        corrected=raw.corrected.filter(pa.array(here)),
    )


def arrange(raw: Raw, place: Place, *, keep_ids: bool) -> tuple[pa.LargeStringArray, Columns, Corrections, Limits]:
    """Put events in order, each once.

    Returns:
        The people by UTF-8 bytes, the columns, the corrections among them, and the greatest sizes.

    Raises:
        EventsError: one id with two contents; a circle of corrections; more than 1,000,000 events of a person.
    """
    with ThreadPoolExecutor(1) as pool:
        ranked = pool.submit(_ranked, raw.people)
        raw = drop_twins(raw, keys_of_several(raw.key), place)
        people, ranks = ranked.result()
    counts = np.zeros(len(people) + 1, np.int64)
    ordering.count(raw.person, counts)
    offsets = np.zeros(len(people) + 1, np.int64)
    offsets[ranks[1:] + 1] = counts[1:]
    np.cumsum(offsets, out=offsets)
    most = int(counts.max())
    if most > MOST_EVENTS:
        _refuse_fullest(people, offsets)
    sizes = shared(lambda column: int(ordering.greatest(column, NULL)), [raw.amount, raw.value], threads=2)
    limits = Limits(most, *sizes)
    targets = targets_of(raw)
    laid, rows = _in_order(raw, offsets, ranks, most)
    laid["kind"], corrections = follow_corrections(raw, targets, rows, laid["kind"], place)
    columns = Columns(
        offsets=offsets,
        recorded=None if raw.recorded is None else raw.recorded[rows],
        ids=raw.ids().take(pa.array(rows)) if keep_ids else None,
        **laid,
    )
    return people, columns, corrections, limits


def _ranked(strings: pa.LargeStringArray) -> tuple[pa.LargeStringArray, NDArray[np.uint32]]:
    """Strings by their UTF-8 bytes, and for every code (0 for null) its place among them."""
    order = pc.sort_indices(strings).to_numpy()
    ranks = np.zeros(len(strings) + 1, np.uint32)
    ranks[order + 1] = np.arange(len(strings), dtype=np.uint32)
    return strings.take(pa.array(order)), ranks


def _in_order(
    raw: Raw, offsets: NDArray[np.int64], ranks: NDArray[np.uint32], most: int
) -> tuple[dict[str, NDArray[Any]], NDArray[np.uint32]]:
    """The columns by (person, time, source, id), and the row that each event came from. The raw columns are used up."""
    _, source_ranks = _ranked(raw.kinds.sources)
    source_rank = source_ranks[raw.kinds.source]
    cursor = offsets[ranks]
    cursor[0] = -1
    times, rows = raw.key[: len(raw)].view(np.int64), np.empty(len(raw), np.uint32)  # the keys have served

    def place(first: int, last: int) -> None:
        # A cursor of its own: of one that were shared, the last person of the range before would come to stand at the
        # first place of this one, and be taken for somebody of this range.
        ordering.scatter(raw.person, raw.time, cursor.copy(), offsets[first], offsets[last], times, rows)
        ordering.sort_each(offsets, first, last, most, times, rows, raw.kind, source_rank, raw.id_data, raw.id_starts)

    in_ranges(offsets, place)
    laid = {"time": times}
    for name, left in LEFT_BY.items():
        laid[name] = _follow(getattr(raw, name), rows, offsets, getattr(raw, left))
    return laid, rows


def _follow(
    column: NDArray[Any], rows: NDArray[np.uint32], offsets: NDArray[np.int64], spare: NDArray[Any]
) -> NDArray[Any]:
    """A column in the order of rows, in memory that is not needed any more."""
    in_ranges(offsets, lambda first, last: ordering.gather(column, rows, offsets[first], offsets[last], spare))
    return spare


def _refuse_fullest(people: pa.LargeStringArray, offsets: NDArray[np.int64]) -> None:
    counts = np.diff(offsets)
    full = np.flatnonzero(counts > MOST_EVENTS)
    raise EventsError(
        [
            Problem("events", None, f"{counts[i]:,} events of person {people[int(i)].as_py()!r}", "at most 1,000,000")
            for i in full[:MOST_LISTED]
        ],
        more=max(0, full.size - MOST_LISTED),
    )
