"""Choose the points of `consumer-credit` on the development half of the clients, and print them as YAML.

    python develop.py [EVENTS OUTCOMES]

The policy says what is measured; this program only says how many points each step of a measure gives:

1.  Every measure is cut at the edges of `CANDIDATES`, round numbers that a person can read. The engine itself does the
    cutting: each factor gets as many points as the number of the step, and everyone is scored.
2.  Neighbouring steps are put together until each holds at least one client in fifty, the rate of default goes one way
    only, and two neighbours differ by at least 0.1 in their weight of evidence (the logarithm of the odds of not
    defaulting, less that of all clients: I. J. Good, Biometrika 66, 1979).
3.  A logistic regression on the weights of evidence (Newton's method, a ridge of 1) says how much of each counts beside
    the others.
4.  Each product becomes whole points, 70 to a doubling of the odds.

Nothing is drawn by lot, so the same events give the same points; a test holds the policy's points against this program.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from goodstanding.book import Book
from goodstanding.document import plain, read
from goodstanding.evaluation import read_outcomes
from goodstanding.events import read_events
from goodstanding.policy import loads, shipped
from goodstanding.scoring import score

FOLDER = Path(__file__).parent
AS_OF = datetime(2005, 10, 1, tzinfo=UTC)
POINTS_TO_DOUBLE = 70
LEAST_SHARE = 0.02
LEAST_DIFFERENCE = 0.1
RIDGE = 1.0

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]


class Candidate(NamedTuple):
    """Where a measure may be cut, and whether more of it means more risk (1) or less (-1)."""

    edges: tuple[float, ...]
    risk: int


CANDIDATES = {
    "months_late_now": Candidate((1, 2, 3, 4), 1),
    "long_late_months": Candidate((1, 2, 3, 4, 5, 6), 1),
    "payments_made": Candidate((1, 2, 3, 4, 5, 6), -1),
    "amount_paid": Candidate(
        (1, 1_000, 2_000, 5_000, 10_000, 15_000, 20_000, 30_000, 40_000, 50_000, 75_000, 100_000, 150_000, 200_000), -1
    ),
    "limit_used": Candidate((0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1), 1),
    "credit_limit": Candidate(
        (30_000, 50_000, 80_000, 100_000, 150_000, 200_000, 250_000, 300_000, 400_000, 500_000), -1
    ),
}


class Step(NamedTuple):
    """One line of a factor's bands: from where (none for the first), and how many points."""

    start: float | None
    points: int


class Group(NamedTuple):
    """Neighbouring cuts put together: the number of the first, and how many clients and defaults they hold."""

    first: int
    clients: int
    defaults: int

    @property
    def rate(self) -> float:
        """The share of clients who defaulted."""
        return self.defaults / max(self.clients, 1)

    @property
    def log_odds(self) -> float:
        """The logarithm of the odds of not defaulting, half a client added to each side so that none is infinite."""
        return float(np.log((self.clients - self.defaults + 0.5) / (self.defaults + 0.5)))


def grouped(cuts: Whole, outcomes: Whole, candidate: Candidate) -> list[Group]:
    """Put neighbours together from the left until no pair of them must be."""
    size = len(candidate.edges) + 1
    clients, defaults = np.bincount(cuts, minlength=size), np.bincount(cuts, outcomes, minlength=size).astype(int)
    groups = [Group(cut, int(clients[cut]), int(defaults[cut])) for cut in range(size)]
    least, at = LEAST_SHARE * len(cuts), 0
    while at < len(groups) - 1:
        if apart(groups[at], groups[at + 1], least, candidate.risk):
            at += 1
        else:
            left, right = groups[at], groups[at + 1]
            groups[at : at + 2] = [Group(left.first, left.clients + right.clients, left.defaults + right.defaults)]
            at = max(0, at - 1)
    return groups


def apart(left: Group, right: Group, least: float, risk: int) -> bool:
    """Whether two neighbours may stand as two steps."""
    return (
        min(left.clients, right.clients) >= least
        and risk * (right.rate - left.rate) > 0
        and abs(right.log_odds - left.log_odds) >= LEAST_DIFFERENCE
    )


