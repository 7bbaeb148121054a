"""The one way in which the record changes files: each call returns when what it did would outlive a power cut.

Whatever is written comes through a `Disk`, so that tests can put one in its place that loses power, runs full or lies.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Protocol, TypeAlias

from goodstanding.errors import RecordError

PART = ".part"
"""The ending of what is being written; such a file that nobody writes any more is swept away."""

Piece: TypeAlias = bytes | bytearray | memoryview


class Disk(Protocol):
    """What changes the files of a home; any of it may raise OSError."""

    def write(self, path: Path, chunks: Iterable[Piece]) -> None:
        """Make a file, whole or not at all; it takes the place of one that was there."""

    def append(self, path: Path, data: Piece, at: int) -> None:
        """Write at an offset and end the file there; bytes beyond, of an earlier try, are cut off."""

    def overwrite(self, path: Path, at: int, data: Piece) -> None:
        """Write over bytes that are there, in place: nothing of them stays."""

    def remove(self, path: Path) -> None:
        """Take a file away, if it is there."""

    def read(self, path: Path) -> bytes:
        """All bytes of a file."""

    def make_folder(self, path: Path) -> None:
        """Make a folder that only its owner may enter, and those above it, if they are not there."""

    def sync_folder(self, path: Path) -> None:
        """Wait until the names in a folder are on the disk."""


class RealDisk:
    """The disk of this machine."""

    def write(self, path: Path, chunks: Iterable[Piece]) -> None:
        """Make a file beside its place, wait until it is on the disk, then give it its name."""
        opened, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=PART, dir=path.parent)
        try:
            with open(opened, "wb") as file:  # noqa: PTH123 a descriptor has no path
                file.writelines(chunks)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
        self.sync_folder(path.parent)

    def append(self, path: Path, data: Piece, at: int) -> None:
        """Cut off what lies beyond, write, and wait until it is on the disk.

        Raises:
            RecordError: the file ends before the offset: somebody shortened it.
        """
        new = not path.exists()
        opened = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _require_length(path, opened, at)
            os.ftruncate(opened, at)
            _write_all(opened, data, at)
            os.fsync(opened)
        finally:
            os.close(opened)
        if new:
            self.sync_folder(path.parent)

    def overwrite(self, path: Path, at: int, data: Piece) -> None:
        """Write in place, and wait until it is on the disk.

        Raises:
            RecordError: not all of it lies within the file.
        """
        opened = os.open(path, os.O_RDWR)
        try:
            _require_length(path, opened, at + len(data))
            _write_all(opened, data, at)
            os.fsync(opened)
        finally:
            os.close(opened)

    def remove(self, path: Path) -> None:
        """Take a file away, and wait until its name is gone."""
        with suppress(FileNotFoundError):
            path.unlink()
            self.sync_folder(path.parent)

    def read(self, path: Path) -> bytes:
        """All bytes of a file."""
        return path.read_bytes()

    def make_folder(self, path: Path) -> None:
        """Make a folder, and wait until its name is on the disk."""
        if not path.is_dir():
            self.make_folder(path.parent)
            path.mkdir(mode=0o700)
            self.sync_folder(path.parent)

    def sync_folder(self, path: Path) -> None:
        """Wait until the names in a folder are on the disk."""
        opened = os.open(path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _require_length(path: Path, opened: int, least: int) -> None:
    length = os.fstat(opened).st_size
    if length < least:
        raise RecordError(f"{path}: {length:,} bytes; expected at least {least:,}; restore it from a backup")


def _write_all(opened: int, data: Piece, at: int) -> None:
    """A disk that runs full writes a part, and says so only when asked for the rest."""
    rest = memoryview(data).cast("B")
    while rest:
        written = os.pwrite(opened, rest, at)
        rest, at = rest[written:], at + written
