"""Strings: by hand and by whole columns the same is found."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.events.kinds import Dotted, Text
from goodstanding.events.texts import faulty_texts, text_fault

MARKS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
NEAR = "\u061b\u200d\u2010\u2029\u202f\u2065\u206a\u00a0\u2028\ufeff"
CHARACTERS = st.one_of(
    st.sampled_from("aé例😀 ~" + NEAR),
    st.sampled_from("\0\x1f\x7f\x80\x9f" + MARKS),
    st.characters(exclude_categories=["Cs"]),
)
STRINGS = st.one_of(st.text(CHARACTERS, max_size=6), st.text(st.sampled_from("aé例😀"), min_size=125, max_size=132))
BYTES = st.one_of(STRINGS.map(str.encode), st.binary(max_size=5))


@given(st.lists(st.none() | BYTES, max_size=8), st.integers(0, 3), st.sampled_from([128, None]))
def test_columns_find_exactly_the_strings_that_are_at_fault_by_hand(
    values: list[bytes | None], cut: int, most: int | None
) -> None:
    binary = pa.array(values, pa.binary())
    strings = pa.StringArray.from_buffers(len(values), *binary.buffers()[1:], binary.buffers()[0]).slice(cut)
    expected = [row for row, value in enumerate(values[cut:]) if value is not None and text_fault(value, most)]
    assert faulty_texts(strings, most).tolist() == expected


@pytest.mark.parametrize("mark", [*MARKS, *"\0\t\n\r\x1b\x7f\x80\x85\x9f"])
def test_no_string_holds_a_control_or_a_bidirectional_mark(mark: str) -> None:
    assert faulty_texts(pa.array(["ok", f"a{mark}b", f"{mark}", f"b{mark}"]), 128).tolist() == [1, 2, 3]


@pytest.mark.parametrize("neighbour", NEAR)
def test_characters_beside_the_forbidden_ones_are_allowed(neighbour: str) -> None:
    assert faulty_texts(pa.array([f"a{neighbour}b", neighbour]), 128).tolist() == []


@pytest.mark.parametrize("character", "aé例😀")
def test_length_is_counted_in_code_points(character: str) -> None:
    assert faulty_texts(pa.array([character * 128, character * 129]), 128).tolist() == [1]


def test_codes_are_judged_by_the_words_that_rows_use() -> None:
    column = pa.DictionaryArray.from_arrays(
        pa.array([2, 0, None, 2], pa.int8()), pa.array(["good", "unused\n", "bad\n"])
    )
    taken = Text(encoded=True).take(column)
    assert taken.faulty.tolist() == [0, 3]
    assert taken.explain(3).found == r"'bad\n' (U+000A)"


def test_a_dictionary_may_hold_null() -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([0, 1, 0]), pa.array(["a", None]))
    assert Text(encoded=True).take(column).array.to_pylist() == ["a", None, "a"]


@pytest.mark.parametrize("kind", [pa.large_string(), pa.string_view(), pa.dictionary(pa.uint8(), pa.large_string())])
def test_strings_of_any_sort_are_taken(kind: pa.DataType) -> None:
    column = (
        pa.array(["a", None, "例"]).cast(kind)
        if not pa.types.is_dictionary(kind)
        else pa.array(["a", None, "例"], kind)
    )
    for text in (Text(), Text(encoded=True)):
        assert text.accepts(kind)
        assert text.take(column).array.to_pylist() == ["a", None, "例"]


@pytest.mark.parametrize("name", ["a", "a.b", "bill.paid", "a_1.2.c", "0", "_"])
def test_a_type_is_words_joined_by_dots(name: str) -> None:
    assert Dotted().fault(name) is None


@pytest.mark.parametrize("name", ["A", ".a", "a.", "a..b", "a b", "a-b", "é", "a\n", ""])
def test_anything_else_is_no_type(name: str) -> None:
    assert Dotted().fault(name) is not None
    assert Dotted().take(pa.array(["ok", name])).faulty.tolist() == [1]
