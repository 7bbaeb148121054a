"""Runs commands as processes of their own and says how long they took and how much memory they held at most.

Everything that is compared runs on the same two processors: this process binds itself to two, and its children inherit
that.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
THREADS: Final = 2
BOUND: Final = {
    name: str(THREADS)
    for name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
}


class BenchmarkError(Exception):
    """What makes the benchmark fail: a command that does, a peer that cannot be installed, unequal results."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command: wall-clock and processor seconds, most memory held (bytes), what it printed."""

    seconds: float
    worked: float
    peak: int
    printed: str

    def answer(self) -> Any:
        """What it printed last, read as JSON."""
        return json.loads(self.printed.strip().splitlines()[-1])


@dataclass(frozen=True, slots=True)
class Spread:
    """Several measurements of one thing, in the unit of what was measured."""

    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """A spread of at least one value."""
        return cls(tuple(values))

    @property
    def median(self) -> float:
        """The value in the middle, which is the one that is compared."""
        return statistics.median(self.values)

    def as_json(self) -> dict[str, Any]:
        """Least, median, greatest, and how many."""
        return {"min": min(self.values), "median": self.median, "max": max(self.values), "runs": len(self.values)}


def bind_to_two_processors() -> None:
    """Let this process and its children run on two processors only, where the system can say so.

    Raises:
        BenchmarkError: there are not two.
    """
    if hasattr(os, "sched_getaffinity"):
        allowed = sorted(os.sched_getaffinity(0))
        if len(allowed) < THREADS:
            raise BenchmarkError(f"the benchmark needs {THREADS} processors; this process may use {len(allowed)}")
        os.sched_setaffinity(0, set(allowed[:THREADS]))


def run(command: Sequence[str | os.PathLike[str]]) -> Run:
    """Run a command to its end in the project's folder.

    Raises:
        BenchmarkError: it fails; the message ends with what it said on standard error.
    """
    arguments = [os.fspath(part) for part in command]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        begun = time.perf_counter()
        process = subprocess.Popen(arguments, cwd=ROOT, env=os.environ | BOUND, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode != 0:
            raise BenchmarkError(f"{_told(arguments)} ended with {process.returncode}:\n{err.read()[-2000:]}")
        unit = 1 if sys.platform == "darwin" else 1024
        return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit, out.read())


def _told(arguments: Sequence[str]) -> str:
    """A command as it is told in a message: without the folders that it lies in."""
    return " ".join(Path(part).name if os.sep in part else part for part in arguments)


def alternately(
    rounds: int, commands: Mapping[str, Sequence[str | os.PathLike[str]]], *, warm: bool
) -> dict[str, list[Run]]:
    """Run all commands in turn, `rounds` times over, each of them once unmeasured before that where `warm`."""
    for command in commands.values() if warm else ():
        run(command)
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(run(command))
    return runs


def ours(*arguments: str | os.PathLike[str]) -> list[str | os.PathLike[str]]:
    """A `goodstanding` command, as installed beside the Python that runs this."""
    return [Path(sys.executable).with_name("goodstanding"), *arguments]


def inside(*arguments: str | os.PathLike[str]) -> list[str | os.PathLike[str]]:
    """A measurement of ours within one process (`benchmarks/ours.py`)."""
    return [sys.executable, "-m", "benchmarks.ours", *arguments]


def living(*arguments: str | os.PathLike[str]) -> list[str | os.PathLike[str]]:
    """A measurement of the laboratory within one process (`benchmarks/living.py`)."""
    return [sys.executable, "-m", "benchmarks.living", *arguments]
