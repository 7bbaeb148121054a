"""Work shared among threads: ranges of people, or one thing after another, side by side.

Whoever asks works too, and helpers that are free join in; they wait for the next piece of work, since starting threads
takes longer than scoring a small town does. Loops are compiled without the interpreter's lock, and so run at once.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

WORTH_SHARING = 4_096
"""People, below which asking helpers costs more than it saves."""

MOST_HELPERS: Final = 256

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _engaged() -> ThreadPoolExecutor:
    """Helpers, none of whom is there before there is work."""
    return ThreadPoolExecutor(MOST_HELPERS, "helper")


_helpers = _engaged()


def _engage_anew() -> None:
    global _helpers  # noqa: PLW0603 a forked process has none of the threads of the one that it came from
    _helpers = _engaged()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_engage_anew)


def shared(work: Callable[[Item], Answer], items: Sequence[Item], threads: int) -> list[Answer]:
    """Do some work for each of several things, on so many threads; the answers in their order.

    Raises:
        BaseException: what the work raised; things that nobody had begun with are left.
    """
    if threads == 1 or len(items) <= 1:
        return [work(item) for item in items]
    answers: dict[int, Answer] = {}
    left = deque(range(len(items)))

    def take() -> None:
        while left:
            try:
                place = left.popleft()
            except IndexError:  # somebody else was faster
                return
            try:
                answers[place] = work(items[place])
            except BaseException:
                left.clear()
                raise

    helping = [_helpers.submit(take) for _ in range(min(threads, len(items)) - 1)]
    try:
        take()
    finally:
        # Who has not come by now is not waited for: all helpers may be busy, and with work that waits for this.
        done = [one.exception() for one in helping if not one.cancel()]
    for fault in done:
        if fault is not None:
            raise fault
    return [answers[place] for place in range(len(items))]


def in_ranges(
    offsets: NDArray[np.int64], work: Callable[[int, int], Any], threads: int | None = None, each: int = 1
) -> None:
    """Do some work for ranges of people that have about as many events each, side by side: `each` ranges a thread."""
    threads = threads or cores()
    people = offsets.size - 1
    parts = threads * each if people > WORTH_SHARING else 1
    cuts = np.searchsorted(offsets, np.linspace(0, offsets[-1], parts + 1)[1:-1].astype(np.int64))
    bounds = np.unique(np.concatenate([[0], cuts, [people]])).tolist()
    shared(lambda bound: work(*bound), list(pairwise(bounds)), threads)
