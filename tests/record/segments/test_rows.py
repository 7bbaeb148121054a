"""Rows are in order by slot, time and id, whatever order and pieces they came in."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.record.segments import Rows
from goodstanding.record.segments.packing import pack
from tests.record.segments import drawn

pytestmark = pytest.mark.kernel


def told(rows: Rows) -> list[tuple[int, int, bytes]]:
    """The order of some rows."""
    ids = [rows.id_data[a:b].tobytes() for a, b in zip(rows.id_starts, rows.id_starts[1:], strict=False)]
    return list(zip(rows.slot.tolist(), rows.time.tolist(), ids, strict=True))


@given(drawn.events())
def test_rows_are_in_order(events: list[dict[str, Any]]) -> None:
    rows = drawn.arranged(events)
    assert told(rows) == sorted(told(rows))
    assert rows.first_fault() is None


@given(drawn.events(), st.randoms(use_true_random=False), st.integers(1, 7))
def test_order_and_pieces_in_which_events_come_mean_nothing(
    events: list[dict[str, Any]], shuffled: random.Random, piece: int
) -> None:
    other = list(events)
    shuffled.shuffle(other)
    pieces = [drawn.table(other[first : first + piece]) for first in range(0, len(other), piece)]
    slots = np.array([event["slot"] for event in other])
    rows = Rows.arranged(pa.concat_tables(pieces), slots)
    assert pack(rows).data.tobytes() == pack(drawn.arranged(events)).data.tobytes()


@pytest.mark.parametrize("times", [1, 300])
def test_a_person_of_many_events_is_put_in_order_too(times: int) -> None:
    """Beyond 48 rows they are merged; with one time for all, ids alone decide."""
    rng = np.random.default_rng(2)
    events = [
        {**event, "time": int(rng.integers(times)), "id": f"{int(number)}"}
        for event, number in zip(drawn.many(500, 2), rng.permutation(500), strict=True)
    ]
    rows = drawn.arranged(events)
    assert told(rows) == sorted(told(rows))


@pytest.mark.parametrize(("change", "row"), [({"slot": 0}, 2), ({"time": 1}, 2), ({"id": "a"}, 2), ({"id": "b"}, 2)])
def test_a_row_out_of_its_place_is_found(change: dict[str, Any], row: int) -> None:
    first = {**drawn.many(1, 1)[0], "slot": 1, "time": 5, "id": "a"}
    events = [first, {**first, "id": "b"}, {**first, "id": "c", **change}]
    rows = Rows.read(drawn.table(events), np.array([event["slot"] for event in events], np.uint32))
    assert rows.first_fault() == row
