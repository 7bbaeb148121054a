"""What the laboratory is measured by from within a process; `python -m benchmarks.living JOB …` prints JSON.

Cities are lived through as `goodstanding lab run` lives through a cell; what is added is a clock around scoring, a
count of events, and a sum of everything that came of it.
"""

import argparse
import hashlib
import json
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.city.arrays import FRIEND, OUT_OF_WORK, STILL, Happened, Traits
from goodstanding.lab.city.city import City, found
from goodstanding.lab.measures.scores import gini
from goodstanding.lab.month.living import ALL
from goodstanding.lab.parameters import Parameters, load
from goodstanding.lab.society import MECHANISMS, Rule, Society, Variant
from goodstanding.lab.society.commons import Commons
from goodstanding.lab.society.recording import OnRecord
from goodstanding.lab.society.seeing import Sight
from goodstanding.lab.society.snapshot import Seen, Snapshot
from goodstanding.policy import load as load_policy

HERE = Path(__file__).resolve().parent
TOWN_POLICY = HERE / "town" / "policy.yaml"
TOWN_PARAMETERS = HERE / "town" / "parameters.yaml"
TOWN_MECHANISMS = ("effort", "silence")


class Clock(Sight):
    """A scorer that says how often it scored everybody, and how long that took, with what follows from scores."""

    def __init__(self, commons: Commons, place: int) -> None:
        super().__init__(commons, place)
        self.scorings = 0
        self.seconds = 0.0

    def see(self, commons: Commons, record: OnRecord, as_of: int) -> Seen:
        """As a scorer does."""
        begun = time.perf_counter()
        seen = super().see(commons, record, as_of)
        self.seconds += time.perf_counter() - begun
        self.scorings += 1
        return seen


class Watched(Society):
    """A society that times its scoring, and may count and add up its events.

    Attributes:
        events: how many there were: all of them if they are counted, else those that the policy reads.
        sums: of those that were given, if asked for.
    """

    def __init__(
        self, city: City, rule: Rule, variant: Variant, threads: int, *, counts: bool = False, sums: bool = False
    ) -> None:
        super().__init__(city, [rule], variant, threads=threads)
        if counts:
            self.kept = ALL
        self.clock = Clock(self.commons, 0)
        self._sights = [self.clock]
        self.events = 0
        self.sums = hashlib.sha256() if sums else None

    def _live(self) -> Happened:
        happened = super()._live()
        self.events += happened.time.size
        if self.sums is not None:
            add_to(self.sums, happened)
        return happened


def add_to(sums: Any, columns: Iterable[NDArray[Any]]) -> None:
    """Add the bytes of columns to a sum."""
    for column in columns:
        sums.update(np.ascontiguousarray(column).data)


def city(given: argparse.Namespace) -> dict[str, Any]:
    """Found a city and live through it under one policy, all behaviour on: what it took, and what it was like."""
    begun = time.perf_counter()
    founded = found(given.residents, 1, load(), given.threads)
    rule = Rule("sesame", load_policy("sesame"))
    society = Watched(founded, rule, Variant(), given.threads, counts=given.counts, sums=given.sums)
    history = society.run(given.months)
    seconds = time.perf_counter() - begun
    edges = society.commons.circle.edges
    lasts = edges.until == STILL
    answer = {
        "seconds": seconds,
        "scoring": society.clock.seconds,
        "scorings": society.clock.scorings,
        "events": society.events / (given.residents * given.months),
        "degree": 2 * np.count_nonzero(lasts) / given.residents,
        "friends": 2 * np.count_nonzero(lasts & (edges.kind == FRIEND)) / given.residents,
    }
    if society.sums is not None:
        for columns in (society.state, society.tally, society.commons.dispositions, edges):
            add_to(society.sums, columns)
        for by_scorer in (history.scores, history.tiers, history.sanctioned, history.wrongly):
            add_to(society.sums, by_scorer.values())
        add_to(society.sums, (history.defaulted, history.care))
        answer["sum"] = society.sums.hexdigest()
    return answer


def towns(given: argparse.Namespace) -> list[str]:
    """Found the benchmark's town with each seed, and write down what its residents are and who is friends with whom."""
    given.out.mkdir(parents=True, exist_ok=True)
    return [str(_written(given.out, given.residents, seed)) for seed in range(1, given.seeds + 1)]


