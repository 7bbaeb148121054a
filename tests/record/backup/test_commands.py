"""`backup` and `restore`: what they say, and how they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from goodstanding.cli import app
from goodstanding.record.erasing import erase
from goodstanding.record.home import Home
from tests.record.backup.conftest import GONE, mentions

SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def run(*arguments: object, code: int = 0) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result


@SQLITE
def test_a_home_goes_through_both_commands_while_it_is_open(full: Home, tmp_path: Path) -> None:
    parts = ["--vault", tmp_path / "vault", "--keys", tmp_path / "keys"]
    made = json.loads(run("backup", full.folder, "--to", tmp_path / "all", *parts, "--actor", "Ada", "--json").stdout)
    assert (made["segments"], made["there"], made["people"]) == (2, 0, 3)
    assert full.ledger.entry(made["entry"]).actor == "Ada"
    told = run("backup", full.folder, "--to", tmp_path / "all", "--vault", tmp_path / "vault").stdout
    assert "2 segments, 0 of them new in the folder (0 bytes)" in told
    assert "keys    not copied: without them it cannot be restored" in told
    erase(full, [GONE], why="asked for it", actor="test")

    asked = ["restore", tmp_path / "all", "--to", tmp_path / "again", *parts]
    assert "would come back: bring the erasures" in run(*asked, code=1).stderr
    run(*asked, "--erasures", full.folder, "--no-later-erasures", code=2)
    done = run(*asked, "--erasures", full.folder / "vault" / "erased.jsonl").stdout
    assert "verified: the ledger and 2 segments" in done
    assert "erased again: 1; erased since and not known to the backup: 0" in done
    with Home.open(tmp_path / "again", clock=full.recorder.now) as again:
        assert mentions(again) == []
    assert json.loads(run("ledger", "verify", tmp_path / "again", "--json").stdout)["faults"] == []


@SQLITE
def test_a_head_that_was_kept_is_held_against_what_is_restored(full: Home, tmp_path: Path) -> None:
    full.close()
    run("ledger", "head", full.folder, "--out", tmp_path / "head.txt")
    keys = ["--keys", full.folder]
    run("backup", full.folder, "--to", tmp_path / "all")
    asked = ["restore", tmp_path / "all", *keys, "--no-later-erasures", "--head", tmp_path / "head.txt"]
    assert json.loads(run(*asked, "--to", tmp_path / "again", "--json").stdout)["erased"] == 0
    run("ledger", "head", full.folder, "--out", tmp_path / "later.txt")
    asked[-1] = tmp_path / "later.txt"
    assert "the ledger ends after" in run(*asked, "--to", tmp_path / "third", code=1).stderr
    assert not (tmp_path / "third").exists()
