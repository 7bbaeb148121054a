"""What is written stays: each table refuses what may not be done to it, whoever asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import IntegrityError

from goodstanding.errors import StoreError
from goodstanding.record.store import Store, guards, open_store
from goodstanding.record.store.checking import differences

POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

ROWS = {
    "entry": "INSERT INTO entry VALUES (0, 'k', 's', 'i', 'a', 0, 0, '', '', '')",
    "checkpoint": "INSERT INTO checkpoint VALUES (0, 'note', 0)",
    "cosignature": "INSERT INTO cosignature VALUES (0, 'w', 'line')",
    "single": "INSERT INTO single VALUES (0, 0, 's', 'i', 0, 0, 0, '', '')",
    "source": "INSERT INTO source VALUES ('s', '', 0)",
    "held": "INSERT INTO held VALUES ('i', 's', 'r', NULL, NULL, 0, 'held', NULL)",
}
"""A row of each table that begins empty; SQLite takes '' for bytes only where it is written x''."""

CHANGES = {
    "UPDATE": {
        "entry": "UPDATE entry SET actor = 'b'",
        "head": "UPDATE head SET size = 7",
        "checkpoint": "UPDATE checkpoint SET note = ''",
        "cosignature": "UPDATE cosignature SET line = ''",
        "single": "UPDATE single SET slot = 7",
        "source": "UPDATE source SET recorded = 7",
        "held": "UPDATE held SET state = 'refused'",
        "settings": "UPDATE settings SET value = 'synthetic'",
    },
    "DELETE": {table: f"DELETE FROM {table}" for table in guards.MAY},
    "TRUNCATE": {table: f"TRUNCATE {table}" for table in guards.MAY},
}


@pytest.fixture
def filled(store: Store) -> Store:
    """A store with a row in every table."""
    for statement in ROWS.values():
        said = statement.replace("''", "x''") if store.kind == "sqlite" else statement
        with store.writing() as connection:
            connection.exec_driver_sql(said)
    return store


def everything(store: Store) -> list[object]:
    with store.reading() as connection:
        return [tuple(row) for table in guards.MAY for row in connection.execute(text(f"SELECT * FROM {table}"))]


def change(store: Store, statement: str) -> None:
    with store.writing() as connection:
        connection.exec_driver_sql(statement)


def works(store: Store, statement: str) -> bool:
    """Whether a statement changes something; one that is refused must not."""
    before = everything(store)
    try:
        change(store, statement)
    except (IntegrityError, StoreError):
        assert everything(store) == before
        return False
    return everything(store) != before


def test_a_writer_may_do_what_a_table_is_for_and_nothing_else(filled: Store) -> None:
    """DELETE comes last, so that there is something left to update."""
    done = [
        (verb, table) for verb in ("UPDATE", "DELETE") for table in guards.MAY if works(filled, CHANGES[verb][table])
    ]
    assert done == [(verb, table) for verb in ("UPDATE", "DELETE") for table, may in guards.MAY.items() if verb in may]


@SQLITE
def test_no_row_is_replaced_by_the_back_door(filled: Store) -> None:
    before = everything(filled)
    with pytest.raises(IntegrityError, match="no DELETE"):
        change(filled, "INSERT OR REPLACE INTO entry VALUES (0, 'k', 's', 'i', 'b', 0, 0, x'', x'', x'')")
    assert everything(filled) == before


@SQLITE
def test_a_table_takes_nothing_of_another_type(store: Store) -> None:
    with pytest.raises(IntegrityError, match="cannot store TEXT value in INTEGER column"):
        change(store, "INSERT INTO checkpoint VALUES (0, 'note', 'today')")


@pytest.fixture
def owner(database: str | None, filled: Store) -> Iterator[psycopg.Connection]:
    """Whoever made the home, with all the rights of the role that owns its tables."""
    assert database is not None
    assert filled.roles is not None
    with closing(psycopg.connect(database, autocommit=True)) as connection:
        connection.execute(f"SET ROLE {filled.roles.quoted('owner')}")
        connection.execute("SET search_path = goodstanding")
        yield connection


@POSTGRESQL
def test_even_the_owner_of_the_tables_is_refused(filled: Store, owner: psycopg.Connection) -> None:
    before = everything(filled)
    for table in guards.MAY:
        for verb in guards.refused(table):
            with pytest.raises(errors.RestrictViolation, match=f"{table}: no {verb}, what is written stays"):
                owner.execute(CHANGES[verb][table].encode())
    assert everything(filled) == before


@POSTGRESQL
def test_a_superuser_who_plays_the_replica_is_refused_too(database: str, filled: Store) -> None:
    assert filled.roles is not None
    with closing(psycopg.connect(database, autocommit=True)) as connection:
        connection.execute("SET session_replication_role = replica")
        with pytest.raises(errors.RestrictViolation):
            connection.execute("UPDATE goodstanding.entry SET actor = 'b'")


@POSTGRESQL
def test_a_writer_cannot_take_a_guard_away(filled: Store) -> None:
    for statement in (
        "DROP TABLE entry",
        "ALTER TABLE entry DISABLE TRIGGER ALL",
        "DROP TRIGGER entry_no_update ON entry",
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE TABLE other (a int)",
        "SET session_replication_role = replica",
        "TRUNCATE single",
    ):
        with pytest.raises(StoreError, match=r"permission denied|must be owner"):
            change(filled, statement)
    assert differences_of(filled) == []


def say(reader: Store, *statements: str) -> None:
    with reader.reading() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@POSTGRESQL
def test_who_only_reads_cannot_add(database: str, filled: Store) -> None:
    """Nor after a session has turned off that it only reads."""
    before = everything(filled)
    with closing(open_store(database, read_only=True)) as reader:
        for table in guards.MAY:
            said = ROWS.get(table, f"INSERT INTO {table} SELECT * FROM {table}")
            with pytest.raises(StoreError, match="read-only transaction"):
                say(reader, said)
            with pytest.raises(StoreError, match="permission denied"):
                say(reader, "SET TRANSACTION READ WRITE", said)
        assert everything(reader) == before


@SQLITE
def test_what_is_opened_to_read_cannot_be_written(filled: Store) -> None:
    with closing(open_store(filled.place, read_only=True)) as reader, pytest.raises(StoreError, match="readonly"):
        change(reader, "UPDATE head SET size = 7")


@POSTGRESQL
def test_the_roles_cannot_log_in(database: str, store: Store) -> None:
    assert store.roles is not None
    for part in ("owner", "writer", "reader"):
        url = make_url(database).set(username=store.roles.name(part))
        with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
            psycopg.connect(url.render_as_string())


def differences_of(store: Store) -> list[str]:
    with store.reading() as connection:
        return differences(connection, store.roles)


def test_a_store_is_as_this_version_declares_it(store: Store) -> None:
    assert differences_of(store) == []


MEDDLED = {
    "sqlite": {
        "DROP TRIGGER entry_no_update": "triggers: entry_no_update is missing",
        "CREATE TRIGGER more AFTER INSERT ON entry BEGIN DELETE FROM held; END": "triggers: more is none of ours",
        "DROP INDEX entry_by_kind": "tables: .*entry_by_kind",
        "ALTER TABLE held ADD COLUMN more TEXT": "tables: .*more",
    },
    "postgresql": {
        "DROP TRIGGER entry_no_update ON entry": "triggers: entry_no_update is missing",
        "ALTER TABLE entry DISABLE TRIGGER entry_no_update": "triggers: entry_no_update is missing, turned off",
        "ALTER TABLE entry ENABLE TRIGGER entry_no_update": "triggers: entry_no_update is missing, turned off",
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'": "function",
        "CREATE TRIGGER more AFTER INSERT ON entry EXECUTE FUNCTION refuse('')": "triggers: more is none of ours",
        "GRANT UPDATE ON entry TO WRITER": "rights: .*_writer may UPDATE entry",
        "GRANT INSERT ON entry TO READER": "rights: .*_reader may INSERT entry",
        "REVOKE DELETE ON held FROM WRITER": "rights: .*_writer may not DELETE held",
        "DROP INDEX entry_by_kind": "tables: .*entry_by_kind",
    },
}


@SQLITE
@pytest.mark.parametrize("statement", MEDDLED["sqlite"])
def test_what_was_meddled_with_is_named(store: Store, statement: str) -> None:
    change(store, statement)
    assert re.search(MEDDLED["sqlite"][statement], "\n".join(differences_of(store)))


@POSTGRESQL
def test_what_was_meddled_with_in_postgresql_is_named(filled: Store, owner: psycopg.Connection) -> None:
    """Each in a transaction that is rolled back, so that one database serves for all."""
    assert filled.roles is not None
    writer, reader = filled.roles.quoted("writer"), filled.roles.quoted("reader")
    owner.autocommit = False
    engine = create_engine("postgresql+psycopg://", creator=lambda: owner)
    for statement, expected in MEDDLED["postgresql"].items():
        with engine.connect() as connection, connection.begin() as transaction:
            connection.exec_driver_sql(statement.replace("WRITER", writer).replace("READER", reader))
            assert re.search(expected, "\n".join(differences(connection, filled.roles)))
            transaction.rollback()
