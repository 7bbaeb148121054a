"""A month of everybody: each walk of life in turn, block by block, on as many threads as there are.

Nobody's month depends on another's: the same bytes come of one thread or two, and of a city with more residents.
"""

from __future__ import annotations

from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from goodstanding.book import shared
from goodstanding.lab.city.arrays import Dispositions, Happened, State, Tally, Traits
from goodstanding.lab.city.calendar import month_start
from goodstanding.lab.city.kinds import KINDS
from goodstanding.lab.loops import loop
from goodstanding.lab.month.borrowing import card, credit
from goodstanding.lab.month.dice import SECOND
from goodstanding.lab.month.earning import shocks, work
from goodstanding.lab.month.joining import civic
from goodstanding.lab.month.moving import travel
from goodstanding.lab.month.paying import household
from goodstanding.lab.month.rates import Numbers, Rates, rates_of
from goodstanding.lab.month.sheet import BLOCK, ROOM, blank_sheet, lay_out
from goodstanding.lab.month.shopping import shopping
from goodstanding.lab.month.speaking import speech
from goodstanding.lab.month.suing import court

RANGE: Final = 2_048
"""Residents whose month one thread works out in one go: few enough that the threads of a small city share it evenly."""

EXPECTED: Final = 12
"""Events of a resident in a month for which room is taken at first; where it is too little, more is taken."""

COLUMNS: Final = (np.int32, np.int64, np.uint32, np.int64, np.int64, np.uint32, np.uint32)
"""What the columns of `Happened` are made of."""


ALL: Final = np.ones(len(KINDS), np.bool_)
"""Every kind of event."""


class When(NamedTuple):
    """A month as the loops take it: its number, its first moment in microseconds since 1970, its length in seconds."""

    month: int
    start: int
    seconds: int


class Lived(Protocol):
    """What a month needs of a city (`lab.city.city.City`)."""

    @property
    def key(self) -> NDArray[np.uint64]:
        """The key of its seed."""

    @property
    def traits(self) -> Traits:
        """What its residents are."""

    @property
    def parameters(self) -> Numbers:
        """What is usual in it."""


@loop
def live_through(first, last, when, key, traits, state, dispositions, tally, rates, keep, out):
    """The month of residents `first` to `last`, as far as there is room for their events.

    Returns:
        The first resident whose month did not fit, or `last`, and how many events there are.
    """
    sheet = blank_sheet()
    room = (np.empty(BLOCK + 1, np.int64), np.empty(ROOM, np.int64))
    tables = rates.tables
    at = 0
    for begin in range(first, last, BLOCK):
        if out[0].size - at < ROOM:
            return begin, at
        size = min(BLOCK, last - begin)
        shocks(begin, size, when, key, traits, state, tally, rates.work)
        work(begin, size, when, key, traits, state, dispositions, tally, rates.work, tables, sheet)
        household(begin, size, when, key, traits, state, dispositions, tally, rates.household, tables, sheet)
        court(begin, size, when, key, traits, state, dispositions, tally, rates.court, tables, sheet)
        credit(begin, size, when, key, traits, state, dispositions, tally, rates.credit, tables, rates.court, sheet)
        card(begin, size, when, key, traits, state, dispositions, tally, rates.card, tables, sheet)
        shopping(begin, size, when, key, traits, state, dispositions, tally, rates.shopping, tables, sheet)
        travel(begin, size, when, key, traits, state, dispositions, tally, rates.travel, tables, sheet)
        civic(begin, size, when, key, traits, dispositions, rates.civic, tables, sheet)
        speech(begin, size, when, key, traits, dispositions, tally, rates.speech, tables, sheet)
        at = lay_out(sheet, begin, size, room, keep, out, at)
    return last, at


def when(month: int) -> When:
    """A month, for the loops."""
    start = month_start(month)
    return When(month, start, (month_start(month + 1) - start) // SECOND)


def empty(size: int) -> Happened:
    """Columns with room for so many events, nothing in them yet."""
    return Happened._make(np.empty(size, of) for of in COLUMNS)


def live_range(
    city: Lived,
    first: int,
    last: int,
    month: int,
    rates: Rates,
    state: State,
    dispositions: Dispositions,
    tally: Tally,
    keep: NDArray[np.bool_],
) -> list[Happened]:
    """The month of residents `first` to `last`, in one or more pieces, in their order."""
    pieces = []
    while first < last:
        out = empty((last - first) * EXPECTED + ROOM)
        first, many = live_through(
            first, last, when(month), city.key, city.traits, state, dispositions, tally, rates, keep, tuple(out)
        )
        pieces.append(Happened._make(column[:many] for column in out))
    return pieces


def join(pieces: list[Happened]) -> Happened:
    """Pieces one after another."""
    if not pieces:
        return empty(0)
    return Happened._make(np.concatenate(columns) for columns in zip(*pieces, strict=True))


def live(
    city: Lived,
    month: int,
    state: State,
    dispositions: Dispositions,
    tally: Tally,
    threads: int = 1,
    keep: NDArray[np.bool_] | None = None,
) -> Happened:
    """A month of everybody.

    Args:
        state, tally: are written.
        keep: by kind, whether its events are given; what nobody reads need not be. What happens is the same.

    Returns:
        What happened, resident by resident and in the order of time.
    """
    rates = rates_of(city.parameters)
    kept = ALL if keep is None else keep
    residents = state.work.size
    bounds = [(first, min(first + RANGE, residents)) for first in range(0, residents, RANGE)]

    def lived(bound: tuple[int, int]) -> list[Happened]:
        return live_range(city, *bound, month, rates, state, dispositions, tally, kept)

    return join([piece for pieces in shared(lived, bounds, threads) for piece in pieces])
