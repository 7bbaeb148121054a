"""The schema: what revisions make is what the modules declare, from every schema there has been, on both stores."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from goodstanding.errors import StoreError
from goodstanding.record.store import Store, create_store, guards, open_store, postgresql, schema, sqlite, upgrading
from goodstanding.record.store.checking import differences
from goodstanding.record.store.opening import unchecked_store
from tests.postgres import BINARIES

KEPT = Path(__file__).parent / "schemas"
"""A store of every schema there has been, with a row in each table, as SQL."""


def declared(connection: Connection, roles: postgresql.Roles | None) -> None:
    """Make what `schema` and `guards` declare, without any revision."""
    schema.metadata.create_all(connection)
    said = [] if roles is None else [guards.postgresql_function()]
    for table, may in guards.MAY.items():
        if roles is None:
            said += guards.sqlite_triggers(table, guards.refused(table))
        else:
            writer, reader = roles.quoted("writer"), roles.quoted("reader")
            said += guards.postgresql_triggers(table, guards.refused(table))
            said += guards.grants(table, writer=writer, reader=reader, may=may)
    for statement in said:
        connection.exec_driver_sql(statement)


def in_sqlite(path: Path) -> list[str]:
    """Everything that an SQLite file holds, but where Alembic keeps its number."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return sorted(" ".join(made.split()) for name, made in rows if name != "alembic_version")


def in_postgresql(url: str) -> str:
    """Everything that a database holds, as PostgreSQL's own tool tells it, but where Alembic keeps its number."""
    shape = ["--schema-only", "--exclude-table=goodstanding.alembic_version", f"--dbname={url}"]
    told = subprocess.run([BINARIES / "pg_dump", *shape], capture_output=True, text=True, check=True).stdout
    return re.sub(r"^\\(un)?restrict .*$", "", told, flags=re.MULTILINE)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_revisions_make_in_sqlite_what_the_modules_declare(store: Store, tmp_path: Path) -> None:
    engine = sqlite.make_engine(tmp_path / "declared.db", create=True)
    with engine.begin() as connection:
        declared(connection, None)
    engine.dispose()
    assert in_sqlite(Path(store.place)) == in_sqlite(tmp_path / "declared.db")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_revisions_make_in_postgresql_what_the_modules_declare(database: str) -> None:
    """One after the other in one database, since its roles are called after it."""
    engine = postgresql.make_engine(database)
    with engine.begin() as connection:
        roles = postgresql.make_roles(connection)
        declared(connection, roles)
        for part in ("writer", "reader"):
            connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA goodstanding TO {roles.quoted(part)}")
    expected = in_postgresql(database)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA goodstanding CASCADE")
    engine.dispose()
    create_store(database, {}).close()
    assert in_postgresql(database) == expected
    assert "CREATE TABLE goodstanding.entry" in expected


def test_every_revision_is_known_and_the_last_is_the_newest(store: Store) -> None:
    with store.reading() as connection:
        script = ScriptDirectory.from_config(upgrading._config(connection, store.roles))
    assert [one.revision for one in script.walk_revisions()] == list(reversed(schema.REVISIONS))


Load = Callable[[str], None]


@pytest.fixture
def where(database: str | None, tmp_path: Path) -> str | Path:
    """Where a store is going to be."""
    return database or tmp_path / "record.db"


@pytest.fixture
def load(where: str | Path) -> Load:
    """Make the store of an earlier schema out of what was kept of it."""

    def loaded(name: str) -> None:
        if isinstance(where, Path):
            with closing(sqlite3.connect(where)) as connection:
                connection.executescript((KEPT / f"{name}.sqlite.sql").read_text("utf-8"))
            return
        engine = postgresql.make_engine(where)
        with engine.begin() as connection:
            roles = postgresql.make_roles(connection)
            kept = (KEPT / f"{name}.postgresql.sql").read_text("utf-8")
            for part in postgresql.PARTS:
                kept = kept.replace(f'"{part.upper()}"', roles.quoted(part))
            connection.connection.cursor().execute(kept)
        engine.dispose()

    return loaded


def rows(store: Store) -> dict[str, list[object]]:
    with store.reading() as connection:
        return {
            table: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))] for table in guards.MAY
        }


def upgraded(store: Store) -> None:
    with store.transaction({sqlite.WRITING: True}) as connection:
        upgrading.upgrade(connection, store.roles)


@pytest.fixture
def owned(where: str | Path, load: Load) -> Iterator[Callable[[str], Store]]:
    """The store of an earlier schema, in its owner's hands."""
    opened: list[Store] = []

    def owned(name: str) -> Store:
        load(name)
        opened.append(unchecked_store(where, "owner"))
        return opened[0]

    yield owned
    for store in opened:
        store.close()


@pytest.mark.parametrize("name", schema.REVISIONS)
def test_every_schema_there_has_been_becomes_the_newest_and_keeps_its_rows(
    owned: Callable[[str], Store], where: str | Path, name: str
) -> None:
    store = owned(name)
    before = rows(store)
    assert all(before.values())
    upgraded(store)
    assert rows(store) == before
    with store.reading() as connection:
        assert differences(connection, store.roles) == []
    open_store(where).close()


