"""A policy bound to a book: everybody's scores, or one person's, before ties."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodstanding import kernel
from goodstanding.book import Book, cores, microseconds, shared
from goodstanding.errors import WorldError
from goodstanding.policy import Policy
from goodstanding.program import Bound, Program, bind, compile_policy
from goodstanding.scoring.memory import room_for
from goodstanding.scoring.pieces import pieces_of
from goodstanding.scoring.scores import Scores


def check_world(policy: Policy, world: str | None) -> None:
    """A live record is never scored under a policy for synthetic worlds (specification sections 1 and 7).

    Made-up people may be scored under any policy: a live one keeps the charter, and is tried out on them.

    Raises:
        WorldError: the record is live and the policy is not.
    """
    if world == "live" and policy.world == "synthetic":
        message = f"{policy.file}: policy {policy.name!r} is for a synthetic world, and these events are live"
        raise WorldError(f"{message}; give events of made-up people, or a policy for live worlds")


class Scorer:
    """A policy bound to a book and a moment: scores everyone, or one person at a time in microseconds.

    Args are those of `score`. Bind once and ask often. One thread at a time may ask `one`, whose answers share a room.
    Who scores many books one after another hands over the scorer before as `like`: where policy, kinds, names and
    limits are the same, it is bound no second time.
    """

    def __init__(
        self,
        policy: Policy,
        book: Book,
        *,
        as_of: int | datetime,
        recorded_by: int | datetime | None = None,
        people: Iterable[str] | pa.Array | None = None,
        like: Scorer | None = None,
    ) -> None:
        check_world(policy, book.world)
        self.policy = policy
        self.as_of = microseconds(as_of)
        self._binds = (policy, book.kinds, book.parties, book.matters, book.limits)
        if like is None or not _are_same(like._binds, self._binds):  # noqa: SLF001 - one of its own kind
            like = None
        self.program: Program = compile_policy(policy) if like is None else like.program
        self.bound: Bound = bind(self.program, book) if like is None else like.bound
        self.people, self._begin, self._end, self._ends = _population(book, people)
        columns = book.columns
        kinds = book.kinds_by(None if recorded_by is None else microseconds(recorded_by))
        self._events = (columns.time, kinds, columns.amount, columns.value, columns.party, columns.matter)
        self._one = _Room(self, 1)

    def everyone(self, threads: int | None = None) -> Scores:
        """Score everyone, without ties."""
        room = _Room(self, len(self.people))
        threads = threads or cores()
        shared(lambda piece: room.fill(self._begin, self._end, *piece), pieces_of(self._ends, threads), threads)
        return room.scores(self)

    def one(self, person: int) -> tuple[int | None, list[int]]:
        """The score of one person (None without enough to go on), without ties, and all contributions after `base`.

        The contributions are those of the factors, of the dimensions' bounds, and of the score's bounds, in order.

        Raises:
            IndexError: there is no such place among the people.
        """
        if not 0 <= person < len(self.people):
            raise IndexError(f"person {person} of {len(self.people):,}")
        room = self._one
        room.fill(self._begin[person : person + 1], self._end[person : person + 1], 0, 1)
        lines = [*room.points[:, 0].tolist(), *room.held[:, 0].tolist(), int(room.bounds[0])]
        return int(room.score[0]) if room.given[0] else None, lines


def _are_same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Whether a program would be bound to both alike: the very same things, and equal limits."""
    return all(a is b for a, b in zip(one[:-1], other[:-1], strict=True)) and one[-1] == other[-1]


class _Room:
    """Arrays for the answers about some people, and the call that fills them."""

    def __init__(self, scorer: Scorer, people: int) -> None:
        policy = scorer.policy
        self._scorer = scorer
        self._bound = scorer.bound
        self._events = scorer._events  # noqa: SLF001 - a part of the scorer
        # Every number of these is written, by the thread that works out its person: memory is first touched there.
        self.points, self.held, self.score, self.bounds, self.given, self.since = room_for(
            [
                (np.int32, (len(policy.factors), people)),
                (np.int64, (len(policy.dimensions), people)),
                (np.int64, (people,)),
                (np.int64, (people,)),
                (np.bool_, (people,)),
                (np.int64, (len(policy.lists), people)),
            ]
        )
        self._out = (self.points, self.held, self.score, self.bounds, self.given, self.since)

    def fill(self, begin: NDArray[np.int64], end: NDArray[np.int64], first: int, last: int) -> None:
        """Work out the people `first` to `last`, whose events lie from `begin` to `end`."""
        bound = self._bound
        kernel.run(
            first, last, begin, end, self._scorer.as_of, self._events, bound.kinds, bound.tables, bound.listing,
            bound.sets_of_distinct, self._out,
        )  # fmt: skip

    def scores(self, scorer: Scorer) -> Scores:
        """The answers."""
        return Scores(
            policy=scorer.policy,
            as_of=scorer.as_of,
            people=scorer.people,
            score=self.score,
            own_score=self.score,
            given=self.given,
            points=self.points,
            dimension_bounds=self.held,
            bounds=self.bounds,
            since=self.since,
        )


def _population(
    book: Book, people: Iterable[str] | pa.Array | None
) -> tuple[pa.LargeStringArray, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Who is scored, by UTF-8 bytes, where the events of each begin and end, and how many there are of all before."""
    offsets = book.columns.offsets
    if people is None:
        return book.people, offsets[:-1], offsets[1:], offsets
    named = people if isinstance(people, pa.Array) else pa.array(list(people), pa.string())
    named = pc.unique(named.cast(pa.large_string()))
    named = named.take(pc.sort_indices(named))
    places = pc.fill_null(pc.index_in(named, value_set=book.people), -1).to_numpy()
    known = places >= 0
    begin, end = np.where(known, offsets[places], 0), np.where(known, offsets[places + 1], 0)
    ends = np.zeros(len(named) + 1, np.int64)
    np.cumsum(end - begin, out=ends[1:])
    return named, begin, end, ends
