"""Equal values are equal bytes, as RFC 8785 has them, and nothing is taken that readers write differently."""

from __future__ import annotations

import math

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.record import canonical

texts = st.text(st.characters(exclude_categories=["Cs"]))
keys = st.text(st.characters(max_codepoint=127))
plain = st.none() | st.booleans() | st.integers(-canonical.MOST, canonical.MOST) | texts
values = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(keys, inner))


@given(values)
def test_another_implementation_writes_the_same_bytes(value: object) -> None:
    assert canonical.encode(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(values)
def test_what_was_written_is_read_back(value: object) -> None:
    assert canonical.decode(canonical.encode(value)) == value


def test_the_order_in_which_keys_were_given_leaves_no_trace() -> None:
    assert canonical.encode({"b": 1, "a": {"d": 2, "c": [3, 1]}}) == b'{"a":{"c":[3,1],"d":2},"b":1}'
    assert canonical.encode({"a": {"c": [3, 1], "d": 2}, "b": 1}) == b'{"a":{"c":[3,1],"d":2},"b":1}'


def test_two_spellings_of_a_letter_stay_two_strings() -> None:
    assert canonical.encode("é") != canonical.encode("e\u0301")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.0, "a float"),
        (math.nan, "a float"),
        ({"a": [1, {"b": 0.5}]}, "b is a float"),
        (2**53, "beyond"),
        ({"n": -(2**53)}, "n is -9007199254740992, beyond"),
        ({"é": 1}, "not an ASCII string"),
        ({1: 1}, "not an ASCII string"),
        (b"bytes", "a bytes"),
        ((1, 2), "a tuple"),
        ({"s": "\ud800"}, "surrogates"),
    ],
)
def test_what_readers_write_differently_is_refused(value: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        canonical.encode(value)


@pytest.mark.parametrize(
    "written",
    [
        b'{"a": 1}',  # a space
        b'{"b":1,"a":2}',  # out of order
        b'{"a":1,"a":1}',  # a key twice
        b'{"a":"\\u0041"}',  # an escape where none is needed
        b'{"a":1}\n',  # a line end
        b"1e2",
        b"-0",
        b'{"a":1',
        b"\xff",
        b"",
    ],
)
def test_bytes_that_encode_would_not_have_written_are_refused(written: bytes) -> None:
    with pytest.raises(ValueError, match=r"canonical|JSON|unexpected|UTF|float|EOF|empty"):
        canonical.decode(written)


def test_nesting_without_end_is_refused_and_does_not_overflow() -> None:
    with pytest.raises(ValueError, match=r"recursion|depth|Recursion"):
        canonical.decode(b"[" * 100_000 + b"]" * 100_000)
