"""A model of a disk that may lose power: what was written, and what of it would still be there.

Whoever writes tells it every call; it keeps them in order, with what was acknowledged to somebody in between. Then the
power can be cut after any call: of what was written to a file and not synced, each sector of 512 bytes is there or is
not; of names that were made, moved or taken away in a folder that was not synced, each is or is not. What was synced
is there. A file whose name is there and whose bytes are not holds zeros.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

SECTOR: Final = 512
MANNERS: Final = ("nothing", "everything", "names", "bytes", "torn", "torn")
"""What is left of what was not synced: nothing; everything; names alone; bytes alone; any of it."""

Folder = None
"""What a name stands for that is a folder's."""


@dataclass(frozen=True, slots=True)
class Wrote:
    """Bytes were written to a file at an offset."""

    file: int
    at: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Ended:
    """A file was made to end at an offset."""

    file: int
    at: int


@dataclass(frozen=True, slots=True)
class Named:
    """Names of one folder changed together: each now stands for a file, for a folder, or for nothing (-1)."""

    names: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Synced:
    """A file was synced, and perhaps the folder of a name."""

    file: int | None
    folder: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """Syncing a file failed: what was written to it since is as if it were written, and each piece may never be."""

    file: int


@dataclass(frozen=True, slots=True)
class Told:
    """Something was acknowledged: from now on it must outlive whatever happens."""

    what: Any


Call = Wrote | Ended | Named | Synced | Failed | Told
GONE: Final = -1


