"""What `score`, `explain`, `compare`, `whatif` and `reach` say of a home is what they say of the same files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from goodstanding import __version__
from goodstanding.cli import app
from goodstanding.cli.clock import system_clock
from goodstanding.events import format_moment
from goodstanding.record.home import Home
from goodstanding.record.ingest import ingest, register, take
from goodstanding.record.runs import running
from goodstanding.scoring import Scores, score
from tests.cli.conftest import AS_OF, EVENTS, Run

NEW = {"id": "e5", "source": "bank", "type": "a", "person": "q", "time": 1_577_000_000_000_000, "value": 0}


@pytest.fixture
def home(folder: Path) -> Path:
    """A home that was sent the events of the folder's file."""
    path = folder / "home"
    rows = [line.split(",") for line in EVENTS.splitlines()]
    with Home.create(path, world="synthetic", clock=system_clock) as made:
        for source in ("bank", "court"):
            register(made, source, types=["*"], actor="test")
            theirs = [row for row in rows if row[1] in {"source", source}]
            file = folder / f"{source}.csv"
            file.write_text("\n".join(",".join(row[:10]) for row in theirs), encoding="utf-8")
            ingest(made, [file], source=source)
    return path


def test_scores_of_a_home_are_those_of_its_files(run: Run, home: Path) -> None:
    for given, out in (("events.csv", "files.parquet"), (f"--home={home}", "home.parquet")):
        run("score", "policy.yaml", given, "--as-of", AS_OF, "--ties", "ties.csv", "--out", out)
    files, there = (pq.read_table(name) for name in ("files.parquet", "home.parquet"))
    assert there.equals(files)
    assert b"goodstanding.world" in (there.schema.metadata or {})


@pytest.mark.parametrize(
    "asked",
    [
        ["explain", "policy.yaml", "--person", "p"],
        ["whatif", "policy.yaml", "--person", "p", "--minus", "bank/e2"],
        ["reach", "policy.yaml", "--person", "p"],
        ["compare", "policy.yaml", "policy.yaml"],
    ],
    ids=lambda asked: str(asked[0]),
)
def test_what_is_said_of_a_home_is_what_is_said_of_its_files(run: Run, home: Path, asked: list[str]) -> None:
    rest = ["--as-of", AS_OF, "--ties", "ties.csv", "--json"]
    of_files = json.loads(run(*asked, "events.csv", "--world", "synthetic", *rest).stdout)
    assert json.loads(run(*asked, "--home", str(home), *rest).stdout) == of_files


def test_a_home_is_asked_for_what_was_known_earlier(run: Run, home: Path) -> None:
    with Home.open(home, clock=system_clock) as there:
        known = there.ledger.head().recorded
        take(there, [NEW])
    asked = ["explain", "policy.yaml", "--home", str(home), "--person", "q", "--as-of", AS_OF, "--json"]
    then = json.loads(run(*asked, "--recorded-by", format_moment(known)).stdout)
    assert then != json.loads(run(*asked).stdout)
    assert then["score"] == json.loads(run(*asked[:2], "events.csv", *asked[4:]).stdout)["score"]


def test_either_files_or_a_home_is_read(run: Run, home: Path) -> None:
    both = run("explain", "policy.yaml", "events.csv", "--home", str(home), "--person", "p", "--as-of", AS_OF, code=2)
    assert "leave events.csv out" in both.stderr
    neither = run("explain", "policy.yaml", "--person", "p", "--as-of", AS_OF, code=2)
    assert "nothing to read" in neither.stderr
    other = run(
        "explain", "policy.yaml", "--home", str(home), "--world", "live", "--person", "p", "--as-of", AS_OF, code=2
    )
    assert "is of the world synthetic" in other.stderr


def scored(run: Run, home: Path, *more: str) -> dict[str, object]:
    """Score everybody in a home; the run that is on record then."""
    said = run("score", "policy.yaml", "--home", str(home), "--as-of", AS_OF, "--out", "out.csv", "--json", *more)
    found: dict[str, object] = json.loads(said.stdout)["run"]
    return found


