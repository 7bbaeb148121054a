"""Operations over a book: which rows of the operations table there are, and which kinds of event run which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from goodstanding.book import Book
from goodstanding.filters import Filter
from goodstanding.measures import Operation, decay_weights
from goodstanding.policy import Policy
from goodstanding.program import selecting
from goodstanding.program import tables as t
from goodstanding.program.compiling import FIELDS, Step

NULL = int(t.NULL)

SLOTS = {
    "count": (t.COUNT, 0, t.AS_IT_IS),
    "sum": (t.SUM, 0, t.AS_IT_IS),
    "min": (t.LEAST, t.FAR, t.FAR_IS_NULL),
    "max": (t.GREATEST, NULL, t.AS_IT_IS),
    "first_age": (t.OLDEST, NULL, t.AS_IT_IS),
    "last_age": (t.NEWEST, t.FAR, t.FAR_IS_NULL),
    "distinct": (t.DISTINCT, 0, t.AS_IT_IS),
    "streak": (t.COUNT_AFTER, 0, t.AS_IT_IS),
    "decay": (t.DECAY, 0, t.AS_IT_IS),
}
"""What each operation does, what its slot holds at first, and what is done with it in the end; but for `last`."""

LATEST = {"amount": t.TO_AMOUNT, "value": t.TO_VALUE, "label": t.TO_LABEL}
"""What is done with the row of the latest event."""


@dataclass(slots=True)
class Rows:
    """Rows of the operations table, and for each the kinds that run it."""

    book: Book
    policy: Policy
    sets: selecting.Sets
    rows: list[list[int]]
    masks: list[NDArray[np.bool_]]

    @classmethod
    def over(cls, book: Book, policy: Policy) -> Rows:
        """No rows yet."""
        return cls(book, policy, selecting.Sets(book), [], [])

    def add(
        self, head: Sequence[int], asked: Sequence[int], mask: NDArray[np.bool_], onward: Sequence[int] = selecting.ANY
    ) -> None:
        """One row: columns up to OP_EXTRA_SIZE, the tests, and those of a streak."""
        self.rows.append([*head, *asked, *onward])
        self.masks.append(mask)

    def table(self) -> NDArray[np.int64]:
        """The operations table."""
        return np.array(self.rows, np.int64).reshape(len(self.rows), t.OP_WIDTH)

    def matrix(self) -> NDArray[np.bool_]:
        """For each kind, a row, which operations it runs."""
        nothing = np.zeros((0, len(self.book.kinds)), np.bool_)
        return np.concatenate([nothing, *(mask[None] for mask in self.masks)]).T

    def by_kind(self) -> tuple[NDArray[np.int32], NDArray[np.uint32]]:
        """The operations of kind k are listed[starts[k]:starts[k + 1]]; returns starts and listed."""
        return _listed(self.matrix())


def _listed(matrix: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.uint32]]:
    """For each row of a matrix the columns that hold, one after another, and where each row's begin."""
    rows, columns = np.nonzero(matrix)
    starts = np.zeros(len(matrix) + 1, np.int32)
    np.cumsum(np.bincount(rows, minlength=len(matrix)), out=starts[1:])
    return starts, columns.astype(np.uint32)


