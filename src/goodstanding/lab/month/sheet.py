"""The sheet on which a block of residents write down their month, and how it becomes columns."""

from __future__ import annotations

from typing import Final

import numpy as np

from goodstanding.book.columns import NULL
from goodstanding.lab.city.kinds import first_matter, kind_of, party
from goodstanding.lab.loops import loop

BLOCK: Final = 256
"""Residents who write on one sheet: few enough that the sheet stays in a cache."""

WIDTH: Final = 7
"""An event on a sheet: who of the block, time, kind, amount, value, party, matter."""

ROOM: Final = BLOCK * 384
"""Events that a sheet has room for: more than the most that `dice.MOST` lets everybody have together."""

NONE: Final = NULL
"""No amount, no value."""


def kind(type_: str, label: str = "") -> np.int64:
    """The number of a kind of event, as loops hand it on (`dice.ZERO`)."""
    return np.int64(kind_of(type_, label))


def first_of(who: str) -> np.int64:
    """The code of the first party of a sort."""
    return np.int64(party(who))


def before_first(what: str) -> np.int64:
    """The code before the first matter of a sort: add the number of the loan, the case, the fare."""
    return np.int64(first_matter(what))


@loop
def note(sheet, who, time, kind, amount, value, party, matter):
    """Write an event down; `sheet` holds how many there are in its last row."""
    at = sheet[ROOM, 0]
    sheet[at, 0] = who
    sheet[at, 1] = time
    sheet[at, 2] = kind
    sheet[at, 3] = amount
    sheet[at, 4] = value
    sheet[at, 5] = party
    sheet[at, 6] = matter
    sheet[ROOM, 0] = at + 1


@loop
def lay_out(sheet, first, size, room, keep, out, start):
    """Write a sheet's events to columns from `start` on, resident by resident and in the order of time.

    Args:
        room: whole numbers, `BLOCK` + 1 and `ROOM`.
        keep: by kind, whether it is written; the others are forgotten.
        out: the columns of `Happened`.

    Returns:
        Where the next event goes.
    """
    ends, order = room
    noted = sheet[ROOM, 0]
    ends[: size + 1] = 0
    for e in range(noted):
        ends[sheet[e, 0] + 1] += keep[sheet[e, 2]]
    for i in range(size):
        ends[i + 1] += ends[i]
    total = ends[size]
    for e in range(noted - 1, -1, -1):  # backwards, each resident's from the end: `ends[i + 1]` becomes their beginning
        if keep[sheet[e, 2]]:
            i = sheet[e, 0] + 1
            ends[i] -= 1
            order[ends[i]] = e
    for i in range(size):
        begin = ends[i + 1]
        end = ends[i + 2] if i + 1 < size else total
        for at in range(begin + 1, end):
            e = order[at]
            time = sheet[e, 1]
            before = at - 1
            while before >= begin and sheet[order[before], 1] > time:
                order[before + 1] = order[before]
                before -= 1
            order[before + 1] = e
    person, time, kind, amount, value, party, matter = out
    for at in range(total):
        e = order[at]
        to = start + at
        person[to] = first + sheet[e, 0]
        time[to] = sheet[e, 1]
        kind[to] = sheet[e, 2]
        amount[to] = sheet[e, 3]
        value[to] = sheet[e, 4]
        party[to] = sheet[e, 5]
        matter[to] = sheet[e, 6]
    sheet[ROOM, 0] = 0
    return start + total


@loop
def blank_sheet():
    """A sheet with nothing on it; only what is written on is ever touched."""
    sheet = np.empty((ROOM + 1, WIDTH), np.int64)
    sheet[ROOM, 0] = 0
    return sheet
