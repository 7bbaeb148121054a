"""A schema made, or brought up to this version, by Alembic's revisions."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from goodstanding.record.store.postgresql import Roles

FOLDER = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, roles: Roles | None, *, to: str = "head") -> None:
    """Run the revisions that a database lacks, within the transaction that is open."""
    command.upgrade(_config(connection, roles), to)


def statements(connection: Connection, roles: Roles | None, *, found: str, to: str = "head") -> str:
    """The SQL that an upgrade from a revision would run; nothing is run."""
    said = StringIO()
    command.upgrade(_config(connection, roles, said), f"{found}:{to}", sql=True)
    return said.getvalue()


def _config(connection: Connection, roles: Roles | None, output: StringIO | None = None) -> Config:
    config = Config(output_buffer=output)
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("version_locations", str(FOLDER / "versions").replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(connection=connection, roles=roles)
    return config
