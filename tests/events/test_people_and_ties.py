"""The people table and ties: the same strictness, and their own columns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from goodstanding.events import TIE_SCHEMA, read_people, read_ties

Refused = Callable[..., list[str]]


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_people_keep_their_order_and_other_columns_are_left_alone(tmp_path: Path) -> None:
    csv = write(tmp_path / "people.csv", "age,person,age\n1,p2,x\n,p1,\n")
    lines = write(
        tmp_path / "people.jsonl", '{"person": "p2", "age": 0.5, "x": {"y": [1]}}\n{"person": "p1", "id": 7}\n'
    )
    parquet.write_table(
        pa.table({"person": ["p2", "p1"], "age": [0.5, None], "x": [[1], [2]]}), tmp_path / "people.parquet"
    )
    for path in (csv, lines, tmp_path / "people.parquet"):
        assert read_people(path).to_pylist() == ["p2", "p1"]


def test_a_table_of_nobody_is_nobody(tmp_path: Path) -> None:
    assert read_people(write(tmp_path / "people.csv", "person\n")).to_pylist() == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("person\np1\np2\np1\np2\np1\n", ["people.csv:4: person 'p1' again, first at 2; expected each person once"]),
        ("person\np1\n\np2\n", ["people.csv:3: no person; expected a string of 1 to 128 characters"]),
        ("person,x\np1,\n,x\n", ["people.csv:3: no person; expected a string of 1 to 128 characters"]),
        ("people\np1\n", ["people.csv: no column 'person'; expected person in every row"]),
        ("person,person\np1,p1\n", ["people.csv: column 'person' twice; expected each column once"]),
    ],
)
def test_a_faulty_table_of_people_is_named(tmp_path: Path, refused: Refused, text: str, said: list[str]) -> None:
    found = refused(write(tmp_path / "people.csv", text), reader=lambda paths: read_people(paths[0]))
    assert found[: len(said)] == said


def test_everyone_who_is_there_again_is_counted(tmp_path: Path, refused: Refused) -> None:
    found = refused(
        write(tmp_path / "people.csv", "person\np1\np2\np1\np2\np1\n"), reader=lambda paths: read_people(paths[0])
    )
    assert len(found) == 3


def test_ties_are_read_as_they_stand(tmp_path: Path) -> None:
    csv = write(
        tmp_path / "a.csv",
        "a,b,since,until,kind\np1,p2,2018-01-01T00:00:00Z,,friend\np1,p1,2018-01-01T00:00:00Z,2018-01-01T00:00:00Z,\n",
    )
    lines = write(tmp_path / "b.jsonl", '{"a": "p1", "b": "p2", "since": "2018-01-01T00:00:00Z", "kind": "friend"}\n')
    ties = read_ties([csv, lines])
    since = 1_514_764_800_000_000
    assert ties.schema == TIE_SCHEMA
    assert [tuple(tie.values()) for tie in ties.to_pylist()] == [
        ("p1", "p2", since, None, "friend"),
        ("p1", "p1", since, since, None),
        ("p1", "p2", since, None, "friend"),
    ]


def test_ties_come_from_parquet_too(tmp_path: Path) -> None:
    moments = pa.array([0, None], pa.timestamp("us", "UTC"))
    content = pa.table(
        {"a": ["p1", "p2"], "b": ["p2", "p3"], "since": moments.fill_null(1), "until": moments, "kind": ["x", None]}
    )
    parquet.write_table(content, tmp_path / "ties.parquet")
    assert read_ties([tmp_path / "ties.parquet"]).to_pylist()[1] == {
        "a": "p2",
        "b": "p3",
        "since": 1,
        "until": None,
        "kind": None,
    }


def test_no_ties_are_an_empty_table(tmp_path: Path) -> None:
    assert read_ties([]).num_rows == 0
    assert read_ties([write(tmp_path / "ties.csv", "a,b,since\n")]).schema == TIE_SCHEMA


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b,since\np1,,2018-01-01T00:00:00Z\n", "ties.csv:2: no b; expected a string of 1 to 128 characters"),
        (
            "a,b,since\np1,p2,2018-01-01\n",
            "ties.csv:2: since '2018-01-01' (a day without a time); expected a time such as",
        ),
        ("a,b,since,until\np1,p2,2018-01-01T00:00:00Z,x\n", "ties.csv:2: until 'x' (not a date and a time)"),
        (
            "a,b,since,until\np1,p2,2018-01-02T00:00:00Z,2018-01-01T00:00:00Z\n",
            "ties.csv:2: until 2018-01-01T00:00:00Z before since 2018-01-02T00:00:00Z; expected a tie that begins",
        ),
        ("a,b\np1,p2\n", "ties.csv: no column 'since'; expected a, b, since in every tie"),
        (
            "a,b,since,weight\np1,p2,2018-01-01T00:00:00Z,1\n",
            "ties.csv: unknown column 'weight'; expected one of a, b, since, until, kind",
        ),
    ],
)
def test_a_faulty_file_of_ties_is_named(tmp_path: Path, refused: Refused, text: str, said: str) -> None:
    assert refused(write(tmp_path / "ties.csv", text), reader=read_ties)[0].startswith(said)


def test_times_that_cannot_be_read_are_not_compared(tmp_path: Path, refused: Refused) -> None:
    text = "a,b,since,until\np,q,2018-01-02T00:00:00Z,x\np,q,2018-01-02T00:00:00Z,1800-01-01T00:00:00Z\n"
    said = refused(write(tmp_path / "ties.csv", text), reader=read_ties)
    assert [line.partition(" ")[0] for line in said] == ["ties.csv:2:", "ties.csv:3:"]
    lines = write(tmp_path / "ties.jsonl", '{"a": "p", "b": "q", "since": "2018-01-02T00:00:00Z", "until": 7}\n')
    assert len(refused(lines, reader=read_ties)) == 1


def test_a_tie_that_ends_as_it_begins_is_taken(tmp_path: Path) -> None:
    text = "a,b,since,until\np,q,2018-01-01T00:00:00Z,2018-01-01T00:00:00Z\n"
    assert read_ties([write(tmp_path / "ties.csv", text)]).num_rows == 1