NEXT = '''"""A table of tomorrow."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("CREATE TABLE tomorrow (day INTEGER)")
    {then}
'''


@pytest.fixture
def tomorrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have a version of tomorrow, whose schema has one table more."""

    def comes(then: str = "") -> None:
        folder = tmp_path / "tomorrow"
        folder.mkdir()
        (folder / "r0002_tomorrow.py").write_text(NEXT.format(then=then), encoding="utf-8")
        monkeypatch.setattr(upgrading, "VERSIONS", (*upgrading.VERSIONS, folder))
        monkeypatch.setattr(schema, "REVISIONS", (*schema.REVISIONS, "0002"))

    return comes


def test_an_older_schema_is_refused_until_it_is_upgraded(
    owned: Callable[[str], Store], where: str | Path, tomorrow: Callable[..., None]
) -> None:
    store = owned("0001")
    tomorrow()
    with pytest.raises(StoreError, match="its schema is 0001, and this version writes 0002; make a backup, then run"):
        open_store(where)
    with store.reading() as connection:
        assert upgrading.steps(connection, store.roles, "0001") == [upgrading.Step("0002", "A table of tomorrow.")]
        assert "CREATE TABLE tomorrow" in upgrading.statements(connection, store.roles, "0001")
    upgraded(store)
    open_store(where).close()


def test_a_newer_schema_is_refused(
    owned: Callable[[str], Store], where: str | Path, tomorrow: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = owned("0001")
    tomorrow()
    upgraded(store)
    monkeypatch.undo()
    with pytest.raises(StoreError, match="its schema is 0002, and 0001 is the newest that this version knows; use"):
        open_store(where)


def test_an_upgrade_that_fails_on_its_way_changes_nothing(
    owned: Callable[[str], Store], tomorrow: Callable[..., None]
) -> None:
    store = owned("0001")
    tomorrow('op.execute("no SQL")')
    with pytest.raises(StoreError, match="syntax error"):
        upgraded(store)
    with store.reading() as connection:
        assert differences(connection, store.roles) == []
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0001"


def test_what_holds_no_record_is_no_store(where: str | Path) -> None:
    if isinstance(where, Path):
        sqlite3.connect(where).close()
        where.touch()
    with pytest.raises(StoreError, match="holds no record; `goodstanding init` makes a home"):
        open_store(where)


def test_a_store_is_made_once(store: Store, where: str | Path) -> None:
    with pytest.raises(StoreError, match=r"is there already|holds a home already"):
        create_store(where, {})
    assert store.settings() == {"world": "live"}


def fails(_store: Store, _connection: Connection) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_of_a_store_that_could_not_be_made_neither_tables_nor_roles_stay(database: str) -> None:
    with pytest.raises(ZeroDivisionError):
        create_store(database, {}, then=fails)
    engine = postgresql.make_engine(database)
    with engine.connect() as connection:
        assert postgresql.roles_of(connection) is None
        roles = postgresql.Roles.of_database(connection.exec_driver_sql("SELECT current_database()").scalar_one())
        asked = text("SELECT count(*) FROM pg_roles WHERE rolname LIKE :stem")
        assert connection.scalar(asked, {"stem": f"{roles.stem}%"}) == 0
    engine.dispose()


def test_what_is_told_of_a_fault_holds_no_password() -> None:
    for url in (
        "postgresql://someone:hunter2@localhost:1/nowhere",
        "postgresql://someone@localhost:1/nowhere?password=hunter2&sslpassword=hunter2",
    ):
        with pytest.raises(StoreError) as raised:
            open_store(url)
        assert "hunter2" not in str(raised.value)
        assert "postgresql://someone@localhost:1/nowhere: connection" in str(raised.value)


def test_what_is_no_url_of_postgresql_is_refused_without_repeating_it() -> None:
    for url in ("mysql://someone:hunter2@localhost/nowhere", "://someone:hunter2"):
        with pytest.raises(StoreError, match=r"no URL of PostgreSQL: write postgresql://USER@HOST/DATABASE") as raised:
            open_store(url)
        assert "hunter2" not in str(raised.value)


def test_who_lacks_what_postgresql_needs_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"PostgreSQL needs psycopg: install goodstanding\[postgresql\]"):
        open_store("postgresql://someone@localhost:1/nowhere")


def test_roles_have_names_that_postgresql_keeps_whole() -> None:
    long = postgresql.Roles.of_database("d" * 63)
    assert all(len(long.name(part)) <= postgresql.LONGEST_NAME for part in postgresql.PARTS)
    assert long != postgresql.Roles.of_database("d" * 62 + "e")
    assert postgresql.Roles.of_database("town").name("writer") == "goodstanding_town_writer"
    assert psycopg.sql.Identifier('a"b').as_string() == postgresql.quoted('a"b')
