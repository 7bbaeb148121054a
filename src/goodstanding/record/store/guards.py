"""What may be done to each table, and the triggers that refuse the rest, in both stores and to everybody.

Triggers hold back mistakes, ours above all. An insider who owns the database can drop them; what then tells is the
chain, and whoever witnessed a head of it (`ledger`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

Verb: TypeAlias = Literal["UPDATE", "DELETE", "TRUNCATE"]
VERBS: tuple[Verb, ...] = ("UPDATE", "DELETE", "TRUNCATE")

MAY: Mapping[str, tuple[Verb, ...]] = MappingProxyType(
    {
        "entry": (),
        "head": ("UPDATE",),
        "checkpoint": (),
        "cosignature": (),
        "single": ("DELETE",),
        "source": ("UPDATE",),
        "held": ("UPDATE", "DELETE"),
        "settings": (),
    }
)
"""What a writer may do to each table besides reading and adding."""


def refused(table: str) -> list[Verb]:
    """What nobody may do to a table."""
    return [verb for verb in VERBS if verb not in MAY[table]]


def trigger(table: str, verb: Verb) -> str:
    """What a trigger is called."""
    return f"{table}_no_{verb.lower()}"


def sqlite_triggers(table: str, verbs: Iterable[Verb]) -> list[str]:
    """The statements that make SQLite refuse; it knows no TRUNCATE."""
    return [
        f"CREATE TRIGGER {trigger(table, verb)} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{_refusal(table, verb)}'); END"
        for verb in verbs
        if verb != "TRUNCATE"
    ]


def postgresql_function() -> str:
    """The function that all of PostgreSQL's triggers call."""
    return (
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'restrict_violation'; END $$"
    )


def postgresql_triggers(table: str, verbs: Iterable[Verb]) -> list[str]:
    """The statements that make PostgreSQL refuse.

    For each statement, whether or not it would touch a row; and always: a session that says it is a replica
    (`session_replication_role`) is refused as well.
    """
    said: list[str] = []
    for verb in verbs:
        name = trigger(table, verb)
        said.append(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {postgresql_does(table, verb)}")
        said.append(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
    return said


def postgresql_does(table: str, verb: Verb) -> str:
    """What a trigger of PostgreSQL does, and when."""
    return f"FOR EACH STATEMENT EXECUTE FUNCTION refuse('{_refusal(table, verb)}')"


def _refusal(table: str, verb: Verb) -> str:
    return f"{table}: no {verb}, what is written stays"


def grants(table: str, *, writer: str, reader: str, may: Iterable[Verb]) -> list[str]:
    """The statements that let PostgreSQL's writer and reader at a table, their names quoted already."""
    allowed = ", ".join(["SELECT", "INSERT", *may])
    return [f"GRANT {allowed} ON {table} TO {writer}", f"GRANT SELECT ON {table} TO {reader}"]
