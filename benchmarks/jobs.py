"""The jobs of the benchmark that have peers or floors: each runs both sides, compares results, and gives claims.

Results are compared before any claim is made: where a single cell differs, the benchmark fails and claims nothing.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow.parquet as pq

from benchmarks.agreement import same_numbers, same_scores
from benchmarks.claims import Claim, Measured
from benchmarks.environments import peer
from benchmarks.generator import Files, Size, generate
from benchmarks.processes import ROOT, BenchmarkError, Run, Spread, alternately, inside, ours, run
from benchmarks.special import heavy_events, heavy_points, ten_events, tie_pairs
from benchmarks.world import AS_OF

POLICY: Final = ROOT / "benchmarks" / "policy.yaml"
HEAVY: Final = ROOT / "benchmarks" / "heavy.yaml"
MOMENT: Final = AS_OF.isoformat().replace("+00:00", "Z")
AS_OF_US: Final = str(int(AS_OF.timestamp()) * 1_000_000)
SCORES: Final = {"DuckDB": "duckdb", "Polars": "polars"}
PASSES: Final = 5
"""Passes of ours in each process: what two threads add to one is told by the medians of both, and they vary."""
MACHINE: Final = {
    "registers": "in registers",
    "registers single": "in registers, one thread",
    "touch": "the touch loop",
    "touch single": "the touch loop, one thread",
}
"""Loops that say what the machine gives, and how they are called on the page."""
READY: Final = "its inputs are ready: it reads no events, which is the hardest part of our work"


@dataclass(frozen=True, slots=True)
class Plan:
    """How large everything is, how often it is repeated, and whether times are judged.

    Attributes:
        warm: whether whole commands run once unmeasured before they are measured.
        residents, months: of the laboratory's city.
        cell, cell_seeds: residents of each cell of its experiment, and seeds.
        town: residents of the town in which it is timed against Mesa.
        town_people, seeds: of the towns whose measures are compared with Mesa's.
    """

    people: int
    events: int
    heavy: int
    ties: int
    calls: int
    rounds: int
    folder: Path
    judged: bool
    warm: bool
    residents: int
    months: int
    cell: int
    cell_seeds: int
    town: int
    town_people: int
    seeds: int

    def files(self) -> Files:
        """The events of this size."""
        return generate(Size(self.people, self.events), self.folder)


Job = Callable[[Plan], list[Claim]]


def seconds(runs: list[Run]) -> Spread:
    """How long whole commands took."""
    return Spread.of([one.seconds for one in runs])


def told(runs: list[Run], key: str = "seconds") -> Spread:
    """What measurements within processes told, all together."""
    return Spread.of([value for one in runs for value in one.answer()[key]])


def faster(spreads: dict[str, Spread]) -> tuple[str, Spread]:
    """The faster of the peers."""
    return min(spreads.items(), key=lambda item: item[1].median)


def job_1_raw(plan: Plan) -> list[Claim]:
    """Whole commands: raw, unsorted Parquet to a scores Parquet, ids checked for duplicates."""
    files, folder = plan.files(), plan.folder
    outs = {name: folder / f"raw-{name}.parquet" for name in ("Goodstanding", *SCORES)}
    commands = {"Goodstanding": ours("score", POLICY, files.raw, "--as-of", MOMENT, "--out", outs["Goodstanding"])}
    for name, folder_name in SCORES.items():
        commands[name] = peer(folder_name, "raw", files.raw, "--as-of", AS_OF_US, "--out", outs[name])
    runs = alternately(plan.rounds, commands, warm=plan.warm)
    cells = sum(same_scores(outs["Goodstanding"], outs[name], name, by_name=True) for name in SCORES)
    print(f"  {cells:,} cells are equal", flush=True)
    spreads = {name: seconds(of) for name, of in runs.items()}
    mine = spreads.pop("Goodstanding")
    name, best = faster(spreads)
    measured = (Measured("Goodstanding", mine), *(Measured(who, spread) for who, spread in spreads.items()))
    worked = tuple(
        Measured(f"{who}, processor time", Spread.of([one.worked for one in of])) for who, of in runs.items()
    )
    return [
        Claim(
            1,
            f"raw Parquet to scores Parquet, against the faster peer ({name})",
            best.median / mine.median,
            "×",
            floor=1.1,
            aim=1.4,
            measured=measured + worked,
            judged=plan.judged,
            note="peers do not check what a row may hold, and write no tier, reasons, lists, perks or sanctions",
        ),
        _memory(runs),
        *_start_up(plan, files),
    ]


def _memory(runs: dict[str, list[Run]]) -> Claim:
    held = {who: Spread.of([one.peak / 2**30 for one in of]) for who, of in runs.items()}
    measured = tuple(Measured(who, spread, "GiB") for who, spread in held.items())
    most = max(held["Goodstanding"].values)
    return Claim(1, "most memory held by the whole command", most, "GiB", "less", floor=4.0, measured=measured)


def _start_up(plan: Plan, files: Files) -> list[Claim]:
    """The same commands on ten events: what starting costs."""
    few, out = plan.folder / "ten.parquet", plan.folder / "ten-scores.parquet"
    ten_events(files.raw, few)
    commands = {"Goodstanding": ours("score", POLICY, few, "--as-of", MOMENT, "--out", out)}
    commands |= {name: peer(of, "raw", few, "--as-of", AS_OF_US, "--out", out) for name, of in SCORES.items()}
    spreads = {name: seconds(of) for name, of in alternately(plan.rounds, commands, warm=plan.warm).items()}
    measured = tuple(Measured(name, spread) for name, spread in spreads.items())
    mine = spreads["Goodstanding"].median
    return [Claim(1, "start-up alone: the same command on ten events", mine, "s", "less", measured=measured)]


def job_2_book(plan: Plan) -> list[Claim]:
    """From a saved book to everyone's scores in memory; peers have the same columns, sorted and coded, in memory."""
    files, folder = plan.files(), plan.folder
    book = folder / "book"
    shutil.rmtree(book, ignore_errors=True)
    built = run(ours("book", "build", files.raw, "--world", "synthetic", "--out", book))
    out = {name: folder / f"coded-{name}.parquet" for name in ("Goodstanding", *SCORES)}
    mine = inside("passes", book, POLICY, "--repeats", str(PASSES), "--out", out["Goodstanding"])
    commands = {"Goodstanding": mine}
    for name, of in SCORES.items():
        commands[name] = peer(of, "coded", files.coded, "--as-of", AS_OF_US, "--out", out[name])
    runs = alternately(plan.rounds, commands, warm=False)
    cells = sum(same_scores(out["Goodstanding"], out[name], name, by_name=False) for name in SCORES)
    print(f"  {cells:,} cells are equal", flush=True)
    spreads = {name: told(of) for name, of in runs.items()}
    spreads["Goodstanding, one thread"] = told(runs["Goodstanding"], "seconds single")
    return _book_claims(plan, spreads, {name: told(runs["Goodstanding"], name) for name in MACHINE}, built)


