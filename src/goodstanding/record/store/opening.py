"""Stores made and opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import Connection

from goodstanding.errors import StoreError
from goodstanding.record.store import postgresql, sqlite, upgrading
from goodstanding.record.store.postgresql import Part, Roles
from goodstanding.record.store.schema import settings
from goodstanding.record.store.sqlite import Connect
from goodstanding.record.store.store import NOTHING, Store, path_of, require_newest, revision

Then = Callable[[Store, Connection], None]


def _nothing_more(_store: Store, _connection: Connection) -> None:
    """What is done besides, where nothing is."""


def create_store(
    where: str | Path, facts: Mapping[str, str], *, then: Then = _nothing_more, connect: Connect | None = None
) -> Store:
    """Make the tables of a home, all or nothing.

    Args:
        where: a path for SQLite, a URL for PostgreSQL.
        facts: what the home is made with, kept in the settings.
        then: what is done in the same transaction, when the tables are there; the store is good for nothing else yet.

    Raises:
        StoreError: there is something already, it cannot be reached, or whoever connects may not.
    """
    path = path_of(where)
    if path is not None:
        return _create_in_sqlite(path, facts, then, connect)
    return _create_in_postgresql(str(where), facts, then)


def open_store(where: str | Path, *, read_only: bool = False, connect: Connect | None = None) -> Store:
    """Open the store of a home.

    Raises:
        StoreError: there is none, it cannot be reached, or its schema is of another version.
    """
    store = unchecked_store(where, "reader" if read_only else "writer", connect=connect)
    try:
        with store.reading() as connection:
            require_newest(revision(connection), store.place)
    except BaseException:
        store.close()
        raise
    return store


def unchecked_store(where: str | Path, part: Part, *, connect: Connect | None = None) -> Store:
    """A store whose schema may be of any version, for those who bring it up to this one, or look what is wrong with it.

    Args:
        part: what one may do with it; the owner alone may change tables.

    Raises:
        StoreError: there is none, or it cannot be reached.
    """
    path = path_of(where)
    if path is None:
        return _postgresql_store(str(where), part)
    if not path.is_file():
        raise StoreError(f"{path}: not there; restore it from a backup, or make a home with `goodstanding init`")
    engine = sqlite.make_engine(path, create=False, read_only=part == "reader", connect=connect)
    return Store(engine, str(path))


def _create_in_sqlite(path: Path, facts: Mapping[str, str], then: Then, connect: Connect | None) -> Store:
    if path.exists():
        raise StoreError(f"{path}: is there already")
    store = Store(sqlite.make_engine(path, create=True, connect=connect), str(path))
    _make(store, facts, then)
    return store


def _create_in_postgresql(url: str, facts: Mapping[str, str], then: Then) -> Store:
    place = postgresql.without_password(url)
    engine = postgresql.make_engine(url)
    try:
        made = Store(engine, place)
        with made.transaction({}) as connection:
            postgresql.require_fit(connection, place)
            if postgresql.roles_of(connection) is not None:
                raise StoreError(f"{place}: holds a home already; every home has a database of its own")
        _make(made, facts, then)
    finally:
        engine.dispose()
    return _postgresql_store(url, "writer")


def _make(store: Store, facts: Mapping[str, str], then: Then) -> None:
    try:
        with store.transaction({sqlite.WRITING: True}) as connection:
            roles = None if store.kind == "sqlite" else postgresql.make_roles(connection)
            upgrading.upgrade(connection, roles)
            if facts:
                connection.execute(settings.insert(), [{"key": key, "value": facts[key]} for key in sorted(facts)])
            then(store, connection)
    except BaseException:
        store.close()
        raise


def _postgresql_store(url: str, part: Part) -> Store:
    place = postgresql.without_password(url)
    roles = _roles(url, place, part)
    engine = postgresql.make_engine(url, role=roles.name(part), read_only=part == "reader")
    return Store(engine, place, roles)


def _roles(url: str, place: str, part: Part) -> Roles:
    """The roles of a home's database, one of which whoever connects must be able to take on."""
    engine = postgresql.make_engine(url)
    try:
        with Store(engine, place).transaction({}) as connection:
            postgresql.require_fit(connection, place)
            roles = postgresql.roles_of(connection)
            if roles is None:
                raise StoreError(f"{place}: {NOTHING}")
            if not postgresql.may_become(connection, roles.name(part)):
                login = connection.exec_driver_sql("SELECT current_user").scalar_one()
                raise StoreError(
                    f"{place}: {login} may not act as the home's {part}; whoever made the home can let it: "
                    f"GRANT {roles.quoted(part)} TO {postgresql.quoted(str(login))}"
                )
    finally:
        engine.dispose()
    return roles
