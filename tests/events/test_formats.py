"""The same events in every format are the same batches; what is written is read back."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding import events as door
from goodstanding.errors import EventsError
from goodstanding.events import EARLIEST, END, EVENT_SCHEMA, read_events, write_events

ENDINGS = ("parquet", "arrow", "csv", "jsonl")
FORBIDDEN = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
STRINGS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=FORBIDDEN), min_size=1, max_size=5)
TYPES = st.from_regex(r"[a-z0-9_]{1,3}(\.[a-z0-9_]{1,3}){0,2}", fullmatch=True)
MOMENTS = st.integers(EARLIEST, END - 1) | st.integers(-5, 5).map(lambda seconds: seconds * 10**6)
WHOLE = st.integers(-(10**12), 10**12)
EVENTS = st.fixed_dictionaries(
    {"id": STRINGS, "source": STRINGS, "type": TYPES, "person": STRINGS, "time": MOMENTS},
    optional={
        "amount": WHOLE,
        "value": WHOLE,
        "label": STRINGS,
        "party": STRINGS,
        "matter": STRINGS,
        "recorded": MOMENTS,
        "replaces": STRINGS,
    },
)


def read(path: Path) -> list[dict[str, Any]]:
    return [row for batch in read_events([path]) for row in batch.to_pylist()]


@given(st.lists(EVENTS, max_size=6))
def test_the_same_events_are_read_from_every_format(events: list[dict[str, Any]]) -> None:
    expected = [{name: event.get(name) for name in EVENT_SCHEMA.names} for event in events]
    with tempfile.TemporaryDirectory() as folder:
        for ending in ENDINGS:
            path = Path(folder, f"events.{ending}")
            write_events(events, path)
            assert read(path) == expected


WRONG = st.one_of(
    st.tuples(
        st.sampled_from(["id", "source", "person", "label", "party", "matter", "replaces"]),
        st.sampled_from(["a\u200eb", "x" * 129, "a\tb"]),
    ),
    st.tuples(st.sampled_from(["amount", "value"]), st.sampled_from([10**12 + 1, -(10**12) - 1])),
    st.tuples(st.sampled_from(["time", "recorded"]), st.sampled_from([EARLIEST - 1, END])),
    st.tuples(st.just("type"), st.sampled_from(["A", "a..b", "a ", "."])),
)


@given(EVENTS, st.lists(WRONG, min_size=1, max_size=3))
def test_the_same_faults_are_found_in_every_format(event: dict[str, Any], wrong: list[tuple[str, Any]]) -> None:
    faulty = event | dict(wrong)
    with tempfile.TemporaryDirectory() as folder:
        said = []
        for ending in ENDINGS:
            path = Path(folder, f"events.{ending}")
            write_events([event, faulty], path)
            with pytest.raises(EventsError) as caught:
                read(path)
            said.append([(problem.found.split()[0], problem.expected) for problem in caught.value.problems])
        assert said[0] == said[1] == said[2] == said[3]
        assert {name for name, _ in said[0]} == {name for name, _ in wrong}


@pytest.mark.parametrize("ending", ["txt", ""])
def test_no_other_ending_is_written(tmp_path: Path, ending: str) -> None:
    with pytest.raises(ValueError, match="expected a file that ends in one of"):
        write_events([], tmp_path / f"events.{ending}")


def test_no_unknown_column_is_written(tmp_path: Path, event: Callable[..., dict[str, Any]]) -> None:
    with pytest.raises(KeyError, match="unknown column 'amuont'"):
        write_events([event(amuont=5)], tmp_path / "events.csv")


def test_the_door_opens_to_what_it_names_and_nothing_else() -> None:
    public = {
        name for name, value in vars(door).items() if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert set(door.__all__) == public
