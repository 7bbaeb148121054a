"""Restoring: a home is made beside its place, verified, rid of who was erased since, and only then put there.

Until then it lies in a hidden folder that no command takes for a home. A restore that was stopped is finished by the
same command: files are copied anew, and a database that the first try filled is known again.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Final

import orjson
from sqlalchemy import Connection

from goodstanding.errors import RecordError, StoreError, TamperError
from goodstanding.record.auditing import checks_of
from goodstanding.record.backup.contents import CONTENTS, VAULT, Contents, names
from goodstanding.record.backup.erasures import Again, again, digest_of, read_all, require_later
from goodstanding.record.backup.filling import BY, MARK, MARK_LOCK, fill, load
from goodstanding.record.backup.work import Folders, Work
from goodstanding.record.disk import Disk
from goodstanding.record.erasing import finish
from goodstanding.record.home import RECORD, Home
from goodstanding.record.keys import FOLDER as KEYS
from goodstanding.record.ledger import Said
from goodstanding.record.ledger.entries.backups import HomeRestored
from goodstanding.record.ledger.findings import Progress
from goodstanding.record.ledger.verifying import verify
from goodstanding.record.locking import Lock
from goodstanding.record.nameplate import Nameplate
from goodstanding.record.notes import Note
from goodstanding.record.store import Store, create_store, open_store
from goodstanding.record.store.opening import unchecked_store
from goodstanding.record.store.postgresql import without_password
from goodstanding.record.store.schema import NAMESPACE, REVISIONS
from goodstanding.record.vault.erased import Erasure
from goodstanding.record.vault.tables import VERSION

SIGNING: Final = "signing.key"
NOT_SAID: Final = (
    "who was erased after the backup was made would come back: bring the erasures (the vault/erased.jsonl of the home "
    "or of its newest backup, the home itself, or an export of its ledger) with --erasures, or say that there were "
    "none since with --no-later-erasures"
)


@dataclass(frozen=True, slots=True)
class Restored:
    """A home that was made again.

    Attributes:
        size, root: how much of the ledger the backup held, and the root of it, hex.
        erased: people erased since, and again now; refused: those erased since whom the backup did not know.
    """

    home: Path
    name: str
    size: int
    root: str
    people: int
    segments: int
    erased: int
    refused: int
    entry: int


def restore(
    folders: Folders,
    to: Path,
    work: Work,
    *,
    database: str | None = None,
    erasures: Sequence[Path] | None = (),
    heads: Sequence[Note] = (),
) -> Restored:
    """Make a home from a backup, whole or not at all.

    Args:
        folders: as the backup was made; the first may be one backup, or a folder of them, of which the newest is
            taken, and the second likewise. The keys are needed.
        to: a folder that is not there, or is empty.
        work: its progress is told entries verified, and how many there are.
        database: a URL of PostgreSQL, its database empty; None: SQLite in the folder, whatever it was before.
        erasures: lists of who was erased, homes, or exports of a ledger; None: on the word of whoever does it, nobody
            was erased since the backup.
        heads: signed heads that somebody kept elsewhere, none of them newer than the backup.

    Raises:
        RecordError: nothing was said of erasures; no backup; a place that is taken; keys of another home.
        StoreError: the database cannot be reached, or holds something already.
        TamperError: the backup is not as it was written.
    """
    if erasures is not None and not erasures:
        raise RecordError(NOT_SAID)
    source = _Source.find(folders)
    later = None if erasures is None else read_all(erasures, source.contents.origin, work.clock)
    with _room(source.contents, to, database, work.disk) as (room, token):
        fill(work.disk, room, source.place, source.vault, source.keys, source.contents, source.naming)
        _fill_store(source, database or room / RECORD, token)
        _plate(source.contents, database).write(room, work.disk)
        with Home.open(room, clock=work.clock, disk=work.disk, database=database) as home:
            finish(home)
            _require_sound(home, source.contents, heads, work.progress)
            if later is not None:
                require_later(home, later)
            done = again(home, later or [], work.actor)
            entry = _say(home, source.contents, later, done, work.actor)
        _put(room, to, work.disk)
    contents = source.contents
    return Restored(
        home=to,
        name=contents.name,
        size=contents.size,
        root=contents.root,
        people=contents.people,
        segments=len(contents.segments),
        erased=done.erased,
        refused=done.refused,
        entry=entry,
    )


@dataclass(frozen=True, slots=True)
class _Source:
    """Both parts of a backup, and the keys; `contents` and `naming` are what the parts say of themselves."""

    place: Path
    vault: Path
    keys: Path
    contents: Contents
    naming: Contents

    @classmethod
    def find(cls, folders: Folders) -> _Source:
        """Both parts of a backup, and the keys.

        Raises:
            RecordError: one is not there, or this version cannot restore it.
            TamperError: one is not as it was written, or not of this home.
        """
        backup = folders.record
        place = backup if (backup / CONTENTS).is_file() else backup / _newest(backup)
        given = folders.vault or place.parent / VAULT
        theirs = given if (given / CONTENTS).is_file() else given / place.name
        secret = _keys(folders.keys)
        seed = (secret / SIGNING).read_bytes()
        contents, naming = Contents.read(place, "record", seed), Contents.read(theirs, "vault", seed)
        if (naming.name, naming.root) != (contents.name, contents.root):
            raise RecordError(f"{theirs}: belongs to the backup {naming.name}, and not to {contents.name}")
        if contents.schema != REVISIONS[-1] or contents.vault != VERSION:
            raise RecordError(
                f"{place}: of schema {contents.schema} and vault {contents.vault}; this version restores "
                f"{REVISIONS[-1]} and {VERSION}: restore it with the version that made it, then upgrade"
            )
        return cls(place, theirs, secret, contents, naming)


def _newest(folder: Path) -> str:
    found = names(folder)
    if not found:
        raise RecordError(f"{folder}: no backup; expected a folder that `goodstanding backup` wrote to")
    return found[-1]


def _keys(given: Path | None) -> Path:
    if given is None:
        raise RecordError("no keys were given; a backup holds none: name the folder that the home's are kept in")
    secret = given if (given / SIGNING).is_file() else given / KEYS
    if not (secret / SIGNING).is_file():
        raise RecordError(f"{given}: no keys; expected the folder with the {SIGNING} of the home")
    return secret


@contextmanager
def _room(contents: Contents, to: Path, database: str | None, disk: Disk) -> Iterator[tuple[Path, str]]:
    """The hidden folder beside the place, held, and the token of this restore; gone if it fails, but not if it is cut.

    The token stands in the store that it fills, so that what a try that was cut off has filled is known again, and
    nothing else is taken for that.
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise RecordError(f"{to}: is there already, and not empty; name a new folder")
    room = to.absolute().parent / f".{to.name}.restoring"
    disk.make_folder(room)
    with closing(Lock(room, MARK_LOCK)):
        mark = {"name": contents.name, "root": contents.root, "database": _shown(database)}
        if not (room / MARK).is_file():
            disk.write(room / MARK, [orjson.dumps({**mark, "token": token_hex(16)})])
        found = orjson.loads(disk.read(room / MARK))
        token = str(found.pop("token"))
        if found != mark:
            raise RecordError(
                f"{room}: another restore was stopped here; finish it by the same command, or remove the folder "
                "and empty its database"
            )
        try:
            yield room, token
        except Exception:
            _undo(database, token)
            shutil.rmtree(room, ignore_errors=True)
            raise


