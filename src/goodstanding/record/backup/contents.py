"""What a backup holds, as it says itself: a list with the sum of every file, signed by the home's key.

A backup lies in a folder with others of the same home, and shares with them what never changes:

    FOLDER/segments/ROOT.leaves, ROOT.DIGEST.parquet    segments; two of one root where somebody was erased between
    FOLDER/files/DIGEST                                 results of runs, policies and the like, named by their SHA-256
    FOLDER/NAME/contents.txt, NAME/*.parquet            one backup: its list of contents, and the tables of its store
    VAULT/NAME/contents.txt, people.*, *.parquet, …     who is who, apart, so that it can be thrown away sooner

Tables are Parquet, whatever store they came from. Keys are in neither.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import orjson

from goodstanding.book import World
from goodstanding.errors import RecordError, TamperError
from goodstanding.record.notes import Note, NoteError, Signer, Verifier

FORMAT: Final = 1
CONTENTS: Final = "contents.txt"
SEGMENTS, FILES, VAULT = "segments", "files", "vault"
Part: TypeAlias = Literal["record", "vault"]


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its root, the SHA-256 of its file as of the backup, and the size of that; the names are hex."""

    root: str
    digest: str
    bytes: int

    @property
    def rows(self) -> str:
        """The name of its rows in a folder of backups."""
        return f"{self.root}.{self.digest}.parquet"

    @property
    def leaves(self) -> str:
        """The name of its leaves, there and in a home."""
        return f"{self.root}.leaves"


@dataclass(frozen=True, slots=True)
class Contents:
    """What one part of a backup holds.

    Attributes:
        name: of the backup.
        schema: of the store's tables; vault: the version of `vault.db`.
        made: when, in microseconds since 1970.
        size, root, head: how much of the ledger it holds, the root of it (hex), and a signed head that says both.
        people: how many people the home knew.
        tables: by name the SHA-256 of each table's file.
        files: by path in the home (or in its vault) the SHA-256 of each other file.
    """

    part: Part
    name: str
    world: World
    origin: str
    layout: int
    schema: str
    vault: int
    made: int
    size: int
    root: str
    head: str
    people: int
    tables: Mapping[str, str]
    files: Mapping[str, str]
    segments: tuple[Segment, ...] = field(default=())

    def signed(self, signer: Signer) -> bytes:
        """As it is written, with a signature under it."""
        told = {"goodstanding_backup": FORMAT, **asdict(self)}
        text = orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode()
        return str(signer.sign(f"{text}\n")).encode()

    @classmethod
    def read(cls, folder: Path, part: Part, seed: bytes) -> Contents:
        """What the backup of a folder says of itself, if the key of its home signed that.

        Args:
            seed: of the home's signing key.

        Raises:
            RecordError: there is no backup, or it is of another version.
            TamperError: it is not as it was written, or not under this key.
        """
        told, note = _told(folder)
        try:
            note.signed_by(Signer(told["origin"], seed).verifier)
            if told.pop("goodstanding_backup") != FORMAT:
                raise RecordError(f"{folder}: a backup of another version; restore it with the version that made it")
            segments = tuple(Segment(**one) for one in told.pop("segments"))
            found = cls(**told, segments=segments)
        except (NoteError, KeyError, TypeError) as fault:
            raise TamperError(
                f"{folder / CONTENTS}: {fault}; it was changed, or the keys are another home's"
            ) from fault
        if found.part != part:
            raise RecordError(f"{folder}: the {found.part} of a backup, and its {part} was expected here")
        return found


def origin_of(folder: Path) -> str | None:
    """Which home the backups in a folder are of; None: there are none."""
    newest = names(folder)
    return str(_told(folder / newest[-1])[0].get("origin")) if newest else None


def names(folder: Path) -> list[str]:
    """The backups in a folder that are whole, the oldest first."""
    return sorted(path.parent.name for path in folder.glob(f"*/{CONTENTS}"))


def _told(folder: Path) -> tuple[dict[str, Any], Note]:
    path = folder / CONTENTS
    if not path.is_file():
        raise RecordError(f"{folder}: no backup, or not a whole one: it has no {CONTENTS}")
    try:
        note = Note.parse(path.read_text("utf-8"))
        told: dict[str, Any] = dict(orjson.loads(note.text))
    except (ValueError, TypeError) as fault:
        raise TamperError(f"{path}: not as it was written ({fault})") from fault
    return told, note


def checked(data: bytes, path: Path, digest: str) -> bytes:
    """Bytes that are what was written.

    Raises:
        TamperError: their sum is another.
    """
    if (found := hashlib.sha256(data).hexdigest()) != digest:
        raise TamperError(f"{path}: its SHA-256 is {found}; expected {digest}; restore from another backup")
    return data


def verifier_of(contents: Contents, seed: bytes) -> Verifier:
    """The key that heads of the home are signed with."""
    return Signer(contents.origin, seed).verifier
