"""A home: the folder where one world's record lives, and everything that is needed to write to it and read from it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import orjson
from sqlalchemy import Connection, select

from goodstanding.book import World
from goodstanding.errors import RecordError, StoreError, TamperError
from goodstanding.record.clock import Clock, Recorder
from goodstanding.record.disk import PART, Disk, RealDisk
from goodstanding.record.keys import Keys
from goodstanding.record.ledger import Ledger, Said, kinds
from goodstanding.record.ledger.entries import told_by
from goodstanding.record.ledger.entries.events import SegmentSealed
from goodstanding.record.ledger.entries.homes import HomeOpened
from goodstanding.record.locking import Lock
from goodstanding.record.nameplate import Nameplate
from goodstanding.record.notes import Signer
from goodstanding.record.store import Store, create_store, entry, open_store
from goodstanding.record.store.postgresql import without_password
from goodstanding.record.store.sqlite import Connect
from goodstanding.record.vault.people import People
from goodstanding.record.vault.vault import FOLDER as VAULT
from goodstanding.record.vault.vault import Vault

RECORD = "record.db"
SEGMENTS = "segments"
FOLDERS = (VAULT, SEGMENTS, "known", "runs", "policies")
"""The folders that a new home has; `book` is made when a book is first derived."""

DATABASE = "GOODSTANDING_DATABASE_URL"
"""The variable of the environment whose URL, perhaps with a password, is taken instead of the one in `home.yaml`."""

REAL_DISK = RealDisk()


@dataclass(eq=False)
class Home:
    """One world's record, opened.

    One process at a time has a home open for writing (a lock on the folder, and a number in the store); any number of
    them may read meanwhile. It is a context manager, and must be closed.

    Attributes:
        origin: the name that heads of its ledger are signed under.
        people: who there is; as many as the ledger knows of.
        recorder: gives out the moments at which things reach the record.
        held: what is let go of when the home is closed.
        swept: files that no entry speaks of, left by a process that was stopped, and taken away on opening.
    """

    folder: Path
    world: World
    origin: str
    store: Store
    ledger: Ledger
    people: People
    vault: Vault
    keys: Keys
    signer: Signer
    recorder: Recorder
    disk: Disk
    swept: tuple[str, ...] = ()
    held: ExitStack = field(default_factory=ExitStack, repr=False)

    @classmethod
    def create(
        cls,
        folder: Path,
        *,
        world: World,
        database: str | None = None,
        clock: Clock,
        disk: Disk = REAL_DISK,
        actor: str = "init",
        connect: Connect | None = None,
    ) -> Home:
        """Make a home, whole or not at all, and open it.

        Args:
            folder: one that is not there yet, or is empty.
            database: a URL of PostgreSQL, its database empty; None: SQLite in the folder.
            actor: on whose word, as the ledger's first entry says.

        Raises:
            RecordError: the folder holds something already.
            StoreError: the database does, cannot be reached, or whoever connects may not make what a home needs.
        """
        plate = Nameplate.make(world, without_password(database) if database else None)
        keys = Keys.make()
        opened = HomeOpened(world, plate.origin, plate.layout, Signer(plate.origin, keys.signing).verifier.vkey)

        def first(store: Store, connection: Connection) -> None:
            """Within the transaction that makes the tables, so that there is no home without its first entry."""
            said = Said(opened, "home", "opened", actor)
            Ledger(store, Recorder(clock, 0)).append(connection, [said])
            plate.write(folder, disk)

        with _removed_if_it_fails(folder, disk):
            for name in FOLDERS:
                disk.make_folder(folder / name)
            keys.write(folder, disk)
            facts = {"world": world, "origin": plate.origin}
            Vault.make(folder / VAULT, connect)
            create_store(database or folder / RECORD, facts, then=first, connect=connect).close()
            disk.sync_folder(folder)
        return cls.open(folder, clock=clock, disk=disk, database=database, connect=connect)

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        clock: Clock,
        disk: Disk = REAL_DISK,
        read_only: bool = False,
        database: str | None = None,
        connect: Connect | None = None,
    ) -> Home:
        """Open a home; for writing, what a stopped process left behind is taken away first.

        Args:
            database: a URL that is taken instead of the one in `home.yaml`; so is that of the environment's variable
                GOODSTANDING_DATABASE_URL.
            connect: opens SQLite's files in another manner; tests put a disk that loses power beneath them.

        Raises:
            RecordError: it is no home, or another process writes to it.
            StoreError: its store cannot be reached, or is of another version.
            TamperError: what it says of itself does not agree.
        """
        plate = Nameplate.read(folder)
        with ExitStack() as opening:
            if not read_only:
                opening.callback(Lock(folder).close)
            store = open_store(where(folder, plate, database), read_only=read_only, connect=connect)
            opening.callback(store.close)
            home = cls._of(folder, plate, store, clock, disk, read_only=read_only, connect=connect)
            opening.callback(home.vault.close)
            if not read_only:
                home.swept = tuple(_sweep(home))
                opening.callback(_save_table, home)
            home.held = opening.pop_all()
        return home

    @classmethod
    def _of(
        cls,
        folder: Path,
        plate: Nameplate,
        store: Store,
        clock: Clock,
        disk: Disk,
        *,
        read_only: bool,
        connect: Connect | None,
    ) -> Self:
        """Put together what a home is made of; nothing is changed before it is known to be this home's."""
        keys = Keys.read(folder)
        recorder = Recorder(clock, 0)
        ledger = Ledger(store, recorder)
        _require_agreement(plate, store, ledger)
        recorder.not_before(ledger.head().recorded)
        if not read_only:
            store.take_over()
        people = People(folder / VAULT, disk, keys.hashing, people_known(store), read_only=read_only)
        vault = Vault.open(folder / VAULT, keys, people.key, read_only=read_only, connect=connect)
        signer = Signer(plate.origin, keys.signing)
        return cls(folder, plate.world, plate.origin, store, ledger, people, vault, keys, signer, recorder, disk)

    def close(self) -> None:
        """Let go of everything, so that another process may write."""
        self.held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()


