"""`goodstanding erase` shows, asks, does, and finishes what was cut off."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from goodstanding.cli import app
from goodstanding.record.clock import SetClock
from goodstanding.record.home import Home
from tests.record.sending import START, event, send_file, welcome


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("erase")
    with Home.create(folder / "home", world="synthetic", clock=SetClock(START)) as home:
        welcome(home)
        send_file(home, folder, [event("a1"), event("b1", person="bob"), event("b2", person="bob")])
    return folder / "home"


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "home")


def run(*words: object, answer: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words], input=answer)
    return result.exit_code, result.output if result.exception is None else f"{result.output}{result.exception}"


def test_it_shows_what_will_be_gone_and_asks(folder: Path) -> None:
    code, said = run("erase", folder, "bob", "--why", "asked", answer="n\n")
    assert code == 0
    assert "bob" in said
    assert "Erase 1 person for ever?" in said
    assert "Nothing is done." in said
    assert (
        run("erase", folder, "bob", "--why", "asked", answer="y\n")[1]
        .strip()
        .endswith("Erased: 1 person, 2 events; 1 segment was written anew, and every other proof stands.")
    )
    assert "does not know 'bob'" in run("erase", folder, "bob", "--why", "asked", "--yes")[1]


def test_a_dry_run_changes_nothing_and_tells_programs(folder: Path) -> None:
    before = {path: path.read_bytes() for path in (folder / "segments").iterdir()}
    code, said = run("erase", folder, "bob", "--dry-run", "--json")
    assert (code, json.loads(said)["people"][0]["events"], json.loads(said)["done"]) == (0, {"bank": 2}, False)
    assert before == {path: path.read_bytes() for path in (folder / "segments").iterdir()}


def test_those_of_a_file_go_together(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "leaving.csv").write_text("person\nbob\nada\n")
    code, said = run("erase", folder, "--people", tmp_path / "leaving.csv", "--why", "asked", "--yes", "--json")
    assert code == 0
    assert len(json.loads(said)["entries"]) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nobody is named"),
        (("bob",), "--why is missing"),
        (("bob", "--why", "asked", "--json"), "nobody is asked"),
    ],
)
def test_what_is_missing_is_said(folder: Path, words: tuple[str, ...], said: str) -> None:
    code, found = run("erase", folder, *words)
    assert code != 0
    assert said in found


def test_what_was_cut_off_is_not_read_around_and_is_finished(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("goodstanding.record.erasing.doing._purge", lambda *_: None)
    run("erase", folder, "bob", "--why", "asked", "--yes")
    monkeypatch.undo()
    assert "an erasure was cut off; finish it: goodstanding erase" in run("runs", "list", folder)[1]
    assert run("erase", folder, "--finish") == (0, "Finished: 1 person.\n")
    assert run("erase", folder, "--finish") == (0, "Nothing was cut off.\n")
    assert run("runs", "list", folder)[0] == 0
