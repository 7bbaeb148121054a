"""Loops that say what the machine gives, to be held beside the kernel: how fast memory is, and what two threads add.

One adds up every column that the kernel reads of an event, and does nothing else with them. The other works in
registers alone. Two processors of a rented machine may be one core that is shared, and a neighbour may have the half of
either: then two threads of no program whatever are twice as fast as one.
"""

from typing import Any, Final

import numpy as np
from numba import njit

from goodstanding.book import Book, shared

PARTS: Final = 64
"""Pieces of the work, of which each thread takes the next: as many as the kernel has on two threads."""

TURNS: Final = 1_000_000
"""Turns of the loop in registers, in each piece."""


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator,unused-ignore]  # numba has no types for it
def _added(first: int, last: int, columns: tuple[Any, ...]) -> Any:
    moments, kinds, amounts, values, parties, matters = columns
    total = np.int64(0)
    for row in range(first, last):
        total += moments[row] + np.int64(kinds[row]) + amounts[row] + values[row]
        total += np.int64(parties[row]) + np.int64(matters[row])
    return total


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator,unused-ignore]
def _mixed(turns: int) -> Any:
    """Numbers that go on from each other, several at once: enough to keep a whole core busy."""
    a, b, c, d, e, f = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4), np.uint64(5), np.uint64(6)
    for turn in range(turns):
        a = (a ^ (a << np.uint64(7))) + b
        b = (b ^ (b >> np.uint64(9))) + c
        c = (c ^ (c << np.uint64(8))) + d
        d = d * np.uint64(3) + np.uint64(turn)
        e = (e ^ (e << np.uint64(3))) + f
        f = f * np.uint64(5) + np.uint64(1)
    return a + b + c + d + e + f


def touched(book: Book, threads: int) -> None:
    """Touch everything that the kernel reads of an event, once."""
    columns = book.columns
    of = (columns.time, columns.kind, columns.amount, columns.value, columns.party, columns.matter)
    cuts = [len(book) * part // PARTS for part in range(PARTS + 1)]
    shared(lambda part: _added(cuts[part], cuts[part + 1], of), range(PARTS), threads)


def in_registers(threads: int) -> None:
    """Work that needs no memory."""
    shared(lambda _: _mixed(TURNS), range(PARTS), threads)