def where(folder: Path, plate: Nameplate, database: str | None) -> str | Path:
    """The store of a home: its file, or a URL; one that is given goes first, then the environment's, then its own."""
    if plate.database is None:
        return folder / RECORD
    return database or os.environ.get(DATABASE) or plate.database


def _save_table(home: Home) -> None:
    """What makes opening faster is saved where it can be; not by one who was overtaken, whose people may be others."""
    with suppress(OSError, StoreError):
        home.store.require_place()
        home.people.save_table()


def _sweep(home: Home) -> Iterator[str]:
    """Take away what was being written when a process stopped, and segments that no entry speaks of."""
    sealed = {one.body["root"] for one in home.ledger.entries(kind=SegmentSealed.KIND)}
    parts = list(home.folder.rglob(f".*{PART}"))
    orphans = [path for path in (home.folder / SEGMENTS).iterdir() if path.name.partition(".")[0] not in sealed]
    for path in sorted({*parts, *orphans}):
        home.disk.remove(path)
        yield path.relative_to(home.folder).as_posix()


def people_known(store: Store) -> int:
    """How many people the ledger knows of, as the newest of the entries that say so has it."""
    saying = [name for name, kind in kinds().items() if any(one.name == "people_known" for one in told_by(kind))]
    with store.reading() as connection:
        newest = [
            connection.scalar(select(entry.c.body).where(entry.c.kind == name).order_by(entry.c.seq.desc()).limit(1))
            for name in saying
        ]
    return max((int(orjson.loads(body)["people_known"]) for body in newest if body is not None), default=0)


def _require_agreement(plate: Nameplate, store: Store, ledger: Ledger) -> None:
    """A home says in three places which one it is, and of which world: at the door, in its store, and in its ledger."""
    first = next(ledger.entries(0, 0), None)
    if first is None or first.kind != HomeOpened.KIND:
        raise TamperError(f"{store.place}: its ledger does not begin with {HomeOpened.KIND}; restore it from a backup")
    said = first.read(HomeOpened)
    facts = store.settings()
    for name, door, found, written in (
        ("world", plate.world, facts.get("world"), said.world),
        ("origin", plate.origin, facts.get("origin"), said.origin),
    ):
        if not door == found == written:
            raise TamperError(
                f"{store.place}: the {name} is {door} by home.yaml, {found} by the store and {written} by the ledger; "
                "this is another home's store, or one of the three was changed"
            )


@contextmanager
def _removed_if_it_fails(folder: Path, disk: Disk) -> Iterator[None]:
    """Of a home that could not be made, nothing stays: not the folder either, nor those above it, if they were made.

    Raises:
        RecordError: the folder holds something already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RecordError(f"{folder}: is there already, and not empty; name a new folder")
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    disk.make_folder(folder)
    try:
        yield
    except BaseException:
        for path in missing[-1:] or folder.iterdir():
            shutil.rmtree(path, ignore_errors=True)
            path.unlink(missing_ok=True)
        raise