def _book_claims(plan: Plan, spreads: dict[str, Spread], machine: dict[str, Spread], built: Run) -> list[Claim]:
    mine, single = spreads["Goodstanding"], spreads["Goodstanding, one thread"]
    name, best = faster({peer_name: spreads[peer_name] for peer_name in SCORES})
    measured = tuple(Measured(who, spread) for who, spread in spreads.items())
    rate = plan.events / mine.median / 1e6
    return [
        Claim(
            2,
            f"saved book to scores, against the faster peer in memory ({name})",
            best.median / mine.median,
            "×",
            floor=10,
            aim=25,
            measured=measured,
            judged=plan.judged,
            note="all start from sorted and coded columns",
        ),
        Claim(2, "events scored in a second, on two threads", rate, "million", floor=80, aim=100, judged=plan.judged),
        Claim(2, "two threads against one", single.median / mine.median, "×", floor=1.8, aim=1.95, judged=plan.judged),
        *_machine_claims(mine, machine),
        Claim(2, "building and saving the book, once", built.seconds, "s", "less"),
    ]


def _machine_claims(mine: Spread, machine: dict[str, Spread]) -> list[Claim]:
    """What the machine gives, measured in turn with the passes: two threads of loops that do almost nothing."""
    measured = {name: Measured(told_as, machine[name]) for name, told_as in MACHINE.items()}
    of = {name: spread.median for name, spread in machine.items()}
    return [
        Claim(
            2,
            "the same of a loop in registers, as much as the machine gives in these minutes",
            of["registers single"] / of["registers"],
            "×",
            measured=(measured["registers"], measured["registers single"]),
            note="two cores of one's own give 2; two processors of a rented machine may be one core for a while",
        ),
        Claim(
            2,
            "the same of a loop that merely touches the same columns",
            of["touch single"] / of["touch"],
            "×",
            measured=(measured["touch"], measured["touch single"]),
        ),
        Claim(2, "share reached of a loop that merely touches the same columns", 100 * of["touch"] / mine.median, "%"),
    ]


