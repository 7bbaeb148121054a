"""Events sent to a home, and the book that they make without one."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from goodstanding.book import Book
from goodstanding.events import format_moment
from goodstanding.record.home import Home
from goodstanding.record.ingest import ingest, register, take

COLUMNS = ("id", "source", "type", "person", "time", "amount", "value", "label", "party", "matter", "replaces")
START = 1_700_000_000_000_000
DAY = 86_400_000_000

Row = dict[str, Any]


def event(id_: str, **more: Any) -> Row:
    """An event of Ada's, with all columns."""
    return {
        **dict.fromkeys(COLUMNS),
        "id": id_,
        "source": "bank",
        "type": "a",
        "person": "ada",
        "time": START,
        **more,
    }


def welcome(home: Home, *sources: str) -> None:
    """Let sources send whatever they like."""
    for name in sources or ("bank", "court"):
        register(home, name, types=["*"], actor="test")


def send_file(home: Home, folder: Path, events: Sequence[Row], name: str = "batch") -> None:
    """Send a batch in a file."""
    path = folder / f"{name}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({**row, "time": moment(row["time"])} for row in events)
    ingest(home, [path], source=events[0]["source"])


def send(home: Home, *events: Row) -> None:
    """Send single events."""
    take(home, list(events))


def moment(time: int) -> str:
    """As files have it."""
    return format_moment(time)


def unrecorded(book: Book) -> Book:
    """The same book, nothing said of when its events were recorded."""
    return replace(book, columns=replace(book.columns, recorded=None))