class Platter:
    """All calls that changed the files of a folder, in order.

    Args:
        folder: outside of it nothing is told.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls: list[Call] = []
        self._names: dict[str, int | None] = {}
        self._files = 0

    def name_of(self, path: Path | str) -> str | None:
        """What a path is called within the folder; None: it lies outside."""
        name = os.path.relpath(os.fspath(path), self.folder)
        return None if name.startswith("..") else name

    def opened(self, name: str) -> int:
        """The file of a name, which is made if it is not there."""
        file = self._names.get(name)
        if file is None:
            file, self._files = self._files, self._files + 1
            self._change((name, file))
        return file

    def is_there(self, name: str) -> bool:
        """Whether a file has the name."""
        return name in self._names

    def wrote(self, file: int, at: int, data: bytes) -> None:
        """Bytes were written."""
        self.calls.append(Wrote(file, at, data))

    def ended(self, file: int, at: int) -> None:
        """A file was cut off, or made longer."""
        self.calls.append(Ended(file, at))

    def synced(self, file: int) -> None:
        """A file was synced."""
        self.calls.append(Synced(file))

    def failed(self, file: int) -> None:
        """Syncing a file failed."""
        self.calls.append(Failed(file))

    def folder_synced(self, name: str) -> None:
        """The names in a folder were synced."""
        self.calls.append(Synced(None, name))

    def made_folder(self, name: str) -> None:
        """A folder was made."""
        self._change((name, Folder))

    def moved(self, name: str, to: str) -> None:
        """A file was given another name."""
        self._change((to, self._names[name]), (name, GONE))

    def removed(self, name: str) -> None:
        """A name was taken away."""
        self._change((name, GONE))

    def told(self, what: Any) -> None:
        """Something was acknowledged."""
        self.calls.append(Told(what))

    def _change(self, *names: tuple[str, int | None]) -> None:
        for name, file in names:
            if file == GONE:
                self._names.pop(name, None)
            else:
                self._names[name] = file
        self.calls.append(Named(names))

    def began_with(self, files: Mapping[str, bytes | None]) -> None:
        """Take note of what lies in the folder already, all of it safe."""
        for name, data in sorted(files.items()):
            if data is None:
                self.made_folder(name)
            else:
                file = self.opened(name)
                self.wrote(file, 0, data)
                self.synced(file)
            self.folder_synced(os.path.dirname(name) or ".")  # noqa: PTH120 names, not paths

    def cut(self, moment: int, chance: random.Random) -> Cut:
        """The power cut after so many calls."""
        surface, manner = Surface(chance), chance.choice(MANNERS)
        surface.take(self.calls[:moment])
        return Cut(moment, manner, surface.left(manner, chance), list(surface.told))

    def cuts(self, many: int, chance: random.Random, first: int = 0) -> Iterator[Cut]:
        """The power cut at so many moments, in order, none of them before a number of calls."""
        moments = sorted(chance.randint(first, len(self.calls)) for _ in range(many))
        surface, done = Surface(chance), 0
        for moment in moments:
            surface.take(self.calls[done:moment])
            done = moment
            manner = chance.choice(MANNERS)
            yield Cut(moment, manner, surface.left(manner, chance), list(surface.told))


@dataclass(frozen=True, slots=True)
class Cut:
    """The power failed.

    Attributes:
        moment: after so many calls.
        files: what is there, by name; None: a folder.
        told: what had been acknowledged.
    """

    moment: int
    manner: str
    files: dict[str, bytes | None]
    told: list[Any]

    def lay_out(self, folder: Path) -> None:
        """Put what is there into a folder, which is made."""
        folder.mkdir(mode=0o700, parents=True)
        for name, data in sorted(self.files.items()):
            path = folder / name
            if data is None:
                path.mkdir(mode=0o700, exist_ok=True)
                continue
            opened = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
            os.write(opened, data)
            os.close(opened)


@dataclass(slots=True)
class _File:
    """The bytes of a file that would outlive anything, and what was done to it since."""

    data: bytearray = field(default_factory=bytearray)
    since: list[Wrote | Ended] = field(default_factory=list)

    def sync(self) -> None:
        for call in self.since:
            _do(self.data, call)
        self.since.clear()

    def lose(self, chance: random.Random) -> None:
        self.since = [call for call in self.since if isinstance(call, Ended) or chance.random() < 1 / 2]


class Surface:
    """What is on the disk at one moment.

    Attributes:
        told: what was acknowledged so far.
    """

    def __init__(self, chance: random.Random) -> None:
        self.told: list[Any] = []
        self._chance = chance
        self._files: dict[int, _File] = {}
        self._names: dict[str, int | None] = {}
        self._since: list[Named] = []

    def take(self, calls: Sequence[Call]) -> None:
        """Go on by some calls."""
        for call in calls:
            match call:
                case Wrote(file) | Ended(file):
                    self._files.setdefault(file, _File()).since.append(call)
                case Named():
                    self._since.append(call)
                case Synced(file, folder):
                    self._sync(file, folder)
                case Failed(file):
                    self._files.setdefault(file, _File()).lose(self._chance)
                case Told(what):
                    self.told.append(what)

    def _sync(self, file: int | None, folder: str | None) -> None:
        if file is not None:
            self._files.setdefault(file, _File()).sync()
        if folder is None:
            return
        rest = []
        for call in self._since:
            if _folder_of(call) == folder:
                _name(self._names, call)
            else:
                rest.append(call)
        self._since = rest

    def left(self, manner: str, chance: random.Random) -> dict[str, bytes | None]:
        """What would be left if the power failed now."""
        names = dict(self._names)
        for call in self._since:
            if manner in {"everything", "names"} or (manner == "torn" and chance.random() < 1 / 2):
                _name(names, call)
        there = {name: file for name, file in names.items() if _has_folder(name, names)}
        return {name: None if file is Folder else self._bytes(file, manner, chance) for name, file in there.items()}

    def _bytes(self, file: int, manner: str, chance: random.Random) -> bytes:
        found = self._files.get(file, _File())
        data = bytearray(found.data)
        for call in found.since:
            if manner in {"everything", "bytes"}:
                _do(data, call)
            elif manner == "torn":
                _do_in_part(data, call, chance)
            elif manner == "names" and isinstance(call, Wrote):
                data.extend(bytes(max(call.at + len(call.data) - len(data), 0)))
        return bytes(data)


def _folder_of(call: Named) -> str:
    return os.path.dirname(call.names[0][0]) or "."  # noqa: PTH120 names, not paths, and many of them


def _has_folder(name: str, names: dict[str, int | None]) -> bool:
    above = os.path.dirname(name)  # noqa: PTH120 the same
    return not above or (above in names and _has_folder(above, names))


def _name(names: dict[str, int | None], call: Named) -> None:
    for name, file in call.names:
        if file == GONE:
            names.pop(name, None)
        else:
            names[name] = file


def _do(data: bytearray, call: Wrote | Ended) -> None:
    if isinstance(call, Ended):
        del data[call.at :]
        data.extend(bytes(call.at - len(data)))
        return
    data.extend(bytes(max(call.at - len(data), 0)))
    data[call.at : call.at + len(call.data)] = call.data


def _do_in_part(data: bytearray, call: Wrote | Ended, chance: random.Random) -> None:
    """Some of its sectors; the length may be there though the bytes are not."""
    if isinstance(call, Ended):
        if chance.random() < 1 / 2:
            _do(data, call)
        return
    at, end = call.at, call.at + len(call.data)
    while at < end:
        after = min((at // SECTOR + 1) * SECTOR, end)
        if chance.random() < 1 / 2:
            _do(data, Wrote(call.file, at, call.data[at - call.at : after - call.at]))
        at = after
