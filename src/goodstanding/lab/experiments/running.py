"""Running cells: a process a core, each cell whole or not at all, the same bytes however often a run is taken up again.

The parent hands out one cell at a time over a pipe. A worker says after every month how many residents have lived
through it; when the parent is gone the pipe is broken, and the worker leaves.
"""

from __future__ import annotations

import multiprocessing
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa

from goodstanding.errors import GoodstandingError
from goodstanding.lab.experiments.model import Cell
from goodstanding.lab.experiments.tables import CellTables, is_whole, remove, write_cell

Lived: TypeAlias = Callable[[int], None]
"""Told after each month how many residents lived through it."""

Work: TypeAlias = Callable[[Cell, int, Lived], CellTables]
"""A cell lived through, on so many threads; a function of a module, so that processes can find it."""

Step: TypeAlias = Callable[[int, int | None], None]
"""Told how many resident-months are done, and how many there are."""

PART: str = ".part-"


@dataclass(frozen=True, slots=True)
class Job:
    """A cell and the folder that its tables go to."""

    cell: Cell
    folder: Path


def run_cells(jobs: Sequence[Job], work: Work, cores: int, step: Step) -> None:
    """Live through those cells that are not there yet.

    Args:
        cores: as many processes, each with one thread; where there are fewer cells than cores, each has more threads.

    Raises:
        GoodstandingError: a worker died; whatever else a worker raised is raised here.
    """
    for folder in {job.folder.parent for job in jobs}:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep_up(folder)
    missing = [job for job in jobs if not is_whole(job.folder, job.cell)]
    progress = _Progress(step, sum(job.cell.resident_months for job in missing))
    workers = min(cores, len(missing))
    if workers > 1:
        _in_processes(missing, work, workers, cores // workers, progress)
    else:
        for job in missing:
            _live(job, work, cores, progress)


def _sweep_up(folder: Path) -> None:
    """Remove what a killed run left half done, and cells of another experiment's making."""
    for left in folder.iterdir():
        if PART in left.name and left.is_dir():
            remove(left)


@dataclass(slots=True)
class _Progress:
    step: Step
    total: int
    done: int = 0

    def __call__(self, residents: int) -> None:
        self.done += residents
        self.step(self.done, self.total)


def _live(job: Job, work: Work, threads: int, lived: Lived) -> None:
    """Live through one cell and keep its tables."""
    if job.folder.is_dir():
        remove(job.folder)
    write_cell(job.folder, job.cell, work(job.cell, threads, lived))


def _in_processes(jobs: Sequence[Job], work: Work, workers: int, threads: int, progress: _Progress) -> None:
    waiting = iter(jobs)
    busy: dict[Connection, Job] = {}
    with _staff(workers, work, threads) as connections:
        for connection in connections:
            _hand_out(connection, waiting, busy)
        while busy:
            ready = wait(list(busy))
            for connection in [one for one in busy if one in ready]:
                if _heard(connection, busy, progress):
                    del busy[connection]
                    _hand_out(connection, waiting, busy)


def _hand_out(connection: Connection, waiting: Iterator[Job], busy: dict[Connection, Job]) -> None:
    job = next(waiting, None)
    if job is not None:
        busy[connection] = job
        connection.send(job)


def _heard(connection: Connection, busy: dict[Connection, Job], progress: _Progress) -> bool:
    """Take what a worker says; whether it is done with its cell."""
    try:
        said = connection.recv()
    except (EOFError, OSError) as error:
        message = f"the process that lived through {busy[connection].cell.name} died"
        raise GoodstandingError(
            f"{message}; perhaps memory ran out: run again with --resume, on fewer --threads"
        ) from error
    if isinstance(said, BaseException):
        raise said
    if said is None:
        return True
    progress(said)
    return False


@contextmanager
def _staff(workers: int, work: Work, threads: int) -> Iterator[list[Connection]]:
    """Processes, each at the other end of a pipe; they are gone at the end.

    They are spawned, not forked: a forked one would share locks of threads that it does not have.
    """
    context = multiprocessing.get_context("spawn")
    processes, connections = [], []
    try:
        for _ in range(workers):
            ours, theirs = context.Pipe()
            process = context.Process(target=serve, args=(theirs, work, threads), daemon=True)
            process.start()
            theirs.close()  # so that the pipe breaks when the process is gone
            processes.append(process)
            connections.append(ours)
        yield connections
        for connection in connections:
            connection.close()
        for process in processes:
            process.join()
    finally:
        for process in processes:
            process.terminate()


def serve(connection: Connection, work: Work, threads: int) -> None:
    """What a worker does: live through the cells that it is given, until nobody gives any."""
    with suppress(ValueError):  # only the first thread of a process may say how signals are taken
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted too, and ends us
    pa.set_cpu_count(threads)
    with suppress(EOFError, OSError):  # the parent is gone, or has no more cells
        while True:
            job = connection.recv()
            connection.send(_answer(job, work, threads, connection.send))


def _answer(job: Job, work: Work, threads: int, lived: Lived) -> Exception | None:
    try:
        _live(job, work, threads, lived)
    except Exception as error:  # noqa: BLE001 it is raised on the other side
        error.add_note(traceback.format_exc())
        return error
    return None
