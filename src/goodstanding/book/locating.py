"""Events of a book found by source and id, where few are asked for: a look at each row's hash, no table of all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.book import splicing
from goodstanding.book.coding import SEED, buffers, hash_rows
from goodstanding.book.columns import UNKNOWN
from goodstanding.book.correcting import among

AT_ONCE = 1 << 18
"""Rows whose hashes are held at once."""

SPARSE = 64
"""Places in the table of those asked for, for each of them: so many rows in one are looked at in vain."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Where to look: the events of one book.

    Attributes:
        kind: of every event, that which it would have if it stood.
        source: by kind.
    """

    ids: pa.LargeStringArray
    kind: NDArray[np.uint32]
    source: NDArray[np.uint32]


def locate(
    rows: Rows, source: NDArray[np.uint32], ids: pa.LargeStringArray, within: Iterable[tuple[int, int]]
) -> NDArray[np.int64]:
    """The row of each event asked for by source and id, UNKNOWN for those that lie in no stretch given."""
    found = np.full(source.size, UNKNOWN, np.int64)
    if not source.size:
        return found
    wanted = np.empty(source.size, np.uint64)
    hash_rows(*buffers(ids), source, SEED, wanted)
    few = np.zeros(1 << (SPARSE * source.size).bit_length(), np.bool_)
    few[wanted & np.uint64(few.size - 1)] = True
    numbers: dict[tuple[int, str], list[int]] = {}
    for number, name in enumerate(zip(source.tolist(), ids.to_pylist(), strict=True)):
        numbers.setdefault(name, []).append(number)
    ordered = np.unique(wanted)
    for row in _alike(rows, within, few, ordered):
        name = (int(rows.source[rows.kind[row]]), rows.ids[row].as_py())
        found[numbers.get(name, [])] = row
    return found


def _alike(
    rows: Rows, within: Iterable[tuple[int, int]], few: NDArray[np.bool_], ordered: NDArray[np.uint64]
) -> Iterable[int]:
    """The rows whose hash is one of those asked for."""
    data, starts = buffers(rows.ids)
    keys, places = np.empty(AT_ONCE, np.uint64), np.empty(AT_ONCE, np.int64)
    for first, last in _pieces(within):
        here: NDArray[Any] = keys[: last - first]
        hash_rows(data, starts[first : last + 1], rows.source[rows.kind[first:last]], SEED, here)
        likely = places[: splicing.mark_candidates(here, few, places)]
        yield from (likely[among(here[likely], ordered)] + first).tolist()


def _pieces(within: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    """The same stretches, cut so that each is held at once."""
    for first, last in within:
        for start in range(first, last, AT_ONCE):
            yield start, min(start + AT_ONCE, last)
