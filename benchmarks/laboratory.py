"""Job 8, the laboratory: how long cities take, how that grows, an experiment, and Mesa living by the same rules.

Mesa's town is a second reading of the rules, written by hand (`benchmarks/peers/mesa/`). Both sides get the same
residents and friends; chance is their own, so that means over seeds are compared, and not cells.
"""

import math
import os
import shutil
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from benchmarks.claims import Claim, Measured
from benchmarks.environments import peer
from benchmarks.growing import Growth
from benchmarks.jobs import Plan, seconds
from benchmarks.processes import ROOT, BenchmarkError, Run, Spread, alternately, living, ours, run

WAYS: Final = ROOT / "benchmarks" / "ways.yaml"
GIB: Final = 2**30
MOST_SECONDS: Final = 180
MOST_MEMORY: Final = 6.0
MOST_SCORING: Final = 100 / 3
MOST_APART: Final = 3.0
"""Standard errors by which a mean may lie from Mesa's."""
FAR_APART: Final = 6.0
"""The same where few and small towns are compared: no chance brings it about, a mistake does."""
SHARED: Final = 20_000
"""Residents of whom a thread does not take all at once (`goodstanding.lab.month.living.RANGE`)."""
ROOM: Final = 1.2
"""Memory that is looked for beyond what a smaller city needed in proportion."""


def job_8_laboratory(plan: Plan) -> list[Claim]:
    """A city of a million, how its time grows, an experiment of eighty cells, and a town against Mesa's."""
    return [*_city(plan), _ways(plan), *_mesa(plan)]


def _lived(plan: Plan, residents: int, *more: str, threads: int = 2) -> list[str | os.PathLike[str]]:
    """The command that lives through a city."""
    months = str(plan.months)
    return living("city", "--residents", str(residents), "--months", months, "--threads", str(threads), *more)


def _city(plan: Plan) -> list[Claim]:
    """A city, all behaviour on, under one policy."""
    told = _same_on_threads(plan)
    runs = alternately(plan.rounds, {"city": _lived(plan, plan.residents)}, warm=False)["city"]
    answers = [one.answer() for one in runs]
    took = Spread.of([answer["seconds"] for answer in answers])
    scoring = Spread.of([100 * answer["scoring"] / answer["seconds"] for answer in answers])
    memory = Spread.of([one.peak / GIB for one in runs])
    size = f"{plan.residents:,} residents, {plan.months} months, all behaviour on"
    whole = (Measured("founding and living", took), Measured("the whole process", seconds(runs)))
    last = answers[-1]
    return [
        Claim(8, size, took.median, "s", "less", MOST_SECONDS, measured=whole, judged=plan.judged),
        Claim(8, "most memory held", max(memory.values), "GiB", "less", MOST_MEMORY),
        Claim(8, "times that everybody is scored", last["scorings"], "", floor=plan.months),
        Claim(8, "share of the time that scoring takes", scoring.median, "%", "less", MOST_SCORING, judged=plan.judged),
        Claim(8, "events a resident and month, of all types", told["events"], "", floor=4),
        Claim(8, "friends a resident at the end, kin left out", last["friends"], "", floor=10, note=_with_kin(last)),
        _growth(plan, runs),
    ]


def _with_kin(answer: Mapping[str, Any]) -> str:
    return f"{answer['degree']:.1f} with kin"


