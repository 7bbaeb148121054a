"""Events are put in order by loops, and twins found by marks, as by sorting all of them in plain Python."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from goodstanding.book import ordering
from goodstanding.book.arranging import keys_of_several
from goodstanding.book.coding import SEED, StringTable, buffers, hash_rows

pytestmark = pytest.mark.kernel

FULL = ordering.SMALL * 3 + 5
"""More events of a person than are sorted by insertion, and not as many as fill whole runs."""


@pytest.mark.parametrize("moments", [1, 3, 1000])
def test_everybodys_events_come_by_time_source_and_id_however_many_there_are(moments: int) -> None:
    draw = np.random.default_rng(moments)
    sizes = np.array([0, 1, ordering.SMALL, ordering.SMALL + 1, FULL])
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    size = int(offsets[-1])
    when = draw.integers(0, moments, size)
    kind, source_rank = draw.integers(1, 4, size).astype(np.uint32), np.array([0, 2, 0, 1], np.uint32)
    ids = [f"e{n % 7}{'x' * (n // 7)}" for n in range(size)]
    data, starts = buffers(pa.array(ids))
    rows = draw.permutation(size).astype(np.uint32)
    given, times = rows.copy(), when[rows]
    ordering.sort_each(offsets, 0, sizes.size, FULL, times, rows, kind, source_rank, data, starts)
    expected = [
        row
        for begin, end in pairwise(offsets)
        for row in sorted(given[begin:end].tolist(), key=lambda row: (when[row], source_rank[kind[row]], ids[row]))
    ]
    assert rows.tolist() == expected
    assert times.tolist() == when[rows].tolist()


@pytest.mark.parametrize("keys", [[], [7], [7, 7], [7, 7 + 2**40, 7 + 2**41], [3, 7, 7 + 2**40, 3, 9, 7, 7]])
def test_only_keys_that_several_rows_have_are_found_also_where_others_share_their_place(keys: list[int]) -> None:
    assert keys_of_several(np.array(keys, np.uint64)).tolist() == sorted({key for key in keys if keys.count(key) > 1})


@pytest.mark.parametrize("least", [0, 7, 8, 15, 16])
def test_strings_that_differ_in_one_byte_or_in_length_have_codes_of_their_own(least: int) -> None:
    given = ["a" * size for size in range(least, least + 3)] + ["a" * least + "b", "b" + "a" * least]
    codes = StringTable().encode(pa.array(given))
    assert codes.tolist() == [given.index(one) + 1 for one in given]


def test_a_hash_rests_on_the_bytes_of_a_string_and_not_on_where_it_lies() -> None:
    for text in ("", "a", "12345678", "123456789", "1234567890abcdef-"):
        data, starts = buffers(pa.array([text, "-", text]))
        keys = np.empty(3, np.uint64)
        hash_rows(data, starts, np.zeros(3, np.uint32), SEED, keys)
        assert keys[0] == keys[2] != keys[1]
