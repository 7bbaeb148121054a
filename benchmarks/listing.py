"""A list matched with a home: identifiers linked, a list of six tenths as many rows imported, and who fell counted.

Everybody is made up. A fifth of the rows are about somebody on record. Run as a module it makes such a home, or imports
the list, and prints what it found as JSON.
"""

import argparse
import json
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.claims import Claim
from benchmarks.generator import fixed_width
from benchmarks.jobs import Plan
from benchmarks.processes import BenchmarkError, run
from goodstanding.cli.clock import system_clock
from goodstanding.policy import load
from goodstanding.record.deriving import book_of
from goodstanding.record.home import Home
from goodstanding.record.identity import MADE_UP, link
from goodstanding.record.ingest import ingest, register
from goodstanding.record.lists_given import Order, falls, import_list

ORDER: Final = Order("defaulter", "court", "court.listed", "court.settled", "benchmark")
SINCE, AS_OF = 1_650_000_000_000_000, 1_700_000_000_000_000
ROWS_OF_TEN: Final = 6
MATCHED_ONE_IN: Final = 5
FLOOR: Final = 100_000.0
"""Rows a second: six million in a minute."""


def job_11_list(plan: Plan) -> list[Claim]:
    """A list matched with a home: 0.6 rows for each person linked, a fifth of them matched."""
    folder = plan.folder / "listing"
    module = [sys.executable, "-m", "benchmarks.listing"]
    made = run([*module, "make", folder, "--people", str(plan.people)]).answer()
    done = run([*module, "import", folder, "--people", str(plan.people)])
    found = done.answer()
    shutil.rmtree(folder)
    note = f"{found['rows']:,} rows, {found['matched']:,} matched, {plan.people:,} people linked"
    return [
        Claim(11, "rows of a list matched and made events", found["rows"] / found["import"], "a second", "more",
              floor=FLOOR, note=note, judged=plan.judged),
        Claim(11, "identifiers linked", plan.people / made["link"], "a second", "more"),
        Claim(11, "scoring those matched before and after", found["falls"], "s", "less", note="one event a person"),
        Claim(11, "most memory held, all of it", done.peak / 2**30, "GiB", "less", floor=4),
    ]  # fmt: skip


def main(arguments: Sequence[str]) -> None:
    """Make a home and a list, or import it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("make", "import"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, required=True)
    given = parser.parse_args(arguments)
    print(json.dumps((_make if given.what == "make" else _import)(given.folder, given.people)))


def _make(folder: Path, people: int) -> dict[str, float]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    everybody = fixed_width("P", np.arange(people), 8, base=10).cast(pa.string())
    pq.write_table(_events(everybody), folder / "events.parquet")
    with Home.create(folder / "home", world="synthetic", clock=system_clock) as home:
        for source in ("bank", ORDER.source):
            register(home, source, types=["*"], actor="benchmark")
        ingest(home, [folder / "events.parquet"], source="bank")
        begun = time.perf_counter()
        link(home, ORDER.by, everybody, _identifiers(np.arange(people)), actor="benchmark")
        home.vault.identifiers.table(ORDER.by)
        seconds = time.perf_counter() - begun
        book_of(home)
    pq.write_table(_list(people), folder / "list.parquet")
    return {"link": seconds}


def _import(folder: Path, people: int) -> dict[str, float]:
    with Home.open(folder / "home", clock=system_clock) as home:
        before = book_of(home)
        begun = time.perf_counter()
        done = import_list(home, folder / "list.parquet", ORDER)
        imported = time.perf_counter()
        found = falls(load("sesame"), before, done.people, done.new(home), as_of=AS_OF)
        scored = time.perf_counter()
    if not done.matched == done.taken.new == found.people == people * ROWS_OF_TEN // 10 // MATCHED_ONE_IN:
        raise BenchmarkError(f"another number was matched than was put on the list: {done.counts()}")
    return {"rows": done.rows, "matched": done.matched, "import": imported - begun, "falls": scored - imported}


def _identifiers(numbers: Any) -> Any:
    """Made up, all different, and far from each other."""
    spread = (numbers.astype(np.uint64) * np.uint64(1_000_003) + np.uint64(123_456_789)) % np.uint64(10**13)
    return fixed_width(f"{MADE_UP}-", spread, 18, base=10).cast(pa.string())


def _same(word: str, rows: int) -> Any:
    return pa.array([word]).take(pa.array(np.zeros(rows, np.int64)))


def _events(people: Any) -> Any:
    times = 1_600_000_000_000_000 + np.random.default_rng(1).integers(0, 10**13, len(people))
    return pa.table(
        {
            "id": fixed_width("e", np.arange(len(people)), 10, base=10),
            "source": _same("bank", len(people)),
            "type": _same("bill.paid", len(people)),
            "person": people,
            "time": pa.array(times, pa.timestamp("us", "UTC")),
        }
    )


def _list(people: int) -> Any:
    rng = np.random.default_rng(2)
    rows = people * ROWS_OF_TEN // 10
    here = rng.permutation(people)[: rows // MATCHED_ONE_IN]
    strangers = rng.integers(people, 5 * people, rows - len(here))
    return pa.table(
        {
            "id": _identifiers(rng.permutation(np.concatenate([here, strangers]))),
            "since": pa.array(np.full(rows, SINCE), pa.timestamp("us", "UTC")),
            "case": fixed_width("c", np.arange(rows), 9, base=10).cast(pa.string()),
            "amount": pa.array(np.arange(rows)),
            "ground": _same("debt", rows),
        }
    )


if __name__ == "__main__":
    main(sys.argv[1:])
