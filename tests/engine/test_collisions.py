"""No answer depends on luck or size: where every hash is the same, and all room is soon full, nothing else changes.

That cannot be brought about in loops that are compiled, nor be waited for: a program of its own runs them as plain
Python, with a hash that tells nothing apart, little room for a block of people, and few stamps.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from goodstanding.book import Book
from goodstanding.scoring import score
from goodstanding.testing import AS_OF
from tests.engine.asking import Row, batch_of, small

pytestmark = pytest.mark.kernel

PROGRAM = """
import sys, json
import numpy as np
from goodstanding.book import coding
from goodstanding.program import tables
coding.hash_bytes = lambda *_: np.uint64(7 << 32 | 5)
coding._mix = lambda *_: np.uint64(5)
tables.STAMPS, tables.BLOCK, tables.CHUNK = 3, 16, 8
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
    }


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
