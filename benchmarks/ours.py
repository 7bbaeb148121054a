"""Measurements of Goodstanding within one process; each is run as `python -m benchmarks.ours JOB …` and prints JSON.

A first pass that is not counted warms up: it loads compiled code and touches the mapped files.
"""

import argparse
import json
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import touch
from benchmarks.processes import THREADS
from benchmarks.world import AS_OF
from goodstanding import kernel
from goodstanding.book import Book
from goodstanding.events import read_events
from goodstanding.kernel import accumulating, listing, operating, pointing, scoring, selecting, tying
from goodstanding.policy import Policy, load, loads
from goodstanding.program import tables
from goodstanding.scoring import Scorer, Scores, look_around, score
from goodstanding.ties import STILL, Ties

Answer = dict[str, Any]


def timed(action: Callable[[], object], repeats: int) -> list[float]:
    """The seconds of each call, after one that is not counted."""
    action()
    taken = []
    for _ in range(repeats):
        begun = time.perf_counter()
        action()
        taken.append(time.perf_counter() - begun)
    return taken


def in_turn(sides: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, list[float]]:
    """The seconds of each call of each side, all sides in turn, after one round that is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(repeats + 1):
        for name, action in sides.items():
            begun = time.perf_counter()
            action()
            taken[name].append(time.perf_counter() - begun)
    return {name: each[1:] for name, each in taken.items()}


def passes(given: argparse.Namespace) -> Answer:
    """From a saved book to everyone's scores in memory, and what the machine gives: each on two threads and on one."""
    book, policy = Book.open(given.book), load(given.policy)
    loops: dict[str, Callable[[int], object]] = {
        "seconds": lambda threads: score(policy, book, as_of=AS_OF, threads=threads),
        "registers": touch.in_registers,
        "touch": partial(touch.touched, book),
    }
    sides: dict[str, Callable[[], object]] = {}
    for name, of in loops.items():
        sides[name], sides[f"{name} single"] = partial(of, THREADS), partial(of, 1)
    taken: Answer = dict(in_turn(sides, given.repeats))
    if given.out:
        pq.write_table(as_table(policy, score(policy, book, as_of=AS_OF)), given.out)
    return taken


def as_table(policy: Policy, scores: Scores) -> pa.Table:
    """Every contribution under the names of specification section 9; one row per person."""
    columns: dict[str, Any] = {"person": scores.people, "score": scores.score, "bounds": scores.bounds}
    for factor, points in zip(policy.factors, scores.points, strict=True):
        columns[factor.name] = points
    for dimension, held in zip(policy.dimensions, scores.dimension_bounds, strict=True):
        columns[f"bounds.{dimension.name}"] = held
    return pa.table(columns)


def signatures() -> int:
    """How many compiled forms all loops of the kernel have between them."""
    modules = (kernel, accumulating, listing, operating, pointing, scoring, selecting, tying)
    found = {id(one): one for module in modules for one in vars(module).values() if hasattr(one, "signatures")}
    return sum(len(one.signatures) for one in found.values())


def changed(given: argparse.Namespace) -> Answer:
    """From the text of a policy to everyone's scores: the first text and one with another number, in turn.

    Every other text is a new one, so that nothing that was worked out for one serves again.
    """
    book, text = Book.open(given.book), given.policy.read_text()
    score(loads(text), book, as_of=AS_OF, threads=THREADS)
    before = signatures()
    first: list[float] = []
    other: list[float] = []
    for repeat in range(given.repeats):
        for told, taken in ((text, first), (text.replace("points: -50", f"points: {-51 - repeat}"), other)):
            begun = time.perf_counter()
            score(loads(told), book, as_of=AS_OF, threads=THREADS)
            taken.append(time.perf_counter() - begun)
    return {"first": first, "changed": other, "signatures before": before, "signatures after": signatures()}


