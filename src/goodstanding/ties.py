"""Ties: who knows whom, as lists of neighbours (specification section 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodstanding.loops import loop

STILL = 2**63 - 1
"""The `until` of a tie that goes on."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Everybody's ties of one kind, or of all; those of person i are neighbours[offsets[i]:offsets[i + 1]]."""

    offsets: NDArray[np.int64]
    neighbours: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Ties:
    """Ties as they were given; one row a tie.

    Attributes:
        a, b, kind: strings; `kind` may be null, which is a kind of its own.
        since, until: microseconds since 1970; STILL for a tie that goes on.
    """

    a: pa.LargeStringArray
    b: pa.LargeStringArray
    since: NDArray[np.int64]
    until: NDArray[np.int64]
    kind: pa.LargeStringArray

    @classmethod
    def of(cls, ties: pa.Table | Iterable[Mapping[str, Any]]) -> Ties:
        """Ties of a table with the columns a, b, since, until, kind (times as whole microseconds), or of mappings."""
        if not isinstance(ties, pa.Table):
            rows = list(ties)
            names = ("a", "b", "since", "until", "kind")
            ties = pa.table({name: pa.array([row.get(name) for row in rows], _TYPES[name]) for name in names})
        return cls(
            a=_strings(ties["a"]),
            b=_strings(ties["b"]),
            since=ties["since"].cast(pa.int64()).to_numpy(),
            until=pc.fill_null(ties["until"].cast(pa.int64()), STILL).to_numpy(),
            kind=_strings(ties["kind"]),
        )

    def __len__(self) -> int:
        """How many rows were given."""
        return self.since.size

    def among(self, people: pa.LargeStringArray, as_of: int, kinds: Iterable[str | None]) -> list[Neighbours]:
        """For each kind asked for (None: all), the ties that count at `as_of` among the people given.

        A tie to oneself, or to somebody outside, does not count; the same pair and kind counts once.
        """
        counts = np.flatnonzero((self.since <= as_of) & (as_of < self.until))
        a = _places(self.a, people)[counts]
        b = _places(self.b, people)[counts]
        named = self.kind.dictionary_encode()
        codes = pc.fill_null(named.indices, -1).to_numpy().astype(np.int64)[counts] + 1
        names = [None, *named.dictionary.to_pylist()]
        inside = (a >= 0) & (b >= 0) & (a != b)
        low, high, codes = _once(np.minimum(a, b)[inside], np.maximum(a, b)[inside], codes[inside])
        answers = []
        for kind in kinds:
            if kind is None:
                answers.append(_both_ways(low, high, len(people)))
            else:
                here = codes == (names.index(kind, 1) if kind in names[1:] else -1)
                answers.append(_both_ways(low[here], high[here], len(people)))
        return answers


_TYPES = {"a": pa.string(), "b": pa.string(), "since": pa.int64(), "until": pa.int64(), "kind": pa.string()}


def _strings(column: pa.ChunkedArray) -> pa.LargeStringArray:
    """A column of strings in one piece."""
    joined = column.cast(pa.large_string()).combine_chunks()
    return joined.chunk(0) if isinstance(joined, pa.ChunkedArray) else joined


def _places(strings: pa.LargeStringArray, people: pa.LargeStringArray) -> NDArray[np.int64]:
    """Where each string stands among the people; -1 for strangers."""
    found = pc.index_in(strings, value_set=people)
    return pc.fill_null(found, -1).to_numpy().astype(np.int64)


def _once(
    low: NDArray[np.int64], high: NDArray[np.int64], kind: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Each pair and kind once."""
    people = int(high.max(initial=0)) + 1
    kinds = int(kind.max(initial=0)) + 1
    if people * people * kinds < 2**63:
        code = np.unique((low * people + high) * kinds + kind)
        pair, kind = np.divmod(code, kinds)
        return (*np.divmod(pair, people), kind)
    order = np.lexsort((kind, high, low))
    low, high, kind = low[order], high[order], kind[order]
    new = np.ones(low.size, np.bool_)
    new[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1]) | (kind[1:] != kind[:-1])
    return low[new], high[new], kind[new]


def _both_ways(low: NDArray[np.int64], high: NDArray[np.int64], people: int) -> Neighbours:
    """Neighbours of everybody, from pairs."""
    degrees = np.bincount(low, minlength=people) + np.bincount(high, minlength=people)
    offsets = np.zeros(people + 1, np.int64)
    np.cumsum(degrees, out=offsets[1:])
    neighbours = np.empty(int(offsets[-1]), np.int32)
    _put(low, high, offsets[:-1].copy(), neighbours)
    return Neighbours(offsets, neighbours)


@loop
def _put(
    low: NDArray[np.int64], high: NDArray[np.int64], cursor: NDArray[np.int64], neighbours: NDArray[np.int32]
) -> None:
    """Write each pair at both its ends."""
    for i in range(low.size):
        neighbours[cursor[low[i]]] = high[i]
        cursor[low[i]] += 1
        neighbours[cursor[high[i]]] = low[i]
        cursor[high[i]] += 1
