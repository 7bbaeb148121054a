"""One person's situation: the events that stand, and the own scores of those they know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from goodstanding.book import Book, microseconds
from goodstanding.errors import UnknownPersonError, how_many, nearest
from goodstanding.explanation.chains import chained
from goodstanding.explanation.evidence import Friend
from goodstanding.filters import Event
from goodstanding.measures import Ties as TiesMeasure
from goodstanding.policy import Policy
from goodstanding.scoring import check_world, score
from goodstanding.ties import Ties

NEAREST_AMONG = 10_000


@dataclass(frozen=True, slots=True)
class Situation:
    """What one person's score is worked out from.

    Attributes:
        events: those that stand, in the order of specification section 1; times in microseconds since 1970.
        friends: the person's ties that count.
        chains: the events of all corrections that touch the person, whether they stand or not, whomever they are about.
    """

    person: str
    as_of: int
    events: Sequence[Event]
    friends: Sequence[Friend]
    chains: Sequence[Event] = ()


def situation(
    policy: Policy,
    book: Book,
    person: str,
    *,
    as_of: int | datetime,
    recorded_by: int | datetime | None = None,
    people: Sequence[str] | None = None,
    ties: Ties | None = None,
) -> Situation:
    """Find one person in a book.

    Raises:
        UnknownPersonError: the person is not in the population.
        WorldError: the record is live and the policy is for synthetic worlds.
        ValueError: a datetime has no zone.
    """
    moment, known_by = microseconds(as_of), None if recorded_by is None else microseconds(recorded_by)
    check_world(policy, book.world)
    _check_known(book, person, people)
    friends: list[Friend] = []
    if ties is not None and any(isinstance(factor.measure, TiesMeasure) for factor in policy.factors):
        known = {other for other, _ in _ties_of(ties, person, moment)}
        inside = sorted(known & set(people) if people is not None else known)
        own = _own_scores(policy, book, inside, moment, known_by, named=people is not None)
        friends = [(own[other], kind) for other, kind in _ties_of(ties, person, moment) if other in own]
    events = book.events_of(person, recorded_by=known_by, as_of=moment)
    chains = chained(book, person, known_by)
    return Situation(person, moment, events, friends, chains)


def order(event: Event) -> tuple[int, bytes, bytes]:
    """The order of specification section 1; what has no id yet comes after what is on record."""
    return event["time"], event["source"].encode(), event.get("id", "\U0010ffff").encode()


def _check_known(book: Book, person: str, people: Sequence[str] | None) -> None:
    if people is None:
        names = book.people.to_pylist() if len(book.people) <= NEAREST_AMONG else []
        if names and person not in names:
            near = nearest(person, names)
            hint = f"; did you mean {near!r}?" if near else ""
            named = how_many(len(names), "person", "people")
            raise UnknownPersonError(f"no event names {person!r}; the events name {named}{hint}")
        book.index(person)
    elif person not in people:
        near = nearest(person, people) if len(people) <= NEAREST_AMONG else None
        hint = f"; did you mean {near!r}?" if near else ""
        given = how_many(len(people), "person", "people")
        raise UnknownPersonError(f"{person!r} is not among the {given} given{hint}")


def _ties_of(ties: Ties, person: str, as_of: int) -> list[tuple[str, str | None]]:
    """The others and the kinds of a person's ties that count at a moment, each pair and kind once."""
    counts = (ties.since <= as_of) & (as_of < ties.until)
    found = set()
    for here, there in ((ties.a, ties.b), (ties.b, ties.a)):
        rows = np.flatnonzero(pc.equal(here, person).to_numpy(zero_copy_only=False) & counts)
        others, kinds = there.take(rows).to_pylist(), ties.kind.take(rows).to_pylist()
        found |= {(other, kind) for other, kind in zip(others, kinds, strict=True) if other != person}
    return sorted(found, key=str)


def _own_scores(
    policy: Policy, book: Book, people: Sequence[str], as_of: int, recorded_by: int | None, *, named: bool
) -> dict[str, int]:
    """The own scores of those who have one; without a people table only of those whom an event names."""
    if not named and people:
        found = pc.index_in(pa.array(people, book.people.type), book.people).is_valid().to_pylist()
        people = [person for person, is_known in zip(people, found, strict=True) if is_known]
    if not people:
        return {}
    scores = score(policy, book, as_of=as_of, recorded_by=recorded_by, people=people)
    rows = zip(scores.people.to_pylist(), scores.own_score.tolist(), scores.given.tolist(), strict=True)
    return {person: own for person, own, is_given in rows if is_given}
