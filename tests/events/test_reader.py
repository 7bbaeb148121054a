"""Several files as one stream: every fault counted, nothing of a faulty file taken."""

from __future__ import annotations

import os
import resource
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from goodstanding.errors import EventsError
from goodstanding.events import EVENT_SCHEMA, memory, read_events, write_events
from goodstanding.events.memory import ceiling

Event = Callable[..., dict[str, Any]]
Refused = Callable[..., list[str]]


def test_files_of_all_formats_are_one_stream(tmp_path: Path, event: Event) -> None:
    paths = [
        tmp_path / f"part.{ending}" for ending in ("parquet", "arrow", "feather", "csv", "jsonl", "ndjson", "json")
    ]
    for number, path in enumerate(paths):
        write_events([event(id=f"e{number}")], path, world="live")
    reader = read_events(paths)
    assert [row["id"] for batch in reader for row in batch.to_pylist()] == [f"e{number}" for number in range(7)]
    assert reader.rows == 7
    assert list(reader.worlds.values()) == ["live"] * 3 + [None] * 4


def test_an_ending_in_capitals_is_the_same(tmp_path: Path, event: Event) -> None:
    write_events([event()], tmp_path / "events.CSV")
    assert sum(map(len, read_events([tmp_path / "events.CSV"]))) == 1


def test_a_file_given_twice_is_read_once(tmp_path: Path, event: Event) -> None:
    path = tmp_path / "events.csv"
    write_events([event()], path)
    reader = read_events([path, os.path.relpath(path), tmp_path / "." / "events.csv"])
    assert sum(map(len, reader)) == reader.rows == 1


def test_a_single_path_is_one_file(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_text("id,source,type,person,time\nx,s,a,p,2020-01-01T00:00:00Z\n", encoding="utf-8")
    assert [batch["id"].to_pylist() for given in (path, str(path)) for batch in read_events(given)] == [["x"], ["x"]]


def test_no_files_are_no_events() -> None:
    assert list(read_events([])) == []


def test_of_a_thousand_faults_twenty_are_listed_and_the_rest_counted(tmp_path: Path, event: Event) -> None:
    path = tmp_path / "events.csv"
    write_events([event(id=f"e{number}", type="Bad") for number in range(1000)], path)
    with pytest.raises(EventsError) as caught:
        list(read_events([path]))
    assert [problem.line for problem in caught.value.problems] == list(range(2, 22))
    assert caught.value.more == 980
    assert str(caught.value).endswith("\n… and 980 more")


def test_faults_of_all_files_are_counted_together(tmp_path: Path, event: Event) -> None:
    paths = [tmp_path / f"part{number}.jsonl" for number in range(4)]
    for path in paths:
        write_events([event(id="")] * 9, path)
    with pytest.raises(EventsError) as caught:
        list(read_events([*paths, tmp_path / "none.csv"]))
    assert len(caught.value.problems) == 20
    assert caught.value.more == 17


def test_after_a_fault_nothing_more_is_yielded(tmp_path: Path, event: Event) -> None:
    write_events([event(id="good")], tmp_path / "a.csv")
    write_events([event(id="")], tmp_path / "b.csv")
    write_events([event(id="late")], tmp_path / "c.csv")
    reader = read_events([tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "c.csv"])
    taken: list[list[str]] = []
    with pytest.raises(EventsError):
        taken.extend(batch.column("id").to_pylist() for batch in reader)
    assert taken == [["good"]]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none.csv", "none.csv: no such file; expected a file of events, people or ties"),
        ("folder.csv", "folder.csv: a folder; expected a file"),
        ("events.csv.gz", "events.csv.gz: a file that ends in '.gz'; expected one of .arrow, .csv, .feather, .json"),
        ("events", "events: a file that ends in ''; expected one of .arrow"),
        ("empty.parquet", "empty.parquet: not readable as Parquet ("),
        ("empty.arrow", "empty.arrow: not readable as an Arrow file ("),
        ("empty.csv", "empty.csv: an empty file; expected a header: id,source,type,person,time"),
    ],
)
def test_what_is_no_file_of_a_known_format_is_named(tmp_path: Path, refused: Refused, name: str, said: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    for empty in ("events.csv.gz", "events", "empty.parquet", "empty.arrow", "empty.csv"):
        (tmp_path / empty).touch()
    assert refused(tmp_path / name)[0].startswith(said)


def test_a_file_that_vanishes_or_cannot_be_read_is_named(tmp_path: Path, refused: Refused, event: Event) -> None:
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    assert refused(tmp_path / "loop.csv")[0].startswith("loop.csv: no")
    write_events([event()], tmp_path / "gone.csv")
    reader = read_events([tmp_path / "gone.csv"])
    (tmp_path / "gone.csv").unlink()
    with pytest.raises(EventsError, match="not readable"):
        list(reader)


def test_progress_is_told_rows_and_rows_in_all_where_files_say_them(tmp_path: Path, event: Event) -> None:
    events = [event(id=f"e{number}") for number in range(5)]
    write_events(events, tmp_path / "a.parquet")
    write_events(events, tmp_path / "b.parquet")
    write_events(events, tmp_path / "c.csv")
    told: list[tuple[int, int | None]] = []
    list(read_events([tmp_path / "a.parquet", tmp_path / "b.parquet"], progress=lambda *now: told.append(now)))
    list(read_events([tmp_path / "a.parquet", tmp_path / "c.csv"], progress=lambda *now: told.append(now)))
    assert told == [(5, 10), (10, 10), (5, None), (10, None)]


def test_whoever_stops_early_leaves_no_thread_behind(tmp_path: Path, event: Event) -> None:
    write_events([event(label="x" * 120)] * 60_000, tmp_path / "events.csv")
    before = threading.active_count()
    batches = iter(read_events([tmp_path / "events.csv"]))
    assert next(batches).schema == EVENT_SCHEMA
    batches.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before


MUCH = 600 << 20


def test_a_ceiling_on_memory_stands_only_while_it_is_needed() -> None:
    with pytest.raises(MemoryError), ceiling(0):
        pa.allocate_buffer(MUCH)
    assert pa.allocate_buffer(MUCH).size == MUCH


def test_two_threads_under_a_ceiling_leave_none_behind() -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)
    second_is_in, first_is_out = threading.Event(), threading.Event()

    def second() -> None:
        with ceiling(0):
            second_is_in.set()
            first_is_out.wait(10)

    thread = threading.Thread(target=second)
    with ceiling(0):
        thread.start()
        second_is_in.wait(0.5)
    first_is_out.set()
    thread.join()
    after = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, before)
    assert after == before


def test_where_the_system_tells_no_address_space_there_is_no_ceiling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "STATM", tmp_path / "none")
    with ceiling(0):
        assert pa.allocate_buffer(MUCH).size == MUCH
