"""Measurements of a home taking events, within one process: `python -m benchmarks.taking JOB …` prints JSON."""

import argparse
import json
import shutil
import threading
import time
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from benchmarks.batches import SOURCE, TYPES
from goodstanding.record.home import Home
from goodstanding.record.ingest import Queue, ingest, register

CLIENTS: Final = 32


def _now() -> int:
    return time.time_ns() // 1000


def _a_home(folder: Path, people: int) -> Home:
    """A new live home in which everybody consented."""
    shutil.rmtree(folder, ignore_errors=True)
    home = Home.create(folder, world="live", clock=_now)
    register(home, SOURCE, types=TYPES, people=pa.array([f"P{one:08d}" for one in range(people)]), actor="bench")
    return home


def batches(given: argparse.Namespace) -> dict[str, Any]:
    """Events a second of each batch, after those that are known already; and of the last one sent again."""
    home = _a_home(given.home, given.people)
    known = [path for path in given.files if "known" in path.parts]
    for path in known:
        ingest(home, [path], source=SOURCE)
    rates, rows = [], 0
    for path in given.files[len(known) :]:
        begun = time.perf_counter()
        rows = ingest(home, [path], source=SOURCE).new
        rates.append(rows / (time.perf_counter() - begun))
    begun = time.perf_counter()
    again = ingest(home, [given.files[-1]], source=SOURCE)
    assert (again.new, again.known) == (0, rows)
    return {"rates": rates, "again": rows / (time.perf_counter() - begun)}


def one_call(given: argparse.Namespace) -> dict[str, Any]:
    """Events a second of all files in one batch: while one segment is written, the next is read."""
    home = _a_home(given.home, given.people)
    ingest(home, given.files[:1], source=SOURCE)
    begun = time.perf_counter()
    rows = ingest(home, given.files[1:], source=SOURCE).new
    return {"rates": [rows / (time.perf_counter() - begun)]}


def singles(given: argparse.Namespace) -> dict[str, Any]:
    """Acknowledged single events a second: from one client, and from many."""
    home = _a_home(given.home, given.people)

    def event(number: int) -> dict[str, Any]:
        person = f"P{number % given.people:08d}"
        time_us = 1_600_000_000_000_000 + number
        return {"id": f"s{number}", "source": SOURCE, "type": TYPES[0], "person": person, "time": time_us, "amount": 1}

    def client(queue: Queue, first: int, count: int) -> None:
        for number in range(first, first + count):
            assert queue.submit(event(number)).result().state == "taken"

    with Queue(home) as queue:
        client(queue, 10**9, 50)
        begun = time.perf_counter()
        client(queue, 2 * 10**9, given.events // 50)
        alone = given.events // 50 / (time.perf_counter() - begun)
        each = given.events // CLIENTS
        threads = [threading.Thread(target=client, args=(queue, number * 10**6, each)) for number in range(CLIENTS)]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        many = each * CLIENTS / (time.perf_counter() - begun)
    return {"alone": alone, "many": many}


def main() -> None:
    """Do one job and print what it measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    jobs = parser.add_subparsers(required=True)
    for job in (batches, one_call, singles):
        command = jobs.add_parser(job.__name__)
        command.set_defaults(do=job)
        command.add_argument("--home", type=Path, required=True)
        command.add_argument("--people", type=int, required=True)
        command.add_argument("--events", type=int, default=20_000)
        command.add_argument("files", type=Path, nargs="*")
    given = parser.parse_args()
    print(json.dumps(given.do(given)))


if __name__ == "__main__":
    main()
