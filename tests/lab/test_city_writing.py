"""A city in files: what everything else reads, whole or not at all, the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml

from goodstanding.book import Book
from goodstanding.errors import InputError
from goodstanding.events import read_events, read_people, read_ties
from goodstanding.lab.city import City, found, names
from goodstanding.lab.city.arrays import KIN, nothing_yet, unmoved
from goodstanding.lab.city.calendar import month_start
from goodstanding.lab.city.kinds import KINDS
from goodstanding.lab.month import Chronicle, Recorded, Recorder, begin, live, writing
from goodstanding.lab.month.writing import Written, numbered, write_city
from goodstanding.lab.parameters import load
from goodstanding.policy import load as policy
from goodstanding.scoring import score
from goodstanding.ties import Ties

pytestmark = pytest.mark.compiled  # a town of two months is a minute's work for plain Python; MONTH's own tests do it

RESIDENTS, MONTHS = 300, 3
FILES = ("events.parquet", "people.parquet", "ties.parquet", "errors.parquet", "city.yaml")
PARAMETERS = load().changed({"errors.missed": 1.8, "errors.doubled": 1.5, "errors.somebody_else": 2})


@pytest.fixture(scope="module")
def town() -> City:
    return found(RESIDENTS, 3, PARAMETERS)


@pytest.fixture(scope="module")
def months(town: City) -> list[tuple[int, Recorded]]:
    recorder = Recorder(town)
    state, before = begin(town)
    recorded = [(-1, recorder.record(before, -1))]
    for month in range(MONTHS):
        happened = live(town, month, state, unmoved(RESIDENTS), nothing_yet(RESIDENTS))
        recorded.append((month, recorder.record(happened, month)))
    return recorded


@pytest.fixture(scope="module")
def folder(town: City, months: list[tuple[int, Recorded]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cities") / "town"
    assert write_city(folder, town, months) == Written(
        people=RESIDENTS,
        events=sum(recorded.time.size for _, recorded in months),
        ties=town.edges.a.size,
        errors=sum(int((recorded.wrong > 0).sum()) + recorded.missed.time.size for _, recorded in months),
    )
    return folder


def rows(path: Path) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return read


def test_a_folder_holds_five_files_of_a_synthetic_world(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == set(FILES)
    for name in FILES[:-1]:
        assert pq.read_schema(folder / name).metadata[b"goodstanding.world"] == b"synthetic"


def test_a_book_of_the_file_scores_as_the_record_itself(
    folder: Path, town: City, months: list[tuple[int, Recorded]]
) -> None:
    chronicle = Chronicle(RESIDENTS, names(RESIDENTS), np.ones(len(KINDS), np.bool_))
    for _, recorded in months:
        chronicle.add(recorded)
    of_file = Book.build(read_events([folder / "events.parquet"]))
    assert of_file.world == "synthetic"
    as_of, people = month_start(MONTHS), read_people(folder / "people.parquet").to_pylist()
    ties = Ties.of(read_ties([folder / "ties.parquet"]))
    for name in ("sesame", "national", "suining", "rail-2018"):
        one = score(policy(name), of_file, as_of=as_of, people=people, ties=ties)
        other = score(policy(name), chronicle.book(), as_of=as_of, people=people, ties=ties)
        assert np.array_equal(one.score, other.score), name
        assert np.array_equal(one.points, other.points), name


def test_an_id_says_month_and_person_and_is_given_once(folder: Path) -> None:
    events = rows(folder / "events.parquet")
    ids = [event["id"] for event in events]
    assert len(set(ids)) == len(ids)
    assert ids[0] == "2017-12-R0000000-1"
    assert ids[-1].rpartition("-")[0] == f"2018-03-{events[-1]['person']}"
    assert all(event["recorded"] >= event["time"] for event in events)


def test_what_is_wrong_is_told_beside(folder: Path, months: list[tuple[int, Recorded]]) -> None:
    events = {event["id"]: event for event in rows(folder / "events.parquet")}
    errors = rows(folder / "errors.parquet")
    by = {what: [row for row in errors if row["error"] == what] for what in writing.WRONGS.values()}
    assert all(by.values())
    for row in errors:
        if row["error"] != "missed":
            event = events[row["id"]]
            assert [row[name] for name in ("person", "time", "type", "recorded")] == [
                event[name] for name in ("person", "time", "type", "recorded")
            ]
    assert all(row["person"] != row["about"] for row in by["somebody_else"])
    assert all(row["person"] == row["about"] for row in by["doubled"] + by["late"])
    assert {(row["id"], row["recorded"]) for row in by["missed"]} == {(None, None)}
    said = {(event["person"], event["time"], event["type"]) for event in events.values()}
    assert not said & {(row["person"], row["time"], row["type"]) for row in by["missed"]}
    assert len(by["missed"]) == sum(recorded.missed.time.size for _, recorded in months)


def test_people_and_ties_are_those_of_the_city(folder: Path, town: City) -> None:
    people = pq.read_table(folder / "people.parquet")
    assert people["person"].to_pylist() == names(RESIDENTS).to_pylist()
    assert people["age"].to_pylist() == town.traits.age.tolist()
    assert set(people["education"].to_pylist()) <= {"none", "vocational", "bachelor", "master"}
    assert people["household"].to_pylist()[0] == "R0000000"
    ties = pq.read_table(folder / "ties.parquet")
    assert ties["kind"].to_pylist().count("kin") == int((town.edges.kind == KIN).sum())
    assert ties["until"].null_count == len(ties) == town.edges.a.size


def test_the_document_says_how_the_city_is_made_again(folder: Path) -> None:
    said = yaml.safe_load((folder / "city.yaml").read_text("utf-8"))
    assert (said["seed"], said["residents"], said["months"], said["from"]) == (3, RESIDENTS, MONTHS, "2018-01")
    assert said["digest"] == PARAMETERS.digest
    assert load().changed(said["parameters"]).digest == PARAMETERS.digest


def test_small_pieces_make_the_same_rows(
    folder: Path, town: City, months: list[tuple[int, Recorded]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "ROWS", 500)
    write_city(tmp_path / "town", town, months)
    for name in FILES[:-1]:
        assert pq.read_table(tmp_path / "town" / name).equals(pq.read_table(folder / name)), name


def test_a_city_without_months_has_people_and_no_events(town: City, tmp_path: Path) -> None:
    told: list[int] = []
    assert write_city(tmp_path / "town", town, [], told.append).events == 0
    assert told == []
    assert pq.read_table(tmp_path / "town" / "events.parquet").num_rows == 0
    assert yaml.safe_load((tmp_path / "town" / "city.yaml").read_text("utf-8"))["months"] == 0


def test_a_city_of_one_has_no_ties(tmp_path: Path) -> None:
    assert write_city(tmp_path / "town", found(1, 1, PARAMETERS), []).ties == 0
    assert pq.read_table(tmp_path / "town" / "ties.parquet").num_rows == 0


def test_a_city_that_breaks_off_leaves_nothing(town: City, months: list[tuple[int, Recorded]], tmp_path: Path) -> None:
    def broken() -> Iterator[tuple[int, Recorded]]:
        yield months[0]
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        write_city(tmp_path / "town", town, broken())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_left_alone(town: City, tmp_path: Path) -> None:
    (tmp_path / "town").mkdir()
    with pytest.raises(InputError, match="is there already"):
        write_city(tmp_path / "town", town, [])


def test_rows_of_a_person_are_counted_from_1() -> None:
    assert numbered(np.array([0, 0, 2, 3, 3, 3], np.int32)).tolist() == [1, 2, 1, 1, 2, 3]
    assert numbered(np.array([], np.int32)).tolist() == []
