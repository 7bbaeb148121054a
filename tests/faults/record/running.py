"""Running faults: each many times, from seeds, over several processes, a line of JSON for each at the end.

A round of a fault is a function of a seed: it makes what it needs in a folder of its own, breaks it, and raises if
anything was lost, doubled, half there or altered unseen. The seeds of rounds that failed are kept in `regressions.json`
and are tried first from then on.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, TypeAlias

KEPT: Final = Path(__file__).with_name("regressions.json")
MEMORY: Final = Path("/dev/shm")  # noqa: S108 folders of our own names in it
PIECES: Final = 4
"""Into so many pieces for each process the rounds of a fault are divided."""

Round: TypeAlias = Callable[[int, Path], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong.

    Attributes:
        gate: how many cases are tried before a change is let in. long: how many in a long run.
        cases: how many of them one round tries.
        once: its cases are not drawn: one round tries all, however many; the size is its seed.
        alone: its rounds are not divided among processes.
    """

    name: str
    round: Round
    gate: int
    long: int
    cases: int = 1
    alone: bool = False


@dataclass(slots=True)
class Outcome:
    """What became of a fault.

    Attributes:
        failed: the seeds of the rounds that failed, with what they said.
    """

    name: str
    n: int
    seed: int
    seconds: float = 0.0
    failed: dict[int, str] = field(default_factory=dict)

    def line(self) -> str:
        """As a program reads it."""
        told = {"name": self.name, "n": self.n, "failures": len(self.failed), "seed": self.seed}
        return json.dumps(
            {**told, "seconds": round(self.seconds, 1), **({"failed": [*self.failed]} if self.failed else {})}
        )


def run(faults: Sequence[Fault], *, long: bool, seed: int, workers: int, share: float = 1.0) -> list[Outcome]:
    """Run faults, and print a line for each as soon as it is done.

    Args:
        long: as often as a long run asks, not the gate.
        share: of that often.
    """
    outcomes = []
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        begun = [(each, *_begin(pool, each, long=long, seed=seed, workers=workers, share=share)) for each in faults]
        for each, n, futures in begun:
            outcome = Outcome(each.name, n, seed)
            for future in futures:
                seconds, failed = future.result()
                outcome.seconds += seconds
                outcome.failed |= failed
            _keep(outcome)
            print(outcome.line(), flush=True)
            for failing, said in outcome.failed.items():
                print(f"{each.name}, seed {failing}: {said}", file=sys.stderr, flush=True)
            outcomes.append(outcome)
    return outcomes


def _begin(
    pool: ProcessPoolExecutor, fault: Fault, *, long: bool, seed: int, workers: int, share: float
) -> tuple[int, list[Future[Any]]]:
    wanted = max(1, round((fault.long if long else fault.gate) * share / fault.cases))
    seeds = [*kept().get(fault.name, []), *range(seed, seed + wanted)]
    pieces = 1 if fault.alone else min(PIECES * workers, len(seeds))
    futures = [pool.submit(work, fault.name, seeds[piece::pieces]) for piece in range(pieces)]
    return len(seeds) * fault.cases, futures


def work(name: str, seeds: Sequence[int]) -> tuple[float, dict[int, str]]:
    """Some rounds of a fault, in this process: how long they took, and what the failed ones said."""
    fault = next(each for each in _faults() if each.name == name)
    began, failed = time.monotonic(), {}
    for seed in seeds:
        with folder() as place:
            try:
                fault.round(seed, place)
            except Exception:  # noqa: BLE001 whatever it is, the round failed
                failed[seed] = traceback.format_exc(limit=-12)
    return time.monotonic() - began, failed


def _faults() -> Sequence[Fault]:
    """A process of the pool finds the faults where the command does."""
    from tests.faults.record.faults import FAULTS  # noqa: PLC0415 it imports this module

    return FAULTS


class folder:  # noqa: N801 used as a function
    """A folder in memory where there is one, gone afterwards."""

    def __init__(self) -> None:
        place = MEMORY if os.access(MEMORY, os.W_OK) else None
        self._path = Path(tempfile.mkdtemp(prefix="gs-fault-", dir=place))

    def __enter__(self) -> Path:
        return self._path

    def __exit__(self, *_raised: object) -> None:
        shutil.rmtree(self._path, ignore_errors=True)


def kept() -> dict[str, list[int]]:
    """The seeds of rounds that failed once, by fault."""
    found: dict[str, list[int]] = json.loads(KEPT.read_text("utf-8"))
    return found


def _keep(outcome: Outcome) -> None:
    if not outcome.failed:
        return
    seeds = kept()
    seeds[outcome.name] = sorted({*seeds.get(outcome.name, []), *outcome.failed})
    KEPT.write_text(json.dumps(seeds, indent=2) + "\n", "utf-8")


def named(faults: Sequence[Fault], names: Sequence[str]) -> Iterator[Fault]:
    """Those of some names; all where none is named.

    Raises:
        KeyError: one is called otherwise.
    """
    by_name = {each.name: each for each in faults}
    for name in names or by_name:
        yield by_name[name]
