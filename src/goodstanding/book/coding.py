"""Strings to codes: a table that gives every different string a whole number, in the order of first sight.

Two strings share a code only where all their bytes are equal: the hash finds the place, it decides nothing.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.loops import inlined, loop, wrapping

CHUNK = 1 << 16
"""Strings between two looks at whether the table must grow."""

TAG = np.uint64(0xFFFFFFFF00000000)
"""The half of a hash that stands beside a code in the table of places."""

CODE = np.uint64(0xFFFFFFFF)

WORD = 8
"""Bytes of one number."""

SHORT = 15
"""Bytes of a string that is compared as two numbers, in one place of memory."""

SEED = np.uint64(int.from_bytes(os.urandom(8), "little") | 1)
"""Drawn for each process, so that nobody can prepare strings that collide. No answer depends on it.

Loops get it as an argument: a compiled loop is kept on disk with the constants of the process that made it.
"""


@inlined
@wrapping
def _mix(state, word):
    """Fold one word into a running hash."""
    state = (state ^ word) * np.uint64(0x9E3779B97F4A7C15)
    return state ^ (state >> np.uint64(32))


@inlined
def _word(data, at):
    """Eight bytes as one number, the first lowest. Places are unsigned: only then do the eight become one load."""
    word = np.uint64(data[at])
    for i in range(1, WORD):
        word |= np.uint64(data[at + np.uint64(i)]) << np.uint64(8 * i)
    return word


@inlined
def _rest(data, at, end):
    """Fewer than eight bytes as one number, the first lowest."""
    word = np.uint64(0)
    shift = np.uint64(0)
    while at < end:
        word |= np.uint64(data[at]) << shift
        shift += np.uint64(8)
        at += np.uint64(1)
    return word


@loop
def hash_bytes(data, start, stop, seed):
    """A 64-bit hash of data[start:stop]."""
    size = np.uint64(stop - start)
    state = seed ^ size
    at, end = np.uint64(start), np.uint64(stop)
    while end - at >= np.uint64(WORD):
        state = _mix(state, _word(data, at))
        at += np.uint64(WORD)
    return _mix(_mix(state, _rest(data, at, end)), size)


@loop
def hash_rows(data, starts, extra, seed, out):
    """Hash every string together with a number beside it (an event's id with the code of its source)."""
    for i in range(out.size):
        out[i] = _mix(hash_bytes(data, starts[i], starts[i + 1], seed), np.uint64(extra[i]))


@inlined
def same_bytes(data, start, other, other_start, size):
    """Whether two strings of one length are equal."""
    for i in range(size):
        if data[start + i] != other[other_start + i]:
            return False
    return True


@inlined
def _head(data, start, stop):
    """A short string as two numbers, its length among them; no other short string has both."""
    at, end = np.uint64(start), np.uint64(stop)
    size = (end - at) << np.uint64(56)
    if end - at < np.uint64(WORD):
        return _rest(data, at, end), size
    return _word(data, at), _rest(data, at + np.uint64(WORD), end) | size


@loop
def _look_up(data, starts, first, seed, keys, places, ends, heads, arena, out):
    """Codes of the strings that the table holds, 0 for the others; three loops, so that misses of the cache overlap."""
    mask = places.size - 1
    for i in range(keys.size):
        keys[i] = hash_bytes(data, starts[first + i], starts[first + i + 1], seed)
    for i in range(keys.size):
        at = np.int64(keys[i] & CODE) & mask
        entry = places[at]
        while entry != 0 and (entry ^ keys[i]) & TAG != 0:
            at = (at + 1) & mask
            entry = places[at]
        out[first + i] = np.uint32(entry & CODE)
    for i in range(keys.size):
        code = np.int64(out[first + i])
        if code > 0:
            start, stop = starts[first + i], starts[first + i + 1]
            if stop - start <= SHORT:
                head, tail = _head(data, start, stop)
                if (head ^ heads[2 * code]) | (tail ^ heads[2 * code + 1]) != 0:
                    out[first + i] = 0
                continue
            before = ends[code - 1]
            if ends[code] - before != stop - start or not same_bytes(data, start, arena, before, stop - start):
                out[first + i] = 0


@loop
def _insert(data, starts, first, keys, places, ends, heads, arena, count, out):
    """Give codes to the strings that have none yet; returns how many strings there are then.

    A string may have none although the table holds it: another with the same tag stood before it.
    """
    mask = places.size - 1
    for i in range(keys.size):
        if out[first + i] > 0:
            continue
        start = starts[first + i]
        size = starts[first + i + 1] - start
        at = np.int64(keys[i] & CODE) & mask
        code = np.int64(places[at] & CODE)
        while code > 0:
            before = ends[code - 1]
            if ends[code] - before == size and same_bytes(data, start, arena, before, size):
                break
            at = (at + 1) & mask
            code = np.int64(places[at] & CODE)
        if code == 0:
            count += 1
            code = count
            places[at] = (keys[i] & TAG) | np.uint64(code)
            before = ends[code - 1]
            arena[before : before + size] = data[start : start + size]
            ends[code] = before + size
            if size <= SHORT:
                heads[2 * code], heads[2 * code + 1] = _head(data, start, start + size)
        out[first + i] = code
    return count


@loop
def _place_again(ends, arena, count, seed, places):
    """Put all codes into a larger table of places."""
    mask = places.size - 1
    for code in range(1, count + 1):
        key = hash_bytes(arena, ends[code - 1], ends[code], seed)
        at = np.int64(key & CODE) & mask
        while places[at] != 0:
            at = (at + 1) & mask
        places[at] = (key & TAG) | np.uint64(code)


@loop
def _encode_pairs(left, right, seed, places, pairs, count, first, last, out):
    """Give codes to pairs of whole numbers."""
    mask = places.size - 1
    for i in range(first, last):
        pair = (np.uint64(left[i]) << np.uint64(32)) | np.uint64(right[i])
        at = np.int64(_mix(seed, pair) >> np.uint64(20)) & mask
        code = places[at]
        while code > 0 and pairs[code] != pair:
            at = (at + 1) & mask
            code = places[at]
        if code == 0:
            count += 1
            code = count
            places[at] = code
            pairs[code] = pair
        out[i] = code
    return count


@loop
def _place_pairs_again(pairs, count, seed, places):
    """Put all pairs anew into a larger table of places."""
    mask = places.size - 1
    for code in range(1, count + 1):
        at = np.int64(_mix(seed, pairs[code]) >> np.uint64(20)) & mask
        while places[at] > 0:
            at = (at + 1) & mask
        places[at] = code


def _room(array: NDArray[Any], needed: int) -> NDArray[Any]:
    """The same array with room for at least `needed` entries; doubled, so that growing costs little in all."""
    if array.size >= needed:
        return array
    grown = np.zeros(max(needed, 2 * array.size), array.dtype)
    grown[: array.size] = array
    return grown


class StringTable:
    """Different strings, each with a code from 1 on; 0 is null."""

    def __init__(self) -> None:
        self.count = 0
        self._places = np.zeros(1 << 10, np.uint64)
        self._ends = np.zeros(1 << 9, np.int64)
        self._heads = np.zeros(1 << 10, np.uint64)
        self._arena = np.zeros(1 << 12, np.uint8)
        self._keys = np.empty(CHUNK, np.uint64)

    def encode(self, strings: pa.Array) -> NDArray[np.uint32]:
        """The code of each string of an Arrow array of strings, plain or dictionary-coded."""
        if pa.types.is_dictionary(strings.type):
            return self._encode_dictionary(strings)
        if strings.null_count:
            return self._encode_dictionary(strings.dictionary_encode())
        data, starts = buffers(strings)
        out = np.empty(len(strings), np.uint32)
        for first in range(0, out.size, CHUNK):
            last = min(first + CHUNK, out.size)
            self._grow(last - first, int(starts[last] - starts[first]))
            keys = self._keys[: last - first]
            _look_up(data, starts, first, SEED, keys, self._places, self._ends, self._heads, self._arena, out)
            self.count = _insert(
                data, starts, first, keys, self._places, self._ends, self._heads, self._arena, self.count, out
            )
        return out

    def _encode_dictionary(self, strings: pa.DictionaryArray) -> NDArray[np.uint32]:
        values = self.encode(strings.dictionary)
        if strings.indices.null_count == 0:
            return values[strings.indices.to_numpy(zero_copy_only=False)]
        codes = np.append(values, np.uint32(0))
        return codes[strings.indices.fill_null(len(values)).to_numpy(zero_copy_only=False)]

    def _grow(self, more: int, size: int) -> None:
        needed = self.count + more + 1
        self._ends = _room(self._ends, needed)
        self._heads = _room(self._heads, 2 * needed)
        self._arena = _room(self._arena, int(self._ends[self.count]) + size)
        if 3 * needed > 2 * self._places.size:
            self._places = np.zeros(1 << (2 * needed - 1).bit_length(), np.uint64)
            _place_again(self._ends, self._arena, self.count, SEED, self._places)

    def strings(self) -> pa.LargeStringArray:
        """All strings, that of code 1 first."""
        ends = self._ends[: self.count + 1].copy()
        data = self._arena[: ends[-1]].copy()
        return pa.LargeStringArray.from_buffers(self.count, pa.py_buffer(ends), pa.py_buffer(data))


class PairTable:
    """Different pairs of codes, each with a code from 1 on."""

    def __init__(self) -> None:
        self.count = 0
        self._places = np.zeros(1 << 10, np.uint32)
        self._pairs = np.zeros(1 << 9, np.uint64)

    def encode(self, left: NDArray[np.uint32], right: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """The code of each pair of entries of two arrays of one length."""
        out = np.empty(left.size, np.uint32)
        for first in range(0, out.size, CHUNK):
            last = min(first + CHUNK, out.size)
            self._grow(last - first)
            self.count = _encode_pairs(left, right, SEED, self._places, self._pairs, self.count, first, last, out)
        return out

    def _grow(self, more: int) -> None:
        needed = self.count + more + 1
        self._pairs = _room(self._pairs, needed)
        if 2 * needed > self._places.size:
            self._places = np.zeros(1 << (4 * needed - 1).bit_length(), np.uint32)
            _place_pairs_again(self._pairs, self.count, SEED, self._places)

    def pairs(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Both halves of all pairs, that of code 1 first."""
        pairs = self._pairs[1 : self.count + 1]
        return (pairs >> np.uint64(32)).astype(np.uint32), pairs.astype(np.uint32)


def buffers(strings: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The bytes and the bounds (one more than there are strings) of an Arrow array of strings without nulls."""
    if not pa.types.is_large_string(strings.type):
        strings = strings.cast(pa.large_string())
    _, bounds, data = strings.buffers()
    starts = np.frombuffer(bounds, np.int64)[strings.offset : strings.offset + len(strings) + 1]
    return np.frombuffer(data, np.uint8) if data else np.zeros(0, np.uint8), starts
