"""Filling a home from a backup: its files, each held against the sum that was signed for, and its tables."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pyarrow import parquet
from sqlalchemy import Connection

from goodstanding.errors import TamperError
from goodstanding.record.backup import tables
from goodstanding.record.backup.contents import FILES, SEGMENTS, Contents, checked
from goodstanding.record.backup.copying import PIECE
from goodstanding.record.backup.snapshot import NAMING, OPEN
from goodstanding.record.disk import Disk
from goodstanding.record.home import FOLDERS, RECORD
from goodstanding.record.keys import FOLDER as KEYS
from goodstanding.record.segments import LEAVES, PARQUET
from goodstanding.record.store import head, settings
from goodstanding.record.store.sqlite import WRITING
from goodstanding.record.vault.tables import make_file, metadata
from goodstanding.record.vault.vault import FOLDER as VAULT

MARK: Final = "restoring.json"
MARK_LOCK: Final = "restoring.lock"
BY: Final = "restored"
"""The setting that says which restore made a store; that of an earlier one is left behind."""


def fill(disk: Disk, room: Path, place: Path, vault: Path, keys: Path, contents: Contents, naming: Contents) -> None:
    """Bring all files into a home; whatever an earlier try left there goes, but for its store.

    Raises:
        TamperError: one is missing in the backup, or not as it was written.
    """
    _clear(room)
    for name in FOLDERS:
        disk.make_folder(room / name)
    for path in sorted(path for path in keys.rglob("*") if path.is_file()):
        disk.make_folder((room / KEYS / path.relative_to(keys)).parent)
        disk.write(room / KEYS / path.relative_to(keys), [disk.read(path)])
    for one in contents.segments:
        shelf = place.parent / SEGMENTS
        disk.write(room / SEGMENTS / f"{one.root}{LEAVES}", [_read(disk, shelf / one.leaves)])
        disk.write(
            room / SEGMENTS / f"{one.root}{PARQUET}",
            [checked(_read(disk, shelf / one.rows), shelf / one.rows, one.digest)],
        )
    for name, digest in contents.files.items():
        _copy(disk, place.parent / FILES / digest, _within(room, name), digest)
    for name, digest in naming.files.items():
        _copy(disk, vault / name, _within(room / VAULT, name), digest)
    _fill_vault(room / VAULT, vault, naming)


def load(connection: Connection, place: Path, vault: Path, contents: Contents, naming: Contents) -> None:
    """Fill the tables of a store, within the transaction that makes them.

    Raises:
        TamperError: a file is missing, or not as it was written.
    """
    for table in OPEN:
        path, digest = tables.path_of(place, table.name), contents.tables[table.name]
        if table is head:
            (row,) = parquet.read_table(tables.checked_file(path, digest)).to_pylist()
            connection.execute(head.update().values(**row))
        else:
            tables.load(path, digest, connection, table, _but_token if table is settings else tables.all_of)
    for table in NAMING:
        tables.load(tables.path_of(vault, table.name), naming.tables[table.name], connection, table)


def _but_token(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["key"] != BY]


def _clear(room: Path) -> None:
    for path in room.iterdir():
        if path.name in {MARK, MARK_LOCK} or path.name.startswith(RECORD):
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _fill_vault(room: Path, vault: Path, naming: Contents) -> None:
    made = make_file(room)
    try:
        with made.transaction({WRITING: True}) as connection:
            for table in metadata.sorted_tables:
                tables.load(tables.path_of(vault, table.name), naming.tables[table.name], connection, table)
    finally:
        made.close()


def _within(folder: Path, name: str) -> Path:
    """A file of the home by its path there.

    Raises:
        TamperError: the path leads out of it.
    """
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise TamperError(f"{name}: leads out of the home; the backup was changed")
    return path


def _read(disk: Disk, path: Path) -> bytes:
    if not path.is_file():
        raise TamperError(f"{path}: missing; restore from another backup")
    return disk.read(path)


def _copy(disk: Disk, path: Path, to: Path, digest: str) -> None:
    """Copy a file, and see on the way that it is what was written."""
    if not path.is_file():
        raise TamperError(f"{path}: missing; restore from another backup")
    summed = hashlib.sha256()

    def pieces() -> Iterator[bytes]:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                summed.update(piece)
                yield piece
        if summed.hexdigest() != digest:
            raise TamperError(
                f"{path}: its SHA-256 is {summed.hexdigest()}; expected {digest}; restore from another backup"
            )

    disk.make_folder(to.parent)
    disk.write(to, pieces())
