"""`init`, `db upgrade` and `db check`: what they say, what they leave, and how they refuse."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner, Result

from goodstanding.cli import app
from goodstanding.record.clock import SetClock
from goodstanding.record.home import Home
from goodstanding.record.ledger.entries.homes import SchemaUpgraded
from goodstanding.record.store import schema, upgrading

SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def run(*arguments: object, code: int = 0) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def made(tmp_path: Path, database: str | None) -> dict[str, Any]:
    """What `init --json` says of a home of either kind."""
    where = [] if database is None else ["--database", database]
    said: dict[str, Any] = json.loads(
        run("init", tmp_path / "home", "--world", "synthetic", "--actor", "Ada", *where, "--json").stdout
    )
    return said


def test_a_home_that_init_made_can_be_opened_and_says_who_made_it(made: dict[str, Any], clock: SetClock) -> None:
    with Home.open(Path(made["home"]), clock=clock) as home:
        first = home.ledger.entry(0)
        assert (home.world, home.origin) == ("synthetic", made["origin"])
        assert (first.actor, first.body["key"]) == ("Ada", made["verifier"])
        assert first.recorded > clock()


def test_init_says_what_to_back_up(made: dict[str, Any]) -> None:
    said = " ".join(one["what"] for one in made["back_up"])
    for part in ("keys", "vault", "segments"):
        assert str(Path(made["home"]) / part) in said
    assert made["ledger"] in said


@SQLITE
def test_init_tells_people_the_same(database: None, tmp_path: Path) -> None:
    said = run("init", tmp_path / "home", "--world", "live").stdout
    assert said.startswith(f"A home of the world live: {tmp_path / 'home'}\n")
    for words in ("record.db", "goodstanding/live/", "Back up, each apart from the others:", "/keys", "/vault"):
        assert words in said
    assert "GRANT" not in said


@POSTGRESQL
def test_init_tells_who_keeps_the_database_which_roles_to_give(database: str, tmp_path: Path) -> None:
    said = run("init", tmp_path / "home", "--world", "live", "--database", database).stdout
    assert "who may add and not alter: GRANT " in said
    assert "GOODSTANDING_DATABASE_URL" in said


def test_a_second_init_is_refused(made: dict[str, Any], tmp_path: Path, database: str | None) -> None:
    again = run("init", made["home"], "--world", "live", code=1)
    assert "is there already, and not empty; name a new folder" in again.stderr
    if database is not None:
        other = run("init", tmp_path / "other", "--world", "live", "--database", database, code=1)
        assert "holds a home already; every home has a database of its own" in other.stderr
        assert not (tmp_path / "other").exists()


def test_the_world_must_be_said_and_be_one_of_two(tmp_path: Path) -> None:
    run("init", tmp_path / "home", code=2)
    run("init", tmp_path / "home", "--world", "real", code=2)
    assert not (tmp_path / "home").exists()


def test_a_database_that_cannot_be_reached_is_told_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://me:hunter2@localhost:1/x"
    refused = run("init", tmp_path / "home", "--world", "live", "--database", url, code=1)
    assert refused.stderr.startswith("postgresql://me@localhost:1/x: connection failed")
    assert "hunter2" not in refused.output
    assert not (tmp_path / "home").exists()


@POSTGRESQL
def test_whoever_may_not_make_roles_is_told_so_and_leaves_nothing(
    database: str, postgres_server: str, tmp_path: Path
) -> None:
    name = f"plain_{Path(database.partition('?')[0]).name}"
    with closing(psycopg.connect(postgres_server, autocommit=True)) as admin:
        admin.execute(f"CREATE ROLE {name} LOGIN".encode())
        try:
            url = database.replace("postgres@", f"{name}@")
            refused = run("init", tmp_path / "home", "--world", "live", "--database", url, code=1)
        finally:
            admin.execute(f"DROP ROLE {name}".encode())
    assert "permission denied to create role" in refused.stderr
    assert list(tmp_path.iterdir()) == []


# --- db --------------------------------------------------------------------------------------------------------------


def test_a_new_home_is_sound_and_needs_no_upgrade(made: dict[str, Any]) -> None:
    assert json.loads(run("db", "check", made["home"], "--json").stdout)["sound"]
    assert "tables, triggers and rights are as they were made" in run("db", "check", made["home"]).stdout
    assert "there is nothing to do" in run("db", "upgrade", made["home"]).stdout


@SQLITE
def test_what_was_meddled_with_is_told_and_leaves_with_1(made: dict[str, Any]) -> None:
    with closing(sqlite3.connect(made["ledger"], isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER entry_no_update")
    told = run("db", "check", made["home"], code=1)
    assert told.stderr == f"{made['home']}: triggers: entry_no_update is missing, or not as it was made\n"
    said = json.loads(run("db", "check", made["home"], "--json", code=1).stdout)
    assert (said["sound"], len(said["differences"])) == (False, 1)


TOMORROW = '''"""A table of tomorrow."""
from alembic import op
revision, down_revision = "0002", "0001"
def upgrade():
    op.execute("CREATE TABLE tomorrow (day INTEGER)")
'''


@pytest.fixture
def tomorrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Have a version of tomorrow, whose schema has one table more."""

    def comes() -> None:
        folder = tmp_path / "versions"
        folder.mkdir()
        (folder / "r0002_tomorrow.py").write_text(TOMORROW, encoding="utf-8")
        monkeypatch.setattr(upgrading, "VERSIONS", (*upgrading.VERSIONS, folder))
        monkeypatch.setattr(schema, "REVISIONS", (*schema.REVISIONS, "0002"))

    return comes


