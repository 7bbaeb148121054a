"""Slots to points, and points to scores, as compiled loops. Whole numbers only.

People are worked on by blocks. Once their events are read into *slots* (`accumulating`), each factor turns the slots of
a whole block into points, which the compiler does for several people at once, and writes them by column.

Nothing here knows policies or books: it reads the tables that `program` lays out, so that a changed number changes a
table and compiles nothing.
"""

from __future__ import annotations

import numpy as np

from goodstanding.kernel.accumulating import accumulate, finish, make_room
from goodstanding.kernel.listing import follow_lists, make_list_room
from goodstanding.kernel.pointing import give_points
from goodstanding.loops import loop
from goodstanding.program import tables as t


@loop
def _add_up(points, at, size, factors, dimensions, frame, left_out, sums, first, held, score, bounds):
    """Add the points from column `at` on to dimensions, hold them, add them to `base`, hold that; see `add_up`."""
    sums[:] = 0
    for f in range(points.shape[0]):
        d = factors[f, t.F_DIMENSION]
        if d >= 0 and factors[f, t.F_FORM] != left_out:  # a requirement is of no dimension
            for i in range(size):
                sums[d, i] += points[f, np.uint64(at) + np.uint64(i)]
    whole = sums.shape[0] - 1
    sums[whole] = frame[0]
    for d in range(whole):
        least, most = dimensions[d, 0], dimensions[d, 1]
        for i in range(size):
            kept = min(max(sums[d, i], least), most)
            held[d, np.uint64(first) + np.uint64(i)] = kept - sums[d, i]
            sums[whole, i] += kept
    least, most = frame[1], frame[2]
    for i in range(size):
        kept = min(max(sums[whole, i], least), most)
        score[np.uint64(first) + np.uint64(i)] = kept
        bounds[np.uint64(first) + np.uint64(i)] = kept - sums[whole, i]


@loop
def add_up(points, factors, dimensions, frame, first, last, held, score, bounds):
    """Add all points of the people `first` to `last` up to dimensions, and those to a score (specification section 4).

    `held` gets what each dimension's bounds changed, `bounds` what the score's own bounds changed.
    """
    sums = np.empty((dimensions.shape[0] + 1, t.BLOCK), np.int64)
    for at in range(first, last, t.BLOCK):
        size = min(t.BLOCK, last - at)
        _add_up(points, at, size, factors, dimensions, frame, t.NO_FORM, sums, at, held, score, bounds)


@loop
def _note_listed(slots, at, since, which, block, size):
    """What a factor reads that asks for a list: 1 for those who are on it, else 0."""
    for i in range(size):
        slots[at, i] = np.int64(since[which, np.uint64(block) + np.uint64(i)] != t.NULL)


@loop
def _hand_out(points, enough, block, size, given):
    """Write a block's points where they belong; those that follow are of `score.requires`: 1 where they are met."""
    real = points.shape[0]
    for i in range(size):
        enough[np.uint64(block) + np.uint64(i)] = 1
    for f in range(real):
        for i in range(size):
            points[f, np.uint64(block) + np.uint64(i)] = given[f, i]
    for f in range(real, given.shape[0]):
        for i in range(size):
            enough[np.uint64(block) + np.uint64(i)] &= np.uint8(given[f, i])


@loop
def _fullest(first, last, begin, end):
    """How many events a block of the people `first` to `last` has at most, and how many a person has."""
    block_most = person_most = 0
    for block in range(first, last, t.BLOCK):
        total = 0
        for person in range(block, min(block + t.BLOCK, last)):
            events = end[person] - begin[person]
            total += events
            person_most = max(person_most, events)
        block_most = max(block_most, total)
    return block_most, person_most


@loop
def _empty_sets(many, events):
    """Sets for `distinct`, of twice as many entries as a block has events at most."""
    size = 2
    while size < 2 * events:
        size *= 2
    return np.full((many, size), -1, np.int64)


@loop
def run(first, last, begin, end, as_of, events, kinds, program, listing, distinct, out):
    """Score the people `first` to `last`: their points by factor, the held sums, the score, and whether it is given.

    `begin` and `end` say where each person's events lie; `distinct` is how many sets operations need. Factors that read
    ties are left at 0 here: they need everybody's own score first (`ties`).
    """
    ops, sets, weights, initial, endings, factors, bands, label_points, dimensions, frame = program
    points, held, score, bounds, enough, since = out
    # Threads that count who refers to the same array wait for each other: each has tables of its own of those that are
    # asked the most.
    ops, factors, bands = ops.copy(), factors.copy(), bands.copy()
    width = min(t.BLOCK, last - first)
    slots = np.empty((initial.size + since.shape[0], width), np.int64)
    given = np.zeros((factors.shape[0], width), np.int32)
    sums = np.empty((dimensions.shape[0] + 1, width), np.int64)
    touched = np.empty(width + 1, np.int64)
    block_most, person_most = _fullest(first, last, begin, end)
    room = make_room(kinds[1].size, block_most)
    list_room = make_list_room(person_most)
    seen = _empty_sets(distinct, block_most)
    stamp = 0
    for block in range(first, last, t.BLOCK):
        size = min(t.BLOCK, last - block)
        for s in range(initial.size):
            slots[s, :] = initial[s]
        stamp += 1
        if stamp == t.STAMPS:
            seen[:] = -1
            stamp = 1
        many = accumulate(
            slots, block, size, begin, end, as_of, events, kinds, ops, sets, weights, room, seen, stamp, touched
        )
        follow_lists(block, size, touched, many, begin, end, as_of, events, listing, list_room, since)
        finish(slots, endings, size, events, kinds)
        for which in range(since.shape[0]):
            _note_listed(slots, initial.size + which, since, which, block, size)
        give_points(slots, 0, size, factors, t.NO_TIE, bands, label_points, given)
        _hand_out(points, enough, block, size, given)
        _add_up(given, 0, size, factors, dimensions, frame, t.TIED, sums, block, held, score, bounds)
