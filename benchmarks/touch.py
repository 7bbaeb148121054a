"""A loop that merely touches a book's columns, to say how near the kernel comes to what the memory allows.

It adds up every column that the kernel reads of an event, and does nothing else with them.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numba import njit

from benchmarks.processes import THREADS
from goodstanding.book import Book


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator,unused-ignore]  # numba has no types for it
def _added(first: int, last: int, columns: tuple[Any, ...]) -> Any:
    moments, kinds, amounts, values, parties, matters = columns
    total = np.int64(0)
    for row in range(first, last):
        total += moments[row] + np.int64(kinds[row]) + amounts[row] + values[row]
        total += np.int64(parties[row]) + np.int64(matters[row])
    return total


def seconds(book: Book, repeats: int) -> list[float]:
    """How long each pass over all events took, on two threads."""
    columns = book.columns
    touched = (columns.time, columns.kind, columns.amount, columns.value, columns.party, columns.matter)
    cuts = [len(book) * part // 16 for part in range(17)]
    taken = []
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in range(repeats + 1):
            begun = time.perf_counter()
            list(pool.map(lambda part: _added(cuts[part], cuts[part + 1], touched), range(16)))
            taken.append(time.perf_counter() - begun)
    return taken[1:]
