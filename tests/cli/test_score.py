"""`score` writes the table of the specification, whole or not at all, and says of which world it is."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from goodstanding.policy import load

SCORE = ("score", "policy.yaml", "events.csv", "--as-of", "2020-01-01T00:00:00Z")
COLUMNS = [
    "person",
    "score",
    "own_score",
    "tier",
    "base",
    "on_time",
    "listed",
    "friends",
    "bounds.d",
    "bounds",
    "reasons",
    "lists",
    "perks",
    "sanctions",
]


def rows(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return found
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("ending", ["parquet", "jsonl"])
def test_one_row_a_person_with_the_columns_of_the_specification(run: Any, folder: Path, ending: str) -> None:
    run(*SCORE, "--world", "synthetic", "--out", f"s.{ending}")
    found = rows(folder / f"s.{ending}")
    assert [list(row) for row in found] == [COLUMNS, COLUMNS]
    assert found[1] == {
        "person": "q",
        "score": 10,
        "own_score": 10,
        "tier": "low",
        "base": 0,
        "on_time": 40,
        "listed": -30,
        "friends": 0,
        "bounds.d": 0,
        "bounds": 0,
        "reasons": [],
        "lists": ["l"],
        "perks": ["door"],
        "sanctions": ["ban:in_force"],
    }


def test_csv_joins_lists_and_leaves_null_empty(run: Any, folder: Path) -> None:
    run(*SCORE, "--people", "people.csv", "--out", "s.csv")
    lines = (folder / "s.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert lines[1] == "q,10,10,low,0,40,-30,0,0,0,,l,door,ban:in_force"
    assert lines[2] == "r,0,0,low,0,0,0,0,0,0,R1,,gate,"


def test_events_about_others_are_counted_and_left_out(run: Any, folder: Path) -> None:
    told = run(*SCORE, "--people", "people.csv", "--out", "s.csv", "--json")
    assert "events about people who are not in --people, left out: 2\n" in told.stderr
    summary = json.loads(told.stdout)
    assert (summary["events_about_others"], summary["unknown_corrections"]) == (2, 0)
    assert "left out" not in run(*SCORE, "--out", "s.csv").stderr


def test_csv_quotes_where_a_name_needs_it(run: Any, folder: Path) -> None:
    name = 'a "b", c'
    event = {"id": "e9", "source": "bank", "type": "a", "person": name, "time": "2019-12-01T00:00:00Z"}
    (folder / "more.jsonl").write_text(json.dumps(event) + "\n", encoding="utf-8")
    run(*SCORE, "more.jsonl", "--out", "s.csv")
    assert [row["person"] for row in rows(folder / "s.csv")] == [name, "p", "q"]


def test_the_file_says_where_it_comes_from(run: Any, folder: Path) -> None:
    recorded = "2019-12-25T00:00:00Z"
    declared = run(*SCORE, "--world", "synthetic", "--recorded-by", recorded, "--out", "s.parquet")
    assert declared.stderr == ""
    said = {key.decode(): value.decode() for key, value in pq.read_schema(folder / "s.parquet").metadata.items()}
    assert said == {
        "goodstanding.world": "synthetic",
        "goodstanding.as_of": "2020-01-01T00:00:00Z",
        "goodstanding.policy": "small",
        "goodstanding.policy_version": "1",
        "goodstanding.policy_digest": load(folder / "policy.yaml").digest,
        "goodstanding.recorded_by": recorded,
    }


def test_a_world_that_nobody_declared_is_said_to_be_so(run: Any, folder: Path) -> None:
    result = run(*SCORE, "--out", "s.parquet")
    assert "world not declared" in result.stderr
    assert pq.read_schema(folder / "s.parquet").metadata[b"goodstanding.world"] == b"world not declared"


def test_ties_and_people_and_what_was_on_record_change_the_answer(run: Any, folder: Path) -> None:
    run(*SCORE, "--ties", "ties.csv", "--threads", 1, "--out", "s.jsonl")
    assert [(row["person"], row["friends"], row["own_score"]) for row in rows(folder / "s.jsonl")] == [
        ("p", 1, 0),
        ("q", 1, 10),
    ]
    run(*SCORE, "--recorded-by", "2019-12-01T00:00:00+00:00", "--out", "s.jsonl")
    assert [row["score"] for row in rows(folder / "s.jsonl")] == [40, 0]


def test_a_saved_book_is_taken_wherever_events_are(run: Any, folder: Path) -> None:
    run("book", "build", "events.csv", "--world", "synthetic", "--out", "book")
    run(*SCORE, "--world", "synthetic", "--out", "files.parquet")
    run("score", "policy.yaml", "book", "--as-of", "2020-01-01T00:00:00Z", "--out", "book.parquet")
    assert pq.read_table(folder / "book.parquet").equals(pq.read_table(folder / "files.parquet"), check_metadata=True)


def test_a_summary_is_printed_for_people_and_for_programs(run: Any) -> None:
    text = run(*SCORE, "--out", "s.csv").stdout
    assert "2 people under " in text
    assert "Scores from 0 to 10, 5.0 on average" in text
    assert "Written to s.csv" in text
    told = json.loads(run(*SCORE, "--out", "s.csv", "--json").stdout)
    assert told["people"] == told["scored"] == 2
    assert told["tiers"] == {"low": 2, "high": 0}
    assert told["out"] == "s.csv"


def test_nobody_to_score_is_said_with_what_to_do(run: Any, folder: Path) -> None:
    (folder / "none.csv").write_text("id,source,type,person,time\n", encoding="utf-8")
    text = run("score", "policy.yaml", "none.csv", *SCORE[3:], "--out", "s.csv").stdout
    assert "Nobody to score: nobody is named; give files that hold events, or --people that names somebody." in text


def test_people_without_a_score_are_counted(run: Any, folder: Path) -> None:
    text = run("score", "consumer-credit", "events.csv", *SCORE[3:], "--out", "s.csv").stdout
    assert "Without a score, because there is not enough on record: 2" in text
    assert (
        json.loads(run("score", "consumer-credit", "events.csv", *SCORE[3:], "--out", "s.csv", "--json").stdout)[
            "scores"
        ]
        is None
    )
    assert rows(folder / "s.csv")[0]["score"] == ""


# --- Faults -----------------------------------------------------------------------------------------------------------


def test_a_live_record_is_refused_under_a_policy_for_synthetic_worlds(run: Any, folder: Path) -> None:
    result = run(*SCORE, "--world", "live", "--out", "s.csv", code=1)
    assert "synthetic" in result.stderr
    assert not (folder / "s.csv").exists()


def test_a_faulty_file_is_told_row_by_row_and_nothing_is_written(run: Any, folder: Path) -> None:
    (folder / "bad.csv").write_text("id,source,type,person,time\ne1,s,a,p,2019-12-01\n,s,a,p,2019-12-01T00:00:00Z\n")
    (folder / "s.csv").write_text("old\n", encoding="utf-8")
    result = run("score", "policy.yaml", "bad.csv", *SCORE[3:], "--out", "s.csv", code=1)
    assert [line.split(": ")[0] for line in result.stderr.splitlines()] == ["bad.csv:2", "bad.csv:3"]
    assert (folder / "s.csv").read_text(encoding="utf-8") == "old\n"
    assert sorted(path.name for path in folder.iterdir() if "part" in path.name) == []


def test_a_policy_that_is_not_there_is_told_with_those_that_are(run: Any) -> None:
    result = run("score", "sesam", "events.csv", *SCORE[3:], "--out", "s.csv", code=1)
    assert "did you mean 'sesame'?" in result.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--out", "s.txt"), "write one of .parquet, .csv, .jsonl"),
        (("--out", "no/s.csv"), "there is no folder no"),
    ],
)
def test_where_to_write_is_checked_first(run: Any, options: tuple[str, ...], said: str) -> None:
    assert said in run(*SCORE, *options, code=2).stderr


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ("2018-01-01", "is a day, not a moment"),
        ("2018-01-01T00:00:00", "is no moment (a time without a zone)"),
        ("yesterday", "is no moment (not a date and a time)"),
        ("1899-12-31T23:59:59Z", "is not in the years 1900 to 2199"),
        ("2200-01-01T00:00:00Z", "is not in the years 1900 to 2199"),
    ],
)
def test_a_moment_has_a_time_and_a_zone(run: Any, time: str, said: str) -> None:
    text = run("score", "policy.yaml", "events.csv", "--as-of", time, "--out", "s.csv", code=2).stderr
    assert said in " ".join(text.replace("│", " ").split())


@pytest.mark.parametrize("missing", [SCORE[:2], SCORE[:3], SCORE])
def test_what_must_be_given_is_asked_for(run: Any, missing: tuple[str, ...]) -> None:
    assert "Missing" in run(*missing, code=2).stderr


def test_a_book_and_files_together_or_another_world_are_the_command_lines_fault(run: Any) -> None:
    run("book", "build", "events.csv", "--world", "synthetic", "--out", "book")
    both = run("score", "policy.yaml", "book", "events.csv", *SCORE[3:], "--out", "s.csv", code=2)
    assert "give either one book or files of events" in both.stderr
    other = run("score", "policy.yaml", "book", *SCORE[3:], "--world", "live", "--out", "s.csv", code=2)
    assert "the book book is of the world synthetic" in other.stderr


def test_a_name_as_long_as_names_may_be_is_written(run: Any, folder: Path) -> None:
    name = "s" * 251 + ".csv"
    run(*SCORE, "--out", name)
    assert (folder / name).is_file()
    assert (
        "x.csv: File name too long"
        in run("score", "policy.yaml", "x" * 300 + "x.csv", *SCORE[3:], "--out", "s.csv", code=1).stderr
    )


def test_a_file_that_cannot_be_written_is_said_to_be_so(run: Any, folder: Path) -> None:
    (folder / "s.csv").mkdir()
    assert "s.csv: cannot be written: " in run(*SCORE, "--out", "s.csv", code=1).stderr
    assert sorted(path.name for path in folder.glob(".*")) == []
