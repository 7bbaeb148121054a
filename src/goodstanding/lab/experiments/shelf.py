"""Where policies and experiments are found by name: those that are shipped, the invented scorers, files."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Final

from goodstanding.document.nodes import did_you_mean, one_of, quoted
from goodstanding.errors import InputError, PolicyError, Problem
from goodstanding.policy import Policy, load
from goodstanding.policy import shipped as shipped_policies

ROOM: Final = "goodstanding.lab.experiments"
ENDING: Final = ".yaml"


def scorers() -> dict[str, Path]:
    """The invented commercial scorers, by name (`scorer-b` and on)."""
    return _documents("scorers")


def shipped() -> dict[str, Path]:
    """The experiments that come with this package, by name."""
    return _documents("shipped")


def found_experiment(name: str) -> Path:
    """The file of an experiment: a path, or the name of a shipped one where there is no such file.

    Raises:
        InputError: there is none.
    """
    if Path(name).is_file():
        return Path(name)
    known = shipped()
    if name not in known:
        expected = f"a file, or a shipped experiment: {one_of(known)}"
        hint = did_you_mean(name, known)
        raise InputError([Problem(name, None, "there is no such experiment", expected, None, hint)])
    return known[name]


def _documents(folder: str) -> dict[str, Path]:
    there = Path(str(files(ROOM) / folder))
    return {path.stem: path for path in sorted(there.glob(f"*{ENDING}"))}


@dataclass(frozen=True, slots=True)
class Shelf:
    """Policies by name or file, each read once.

    Attributes:
        folder: where files are looked for first: beside the experiment.
        files: those that were read, by the name that was asked for, with their text.
    """

    folder: Path
    files: dict[str, str] = field(default_factory=dict)
    _read: dict[str, Policy] = field(default_factory=dict)

    def policy(self, name: str, others: Collection[str] = ()) -> Policy:
        """A policy: an invented scorer, a file, or a shipped one.

        Args:
            others: names that would have done as well, for messages.

        Raises:
            PolicyError: there is none, or it is at fault.
        """
        if name not in self._read:
            path = self._path(name, others)
            self._read[name] = load(path)
            if path not in (name, scorers().get(name)):
                self.files[name] = Path(path).read_text(encoding="utf-8")
        return self._read[name]

    def _path(self, name: str, others: Collection[str]) -> str | Path:
        invented = scorers()
        if name in invented:
            return invented[name]
        for path in (self.folder / name, Path(name)):
            if path.is_file():
                return path.absolute()
        known = (*shipped_policies(), *invented, *others)
        if name not in shipped_policies():
            found, hint = f"there is no policy {quoted(name)}", did_you_mean(name, known)
            raise PolicyError([Problem(name, None, found, f"a file, or {one_of(known)}", None, hint)])
        return name
