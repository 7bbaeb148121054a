"""Work is shared among threads: answers in order, faults told, and nobody waits for somebody who waits for them."""

import multiprocessing
import os
import threading
import time
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from goodstanding.book import in_ranges, shared
from goodstanding.book.sharing import WORTH_SHARING


@pytest.mark.parametrize("threads", [1, 2, 3, 40])
def test_answers_come_in_the_order_of_what_was_asked(threads: int) -> None:
    assert shared(lambda n: n * n, range(100), threads) == [n * n for n in range(100)]
    assert shared(lambda n: n, [], threads) == []


def test_as_many_work_as_were_asked_for_and_whoever_asks_is_one_of_them() -> None:
    meeting = threading.Barrier(3, timeout=20)

    def meet(_: int) -> str:
        meeting.wait()  # nobody comes past before three are here
        return threading.current_thread().name

    names = shared(meet, range(3), 3)
    assert len(set(names)) == 3
    assert threading.current_thread().name in names


def test_work_that_is_itself_shared_never_waits_for_ever() -> None:
    def deep(depth: int) -> int:
        return 1 if depth == 0 else sum(shared(deep, [depth - 1] * 3, 8))

    assert deep(6) == 3**6


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_what_the_work_raises_is_raised_and_the_rest_is_left(threads: int) -> None:
    begun = []

    def work(n: int) -> None:
        begun.append(n)
        if n == 5:
            raise IndexError(n)
        time.sleep(0.001)

    with pytest.raises(IndexError, match="5"):
        shared(work, range(200), threads)
    assert len(begun) < 200
    assert shared(abs, [-1, -2], threads) == [1, 2]


def test_a_helper_that_fails_is_told_of_by_whoever_asked() -> None:
    mine = threading.current_thread()

    def work(_: int) -> None:
        if threading.current_thread() is not mine:
            raise ValueError("a helper's")
        time.sleep(0.01)

    with pytest.raises(ValueError, match="a helper's"):
        shared(work, range(400), 2)


def test_a_process_that_was_forked_has_helpers_of_its_own() -> None:
    assert shared(abs, [-1, -2, -3], 3) == [1, 2, 3]
    answers = multiprocessing.get_context("spawn").SimpleQueue()
    if hasattr(os, "fork"):
        child = os.fork()
        if child == 0:
            meeting = threading.Barrier(2, timeout=20)
            answers.put(len(shared(lambda _: meeting.wait(), range(2), 2)))
            os._exit(0)
        os.waitpid(child, 0)
        assert answers.get() == 2


def parts(offsets: np.ndarray, threads: int, each: int) -> Iterator[tuple[int, int]]:
    bounds: list[tuple[int, int]] = []
    in_ranges(offsets, lambda a, b: bounds.append((a, b)), threads, each)
    return iter(sorted(bounds))


@pytest.mark.parametrize(("threads", "each"), [(1, 1), (2, 1), (2, 8), (5, 3)])
def test_ranges_cover_everybody_once_and_have_about_as_many_events(threads: int, each: int) -> None:
    people = WORTH_SHARING + 1
    offsets = np.concatenate([[0], np.cumsum(np.arange(people) % 7)])
    found = list(parts(offsets, threads, each))
    assert found[0][0] == 0
    assert found[-1][1] == people
    assert all(one[1] == other[0] for one, other in pairwise(found))
    assert len(found) == threads * each
    sizes = [offsets[b] - offsets[a] for a, b in found]
    assert max(sizes) - min(sizes) <= 2 * 7
    assert len(list(parts(np.arange(WORTH_SHARING + 1), threads, each))) == 1
