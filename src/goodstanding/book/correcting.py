"""Corrections: which event replaces which, and which of them stand (specification section 1)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from goodstanding.book import ordering
from goodstanding.book.building import Raw
from goodstanding.book.coding import SEED, buffers, hash_rows
from goodstanding.book.columns import UNKNOWN, VOID, Corrections, Place
from goodstanding.errors import EventsError, Problem
from goodstanding.limits import MOST_LISTED


def among(keys: NDArray[np.uint64], few: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which keys are among a few sorted ones."""
    at = np.minimum(np.searchsorted(few, keys), few.size - 1)
    return few[at] == keys


def keys_of(raw: Raw) -> NDArray[np.uint64]:
    """A hash of every row's source and id, in the order of rows."""
    keys = np.empty(len(raw), np.uint64)
    hash_rows(raw.id_data, raw.id_starts, raw.sources(), SEED, keys)
    return keys


def follow_corrections(
    raw: Raw, targets: NDArray[np.int64], rows: NDArray[np.uint32], kinds: NDArray[np.uint32], place: Place
) -> tuple[NDArray[np.uint32], Corrections]:
    """The kind of every event, VOID for those that do not stand, and what the corrections are.

    Args:
        targets: what `targets_of` said.
        rows: the raw rows in the order of the book.
        kinds: their kinds, in that order.

    Raises:
        EventsError: events replace each other in a circle.
    """
    if not raw.correcting.size:
        return kinds, Corrections()
    at = np.empty(len(raw), np.int64)
    at[rows] = np.arange(rows.size)
    corrections = Corrections(
        rows=at[raw.correcting],
        targets=np.where(targets == UNKNOWN, UNKNOWN, at[targets]),
        ids=raw.corrected,
    ).in_order()
    stands, settled = standing(corrections, np.ones(len(raw), np.bool_))
    if not settled.all():
        alone = set(raw.correcting[targets == raw.correcting].tolist())
        _refuse_circle(raw, rows[np.flatnonzero(~settled)], alone, place)
    void = np.flatnonzero(~stands)
    corrections = replace(corrections, void=void, void_kinds=kinds[void])
    kinds[void] = VOID
    return kinds, corrections


def standing(corrections: Corrections, in_time: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which events stand, and which could be settled: those that are not in a circle.

    Args:
        in_time: for every event of the book, whether it was recorded by the moment asked for.
    """
    known = corrections.targets != UNKNOWN
    nodes = np.unique(np.concatenate([corrections.rows, corrections.targets[known]]))
    targets = np.full(nodes.size, -1, np.int64)
    targets[np.searchsorted(nodes, corrections.rows[known])] = np.searchsorted(nodes, corrections.targets[known])
    replaced_by = np.bincount(targets[targets >= 0], minlength=nodes.size)
    upright = np.ones(nodes.size, np.bool_)
    ordering.settle(targets, replaced_by, in_time[nodes], upright)
    stands = in_time.copy()
    stands[nodes] = upright
    settled = np.ones(in_time.size, np.bool_)
    settled[nodes] = replaced_by == 0
    return stands, settled


def targets_of(raw: Raw) -> NDArray[np.int64]:
    """For each correction the row that it replaces, or UNKNOWN. Asked before the raw columns are used up."""
    targets = np.full(raw.correcting.size, UNKNOWN, np.int64)
    if not targets.size:
        return targets
    data, starts = buffers(raw.corrected)
    source = raw.sources()[raw.correcting]
    all_keys = keys_of(raw)
    keys = np.empty(source.size, np.uint64)
    hash_rows(data, starts, source, SEED, keys)
    candidates = np.flatnonzero(among(all_keys, np.unique(keys)))
    candidates = candidates[np.argsort(all_keys[candidates], kind="stable")]
    first = np.searchsorted(all_keys[candidates], keys)
    ordering.find(
        first,
        keys,
        source,
        data,
        starts,
        candidates,
        all_keys,
        raw.sources(),
        raw.id_data,
        raw.id_starts,
        targets,
    )
    return targets


def _refuse_circle(raw: Raw, rows: NDArray[np.uint32], alone: set[int], place: Place) -> None:
    """Name the events that replace each other; those that stand alone replace themselves."""
    ids = raw.ids()
    problems = []
    for row in sorted(int(row) for row in rows)[:MOST_LISTED]:
        file, line = place(row)
        problems.append(
            Problem(
                file,
                line,
                f"event {ids[row].as_py()!r} replaces itself{'' if row in alone else ', through others'}",
                "a correction of another event, which does not lead back to it",
            )
        )
    raise EventsError(problems, more=max(0, rows.size - len(problems)))
