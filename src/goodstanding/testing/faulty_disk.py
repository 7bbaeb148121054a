"""A disk that loses power, runs full or fails, with the very order of calls that the real one has.

The files are really written, so that they can be mapped and read; nothing is really synced, which makes it fast. What
would be left if the power failed is told by the `Platter` beneath.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeAlias

from goodstanding.record.disk import Piece, RealDisk
from goodstanding.testing.platter import Platter

Doing: TypeAlias = Literal["open", "write", "end", "sync", "name"]
Trouble: TypeAlias = Callable[[Doing, str, int], None]
"""Asked before each call what goes wrong: the call, the file's name within the folder, and its bytes; it may raise."""


def no_trouble(_doing: Doing, _name: str, _bytes: int) -> None:
    """Nothing goes wrong."""


class FaultyDisk(RealDisk):
    """A disk beneath a folder.

    Args:
        trouble: what goes wrong; it can be set anew at any time.
    """

    def __init__(self, platter: Platter, trouble: Trouble = no_trouble) -> None:
        self.calls = FaultyCalls(platter, trouble)
        super().__init__(self.calls)


class FaultyCalls:
    """The calls of the system, told to a platter."""

    def __init__(self, platter: Platter, trouble: Trouble) -> None:
        self.platter = platter
        self.trouble = trouble
        self._opened: dict[int, tuple[str | None, int | None]] = {}

    def open(self, path: Path, flags: int, mode: int = 0o777) -> int:
        """Open a file or a folder."""
        name = self.platter.name_of(path)
        if name is not None:
            self.trouble("open", name, 0)
        opened = os.open(path, flags, mode)
        writing = name is not None and flags & (os.O_WRONLY | os.O_RDWR)
        self._opened[opened] = name, self.platter.opened(str(name)) if writing else None
        return opened

    def pwrite(self, opened: int, data: Piece, at: int) -> int:
        """Write at an offset."""
        name, file = self._opened[opened]
        piece = bytes(data)
        try:
            self._ask("write", name, len(piece))
        except OSError as fault:
            if fault.errno == errno.ENOSPC and file is not None:  # a part went in
                part = piece[: len(piece) // 2]
                os.pwrite(opened, part, at)
                self.platter.wrote(file, at, part)
            raise
        written = os.pwrite(opened, piece, at)
        if file is not None:
            self.platter.wrote(file, at, piece[:written])
        return written

    def ftruncate(self, opened: int, length: int) -> None:
        """End a file at an offset."""
        name, file = self._opened[opened]
        self._ask("end", name, 0)
        os.ftruncate(opened, length)
        if file is not None:
            self.platter.ended(file, length)

    def fsync(self, opened: int) -> None:
        """Nothing is waited for; from now on it would outlive a power cut."""
        name, file = self._opened[opened]
        try:
            self._ask("sync", name, 0)
        except OSError:
            if file is not None:
                self.platter.failed(file)
            raise
        if file is not None:
            self.platter.synced(file)
        elif name is not None:
            self.platter.folder_synced(name)

    def close(self, opened: int) -> None:
        """Let go of what was opened."""
        del self._opened[opened]
        os.close(opened)

    def replace(self, path: Path, to: Path) -> None:
        """Give a file another name."""
        name, new = self.platter.name_of(path), self.platter.name_of(to)
        self._ask("name", new, 0)
        path.replace(to)
        if name is not None and new is not None:
            self.platter.moved(name, new)

    def unlink(self, path: Path) -> None:
        """Take a name away."""
        name = self.platter.name_of(path)
        self._ask("name", name, 0)
        path.unlink()
        if name is not None:
            self.platter.removed(name)

    def mkdir(self, path: Path, mode: int = 0o777) -> None:
        """Make a folder."""
        name = self.platter.name_of(path)
        self._ask("name", name, 0)
        path.mkdir(mode)
        if name is not None:
            self.platter.made_folder(name)

    def _ask(self, doing: Doing, name: str | None, size: int) -> None:
        if name is not None:
            self.trouble(doing, name, size)
