"""Mesa as a peer: the benchmark's town, lived through by agents that are objects, and scored in plain Python.

It reads towns (JSON: people, friends, parameters), lives the year before and so many months, and prints how long each
took and what was measured in the end. Residents and friendships are given, as they are to the other side.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

from benchmarks.peers.mesa.money import OUT_OF_WORK
from benchmarks.peers.mesa.town import Resident, Town


def gini(values: list[int]) -> float:
    """Half of the mean difference between two, over the mean."""
    ascending, many = sorted(values), len(values)
    ranked = sum(rank * value for rank, value in enumerate(ascending, 1))
    return 2 * ranked / (many * sum(ascending)) - (many + 1) / many


def measured(people: list[Resident], months: int) -> dict[str, float]:
    """What became of everybody."""
    many = len(people)

    def total(name: str) -> int:
        return sum(getattr(one, name) for one in people)

    scores = [one.score for one in people]
    tiers = [one.tier for one in people]
    return {
        "mean score": sum(scores) / many,
        "mean own score": sum(one.own for one in people) / many,
        "Gini of scores": gini([score - 350 for score in scores]),
        "bills late": total("late") / total("bills"),
        "loans given up": total("defaults") / many,
        "listed cases settled": total("settled") / many,
        "on the list": sum(one.is_listed for one in people) / many,
        "months under a sanction": total("sanctioned_months") / many,
        "critical posts": total("spoken") / (months * many),
        "posts not written": total("silenced") / (months * many),
        "posts of praise": total("praised") / (months * many),
        "offences": total("offences") / (months * many),
        "welfare": total("welfare") / (months * many),
        "care": sum(one.care for one in people) / many,
        "out of work": sum(one.work == OUT_OF_WORK for one in people) / many,
        "with a loan": sum(one.left > 0 for one in people) / many,
        "in the lowest tier": tiers.count(0) / many,
        "in the highest tier": tiers.count(3) / many,
    }


def run(path: Path, months: int) -> dict[str, Any]:
    """One town, with the seconds from its first resident to its last month."""
    given = json.loads(path.read_text())
    begun = time.perf_counter()
    town = Town(given, given["seed"])
    for _ in range(months):
        town.step()
    taken = time.perf_counter() - begun
    return {
        "seconds": taken,
        "measures": measured(list(town.agents), months) | {"events": town.events / (months * len(town.agents))},
    }


def main() -> None:
    """Print a JSON object of lists, one entry a town."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("towns", type=Path, nargs="+")
    parser.add_argument("--months", type=int, default=24)
    given = parser.parse_args()
    runs = [run(path, given.months) for path in given.towns]
    print(json.dumps({key: [one[key] for one in runs] for key in ("seconds", "measures")}))


if __name__ == "__main__":
    main()
