"""Who is on which list, and since when (specification section 5), as a compiled loop.

A person's events that open or close a list are gathered, list by list; where the list has a key they are sorted by it,
which keeps their order within a key; then each key's events are followed one after another.
"""

from __future__ import annotations

import numpy as np

from goodstanding.kernel.selecting import passes
from goodstanding.loops import loop
from goodstanding.program import tables as t


@loop
def _follow(rule, order, first, last, times, opens, as_of):
    """Follow the events order[first:last] of one key; the beginning of the listing that holds at `as_of`, or NULL."""
    since = t.NULL
    end = t.NULL
    oldest = first  # the first opening that still lies within the span counted by `times`
    openings = 0
    for n in range(first, last):
        moment = times[order[n]]
        on = since != t.NULL and moment < end
        if not opens[order[n]]:
            if on:
                end = min(end, moment + rule[t.L_CLOSED_AFTER])
            continue
        openings += 1
        while times[order[oldest]] <= moment - rule[t.L_WITHIN] or not opens[order[oldest]]:
            openings -= 1 if opens[order[oldest]] else 0
            oldest += 1
        if openings < rule[t.L_TIMES]:
            continue
        if not on:
            since = moment
        end = np.int64(t.FAR) if rule[t.L_EXPIRES] == t.FAR else moment + rule[t.L_EXPIRES]
    return since if since != t.NULL and as_of < end else t.NULL


@loop
def _since(rule, times, keys, opens, in_turn, as_of):
    """The earliest beginning of the listings that hold at `as_of`, over all keys."""
    many = times.size
    if rule[t.L_KEY] == t.NO_FIELD:
        return _follow(rule, in_turn, 0, many, times, opens, as_of)
    order = np.argsort(keys, kind="mergesort")
    earliest = t.NULL
    first = 0
    while first < many:
        last = first + 1
        while last < many and keys[order[last]] == keys[order[first]]:
            last += 1
        since = _follow(rule, order, first, last, times, opens, as_of)
        if since != t.NULL and (earliest == t.NULL or since < earliest):
            earliest = since
        first = last
    return earliest


@loop
def _gather(which, first, last, as_of, events, starts, listed, ops, sets, key, room):
    """Put a person's events that open or close list `which` into `room`; how many there are.

    Operations that close come before those that open: an event that satisfies both closes.
    """
    time, kind, amount, value, party, matter = events
    times, keys, opens, _ = room
    many = 0
    for e in range(first, last):
        if time[e] > as_of:
            break
        for j in range(starts[kind[e]], starts[kind[e] + 1]):
            o = listed[j]
            if ops[o, t.OP_SLOT] != which or not passes(
                ops, o, t.OP_AMOUNT_MIN, amount[e], value[e], party[e], matter[e], sets[0], sets[1]
            ):
                continue
            times[many] = time[e]
            keys[many] = party[e] if key == t.PARTY else matter[e]
            opens[many] = ops[o, t.OP_CODE] == t.OPENS
            many += 1
            break
    return many


@loop
def follow_lists(first, last, begin, end, as_of, events, listing, room, since):
    """For the people `first` to `last`, since when each is on each list; NULL where not.

    Args:
        begin, end: where each person's events lie.
        room: four arrays (times, keys, opens, whole numbers from 0) as long as the fullest person has events.
        since: one row a list, one column a person.
    """
    starts, listed, ops, sets, lists = listing
    touches = (starts[1:] > starts[:-1]).astype(np.uint8)
    kind = events[1]
    for person in range(first, last):
        touched = np.uint8(0)
        for e in range(begin[person], end[person]):  # without a branch, since most events touch no list
            touched |= touches[kind[e]]
        for which in range(lists.shape[0]):
            since[which, person] = t.NULL
            if touched:
                many = _gather(
                    which, begin[person], end[person], as_of, events, starts, listed, ops, sets,
                    lists[which, t.L_KEY], room,
                )  # fmt: skip
                if many:
                    keys, opens = room[1][:many], room[2][:many]
                    since[which, person] = _since(lists[which], room[0][:many], keys, opens, room[3], as_of)