def _written(folder: Path, residents: int, seed: int) -> Path:
    parameters = load(TOWN_PARAMETERS)
    founded = found(residents, seed, parameters)
    traits, edges = founded.traits, founded.edges
    is_friend = edges.kind == FRIEND
    names = tuple(name for name in Traits._fields if name not in {"education", "district", "minority", "household"})
    columns = [getattr(traits, name).tolist() for name in names]
    path = folder / f"town-{residents}-{seed}.json"
    document = {
        "seed": seed,
        "people": [dict(zip(names, one, strict=True)) for one in zip(*columns, strict=True)],
        "friends": np.column_stack((edges.a, edges.b))[is_friend].tolist(),
        "parameters": _by_group(parameters),
    }
    path.write_text(json.dumps(document))
    return path


def _by_group(parameters: Parameters) -> dict[str, dict[str, float]]:
    """All parameters that are one number; a group of behaviour by the name of the mechanism alone."""
    groups: dict[str, dict[str, float]] = {}
    for one in parameters.each():
        group, _, name = one.name.partition(".")
        if not one.is_list:
            groups.setdefault(group.removeprefix("behaviour_"), {})[name] = one.values[0]
    return groups


def town(given: argparse.Namespace) -> dict[str, list[Any]]:
    """Live through the benchmark's town with each seed: what it took, founding apart, and what was measured."""
    parameters, policy = load(TOWN_PARAMETERS), load_policy(TOWN_POLICY)
    variant = Variant({name: name in TOWN_MECHANISMS for name in MECHANISMS})
    answer: dict[str, list[Any]] = {"seconds": [], "measures": []}
    for seed in range(1, given.seeds + 1):
        founded = found(given.residents, seed, parameters)
        begun = time.perf_counter()
        society = Watched(founded, Rule("town", policy), variant, given.threads, counts=given.counts)
        last = deque[Snapshot](maxlen=1)
        society.run(given.months, last.append)
        answer["seconds"].append(time.perf_counter() - begun)
        events = {"events": society.events / (given.residents * given.months)} if given.counts else {}
        answer["measures"].append(measured(last[0], given.months) | events)
    return answer


def measured(snapshot: Snapshot, months: int) -> dict[str, float]:
    """What became of everybody, by the names under which the peer says the same."""
    (seen,) = snapshot.seen
    tally, state, scores = snapshot.tally, snapshot.state, seen.scores.score
    many = scores.size
    counts = {
        "loans given up": tally.defaults,
        "listed cases settled": tally.settled,
        "on the list": seen.standing.listed[0],
        "months under a sanction": tally.sanctioned_months,
        "offences": tally.offences / months,
        "welfare": tally.welfare / months,
        "critical posts": tally.spoken / months,
        "posts not written": tally.silenced / months,
        "posts of praise": tally.praised / months,
        "care": snapshot.dispositions.care,
        "out of work": state.work == OUT_OF_WORK,
        "with a loan": state.loan_left > 0,
        "in the lowest tier": seen.standing.tier == 0,
        "in the highest tier": seen.standing.tier == len(seen.policy.tiers) - 1,
    }
    return {
        "mean score": float(scores.mean()),
        "mean own score": float(seen.scores.own_score.mean()),
        "Gini of scores": gini(scores - seen.policy.least),
        "bills late": int(tally.bills_late.sum()) / int(tally.bills.sum()),
        **{name: float(column.sum(dtype=np.float64)) / many for name, column in counts.items()},
    }


def main() -> None:
    """Do one job and print what it measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    jobs = parser.add_subparsers(required=True)
    does: tuple[Callable[[argparse.Namespace], object], ...] = (city, towns, town)
    for job in does:
        command = jobs.add_parser(job.__name__)
        command.set_defaults(do=job)
        command.add_argument("--residents", type=int, required=True)
        command.add_argument("--months", type=int, default=24)
        command.add_argument("--seeds", type=int, default=1)
        command.add_argument("--threads", type=int, default=2)
        command.add_argument("--counts", action="store_true")
        command.add_argument("--sums", action="store_true")
        command.add_argument("--out", type=Path)
    given = parser.parse_args()
    print(json.dumps(given.do(given)))


if __name__ == "__main__":
    main()
