"""`list agree`, `import`, `show` and `near`: what they say, give back and refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from goodstanding.cli import app
from goodstanding.record.home import Home
from goodstanding.testing import as_yaml
from tests.record.lists_given.giving import IDS, SLIPPED, STRANGER, document, settle
from tests.record.sending import START, moment

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
AS_OF = moment(START + 1)


def run(*arguments: object, code: int = 0) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def folder(home: Home, tmp_path: Path) -> Path:
    """A home of three, closed; beside it a list of three rows, and a policy."""
    settle(home)
    home.close()
    rows = [IDS["ada"], STRANGER, SLIPPED]
    text = "\n".join(f"{one},{moment(START)},case-{number}" for number, one in enumerate(rows))
    (tmp_path / "list.csv").write_text(f"id,since,case\n{text}\n", encoding="utf-8")
    (tmp_path / "policy.yaml").write_text(as_yaml(document()), encoding="utf-8")
    return home.folder


def given(folder: Path, *more: object) -> list[object]:
    beside = folder.parent
    policy = ("--policy", beside / "policy.yaml")
    return ["list", "import", folder, beside / "list.csv", "--list", "defaulter", "--source", "court", *policy, *more]


def answer(*arguments: object) -> Any:
    return json.loads(run(*arguments, "--json").stdout)


def test_an_import_says_what_came_of_it_and_who_fell(folder: Path) -> None:
    said = answer(*given(folder, "--rescore", folder.parent / "policy.yaml", "--as-of", AS_OF))
    assert {name: said[name] for name in ("rows", "matched", "near", "unmatched")} == {
        "rows": 3,
        "matched": 1,
        "near": 1,
        "unmatched": 1,
    }
    assert said["falls"]["fell"] == {"50-99": 1}
    assert answer("list", "show", folder)[0]["matched"] == 1
    assert "defaulter" in run("list", "show", folder).stdout


def test_people_are_told_the_same_and_no_identifier(folder: Path) -> None:
    said = run(*given(folder, "--rescore", folder.parent / "policy.yaml", "--as-of", AS_OF)).output
    assert "by 50-99" in said
    assert "high > low" in said
    assert "1 new, 0 known" in said
    assert not any(one.partition("-")[2] in said for one in (IDS["ada"], STRANGER, SLIPPED))


def test_only_what_was_agreed_is_given_back(folder: Path, tmp_path: Path) -> None:
    back = tmp_path / "back.csv"
    refused = run(*given(folder, "--give-back", "counts", "--out", back), code=2).output
    assert "nothing is given back without an --agreement" in refused
    run("list", "agree", folder, "court", "--source", "court")
    under = ("--agreement", "court", "--out", back, "--give-back")
    assert "allows counts only" in run(*given(folder, *under, "matched"), code=2).output
    assert not back.exists()
    assert answer("list", "show", folder) == []
    run(*given(folder, *under, "counts"))
    assert back.read_text(encoding="utf-8").split() == ["rows,matched,unmatched", "3,1,2"]
    run("list", "agree", folder, "court", "--source", "court", "--gives-back", "matched")
    run(*given(folder, *under, "matched"))
    assert back.read_text(encoding="utf-8").split() == ["row", "1"]


def test_a_reviewer_decides_what_resembles(folder: Path) -> None:
    assert run("list", "near", "list", folder).stdout == "Nothing waits.\n"
    run(*given(folder))
    (waits,) = answer("list", "near", "list", folder)
    assert (waits["row"], waits["person"]) == (3, "ada")
    assert "one digit" in run("list", "near", "list", folder).stdout
    said = run("list", "near", "refuse", folder, waits["name"], "--reason", "another family").stdout
    assert said == "Row 3 of list defaulter: refused\n"
    assert "nothing that waits" in run("list", "near", "confirm", folder, "00", "--reason", "x", code=1).output


def test_a_command_that_is_not_whole_does_nothing(folder: Path) -> None:
    run(*given(folder, "--rescore", "sesame"), code=2)
    run(*given(folder, "--give-back", "counts"), code=2)
    bare = ["list", "import", folder, folder.parent / "list.csv", "--list", "defaulter", "--source", "court"]
    assert "say what a row becomes" in run(*bare, code=2).output
    assert answer("list", "show", folder) == []
