"""What was erased since a backup was made, and erased again in the home that comes out of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import orjson
from sqlalchemy import delete, select

from goodstanding.errors import RecordError, TamperError
from goodstanding.record import canonical, merkle
from goodstanding.record.clock import Clock, Recorder
from goodstanding.record.erasing import erase
from goodstanding.record.home import Home, where
from goodstanding.record.ledger import Entry, Ledger
from goodstanding.record.ledger.entries.erasing import PersonErased
from goodstanding.record.ledger.entries.homes import HomeOpened
from goodstanding.record.nameplate import FILE as PLATE
from goodstanding.record.nameplate import Nameplate
from goodstanding.record.store import held, open_store
from goodstanding.record.vault.erased import FILE, Erasure, note, read, whole_lines
from goodstanding.record.vault.vault import FOLDER as VAULT

WHY: Final = "erased after the backup was made, and again in the home that was restored from it"
CHUNK: Final = 65_536
"""People looked through at a time."""


class Again(NamedTuple):
    """How many people were erased again, and how many the backup did not know."""

    erased: int
    refused: int


def read_all(places: Sequence[Path], origin: str, clock: Clock) -> list[Erasure]:
    """The erasures of a home, from lists of them, homes, or exports of its ledger; each person once.

    Raises:
        RecordError: a place holds none, or those of another home.
        TamperError: an export is not as it was written.
    """
    found: dict[str, Erasure] = {}
    for place in places:
        for one in _of_folder(place, clock) if place.is_dir() else _of_file(place):
            if one.origin != origin:
                raise RecordError(f"{place}: erasures of {one.origin}; the backup is of {origin}")
            found.setdefault(one.tombstone, one)
    return list(found.values())


def digest_of(erasures: Iterable[Erasure]) -> str:
    """SHA-256 over a list, hex; in whatever order."""
    return hashlib.sha256(b"".join(sorted(one.line() for one in erasures))).hexdigest()


def require_later(home: Home, erasures: Sequence[Erasure]) -> None:
    """See that a list is not from before the backup, and nothing was cut off it: it holds what the ledger holds.

    Raises:
        RecordError: it lacks some of that.
    """
    lacking = _said(home) - {one.tombstone for one in erasures}
    if lacking:
        raise RecordError(
            f"the erasures that were brought lack {len(lacking):,} which the backup itself knows: they are older than "
            f"it, or were cut; bring the home's newest {VAULT}/{FILE}, or a newer export of its ledger"
        )


def again(home: Home, erasures: Sequence[Erasure], actor: str) -> Again:
    """Erase again who was erased since, and never let in who was not known yet.

    Raises:
        StoreError: the store cannot be written.
    """
    said = _said(home)
    later = [one for one in erasures if one.tombstone not in said]
    note(home.disk, home.folder / VAULT, later)
    names = _names(home, {bytes.fromhex(one.tombstone) for one in later}, [one.slot for one in later])
    if names:
        erase(home, list(names.values()), why=WHY, actor=actor)
    unknown = [one for one in later if bytes.fromhex(one.tombstone) not in names]
    for one in unknown:
        home.vault.tombstones.add_digests([bytes.fromhex(one.tombstone)], one.erased)
    if later:
        _from_quarantine(home)
    return Again(len(names), len(unknown))


def _said(home: Home) -> set[str]:
    return {entry.read(PersonErased).tombstone for entry in home.ledger.entries(kind=PersonErased.KIND)}


def _names(home: Home, digests: set[bytes], slots: Sequence[int]) -> dict[bytes, str]:
    """The ids of those whom digests mean; first looked for where they should be, then among everybody."""
    likely = np.array([slot for slot in slots if slot < home.people.size], np.int64)
    found = dict(_meant(home, digests, likely))
    for first in range(0, home.people.size, CHUNK):
        if len(found) == len(digests):
            break
        found.update(_meant(home, digests, np.arange(first, min(first + CHUNK, home.people.size))))
    return found


def _meant(home: Home, digests: set[bytes], slots: Any) -> Iterator[tuple[bytes, str]]:
    for name in home.people.ids(slots).to_pylist():
        if name is not None and (digest := home.vault.tombstones.digest(name)) in digests:
            yield digest, name


def _from_quarantine(home: Home) -> None:
    """Take away what waits there about people who were erased and had no other event."""
    with home.store.reading() as connection:
        rows = connection.execute(select(held.c.id, held.c.event).where(held.c.event.is_not(None))).all()
    people = [canonical.decode(bytes(row.event))["person"] for row in rows]
    gone = [row.id for row, is_gone in zip(rows, home.vault.tombstones.among(people), strict=True) if is_gone]
    if gone:
        with home.store.writing() as connection:
            for name in gone:
                connection.execute(delete(held).where(held.c.id == name))
        home.store.scrub()


# --- Where they are read from ----------------------------------------------------------------------------------------


def _of_folder(folder: Path, clock: Clock) -> list[Erasure]:
    """Those of a home, or of a folder in which the list lies."""
    if not (folder / PLATE).is_file():
        return _of_file(folder / FILE)
    file = folder / VAULT / FILE
    listed = _of_file(file) if file.is_file() else []
    plate = Nameplate.read(folder)
    try:
        with closing(open_store(where(folder, plate, None), read_only=True)) as store:
            entries = Ledger(store, Recorder(clock, 0)).entries(kind=PersonErased.KIND)
            return [*listed, *(_erasure(plate.origin, entry) for entry in entries)]
    except RecordError as fault:
        if not file.is_file():
            raise RecordError(f"{folder}: neither its ledger can be read nor {file}: {fault}") from fault
        return listed


def _erasure(origin: str, entry: Entry) -> Erasure:
    said = entry.read(PersonErased)
    return Erasure(origin, said.slot, said.tombstone, entry.recorded)


def _of_file(path: Path) -> list[Erasure]:
    if not path.is_file():
        raise RecordError(f"{path}: not there; expected a home's {VAULT}/{FILE}, or what `ledger export` wrote")
    data = whole_lines(path.read_bytes())
    return _of_export(data, path) if data.startswith(b'{"chain"') else read(data, path)


def _of_export(data: bytes, path: Path) -> list[Erasure]:
    """Those of a ledger that was exported, each entry held against its own hash."""
    origin, found = "", []
    for number, line in enumerate(data.splitlines(), 1):
        told = orjson.loads(line)
        said = told["entry"]
        if merkle.leaf_hash(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hex() != told["leaf"]:
            raise TamperError(f"{path}:{number}: not as it was written; export the ledger again")
        if said["kind"] == HomeOpened.KIND:
            origin = said["body"]["origin"]
        elif said["kind"] == PersonErased.KIND:
            body = said["body"]
            found.append(Erasure(origin, body["slot"], body["tombstone"], said["recorded"]))
    if not origin:
        raise RecordError(f"{path}: does not begin with {HomeOpened.KIND}; export the whole ledger")
    return found
