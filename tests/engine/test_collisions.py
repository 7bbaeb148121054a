"""No answer depends on luck or size: where every hash is the same, and all room is soon full, nothing else changes.

That cannot be brought about in loops that are compiled, nor be waited for: a program of its own runs them as plain
Python, with a hash that tells nothing apart, little room for people, events and ties at a time, and few stamps.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from goodstanding.book import Book
from goodstanding.policy import loads
from goodstanding.program import tables
from goodstanding.scoring import score
from goodstanding.testing import AS_OF, as_yaml, seeded_world, wide_policy
from goodstanding.ties import Ties
from tests.engine.asking import Row, batch_of, small

pytestmark = pytest.mark.kernel

PROGRAM = """
import sys, json
import numpy as np
from goodstanding.book import coding
from goodstanding.kernel import listing
from goodstanding.program import tables
coding.hash_bytes = lambda *_: np.uint64(7 << 32 | 5)
coding._mix = lambda *_: np.uint64(5)
tables.STAMPS, tables.BLOCK, tables.CHUNK, tables.LANES, tables.TIES_AT_ONCE = 3, 16, 8, 3, 4
listing.FEW = 2
from tests.engine import test_collisions as asked
json.dump(asked.answers(json.load(sys.stdin)), sys.stdout)
"""

DISTINCT = [{"measure": {"kind": "distinct", "of": "a", "field": field}} for field in ("party", "matter")]


def answers(rows: list[Row]) -> dict[str, Any]:
    """All that a book holds, and what is counted in it."""
    book = Book.build([batch_of(part) for part in (rows[:40], rows[40:])])
    everyone = book.people.to_pylist()
    return {
        "events": [book.events_of(person) for person in everyone],
        "before": [book.events_of(person, recorded_by=AS_OF) for person in everyone],
        "unknown": book.corrections.unknown,
        "points": score(small(*DISTINCT), book, as_of=AS_OF).points.tolist(),
        "in a world": in_a_world(),
    }


def in_a_world() -> list[Any]:
    """What a policy of every kind says of a world whose people have more events and ties than there is room for."""
    world = seeded_world(4, people=40, events_per_person=12)
    book, policy = Book.of(world.events), loads(as_yaml(wide_policy(45)))
    scores = score(policy, book, as_of=AS_OF, people=world.people, ties=Ties.of(world.ties))
    return [scores.points.tolist(), scores.score.tolist(), scores.since.tolist()]


@pytest.mark.compiled
def test_streaks_go_on_and_break_from_one_chunk_to_the_next() -> None:
    size = 3 * tables.CHUNK
    for broken in (0, 1, tables.CHUNK - 1, tables.CHUNK, tables.CHUNK + 1, 2 * tables.CHUNK, size - 1):
        rows = [{"id": f"{n:06}", "source": "s", "type": "ab"[n % 2], "person": "p", "time": AS_OF - size + n,
                 "value": int(n == broken)} for n in range(size)]  # fmt: skip
        among = {"kind": "streak", "among": {"type": ["a", "b"]}, "of": {"value": {"max": 0}}}
        latest = {"kind": "latest", "of": {"type": ["a", "b"], "value": {"min": 1}}, "field": "value"}
        per = {"each": {"points": 1, "per": 10}}
        scores = score(small({"measure": among, "points": per}, {"measure": latest}), Book.build([batch_of(rows)]),
                       as_of=AS_OF)  # fmt: skip
        assert scores.points[:, 0].tolist() == [(size - 1 - broken) // 10, 1]


def made() -> list[Row]:
    """Events of a hundred people that come twice, correct each other, and share ids between sources."""
    rows = [
        {
            "id": f"e{n % 70}{'x' * (n % 3)}",
            "source": f"s{n // 70}",
            "type": "a",
            "person": f"p{n % 100}",
            "time": AS_OF - n,
            "label": f"g{n}",
            "party": f"{n % 11}",
            "matter": f"m{n % 7}",
            "recorded": AS_OF + n - 70,
            "replaces": f"e{n - 9}{'x' * ((n - 9) % 3)}" if n % 10 == 9 else None,
        }
        for n in range(640)
    ]
    return rows + [{**row, "recorded": None} for row in rows[::5]]


def test_a_hash_that_tells_nothing_apart_and_little_room_change_no_answer() -> None:
    rows = made()
    said = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(rows),
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    found = json.loads(said.stdout)
    assert found == answers(rows)
    assert len(found["events"]) == 100
    assert found["unknown"] > 0
