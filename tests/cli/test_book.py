"""`book build` and `book info`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def test_a_book_is_built_and_says_what_it_holds(run: Any) -> None:
    built = run("book", "build", "events.csv", "--world", "synthetic", "--out", "book").stdout
    assert built == run("book", "info", "book").stdout
    assert built.splitlines() == [
        "Book book",
        "  world   synthetic",
        "  people  2",
        "  events  4",
        "  from    2019-11-01 to 2019-12-05",
    ]
    told = json.loads(run("book", "info", "book", "--json").stdout)
    assert told == {
        "book": "book",
        "world": "synthetic",
        "people": 2,
        "events": 4,
        "first": "2019-11-01T00:00:00Z",
        "last": "2019-12-05T00:00:00Z",
        "unknown_corrections": 0,
    }


def test_a_book_without_events_is_a_book(run: Any, folder: Path) -> None:
    (folder / "none.csv").write_text("id,source,type,person,time\n", encoding="utf-8")
    told = json.loads(run("book", "build", "none.csv", "--world", "live", "--out", "book", "--json").stdout)
    assert (told["events"], told["first"]) == (0, None)
    assert "from" not in run("book", "info", "book").stdout


def test_a_book_has_a_world_and_a_new_folder(run: Any, folder: Path) -> None:
    result = run("book", "build", "events.csv", "--out", "book", code=2)
    assert "a book always has one: add --world live or --world synthetic" in result.stderr
    assert not (folder / "book").exists()
    (folder / "book").mkdir()
    assert "is there already" in run("book", "build", "events.csv", "--out", "book", code=2).stderr


def test_what_is_no_book_is_an_error(run: Any, folder: Path) -> None:
    (folder / "book").mkdir()
    assert "book" in run("book", "info", "book", code=1).stderr


def test_corrections_of_what_is_not_on_record_are_counted(run: Any, folder: Path) -> None:
    lost = "id,source,type,person,time,replaces\ne9,bank,a,p,2019-12-01T00:00:00Z,e8\n"
    (folder / "lost.csv").write_text(lost, encoding="utf-8")
    run("book", "build", "lost.csv", "--world", "synthetic", "--out", "book")
    told = run("book", "info", "book", "--json")
    assert json.loads(told.stdout)["unknown_corrections"] == 1
    assert told.stderr == "corrections of an event that is not on record: 1\n"


def test_a_book_that_is_as_it_was_saved_is_said_to_be_so(run: Any, folder: Path) -> None:
    run("book", "build", "events.csv", "--world", "synthetic", "--out", "book")
    size = sum(path.stat().st_size for path in (folder / "book").iterdir() if path.suffix != ".json")
    assert run("book", "info", "book", "--verify").stdout.splitlines()[-1] == (
        f"Every file is as it was saved: {size:,} bytes were read."
    )
    assert json.loads(run("book", "info", "book", "--verify", "--json").stdout)["verified_bytes"] == size


def test_one_bit_that_is_not_as_it_was_saved_is_found_and_the_file_named(run: Any, folder: Path) -> None:
    run("book", "build", "events.csv", "--world", "synthetic", "--out", "book")
    path = folder / "book" / "event_value.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    run("book", "info", "book")
    said = run("book", "info", "book", "--verify", code=1).stderr
    assert said == "book: not as it was saved: event_value.npy; build the book again from its events\n"
