"""Whom a thread takes next: small pieces of the people, so that threads that are not equally fast end together."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

WORTH_SHARING = 4_096
"""People, below which asking helpers costs more than it saves."""

MOST_EACH, LEAST_EACH = 32, 4
"""Pieces for each thread. The last piece is worked on alone: the more there are, the shorter is that."""

WORTH_A_PIECE = 32_768
"""Events of a piece, where that leaves each thread enough of them: so many take far longer than to begin with them."""


def pieces_of(ends: NDArray[np.int64], threads: int) -> list[tuple[int, int]]:
    """The people in pieces of about as many events each, in the order in which threads take them.

    Neighbours are far apart in that order. Memory is given out by pages when it is first written, and a large page
    holds the answers about half a million people: threads that began side by side would all be given the same page,
    each would clear it, and all but one would have done so for nothing.

    Args:
        ends: one more than people: how many events there are of all before each.
    """
    people, events = ends.size - 1, int(ends[-1])
    each = min(max(events // (threads * WORTH_A_PIECE), LEAST_EACH), MOST_EACH)
    parts = threads * each if people > WORTH_SHARING else 1
    cuts = np.searchsorted(ends, np.linspace(0, events, parts + 1)[1:-1].astype(np.int64))
    pieces = list(pairwise(np.unique(np.concatenate([[0], cuts, [people]])).tolist()))
    return [piece for first in range(each) for piece in pieces[first::each]]
