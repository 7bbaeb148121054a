"""`goodstanding lab city`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from goodstanding.cli import app

pytestmark = pytest.mark.compiled  # it lives months


def run(*words: str, code: int = 0) -> Any:
    result = CliRunner().invoke(app, ["lab", "city", *words])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    out = tmp_path_factory.mktemp("command") / "town"
    told = run("--residents", "200", "--months", "2", "--seed", "9", "--out", str(out), "--threads", "1", "--json")
    return out, json.loads(told.stdout)


def test_it_says_what_was_made(made: tuple[Path, dict[str, Any]]) -> None:
    out, told = made
    assert (told["residents"], told["months"], told["seed"], told["out"]) == (200, 2, 9, str(out))
    assert told["events"] > 200 * 2 * 4
    assert told["ties"] > 0


def test_two_threads_make_the_same_bytes_and_another_seed_makes_others(
    made: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    out, _ = made
    for name, seed in (("again", "9"), ("other", "10")):
        told = run(
            "--residents", "200", "--months", "2", "--seed", seed, "--out", str(tmp_path / name), "--threads", "2"
        ).stdout
        assert told.startswith(f"A city of 200 residents, 2 months, seed {seed}\n")
    for file in out.iterdir():
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes(), file.name
        assert file.read_bytes() != (tmp_path / "other" / file.name).read_bytes(), file.name


def test_a_longer_life_and_more_residents_leave_what_there_was(
    made: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    run("--residents", "230", "--months", "3", "--seed", "9", "--out", str(tmp_path / "more"))
    columns = ["person", "type", "time", "amount", "value", "party", "matter"]
    errors = pq.read_table(made[0] / "errors.parquet").to_pylist()
    touched = {row["person"] for row in errors if row["error"] == "somebody_else"}
    before, after = (
        {tuple(row.values()) for row in pq.read_table(folder / "events.parquet", columns=columns).to_pylist()}
        for folder in (made[0], tmp_path / "more")
    )
    assert {row for row in before if row[0] not in touched} <= after


def test_numbers_may_be_replaced(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("parameters: 1\nevents:\n  bills: {value: 4, assumption: much is metered}\n", encoding="utf-8")
    out = tmp_path / "town"
    run("--residents", "50", "--months", "1", "--out", str(out), "--parameters", str(mine))
    assert "  events.bills: 4\n" in (out / "city.yaml").read_text("utf-8")


def test_bad_input_makes_nothing(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("parameters: 1\nevents:\n  bill: {value: 4, assumption: none}\n", encoding="utf-8")
    out = ("--residents", "50", "--months", "1", "--out", str(tmp_path / "town"))
    said = run(*out, "--parameters", str(mine), code=1).stderr
    assert f"{mine}:3: column 3: there is no parameter 'events.bill'" in said
    assert "did you mean 'events.bills'?" in said
    assert "would take the place of the input" in run("--out", str(mine), "--parameters", str(mine), code=2).stderr
    assert "there is no folder" in run("--out", str(tmp_path / "no" / "town"), code=2).stderr
    assert run(*out, "--seed", "-1", code=2).stderr
    assert "2^64 - 1" in run(*out, "--seed", str(2**64), code=1).stderr
    assert not (tmp_path / "town").exists()
    (tmp_path / "town").mkdir()
    assert "is there already" in run(*out, code=2).stderr
