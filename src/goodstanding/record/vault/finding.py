"""The compiled loops of the table in which people are found by their public ids.

An entry holds the upper half of an id's hash and, below it, the slot and one; 0 is free. Where an entry lies follows
from that upper half alone, so a table grows without a look at any id, and nearly in the order of memory. The hash finds
a place and decides nothing: all bytes of an id are compared.

Ids lie in two pieces: those on the disk, and behind them those that are new. `Ids` here stands for four arrays: the
ends of the former, their bytes, the ends of the latter (from 0 on, a zero before them), their bytes.
"""

from __future__ import annotations

import numpy as np

from goodstanding.record.loops import loop
from goodstanding.record.moving import ask_for, move, word_at
from goodstanding.record.siphash import siphash

HALF = np.uint64(32)
SLOT = np.uint64(0xFFFFFFFF)
WORD = 8

STEP = 1024
"""Strings that go through each step together: what memory was asked for is still near when it is read."""


@loop
def _home_of(tag, mask, bits):
    """Where a tag's search begins."""
    return np.int64(tag >> np.uint64(HALF - bits)) & mask


@loop
def _same(data, start, other, begin, size):
    """Whether two stretches of bytes are equal: by eight, the last eight once more."""
    if size < WORD:
        for i in range(size):
            if data[start + i] != other[begin + i]:
                return False
        return True
    at = 0
    while at + WORD <= size:
        if word_at(data, start + at) != word_at(other, begin + at):
            return False
        at += WORD
    return word_at(data, start + size - WORD) == word_at(other, begin + size - WORD)


@loop
def _is_at(slot, data, start, size, ends, ids, new_ends, new_ids):
    """Whether a slot's id is data[start:start + size]."""
    if slot < ends.size:
        before = ends[slot - 1] if slot > 0 else np.int64(0)
        return ends[slot] - before == size and _same(data, start, ids, before, size)
    before = new_ends[slot - ends.size]
    return new_ends[slot - ends.size + 1] - before == size and _same(data, start, new_ids, before, size)


@loop
def _seek(tag, at, table, data, start, size, ends, ids, new_ends, new_ids):
    """Go on from a place of the table: the slot, or -1, and the place where it or the next free entry is."""
    mask = np.int64(table.size - 1)
    entry = table[at]
    while entry != 0:
        if entry >> HALF == tag:
            slot = np.int64(entry & SLOT) - 1
            if _is_at(slot, data, start, size, ends, ids, new_ends, new_ids):
                return slot, at
        at = (at + 1) & mask
        entry = table[at]
    return np.int64(-1), at


@loop
def _find_some(data, starts, first, key, table, bits, ends, ids, new_ends, new_ids, hashes, out):
    """The slots of a few strings: in steps over all of them, each of which asks memory for what the next one reads."""
    mask = np.int64(table.size - 1)
    for i in range(hashes.size):
        hashes[i] = siphash(data, starts[first + i], starts[first + i + 1], key)
        ask_for(table, _home_of(hashes[i] >> HALF, mask, bits))
    for i in range(hashes.size):
        tag = hashes[i] >> HALF
        at = _home_of(tag, mask, bits)
        while table[at] != 0 and table[at] >> HALF != tag:
            at = (at + 1) & mask
        out[i] = at
        slot = np.int64(table[at] & SLOT) - 1
        if 0 <= slot < ends.size:
            ask_for(ends, slot)
    for i in range(hashes.size):
        slot = np.int64(table[out[i]] & SLOT) - 1
        if 0 < slot < ends.size:
            ask_for(ids, ends[slot - 1])
    for i in range(hashes.size):
        if table[out[i]] == 0:
            out[i] = -1
            continue
        start = starts[first + i]
        size = starts[first + i + 1] - start
        out[i], _ = _seek(hashes[i] >> HALF, out[i], table, data, start, size, ends, ids, new_ends, new_ids)


@loop
def find(data, starts, first, key, table, bits, ends, ids, new_ends, new_ids, hashes, out):
    """The slots of strings from number `first` on, -1 where unknown.

    Args:
        hashes: room for as many as are looked for, filled here.
    """
    for begin in range(0, hashes.size, STEP):
        end = min(begin + STEP, hashes.size)
        _find_some(
            data,
            starts,
            first + begin,
            key,
            table,
            bits,
            ends,
            ids,
            new_ends,
            new_ids,
            hashes[begin:end],
            out[begin:end],
        )


@loop
def enrol(data, starts, first, hashes, table, bits, ends, ids, new_ends, new_ids, many, out):
    """Give slots to the strings that have none, after `find`; returns how many new ids there are then.

    Args:
        new_ends, new_ids: with room for all of them.
        many: how many new ids there are.
    """
    mask = np.int64(table.size - 1)
    for i in range(hashes.size):
        if out[i] >= 0:
            continue
        start = starts[first + i]
        size = starts[first + i + 1] - start
        tag = hashes[i] >> HALF
        slot, at = _seek(tag, _home_of(tag, mask, bits), table, data, start, size, ends, ids, new_ends, new_ids)
        if slot < 0:
            slot = ends.size + many
            table[at] = tag << HALF | np.uint64(slot + 1)
            move(new_ids, new_ends[many], data, start, size)
            new_ends[many + 1] = new_ends[many] + size
            many += 1
        out[i] = slot
    return many


@loop
def settle(entries, table, bits, end):
    """Put the entries of another table into an empty one, but those of slots from `end` on."""
    mask = np.int64(table.size - 1)
    for i in range(entries.size):
        entry = entries[i]
        if entry != 0 and np.int64(entry & SLOT) <= end:
            at = _home_of(entry >> HALF, mask, bits)
            while table[at] != 0:
                at = (at + 1) & mask
            table[at] = entry


@loop
def take_in(ends, ids, first, last, key, table, bits, hashes):
    """Put slots from `first` to `last` into the table, by their ids on the disk; erased ones have none."""
    mask = np.int64(table.size - 1)
    for slot in range(first, last):
        before = ends[slot - 1] if slot > 0 else np.int64(0)
        hashes[slot - first] = siphash(ids, before, ends[slot], key) if ids[before] != 0 else np.uint64(0)
    for slot in range(first, last):
        before = ends[slot - 1] if slot > 0 else np.int64(0)
        if ids[before] != 0:
            tag = hashes[slot - first] >> HALF
            at = _home_of(tag, mask, bits)
            while table[at] != 0:
                at = (at + 1) & mask
            table[at] = tag << HALF | np.uint64(slot + 1)


@loop
def gather(slots, ends, ids, bounds, out):
    """Write the ids of some slots one after the other, with the bounds of each; with no room, bounds alone."""
    at = np.int64(0)
    bounds[0] = 0
    for i in range(slots.size):
        slot = slots[i]
        before = ends[slot - 1] if slot > 0 else np.int64(0)
        size = ends[slot] - before
        if out.size:
            move(out, at, ids, before, size)
        at += size
        bounds[i + 1] = at
