"""The book of a home: what it costs to add one event in a hundred, beside building it anew.

Run as a module it measures within one process, and prints what it found as JSON.
"""

import argparse
import json
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.batches import SOURCE, batch_files
from benchmarks.claims import Claim, Measured
from benchmarks.jobs import Plan
from benchmarks.processes import BenchmarkError, Spread, run
from goodstanding.book import Book
from goodstanding.cli.clock import system_clock
from goodstanding.record.deriving import book_of
from goodstanding.record.home import Home
from goodstanding.record.ingest import ingest, register

BATCH: Final = 1_000_000
PARTS: Final = 100
FLOOR: Final = 4.0
AIM: Final = 6.0


def job_10_deriving(plan: Plan) -> list[Claim]:
    """The book of a home: adding one event in a hundred, beside building it anew from the same segments."""
    folder = plan.folder / "deriving"
    sizes = ["--events", str(plan.events), "--people", str(plan.people), "--rounds", str(plan.rounds)]
    done = run([sys.executable, "-m", "benchmarks.deriving", folder, *sizes])
    found = {name: Spread.of(values) for name, values in done.answer().items()}
    measured = tuple(Measured(name, spread) for name, spread in found.items())
    return [
        Claim(
            10,
            "building the book of a home anew, over adding one event in a hundred to it",
            found["built anew"].median / found["one in a hundred added"].median,
            "×",
            "more",
            floor=FLOOR,
            aim=AIM,
            measured=measured,
            note="read, put in order, written to the disk with its sums, and opened",
            judged=plan.judged,
        ),
        Claim(10, "opening it where nothing is new", found["nothing new"].median * 1000, "ms", "less", floor=100),
        Claim(10, "most memory held, all of it", done.peak / 2**30, "GiB", "less"),
    ]


def main(arguments: Sequence[str]) -> None:
    """Send a home its events, then add to its book and build it anew by turns."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    for name in ("--events", "--people", "--rounds"):
        parser.add_argument(name, type=int, required=True)
    given = parser.parse_args(arguments)
    shutil.rmtree(given.folder / "home", ignore_errors=True)
    rows = min(BATCH, given.events)
    with Home.create(given.folder / "home", world="synthetic", clock=system_clock) as home:
        register(home, SOURCE, types=["*"], actor="benchmark")
        for path in batch_files(given.folder, 0, given.events // rows, rows, given.people):
            ingest(home, [path], source=SOURCE)
        book_of(home)
        more = batch_files(given.folder, 1_000, given.rounds, given.events // PARTS, given.people)
        turns = [_turn(home, path) for path in more]
    shutil.rmtree(given.folder / "home")
    print(json.dumps({name: [turn[name] for turn in turns] for name in turns[0]}))


def _turn(home: Home, path: Path) -> dict[str, float]:
    ingest(home, [path], source=SOURCE)
    added, seconds = _timed(lambda: book_of(home))
    _, nothing = _timed(lambda: book_of(home))
    shutil.rmtree(home.folder / "book")
    built, anew = _timed(lambda: book_of(home))
    _require_same(added, built)
    return {"one in a hundred added": seconds, "built anew": anew, "nothing new": nothing}


def _timed(work: Callable[[], Book]) -> tuple[Book, float]:
    begun = time.perf_counter()
    book = work()
    return book, time.perf_counter() - begun


def _require_same(one: Book, other: Book) -> None:
    """Whether two books say the same.

    Raises:
        BenchmarkError: they do not.
    """
    pairs: list[tuple[Any, Any]] = [
        *(
            (getattr(one.columns, name), getattr(other.columns, name))
            for name in ("offsets", "time", "amount", "value")
        ),
        (one.columns.recorded, other.columns.recorded),
    ]
    same = all(np.array_equal(*pair) for pair in pairs) and one.people.equals(other.people)
    if not same or not one.columns.ids.equals(other.columns.ids):  # type: ignore[union-attr] # a home keeps ids
        raise BenchmarkError("a book that grew is not the one that is built anew")


if __name__ == "__main__":
    main(sys.argv[1:])