class Slots:
    """The operations of a program: a slot each, and a second one for the last event that broke a streak."""

    def __init__(self, book: Book, policy: Policy, steps: Sequence[Step]) -> None:
        self.rows = Rows.over(book, policy)
        self.initial = [0] * len(steps)
        self.endings = [t.AS_IT_IS] * len(steps)
        self.distinct = 0
        self._weights: list[NDArray[np.int64]] = []
        for step in steps:
            self._add(step)

    def _add(self, step: Step) -> None:
        operation = step.operation
        if operation.code == "last":
            code, initial, ending = t.LATEST, -1, LATEST[str(operation.field)]
        else:
            code, initial, ending = SLOTS[operation.code]
        extra, size = self._extra(operation)
        if operation.code == "distinct" and self._few(operation.field):
            code, ending = t.MARK, t.TO_COUNT
        self.initial[step.slot], self.endings[step.slot] = initial, ending
        mask = self._settled(operation.where)
        asked = selecting.columns_of(operation.where, self.rows.sets)
        onward = selecting.columns_of(operation.onward, self.rows.sets)
        below = min(step.age_below, t.MOST_DAYS)
        tested = 0 if selecting.are_open(asked) else t.FIELDS
        head = [code, step.slot, step.age_least, below, tested, FIELDS[operation.field], extra, size]
        if operation.code == "streak":
            self._add_streak(head, asked, onward, mask, self._settled(operation.onward))
        else:
            self.rows.add(head, asked, mask)

    def _add_streak(
        self, head: list[int], asked: list[int], onward: list[int], mask: NDArray[np.bool_], can: NDArray[np.bool_]
    ) -> None:
        """Kinds that always break it, kinds that may, and what counts after the last that did."""
        self.rows.add([t.BREAK, *head[1:]], asked, mask & ~can)
        if not selecting.are_open(onward):
            self.rows.add([t.BREAK, *head[1:4], head[4] | t.NOT_ONWARD, *head[5:]], asked, mask & can, onward)
        self.rows.add(head, asked, mask & can)

    def _settled(self, filters: Sequence[Filter]) -> NDArray[np.bool_]:
        return selecting.settled(filters, self.rows.book.kinds, self.rows.policy.catalogue)

    def _extra(self, operation: Operation) -> tuple[int, int]:
        """Where the weights of `decay` begin and how many they are; which set `distinct` uses; where a streak broke."""
        if operation.code == "distinct" and not self._few(operation.field):
            self.distinct += 1
            return self.distinct - 1, 0
        if operation.code == "decay":
            weights = _weights(operation.half_life_days)
            begin = sum(before.size for before in self._weights)
            self._weights.append(weights)
            return begin, weights.size
        if operation.code == "streak":
            self.initial.append(-1)
            self.endings.append(t.AS_IT_IS)
            return len(self.initial) - 1, 0
        return 0, 0

    def _few(self, field: str | None) -> bool:
        """Whether there are few enough different ones for a bit each."""
        book = self.rows.book
        words = {
            "label": book.kinds.labels,
            "source": book.kinds.sources,
            "party": book.parties,
            "matter": book.matters,
        }
        return len(words[str(field)]) <= t.MARKS

    def weights(self) -> NDArray[np.int64]:
        """The weights of all `decay` operations, one after another."""
        return np.concatenate([np.zeros(0, np.int64), *self._weights])

    def groups(
        self,
    ) -> tuple[NDArray[np.uint32], NDArray[np.int32], NDArray[np.int32], NDArray[np.uint8], NDArray[np.uint32]]:
        """Kinds that run the same operations, as groups.

        Returns:
            By kind its group, 0 where it runs none, as the first kind of every book; by group where its operations
            begin in the list, where those begin that count what comes after, and which fields either read; the list.
        """
        ops = self.rows.table()
        late = ops[:, t.OP_CODE] == t.COUNT_AFTER
        order = np.argsort(late, kind="stable")
        matrix = self.rows.matrix()[:, order]
        packed = np.packbits(matrix, axis=1)
        if ops.size:
            first, group = np.unique(packed, axis=0, return_index=True, return_inverse=True)[1:]
        else:
            first, group = np.zeros(1, np.int64), np.zeros(len(packed), np.int64)
        runs = matrix[first]
        starts, listed = _listed(runs)
        early = runs[:, : int((~late).sum())].sum(axis=1, dtype=np.int32)
        reads = np.zeros((2, len(runs)), np.uint8)
        for field, read in _read(ops[order]).items():
            for phase, timely in enumerate((~late[order], late[order])):
                reads[phase, (runs & read & timely).any(axis=1)] |= np.uint8(1 << field)
        return group.reshape(-1).astype(np.uint32), starts, starts[:-1] + early, reads, order[listed].astype(np.uint32)


def _read(ops: NDArray[np.int64]) -> dict[int, NDArray[np.bool_]]:
    """By field which operations read it: as theirs, or in a test."""
    read = {field: ops[:, t.OP_FIELD] == field for field in FIELDS.values() if field != t.NO_FIELD}
    for at in (t.OP_AMOUNT_MIN, t.OP_ONWARD):
        differs = ops[:, at : at + 6] != selecting.ANY
        read[t.AMOUNT] |= differs[:, :2].any(axis=1)
        read[t.VALUE] |= differs[:, 2:4].any(axis=1)
        read[t.PARTY] |= differs[:, 4]
        read[t.MATTER] |= differs[:, 5]
    return read


@lru_cache(maxsize=64)
def _weights(half_life_days: int) -> NDArray[np.int64]:
    """The weight of each age in whole days, as far as any is above 0, and the 0 of all greater ages."""
    return np.array(decay_weights(half_life_days, 21 * half_life_days + 1), np.int64)
