"""A home's three secrets: what signs its heads, what hides its ids and contents, what hides people's identifiers.

They lie in `HOME/keys`, and in no database: who copies a store or a segment has none of them. Without them the record
can be read and checked; but nothing can be added that the world would believe.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass, field, fields
from pathlib import Path
from secrets import token_bytes

from goodstanding.errors import RecordError
from goodstanding.record.disk import Disk

SIZE = 32
"""Bytes of each key."""

FOLDER = "keys"
ENDING = ".key"
OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets; printing them shows nothing.

    Attributes:
        signing: the seed of the Ed25519 key that signs heads of the ledger.
        hashing: the key of the hashes by which ids and contents are known again.
        identity: the key of the HMACs of national ids, phone numbers and the like.
    """

    signing: bytes = field(repr=False)
    hashing: bytes = field(repr=False)
    identity: bytes = field(repr=False)

    @classmethod
    def make(cls) -> Keys:
        """New ones."""
        return cls(*(token_bytes(SIZE) for _ in fields(cls)))

    def write(self, home: Path, disk: Disk) -> None:
        """Put them into a home, readable by its owner alone."""
        folder = home / FOLDER
        disk.make_folder(folder)
        for each in fields(self):
            disk.write(folder / f"{each.name}{ENDING}", [getattr(self, each.name)])

    @classmethod
    def read(cls, home: Path) -> Keys:
        """The keys of a home.

        Raises:
            RecordError: one is missing, of another length, or others may read it.
        """
        return cls(*(_read(home / FOLDER / f"{each.name}{ENDING}") for each in fields(cls)))


def _read(path: Path) -> bytes:
    try:
        key, mode = path.read_bytes(), path.stat().st_mode
    except FileNotFoundError:
        raise RecordError(f"{path}: not there; keys are backed up apart from the record: put it back") from None
    if len(key) != SIZE:
        raise RecordError(f"{path}: {len(key)} bytes; expected {SIZE}; put it back from the backup of the keys")
    if mode & OTHERS:
        raise RecordError(f"{path}: others may read it; keep it to yourself: chmod 600 {path}")
    return key