def one_person(given: argparse.Namespace) -> Answer:
    """One person's score and all contributions as Python values, again and again in a running process."""
    book = Book.build(read_events([given.events]))
    scorer = Scorer(load(given.policy), book, as_of=AS_OF)
    sizes = np.diff(book.columns.offsets)
    person = int(np.argmin(np.abs(sizes - 200)))
    everyone = scorer.everyone()
    told, lines = scorer.one(person)
    assert (told, lines[: len(everyone.points)]) == (everyone.score[person], everyone.points[:, person].tolist())
    return {"seconds": timed(lambda: scorer.one(person), given.repeats), "events": int(sizes[person])}


def heavy(given: argparse.Namespace) -> Answer:
    """One person with very many events, each with a party of its own: `distinct` and `streak`."""
    book, policy = Book.build(read_events([given.events])), load(given.policy)
    taken = timed(lambda: score(policy, book, as_of=AS_OF), given.repeats)
    scores = score(policy, book, as_of=AS_OF)
    return {"seconds": taken, "events": len(book), "points": scores.points[:, 0].tolist()}


def ties(given: argparse.Namespace) -> Answer:
    """For each person, how many ties lead to someone with a score, and the sum of those scores."""
    return _ties(given.folder, given.repeats)


def ties_growth(given: argparse.Namespace) -> list[list[float]]:
    """The same for several folders: the seconds in each."""
    return [_ties(Path(folder), given.repeats)["seconds"] for folder in json.loads(given.spec.read_text())]


def _ties(folder: Path, repeats: int) -> Answer:
    pairs, own = np.load(folder / "pairs.npy"), np.load(folder / "scores.npy").astype(np.int32)
    people = pa.array([f"P{number:08d}" for number in range(len(own))], pa.large_string())
    forever = {"since": np.zeros(len(pairs), np.int64), "until": np.full(len(pairs), STILL)}
    named = {"a": people.take(pa.array(pairs[:, 0])), "b": people.take(pa.array(pairs[:, 1]))}
    table = pa.table(named | forever | {"kind": pa.nulls(len(pairs), pa.string())})
    begun = time.perf_counter()
    (around,) = Ties.of(table).among(people, 1, [None])
    built = time.perf_counter() - begun
    asked = {tables.TIES_COUNT, tables.TIES_MEAN}
    taken = timed(lambda: look_around(around, own, asked), repeats)
    found = look_around(around, own, asked)
    np.save(folder / "our_counts.npy", found[tables.TIES_COUNT])
    np.save(folder / "our_sums.npy", found[tables.TIES_MEAN])
    return {"seconds": taken, "build": built}


def growth(given: argparse.Namespace) -> list[list[float]]:
    """Passes on one thread for pairs of raw events and policy: the seconds of each pair, in the order given."""
    taken, opened, book = [], "", Book.of([])
    for events, policy in json.loads(given.spec.read_text()):
        if events != opened:
            opened, book = events, Book.build(read_events([Path(events)]), keep_ids=False)
        taken.append(_single(load(policy), book, given.repeats))
    return taken


def _single(policy: Policy, book: Book, repeats: int) -> list[float]:
    return timed(lambda: score(policy, book, as_of=AS_OF, threads=1), repeats)


def main() -> None:
    """Do one job and print what it measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    jobs = parser.add_subparsers(required=True)
    shapes: dict[Callable[[argparse.Namespace], object], list[str]] = {
        passes: ["book", "policy"],
        changed: ["book", "policy"],
        one_person: ["events", "policy"],
        heavy: ["events", "policy"],
        ties: ["folder"],
        ties_growth: ["spec"],
        growth: ["spec"],
    }
    for job, files in shapes.items():
        command = jobs.add_parser(job.__name__)
        command.set_defaults(do=job)
        for file in files:
            command.add_argument(file, type=Path)
        command.add_argument("--repeats", type=int, default=3)
        command.add_argument("--out", type=Path)
    given = parser.parse_args()
    print(json.dumps(given.do(given)))


if __name__ == "__main__":
    main()
