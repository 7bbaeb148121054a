"""PostgreSQL as a store: three roles, of which the one that writes can add and not alter.

The roles are called after the database: its owner, who cannot log in and owns what is in it; its writer, who may read
and add (`guards` says what else); and its reader. Whoever connects takes on one of them at once (`SET ROLE`). Roles
belong to the whole server, which is why two homes on it do not share them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from goodstanding.errors import StoreError
from goodstanding.record.store.schema import NAMESPACE

Part: TypeAlias = Literal["owner", "writer", "reader"]
PARTS: tuple[Part, ...] = ("owner", "writer", "reader")

DRIVER = "postgresql+psycopg"
SECRET = ("password", "sslpassword")
"""What a URL may say in its query and nobody may read."""

WRITER_LOCK = 0x676F6F64
"""The number of the advisory lock that the one who writes holds on a database."""

WAIT_SECONDS = 5
OLDEST = (15,)
"""The first version of PostgreSQL that a home is tried on."""

LONGEST_NAME = 63
"""Of a role, in bytes; PostgreSQL cuts off the rest."""


@dataclass(frozen=True, slots=True)
class Roles:
    """The three roles of one database, unquoted."""

    stem: str

    @classmethod
    def of_database(cls, database: str) -> Roles:
        """The roles that a new home gets."""
        stem = f"{NAMESPACE}_{database}"
        if len(f"{stem}_owner".encode()) > LONGEST_NAME:
            stem = f"{NAMESPACE}_{hashlib.sha256(database.encode()).hexdigest()[:32]}"
        return cls(stem)

    def name(self, part: Part) -> str:
        """The name of a role."""
        return f"{self.stem}_{part}"

    def quoted(self, part: Part) -> str:
        """The name of a role as it stands in SQL."""
        return quoted(self.name(part))


def quoted(name: str) -> str:
    """A name as it stands in SQL."""
    return '"' + name.replace('"', '""') + '"'


def parsed(url: str) -> URL:
    """A URL of PostgreSQL, with our driver.

    Raises:
        StoreError: it is none.
    """
    try:
        found = make_url(url)
    except ArgumentError:
        found = None
    if found is None or not found.drivername.startswith(("postgresql", "postgres")):
        raise StoreError("the database is no URL of PostgreSQL: write postgresql://USER@HOST/DATABASE")
    return found.set(drivername=DRIVER)


def without_password(url: str) -> str:
    """A URL as it may be shown and kept."""
    found = parsed(url)
    told = found._replace(drivername="postgresql", password=None).difference_update_query(SECRET)
    return told.render_as_string()


def make_engine(url: str, *, role: str | None = None, read_only: bool = False) -> Engine:
    """An engine whose connections take on a role as soon as they are there.

    Raises:
        StoreError: no URL of PostgreSQL, or psycopg is not installed.
    """
    try:
        engine = create_engine(parsed(url), pool_pre_ping=True)
    except ModuleNotFoundError as fault:
        raise StoreError(f"PostgreSQL needs {fault.name}: install goodstanding[postgresql]") from fault
    said = _manners(role, read_only=read_only)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.autocommit = True  # outside of a transaction, so that a rollback does not undo it
        for statement in said:
            connection.execute(statement)
        connection.autocommit = False

    return engine


def _manners(role: str | None, *, read_only: bool) -> list[str]:
    """What every connection says before anything else."""
    return [
        f"SET search_path = {NAMESPACE}",
        "SET synchronous_commit = on",
        "SET timezone = 'UTC'",
        f"SET lock_timeout = '{WAIT_SECONDS}s'",
        *(["SET default_transaction_read_only = on"] if read_only else []),
        *([f"SET ROLE {quoted(role)}"] if role else []),
    ]


def require_fit(connection: Connection, place: str) -> None:
    """Whether a database can hold a home.

    Raises:
        StoreError: its server is too old, or it cannot hold all of Unicode.
    """
    version = connection.dialect.server_version_info or (0,)
    if version < OLDEST:
        found = ".".join(map(str, version))
        raise StoreError(f"{place}: PostgreSQL {found}; expected {OLDEST[0]} or later")
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise StoreError(f"{place}: its encoding is {encoding}; make a database with ENCODING 'UTF8'")


def hold_alone(engine: Engine, place: str) -> Connection:
    """A connection that holds the writer's lock for as long as it lives.

    Raises:
        StoreError: another process has it.
    """
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    if connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": WRITER_LOCK}):
        return connection
    connection.close()
    raise StoreError(f"{place}: another process is writing to it; wait until it is done, or stop it")


def let_go(connection: Connection) -> None:
    """End a connection and its lock, even where the server has gone away meanwhile."""
    connection.invalidate()
    connection.close()


def vacuum(engine: Engine, roles: Roles, tables: Sequence[str]) -> None:
    """Write tables anew without what was deleted from them, where whoever connects may act as their owner."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("RESET ROLE")
        if may_become(connection, roles.name("owner")):
            connection.exec_driver_sql(f"SET ROLE {roles.quoted('owner')}")
            for table in tables:
                connection.exec_driver_sql(f"VACUUM FULL {table}")
        connection.invalidate()  # nobody else is to act as the owner on it


def roles_of(connection: Connection) -> Roles | None:
    """The roles of the home in a database, called after the owner of its tables; None: it holds no home."""
    owner = connection.scalar(
        text("SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = :name"), {"name": NAMESPACE}
    )
    if owner is None:
        return None
    if not str(owner).endswith("_owner"):
        raise StoreError(f"the schema {NAMESPACE} of this database belongs to {owner}, which is no role of a home's")
    return Roles(str(owner).removesuffix("_owner"))


def make_roles(connection: Connection) -> Roles:
    """Make the roles and the schema, and go on as the owner until the transaction ends.

    Raises:
        sqlalchemy.exc.DBAPIError: whoever connects may not make roles, and they are not there.
    """
    roles = Roles.of_database(str(connection.scalar(text("SELECT current_database()"))))
    for part in PARTS:
        name = roles.name(part)
        if connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": name}) is None:
            connection.exec_driver_sql(f"CREATE ROLE {quoted(name)} NOLOGIN")
        if not may_become(connection, name):
            connection.exec_driver_sql(f"GRANT {quoted(name)} TO CURRENT_USER")
    # Who may write may also read as one who only reads.
    connection.exec_driver_sql(f"GRANT {roles.quoted('reader')} TO {roles.quoted('writer')}")
    connection.exec_driver_sql(f"CREATE SCHEMA {NAMESPACE} AUTHORIZATION {roles.quoted('owner')}")
    become_owner(connection, roles)
    return roles


def may_become(connection: Connection, role: str) -> bool:
    """Whether whoever connects may take on a role; from version 16 on, being its member is not enough."""
    version = connection.dialect.server_version_info or (0,)
    asked = text("SELECT pg_has_role(current_user, :name, :how)")
    return bool(connection.scalar(asked, {"name": role, "how": "SET" if version >= (16,) else "MEMBER"}))


def become_owner(connection: Connection, roles: Roles) -> None:
    """Act as the owner of the tables until the transaction ends."""
    connection.exec_driver_sql(f"SET LOCAL ROLE {roles.quoted('owner')}")