def job_3_person(plan: Plan) -> list[Claim]:
    """One person: in a running process, and by whole commands."""
    few = generate(Size(50, 10_000), plan.folder)
    runs = alternately(
        plan.rounds,
        {
            "Goodstanding": inside("one_person", few.raw, POLICY, "--repeats", str(plan.calls)),
            "zen-engine": peer("zen", "--calls", str(plan.calls)),
            "OptBinning": peer("optbinning", "--calls", str(max(plan.calls // 100, 20))),
        },
        warm=False,
    )
    spreads = {name: Spread.of([1e6 * value for value in told(of).values]) for name, of in runs.items()}
    events = runs["Goodstanding"][0].answer()["events"]
    mine = spreads["Goodstanding"]
    claims = [
        Claim(
            3,
            f"one person with {events} events: score and all contributions, half of the calls within",
            mine.median,
            "µs",
            "less",
            floor=30,
            judged=plan.judged,
            measured=tuple(Measured(name, spread, "µs") for name, spread in spreads.items()),
        )
    ]
    against = (
        Claim(3, f"the same against {name}", spreads[name].median / mine.median, "×", note=READY)
        for name in ("zen-engine", "OptBinning")
    )
    return [*claims, *against, _help(plan), _explain(plan)]


def _help(plan: Plan) -> Claim:
    spread = seconds(alternately(plan.rounds, {"help": ours("--help")}, warm=plan.warm)["help"])
    measured = (Measured("Goodstanding", spread),)
    return Claim(3, "`goodstanding --help`", spread.median, "s", "less", 0.3, measured=measured, judged=plan.judged)


def _explain(plan: Plan) -> Claim:
    person = f"P{plan.people // 8:08d}"
    command = ours("explain", POLICY, plan.folder / "book", "--person", person, "--as-of", MOMENT, "--json")
    runs = alternately(plan.rounds, {"explain": command}, warm=plan.warm)["explain"]
    answer = json.loads(runs[0].printed)
    rows = pq.read_table(plan.folder / "raw-Goodstanding.parquet", filters=[("person", "=", person)]).to_pylist()
    lines = sum(line["points"] for line in answer["contributions"]) + sum(answer["bounds"].values())
    if not answer["base"] + lines == answer["score"] == rows[0]["score"]:
        raise BenchmarkError(f"the explanation of {person} does not add up to the score in the file")
    spread = seconds(runs)
    return Claim(
        3,
        f"`goodstanding explain` of one person from the book of {plan.people:,}, whole command",
        spread.median,
        "s",
        "less",
        floor=2.5,
        aim=1.5,
        measured=(Measured("Goodstanding", spread),),
        judged=plan.judged,
    )


def job_4_changed(plan: Plan) -> list[Claim]:
    """A policy with one number changed: nothing is compiled, nothing takes longer."""
    found = run(inside("changed", plan.folder / "book", POLICY, "--repeats", str(3 * plan.rounds))).answer()
    first, other = Spread.of(found["first"]), Spread.of(found["changed"])
    new = found["signatures after"] - found["signatures before"]
    return [
        Claim(
            4,
            "a policy with one number changed, against the first",
            other.median / first.median,
            "×",
            "less",
            floor=1.05,
            measured=(Measured("first", first), Measured("changed", other)),
            judged=plan.judged,
        ),
        Claim(4, "forms of the kernel compiled for it", new, "", "less", floor=0),
    ]


def job_5_ties(plan: Plan) -> list[Claim]:
    """Ties: how many of each person's lead to a score, and the sum of those scores."""
    folder = plan.folder / f"ties-{plan.people}-{plan.ties}"
    tie_pairs(folder, plan.people, plan.ties)
    runs = alternately(
        plan.rounds, {"Goodstanding": inside("ties", folder), "SciPy": peer("scipy", folder)}, warm=False
    )
    for what in ("sums", "counts"):
        same_numbers(np.load(folder / f"our_{what}.npy"), np.load(folder / f"{what}.npy"), what, "SciPy")
    mine, theirs = told(runs["Goodstanding"]), told(runs["SciPy"])
    return [
        Claim(
            5,
            f"{plan.ties:,} ties of {plan.people:,} people, against a SciPy sparse product",
            theirs.median / mine.median,
            "×",
            floor=2,
            aim=3,
            measured=(Measured("Goodstanding", mine), Measured("SciPy", theirs)),
            judged=plan.judged,
            note="we find the least and the greatest score too; SciPy uses one thread, as it always does",
        )
    ]


def job_6_heavy(plan: Plan) -> list[Claim]:
    """One person with very many events: `distinct` and `streak` are not quadratic."""
    path = plan.folder / f"heavy-{plan.heavy}.parquet"
    heavy_events(path, plan.heavy)
    found = run(inside("heavy", path, HEAVY, "--repeats", str(plan.rounds))).answer()
    if found["points"] != heavy_points(plan.heavy):
        raise BenchmarkError(f"one person with {plan.heavy:,} events has {found['points']} points")
    spread = Spread.of(found["seconds"])
    return [
        Claim(
            6,
            f"`distinct` and `streak` of one person with {plan.heavy:,} events",
            spread.median,
            "s",
            "less",
            floor=1.0,
            measured=(Measured("Goodstanding", spread),),
            judged=plan.judged,
        )
    ]
