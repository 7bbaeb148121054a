"""The one way in which the record changes files: each call returns when what it did would outlive a power cut.

Whatever is written comes through a `Disk`, so that tests can put one in its place that loses power, runs full or lies.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Final, Protocol, TypeAlias, cast

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


class Calls(Protocol):
    """What of the system a disk is made of, in the manner of `os`; any of it may raise OSError."""

    def open(self, path: Path, flags: int, mode: int = 0o777, /) -> int:
        """Open a file or a folder."""

    def pwrite(self, opened: int, data: Piece, at: int, /) -> int:
        """Write at an offset; how much was written."""

    def ftruncate(self, opened: int, length: int, /) -> None:
        """End a file at an offset."""

    def fsync(self, opened: int, /) -> None:
        """Wait until a file, or the names in a folder, are on the disk."""

    def close(self, opened: int, /) -> None:
        """Let go of what was opened."""

    def replace(self, path: Path, to: Path, /) -> None:
        """Give a file another name, in place of one that has it."""

    def unlink(self, path: Path, /) -> None:
        """Take a name away."""

    def mkdir(self, path: Path, mode: int = 0o777, /) -> None:
        """Make a folder."""


SYSTEM: Final[Calls] = cast("Calls", os)


class RealDisk:
    """The disk of this machine.

    Args:
        system: what it calls; tests put what loses power in its place, so that it is this order of calls that they try.
    """

    def __init__(self, system: Calls = SYSTEM) -> None:
        self._system = system

    def write(self, path: Path, chunks: Iterable[Piece]) -> None:
        """Make a file beside its place, wait until it is on the disk, then give it its name."""
        part = path.parent / f".{path.name}.{token_hex(8)}{PART}"
        opened = self._system.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            try:
                self._write_all(opened, chunks, 0)
                self._system.fsync(opened)
            finally:
                self._system.close(opened)
            self._system.replace(part, path)
        except BaseException:
            with suppress(OSError):
                self._system.unlink(part)
            raise
        self.sync_folder(path.parent)

    def append(self, path: Path, data: Piece, at: int) -> None:
        """Cut off what lies beyond, write, and wait until it is on the disk.

        Raises:
            RecordError: the file ends before the offset: somebody shortened it.
        """
        # A process may have been stopped after it made the file, and before its name was on the disk.
        new = not at or not path.exists()
        opened = self._system.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _require_length(path, opened, at)
            self._system.ftruncate(opened, at)
            self._write_all(opened, [data], at)
            self._system.fsync(opened)
        finally:
            self._system.close(opened)
        if new:
            self.sync_folder(path.parent)

    def overwrite(self, path: Path, at: int, data: Piece) -> None:
        """Write in place, and wait until it is on the disk.

        Raises:
            RecordError: not all of it lies within the file.
        """
        opened = self._system.open(path, os.O_RDWR)
        try:
            _require_length(path, opened, at + len(data))
            self._write_all(opened, [data], at)
            self._system.fsync(opened)
        finally:
            self._system.close(opened)

    def remove(self, path: Path) -> None:
        """Take a file away, and wait until its name is gone."""
        with suppress(FileNotFoundError):
            self._system.unlink(path)
            self.sync_folder(path.parent)

    def read(self, path: Path) -> bytes:
        """All bytes of a file."""
        return path.read_bytes()

    def make_folder(self, path: Path) -> None:
        """Make a folder, and wait until its name is on the disk."""
        if not path.is_dir():
            self.make_folder(path.parent)
            self._system.mkdir(path, 0o700)
            self.sync_folder(path.parent)

    def sync_folder(self, path: Path) -> None:
        """Wait until the names in a folder are on the disk."""
        opened = self._system.open(path, os.O_RDONLY)
        try:
            self._system.fsync(opened)
        finally:
            self._system.close(opened)

    def _write_all(self, opened: int, pieces: Iterable[Piece], at: int) -> None:
        """A disk that runs full writes a part, and says so only when asked for the rest."""
        for piece in pieces:
            rest = memoryview(piece).cast("B")
            while rest:
                written = self._system.pwrite(opened, rest, at)
                rest, at = rest[written:], at + written


def _require_length(path: Path, opened: int, least: int) -> None:
    length = os.fstat(opened).st_size
    if length < least:
        raise RecordError(f"{path}: {length:,} bytes; expected at least {least:,}; restore it from a backup")
