"""Erasing: the ledger says it first, then everything goes, the key last.

From its entry on an erasure is done, whatever happens: a home in which it was cut off finishes it before anything else.
A key that is still there tells of work that is not done, and every step may be done twice.

What stays: an entry that names nobody, in each segment and run a leaf of 32 bytes that nobody can make again, and the
keyed hash by which what is sent again is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
from sqlalchemy import Connection, delete

from goodstanding.errors import RecordError
from goodstanding.record import deriving, runs
from goodstanding.record.erasing.planning import (
    Going,
    Progress,
    chunks,
    held_of,
    in_silence,
    plan,
    roots_with,
)
from goodstanding.record.home import SEGMENTS, Home
from goodstanding.record.ingest.committing import commit
from goodstanding.record.ingest.intake import intake_of
from goodstanding.record.ledger import Entry, Said
from goodstanding.record.ledger.entries.erasing import PersonErased
from goodstanding.record.ledger.entries.events import SegmentSealed
from goodstanding.record.segments import remainder, without
from goodstanding.record.store import held, single
from goodstanding.record.vault.erased import Erasure, note
from goodstanding.record.vault.people import TABLE
from goodstanding.record.vault.vault import FOLDER as VAULT

OURS: Final = "erasing"
"""Under this source erasures stand in the ledger; the id is the slot."""

LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased.

    Attributes:
        rows: events; segments: those that were written anew.
        entries: what the ledger says of it, one a person.
    """

    people: int
    rows: int
    segments: int
    entries: tuple[Entry, ...]


def erase(home: Home, people: Sequence[str], *, why: str, actor: str, progress: Progress = in_silence) -> Erased:
    """Erase people; when this returns, nothing of them is left in the home.

    Args:
        why: a reason that names nobody: it stays.
        progress: told segments written anew, and how many there are.

    Raises:
        UnknownPersonError: one of them is not known, or not any more; nobody is erased.
        RecordError: there is no reason, or nobody to erase.
        StoreError: the store cannot be written; nobody is erased.
        TamperError: a segment is missing or damaged; nobody is erased.
    """
    if not 0 < len(why.strip()) <= LONGEST_REASON:
        raise RecordError(f"a reason of 1 to {LONGEST_REASON} characters was expected, which names nobody: it stays")
    intake = intake_of(home)
    with intake.lock:
        going = plan(home, people)
        if not going:
            raise RecordError("nobody to erase was named")
        entries = _say(home, going, why.strip(), actor)
        _purge(home, {one.slot: one.person for one in going}, progress)
    rows = sum(one.events.total() for one in going)
    return Erased(len(going), rows, len({line for entry in entries for line in entry.body["segments"]}), tuple(entries))


def finish(home: Home, progress: Progress = in_silence) -> int:
    """Finish erasures that the ledger speaks of and that were cut off; for how many people."""
    slots = unfinished(home)
    if slots:
        names = home.people.ids(_array(slots)).to_pylist()
        with intake_of(home).lock:
            _purge(home, dict(zip(slots, names, strict=True)), progress)
    return len(slots)


def unfinished(home: Home) -> list[int]:
    """The slots of people whose erasure is on record and was cut off: their keys are there still."""
    return [slot for slot in erased_slots(home) if any(home.people.key(slot))]


def erased_slots(home: Home) -> list[int]:
    """The slots of all who were erased, by the ledger."""
    return [entry.read(PersonErased).slot for entry in home.ledger.entries(kind=PersonErased.KIND)]


def digests_after(home: Home) -> dict[str, str]:
    """By root the SHA-256 of each segment's present file: as sealed, or as the last erasure left it."""
    digests = {
        said.root: said.digest
        for said in (entry.read(SegmentSealed) for entry in home.ledger.entries(kind=SegmentSealed.KIND))
    }
    for entry in home.ledger.entries(kind=PersonErased.KIND):
        digests.update((line[:64], line[65:]) for line in entry.read(PersonErased).segments)
    return digests


def _say(home: Home, going: Sequence[Going], why: str, actor: str) -> list[Entry]:
    """Put the erasures on record, and take away what lies in the store, in one transaction."""
    slots = [one.slot for one in going]
    lines = _lines(home, slots)
    people = {one.person: one.slot for one in going}

    def say(_connection: Connection) -> list[Said]:
        return [Said(_body(home, one, why, lines), OURS, f"erased/{one.slot}", actor) for one in going]

    def write(connection: Connection, _entries: Sequence[Entry]) -> None:
        _from_store(connection, people)

    return commit(home, say, write)


def _body(home: Home, one: Going, why: str, lines: Sequence[str]) -> PersonErased:
    return PersonErased(
        slot=one.slot,
        tombstone=home.vault.tombstones.digest(one.person).hex(),
        why=why,
        rows=one.events.total(),
        segments=list(lines),
    )


def _lines(home: Home, slots: Sequence[int]) -> list[str]:
    """What the ledger says of the segments: what each file will be, which is worked out before anything is written."""
    folder, digests = home.folder / SEGMENTS, digests_after(home)
    rests = (
        (root, remainder(folder, root, slots, digest=bytes.fromhex(digests[root.hex()])))
        for _, root in roots_with(home, slots)
    )
    return [f"{root.hex()} {rest.digest.hex()}" for root, rest in rests]


def _from_store(connection: Connection, people: dict[str, int]) -> None:
    for some in chunks(list(people.values())):
        connection.execute(delete(single).where(single.c.slot.in_(some)))
    for name, _ in list(held_of(connection, people)):
        connection.execute(delete(held).where(held.c.id == name))


def _purge(home: Home, names: dict[int, str | None], progress: Progress) -> None:
    """Take people out of every file; those whose name is gone already were taken out of all but the last.

    Args:
        names: by slot.
    """
    slots = list(names)
    entries = {entry.body["slot"]: entry for entry in home.ledger.entries(kind=PersonErased.KIND)}
    gone = [_line(home, entries[slot]) for slot in slots]
    note(home.disk, home.folder / VAULT, gone)
    for one in gone:
        home.vault.tombstones.add_digests([bytes.fromhex(one.tombstone)], one.erased)
    named = {slot: name for slot, name in names.items() if name is not None}
    deriving.forget(home, list(named), pa.array(list(named.values()), pa.large_string()))
    roots = _rewrite(home, slots, progress)
    intake_of(home).forget(roots)
    runs.forget(home, slots)
    home.vault.identifiers.remove(slots)
    home.vault.texts.remove(slots)
    home.vault.scrub()
    home.store.scrub()
    home.people.erase(slots)
    home.disk.remove(home.folder / VAULT / TABLE)


def _line(home: Home, entry: Entry) -> Erasure:
    """What whoever restores an older backup is told."""
    said = entry.read(PersonErased)
    return Erasure(home.origin, said.slot, said.tombstone, entry.recorded)


def _rewrite(home: Home, slots: Sequence[int], progress: Progress) -> list[bytes]:
    """Write anew the segments that people have rows in; their roots."""
    touched = [root for _, root in roots_with(home, slots)]
    for done, root in enumerate(touched):
        progress(done, len(touched))
        without(home.disk, home.folder / SEGMENTS, root, slots)
    progress(len(touched), len(touched))
    return touched


def _array(slots: Sequence[int]) -> Any:
    return pa.array(slots, pa.int64()).to_numpy()
