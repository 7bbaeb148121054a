"""Taking events into a record: batches from files, single events, and how much memory that holds."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.batches import batch_files
from benchmarks.claims import Claim, Measured
from benchmarks.environments import peer
from benchmarks.jobs import Plan
from benchmarks.processes import Run, Spread, ours, run

MEASURED: Final = 5
"""Batches that are measured, after those that are known."""
PEERS_KNOWN: Final = 2
"""Batches that lie in the peers' tables beforehand; more would only slow them."""
SMALL, LARGE = 5, 50
"""Batches of the two sizes at which memory is compared."""


def taking(job: str, home: Path, people: int, files: Sequence[Path] = (), *more: str) -> Run:
    """One measurement of ours within one process."""
    command: list[str | os.PathLike[str]] = [sys.executable, "-m", "benchmarks.taking", job, "--home", home]
    found = run([*command, "--people", str(people), *more, *files])
    shutil.rmtree(home, ignore_errors=True)
    return found


def job_9_ingest(plan: Plan) -> list[Claim]:
    """A live home takes batches, against COPY into PostgreSQL and INSERT into DuckDB; single events; memory."""
    few, rows = plan.people // 5, plan.events // 20
    return [*_batches(plan, few, rows), *_others(plan, few, rows), *_singles(plan, few), *_memory(plan, few, rows)]


def _files(plan: Plan, first: int, count: int, rows: int, people: int, *, known: bool = False) -> list[Path]:
    folder = plan.folder / "batches" / ("known" if known else "new")
    return list(batch_files(folder, first, count, rows, people))


def _spread(found: Run) -> Spread:
    return Spread.of([rate / 1e6 for rate in found.answer()["rates"]])


def _batches(plan: Plan, people: int, rows: int) -> list[Claim]:
    known = _files(plan, 0, 20, rows, people, known=True)
    new = _files(plan, 20, MEASURED, rows, people)
    found = taking("batches", plan.folder / "ingest-home", people, [*known, *new])
    peers = {"DuckDB": _duckdb(plan, known, new), "PostgreSQL": _postgresql(known, new)}
    mine = _spread(found)
    name, best = max(peers.items(), key=lambda item: item[1].median)
    measured = (
        Measured("Goodstanding", mine, "million a second"),
        *(Measured(who, spread, "million a second") for who, spread in peers.items()),
    )
    again = found.answer()["again"] / 1e6
    return [
        Claim(
            9,
            f"events taken in a second from Parquet, batches of {rows:,} rows over {people:,} people, beside "
            f"{20 * rows:,} known ones",
            mine.median,
            "million",
            floor=1.0,
            measured=measured,
            judged=plan.judged,
            note=f"the peers hold {PEERS_KNOWN * rows:,} rows beforehand, check no row, and seal nothing",
        ),
        Claim(9, f"the same against the faster peer ({name})", mine.median / best.median, "×"),
        Claim(9, "events of a batch sent again, in a second: silence", again, "million"),
    ]


def _duckdb(plan: Plan, known: Sequence[Path], new: Sequence[Path]) -> Spread:
    files = [*known[:PEERS_KNOWN], *new]
    database = plan.folder / "ingest.duckdb"
    found = run(peer("duckdb", database, "--known", str(PEERS_KNOWN), *files, module="insert"))
    database.unlink()
    return _spread(found)


def _postgresql(known: Sequence[Path], new: Sequence[Path]) -> Spread:
    files = [*known[:PEERS_KNOWN], *new]
    return _spread(run([sys.executable, "-m", "benchmarks.copying", "--known", str(PEERS_KNOWN), *files]))


def _others(plan: Plan, few: int, rows: int) -> list[Claim]:
    """Of many more people, in one call, and from CSV."""
    home = plan.folder / "ingest-home"
    many = _spread(taking("batches", home, plan.people, _files(plan, 0, 2 + MEASURED, rows, plan.people)))
    together = _spread(taking("one_call", home, few, _files(plan, 20, 1 + MEASURED, rows, few)))
    csv = list(batch_files(plan.folder / "batches" / "new", 20, 1 + MEASURED, rows, few, "csv"))
    written = _spread(taking("batches", home, few, csv))
    return [
        Claim(9, f"the same over {plan.people:,} people", Spread.of(many.values[2:]).median, "million"),
        Claim(9, f"{MEASURED * rows:,} events of {few:,} people in one batch", together.median, "million"),
        Claim(
            9,
            "events taken in a second from CSV",
            Spread.of(written.values[1:]).median,
            "million",
            floor=0.5,
            judged=plan.judged,
        ),
    ]


def _singles(plan: Plan, people: int) -> list[Claim]:
    found = taking("singles", plan.folder / "ingest-home", people, (), "--events", str(plan.calls)).answer()
    return [
        Claim(
            9,
            "single events acknowledged in a second, one client that waits for each (SQLite, synchronous=FULL)",
            found["alone"],
            "",
            floor=200,
            judged=plan.judged,
        ),
        Claim(9, "the same from 32 clients", found["many"], "", floor=5_000, judged=plan.judged),
    ]


def _memory(plan: Plan, people: int, rows: int) -> list[Claim]:
    """The whole command on a few and on ten times as many batches."""
    peaks = {}
    for count in (SMALL, LARGE):
        home, listed = plan.folder / "ingest-home", plan.folder / "ingest-people.csv"
        shutil.rmtree(home, ignore_errors=True)
        listed.write_text("person\n" + "".join(f"P{one:08d}\n" for one in range(people)))
        files = _files(plan, 0, count, rows, people)
        run(ours("init", home, "--world", "live"))
        types = "bill.paid,loan.*,card.used,deposit.made"
        run(ours("sources", "register", home, "bank", "--types", types, "--people", listed))
        peaks[count] = run(ours("ingest", home, *map(os.fspath, files), "--source", "bank")).peak / 2**20
        shutil.rmtree(home)
    most = max(peaks.values())
    measured = tuple(Measured(f"{count * rows:,} events", Spread.of([peak]), "MiB") for count, peak in peaks.items())
    growth = peaks[LARGE] / peaks[SMALL]
    return [
        Claim(
            9, "most memory held by `goodstanding ingest`", most, "MiB", "less", 1024, None, measured, "", plan.judged
        ),
        Claim(9, f"memory for {LARGE * rows:,} events against {SMALL * rows:,}", growth, "×", "less", 1.1),
    ]
