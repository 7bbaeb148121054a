"""A program bound to a book: the tables that the kernel reads, with codes in place of names.

Numbers of a policy end up as entries of these tables. A changed number changes an entry, and compiles nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodstanding.book import Book
from goodstanding.measures import decay_weights
from goodstanding.policy import Policy
from goodstanding.policy.model import Dimension
from goodstanding.program import selecting
from goodstanding.program import tables as t
from goodstanding.program.compiling import CODES, FIELDS, NUMBERS, Program, Step
from goodstanding.program.pointing import Reach, factor_rows

OLDEST = 109_573
"""Days from 1900 to 2200, the times that an event may have (specification section 1)."""


@dataclass(frozen=True, slots=True)
class Operations:
    """Which operations each kind of event runs.

    Attributes:
        starts, middles, listed: the operations of kind k are listed[starts[k]:starts[k + 1]]; those before middles[k]
            only add or replace, and test no more than ranges.
        ops: one row an operation (`tables.OP_CODE` and on).
    """

    starts: NDArray[np.int32]
    middles: NDArray[np.int32]
    listed: NDArray[np.uint32]
    ops: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bound:
    """The tables for the kernel.

    Attributes:
        kinds: starts, listed, and the codes of label and source of each kind.
        tables: operations, sets, weights, initial slots, factors, bands, points of labels, dimensions, frame.
        sets_of_distinct: how many `distinct` operations need a set.
        listing: the operations that open and close lists, and what each list is made of; see `kernel.listing`.
    """

    kinds: tuple[Any, ...]
    tables: tuple[Any, ...]
    sets_of_distinct: int
    listing: tuple[Any, ...]


def bind(program: Program, book: Book) -> Bound:
    """Bind a program to a book."""
    policy = program.policy
    sets = selecting.Sets(book)
    steps = _Layout(book, policy, sets)
    for step in program.steps:
        steps.add(step)
    operations = steps.operations()
    reach = Reach.of(program, book.limits)
    factors, bands, label_points = factor_rows(program, reach, book.kinds.labels)
    listing = _listing(policy, book)
    codes = (book.kinds.label.astype(np.int64), book.kinds.source.astype(np.int64))
    return Bound(
        kinds=(operations.starts, operations.middles, operations.listed, *codes),
        tables=(
            operations.ops,
            sets.tables(),
            steps.weights(),
            np.array(program.initial, np.int64),
            factors,
            bands,
            label_points,
            _dimensions(policy.dimensions),
            np.array([policy.base, policy.least, policy.most], np.int64),
        ),
        sets_of_distinct=steps.distinct,
        listing=listing,
    )


class _Layout:
    """Collects operations, one row each, and which kinds run them."""

    def __init__(self, book: Book, policy: Policy, sets: selecting.Sets) -> None:
        self._kinds = book.kinds
        self._catalogue = policy.catalogue
        self._sets = sets
        self._rows: list[list[int]] = []
        self._masks: list[NDArray[np.bool_]] = []
        self._weights: list[NDArray[np.int64]] = []
        self.distinct = 0

    def add(self, step: Step) -> None:
        """One operation; a streak takes two rows: kinds that can go on, and kinds that always break it."""
        operation = step.operation
        mask = selecting.settled(operation.where, self._kinds, self._catalogue)
        if operation.field == "label":
            mask &= self._kinds.label > 0
        code, keeps = CODES[operation.code]
        field = NUMBERS.get(operation.code, FIELDS[operation.field])
        asked = selecting.columns_of(operation.where, self._sets, needs=operation.field)
        onward = selecting.columns_of(operation.onward, self._sets)
        if operation.code == "streak":
            can = selecting.settled(operation.onward, self._kinds, self._catalogue)
            self.row([t.PUT, step.slot, step.age_least, step.age_below, t.ZERO, t.REPLACE, 0, 0], asked, mask & ~can)
            mask &= can
            code = t.PUT if selecting.are_open(onward) else t.STREAK
        head = [code, step.slot, step.age_least, step.age_below, field, keeps, *self._extra(step)]
        self.row(head, asked, mask, onward)

    def row(
        self, head: list[int], asked: list[int], mask: NDArray[np.bool_], onward: Sequence[int] = selecting.ANY
    ) -> None:
        """One row of the operations table, and the kinds that run it."""
        self._rows.append([*head, *asked, *onward])
        self._masks.append(mask)

    def _extra(self, step: Step) -> tuple[int, int]:
        """Where the weights of `decay` begin and how many there are, or which set `distinct` uses."""
        if step.operation.code == "distinct":
            self.distinct += 1
            return self.distinct - 1, 0
        if step.operation.code == "decay":
            weights = _weights(step.operation.half_life_days)
            begin = sum(before.size for before in self._weights)
            self._weights.append(weights)
            return begin, weights.size
        return 0, 0

    def weights(self) -> NDArray[np.int64]:
        """The weights of all `decay` operations, one after another."""
        return np.concatenate([np.zeros(0, np.int64), *self._weights])

    def operations(self) -> Operations:
        """The table, those rows first that only add or replace, and by kind which rows it runs."""
        ops = np.array(self._rows, np.int64).reshape(len(self._rows), t.OP_WIDTH)
        is_plain = (ops[:, t.OP_CODE] == t.PUT) & (ops[:, t.OP_PARTIES : t.OP_MATTERS + 1] == t.UNTESTED).all(axis=1)
        order = np.argsort(~is_plain, kind="stable")
        masks = np.stack([*self._masks, np.zeros(len(self._kinds), np.bool_)])[order]
        kinds, listed = np.nonzero(masks.T)
        starts = np.zeros(len(self._kinds) + 1, np.int32)
        np.cumsum(np.bincount(kinds, minlength=len(self._kinds)), out=starts[1:])
        plain = masks[: int(is_plain.sum())].sum(axis=0, dtype=np.int32)
        return Operations(starts, starts[:-1] + plain, listed.astype(np.uint32), ops[order])


@lru_cache(maxsize=64)
def _weights(half_life_days: int) -> NDArray[np.int64]:
    """The weight of each age in whole days, as far as any is above 0 and an event can be old."""
    return np.array(decay_weights(half_life_days, min(21 * half_life_days + 1, OLDEST)), np.int64)


def _dimensions(dimensions: Sequence[Dimension]) -> NDArray[np.int64]:
    """The least and the most of each dimension."""
    bounds = [
        (-t.FAR if one.least is None else one.least, t.FAR if one.most is None else one.most) for one in dimensions
    ]
    return np.array(bounds, np.int64).reshape(len(bounds), 2)


def _listing(policy: Policy, book: Book) -> tuple[Any, ...]:
    """The operations that open and close each list, the sets they test, and a row a list (`tables.L_KEY` and on)."""
    sets = selecting.Sets(book)
    layout = _Layout(book, policy, sets)
    rows = []
    for i, rule in enumerate(policy.lists):
        for code, one in ((t.CLOSES, rule.closed), (t.OPENS, rule.opened)):
            if one is not None:
                mask = selecting.settled((one,), book.kinds, policy.catalogue)
                layout.row([code, i, 0, 0, t.NO_FIELD, 0, 0, 0], selecting.columns_of((one,), sets), mask)
        key = {None: t.NO_FIELD, "party": t.PARTY, "matter": t.MATTER}[rule.key]
        rows.append([key, _span(rule.closed_after_days), _span(rule.expires_days), rule.times, _span(rule.within_days)])
    operations = layout.operations()
    lists = np.array(rows, np.int64).reshape(len(rows), t.L_WIDTH)
    return operations.starts, operations.listed, operations.ops, sets.tables(), lists


def _span(days: int | None) -> int:
    """Days as microseconds; FAR for never."""
    return t.FAR if days is None else days * t.DAY
