"""From a policy and a book to scores: everybody's, or one person's. Whole points only, and they add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodstanding import kernel
from goodstanding.book import Book, in_ranges, microseconds
from goodstanding.errors import WorldError
from goodstanding.measures import Reading
from goodstanding.policy import Policy
from goodstanding.program import Bound, bind, compile_policy
from goodstanding.program import tables as t
from goodstanding.program.compiling import tie_kinds
from goodstanding.ties import Neighbours, Ties

NOT_LISTED = t.NULL
"""In `Scores.since`: the person is not on the list."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of people under one policy; one column a person, in the order of `people`.

    For every person: base + all points + all dimension_bounds + bounds = score.

    Attributes:
        people: by UTF-8 bytes.
        score, own_score: int64; own: without factors that read ties. Meaningless where `given` is false.
        given: whether there is enough to go on (`score.requires`).
        points: int32, one row a factor, in the policy's order.
        dimension_bounds: int64, one row a dimension: what its bounds changed.
        bounds: int64: what the bounds of the score changed.
        since: int64, one row a list: microseconds since 1970, NOT_LISTED where not listed.
    """

    policy: Policy
    as_of: int
    people: pa.LargeStringArray
    score: NDArray[np.int64]
    own_score: NDArray[np.int64]
    given: NDArray[np.bool_]
    points: NDArray[np.int32]
    dimension_bounds: NDArray[np.int64]
    bounds: NDArray[np.int64]
    since: NDArray[np.int64]

    def __len__(self) -> int:
        """How many people were scored."""
        return self.score.size

    def contributions(self, person: int) -> dict[str, int]:
        """What adds up to one person's score, by the names of specification section 9, `base` first."""
        names = [factor.name for factor in self.policy.factors]
        lines = {"base": self.policy.base, **dict(zip(names, self.points[:, person].tolist(), strict=True))}
        for dimension, held in zip(self.policy.dimensions, self.dimension_bounds[:, person].tolist(), strict=True):
            lines[f"bounds.{dimension.name}"] = held
        return {**lines, "bounds": int(self.bounds[person])}


def check_world(policy: Policy, world: str | None) -> None:
    """A live record is never scored under a policy for synthetic worlds (specification sections 1 and 7).

    Made-up people may be scored under any policy: a live one keeps the charter, and is tried out on them.

    Raises:
        WorldError: the record is live and the policy is not.
    """
    if world == "live" and policy.world == "synthetic":
        message = f"{policy.file}: policy {policy.name!r} is for a synthetic world, and these events are live"
        raise WorldError(f"{message}; give events of made-up people, or a policy for live worlds")


def score(
    policy: Policy,
    book: Book,
    *,
    as_of: int | datetime,
    recorded_by: int | datetime | None = None,
    people: Iterable[str] | pa.Array | None = None,
    ties: Ties | None = None,
    threads: int | None = None,
) -> Scores:
    """Score everyone in a book, or everyone named, under one policy.

    Args:
        as_of: the moment of scoring; later events are not read.
        recorded_by: only events that stood by then count; all that were read in if left out.
        people: who is scored; somebody whom no event names has the score of no events.
        ties: without it, factors that read ties find none.
        threads: as many as there are cores if left out.

    Raises:
        WorldError: the policy's world is not the book's.
    """
    scorer = Scorer(policy, book, as_of=as_of, recorded_by=recorded_by, people=people)
    scores = scorer.everyone(threads)
    if scorer.program.reads_ties:
        around = (Ties.of([]) if ties is None else ties).among(scores.people, scorer.as_of, tie_kinds(policy))
        return with_ties(scorer, scores, around)
    return scores


class Scorer:
    """A policy bound to a book and a moment: scores everyone, or one person at a time in microseconds.

    Args are those of `score`. Bind once and ask often: binding costs a millisecond, a person a few microseconds.
    """

    def __init__(
        self,
        policy: Policy,
        book: Book,
        *,
        as_of: int | datetime,
        recorded_by: int | datetime | None = None,
        people: Iterable[str] | pa.Array | None = None,
    ) -> None:
        check_world(policy, book.world)
        self.policy = policy
        self.as_of = microseconds(as_of)
        self.program = compile_policy(policy)
        self.bound: Bound = bind(self.program, book)
        self.people, self._begin, self._end = _population(book, people)
        columns = book.columns
        kinds = book.kinds_by(None if recorded_by is None else microseconds(recorded_by))
        self._events = (columns.time, kinds, columns.amount, columns.value, columns.party, columns.matter)
        self._one = _Room(self, 1)

    def everyone(self, threads: int | None = None) -> Scores:
        """Score everyone, without ties."""
        room = _Room(self, len(self.people))
        ends = np.zeros(len(self.people) + 1, np.int64)
        np.cumsum(self._end - self._begin, out=ends[1:])
        in_ranges(ends, lambda first, last: room.fill(self._begin, self._end, first, last), threads, each=8)
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


