"""Filters over a book: what a kind settles once and for all, and what each event has to be asked.

Type, source and label are settled for each kind of the book; amount, value, party and matter are tests in the
operations table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodstanding.book import Book, Kinds
from goodstanding.filters import Filter, Range
from goodstanding.program import tables as t

OPEN = (int(t.LEAST_NUMBER), int(t.MOST_NUMBER))
"""The range that every number is in, null (the least of them) too."""

ANY = (*OPEN, *OPEN, t.UNTESTED, t.UNTESTED)
"""The six columns of tests that every event passes."""

FAR_NUMBER = 10**18
"""Beyond any amount or value (specification section 1), and the greatest number of a policy (section 2)."""


@dataclass(slots=True)
class Sets:
    """Sets of parties and of matters that filters name, one after another; an entry a code, 1 where it is in."""

    book: Book
    members: list[NDArray[np.uint8]] = field(default_factory=list)

    def table(self) -> NDArray[np.uint8]:
        """All of them."""
        return np.concatenate([np.zeros(0, np.uint8), *self.members])

    def begin(self, names: Sequence[tuple[str, ...] | None], words: pa.Array) -> int:
        """Where the set begins of those words that are among all the names; UNTESTED where any will do."""
        given = [one for one in names if one is not None]
        if not given:
            return t.UNTESTED
        first = sum(one.size for one in self.members)
        among: NDArray[Any] = np.logical_and.reduce([_members(words, one) for one in given])
        self.members.append(np.concatenate([[0], among]).astype(np.uint8))
        return first


def settled(filters: Iterable[Filter], kinds: Kinds, catalogue: Iterable[str]) -> NDArray[np.bool_]:
    """For each kind whether its type, source and label pass all filters, and the catalogue holds its type.

    The first kind is that of events which do not stand: none passes.
    """
    types = kinds.types.to_pylist()
    held = set(catalogue)
    passes = _gather([name in held for name in types], kinds.type)
    passes[0] = False
    for one in filters:
        if one.types is not None:
            passes &= _gather([one.matches_type(name) for name in types], kinds.type)
        passes &= _named(one.sources, kinds.sources, kinds.source)
        passes &= _named(one.labels, kinds.labels, kinds.label)
    return passes


def _gather(by_code: Sequence[bool] | NDArray[np.bool_], codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """What holds of each code, for each entry; nothing holds of a null."""
    return np.concatenate([[False], np.asarray(by_code, np.bool_)])[codes]


def _named(names: tuple[str, ...] | None, words: pa.Array, codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    if names is None:
        return np.ones(codes.size, np.bool_)
    return _gather(_members(words, names), codes)


def _members(words: pa.Array, names: tuple[str, ...]) -> NDArray[np.bool_]:
    return pc.is_in(words, value_set=pa.array(names, words.type)).to_numpy(zero_copy_only=False)


def columns_of(filters: Sequence[Filter], sets: Sets) -> list[int]:
    """The six columns by which an event is asked whether it passes all filters (`tables.OP_AMOUNT_MIN` and on)."""
    amount = _range([one.amount for one in filters])
    value = _range([one.value for one in filters])
    parties = sets.begin([one.parties for one in filters], sets.book.parties)
    matters = sets.begin([one.matters for one in filters], sets.book.matters)
    return [*amount, *value, parties, matters]


def are_open(columns: Sequence[int]) -> bool:
    """Whether six columns of tests let every event pass."""
    return tuple(columns) == ANY


def _range(spans: Sequence[Range | None]) -> tuple[int, int]:
    """The range that lies in all ranges. A null is the least number there is: it lies in the open range alone."""
    given = [span for span in spans if span is not None]
    if not given:
        return OPEN
    least = max(-FAR_NUMBER if span.min is None else span.min for span in given)
    most = min(FAR_NUMBER if span.max is None else span.max for span in given)
    return least, most
