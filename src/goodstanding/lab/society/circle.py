"""Friendships over time: they end, and others begin, whether anybody is scored or not.

Each month a tie that is not kin ends with a small chance, and whoever loses one may look for another, among the friends
of friends or nearby. Where friends' scores count (`Regard`), the same dice fall; a tie to somebody lower ends more
often, people prefer somebody higher, and whoever is asked looks at scores too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from goodstanding.book import in_ranges
from goodstanding.lab.city.arrays import FRIEND, STILL, Edges, Traits
from goodstanding.lab.parameters import Parameters
from goodstanding.lab.society import coming_and_going as loops
from goodstanding.ties import Neighbours

KINDS_OF_TIE = {None: 7, "friend": 5, "kin": 2}
"""By what a policy asks for, the kinds of tie that are meant, as bits: a false friend passes for a friend."""

ROOM = 1.1
"""Room for ties beyond those that there are, when more is made."""


class Regard(NamedTuple):
    """What people see in each other where friends' scores count.

    Attributes:
        score: float32, one a resident: their own score.
        heeds: bool: who cares.
        known: of friends' scores that are known.
        drop, seek, accept: per 100 points, how much more often a tie to somebody lower ends; how much more somebody
            higher is preferred; how much less often whoever is asked accepts somebody lower.
    """

    score: NDArray[np.float32]
    heeds: NDArray[np.bool_]
    known: float
    drop: float
    seek: float
    accept: float


class Circle:
    """Everybody's ties, those that have ended too.

    Args:
        edges: as the city has them; they are copied, for ties end and begin here.
        people: residents, and made-up accounts after them.
    """

    def __init__(
        self, edges: Edges, traits: Traits, people: int, key: NDArray[np.uint64], parameters: Parameters
    ) -> None:
        self.traits = traits
        self.people = people
        self.key = key
        self._turnover = parameters.number("friends.turnover")
        self._renewal = parameters.number("friends.renewal")
        self._through = parameters.number("friends.through_friends")
        self._likeness = (
            parameters.number("friends.homophily_district"),
            parameters.number("friends.homophily_minority"),
        )
        self._asks = int(parameters.number("behaviour_friends.asks"))
        self._columns = _each(edges, np.copy)
        self._many = edges.a.size
        self._known: dict[int, Neighbours] = {}

    @property
    def edges(self) -> Edges:
        """All ties so far, each with its beginning and end."""
        return _each(self._columns, lambda column: column[: self._many])

    def around(self, kinds: Iterable[str | None]) -> list[Neighbours]:
        """For each kind of tie that a policy asks for, who is tied to whom now."""
        return [self._neighbours(KINDS_OF_TIE.get(kind, 0)) for kind in kinds]

    def _neighbours(self, bits: int) -> Neighbours:
        if bits not in self._known:
            edges = self.edges
            offsets = np.zeros(self.people + 1, np.int64)
            loops.degrees(edges, bits, offsets)
            np.cumsum(offsets, out=offsets)
            neighbours = np.empty(int(offsets[-1]), np.int32)
            loops.lay_out(edges, bits, offsets[:-1].copy(), neighbours)
            self._known[bits] = Neighbours(offsets, neighbours)
        return self._known[bits]

    def end(self, rows: NDArray[np.int64], month: int) -> None:
        """These ties are no more from a month on."""
        if not rows.size:
            return
        self._columns.until[rows] = month
        self._known.clear()

    def begin(self, a: NDArray[np.int32], b: NDArray[np.int32], kind: int, month: int) -> None:
        """New ties of one kind, `a` before `b`, from a month on."""
        more = a.size
        if not more:
            return
        if self._many + more > self._columns.a.size:
            self._reserve(int((self._many + more) * ROOM) + 64)
        here = slice(self._many, self._many + more)
        columns = self._columns
        columns.a[here], columns.b[here], columns.kind[here] = a, b, kind
        columns.since[here], columns.until[here] = month, STILL
        self._many += more
        self._known.clear()

    def _reserve(self, room: int) -> None:
        def wider(column: NDArray[Any]) -> NDArray[Any]:
            more = np.empty(room, column.dtype)
            more[: self._many] = column[: self._many]
            return more

        self._columns = _each(self._columns, wider)

    def turn(self, month: int, regard: Regard | None, threads: int | None = None) -> NDArray[np.int32]:
        """A month of ties that end and begin; both take effect in the month after.

        Returns:
            Those who lost a friend because of a score, once for each: without scores the tie would have held.
        """
        edges = self.edges
        seen = regard if regard is not None else _blind(self.people)
        ends = np.empty(edges.a.size, np.uint8)
        slopes = (self._turnover, seen.known, seen.drop)

        def work(first: int, last: int) -> None:
            loops.ending(first, last, self.key, month, edges, FRIEND, slopes, seen.score, seen.heeds, ends)

        in_ranges(np.arange(edges.a.size + 1), work, threads)
        over = np.flatnonzero(ends)
        looking = np.sort(np.concatenate([edges.a[over], edges.b[over]]))
        found = np.empty((2, looking.size), np.int32)
        around = self._neighbours(KINDS_OF_TIE[None])
        many = loops.seeking(
            self.key, month, looking, around.offsets, around.neighbours, self.traits,
            (self._renewal / 2.0, self._through, *self._likeness, seen.seek, seen.accept), self._asks,
            seen.score, seen.heeds, found,
        )  # fmt: skip
        pairs = np.unique(found[0, :many].astype(np.int64) * self.people + found[1, :many])
        self.end(over, month + 1)
        a, b = np.divmod(pairs, self.people)
        self.begin(a.astype(np.int32), b.astype(np.int32), FRIEND, month + 1)
        dropped = over[ends[over] == loops.FOR_THE_SCORE]
        return np.concatenate([edges.a[dropped], edges.b[dropped]])


def _each(edges: Edges, change: Callable[[NDArray[Any]], NDArray[Any]]) -> Edges:
    """The same change for every column."""
    return Edges(**{name: change(column) for name, column in edges._asdict().items()})


def _blind(people: int) -> Regard:
    """Nobody looks at anybody's score."""
    return Regard(np.zeros(people, np.float32), np.zeros(people, np.bool_), 0.0, 0.0, 0.0, 0.0)
