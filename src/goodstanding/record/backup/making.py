"""Making a backup, of a home in which another process may be writing.

The store is read in one transaction, and what its ledger names is copied afterwards: files that an entry names are on
the disk before it, and change only when somebody is erased. So if somebody was erased meanwhile, it is done again.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sqlalchemy import select

from goodstanding.errors import RecordError
from goodstanding.events import format_moment
from goodstanding.record.backup.contents import CONTENTS, FILES, SEGMENTS, VAULT, Contents, origin_of
from goodstanding.record.backup.copying import (
    Copied,
    UnderwayError,
    copy_files,
    copy_keys,
    copy_segments,
    copy_vault,
)
from goodstanding.record.backup.snapshot import Snapshot
from goodstanding.record.backup.work import Folders, Work
from goodstanding.record.clock import Recorder
from goodstanding.record.disk import PART
from goodstanding.record.home import where
from goodstanding.record.keys import Keys
from goodstanding.record.ledger import Ledger, Said
from goodstanding.record.ledger.entries.backups import BackupMade
from goodstanding.record.locking import Lock
from goodstanding.record.nameplate import Nameplate
from goodstanding.record.notes import Checkpoint, Signer
from goodstanding.record.store import Store, entry, open_store
from goodstanding.record.vault.tables import VERSION
from goodstanding.record.vault.vault import FOLDER as HOMES_VAULT

NAME: Final = re.compile(r"[0-9]{8}T[0-9]{6}-[0-9]{6}")
TRIES: Final = 5
"""How often a backup is begun again because somebody was erased meanwhile."""
ABOUT_PEOPLE: Final = "person."
"""What kinds of entry begin with that change what lies in the vault, and perhaps segments."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made.

    Attributes:
        size, root: how much of the ledger it holds, and the root of it, hex.
        copied: bytes of segments that were not in the folder yet; there: segments that were.
        entry: the number of the entry that says so.
    """

    name: str
    folder: Path
    vault: Path
    size: int
    root: str
    people: int
    segments: int
    there: int
    copied: int
    entry: int


def backup(home: Path, folders: Folders, work: Work, *, database: str | None = None) -> Made:
    """Make a backup of a home into folders that may hold others of it; the ledger says so afterwards.

    Args:
        work: its progress is told bytes of segments copied, and how many there are.
        database: a URL that is taken instead of the home's own.

    Raises:
        RecordError: no home; a folder that cannot be used; another backup is being made; people are being erased.
        StoreError: the store cannot be reached or written.
        TamperError: something of the home is damaged, or is missing.
    """
    vault = folders.vault or folders.record / VAULT
    making = _Making(home, folders.record, vault, Nameplate.read(home), Keys.read(home), work)
    making.require_usable()
    if folders.keys is not None:
        _require_outside(home, folders.keys)
        copy_keys(work.disk, home, folders.keys)
    with making.folders(), closing(open_store(where(home, making.plate, database))) as store:
        contents, copied = making.written(store)
        said = _said(contents, making.signer)
        with store.writing() as connection:
            (entered,) = Ledger(store, Recorder(work.clock, 0)).append(
                connection, [Said(said, "backup", contents.name, work.actor)]
            )
    return Made(
        name=contents.name,
        folder=folders.record / contents.name,
        vault=vault / contents.name,
        size=said.size,
        root=said.root,
        people=said.people,
        segments=said.segments,
        there=copied.there,
        copied=copied.bytes,
        entry=entered.seq,
    )


@dataclass(frozen=True, slots=True)
class _Making:
    """One home on its way into folders."""

    home: Path
    to: Path
    vault: Path
    plate: Nameplate
    keys: Keys
    work: Work

    @property
    def signer(self) -> Signer:
        """The home's key."""
        return Signer(self.plate.origin, self.keys.signing)

    def require_usable(self) -> None:
        """See that nothing is lost by a backup into these folders, and that it would not be lost with the home."""
        for folder in (self.to, self.vault):
            _require_outside(self.home, folder)
            if (other := origin_of(folder)) not in {None, self.plate.origin}:
                raise RecordError(f"{folder}: holds backups of {other}; every home has a folder of its own")

    @contextmanager
    def folders(self) -> Iterator[None]:
        """Make the folders, hold them, and take away what a stopped process left."""
        with ExitStack() as held:
            for folder in (self.to, self.to / SEGMENTS, self.to / FILES, self.vault):
                self.work.disk.make_folder(folder)
            for folder in (self.to, self.vault):
                held.callback(Lock(folder).close)
                _sweep(folder)
            yield

    def written(self, store: Store) -> tuple[Contents, Copied]:
        """Write a backup, again if somebody is erased meanwhile."""
        told: UnderwayError | None = None
        for _ in range(TRIES):
            try:
                return self._try(store)
            except (UnderwayError, FileNotFoundError) as fault:
                told = fault if isinstance(fault, UnderwayError) else UnderwayError(f"{fault.filename}: went meanwhile")
                _sweep(self.to)
                _sweep(self.vault)
        assert told is not None
        raise told

    def _try(self, store: Store) -> tuple[Contents, Copied]:
        made = max(self.work.clock(), Ledger(store, Recorder(self.work.clock, 0)).head().recorded + 1)
        name = f"{re.sub('[-:Z]', '', format_moment(made)[:19])}-{made % 1_000_000:06}"
        record, vault = self.to / name, self.vault / name
        self.work.disk.make_folder(record)
        self.work.disk.make_folder(vault)
        snapshot = Snapshot.take(store, self.work.disk, record, vault)
        copied = copy_segments(self.work.disk, self.home, self.to, snapshot.segments, self.work.progress)
        files = copy_files(self.work.disk, self.home, self.to, snapshot)
        theirs, sums = copy_vault(self.work.disk, self.home / HOMES_VAULT, vault, snapshot)
        _require_quiet(store, snapshot.frontier.size)
        contents = self._contents(name, made, snapshot, files)
        other = replace(contents, part="vault", files=theirs, tables={**snapshot.naming, **sums}, segments=())
        self.work.disk.write(vault / CONTENTS, [other.signed(self.signer)])
        self.work.disk.write(record / CONTENTS, [contents.signed(self.signer)])
        return contents, copied

    def _contents(self, name: str, made: int, snapshot: Snapshot, files: dict[str, str]) -> Contents:
        size, root = snapshot.frontier.size, snapshot.frontier.root()
        return Contents(
            part="record",
            name=name,
            world=self.plate.world,
            origin=self.plate.origin,
            layout=self.plate.layout,
            schema=snapshot.schema,
            vault=VERSION,
            made=made,
            size=size,
            root=root.hex(),
            head=str(self.signer.sign(Checkpoint(self.plate.origin, size, root).text())),
            people=snapshot.people,
            tables=snapshot.opened,
            files=files,
            segments=snapshot.segments,
        )


def _said(contents: Contents, signer: Signer) -> BackupMade:
    digest = hashlib.sha256(contents.signed(signer)).hexdigest()  # Ed25519 signs alike each time
    return BackupMade(contents.name, contents.size, contents.root, len(contents.segments), contents.people, digest)


def _require_quiet(store: Store, size: int) -> None:
    """Nothing that changes the vault was said since the snapshot."""
    since = select(entry.c.kind).where(entry.c.seq >= size, entry.c.kind.startswith(ABOUT_PEOPLE)).limit(1)
    with store.reading() as connection:
        if connection.scalar(since) is not None:
            raise UnderwayError("people were erased, linked or merged while the backup was made; make it again")


def _require_outside(home: Path, folder: Path) -> None:
    if folder.resolve().is_relative_to(home.resolve()):
        raise RecordError(f"{folder}: lies within the home, and would be lost with it; name a folder outside")


def _sweep(folder: Path) -> None:
    """Take away backups that are not whole, and files that were being written."""
    for path in folder.iterdir():
        if NAME.fullmatch(path.name) and not (path / CONTENTS).is_file():
            shutil.rmtree(path)
    for part in folder.rglob(f".*{PART}"):
        part.unlink()
