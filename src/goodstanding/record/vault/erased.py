"""`vault/erased.jsonl`: who was erased, a line each, in a file that is small enough to be kept everywhere.

Whoever restores an older backup needs it: what was erased since is erased again before anybody reads it. A line names
nobody; whom it means, only the keys of the home can tell, and nobody without them can make one that means somebody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from goodstanding.errors import RecordError
from goodstanding.record.disk import Disk

FILE: Final = "erased.jsonl"


@dataclass(frozen=True, slots=True)
class Erasure:
    """One person who was erased.

    Attributes:
        origin: the home; slot: the number that the person had there.
        tombstone: hex; the keyed hash of their public id.
        erased: when, in microseconds since 1970.
    """

    origin: str
    slot: int
    tombstone: str
    erased: int

    def line(self) -> bytes:
        """As it stands in the file."""
        return orjson.dumps(asdict(self), option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def note(disk: Disk, vault: Path, erasures: Iterable[Erasure]) -> None:
    """Add those that are not there yet; they are on the disk when this returns.

    Raises:
        RecordError: the file is not as it was written.
    """
    path = vault / FILE
    there = whole_lines(disk.read(path)) if path.is_file() else b""
    known = {one.tombstone for one in read(there, path)}
    new = {one.tombstone: one for one in erasures if one.tombstone not in known}
    if new:
        disk.append(path, b"".join(one.line() for one in new.values()), len(there))


def whole_lines(data: bytes) -> bytes:
    """All but a last line that a stopped process left half written."""
    return data[: data.rfind(b"\n") + 1]


def read(data: bytes, path: Path) -> list[Erasure]:
    """The lines of such a file.

    Raises:
        RecordError: a line is none.
    """
    return [_read(line, f"{path}:{number}") for number, line in enumerate(data.splitlines(), 1)]


def _read(line: bytes, where: str) -> Erasure:
    try:
        said: dict[str, Any] = orjson.loads(line)
        found = Erasure(**said)
        sound = type(found.slot) is type(found.erased) is int and len(bytes.fromhex(found.tombstone)) == 32  # noqa: PLR2004 SHA-256
    except (ValueError, TypeError):
        sound = False
    if not sound:
        raise RecordError(f"{where}: no erasure; expected a line as a home's vault/{FILE} has them")
    return found
