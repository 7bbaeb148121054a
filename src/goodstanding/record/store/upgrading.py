"""A schema made, or brought up to this version, by Alembic's revisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from goodstanding.record.store.postgresql import Roles

FOLDER = Path(__file__).parent / "migrations"
VERSIONS: Sequence[Path] = (FOLDER / "versions",)
"""Where revisions are; tests add one of their own."""


@dataclass(frozen=True, slots=True)
class Step:
    """One revision that a database lacks, and what it does in a line."""

    revision: str
    does: str


def upgrade(connection: Connection, roles: Roles | None) -> None:
    """Run the revisions that a database lacks, within the transaction that is open."""
    command.upgrade(_config(connection, roles), "head")


def steps(connection: Connection, roles: Roles | None, found: str) -> list[Step]:
    """The revisions that follow one, in order."""
    script = ScriptDirectory.from_config(_config(connection, roles))
    missing = [one for one in script.iterate_revisions("head", found) if one.revision != found]
    return [Step(one.revision, one.doc) for one in reversed(missing)]


def statements(connection: Connection, roles: Roles | None, found: str) -> str:
    """The SQL that an upgrade from a revision would run (`base`: from nothing); nothing is run."""
    said = StringIO()
    command.upgrade(_config(connection, roles, said), f"{found}:head", sql=True)
    return said.getvalue()


def _config(connection: Connection, roles: Roles | None, output: StringIO | None = None) -> Config:
    config = Config(output_buffer=output)
    config.set_main_option("script_location", _escaped(FOLDER))
    config.set_main_option("version_locations", "\n".join(map(_escaped, VERSIONS)))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(connection=connection, roles=roles)
    return config


def _escaped(path: Path) -> str:
    """A path as it stands in a configuration, where % begins a name."""
    return str(path).replace("%", "%%")
