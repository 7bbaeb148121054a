"""The files of a home brought into a folder of backups: what lies there already and never changes is left alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from goodstanding.errors import RecordError, TamperError
from goodstanding.record.backup import tables
from goodstanding.record.backup.contents import FILES, SEGMENTS, Segment
from goodstanding.record.backup.snapshot import Snapshot
from goodstanding.record.deriving.books import FOLDER as BOOK
from goodstanding.record.disk import PART, Disk
from goodstanding.record.home import RECORD
from goodstanding.record.ingest.known import FOLDER as KNOWN
from goodstanding.record.keys import FOLDER as KEYS
from goodstanding.record.ledger.findings import Progress
from goodstanding.record.locking import FILE as LOCK
from goodstanding.record.nameplate import FILE as PLATE
from goodstanding.record.runs.keeping import RUNS
from goodstanding.record.segments import LEAVES, PARQUET, path_of, read_leaves
from goodstanding.record.vault.matching import FOLDER as DERIVED
from goodstanding.record.vault.people import END, ENDS, IDS, KEY, TABLE
from goodstanding.record.vault.people import KEYS as PEOPLES_KEYS
from goodstanding.record.vault.tables import FILE as VAULT_FILE
from goodstanding.record.vault.tables import metadata, open_file
from goodstanding.record.vault.vault import FOLDER as VAULT

PIECE: Final = 1 << 23
APART: Final = frozenset({BOOK, KNOWN, KEYS, RUNS, SEGMENTS, VAULT, LOCK, PLATE})
"""What of a home is derived, secret, or copied in a manner of its own."""


class UnderwayError(RecordError):
    """People are being erased just now."""


@dataclass(slots=True)
class Copied:
    """How much was copied: bytes, and segments that were there already."""

    bytes: int = 0
    there: int = 0


def copy_segments(disk: Disk, home: Path, to: Path, segments: Iterable[Segment], progress: Progress) -> Copied:
    """Bring segments into a folder of backups.

    Raises:
        UnderwayError: one was written anew meanwhile; or it is damaged, which looks the same.
        TamperError: leaves are missing, or are not those of the root.
    """
    done = Copied()
    wanted = [one for one in segments if not _is_there(to, one)]
    total = sum(one.bytes for one in wanted)
    for one in wanted:
        root = bytes.fromhex(one.root)
        leaves = path_of(home / SEGMENTS, root, LEAVES)
        if not (to / SEGMENTS / one.leaves).is_file():
            if read_leaves(leaves).root() != root:
                raise TamperError(f"{leaves}: not the leaves of its root; run `goodstanding ledger verify`")
            disk.write(to / SEGMENTS / one.leaves, [disk.read(leaves)])
        data = _read(disk, path_of(home / SEGMENTS, root, PARQUET), one.digest)
        disk.write(to / SEGMENTS / one.rows, [data])
        done.bytes += len(data)
        progress(done.bytes, max(total, done.bytes))
    done.there = len(list(segments)) - len(wanted)
    return done


def copy_files(disk: Disk, home: Path, to: Path, snapshot: Snapshot) -> dict[str, str]:
    """Bring the other files into a folder of backups; by path in the home the SHA-256 of each."""
    return {
        path.relative_to(home).as_posix(): _keep(disk, path, to / FILES)
        for path in (*_runs(home, snapshot.runs), *_others(home))
    }


def copy_vault(disk: Disk, vault: Path, to: Path, snapshot: Snapshot) -> tuple[dict[str, str], dict[str, str]]:
    """Write a vault out: the SHA-256 of each of its files, and of each of its tables.

    Raises:
        UnderwayError: somebody's erasure is not finished.
        TamperError: it holds fewer people than the ledger knows.
    """
    files = {name: _part(disk, vault / name, to / name, size) for name, size in _sizes(vault, snapshot.people)}
    _require_finished(to / PEOPLES_KEYS, snapshot.erased)
    for path in _walk(vault):
        name = path.relative_to(vault).as_posix()
        if name.partition("/")[0] not in {IDS, ENDS, PEOPLES_KEYS, TABLE, DERIVED} and not name.startswith(VAULT_FILE):
            disk.make_folder((to / name).parent)
            files[name] = _whole(disk, path, to / name)
    opened = open_file(vault, read_only=True)
    try:
        sums = {
            tables.name_of(table): tables.write(disk, to, table, tables.in_turn(opened, table))
            for table in metadata.sorted_tables
        }
    finally:
        opened.close()
    return files, sums


def copy_keys(disk: Disk, home: Path, to: Path) -> None:
    """Copy a home's keys into a folder.

    Raises:
        RecordError: other keys are there.
    """
    for path in _walk(home / KEYS):
        target = to / path.relative_to(home / KEYS)
        if not target.is_file():
            disk.make_folder(target.parent)
            disk.write(target, [disk.read(path)])
        elif disk.read(target) != disk.read(path):
            raise RecordError(f"{target}: another key is there; name a folder of this home's own")


def _is_there(to: Path, one: Segment) -> bool:
    return (to / SEGMENTS / one.rows).is_file() and (to / SEGMENTS / one.leaves).is_file()


def _read(disk: Disk, path: Path, digest: str) -> bytes:
    if not path.is_file():
        raise TamperError(f"{path}: missing; run `goodstanding ledger verify`")
    data = disk.read(path)
    if hashlib.sha256(data).hexdigest() != digest:
        raise UnderwayError(f"{path}: not as the ledger says: it is damaged, or somebody is being erased just now")
    return data


def _runs(home: Path, roots: Iterable[str]) -> list[Path]:
    """Results of runs that the ledger names; what it does not name would not be erased with whoever is in it."""
    paths = [home / RUNS / f"{root}.{ending}" for root in roots for ending in ("parquet", "leaves")]
    return [path for path in paths if path.is_file()]


def _others(home: Path) -> list[Path]:
    return [
        path
        for path in _walk(home)
        if path.relative_to(home).parts[0] not in APART and not path.name.startswith(RECORD)
    ]


def _walk(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(PART))


def _keep(disk: Disk, path: Path, to: Path) -> str:
    data = disk.read(path)
    digest = hashlib.sha256(data).hexdigest()
    if not (to / digest).is_file():
        disk.write(to / digest, [data])
    return digest


def _whole(disk: Disk, path: Path, to: Path) -> str:
    data = disk.read(path)
    disk.write(to, [data])
    return hashlib.sha256(data).hexdigest()


def _sizes(vault: Path, people: int) -> Iterator[tuple[str, int]]:
    """How much of the flat files belongs to the people whom the ledger knows."""
    ids = 0
    if people:
        with (vault / ENDS).open("rb") as file:
            file.seek((people - 1) * END)
            ids = int.from_bytes(file.read(END), "little")
    yield from ((IDS, ids), (ENDS, people * END), (PEOPLES_KEYS, people * KEY))


def _part(disk: Disk, path: Path, to: Path, size: int) -> str:
    """Copy the beginning of a file; its SHA-256."""
    summed = hashlib.sha256()

    def pieces() -> Iterator[bytes]:
        left = size
        if not left:
            return
        with path.open("rb") as file:
            while left:
                piece = file.read(min(left, PIECE))
                if not piece:
                    raise TamperError(f"{path}: {size - left:,} bytes; expected {size:,}; restore the vault")
                summed.update(piece)
                left -= len(piece)
                yield piece

    disk.write(to, pieces())
    return summed.hexdigest()


def _require_finished(keys: Path, erased: Iterable[int]) -> None:
    with keys.open("rb") as file:
        for slot in erased:
            file.seek(slot * KEY)
            if any(file.read(KEY)):
                raise UnderwayError(
                    f"{keys.name}: an erasure is not finished; finish it with `goodstanding erase HOME --finish`"
                )
