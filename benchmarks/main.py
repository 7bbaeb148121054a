"""The benchmark: Goodstanding against the best queries that its makers could write by hand for other engines.

It draws events from a seed, sets up each peer in an environment of its own, runs every job on both sides in turn,
compares results cell by cell, and says how fast each was. It fails where results differ, where a peer cannot be
installed, and where a floor is missed. `--quick` does all of it on small sizes and judges no times.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from benchmarks import jobs
from benchmarks.claims import Claim
from benchmarks.deriving import job_10_deriving
from benchmarks.environments import set_up
from benchmarks.growing import job_7_growth
from benchmarks.ingesting import job_9_ingest
from benchmarks.laboratory import job_8_laboratory
from benchmarks.listing import job_11_list
from benchmarks.machine import described
from benchmarks.processes import ROOT, BenchmarkError, bind_to_two_processors
from benchmarks.report import as_json, beside, in_terminal, page, write_json

PEERS: Final = ["duckdb", "polars", "zen", "optbinning", "scipy", "mesa"]
FULL: Final = jobs.Plan(
    people=1_000_000,
    events=20_000_000,
    heavy=1_000_000,
    ties=10_000_000,
    calls=20_000,
    rounds=3,
    folder=ROOT / "build" / "benchmarks",
    judged=True,
    warm=True,
    residents=1_000_000,
    months=24,
    cell=10_000,
    cell_seeds=10,
    town=20_000,
    town_people=1_000,
    seeds=20,
)
QUICK: Final = replace(
    FULL,
    people=2_000,
    events=40_000,
    heavy=20_000,
    ties=20_000,
    calls=1_000,
    rounds=1,
    folder=FULL.folder / "quick",
    judged=False,
    warm=False,
    residents=3_000,
    months=12,
    cell=100,
    cell_seeds=2,
    town=500,
    town_people=100,
    seeds=10,
)
JOBS: Final[dict[int, jobs.Job]] = {
    1: jobs.job_1_raw,
    2: jobs.job_2_book,
    3: jobs.job_3_person,
    4: jobs.job_4_changed,
    5: jobs.job_5_ties,
    6: jobs.job_6_heavy,
    7: job_7_growth,
    8: job_8_laboratory,
    9: job_9_ingest,
    10: job_10_deriving,
    11: job_11_list,
}
NEEDS: Final = {3: (1, 2), 4: (2,)}  # what explains and changes reads what an earlier job left


def main(arguments: Sequence[str]) -> int:
    """Run the jobs asked for; 0 where results agree and every floor is kept."""
    given = _parser().parse_args(arguments)
    plan = QUICK if given.quick else FULL
    plan = replace(plan, rounds=given.rounds or plan.rounds, people=given.people or plan.people)
    if given.people:
        each = FULL.events // FULL.people
        plan = replace(plan, events=given.people * each, ties=given.people * each // 2, judged=False)
    wanted = sorted(set(given.job or JOBS).union(*(NEEDS.get(job, ()) for job in given.job or ())))
    try:
        claims = measured(plan, wanted)
    except BenchmarkError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    results = as_json(described(PEERS), _told(plan), claims)
    print("\n" + in_terminal(claims))
    _keep(results, plan, out=given.out)
    below = [claim for claim in claims if not claim.holds]
    if below:
        print(f"\nbench: {len(below)} below the floor", file=sys.stderr)
    return 1 if below else 0


def measured(plan: jobs.Plan, wanted: Sequence[int]) -> list[Claim]:
    """Set up the peers and run these jobs."""
    bind_to_two_processors()
    set_up(PEERS)
    plan.folder.mkdir(parents=True, exist_ok=True)
    claims: list[Claim] = []
    for job in wanted:
        begun = time.perf_counter()
        print(f"job {job}: {(JOBS[job].__doc__ or '').splitlines()[0]}", flush=True)
        claims += JOBS[job](plan)
        print(f"  done in {time.perf_counter() - begun:.0f} s", flush=True)
    return claims


def _told(plan: jobs.Plan) -> dict[str, Any]:
    return {key: value for key, value in asdict(plan).items() if key != "folder"}


def _keep(results: dict[str, Any], plan: jobs.Plan, *, out: Path | None) -> None:
    """Write the JSON; jobs at full size also take their places in what is committed: its JSON and its page."""
    write_json(results, out or plan.folder / "results.json")
    if plan == FULL:
        path = ROOT / "benchmarks" / "results.json"
        kept = beside(json.loads(path.read_bytes()) if path.is_file() else None, results)
        write_json(kept, path)
        (ROOT / "docs" / "benchmarks.md").write_text(page(kept))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: results are compared, times are not judged")
    parser.add_argument("--job", type=int, action="append", choices=list(JOBS), help="only this one, and what it needs")
    parser.add_argument("--rounds", type=int, help="how often each side runs")
    parser.add_argument("--people", type=int, help="another number of people, twenty events each; times are not judged")
    parser.add_argument("--out", type=Path, help="where the JSON goes as well")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
