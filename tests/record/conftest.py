"""What the tests of the record share: a clock that is set, and a store of each kind.

A test that asks for `database`, `store` or `home` runs twice, over SQLite and over a real PostgreSQL. To run it over
one: `@pytest.mark.parametrize("database", ["sqlite"], indirect=True)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from goodstanding.book import World
from goodstanding.record.clock import SetClock
from goodstanding.record.home import Home
from goodstanding.record.store import Store, create_store
from tests import postgres

BEGINNING = 1_767_225_600_000_000
"""The first moment of 2026."""


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands at the beginning of 2026 until it is moved."""
    return SetClock(BEGINNING)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of this worker's PostgreSQL, started by the first test that needs it."""
    with postgres.a_server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """None for SQLite; for PostgreSQL the URL of an empty database."""
    if request.param == "sqlite":
        yield None
        return
    with postgres.a_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
def store(database: str | None, tmp_path: Path) -> Iterator[Store]:
    """A store of either kind, with its tables and nothing in them."""
    made = create_store(database or tmp_path / "record.db", {"world": "live"})
    yield made
    made.close()


@pytest.fixture
def world() -> World:
    """The world of `home`; a test of the other one parametrises it."""
    return "live"


@pytest.fixture
def home(tmp_path: Path, database: str | None, world: World, clock: SetClock) -> Iterator[Home]:
    """A new home of either kind, open for writing."""
    with Home.create(tmp_path / "home", world=world, database=database, clock=clock) as made:
        yield made