class _Room:
    """Arrays for the answers about some people, and the call that fills them."""

    def __init__(self, scorer: Scorer, people: int) -> None:
        policy = scorer.policy
        self._scorer = scorer
        self._bound = scorer.bound
        self._events = scorer._events  # noqa: SLF001 - a part of the scorer
        self.points = np.zeros((len(policy.factors), people), np.int32)
        self.held = np.zeros((len(policy.dimensions), people), np.int64)
        self.score = np.zeros(people, np.int64)
        self.bounds = np.zeros(people, np.int64)
        self.given = np.ones(people, np.bool_)
        self.since = np.full((len(policy.lists), people), NOT_LISTED)
        self._sets = np.full((max(1, self._bound.sets_of_distinct), 2), -1, np.int64)

    def fill(self, begin: NDArray[np.int64], end: NDArray[np.int64], first: int, last: int) -> None:
        """Work out the people `first` to `last`, whose events lie from `begin` to `end`."""
        most = int((end[first:last] - begin[first:last]).max(initial=0))
        if self.since.shape[0]:
            kernel.follow_lists(
                first,
                last,
                begin,
                end,
                self._scorer.as_of,
                self._events,
                self._bound.listing,
                _list_room(most),
                self.since,
            )
        seen = self._sets
        if self._bound.sets_of_distinct:
            fullest = _fullest_block(end[first:last] - begin[first:last])
            seen = np.full((self._bound.sets_of_distinct, 1 << (2 * fullest).bit_length()), -1, np.int64)
        kernel.run(
            first, last, begin, end, self._scorer.as_of, self._events, self._bound.kinds, self._bound.tables,
            self.since, seen, (self.points, self.held, self.score, self.bounds, self.given),
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


def _fullest_block(events: NDArray[np.int64]) -> int:
    """How many events a block of people has at most."""
    return int(np.add.reduceat(events, np.arange(0, events.size, t.BLOCK)).max()) if events.size else 0


def _list_room(events: int) -> tuple[NDArray[Any], ...]:
    """Room in which `kernel.follow_lists` gathers one person's events."""
    return np.empty(events, np.int64), np.empty(events, np.int64), np.empty(events, np.bool_), np.arange(events)


def _population(
    book: Book, people: Iterable[str] | pa.Array | None
) -> tuple[pa.LargeStringArray, NDArray[np.int64], NDArray[np.int64]]:
    """Who is scored, by UTF-8 bytes, and where the events of each lie."""
    offsets = book.columns.offsets
    if people is None:
        return book.people, offsets[:-1], offsets[1:]
    named = people if isinstance(people, pa.Array) else pa.array(list(people), pa.string())
    named = pc.unique(named.cast(pa.large_string()))
    named = named.take(pc.sort_indices(named))
    places = pc.fill_null(pc.index_in(named, value_set=book.people), -1).to_numpy()
    known = places >= 0
    return named, np.where(known, offsets[places], 0), np.where(known, offsets[places + 1], 0)


def with_ties(scorer: Scorer, scores: Scores, around: Sequence[Neighbours], own: Any = None) -> Scores:
    """The second pass: points of the factors that read ties, and everything added up again.

    Args:
        scores: without ties.
        around: for each kind of tie that the policy asks for (`program.compiling.tie_kinds`).
        own: own scores of those at the other ends, and whether each is given; those of `scores` if left out.
    """
    own_score, given = (scores.score, scores.given) if own is None else own
    factors, bands, label_points, dimensions, frame = scorer.bound.tables[5:]
    people = len(scores)
    points = scores.points.copy()
    small = _small(own_score, given)
    rows = [row for row in factors[: len(scorer.policy.factors)] if row[t.F_FORM] == t.TIED]
    takes = [{int(row[t.F_TAKE]) for row in rows if row[t.F_TIE] == i} for i in range(len(around))]
    if small is not None:
        found = [look_around(one, small, asked) for one, asked in zip(around, takes, strict=True)]
    for i, row in enumerate(factors[: len(scorer.policy.factors)]):
        if row[t.F_FORM] == t.TIED and small is None:
            points[i] = _by_hand(scorer.policy.factors[i], around[row[t.F_TIE]], own_score, given)
        elif row[t.F_FORM] == t.TIED:
            kernel.points_of_ties(0, people, row, found[row[t.F_TIE]], bands, label_points, points[i])
    held = np.zeros_like(scores.dimension_bounds)
    total, bounds = np.zeros(people, np.int64), np.zeros(people, np.int64)
    for first in range(0, people, t.BLOCK):
        last = min(first + t.BLOCK, people)
        kernel.add_up(points, factors, dimensions, frame, t.NO_FORM, first, last, held, total, bounds)
    return Scores(
        policy=scores.policy,
        as_of=scores.as_of,
        people=scores.people,
        score=total,
        own_score=scores.score,
        given=scores.given,
        points=points,
        dimension_bounds=held,
        bounds=bounds,
        since=scores.since,
    )


def _small(own: NDArray[np.int64], given: NDArray[np.bool_]) -> NDArray[np.int32] | None:
    """Own scores in 32 bits, NOBODY where there is none; None where one is too large for that."""
    known = np.where(given, own, 0)
    if max(int(known.max(initial=0)), -int(known.min(initial=0))) > t.MOST_OWN:
        return None
    return np.where(given, own, t.NOBODY).astype(np.int32)


def look_around(
    one: Neighbours, own: NDArray[np.int32], takes: set[int], threads: int | None = None
) -> NDArray[np.int64]:
    """What is found at the other ends of everybody's ties: four rows (`tables.TIES_COUNT` and on), a column a person.

    Args:
        own: everybody's own score, `tables.NOBODY` where there is none.
        takes: which of the rows are asked for; the others stay empty.
    """
    found = np.zeros((4, one.offsets.size - 1), np.int64)

    def work(first: int, last: int) -> None:
        if takes & {t.TIES_COUNT, t.TIES_MEAN}:
            kernel.add_around(first, last, one.offsets, one.neighbours, own, found)
        if takes & {t.TIES_MIN, t.TIES_MAX}:
            kernel.span_around(first, last, one.offsets, one.neighbours, own, found)

    in_ranges(one.offsets, work, threads)
    return found


def _by_hand(factor: Any, one: Neighbours, own: NDArray[np.int64], given: NDArray[np.bool_]) -> list[int]:
    """The points of a factor that reads ties, in Python's numbers, which have no end."""
    points = []
    for first, last in zip(one.offsets[:-1], one.offsets[1:], strict=True):
        others = one.neighbours[first:last]
        points.append(factor.points.of(_of_ties(factor.measure.take, own[others[given[others]]].tolist())))
    return points


def _of_ties(take: str, scores: list[int]) -> Reading:
    if take == "count":
        return Reading(len(scores), 1)
    if not scores:
        return Reading()
    if take == "mean":
        return Reading(sum(scores), len(scores))
    return Reading(min(scores) if take == "min" else max(scores), 1)


def score_one(
    policy: Policy,
    events: Iterable[Mapping[str, Any]],
    *,
    person: str,
    as_of: int | datetime,
    friends: Sequence[tuple[int, str | None]] = (),
) -> Scores:
    """Score one person from events given as dictionaries; events about others are left out.

    Args:
        friends: for each tie the own score at its other end, and its kind.
    """
    scorer = Scorer(policy, Book.of(events), as_of=as_of, people=[person])
    scores = scorer.everyone(threads=1)
    if not scorer.program.reads_ties:
        return scores
    own = np.array([score for score, _ in friends], np.int64), np.ones(len(friends), np.bool_)
    around = []
    for kind in tie_kinds(policy):
        here = [i for i, (_, of) in enumerate(friends) if kind is None or of == kind]
        around.append(Neighbours(np.array([0, len(here)], np.int64), np.array(here, np.int32)))
    return with_ties(scorer, scores, around, own)
