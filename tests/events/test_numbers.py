"""Whole numbers: typed and written, at their limits."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.events.kinds import Whole
from goodstanding.limits import GREATEST_VALUE


@pytest.mark.parametrize(
    "text", ["0", "-0", "007", "12", "-12", str(GREATEST_VALUE), str(-GREATEST_VALUE), "0" * 30 + "5"]
)
def test_a_written_whole_number_is_its_digits(text: str) -> None:
    taken = Whole().take(pa.array([text, None, "1"]))
    assert taken.array.to_pylist() == [int(text), None, 1]
    assert taken.faulty.size == 0


@pytest.mark.parametrize(
    "text",
    [
        "+1",
        "1.0",
        "1e3",
        " 1",
        "1 ",
        "--1",
        "-",
        "1-",
        "0x1F",
        "1_0",
        "\uff11",
        "",
        "1" * 5000,
        str(GREATEST_VALUE + 1),
        str(-GREATEST_VALUE - 1),
    ],
)
def test_anything_else_is_no_whole_number(text: str) -> None:
    taken = Whole().take(pa.array(["1", None, text]))
    assert taken.faulty.tolist() == [2]
    assert taken.explain(2).expected == "a whole number from -1000000000000 to 1000000000000"


@given(
    st.lists(st.none() | st.text("-+0123456789. xe", max_size=4) | st.integers(-(10**13), 10**13).map(str), max_size=8)
)
def test_columns_refuse_exactly_what_is_refused_by_hand(texts: list[str | None]) -> None:
    taken = Whole().take(pa.array(texts, pa.string()))
    assert taken.faulty.tolist() == [row for row, text in enumerate(texts) if text is not None and Whole().fault(text)]
    good = [text for row, text in enumerate(texts) if row not in taken.faulty]
    values = [value for row, value in enumerate(taken.array.to_pylist()) if row not in taken.faulty]
    assert values == [None if text is None else int(text) for text in good]


@pytest.mark.parametrize(
    "kind", [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()]
)
def test_integers_of_any_width_are_taken(kind: pa.DataType) -> None:
    assert Whole().accepts(kind)
    assert Whole().take(pa.array([7, None], kind)).array.equals(pa.array([7, None], pa.int64()))


@pytest.mark.parametrize("kind", [pa.float64(), pa.decimal128(10, 2), pa.bool_(), pa.string()])
def test_no_other_type_is_a_whole_number(kind: pa.DataType) -> None:
    assert not Whole().accepts(kind)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (pa.uint64(), 2**64 - 1),
        (pa.uint64(), GREATEST_VALUE + 1),
        (pa.int64(), -(2**63)),
        (pa.int64(), GREATEST_VALUE + 1),
    ],
)
def test_a_typed_number_beyond_its_limits_is_refused(kind: pa.DataType, value: int) -> None:
    taken = Whole().take(pa.array([1, None, value], kind))
    assert taken.faulty.tolist() == [2]
    assert taken.explain(2).found == str(value)