def _same_on_threads(plan: Plan) -> Mapping[str, Any]:
    """A tenth of the city, or as many as threads share between them, on one thread and on two.

    Raises:
        BenchmarkError: events, states, ties or scores differ.
    """
    few = max(plan.residents // 10, SHARED)
    one, two = (run(_lived(plan, few, "--sums", "--counts", threads=threads)).answer() for threads in (1, 2))
    if one["sum"] != two["sum"]:
        raise BenchmarkError(f"a city of {few:,} differs on one thread and on two")
    print(f"  a city of {few:,} is the same on one thread and on two: {one['sum'][:16]}", flush=True)
    return one  # type: ignore[no-any-return] # what a process printed


def _growth(plan: Plan, runs: Sequence[Run]) -> Claim:
    """Three sizes, up to thrice the city where there is memory for it, else up to the city."""
    peak = max(one.peak for one in runs)
    room = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    steps = sizes(plan.residents, thrice=3 * peak * ROOM < room)
    spreads = {plan.residents: Spread.of([one.answer()["seconds"] for one in runs])}
    for size in steps:
        if size not in spreads:
            spreads[size] = Spread.of([run(_lived(plan, size)).answer()["seconds"]])
    growth = Growth("residents", steps, tuple(spreads[size] for size in steps))
    return replace(growth.claim(judged=plan.judged), job=8)


def sizes(residents: int, *, thrice: bool) -> tuple[int, ...]:
    """Three sizes, each thrice the one before: the last is the city's, or thrice that."""
    most = 3 * residents if thrice else residents
    return tuple(max(most // part, 1) for part in (9, 3, 1))


def _ways(plan: Plan) -> Claim:
    """The whole command: eighty cells, their tables, and comparisons."""
    out = plan.folder / "ways"
    size = ("--residents", str(plan.cell), "--months", str(plan.months), "--seeds", str(plan.cell_seeds))
    runs = []
    for _ in range(plan.rounds):
        shutil.rmtree(out, ignore_errors=True)
        runs.append(run(ours("lab", "run", WAYS, "--out", out, "--threads", "2", *size)))
    cells = len(list((out / "cells").iterdir()))
    if cells != 8 * plan.cell_seeds:
        raise BenchmarkError(f"the experiment has {cells} cells")
    took = seconds(runs)
    return Claim(
        8,
        f"`goodstanding lab run`: {plan.cell:,} residents, {plan.months} months, 8 variants, {plan.cell_seeds} seeds",
        took.median,
        "s",
        "less",
        floor=120,
        measured=(Measured("Goodstanding", took),),
        judged=plan.judged,
        note="all measures, every month",
    )


def _mesa(plan: Plan) -> list[Claim]:
    """The town: first whether both readings of the rules come to the same, then how fast they are."""
    found = _compared(plan)
    print(_table(found), flush=True)
    worst = max(found, key=lambda name: abs(found[name][2]))
    both = {"Goodstanding": _town(plan, plan.town, 2), "Mesa": _mesas(plan, _towns(plan, plan.town, 2)[-1:])}
    runs = alternately(plan.rounds, both, warm=False)
    # Our process lives through a town beforehand that is not counted: what it compiled once is read then.
    spreads = {name: Spread.of([one.answer()["seconds"][-1] for one in of]) for name, of in runs.items()}
    lived = plan.town * plan.months
    rates = {name: Spread.of([lived / value / 1e3 for value in one.values]) for name, one in spreads.items()}
    return [
        Claim(
            8,
            f"the furthest of {len(found)} measures from Mesa's, over {plan.seeds} towns of {plan.town_people:,}:"
            f" {worst}",
            abs(found[worst][2]),
            "standard errors",
            "less",
            floor=MOST_APART if plan.judged else FAR_APART,
            note="; ".join(f"{name} {ours_:.4g} and {theirs:.4g}" for name, (ours_, theirs, _) in found.items()),
        ),
        Claim(
            8,
            f"resident-months a second against Mesa, a town of {plan.town:,}",
            spreads["Mesa"].median / spreads["Goodstanding"].median,
            "×",
            floor=30,
            measured=tuple(Measured(name, one, "thousand a second") for name, one in rates.items()),
            judged=plan.judged,
            note="Mesa uses one thread, as it always does; both live the year before as well",
        ),
    ]


def _town(plan: Plan, residents: int, seeds: int, *more: str) -> list[str | os.PathLike[str]]:
    size = ("--residents", str(residents), "--seeds", str(seeds), "--months", str(plan.months))
    return living("town", *size, *more)


def _towns(plan: Plan, residents: int, seeds: int) -> list[Path]:
    """The towns' residents and friends, for Mesa to begin with."""
    out = plan.folder / "towns"
    size = ("--residents", str(residents), "--seeds", str(seeds))
    return [Path(path) for path in run(living("towns", *size, "--out", out)).answer()]


def _mesas(plan: Plan, towns: Sequence[Path]) -> list[str | os.PathLike[str]]:
    return peer("mesa", *towns, "--months", str(plan.months))


def _compared(plan: Plan) -> dict[str, tuple[float, float, float]]:
    """By measure our mean, Mesa's, and how many standard errors lie between them."""
    towns = _towns(plan, plan.town_people, plan.seeds)
    mine = run(_town(plan, plan.town_people, plan.seeds, "--counts")).answer()["measures"]
    theirs = run(_mesas(plan, towns)).answer()["measures"]
    if any(set(one) != set(mine[0]) for one in (*mine, *theirs)):
        raise BenchmarkError("Mesa measures something else")
    return {name: apart([one[name] for one in mine], [one[name] for one in theirs]) for name in mine[0]}


def apart(mine: Sequence[float], theirs: Sequence[float]) -> tuple[float, float, float]:
    """Both means, and their distance in standard errors of the mean difference, town by town."""
    differences = [one - other for one, other in zip(mine, theirs, strict=True)]
    mean = statistics.mean(differences)
    error = statistics.stdev(differences) / math.sqrt(len(differences))
    distance = mean / error if error else math.copysign(math.inf, mean) if mean else 0.0
    return statistics.mean(mine), statistics.mean(theirs), distance


def _table(apart: Mapping[str, tuple[float, float, float]]) -> str:
    head = f"  {'':24}{'Goodstanding':>14}{'Mesa':>14}{'apart':>8}"
    rows = (f"  {name:24}{mine:14.5g}{theirs:14.5g}{away:8.2f}" for name, (mine, theirs, away) in apart.items())
    return "\n".join([head, *rows])
