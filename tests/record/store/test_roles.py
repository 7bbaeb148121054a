"""PostgreSQL's roles: who makes a home need not be a superuser, and who writes to it need not be who made it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from secrets import token_hex

import psycopg
import pytest
from sqlalchemy import make_url

from goodstanding.errors import StoreError
from goodstanding.record.store import Store, create_store, open_store, postgresql, settings
from goodstanding.record.store.checking import differences
from goodstanding.record.store.opening import unchecked_store


@pytest.fixture
def admin(database: str, postgres_server: str) -> Iterator[str]:
    """The URL of somebody who owns an empty database and may make roles, and is no superuser."""
    name = f"admin_{token_hex(6)}"
    url = make_url(database)
    with closing(psycopg.connect(postgres_server, autocommit=True)) as super_:
        super_.execute(f"CREATE ROLE {name} LOGIN CREATEROLE".encode())
        super_.execute(f"ALTER DATABASE {url.database} OWNER TO {name}".encode())
        yield url.set(username=name).render_as_string(hide_password=False)
        super_.execute(f"ALTER DATABASE {url.database} OWNER TO CURRENT_USER".encode())
    with closing(psycopg.connect(database, autocommit=True)) as inside:
        inside.execute(f"REASSIGN OWNED BY {name} TO CURRENT_USER".encode())
        inside.execute(f"DROP OWNED BY {name} CASCADE".encode())
        inside.execute(f"DROP ROLE {name}".encode())


def keep(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(settings.insert().values(key="a", value="b"))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_who_may_make_roles_makes_a_store_and_uses_all_of_them(admin: str) -> None:
    with closing(create_store(admin, {"world": "live"})) as writer:
        keep(writer)
    with closing(open_store(admin, read_only=True)) as reader:
        assert reader.settings() == {"world": "live", "a": "b"}
    with closing(unchecked_store(admin, "owner")) as owner, owner.reading() as connection:
        assert differences(connection, owner.roles) == []


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_who_has_no_role_of_a_store_is_told_which_to_ask_for(store: Store, database: str, admin: str) -> None:
    name = make_url(admin).username
    assert store.roles is not None
    with pytest.raises(
        StoreError, match=f'{name} may not act as the home\'s writer; .*: GRANT ".*_writer" TO "{name}"'
    ):
        open_store(admin)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_tables_that_are_not_a_homes_are_left_alone(database: str) -> None:
    with closing(psycopg.connect(database, autocommit=True)) as connection:
        connection.execute("CREATE SCHEMA goodstanding")
    with pytest.raises(StoreError, match=r"the schema goodstanding of this database belongs to .*, which is no role"):
        create_store(database, {})
    with pytest.raises(StoreError, match="which is no role of a home's"):
        open_store(database)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_server_that_is_too_old_is_refused(store: Store, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "OLDEST", (99,))
    for attempt in (open_store, lambda url: create_store(url, {})):
        with pytest.raises(StoreError, match=r"PostgreSQL [0-9.]+; expected 99 or later"):
            attempt(database)


def test_a_database_that_cannot_hold_every_name_is_refused(postgres_server: str) -> None:
    name = f"latin_{token_hex(6)}"
    with closing(psycopg.connect(postgres_server, autocommit=True)) as super_:
        super_.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'".encode())
        try:
            url = make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
            with pytest.raises(StoreError, match="its encoding is LATIN1; make a database with ENCODING 'UTF8'"):
                create_store(url, {})
        finally:
            super_.execute(f"DROP DATABASE {name}".encode())
