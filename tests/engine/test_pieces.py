"""Pieces of the people, and the memory that their answers lie in."""

from __future__ import annotations

import gc
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from goodstanding.book import Book
from goodstanding.policy import loads
from goodstanding.scoring import Scorer, memory
from goodstanding.scoring.pieces import LEAST_EACH, MOST_EACH, WORTH_A_PIECE, WORTH_SHARING, pieces_of
from goodstanding.testing import AS_OF, as_yaml, seeded_world, wide_policy

pytestmark = pytest.mark.kernel


def ends_of(people: int, events: int) -> np.ndarray:
    """So many people with about as many events each."""
    return np.linspace(0, events, people + 1).astype(np.int64)


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("events", [0, 1, 90_000, 3_000_000, 90_000_000])
def test_pieces_hold_everybody_once_and_have_about_as_many_events(threads: int, events: int) -> None:
    ends = ends_of(WORTH_SHARING + 1, events)
    found = sorted(pieces_of(ends, threads))
    assert (found[0][0], found[-1][1]) == (0, WORTH_SHARING + 1)
    assert all(one[1] == other[0] for one, other in pairwise(found))
    assert len(found) <= threads * MOST_EACH
    if events > 1:
        sizes = [int(ends[last] - ends[first]) for first, last in found]
        assert len(found) >= threads * LEAST_EACH
        assert max(sizes) - min(sizes) <= 2 * (events // WORTH_SHARING + 1)
        assert len(found) == threads * LEAST_EACH or events >= len(found) * WORTH_A_PIECE


def test_few_people_are_one_piece_and_nobody_is_none() -> None:
    assert pieces_of(ends_of(WORTH_SHARING, 10**9), 2) == [(0, WORTH_SHARING)]
    assert pieces_of(ends_of(1, 5), 2) == [(0, 1)]
    assert pieces_of(np.zeros(1, np.int64), 2) == []


def test_threads_begin_far_apart() -> None:
    found = pieces_of(ends_of(30_000, 90_000_000), 3)
    assert [first // 10_000 for first, _ in found[:6]] == [0, 1, 2, 0, 1, 2]


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What is kept, from the first byte on; nothing at first."""
    monkeypatch.setattr(memory, "LEAST_KEPT", 1)
    memory._spare.clear()
    yield memory._spare
    memory._spare.clear()


def test_memory_is_lent_again_when_nobody_holds_any_part_of_it(kept: Any) -> None:
    whole = memory.room_for([(np.int64, (2, 10)), (np.bool_, (3,)), (np.int32, (5,))])
    assert [(one.dtype.name, one.shape) for one in whole] == [("int64", (2, 10)), ("bool", (3,)), ("int32", (5,))]
    assert all(one.ctypes.data % memory.LINE == 0 for one in whole)
    for number, one in enumerate(whole):
        one[...] = number
    assert [one.ravel().tolist() for one in whole] == [[0] * 20, [True] * 3, [2] * 5]
    part = whole[0][1, 3:]
    place = whole[0].ctypes.data
    del one, whole
    gc.collect()
    assert len(kept) == 0  # the part is still held
    del part
    gc.collect()
    assert len(kept) == 1
    (again,) = memory.room_for([(np.uint8, (250,))])
    assert again.ctypes.data == place
    assert len(kept) == 0


@pytest.mark.parametrize("size", [10, 100_000])
def test_memory_that_does_not_fit_is_not_lent_and_only_one_is_kept(kept: Any, size: int) -> None:
    first, second = (memory.room_for([(np.uint8, (1_000,))]) for _ in range(2))
    first.clear()
    second.clear()
    gc.collect()
    assert len(kept) == 1
    other = memory.room_for([(np.uint8, (size,))])
    assert other[0].shape == (size,)
    assert len(kept) == 0


def test_great_memory_is_not_withheld_from_the_system(kept: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST_KEPT", 500)
    assert memory.room_for([(np.uint8, (1_000,))])[0].shape == (1_000,)
    gc.collect()
    assert len(kept) == 0


def test_answers_in_memory_that_was_used_before_are_the_same(kept: Any) -> None:
    world = seeded_world(3, people=40, events_per_person=8)
    scorer = Scorer(loads(as_yaml(wide_policy(45))), Book.of(world.events), as_of=AS_OF, people=world.people)
    first = scorer.everyone(1)
    place = first.score.ctypes.data
    told = [first.contributions(person) for person in range(len(first))]
    since = first.since.tolist()
    held = scorer.everyone(1)
    assert held.score.ctypes.data != place  # while the first are held
    first.points[:] = first.since[:] = first.dimension_bounds[:] = 77
    del first
    gc.collect()
    again = scorer.everyone(1)
    assert again.score.ctypes.data == place
    assert [again.contributions(person) for person in range(len(again))] == told
    assert again.since.tolist() == since
    assert again.given.tolist() == held.given.tolist()
