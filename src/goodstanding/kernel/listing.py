"""Who is on which list, and since when (specification section 5), as a compiled loop.

A person's events that open or close a list are gathered, list by list; where the list has a key they are sorted by it,
which keeps their order within a key; then each key's events are followed one after another.
"""

from __future__ import annotations

import numpy as np

from goodstanding.kernel.selecting import passes
from goodstanding.loops import loop
from goodstanding.program import tables as t

FEW = 32
"""So many events are sorted by moving each to its place; that would be slow for many."""


@loop
def make_list_room(events):
    """Room in which one person's events of one list are gathered: their order, times, keys, and whether they open."""
    return (
        np.empty(events, np.int64),
        np.empty(events, np.int64),
        np.empty(events, np.int64),
        np.empty(events, np.bool_),
    )


@loop
def _follow(lists, which, first, last, room, as_of):
    """Follow the events order[first:last] of one key; the beginning of the listing that holds at `as_of`, or NULL."""
    order, times, _, opens = room
    closed_after, expires = lists[which, t.L_CLOSED_AFTER], lists[which, t.L_EXPIRES]
    asked, within = lists[which, t.L_TIMES], lists[which, t.L_WITHIN]
    since = t.NULL
    end = t.NULL
    oldest = first  # the first opening that still lies within the span counted by `times`
    openings = 0
    for n in range(first, last):
        moment = times[order[n]]
        on = since != t.NULL and moment < end
        if not opens[order[n]]:
            if on:
                end = min(end, moment + closed_after)
            continue
        openings += 1
        while times[order[oldest]] <= moment - within or not opens[order[oldest]]:
            openings -= 1 if opens[order[oldest]] else 0
            oldest += 1
        if openings < asked:
            continue
        if not on:
            since = moment
        end = np.int64(t.FAR) if expires == t.FAR else moment + expires
    return since if since != t.NULL and as_of < end else t.NULL


@loop
def _sort(many, room):
    """Put the order of a person's events by their keys; those of one key stay as they were."""
    order, _, keys, _ = room
    if many > FEW:
        order[:many] = np.argsort(keys[:many], kind="mergesort")
        return
    for n in range(1, many):
        key = keys[n]
        at = n
        while at > 0 and keys[order[at - 1]] > key:
            order[at] = order[at - 1]
            at -= 1
        order[at] = n


@loop
def _since(lists, which, many, room, as_of):
    """The earliest beginning of the listings that hold at `as_of`, over all keys."""
    order, _, keys, _ = room
    for n in range(many):
        order[n] = n
    if lists[which, t.L_KEY] == t.NO_FIELD:
        return _follow(lists, which, 0, many, room, as_of)
    _sort(many, room)
    earliest = t.NULL
    first = 0
    while first < many:
        last = first + 1
        while last < many and keys[order[last]] == keys[order[first]]:
            last += 1
        since = _follow(lists, which, first, last, room, as_of)
        if since != t.NULL and (earliest == t.NULL or since < earliest):
            earliest = since
        first = last
    return earliest


@loop
def _gather(which, first, last, as_of, events, listing, room):
    """Put a person's events that open or close list `which` into `room`; how many there are.

    Operations that close come before those that open: an event that satisfies both closes.
    """
    time, kind, amount, value, party, matter = events
    starts, listed, ops, sets, lists = listing
    _, times, keys, opens = room
    key = lists[which, t.L_KEY]
    many = 0
    for e in range(first, last):
        low, high = starts[kind[e]], starts[kind[e] + 1]
        if low == high:  # most events touch no list
            continue
        if time[e] > as_of:
            break
        for j in range(low, high):
            o = listed[j]
            if ops[o, t.OP_SLOT] == which and passes(
                ops, o, t.OP_AMOUNT_MIN, amount[e], value[e], party[e], matter[e], sets
            ):
                times[many] = time[e]
                keys[many] = party[e] if key == t.PARTY else matter[e]
                opens[many] = ops[o, t.OP_CODE] == t.OPENS
                many += 1
                break
    return many


@loop
def follow_lists(block, size, touched, many, begin, end, as_of, events, listing, room, since):
    """For the people `block` to `block + size`, since when each is on each list; NULL where not.

    Args:
        begin, end: where each person's events lie.
        touched: the `many` of them, from 0, who have an event that opens or closes any list.
        room: what `make_list_room` gave for as many events as the fullest person has.
        since: one row a list, one column a person.
    """
    lists = listing[4]
    for which in range(lists.shape[0]):
        for i in range(size):
            since[which, block + i] = t.NULL
        for n in range(many):
            person = block + touched[n]
            found = _gather(which, begin[person], end[person], as_of, events, listing, room)
            if found:
                since[which, person] = _since(lists, which, found, room, as_of)
