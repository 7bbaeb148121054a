"""Look-alike identifiers, compiled: the keyed fingerprint of one, and of those that are one slip away from it.

A fingerprint is made in two steps. The first is a sum (XOR) of one secret word for each place and character, so that
the sum of an identifier with one digit changed is two XORs away (Zobrist 1970). The second is SipHash of that sum under
another key: what is stored says nothing of the sum, and so nothing of which identifiers are alike.
"""

from __future__ import annotations

import numpy as np

from goodstanding.record.loops import loop
from goodstanding.record.siphash import siphash_of_word

ZERO, NINE = 48, 57
"""The first and the last digit, as bytes."""
CHARACTERS = 256
"""Values of a byte."""


@loop
def _sum_of(words, data, start, stop):
    """The sum of an identifier; its length stands in it, beside its characters."""
    total = words[0, stop - start]
    for at in range(start, stop):
        total ^= words[1 + at - start, data[at]]
    return total


@loop
def fingerprints(words, key, offsets, data, longest, out):
    """The fingerprint of every identifier; 0 for one that is longer than `longest` bytes."""
    for row in range(out.size):
        start, stop = offsets[row], offsets[row + 1]
        out[row] = np.uint64(0)
        if stop - start <= longest:
            out[row] = siphash_of_word(_sum_of(words, data, start, stop), key)


@loop
def mark(sorted_prints, shift, bits):
    """Set the bit of every stored fingerprint; most slips are turned away here, without a search."""
    for row in range(sorted_prints.size):
        place = sorted_prints[row] >> shift
        bits[np.int64(place >> np.uint64(6))] |= np.uint64(1) << (place & np.uint64(63))


@loop
def _row_of(sorted_prints, print_):
    """Where a fingerprint stands among the stored ones, or -1.

    It is as good as drawn at random, so that it tells its own place to within a few roots of their number.
    """
    size = sorted_prints.size
    guess = np.int64(np.float64(print_) * (1.0 / 2.0**64) * size)
    reach = np.int64(4 * np.sqrt(size)) + 1
    low, high = np.int64(0), np.int64(size)
    if guess > reach:
        low = guess - reach
    if guess + reach < size:
        high = guess + reach
    if low > 0 and sorted_prints[low - 1] >= print_:
        low = np.int64(0)
    if high < size and sorted_prints[high] < print_:
        high = size
    while low < high:
        middle = (low + high) >> 1
        if sorted_prints[middle] < print_:
            low = middle + 1
        else:
            high = middle
    return low if low < size and sorted_prints[low] == print_ else -1


@loop
def _slips_of(words, key, data, start, stop, total, prints, said):
    """The fingerprints of all that is one slip away from an identifier; what each slip is stands in `said`."""
    many = 0
    for place in range(stop - start):
        here = data[start + place]
        if ZERO <= here <= NINE:
            without = total ^ words[1 + place, here]
            for digit in range(ZERO, NINE + 1):
                if digit != here:
                    prints[many] = siphash_of_word(without ^ words[1 + place, digit], key)
                    said[many] = (place << 8) | digit
                    many += 1
        if place + 1 < stop - start and data[start + place + 1] != here:
            there = data[start + place + 1]
            swapped = total ^ words[1 + place, here] ^ words[2 + place, there]
            swapped ^= words[1 + place, there] ^ words[2 + place, here]
            prints[many] = siphash_of_word(swapped, key)
            said[many] = place << 8
            many += 1
    return many


@loop
def slips(words, key, offsets, data, longest, rows, sorted_prints, shift, bits, first, last, found):
    """For some identifiers, look for stored ones that differ by one digit, or by two neighbours that stand swapped.

    The bits are asked for all slips of one identifier in one loop that decides nothing, so that misses of the cache
    overlap; few slips are left for a search.

    Args:
        rows: the identifiers that are looked at, `first` to `last` of them by this call.
        found: int64, rows × 3, filled here: the slip (its place × 256, and the right digit, or 0 where it and its right
            neighbour stand swapped), the place of the stored fingerprint, how many slips lead to a stored one in all.
    """
    prints = np.empty(10 * longest, np.uint64)
    said = np.empty(10 * longest, np.int64)
    left = np.empty(10 * longest, np.int64)
    for at in range(first, last):
        start, stop = offsets[rows[at]], offsets[rows[at] + 1]
        found[at, 2] = 0
        if stop - start > longest:
            continue
        many = _slips_of(words, key, data, start, stop, _sum_of(words, data, start, stop), prints, said)
        kept = np.int64(0)
        for slip in range(many):
            place = prints[slip] >> shift
            left[kept] = slip
            kept += np.int64((bits[np.int64(place >> np.uint64(6))] >> (place & np.uint64(63))) & np.uint64(1))
        for one in range(kept):
            hit = _row_of(sorted_prints, prints[left[one]])
            if hit >= 0:
                if found[at, 2] == 0:
                    found[at, 0] = said[left[one]]
                    found[at, 1] = hit
                found[at, 2] += 1
