"""A program bound to a book: the tables that the kernel reads, with codes in place of names.

Numbers of a policy end up as entries of these tables. A changed number changes an entry, and compiles nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodstanding.book import Book
from goodstanding.policy import Dimension, Policy
from goodstanding.program import selecting
from goodstanding.program import tables as t
from goodstanding.program.compiling import Program
from goodstanding.program.operating import Rows, Slots
from goodstanding.program.pointing import Sizes, factor_rows


@dataclass(frozen=True, slots=True)
class Bound:
    """The tables for the kernel.

    Attributes:
        kinds: by kind twice its group, and one more where it opens or closes a list; by group where its operations
            begin, where those begin that count what comes after, and which fields either read; the list of operations;
            by kind the codes of its label and its source.
        tables: operations, sets, weights, what slots hold at first, what is done with them in the end, factors, bands,
            points of labels, dimensions, frame.
        sets_of_distinct: how many operations need a set of their own.
        listing: the operations that open and close lists, and what each list is made of; see `kernel.listing`.
    """

    kinds: tuple[Any, ...]
    tables: tuple[Any, ...]
    sets_of_distinct: int
    listing: tuple[Any, ...]


def bind(program: Program, book: Book) -> Bound:
    """Bind a program to a book."""
    policy = program.policy
    slots = Slots(book, policy, program.steps)
    factors, bands, label_points = factor_rows(
        program, Sizes.of(program, book.limits), book.kinds.labels, len(slots.initial)
    )
    group, *groups = slots.groups()
    listing = _listing(policy, book)
    touches = np.diff(listing[0]) > 0
    return Bound(
        kinds=(2 * group + touches.astype(np.uint32), *groups, book.kinds.label, book.kinds.source),
        tables=(
            slots.rows.table(),
            slots.rows.sets.table(),
            slots.weights(),
            np.array(slots.initial, np.int64),
            np.array(slots.endings, np.int64),
            factors,
            bands,
            label_points,
            _dimensions(policy.dimensions),
            np.array([policy.base, policy.least, policy.most], np.int64),
        ),
        sets_of_distinct=slots.distinct,
        listing=listing,
    )


def _dimensions(dimensions: Sequence[Dimension]) -> NDArray[np.int64]:
    """The least and the most of each dimension."""
    bounds = [
        (-t.FAR if one.least is None else one.least, t.FAR if one.most is None else one.most) for one in dimensions
    ]
    return np.array(bounds, np.int64).reshape(len(bounds), 2)


def _listing(policy: Policy, book: Book) -> tuple[Any, ...]:
    """The operations that open and close each list, the sets they test, and a row a list (`tables.L_KEY` and on)."""
    operations = Rows.over(book, policy)
    lists = []
    for i, rule in enumerate(policy.lists):
        # Closing comes first: an event that satisfies both closes.
        for code, one in ((t.CLOSES, rule.closed), (t.OPENS, rule.opened)):
            if one is not None:
                mask = selecting.settled((one,), book.kinds, policy.catalogue)
                asked = selecting.columns_of((one,), operations.sets)
                operations.add([code, i, 0, 0, 0, t.NO_FIELD, 0, 0], asked, mask)
        key = {None: t.NO_FIELD, "party": t.PARTY, "matter": t.MATTER}[rule.key]
        spans = _span(rule.closed_after_days), _span(rule.expires_days), rule.times, _span(rule.within_days)
        lists.append([key, *spans])
    table = np.array(lists, np.int64).reshape(len(lists), t.L_WIDTH)
    return *operations.by_kind(), operations.table(), operations.sets.table(), table


def _span(days: int | None) -> int:
    """Days as microseconds; FAR for never."""
    return t.FAR if days is None else days * t.DAY
