"""Sources: who may send which types of event, and, in a live home, about whom.

What a source may do is what its newest `source.registered` entry says; the table of sources repeats that. The people
who consented stand in a file of keyed hashes in the vault, named by its digest, which the entry holds too.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, select

from goodstanding.document.kinds import TYPE_PATTERN
from goodstanding.errors import RecordError, nearest
from goodstanding.limits import LONGEST_STRING
from goodstanding.record import canonical
from goodstanding.record.home import Home
from goodstanding.record.ingest.fingerprints import Hasher, Hashes
from goodstanding.record.ingest.members import Members
from goodstanding.record.ingest.walls import EVERYTHING, SENSITIVITIES, special_below
from goodstanding.record.ledger import Said
from goodstanding.record.ledger.entries.ingest import SourceRegistered
from goodstanding.record.store import source as table

OURS: Final = "goodstanding"
"""The source of entries that the home itself makes; no source of events may be called so."""
FOLDER: Final = "consents"
ENDING: Final = ".people"
PATTERN: Final = re.compile(rf"{TYPE_PATTERN}(\.\*)?")


@dataclass(frozen=True, slots=True)
class Source:
    """What one source may send.

    Attributes:
        types: types and prefixes of types; `*`: all.
        people: how many consented; None: in a synthetic home nobody need be asked.
        consents: the digest of the file of those who did.
        recorded: since when this holds, in microseconds since 1970.
    """

    name: str
    types: tuple[str, ...]
    sensitivity: str
    people: int | None
    consents: str | None
    recorded: int = 0

    def body(self) -> SourceRegistered:
        """As an entry says it."""
        return SourceRegistered(self.name, list(self.types), self.sensitivity, self.people, self.consents)

    @classmethod
    def read(cls, body: Mapping[str, Any], recorded: int) -> Source:
        """As it stands in an entry, or in the table."""
        told = {field.name: body[field.name] for field in fields(SourceRegistered)}
        return cls(**{**told, "types": tuple(told["types"])}, recorded=recorded)


def register(
    home: Home,
    name: str,
    *,
    types: Sequence[str],
    sensitivity: str = "financial",
    people: Any = None,
    actor: str,
) -> Source:
    """Let a source send events, or change what it may send.

    Args:
        types: types of event, and prefixes such as `loan.*`; `*` in a synthetic home: all.
        people: in a live home those who consented, a `pa.StringArray` of public ids; whoever is not named did not.

    Raises:
        RecordError: its name, a type or the sensitivity cannot be, or a live home may not hold it; nothing is changed.
    """
    _require_sound(home, name, types, sensitivity)
    if home.world == "live" and people is None:
        raise RecordError(
            f"source {name!r}: in a live home people are asked first, each of them; give a file of those who consented "
            "(--people FILE, with the column person)"
        )
    hashes = None if people is None else np.unique(Hasher(home.keys.hashing).people(people))
    consents = None if hashes is None else _keep_consents(home, hashes)
    wanted = Source(name, tuple(dict.fromkeys(types)), sensitivity, None if hashes is None else len(hashes), consents)
    with home.store.writing() as connection:
        before = find(connection, name)
        if before is not None and before.body() == wanted.body():
            return before
        number = 1 + _times_registered(connection, name)
        said = Said(wanted.body(), OURS, f"source/{name}/{number}", actor)
        recorded = home.ledger.append(connection, [said])[0].recorded
        registered = Source.read(wanted.body().to_body(), recorded)
        _write(connection, registered, number, is_new=before is None)
    _sweep_consents(home)
    return registered


def find(connection: Connection, name: str) -> Source | None:
    """What a source may send; None if it is not registered."""
    row = connection.execute(select(table).where(table.c.name == name)).one_or_none()
    return None if row is None else Source.read(canonical.decode(row.body), row.recorded)


def listed(connection: Connection) -> list[Source]:
    """All that are registered, by name."""
    rows = connection.execute(select(table).order_by(table.c.name))
    return [Source.read(canonical.decode(row.body), row.recorded) for row in rows]


def require(connection: Connection, name: str, home: Path) -> Source:
    """What a source may send.

    Raises:
        RecordError: it is not registered; it says how it is done.
    """
    found = find(connection, name)
    if found is not None:
        return found
    near = nearest(name, [each.name for each in listed(connection)])
    hint = f"did you mean {near!r}?" if near else f"register it: goodstanding sources register {home} {name} --types …"
    raise RecordError(f"source {name!r}: not registered, so that nobody knows what it may send; {hint}")


def consents_of(home: Home, source: Source) -> Members | None:
    """The keyed hashes of those who consented; None where nobody need be asked.

    Raises:
        RecordError: their file is missing, or is not as it was written.
    """
    if source.consents is None:
        return None
    path = _path(home, source.consents)
    if not path.is_file():
        raise RecordError(f"{path}: missing; restore it from a backup of the vault, or register {source.name!r} again")
    data = home.disk.read(path)
    if hashlib.sha256(data).hexdigest() != source.consents:
        raise RecordError(f"{path}: not as it was written; restore it, or register {source.name!r} again")
    return Members(np.frombuffer(data, "<u8").astype(np.uint64))


def _require_sound(home: Home, name: str, types: Sequence[str], sensitivity: str) -> None:
    if not 0 < len(name) <= LONGEST_STRING or not name.isprintable() or name != name.strip():
        raise RecordError(f"source {name!r}: expected a name of 1 to {LONGEST_STRING} visible characters")
    if name == OURS:
        raise RecordError(f"source {name!r}: the home itself is called so in the ledger; choose another name")
    if sensitivity not in SENSITIVITIES:
        raise RecordError(
            f"sensitivity {sensitivity!r}: expected {', '.join(SENSITIVITIES[:-1])} or {SENSITIVITIES[-1]}"
        )
    if not types:
        raise RecordError(f"source {name!r}: no types; name those that it may send, for instance bill.paid or loan.*")
    is_live = home.world == "live"
    if is_live and sensitivity == "special":
        raise RecordError("sensitivity 'special': no live record holds anything special (charter, clause 1)")
    for written in types:
        if written == EVERYTHING and not is_live:
            continue
        if not PATTERN.fullmatch(written):
            least = "" if is_live else ", or * for all"
            raise RecordError(f"type {written!r}: expected a type such as bill.paid, or a prefix such as loan.*{least}")
        why = special_below(written) if is_live else None
        if why:
            raise RecordError(f"type {written!r}: {why}")


def _times_registered(connection: Connection, name: str) -> int:
    row = connection.execute(select(table.c.body).where(table.c.name == name)).one_or_none()
    return 0 if row is None else int(canonical.decode(row.body)["number"])


def _write(connection: Connection, registered: Source, number: int, *, is_new: bool) -> None:
    body = canonical.encode({**registered.body().to_body(), "number": number})
    values = {"name": registered.name, "body": body, "recorded": registered.recorded}
    statement = table.insert() if is_new else table.update().where(table.c.name == registered.name)
    connection.execute(statement.values(values))


def _path(home: Home, digest: str) -> Path:
    return home.folder / "vault" / FOLDER / f"{digest}{ENDING}"


def _keep_consents(home: Home, hashes: Hashes) -> str:
    """Write the file of those who consented, and give its digest."""
    data = hashes.astype("<u8").tobytes()
    digest = hashlib.sha256(data).hexdigest()
    home.disk.make_folder(_path(home, digest).parent)
    home.disk.write(_path(home, digest), [data])
    return digest


def _sweep_consents(home: Home) -> None:
    """Remove the files that no source names any more."""
    with home.store.reading() as connection:
        named = {source.consents for source in listed(connection)}
    for path in (home.folder / "vault" / FOLDER).glob(f"*{ENDING}"):
        if path.stem not in named:
            home.disk.remove(path)
