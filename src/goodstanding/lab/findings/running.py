"""Running the arms over seeds, on all cores: the same figures for any number of workers, in whatever order they end."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

from goodstanding.lab.findings.living import ARMS, MONTHS, WARM_UP, Figures
from goodstanding.lab.findings.model import Outcome, Table, judge
from goodstanding.lab.findings.register import FINDINGS

COMMITTED: Final = Path(__file__).parent / "parameters-digest.txt"
"""The digest of the parameters, as it was committed before the first run of the findings."""

Step: TypeAlias = Callable[[int, int | None], None]


def committed_digest() -> str:
    """What the parameters were before anything was run."""
    return COMMITTED.read_text(encoding="ascii").split()[0]


def run(residents: int, seeds: Sequence[int], *, workers: int, step: Step = lambda _done, _total: None) -> Table:
    """Live through every arm with every seed.

    Args:
        residents: of a city; arms about listings by a court take ten times as many.
        step: told how many resident-months are done, and how many there are.
    """
    needed = {arm for finding in FINDINGS for arm in finding.arms}
    jobs = [(name, seed) for name, arm in ARMS.items() if name in needed for seed in seeds]
    jobs.sort(key=lambda job: -ARMS[job[0]].times)  # the longest first, so that no core waits for one at the end
    sizes = {job: ARMS[job[0]].times * residents * (WARM_UP + MONTHS) for job in jobs}
    values: dict[tuple[str, int], Figures] = {}
    done = 0
    for job, figures in _lived(jobs, residents, workers):
        values[job] = figures
        done += sizes[job]
        step(done, sum(sizes.values()))
    return Table(seeds, values)


def _lived(jobs: Sequence[tuple[str, int]], residents: int, workers: int) -> Iterator[tuple[tuple[str, int], Figures]]:
    """Each job and its figures, as they come."""
    if workers == 1:
        for job in jobs:
            yield job, _live(job, residents)
        return
    with _pool(workers) as pool:
        waiting = {pool.submit(_live, job, residents): job for job in jobs}
        for one in as_completed(waiting):
            yield waiting[one], one.result()


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that are spawned, for a forked one would share locks of threads that it does not have."""
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _live(job: tuple[str, int], residents: int) -> Figures:
    name, seed = job
    return {what: float(value) for what, value in ARMS[name].figures(residents, seed, 1).items()}


def judged(table: Table) -> tuple[Outcome, ...]:
    """What became of each finding."""
    return tuple(judge(finding, table) for finding in FINDINGS)
