"""What a false friend gives is the difference that the engine makes of the same people with and without it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from goodstanding.book import Book
from goodstanding.lab.city.arrays import FALSE_FRIEND, FRIEND, KIN, STILL, Edges
from goodstanding.lab.measures import of_month
from goodstanding.lab.society.snapshot import Snapshot
from goodstanding.policy import Policy, loads
from goodstanding.scoring import Scores, score
from goodstanding.standing import stand
from goodstanding.testing import AS_OF, as_yaml, small_policy, table
from goodstanding.ties import Ties
from tests.lab.made import made_seen, made_snapshot

PEOPLE, ACCOUNTS = 12, 3
KINDS = {FRIEND: "friend", KIN: "kin", FALSE_FRIEND: "friend"}
MEAN = {
    "measure": {"kind": "ties", "take": "mean", "tie": "friend"},
    "points": {"bands": [{"points": -5}, {"from": 2, "points": 1}, {"from": 4, "points": 6}]},
}
COUNT = {"measure": {"kind": "ties", "take": "count"}, "points": {"each": {"points": 3}}}
LEAST = {"measure": {"kind": "ties", "take": "min", "tie": "kin"}, "points": {"each": {"points": 1}}}
OWN = {"measure": {"kind": "count", "of": "a"}}
TIGHT = [{"name": "d", "title": "The dimension", "min": -2, "max": 9}]


def named(number: int) -> str:
    return f"R{number:03d}" if number < PEOPLE else f"S{number - PEOPLE:03d}"


def rows(seed: int) -> list[tuple[int, int, int]]:
    """Ties of every kind, each pair and kind once."""
    lot = np.random.default_rng(seed)
    real = {tuple(sorted(pair)) for pair in lot.integers(0, PEOPLE, (20, 2)).tolist() if pair[0] != pair[1]}
    bought = {(one, PEOPLE + k) for one in (0, 3, 7) for k in range(int(lot.integers(1, ACCOUNTS + 1)))}
    kinds = [(a, b, int(lot.integers(0, 2))) for a, b in sorted(real)]
    return [*kinds, *((a, b, FALSE_FRIEND) for a, b in sorted(bought))]


def scored(policy: Policy, seed: int, ties: Sequence[tuple[int, int, int]]) -> Scores:
    lot = np.random.default_rng(seed)
    names = [named(number) for number in range(PEOPLE + ACCOUNTS)]
    drawn = "\n".join(["person", *(name for name in names for _ in range(int(lot.integers(1, 8))))])
    given: list[Mapping[str, Any]] = [
        {"a": named(a), "b": named(b), "since": AS_OF - 1, "until": None, "kind": KINDS[kind]} for a, b, kind in ties
    ]
    return score(policy, Book.of(table(drawn), world="synthetic"), as_of=AS_OF, people=names, ties=Ties.of(given))


def of_residents(scores: Scores) -> Scores:
    """Without made-up accounts, which stand last."""
    columns = ("score", "own_score", "given", "points", "dimension_bounds", "bounds", "since")
    return replace(
        scores, people=scores.people[:PEOPLE], **{name: getattr(scores, name)[..., :PEOPLE] for name in columns}
    )


def shown(policy: Policy, seed: int) -> Snapshot:
    a, b, kind = (np.array(column) for column in zip(*rows(seed), strict=True))
    always = np.full(a.size, -1, np.int16), np.full(a.size, STILL, np.int16)
    edges = Edges(a.astype(np.int32), b.astype(np.int32), kind.astype(np.uint8), *always)
    scores = of_residents(scored(policy, seed, rows(seed)))
    empty = made_snapshot(PEOPLE)
    everybody = np.ones(PEOPLE, np.bool_)
    seen = replace(
        made_seen(policy, PEOPLE, np.random.default_rng(1)), scores=scores, standing=stand(scores), enrolled=everybody
    )
    return replace(empty, edges=edges, seen=(seen,))


POLICIES = {
    "all": small_policy(OWN, MEAN, COUNT, LEAST),
    "held": small_policy(OWN, MEAN, COUNT, dimensions=TIGHT, score={"base": 5, "min": 4, "max": 12}),
    "no ties": small_policy(OWN),
}


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("seed", range(1, 9))
def test_points_per_false_friend_are_the_engines_with_and_without(name: str, seed: int) -> None:
    policy = loads(as_yaml(POLICIES[name]))
    bought = [row for row in rows(seed) if row[2] == FALSE_FRIEND]
    with_them = scored(policy, seed, rows(seed)).score
    without = scored(policy, seed, [row for row in rows(seed) if row[2] != FALSE_FRIEND]).score
    expected = sum(int(with_them[one] - without[one]) for one in {a for a, _, _ in bought}) / len(bought)
    (row,) = of_month(shown(policy, seed), ["gaming.false_friend"])
    assert row.value == pytest.approx(expected)
    assert name != "no ties" or row.value == 0


def test_false_friends_that_are_gone_or_of_people_without_a_score_do_not_count() -> None:
    policy = loads(as_yaml(POLICIES["all"]))
    now = shown(policy, 1)
    gone = now.edges._replace(until=np.where(now.edges.kind == FALSE_FRIEND, now.month, STILL).astype(np.int16))
    assert of_month(replace(now, edges=gone), ["gaming.false_friend"]) == []
    nobody = replace(now.seen[0], enrolled=np.zeros(PEOPLE, np.bool_))
    assert of_month(replace(now, seen=(nobody,)), ["gaming.false_friend"]) == []
