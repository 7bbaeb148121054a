"""What the tests of reading share: made-up events, and the words of a refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from goodstanding.errors import EventsError
from goodstanding.events import read_events

Event = dict[str, Any]
Refused = Callable[..., list[str]]


@pytest.fixture
def refused() -> Refused:
    """Read files that must be refused: the lines of the error, without the folder."""

    def read(
        *paths: Path, reader: Callable[[list[Path]], object] = lambda paths: list(read_events(paths))
    ) -> list[str]:
        with pytest.raises(EventsError) as caught:
            reader(list(paths))
        return [line.replace(f"{paths[0].parent}/", "") for line in str(caught.value).splitlines()]

    return read


@pytest.fixture
def event() -> Callable[..., Event]:
    """An event that is in order, but for what is given."""

    def make(**given: object) -> Event:
        usual: Mapping[str, object] = {"id": "e1", "source": "bank", "type": "bill.paid", "person": "p1", "time": 0}
        return {**usual, **given}

    return make