def test_an_upgrade_is_shown_then_done_then_in_the_ledger(
    made: dict[str, Any], tomorrow: Callable[[], None], clock: SetClock
) -> None:
    tomorrow()
    home = Path(made["home"])
    refused = run("db", "check", home, code=1)
    assert "its schema is 0001, and this version writes 0002; make a backup, then run `goodstanding db upgrade`" in (
        refused.stderr
    )
    for _ in range(2):  # showing does nothing
        shown = run("db", "upgrade", home, "--dry-run").stdout
        assert "schema 0001 would be brought to 0002" in shown
        assert "A table of tomorrow." in shown
        assert "CREATE TABLE tomorrow (day INTEGER)" in shown
    said = json.loads(run("db", "upgrade", home, "--actor", "Ada", "--json").stdout)
    assert (said["before"], said["after"], said["steps"][0]["revision"]) == ("0001", "0002", "0002")
    with Home.open(home, clock=clock) as opened:
        last = opened.ledger.entry(1)
        assert (last.actor, last.read(SchemaUpgraded)) == ("Ada", SchemaUpgraded("0001", "0002"))
    assert "there is nothing to do" in run("db", "upgrade", home).stdout


def test_a_home_that_somebody_writes_to_is_not_upgraded(
    made: dict[str, Any], tomorrow: Callable[[], None], clock: SetClock
) -> None:
    with Home.open(Path(made["home"]), clock=clock):
        tomorrow()
        assert "is writing to it; wait until it is done" in run("db", "upgrade", made["home"], code=1).stderr


@SQLITE
def test_a_newer_schema_is_neither_upgraded_nor_checked(made: dict[str, Any]) -> None:
    with closing(sqlite3.connect(made["ledger"], isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0009'")
    for command in ("upgrade", "check"):
        told = run("db", command, made["home"], code=1).stderr
        assert "its schema is 0009, and 0001 is the newest that this version knows; use the version" in told


@POSTGRESQL
def test_a_service_that_may_only_write_works_and_cannot_upgrade(
    made: dict[str, Any],
    database: str,
    postgres_server: str,
    tomorrow: Callable[[], None],
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Home.open(Path(made["home"]), clock=clock) as home:
        assert home.store.roles is not None
        roles = home.store.roles
    name = f"service_{roles.stem}"
    with closing(psycopg.connect(postgres_server, autocommit=True)) as admin:
        admin.execute(f"CREATE ROLE {name} LOGIN; GRANT {roles.quoted('writer')} TO {name}".encode())
        try:
            monkeypatch.setenv("GOODSTANDING_DATABASE_URL", database.replace("postgres@", f"{name}@"))
            with Home.open(Path(made["home"]), clock=clock) as home:
                assert home.ledger.head().size == 1
            assert json.loads(run("db", "check", made["home"], "--json").stdout)["sound"]
            tomorrow()
            refused = run("db", "upgrade", made["home"], code=1).stderr
        finally:
            admin.execute(f"DROP OWNED BY {name}; DROP ROLE {name}".encode())
    assert f"{name} may not act as the home's owner; whoever made the home can let it: GRANT" in refused