def test_a_run_is_listed_shown_and_done_again(run: Run, home: Path) -> None:
    assert "No run is on record" in run("runs", "list", str(home)).stdout
    said = scored(run, home)
    with Home.open(home, clock=system_clock) as there:
        take(there, [NEW])
    (listed,) = json.loads(run("runs", "list", str(home), "--json").stdout)
    assert {name: listed[name] for name in said} == said
    assert str(said["root"])[:16] in run("runs", "list", str(home)).stdout
    assert str(said["root"]) in run("runs", "show", str(home)).stdout
    assert json.loads(run("runs", "show", str(home), "last", "--json").stdout) == listed
    again = run("runs", "recompute", str(home))
    assert "2 people came out as then, bit for bit" in again.stdout


def test_a_run_says_in_words_where_it_is_on_record(run: Run, home: Path) -> None:
    said = run("score", "policy.yaml", "--home", str(home), "--as-of", AS_OF, "--out", "out.csv")
    assert "On record as run" in said.stdout


def test_ties_that_a_run_had_are_asked_for_when_it_is_done_again(run: Run, home: Path) -> None:
    scored(run, home, "--ties", "ties.csv")
    run("runs", "recompute", home, "--ties", "ties.csv")
    assert "--ties: not given" in run("runs", "recompute", home, code=1).stderr


def test_a_score_that_was_changed_makes_the_command_fail_and_name_the_person(run: Run, home: Path) -> None:
    root = scored(run, home)["root"]
    path = home / "runs" / f"{root}.parquet"
    table = pq.read_table(path)
    changed = table.set_column(
        1, "score", [[score + 1 if row == 0 else score for row, score in enumerate(table["score"].to_pylist())]]
    )
    pq.write_table(changed, path)
    found = json.loads(run("runs", "recompute", home, "--json", code=1).stdout)
    assert (found["holds"], found["changed"]) == (False, {"count": 1, "people": ["p"]})
    assert "in the result that is kept: p" in run("runs", "recompute", home, code=1).stdout


def test_whoever_comes_out_otherwise_is_named_with_the_version_that_did_the_run(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scored(run, home)

    def other(*given: Any, **more: Any) -> Scores:
        found = score(*given, **more)
        return replace(found, bounds=found.bounds + 1)

    monkeypatch.setattr(running, "score", other)
    said = run("runs", "recompute", home, code=1).stdout
    assert "Differing from what the run came to: p, q" in said
    assert f"done by version {__version__}" in said


def test_a_correction_is_shown_asked_for_and_done(run: Run, home: Path) -> None:
    scored(run, home)
    correct = [
        "correct",
        str(home),
        "--source",
        "bank",
        "--id",
        "e2",
        "--value",
        "0",
        "--reason",
        "r",
        "--as-of",
        AS_OF,
    ]
    seen = run(*correct, "--dry-run")
    assert "value  7  →  0" in seen.stdout
    assert "p: 0 → 40 (+40)" in seen.stdout
    assert "Nothing is done." in CliRunner().invoke(app, correct, input="n\n").stdout
    assert "On record as bank/correction-" in CliRunner().invoke(app, correct, input="y\n").stdout
    assert (
        json.loads(
            run("explain", "policy.yaml", "--home", str(home), "--person", "p", "--as-of", AS_OF, "--json").stdout
        )["score"]
        == 40
    )
    run("runs", "recompute", home)


def test_an_event_is_taken_back_under_a_policy_that_is_named(run: Run, home: Path) -> None:
    retract = ["retract", str(home), "--source", "court", "--id", "e4", "--reason", "r", "--as-of", AS_OF, "--json"]
    run(*retract, code=2)
    said = json.loads(run(*retract, "--yes", "--policy", "policy.yaml").stdout)
    assert (said["done"], said["after"]["type"], said["people"][0]["after"]["score"]) == (True, "retracted", 40)
    assert "was corrected already" in run(*retract, "--yes", code=1).stderr


def test_without_a_policy_it_is_said_that_nothing_can_be_shown(run: Run, home: Path) -> None:
    said = run("retract", str(home), "--source", "court", "--id", "e4", "--reason", "r", "--dry-run")
    assert "cannot be shown" in said.stdout


def test_a_correction_of_nothing_and_of_what_cannot_be_empty_is_refused(run: Run, home: Path) -> None:
    bare = ["correct", str(home), "--source", "bank", "--id", "e2", "--reason", "r"]
    assert "say what" in run(*bare, code=2).stderr
    assert "can do without" in run(*bare, "--without", "time", code=2).stderr
    assert "value  7  →  –" in run(*bare, "--without", "value", "--yes").stdout
