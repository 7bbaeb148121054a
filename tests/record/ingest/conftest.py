"""What the tests of ingest share: a sender, its events, and files of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pytest

from goodstanding.events import format_moment
from goodstanding.record.home import Home
from goodstanding.record.ingest import register
from tests.record.conftest import BEGINNING

DAY = 86_400_000_000
PEOPLE = [f"p{number}" for number in range(10)]

Event = dict[str, Any]
Files = Callable[..., Path]


def an_event(number: int, **changed: Any) -> Event:
    """An event of the bank about one of `PEOPLE`, some days before the clock's beginning."""
    event = {
        "id": f"e{number}",
        "source": "bank",
        "type": "bill.paid",
        "person": PEOPLE[number % len(PEOPLE)],
        "time": BEGINNING - (1 + number % 30) * DAY,
        "amount": 100 + number,
    }
    return {key: value for key, value in (event | changed).items() if value is not None}


def lines(events: Iterable[Mapping[str, Any]]) -> bytes:
    """Events as JSON Lines."""
    moments = ("time", "recorded")
    written = [{k: format_moment(v) if k in moments else v for k, v in event.items()} for event in events]
    return b"".join(orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE) for event in written)


@pytest.fixture
def file(tmp_path: Path) -> Files:
    """Makes a file of events."""

    def make(events: Iterable[Mapping[str, Any]], name: str = "events.jsonl") -> Path:
        path = tmp_path / name
        path.write_bytes(lines(events))
        return path

    return make


@pytest.fixture
def bank(home: Home) -> Home:
    """A home to which the bank may send bills and loans about `PEOPLE`."""
    register(home, "bank", types=["bill.paid", "loan.*"], people=pa.array(PEOPLE), actor="ann")
    return home
