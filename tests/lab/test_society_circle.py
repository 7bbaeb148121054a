"""Friends come and go by the same dice under any rule; scores only weigh them."""

import numpy as np
import pytest

from goodstanding.lab.city.arrays import FALSE_FRIEND, FRIEND, KIN, STILL, Edges
from goodstanding.lab.society.circle import Circle, Regard
from goodstanding.lab.streams import key_of
from tests.lab.made import made_edges, made_traits
from tests.lab.society_made import columns_of, with_numbers

pytestmark = pytest.mark.kernel

RESIDENTS, TIES = 60, 240
LOT = np.random.default_rng(3)
SCORE = LOT.integers(400, 900, RESIDENTS).astype(np.float32)


def circle(people: int = RESIDENTS, **changed: object) -> Circle:
    lot = np.random.default_rng(5)
    edges = made_edges(RESIDENTS, TIES, lot)
    edges.kind[::4] = KIN
    numbers = with_numbers(**{"friends__turnover": 0.02, **changed})
    return Circle(edges, made_traits(RESIDENTS, lot), people, key_of(7), numbers)


def regard(drop: float = 0.0, seek: float = 0.0, accept: float = 0.0, known: float = 1.0) -> Regard:
    return Regard(SCORE, np.ones(RESIDENTS, np.bool_), known, drop, seek, accept)


def turned(one: Circle, months: int, seen: Regard | None = None) -> Circle:
    for month in range(months):
        one.turn(month, seen, threads=1)
    return one


def lasting(edges: Edges) -> int:
    return int((edges.until == STILL).sum())


def test_ties_end_and_others_begin_and_kin_stay() -> None:
    one = turned(circle(), 8)
    edges = one.edges
    over = edges.until != STILL
    assert over.any()
    assert (edges.since >= 1).any()
    assert (edges.kind[over] == FRIEND).all()
    assert (edges.until[over] > edges.since[over]).all()
    assert (edges.a < edges.b).all()


def test_no_pair_is_tied_twice_at_once() -> None:
    edges = turned(circle(), 8).edges
    lasts = edges.until == STILL
    pairs = edges.a[lasts].astype(np.int64) * RESIDENTS + edges.b[lasts]
    assert np.unique(pairs).size == pairs.size


def test_the_ties_that_the_city_had_are_not_written_to() -> None:
    lot = np.random.default_rng(5)
    edges = made_edges(RESIDENTS, TIES, lot)
    one = Circle(edges, made_traits(RESIDENTS, lot), RESIDENTS, key_of(7), with_numbers(friends__turnover=0.02))
    turned(one, 3)
    assert (edges.until == STILL).all()


def test_where_nobody_weighs_scores_the_same_ties_end_and_begin() -> None:
    blind, seeing = turned(circle(), 6), turned(circle(), 6, regard())
    assert columns_of(blind.edges) == columns_of(seeing.edges)


def test_a_tie_that_would_have_ended_anyway_ends_under_any_rule_and_more_end_for_the_score() -> None:
    blind, seeing = circle(), circle()
    assert blind.turn(0, None, threads=1).size == 0
    dropped = seeing.turn(0, regard(drop=2.0), threads=1)
    ended = [np.flatnonzero(one.edges.until[:TIES] != STILL) for one in (blind, seeing)]
    assert set(ended[0]) <= set(ended[1])
    assert dropped.size == 2 * (ended[1].size - ended[0].size) > 0


def test_only_known_scores_are_held_against_anybody() -> None:
    assert circle().turn(0, regard(drop=2.0, known=0.0), threads=1).size == 0


def test_those_who_are_asked_look_at_scores_too_and_fewer_ties_begin() -> None:
    free, proud = turned(circle(), 12, regard()), turned(circle(), 12, regard(accept=2.0))
    assert lasting(proud.edges) < lasting(free.edges)


def gained(one: Circle) -> float:
    """How far above whoever lost a tie their new friends lie; both ends of a new tie may have looked."""
    edges = one.edges
    new = edges.since >= 1
    return float(np.abs(SCORE[edges.a[new]] - SCORE[edges.b[new]]).mean())


def test_who_seeks_higher_scores_and_is_refused_by_them_finds_others_who_are_alike() -> None:
    free, choosing = turned(circle(), 20, regard()), turned(circle(), 20, regard(drop=1.0, seek=1.0, accept=2.0))
    assert gained(choosing) < gained(free)


def test_ties_that_are_not_all_replaced_become_fewer() -> None:
    assert lasting(turned(circle(friends__renewal=0.9), 12).edges) < circle().edges.a.size


def test_neighbours_are_those_of_the_kind_that_is_asked_for() -> None:
    one = circle(RESIDENTS + 2)
    one.begin(np.array([0, 1], np.int32), np.array([RESIDENTS, RESIDENTS + 1], np.int32), FALSE_FRIEND, 1)
    edges = one.edges
    friends, kin, everybody, strangers = one.around(["friend", "kin", None, "colleague"])
    assert strangers.neighbours.size == 0
    assert kin.neighbours.size == 2 * (edges.kind == KIN).sum()
    assert friends.neighbours.size == 2 * (edges.kind != KIN).sum()
    assert everybody.neighbours.size == 2 * edges.a.size
    assert RESIDENTS in friends.neighbours[friends.offsets[0] : friends.offsets[1]]
    for person in (0, 7):
        expected = {int(b) for a, b in zip(edges.a, edges.b, strict=True) if a == person}
        expected |= {int(a) for a, b in zip(edges.a, edges.b, strict=True) if b == person}
        assert set(everybody.neighbours[everybody.offsets[person] : everybody.offsets[person + 1]]) == expected


def test_a_tie_that_has_ended_is_nobody_s_any_more() -> None:
    one = circle()
    (before,) = one.around([None])
    one.end(np.array([0]), 4)
    (after,) = one.around([None])
    assert after.neighbours.size == before.neighbours.size - 2
    assert one.edges.until[0] == 4


def test_room_grows_as_ties_are_added() -> None:
    one = circle()
    many = one.edges.a.size
    ones = np.ones(500, np.int32)
    one.begin(ones * 0, ones, FRIEND, 1)
    one.begin(ones * 0, ones, FRIEND, 2)
    assert one.edges.a.size == many + 1_000
    assert (one.edges.since[-500:] == 2).all()
    assert (one.edges.until == STILL).all()


@pytest.mark.compiled
def test_one_thread_and_two_end_the_same_ties() -> None:
    lot = np.random.default_rng(2)
    edges, traits = made_edges(3_000, 20_000, lot), made_traits(3_000, lot)
    seen = Regard(lot.random(3_000).astype(np.float32) * 400, np.ones(3_000, np.bool_), 0.5, 0.5, 0.5, 0.5)
    results = []
    for threads in (1, 2):
        one = Circle(edges, traits, 3_000, key_of(1), with_numbers())
        for month in range(3):
            one.turn(month, seen, threads)
        results.append([column.tobytes() for column in one.edges])
    assert results[0] == results[1]
