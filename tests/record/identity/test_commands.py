"""`people link`, `show`, `merge` and `split`: what they say and refuse, and that no identifier is among it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from goodstanding.cli import app
from goodstanding.record.home import Home
from tests.record.sending import event, send, welcome

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
HERS = "MADEUP-31415926535"


def run(*arguments: object, code: int = 0, typed: str | None = None) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=typed)
    assert result.exit_code == code, result.output
    return result


def answer(*arguments: object) -> Any:
    return json.loads(run(*arguments, "--json").stdout)


@pytest.fixture
def folder(home: Home) -> Path:
    """A home of Ada and Bob, closed."""
    welcome(home)
    send(home, event("1"), event("2", person="bob"))
    home.close()
    return home.folder


def test_a_file_is_linked_and_shown_by_kind_alone(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    path.write_text(f"person,identifier\nada,{HERS}\nbob,MADEUP2\n", encoding="utf-8")
    assert run("people", "link", folder, path).stdout == "2 new, 0 known\n"
    assert answer("people", "show", folder, "--person", "ada") == {
        "person": "ada",
        "identifiers": ["national_id"],
        "events": 1,
    }
    assert "identifiers  national_id" in run("people", "show", folder, "--person", "ada").stdout


def test_an_identifier_that_is_left_out_is_asked_for_unseen(folder: Path) -> None:
    result = run("people", "link", folder, "--person", "ada", "--kind", "phone", typed=f"{HERS}\n")
    assert "1 new, 0 known" in result.output
    assert HERS not in result.output


def test_a_merge_and_its_split_say_what_moved(folder: Path) -> None:
    run("people", "link", folder, "--person", "ada", "--identifier", HERS)
    assert answer("people", "merge", folder, "ada", "bob", "--reason", "seen") == {"events": 1, "identifiers": 1}
    assert run("people", "split", folder, "ada", "bob", "--reason", "no").stdout == "1 event and 1 identifier moved\n"


def test_what_cannot_be_is_refused_without_the_identifier(folder: Path, tmp_path: Path) -> None:
    said = run("people", "link", folder, "--person", "ada", "--identifier", "110101190001011234", code=1).output
    assert "does not begin with MADEUP" in said
    assert "110101190001011234" not in said
    run("people", "link", folder, code=2)
    run("people", "link", folder, tmp_path / "none.csv", "--person", "ada", code=2)
    assert "'zoe' is not on record" in run("people", "show", folder, "--person", "zoe", code=1).output