def _undo(database: str | None, token: str) -> None:
    """Empty a database that this restore filled."""
    with suppress(StoreError):
        if database is not None and _token_in(database) == token:
            with closing(unchecked_store(database, "owner")) as store, store.transaction({}) as connection:
                connection.exec_driver_sql(f"DROP SCHEMA {NAMESPACE} CASCADE")


def _shown(database: str | None) -> str | None:
    return None if database is None else without_password(database)


def _fill_store(source: _Source, place: str | Path, token: str) -> None:
    """Fill the store, unless a try that was cut off has."""
    if _token_in(place) == token:
        return
    if isinstance(place, Path):
        for part in place.parent.glob(f"{RECORD}*"):
            part.unlink()

    def then(_made: Store, connection: Connection) -> None:
        load(connection, source.place, source.vault, source.contents, source.naming)

    create_store(place, {BY: token}, then=then).close()


def _token_in(place: str | Path) -> str | None:
    """The token of the restore that filled a store; None: it holds none, or cannot be read."""
    try:
        with closing(open_store(place, read_only=True)) as store:
            return store.settings().get(BY)
    except StoreError:
        return None


def _plate(contents: Contents, database: str | None) -> Nameplate:
    return Nameplate(contents.layout, contents.world, contents.origin, _shown(database))


def _require_sound(home: Home, contents: Contents, heads: Sequence[Note], progress: Progress) -> None:
    """Verify all that is there: the ledger to the head that was signed with the backup, and every segment.

    Raises:
        TamperError: something is not as it was written.
    """
    given = [Note.parse(contents.head), *heads]
    found = verify(home.store, home.signer.verifier, given=given, checks=checks_of(home), progress=progress)
    if not found.ok:
        raise TamperError(
            f"what came out of the backup is not as it was written: {found.faults[0]}; nothing is restored"
        )


def _say(home: Home, contents: Contents, later: Sequence[Erasure] | None, done: Again, actor: str) -> int:
    """Put it on record, once; the number of the entry."""
    there = home.ledger.find("restore", contents.name)
    if there is not None:
        return there.seq
    digest = None if later is None else digest_of(later)
    body = HomeRestored(contents.name, contents.size, contents.root, digest, done.erased, done.refused)
    with home.store.writing() as connection:
        (entry,) = home.ledger.append(connection, [Said(body, "restore", contents.name, actor)])
    return entry.seq


def _put(room: Path, to: Path, disk: Disk) -> None:
    """Give the home its place; from here on it is one."""
    room.replace(to)
    disk.sync_folder(to.absolute().parent)
    for name in (MARK, MARK_LOCK):
        disk.remove(to / name)
