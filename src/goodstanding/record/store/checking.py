"""Whether a database is as this version declares it: its tables, its triggers, and who may do what.

A trigger that was dropped, or a right that was given, changes nothing yet; it says that somebody was about to.
"""

from __future__ import annotations

from collections.abc import Iterator

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from goodstanding.record.store import guards
from goodstanding.record.store.postgresql import Roles
from goodstanding.record.store.schema import metadata

RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")

ALWAYS = "A"
"""How PostgreSQL marks a trigger that no setting of a session turns off."""


def differences(connection: Connection, roles: Roles | None) -> list[str]:
    """What is not as it should be, a line each."""
    found = [_told(one) for one in compare_metadata(MigrationContext.configure(connection), metadata)]
    if connection.dialect.name == "sqlite":
        return [*found, *_sqlite_triggers(connection), *_sqlite_pages(connection)]
    assert roles is not None
    return [*found, *_postgresql_triggers(connection), *_rights(connection, roles)]


def _told(difference: object) -> str:
    return f"tables: {difference!r}"


def _sqlite_triggers(connection: Connection) -> Iterator[str]:
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    found = {row.name: row.sql for row in rows}
    for table in guards.MAY:
        for statement in guards.sqlite_triggers(table, guards.refused(table)):
            name = statement.split()[2]
            if found.pop(name, None) != statement:
                yield f"triggers: {name} is missing, or not as it was made"
    yield from (f"triggers: {name} is none of ours" for name in found)


def _sqlite_pages(connection: Connection) -> Iterator[str]:
    """SQLite's own look at every page, index and constraint."""
    for line in connection.exec_driver_sql("PRAGMA integrity_check").scalars():
        if line != "ok":
            yield f"file: {line}"


def _postgresql_triggers(connection: Connection) -> Iterator[str]:
    rows = connection.execute(
        text(
            "SELECT c.relname, t.tgname, t.tgenabled, pg_get_triggerdef(t.oid) AS made FROM pg_trigger t "
            "JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = current_schema()::regnamespace "
            "AND NOT t.tgisinternal"
        )
    )
    found = {row.tgname: (row.relname, row.tgenabled, row.made) for row in rows}
    for table in guards.MAY:
        for verb in guards.refused(table):
            name = guards.trigger(table, verb)
            relation, enabled, made = found.pop(name, ("", "", ""))
            if relation != table or enabled != ALWAYS or guards.postgresql_does(table, verb) not in made:
                yield f"triggers: {name} is missing, turned off, or not as it was made"
    yield from (f"triggers: {name} is none of ours" for name in found)
    body = connection.scalar(text("SELECT prosrc FROM pg_proc WHERE proname = 'refuse'"))
    if body is None or body not in guards.postgresql_function():
        yield "triggers: the function that refuses is missing, or not as it was made"


def _rights(connection: Connection, roles: Roles) -> Iterator[str]:
    """What the writer and the reader may do beyond what they should, or may not although they should."""
    asked = text("SELECT has_table_privilege(:role, :table, :right)")
    for table, may in guards.MAY.items():
        for part, allowed in (("writer", {"SELECT", "INSERT", *may}), ("reader", {"SELECT"})):
            role = roles.name("writer" if part == "writer" else "reader")
            for right in RIGHTS:
                has = connection.scalar(asked, {"role": role, "table": table, "right": right})
                if has != (right in allowed):
                    yield f"rights: {role} {'may' if has else 'may not'} {right} {table}"