def regression(evidence: Real, outcomes: Whole) -> Real:
    """The weight of each column in the log odds of not defaulting, by Newton's method."""
    columns = np.column_stack([np.ones(len(evidence)), evidence])
    weights = np.zeros(columns.shape[1])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-columns @ weights))
        slope = columns.T @ (1 - outcomes - chance) - RIDGE * weights
        curve = (columns.T * (chance * (1 - chance))) @ columns + RIDGE * np.eye(len(weights))
        weights += np.linalg.solve(curve, slope)
    return weights[1:]


def fitted(cuts: dict[str, Whole], outcomes: Whole) -> dict[str, list[Step]]:
    """The steps of every factor.

    Args:
        cuts: by factor, the number of the cut that each client's measure falls into.
        outcomes: each client's, 1 for default.
    """
    groups = {name: grouped(cuts[name], outcomes, CANDIDATES[name]) for name in cuts}
    average = Group(0, len(outcomes), int(outcomes.sum())).log_odds
    evidence = {name: np.array([group.log_odds - average for group in groups[name]]) for name in groups}
    columns = [
        evidence[name][np.searchsorted([group.first for group in groups[name]], cuts[name], side="right") - 1]
        for name in groups
    ]
    weights = regression(np.column_stack(columns), outcomes)
    scale = POINTS_TO_DOUBLE / np.log(2)
    return {
        name: [
            Step(CANDIDATES[name].edges[group.first - 1] if group.first else None, round(scale * weight * woe))
            for group, woe in zip(groups[name], evidence[name], strict=True)
        ]
        for name, weight in zip(groups, weights, strict=True)
    }


def as_yaml(steps: list[Step]) -> str:
    """The steps as the `points` of a factor."""
    starts = ["" if step.start is None else f"from: {step.start:g}, " for step in steps]
    bands = [f"{{{start}points: {step.points}}}" for start, step in zip(starts, steps, strict=True)]
    return f"points: {{bands: [{', '.join(bands)}]}}"


def cutting(document: dict[str, Any]) -> dict[str, Any]:
    """The policy with the same measures, but each factor gives the number of the cut that its measure falls into."""
    factors = [factor | {"points": numbered(CANDIDATES[factor["name"]].edges)} for factor in document["factors"]]
    wide = {"base": 0, "min": -10_000, "max": 10_000}
    case = {"name": "nobody is asked for points here", "as_of": "2005-10-01T00:00:00Z", "events": [], "expect": {}}
    return document | {"factors": factors, "score": wide, "tiers": [], "perks": [], "cases": [case]}


def numbered(edges: tuple[float, ...]) -> dict[str, Any]:
    """Bands that give 0 below the first edge, 1 from there on, and so forth."""
    return {"bands": [{"points": 0}, *({"from": edge, "points": number} for number, edge in enumerate(edges, 1))]}


def cuts_of(document: dict[str, Any], events: Path, people: pa.Array) -> dict[str, Whole]:
    """By factor, the number of the cut of each of these people, in the order given."""
    policy = loads(json.dumps(cutting(document), default=float), "cuts.yaml")
    scores = score(policy, Book.build(read_events([events])), as_of=AS_OF, people=people)
    place = pc.index_in(people.cast(scores.people.type), scores.people).to_numpy()
    return {factor.name: points[place] for factor, points in zip(policy.factors, scores.points, strict=True)}


def develop(events: Path, outcomes: Path) -> dict[str, list[Step]]:
    """The steps of every factor of `consumer-credit`."""
    known = read_outcomes(outcomes)
    document = plain(read(shipped()["consumer-credit"]))
    assert isinstance(document, dict), "a policy is a mapping"
    return fitted(cuts_of(document, events, known.people), known.values.to_numpy())


def main(arguments: list[str] | None = None) -> int:
    """Print the points of each factor."""
    parser = argparse.ArgumentParser(description="Choose the points of consumer-credit on the development half.")
    parser.add_argument("events", type=Path, nargs="?", default=FOLDER / "events.parquet")
    parser.add_argument("outcomes", type=Path, nargs="?", default=FOLDER / "outcomes-development.parquet")
    given = parser.parse_args(arguments)
    for name, steps in develop(given.events, given.outcomes).items():
        print(f"{name}:\n  {as_yaml(steps)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
