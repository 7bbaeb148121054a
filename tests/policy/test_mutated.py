"""Whatever a document holds, it is read or refused with the places of its faults; nothing else happens."""

import copy
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from goodstanding.document import plain, read
from goodstanding.errors import PolicyError
from goodstanding.policy import Policy, loads
from tests.policy.drafts import LIVE, SOUND

DRAFTS = [json.loads(json.dumps(plain(read(text)), default=float)) for text in (SOUND, LIVE)]

WORDS = st.sampled_from(
    [
        "",
        "x",
        "bill.paid",
        "rail.*",
        "defaulters",
        "on_time",
        "1d",
        "0d",
        "{points}",
        "{",
        "live",
        "synthetic",
        "latest",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers(-(10**19), 10**19) | st.just(0.5) | st.just(1e-5) | WORDS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=4
)


def children(value: Any) -> list[tuple[Any, Any]]:
    """What a list or a mapping holds, by index or key."""
    return list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all values of a document."""
    return [path, *(place for key, child in children(value) for place in places(child, (*path, key)))]


PLACES = [[place for place in places(draft) if place] for draft in DRAFTS]


def replace(document: Any, path: tuple[Any, ...], value: Any) -> None:
    """Put a value in a place, if the place is still there."""
    *above, last = path
    for step in above:
        document = dict(children(document)).get(step)
    if last in dict(children(document)):
        document[last] = value


def outcome(text: str | bytes) -> Policy | PolicyError:
    try:
        return loads(text, "p.yaml")
    except PolicyError as error:
        return error


def check(found: Policy | PolicyError, lines: int) -> None:
    if isinstance(found, PolicyError):
        assert found.problems
        assert all(1 <= (problem.line or 0) <= lines + 1 and (problem.column or 0) >= 1 for problem in found.problems)
        assert all(problem.found and problem.expected for problem in found.problems)
        assert "\n" not in "".join(str(problem) for problem in found.problems)


@pytest.mark.parametrize("value", [5, [[]], {"x": []}], ids=str)
def test_a_wrong_kind_in_every_place_in_turn_is_read_or_refused(value: object) -> None:
    for path in PLACES[0]:
        document = copy.deepcopy(DRAFTS[0])
        replace(document, path, value)
        text = json.dumps(document, indent=1, ensure_ascii=False)
        check(outcome(text), text.count("\n") + 1)


@pytest.mark.parametrize("which", [0, 1], ids=["synthetic", "live"])
@given(data=st.data())
def test_any_value_in_any_place_is_read_or_refused(which: int, data: st.DataObject) -> None:
    document = copy.deepcopy(DRAFTS[which])
    for _ in range(data.draw(st.integers(1, 3))):
        replace(document, data.draw(st.sampled_from(PLACES[which])), data.draw(VALUES))
    text = json.dumps(document, indent=1, ensure_ascii=False)
    check(outcome(text), text.count("\n") + 1)


@given(
    start=st.integers(0, len(SOUND)), length=st.integers(0, 40), put=st.text(max_size=6) | st.sampled_from("[{&*!|>%@")
)
@example(start=0, length=len(SOUND), put="")
@example(start=0, length=0, put="\ud800")
def test_any_passage_replaced_is_read_or_refused(start: int, length: int, put: str) -> None:
    text = SOUND[:start] + put + SOUND[start + length :]
    check(outcome(text), text.count("\n") + text.count("\r") + 1)


@given(raw=st.binary(max_size=60))
def test_any_bytes_are_refused(raw: bytes) -> None:
    found = outcome(raw)
    assert isinstance(found, PolicyError)
    check(found, raw.count(b"\n") + raw.count(b"\r") + 1)
