"""Files of outcomes: what is read, and what is said of a file that is none."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goodstanding.errors import InputError
from goodstanding.evaluation import Outcomes, read_outcomes


def written(folder: Path, text: str, name: str = "outcomes.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_csv_and_parquet_are_read_alike_and_other_columns_left_alone(tmp_path: Path) -> None:
    csv = written(tmp_path, "note,outcome,person\nx,1,b\n,0,a\n")
    table = pa.table({"person": ["b", "a"], "outcome": pa.array([True, False]), "note": ["x", ""]})
    pq.write_table(table, tmp_path / "outcomes.PARQUET")
    for read in (read_outcomes(csv), read_outcomes(tmp_path / "outcomes.PARQUET")):
        assert (read.people.to_pylist(), read.values.to_pylist(), len(read)) == (["b", "a"], [1, 0], 2)


def test_outcomes_come_in_the_order_of_the_people_asked_for() -> None:
    outcomes = Outcomes(pa.array(["a", "b", "c"]), pa.array([0, 1, 0]))
    people = pa.chunked_array([["x", "b"], ["a"]])
    assert outcomes.of(people).to_pylist() == [None, 1, 0]
    assert outcomes.of(pa.array([], pa.string())).to_pylist() == []


def test_outcomes_about_nobody_known_are_counted() -> None:
    outcomes = Outcomes(pa.array(["a", "b", "c"]), pa.array([0, 1, 0]))
    assert outcomes.unknown(pa.array(["b", "x"])) == 2
    assert Outcomes(pa.array([], pa.string()), pa.array([], pa.int64())).unknown(pa.array(["b"])) == 0


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("a,2\n", "outcomes.csv:2: found the outcome '2'; expected 0 or 1"),
        ("a,0\nb,\n", "outcomes.csv:3: found the outcome ''; expected 0 or 1"),
        ("a\n", "outcomes.csv:2: found the outcome ''; expected 0 or 1"),
        (",1\n", "outcomes.csv:2: found the person ''; expected an id"),
        ("a,0\nb,1\na,1\n", "outcomes.csv:4: found 'a' again; expected each person once; it stands at 2 too"),
        ('"a\nb",1\nc,x\n', "outcomes.csv:4: found the outcome 'x'; expected 0 or 1"),
        ('"a"b,1\n', "outcomes.csv: cannot be read: "),
    ],
)
def test_a_bad_row_is_told_with_its_line(tmp_path: Path, rows: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_outcomes(written(tmp_path, "person,outcome\n" + rows))
    assert said in str(caught.value)


def test_twenty_faults_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    path = written(tmp_path, "person,outcome\n" + "".join(f"p{number},maybe\n" for number in range(1000)))
    with pytest.raises(InputError) as caught:
        read_outcomes(path)
    assert (len(caught.value.problems), caught.value.more) == (20, 980)
    assert str(caught.value).endswith("… and 980 more")


def test_a_missing_column_is_told_with_the_nearest_one(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"outcomes.csv:1: found the columns person, outcomes; expected a column 'outcome'"
    ):
        read_outcomes(written(tmp_path, "person,outcomes\na,1\n"))
    with pytest.raises(InputError, match=r"did you mean 'outcomes' as 'outcome'\?"):
        read_outcomes(written(tmp_path, "person,outcomes\na,1\n"))


def test_an_empty_file_has_no_columns(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"found the columns of an empty file; expected a column 'person'"):
        read_outcomes(written(tmp_path, ""))


@pytest.mark.parametrize(("person", "outcome"), [(None, 1), ("a", None), ("a", 0.5), (7, 1)])
def test_a_null_or_another_type_in_parquet_is_told_with_its_row(
    tmp_path: Path, person: object, outcome: object
) -> None:
    path = tmp_path / "outcomes.parquet"
    pq.write_table(pa.table({"person": [person], "outcome": [outcome]}), path)
    with pytest.raises(InputError, match=r"outcomes.parquet:1: found the (person|outcome)"):
        read_outcomes(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none.csv: cannot be read: No such file or directory"):
        read_outcomes(tmp_path / "none.csv")


def test_a_file_that_is_no_parquet_or_no_utf8_is_told(tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes(b"person,outcome\n\xe9,1\n")
    for path in (written(tmp_path, "person,outcome\n", "text.parquet"), tmp_path / "latin.csv"):
        with pytest.raises(InputError, match=r"cannot be read: .*; expected a file of outcomes"):
            read_outcomes(path)


def test_another_ending_is_told_with_those_that_are_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"found a file ending in '.xlsx'; expected .csv or .parquet"):
        read_outcomes(tmp_path / "outcomes.xlsx")
