"""Memory for answers, which goes round: that of answers which nobody holds any longer is kept for the next.

The system clears memory before it gives it out, and where it has none at hand it makes room first. For the answers
about a million people that takes as long as a tenth of the scoring, and threads wait for each other meanwhile.
"""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Sequence
from math import prod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

LEAST_KEPT: Final = 2**22
"""Bytes, below which the allocator of the process keeps memory by itself."""

MOST_KEPT: Final = 2**28
"""Bytes of the answers about a million people and some more. Greater memory is not withheld from the system."""

LINE: Final = 64
"""Every array begins with a line of the cache."""

_spare: deque[NDArray[np.uint8]] = deque(maxlen=1)
"""The memory that nobody holds; another in its place sends it back to the system."""


class _Lent:
    """Memory as NumPy asks for it. Arrays made of it, and their parts, hold this; it is returned when the last goes."""

    def __init__(self, block: NDArray[np.uint8]) -> None:
        self.__array_interface__ = block.__array_interface__
        weakref.finalize(self, _spare.append, block).atexit = False


def _lent(size: int) -> NDArray[np.uint8]:
    """So many bytes, of what is kept where that fits and is not far too much."""
    try:
        block = _spare.pop()
    except IndexError:
        block = np.empty(size, np.uint8)
    if not size <= block.size <= 2 * size:
        block = np.empty(size, np.uint8)
    return np.asarray(_Lent(block))[:size]


def let_go() -> None:
    """Give the memory that nobody holds back to the system: where it is short, and is to serve something else first."""
    _spare.clear()


def room_for(arrays: Sequence[tuple[type[np.generic], tuple[int, ...]]]) -> list[NDArray[Any]]:
    """Arrays of these kinds and shapes, with anything in them."""
    sizes = [prod(shape) * np.dtype(kind).itemsize for kind, shape in arrays]
    total = LINE + sum(size + LINE for size in sizes)
    if not LEAST_KEPT <= total <= MOST_KEPT:
        return [np.empty(shape, kind) for kind, shape in arrays]
    block = _lent(total)
    at = -block.ctypes.data % LINE
    made = []
    for (kind, shape), size in zip(arrays, sizes, strict=True):
        made.append(block[at : at + size].view(kind).reshape(shape))
        at += -(-size // LINE) * LINE
    return made
