"""A store goes on: under many threads, beside another writer, after a fault, after its server was killed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import insert, select

from goodstanding.errors import StoreError
from goodstanding.record.store import Store, create_store, head, open_store, postgresql, settings, single, sqlite
from tests.postgres import Server, a_database

SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def count_up(store: Store) -> int:
    """Give out the next number, as the ledger does: read, then write what follows."""
    with store.writing() as connection:
        size = int(connection.execute(select(head.c.size)).scalar_one())
        connection.execute(head.update().values(size=size + 1))
    return size


def size_of(store: Store) -> int:
    with store.reading() as connection:
        return int(connection.execute(select(head.c.size)).scalar_one())


def test_numbers_are_given_out_once_and_without_a_gap_to_many_threads(store: Store) -> None:
    with ThreadPoolExecutor(8) as threads:
        given = list(threads.map(lambda _: count_up(store), range(80)))
    assert sorted(given) == list(range(80))


def test_numbers_are_given_out_once_and_without_a_gap_to_many_stores(
    store: Store, database: str | None, tmp_path: Path
) -> None:
    """As by many processes: each has connections of its own."""
    stores = [open_store(database or tmp_path / "record.db") for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        given = list(threads.map(lambda turn: count_up(stores[turn % 4]), range(40)))
    for one in stores:
        one.close()
    assert sorted(given) == list(range(40))
    assert size_of(store) == 40


def test_who_waits_too_long_for_another_writer_is_told_and_may_try_again(
    store: Store, database: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "WAIT_SECONDS", 0.05)
    monkeypatch.setattr(postgresql, "WAIT_SECONDS", 0.05)
    with closing(open_store(database or tmp_path / "record.db")) as other:
        with store.writing(), pytest.raises(StoreError, match="another process is writing to it, and did not finish"):
            count_up(other)
        assert count_up(other) == 0


def test_a_transaction_within_another_is_a_mistake_of_ours(store: Store) -> None:
    with store.writing(), pytest.raises(AssertionError, match="inside of another"):
        count_up(store)
    assert count_up(store) == 0


class Failing(sqlite3.Connection):
    """A connection whose file cannot be written once."""

    fails = False

    def execute(self, *said: Any) -> sqlite3.Cursor:
        return super().execute(*said)

    def commit(self) -> None:
        if Failing.fails:
            Failing.fails = False
            raise sqlite3.OperationalError("disk I/O error")
        super().commit()


@pytest.fixture
def failing(tmp_path: Path) -> Iterator[tuple[Store, list[Failing]]]:
    """A store whose disk fails when it is told to, and the connections that it opened."""
    opened: list[Failing] = []

    def connect(path: Path) -> Failing:
        opened.append(sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Failing))
        return opened[-1]

    with closing(create_store(tmp_path / "record.db", {}, connect=connect)) as store:
        yield store, opened


def test_after_a_failed_commit_nothing_is_there_and_the_file_is_opened_anew(
    failing: tuple[Store, list[Failing]],
) -> None:
    store, opened = failing
    count_up(store)
    before = len(opened)
    Failing.fails = True
    with pytest.raises(StoreError, match=r"record\.db: disk I/O error"):
        count_up(store)
    assert size_of(store) == 1
    assert count_up(store) == 1
    assert len(opened) == before + 1


def test_what_was_committed_outlives_a_kill_of_postgresql(tmp_path: Path) -> None:
    """With a server of its own, which syncs; the store goes on by itself once the server is back."""
    server = Server(settings={})
    try:
        server.start()
        with a_database(server.url()) as database, closing(create_store(database, {})) as store:
            store.take_over()
            assert [count_up(store) for _ in range(5)] == [0, 1, 2, 3, 4]
            server.kill()
            with pytest.raises(StoreError, match="connection"):
                count_up(store)
            server.start()
            assert (count_up(store), size_of(store)) == (5, 6)
    finally:
        server.remove()


SECRET = b"what nobody may find again"


def files_of(store: Store, server: Path) -> bytes:
    """All bytes of a store, in its own files or in those of the server's database."""
    folder = Path(store.place).parent if store.kind == "sqlite" else server
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def data(database: str | None, tmp_path: Path) -> Path:
    """The folder where PostgreSQL keeps the tests' database."""
    if database is None:
        return tmp_path
    with closing(psycopg.connect(database)) as connection:
        row = connection.execute(
            "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database "
            "WHERE datname = current_database()"
        ).fetchone()
    assert row is not None
    return Path(row[0])


def flushed(database: str | None) -> None:
    if database is not None:
        with closing(psycopg.connect(database, autocommit=True)) as connection:
            connection.execute("CHECKPOINT")


def test_what_was_deleted_is_in_no_file_of_the_tables(store: Store, database: str | None, data: Path) -> None:
    row = {"seq": 0, "row": 0, "source": "s", "id": "i", "slot": 0, "time": 0, "recorded": 0, "leaf": b""}
    with store.writing() as connection:
        connection.execute(single.insert().values(**row, packed=SECRET))
    flushed(database)
    assert SECRET in files_of(store, data)
    with store.writing() as connection:
        connection.execute(single.delete())
    store.scrub()
    flushed(database)
    assert SECRET not in files_of(store, data)
    assert count_up(store) == 0


@SQLITE
def test_who_still_reads_what_was_deleted_is_waited_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "WAIT_SECONDS", 0.05)
    with closing(open_store(store.place)) as other:
        with store.reading() as connection:
            connection.execute(select(head)).all()
            count_up(other)
            with pytest.raises(StoreError, match="somebody still reads what was deleted; wait until they are done"):
                other.scrub()
        other.scrub()


@SQLITE
def test_every_commit_is_synced_and_what_is_deleted_is_overwritten(store: Store) -> None:
    """SQLite's settings are each connection's own: those that a new one has are the ones that count."""
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "trusted_schema": 0}
    with store.reading() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in expected}
    assert found == expected


@SQLITE
def test_tables_are_strict(store: Store) -> None:
    with store.reading() as connection:
        loose = connection.exec_driver_sql(
            "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite%'"
        ).scalars()
        assert list(loose) == ["alembic_version"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_every_commit_is_synced_in_postgresql_too(store: Store) -> None:
    """Though the tests' server is told not to, for speed: a home says it of its own connections."""
    with store.writing() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"
        connection.execute(insert(settings).values(key="a", value="b"))
