"""Friendships of a month as a graph among residents, and what can be said of its shape.

Kin are left out, since nobody chooses them; so are made-up accounts, which are nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import nan

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.city.arrays import FRIEND, Edges
from goodstanding.lab.measures import walking


@dataclass(frozen=True)
class Graph:
    """Friendships among residents 0 to `residents` - 1; each pair once.

    Attributes:
        a, b: int32, one entry a tie.
    """

    residents: int
    a: NDArray[np.int32]
    b: NDArray[np.int32]

    @classmethod
    def of(cls, edges: Edges, residents: int, month: int) -> Graph:
        """The friendships that last in a month."""
        lasts = (edges.kind == FRIEND) & (edges.since <= month) & (month < edges.until) & (edges.b < residents)
        return cls(residents, edges.a[lasts], edges.b[lasts])

    @cached_property
    def degrees(self) -> NDArray[np.int64]:
        """How many friends each resident has."""
        return np.bincount(self.a, minlength=self.residents) + np.bincount(self.b, minlength=self.residents)

    @cached_property
    def around(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Offsets, and everybody's friends one after another."""
        offsets, others = _offsets(self.degrees), np.empty(2 * self.a.size, np.int32)
        cursor = offsets[:-1].copy()
        walking.put(self.a, self.b, cursor, others)
        walking.put(self.b, self.a, cursor, others)
        return offsets, others

    @cached_property
    def pieces(self) -> NDArray[np.int64]:
        """The sizes of the groups that hang together, greatest first; whoever has no friend is a group."""
        parent = np.arange(self.residents, dtype=np.int32)
        walking.hang_together(self.a, self.b, parent)
        sizes = np.bincount(parent, minlength=self.residents)
        return np.sort(sizes[sizes > 0])[::-1]

    def likeness(self, values: NDArray[np.generic], among: NDArray[np.bool_] | None = None) -> float:
        """How alike friends are in a number: the correlation over ties, each taken both ways (Newman 2003, (21)).

        Args:
            among: only ties whose two ends are true.

        Returns:
            -1 to 1; not a number where all are alike, or there is no tie.
        """
        a, b = self._ends(values, among)
        if not a.size:
            return nan
        middle = (a.mean() + b.mean()) / 2
        a, b = a - middle, b - middle
        spread = float((a * a + b * b).sum()) / 2  # no `@`: its sum hangs on how many threads it is given
        return float((a * b).sum()) / spread if spread > 0 else nan

    def distance(self, values: NDArray[np.generic], among: NDArray[np.bool_] | None = None) -> float:
        """How far apart friends are in a number, on average; not a number without a tie."""
        a, b = self._ends(values, among)
        return float(np.abs(a - b).mean()) if a.size else nan

    def _ends(
        self, values: NDArray[np.generic], among: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        both = slice(None) if among is None else among[self.a] & among[self.b]
        numbers = values.astype(np.float64)
        return numbers[self.a[both]], numbers[self.b[both]]

    def mixing(self, labels: NDArray[np.integer]) -> NDArray[np.float64]:
        """The share of tie ends between each two labels (0 and on); symmetric, adds up to 1."""
        many = int(labels.max(initial=0)) + 1
        codes = labels[self.a].astype(np.int64) * many + labels[self.b]
        counts = np.bincount(codes, minlength=many * many).reshape(many, many)
        return (counts + counts.T) / max(2 * self.a.size, 1)

    def sorting(self, labels: NDArray[np.integer]) -> float:
        """How much friends share a label, against chance: 1 always, 0 as by chance (Newman 2003, (2))."""
        shares = self.mixing(labels)
        chance = float((shares.sum(axis=0) ** 2).sum())
        return (float(np.trace(shares)) - chance) / (1 - chance) if self.a.size and chance < 1 else nan

    def modularity(self, labels: NDArray[np.integer]) -> float:
        """The share of ties within groups, less that expected by chance (Newman and Girvan 2004)."""
        if not self.a.size:
            return nan
        inside = np.count_nonzero(labels[self.a] == labels[self.b]) / self.a.size
        ends = np.bincount(labels, weights=self.degrees) / (2 * self.a.size)
        return float(inside - (ends**2).sum())

    @cached_property
    def clustering(self) -> float:
        """Of all pairs of friends of somebody, the share who are friends; not a number without such a pair."""
        pairs = int((self.degrees * (self.degrees - 1) // 2).sum())
        if not pairs:
            return nan
        first, second = self.degrees[self.a], self.degrees[self.b]
        a_has_more = (first > second) | ((first == second) & (self.a > self.b))
        few, many = np.where(a_has_more, self.b, self.a), np.where(a_has_more, self.a, self.b)
        offsets, others = _offsets(np.bincount(few, minlength=self.residents)), np.empty(few.size, np.int32)
        walking.put(few, many, offsets[:-1].copy(), others)
        return 3 * int(walking.triangles(offsets, others)) / pairs

    @cached_property
    def communities(self) -> NDArray[np.int32]:
        """The community of each resident, 0 and on, found by the Louvain method, in the order of residents' numbers."""
        offsets, others = self.around
        weights = np.ones(others.size, np.float64)
        found = np.arange(self.residents, dtype=np.int32)
        while True:
            ends = np.repeat(np.arange(offsets.size - 1), np.diff(offsets))
            strengths = np.bincount(ends, weights=weights, minlength=offsets.size - 1)
            label = np.arange(strengths.size, dtype=np.int32)
            if not walking.move(offsets, others, weights, strengths, max(float(weights.sum()), 1.0), label):
                return found
            label = np.unique(label, return_inverse=True)[1].astype(np.int32)
            found = label[found]
            offsets, others, weights = _of_communities(offsets, others, weights, label)


def _offsets(counts: NDArray[np.integer]) -> NDArray[np.int64]:
    """Where the entries of each begin, and the last end."""
    offsets = np.zeros(counts.size + 1, np.int64)
    np.cumsum(counts, out=offsets[1:])
    return offsets


def _of_communities(
    offsets: NDArray[np.int64], others: NDArray[np.int32], weights: NDArray[np.float64], label: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
    """The graph of communities: ties between two are added up, those within one become a tie to itself."""
    members = np.argsort(label, kind="stable").astype(np.int32)
    held = _offsets(np.bincount(label))
    out_others, out_weights = np.empty(others.size, np.int32), np.empty(others.size, np.float64)
    out_offsets = np.empty(held.size, np.int64)
    end = walking.gather(members, held, others, weights, offsets, label, out_others, out_weights, out_offsets)
    return out_offsets, out_others[:end], out_weights[:end]
