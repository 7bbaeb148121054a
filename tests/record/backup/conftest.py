"""A home with everything in it, what names somebody, and where backups of it go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sqlalchemy import select

from goodstanding.book import World
from goodstanding.record import deriving, runs
from goodstanding.record.backup import Folders, Work
from goodstanding.record.clock import SetClock
from goodstanding.record.erasing import plan
from goodstanding.record.home import Home
from goodstanding.record.ingest import seal
from goodstanding.record.store.schema import metadata
from goodstanding.scoring import score
from tests import postgres
from tests.record.policies import DOCUMENT, policy
from tests.record.sending import DAY, START, event, send, send_file, welcome

GONE = "zebulon"
"""Stands in everything that is only about the one who goes."""


@pytest.fixture
def world() -> World:
    return "synthetic"


@pytest.fixture
def full(home: Home, tmp_path: Path, clock: SetClock) -> Home:
    """A home with everything of everybody: segments, single events, quarantine, a run, identifiers, a text."""
    welcome(home)
    send_file(home, tmp_path, [event("a1"), of_secret(1), event("b1", person="bob")])
    send(home, of_secret(2, time=START + DAY), event("a2", time=START + DAY))
    seal(home, actor="test")
    send(home, of_secret(3), event("a3"))
    clock.time = START
    send(home, of_secret(4, time=START + DAY))
    clock.time = START + 1000 * DAY
    slot = plan(home, [GONE])[0].slot
    home.vault.identifiers.add([("phone", f"{GONE}55512345", slot)])
    home.vault.texts.seal("text-1", slot, f"{GONE} said so")
    scores = score(policy(), deriving.book_of(home), as_of=START + 500 * DAY)
    runs.record_run(home, policy(), DOCUMENT, scores, home.ledger.head().size, runs.Asked(), "test")
    return home


def of_secret(number: int, **more: object) -> dict[str, object]:
    return event(f"{GONE}-{number}", person=GONE, matter=f"{GONE}-matter", party=f"{GONE}-party", **more)


def url_of(home: Home) -> str | None:
    url = home.store.engine.url
    return None if home.store.kind == "sqlite" else url.render_as_string(hide_password=False)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "backups", tmp_path / "vaults", tmp_path / "secret")


@pytest.fixture
def work(clock: SetClock) -> Work:
    return Work("test", clock)


@pytest.fixture
def another(request: pytest.FixtureRequest) -> Iterator[Callable[[str], str | None]]:
    """Gives an empty database of a kind."""
    with ExitStack() as held:

        def make(kind: str) -> str | None:
            if kind == "sqlite":
                return None
            return held.enter_context(postgres.a_database(request.getfixturevalue("postgres_server")))

        yield make


def everything(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every byte in a folder, and what is packed into Parquet."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path, path.read_bytes()
            if path.suffix == ".parquet":
                yield path, repr(pq.read_table(path).to_pydict()).encode()


def rows_of(home: Home) -> dict[str, list[object]]:
    """All rows of a home's store."""
    with home.store.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in metadata.sorted_tables
        }


def mentions(home: Home, word: str = GONE) -> list[str]:
    found = [path.name for path, data in everything(home.folder) if word.encode() in data]
    return sorted({*found, *(name for name, rows in rows_of(home).items() if word.encode() in repr(rows).encode())})
