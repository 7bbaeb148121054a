"""A home brought from an older schema to this version's, or looked at to see what is wrong with its store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from goodstanding.record.clock import Clock, Recorder
from goodstanding.record.home import where
from goodstanding.record.ledger import Ledger, Said
from goodstanding.record.ledger.entries.homes import SchemaUpgraded
from goodstanding.record.locking import Lock
from goodstanding.record.nameplate import Nameplate
from goodstanding.record.store import Store, checking, schema, upgrading
from goodstanding.record.store.opening import unchecked_store
from goodstanding.record.store.postgresql import Part
from goodstanding.record.store.sqlite import WRITING
from goodstanding.record.store.store import require_known, require_newest, revision
from goodstanding.record.store.upgrading import Step


@dataclass(frozen=True, slots=True)
class Plan:
    """What an upgrade would do, or did.

    Attributes:
        steps: none, where the schema is this version's already.
        sql: what would be run, or was.
    """

    place: str
    before: str
    after: str
    steps: tuple[Step, ...]
    sql: str


def plan(folder: Path, *, database: str | None = None) -> Plan:
    """What an upgrade would do; nothing is done.

    Raises:
        RecordError: no home, or its store cannot be reached or is of a newer version.
    """
    with _store(folder, "reader", database) as store:
        return _planned(store)


def upgrade(folder: Path, *, clock: Clock, actor: str, database: str | None = None) -> Plan:
    """Bring a home's store to this version's schema, and say so in the ledger: both in one transaction.

    Raises:
        RecordError: as `plan`; or another process writes to the home, or whoever connects is not the tables' owner.
    """
    with closing(_locked(folder)), _store(folder, "owner", database) as store:
        planned = _planned(store)
        if planned.steps:
            store.take_over()
            with store.transaction({WRITING: True}) as connection:
                upgrading.upgrade(connection, store.roles)
                said = SchemaUpgraded(planned.before, planned.after)
                name = f"schema-{planned.after}"
                Ledger(store, Recorder(clock, 0)).append(connection, [Said(said, "home", name, actor)])
        return planned


def check(folder: Path, *, database: str | None = None) -> list[str]:
    """What of a home's store is not as this version declares it, a line each.

    Raises:
        RecordError: no home, or its store cannot be reached or is of another version.
    """
    with _store(folder, "reader", database) as store, store.reading() as connection:
        require_newest(revision(connection), store.place)
        return checking.differences(connection, store.roles)


def _locked(folder: Path) -> Lock:
    Nameplate.read(folder)  # so that no lock is put into a folder that is no home
    return Lock(folder)


@contextmanager
def _store(folder: Path, part: Part, database: str | None) -> Iterator[Store]:
    with closing(unchecked_store(where(folder, Nameplate.read(folder), database), part)) as store:
        yield store


def _planned(store: Store) -> Plan:
    with store.reading() as connection:
        before = require_known(revision(connection), store.place)
        steps = tuple(upgrading.steps(connection, store.roles, before))
        sql = upgrading.statements(connection, store.roles, before) if steps else ""
    return Plan(store.place, before, schema.REVISIONS[-1], steps, sql)
