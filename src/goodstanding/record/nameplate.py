"""`home.yaml`: what stands at the door of a home, and what is read of it before anything else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Literal

from goodstanding.book import World
from goodstanding.document.kinds import Nullable, OneOf, Unread, Whole, Words
from goodstanding.document.nodes import Findings
from goodstanding.document.shapes import Key, Shape
from goodstanding.document.text import read_into
from goodstanding.errors import RecordError
from goodstanding.record.disk import Disk

FILE = "home.yaml"
LAYOUT = 1
"""Of the folder of a home, as this version writes it."""

WORLDS: tuple[Literal["live"], Literal["synthetic"]] = ("live", "synthetic")


@dataclass(frozen=True, slots=True)
class Nameplate:
    """Which home it is.

    Attributes:
        origin: the name under which heads of its ledger are signed; the world is a part of it.
        database: a URL of PostgreSQL without a password; None: SQLite in the folder.
    """

    layout: int
    world: World
    origin: str
    database: str | None = None

    @classmethod
    def make(cls, world: World, database: str | None) -> Nameplate:
        """Of a new home; its name is drawn, so that no two homes sign alike.

        Raises:
            RecordError: the URL of the database could not be read again.
        """
        made = cls(LAYOUT, world, f"goodstanding/{world}/{token_hex(16)}", database)
        return _read(made.to_bytes(), FILE)

    @classmethod
    def read(cls, home: Path) -> Nameplate:
        """What stands at the door.

        Raises:
            RecordError: it is no home, of another version, or not as it was written.
        """
        path = home / FILE
        if not path.is_file():
            raise RecordError(f"{home}: not a home; make one with `goodstanding init {home} --world live`")
        return _read(path, str(path))

    def write(self, home: Path, disk: Disk) -> None:
        """Put it at the door."""
        disk.write(home / FILE, [self.to_bytes()])

    def to_bytes(self) -> bytes:
        """As it stands there."""
        database = "null" if self.database is None else _quoted(self.database)
        lines = [f"goodstanding_home: {self.layout}", f"world: {self.world}", f"origin: {self.origin}"]
        return "\n".join([*lines, f"database: {database}", ""]).encode()


def _read(source: Path | bytes, name: str) -> Nameplate:
    findings = Findings(name)
    node = read_into(source, findings)
    found = SHAPE.read(node, findings) if node is not None else None
    if found is None or isinstance(found, Unread) or findings.count:
        raise RecordError(findings.problems, findings.more)
    _require_known(found, name)
    return found


def _require_known(found: Nameplate, path: str) -> None:
    if found.layout != LAYOUT:
        raise RecordError(
            f"{path}: a home of layout {found.layout}; this version reads {LAYOUT}: use the version that wrote it"
        )
    if not found.origin.startswith(f"goodstanding/{found.world}/"):
        raise RecordError(f"{path}: the world is {found.world}, and the origin {found.origin} says another")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


SHAPE = Shape(
    "a home's nameplate",
    Nameplate,
    (
        Key("goodstanding_home", Whole(1, 1_000), "The layout of the folder.", required=True, into="layout"),
        Key("world", OneOf(WORLDS), "Real people or made-up ones.", required=True),
        Key(
            "origin",
            Words(r"goodstanding/(live|synthetic)/[0-9a-f]{32}", "the name that heads are signed under"),
            "The name that heads of its ledger are signed under.",
            required=True,
        ),
        Key(
            "database",
            Nullable(Words(r"postgresql://.*", "a URL of PostgreSQL", longest=2_000)),
            "Where its ledger is.",
        ),
    ),
)
