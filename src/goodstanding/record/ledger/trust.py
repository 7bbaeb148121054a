"""Whose word a head needs: the log's own key, witnesses, and how many of them, in C2SP's form of such a file.

    log goodstanding/live/…+1f0a…+AY…
    witness court witness.example/court+da77ade7+BO… https://witness.example/court
    witness press witness.example/press+53c09e1f+BA… https://witness.example/press
    witness office witness.example/office+7a5d2f10+BC… /srv/witness
    group most 2 court press office
    quorum most

Source: c2sp.org/tlog-policy. An auditor brings a file of their own; a home's lies in `HOME/witnesses.txt`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from goodstanding.errors import Problem, RecordError
from goodstanding.record.notes import COSIGNED, SIGNED, NoteError, Verifier

FILE: Final = "witnesses.txt"
NONE: Final = "none"
"""The quorum that asks for nobody."""
WHOLE: Final = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class Witness:
    """Someone who cosigns heads: their name here, their key, and where they are asked (a URL, a folder, or "")."""

    name: str
    key: Verifier
    at: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses, or groups of them, of whom so many must have signed."""

    name: str
    least: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trust:
    """Who may sign heads, who witnesses them, and how many must have."""

    logs: tuple[Verifier, ...] = ()
    witnesses: Mapping[str, Witness] = field(default_factory=lambda: MappingProxyType({}))
    groups: Mapping[str, Group] = field(default_factory=lambda: MappingProxyType({}))
    quorum: str = NONE

    @classmethod
    def of(cls, log: Verifier, witnesses: Collection[Witness], least: int | None = None) -> Trust:
        """A quorum of so many of some witnesses; None: more than half.

        Raises:
            RecordError: two have the same key or name, or more are wanted than there are.
        """
        most = len(witnesses) // 2 + 1 if least is None else least
        lines = [f"log {log.vkey}", *(f"witness {one.name} {one.key.vkey} {one.at}".rstrip() for one in witnesses)]
        if witnesses and most:
            lines += [f"group most {most} {' '.join(one.name for one in witnesses)}", "quorum most"]
        else:
            lines.append(f"quorum {NONE}")
        return cls.parse("\n".join([*lines, ""]), "witnesses")

    @classmethod
    def read(cls, path: Path) -> Trust:
        """The file of that name.

        Raises:
            RecordError: it is not of this form; each line that is not.
        """
        return cls.parse(path.read_text(encoding="utf-8"), str(path))

    @classmethod
    def parse(cls, text: str, file: str) -> Trust:
        """The text of such a file.

        Raises:
            RecordError: it is not of this form; each line that is not.
        """
        reading = _Reading()
        problems = []
        for at, line in enumerate(text.split("\n"), 1):
            words = line.split()
            try:
                reading.line([] if words and words[0].startswith("#") else words)
            except ValueError as fault:
                problems.append(Problem(file, at, str(fault), "a line as c2sp.org/tlog-policy has it"))
        if not problems and reading.quorum is None:
            problems.append(Problem(file, None, "no line `quorum`", "one, such as `quorum none`"))
        if problems:
            raise RecordError(problems)
        return cls(tuple(reading.logs), dict(reading.witnesses), dict(reading.groups), reading.quorum or NONE)

    def __str__(self) -> str:
        """As it is kept in a file."""
        logs = [f"log {one.vkey}" for one in self.logs]
        witnesses = [f"witness {one.name} {one.key.vkey} {one.at}".rstrip() for one in self.witnesses.values()]
        groups = [f"group {one.name} {one.least} {' '.join(one.members)}" for one in self.groups.values()]
        return "\n".join([*logs, *witnesses, *groups, f"quorum {self.quorum}", ""])

    def enough(self, signed: Collection[str]) -> bool:
        """Whether witnesses of these names are enough."""
        return self.quorum == NONE or self._witnessed(self.quorum, signed)

    def _witnessed(self, name: str, signed: Collection[str]) -> bool:
        if name in self.witnesses:
            return name in signed
        group = self.groups[name]
        return sum(self._witnessed(member, signed) for member in group.members) >= group.least


class _Reading:
    """What the lines so far have named."""

    def __init__(self) -> None:
        self.logs: list[Verifier] = []
        self.witnesses: dict[str, Witness] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self.members: set[str] = set()
        self.verbs: Mapping[str, Callable[[list[str]], None]] = {
            "log": self._log,
            "witness": self._witness,
            "group": self._group,
            "quorum": self._quorum,
        }

    def line(self, words: list[str]) -> None:
        """Take one line up.

        Raises:
            ValueError: it says nothing that can be meant.
        """
        if not words:
            return
        verb = self.verbs.get(words[0])
        if verb is None:
            raise ValueError(f"{words[0]!r} begins no line; log, witness, group and quorum do")
        verb(words[1:])

    def _log(self, words: list[str]) -> None:
        if not words:
            raise ValueError("`log` without a key")
        key = Verifier.from_vkey(words[0])
        if key.kind != SIGNED or key.public in {one.public for one in self.logs}:
            raise NoteError(f"{key.name} is a witness's key, or here twice")
        self.logs.append(key)

    def _witness(self, words: list[str]) -> None:
        if len(words) < len(("name", "vkey")):
            raise ValueError("`witness` needs a name and a key")
        self._require_new(words[0])
        key = Verifier.from_vkey(words[1])
        if key.kind != COSIGNED or key.public in {one.key.public for one in self.witnesses.values()}:
            raise NoteError(f"{key.name} is a log's key, or here twice")
        self.witnesses[words[0]] = Witness(words[0], key, " ".join(words[2:]))

    def _group(self, words: list[str]) -> None:
        if len(words) < len(("name", "least", "member")):
            raise ValueError("`group` needs a name, how many, and members")
        name, least, *members = words
        self._require_new(name)
        for member in members:
            self._require_there(member)
            if member in self.members:
                raise ValueError(f"{member} is in a group already")
            self.members.add(member)
        many = {"any": 1, "all": len(members)}.get(least) or (int(least) if WHOLE.fullmatch(least) else 0)
        if not 1 <= many <= len(members):
            raise ValueError(f"{least!r} of {len(members)}: `any`, `all` or a number up to that was expected")
        self.groups[name] = Group(name, many, tuple(members))

    def _quorum(self, words: list[str]) -> None:
        if len(words) != 1 or self.quorum is not None:
            raise ValueError("one line `quorum`, with one name, was expected")
        if words[0] != NONE:
            self._require_there(words[0])
        self.quorum = words[0]

    def _require_new(self, name: str) -> None:
        if name in {NONE, *self.witnesses, *self.groups}:
            raise ValueError(f"the name {name} is taken")

    def _require_there(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise ValueError(f"{name} is named on no line above")
