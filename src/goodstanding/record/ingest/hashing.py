"""The keyed hash of all that an event says, compiled: SipHash-1-3 of a fixed number of words, one a column.

Strings stand in it by their own hashes, so that codes are hashed once a dictionary and not once a row.
"""

from __future__ import annotations

import numpy as np

from goodstanding.record.loops import loop, wrapping
from goodstanding.record.siphash import begun, ended, turn


@loop
@wrapping
def _take(state, word):
    """Take one word in."""
    a, b, c, d = state
    a, b, c, d = turn(a, b, c, d ^ word)
    return a ^ word, b, c, d


@loop
@wrapping
def hash_rows(key, ids, people, numbers, codes, starts, hashes, contents):
    """Hash all that each event says, by the hashes of its strings.

    Args:
        key: two words.
        ids, people: the hashes of each row's id (with its source) and person.
        numbers: int64, columns by rows.
        codes: int32, columns by rows; −1: nothing.
        starts: for each of those columns, where in `hashes` the word for nothing stands; code 0 comes next.
        hashes: uint64, of the strings that codes stand for, column after column.
        contents: uint64, filled here.
    """
    beginning = begun(key)
    for row in range(contents.size):
        state = _take(_take(beginning, ids[row]), people[row])
        for column in range(numbers.shape[0]):
            state = _take(state, np.uint64(numbers[column, row]))
        for column in range(codes.shape[0]):
            state = _take(state, hashes[starts[column] + 1 + codes[column, row]])
        a, b, c, d = state
        contents[row] = ended(a, b, c, d)
