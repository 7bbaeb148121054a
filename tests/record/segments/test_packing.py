"""An event's canonical bytes are what the documentation says, and say all of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from goodstanding.limits import EARLIEST, END, GREATEST_VALUE
from goodstanding.record.segments.packing import pack, pack_event, unpack
from tests.record.segments import drawn

pytestmark = pytest.mark.kernel

GREATEST: dict[str, Any] = {
    **dict.fromkeys(("id", "type", "label", "party", "matter", "replaces"), "\U0001f600" * 128),
    "slot": 2**32 - 1,
    "time": END - 1,
    "amount": GREATEST_VALUE,
    "value": GREATEST_VALUE,
    "recorded": END - 1,
}
LEAST: dict[str, Any] = {
    **dict.fromkeys(("id", "type"), "a"),
    **dict.fromkeys(("label", "party", "matter", "replaces", "recorded")),
    "slot": 0,
    "time": EARLIEST,
    "amount": -GREATEST_VALUE,
    "value": -GREATEST_VALUE,
}


@given(drawn.events())
def test_rows_are_packed_as_a_plain_reading_packs_them(events: list[dict[str, Any]]) -> None:
    packed = pack(drawn.arranged(events))
    found = [packed.data[start:stop].tobytes() for start, stop in zip(packed.starts, packed.stops, strict=True)]
    assert found == [drawn.packed(event) for event in drawn.in_order(events)]
    assert packed.data.size == sum(map(len, found))


@given(drawn.events())
def test_one_event_is_packed_as_a_row_of_many(events: list[dict[str, Any]]) -> None:
    assert [pack_event(event) for event in events] == [drawn.packed(event) for event in events]


@given(drawn.events())
def test_what_was_packed_can_be_told_again(events: list[dict[str, Any]]) -> None:
    told = list(unpack(b"".join(pack_event(event) for event in events)))
    assert told == [{name: value for name, value in event.items() if name != "slot"} for event in events]


@pytest.mark.parametrize("event", [GREATEST, LEAST])
def test_the_greatest_and_the_least_event_can_be_packed(event: dict[str, Any]) -> None:
    assert pack(drawn.arranged([event])).data.tobytes() == pack_event(event) == drawn.packed(event)
    assert list(unpack(pack_event(event))) == [{name: value for name, value in event.items() if name != "slot"}]


def test_bytes_that_are_no_packed_row_are_refused() -> None:
    whole = pack_event(GREATEST)
    for size in range(1, len(whole)):
        with pytest.raises(ValueError, match="byte 0"):
            list(unpack(whole[:size]))
    for spoiled in (
        bytes([*whole[:8], 128 | whole[8], *whole[9:]]),  # a flag that there is not
        bytes([*whole[:8], 1 ^ whole[8], *whole[9:]]),  # an amount that is not given, and not zero
    ):
        with pytest.raises(ValueError, match="not a packed row"):
            list(unpack(spoiled))


def test_some_rows_can_be_packed_with_gaps_before_them() -> None:
    rows = drawn.arranged(drawn.many(20, 5))
    whole, part = pack(rows), pack(rows, 7, 12)
    for i in range(5):
        assert part.data[part.starts[i] : part.stops[i]].tobytes() == (
            whole.data[whole.starts[7 + i] : whole.stops[7 + i]].tobytes()
        )
