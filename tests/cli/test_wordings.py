"""What is told where something is off: in words, with the place, the way the thing stood there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from goodstanding.events.reader import FORMATS

WHEN = ("--as-of", "2020-01-01T00:00:00Z", "--world", "synthetic")


def flat(text: str) -> str:
    """What stands in a box, on one line."""
    return " ".join(text.replace("│", " ").split())


def test_a_folder_given_as_a_policy_is_said_to_be_one(run: Any, folder: Path) -> None:
    (folder / "rules").mkdir()
    assert run("policy", "check", "rules", code=1).stderr == "rules: it is a folder; expected a policy file\n"
    (folder / "rules" / "mine.yaml").write_text("x: 1\n", encoding="utf-8")
    said = run("score", "rules", "events.csv", *WHEN, "--out", "s.csv", code=1).stderr
    assert said == "rules: it is a folder; expected a policy file; in it there is rules/mine.yaml\n"


def test_one_person_is_a_person(run: Any, folder: Path) -> None:
    (folder / "one.csv").write_text("id,source,type,person,time\n1,s,a,p,2019-01-01T00:00:00Z\n", encoding="utf-8")
    assert run("score", "policy.yaml", "one.csv", *WHEN, "--out", "s.csv").stdout.startswith("1 person under ")
    assert run("compare", "policy.yaml", "policy.yaml", "one.csv", *WHEN).stdout.startswith("1 person: ")
    assert run("compare", "policy.yaml", "policy.yaml", "one.csv", *WHEN, "--lang", "zh").stdout.startswith("1人：")
    assert "the events name 1 person" in run("explain", "policy.yaml", "one.csv", *WHEN, "--person", "x", code=1).stderr
    assert run("score", "policy.yaml", "events.csv", *WHEN, "--out", "s.csv").stdout.startswith("2 people under ")


def test_an_event_that_replaces_itself_is_said_to_do_so(run: Any, folder: Path) -> None:
    text = "id,source,type,person,time,replaces\n1,s,a,p,2019-01-01T00:00:00Z,1\n"
    (folder / "own.csv").write_text(text, encoding="utf-8")
    said = run("score", "policy.yaml", "own.csv", *WHEN, "--out", "s.csv", code=1).stderr
    assert said == (
        "own.csv:2: event '1' replaces itself; expected a correction of another event, which does not lead back to it\n"
    )


@pytest.mark.parametrize("given", ["0", "-1", "1025", "2.5", "many", "9" * 30])
def test_a_number_of_threads_that_cannot_be_is_told_with_those_that_can(run: Any, given: str) -> None:
    said = run("score", "policy.yaml", "events.csv", *WHEN, "--threads", given, "--out", "s.csv", code=2).stderr
    assert "is not a whole number from 1 to 1,024" in flat(said)


@pytest.mark.parametrize(
    "command", [("score",), ("explain",), ("whatif",), ("reach",), ("compare",), ("book", "build")]
)
def test_the_help_of_a_command_names_every_kind_of_event_file(run: Any, command: tuple[str, ...]) -> None:
    told = flat(run(*command, "--help").stdout)
    assert [ending for ending in FORMATS if ending not in told] == []


def test_a_difference_is_told_whole_however_long(run: Any, folder: Path) -> None:
    text = (folder / "policy.yaml").read_text(encoding="utf-8")
    more = "x" * 400
    (folder / "b.yaml").write_text(text + f'about: "{more}"\n', encoding="utf-8")
    assert run("policy", "diff", "policy.yaml", "b.yaml").stdout == f'about was added: "{more}"\n'


SCORES = """{"person": "p", "score": 1, "tier": "low"}
{"person": "q", "score": 1.5, "tier": "low"}
{"person": true, "score": "5", "tier": ["low"]}
7
{"person": "r", "score": 9223372036854775808, "tier": null}
{"person": "s", "score": null, "tier": null}
{
"""


def test_every_faulty_line_of_a_file_of_scores_is_told_as_it_stands(run: Any, folder: Path) -> None:
    (folder / "s.jsonl").write_text(SCORES, encoding="utf-8")
    (folder / "outcomes.csv").write_text("person,outcome\np,1\n", encoding="utf-8")
    assert run("evaluate", "s.jsonl", "outcomes.csv", code=1).stderr.splitlines()[:-1] == [
        "s.jsonl:2: found the score 1.5; expected a whole number, or null",
        "s.jsonl:3: found the person true; expected a person: a string",
        's.jsonl:3: found the score "5"; expected a whole number, or null',
        's.jsonl:3: found the tier ["low"]; expected a tier: a string, or null',
        "s.jsonl:4: 7; expected an object in JSON",
        "s.jsonl:5: found the score 9223372036854775808; expected a whole number, or null",
    ]


def test_what_no_line_explains_is_told_as_the_reader_tells_it(run: Any, folder: Path) -> None:
    text = f'{{"person": "p", "score": 1, "tier": null, "x": "{"y" * 3_000_000}"}}\n'
    (folder / "s.jsonl").write_text(text, encoding="utf-8")
    (folder / "outcomes.csv").write_text("person,outcome\np,1\n", encoding="utf-8")
    assert run("evaluate", "s.jsonl", "outcomes.csv", code=1).stderr.startswith("s.jsonl: cannot be read: straddling")


def test_scores_that_are_no_whole_numbers_in_parquet_are_told_by_their_type(run: Any, folder: Path) -> None:
    table = pa.table({"person": ["p"], "score": [1.5], "tier": ["low"]})
    parquet.write_table(table, folder / "s.parquet")
    (folder / "outcomes.csv").write_text("person,outcome\np,1\n", encoding="utf-8")
    said = run("evaluate", "s.parquet", "outcomes.csv", code=1).stderr
    assert said == "s.parquet: found the column 'score' of type double; expected whole numbers\n"


def test_what_is_no_outcome_in_parquet_is_shown_as_json_writes_it(run: Any, folder: Path) -> None:
    (folder / "s.csv").write_text("person,score,tier\np,1,low\n", encoding="utf-8")
    parquet.write_table(pa.table({"person": [None, "q"], "outcome": [1, None]}), folder / "o.parquet")
    assert run("evaluate", "s.csv", "o.parquet", code=1).stderr.splitlines() == [
        "o.parquet:1: found the person null; expected an id",
        "o.parquet:2: found the outcome null; expected 0 or 1",
    ]


def test_what_is_there_and_no_file_is_no_policy(run: Any, folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert run("policy", "check", "pipe", code=1).stderr == "pipe: it is a device or a pipe; expected a policy file\n"
    assert run("policy", "check", "", code=1).stderr.startswith("'': there is no such policy; ")
