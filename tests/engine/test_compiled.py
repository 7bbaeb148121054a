"""What only compiled loops can show: what they compile, and that they finish."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from goodstanding import kernel
from goodstanding.book import Book
from goodstanding.policy import loads
from goodstanding.scoring import score
from goodstanding.testing import AS_OF, as_yaml, seeded_world, wide_policy
from goodstanding.ties import Ties
from tests.engine.asking import SCHEMA, small

pytestmark = pytest.mark.compiled


def signatures() -> dict[str, int]:
    """For how many types of arguments each loop was compiled."""
    return {
        name: len(getattr(kernel, name).signatures)
        for name in kernel.__all__
        if hasattr(getattr(kernel, name), "signatures")
    }


def test_another_number_another_policy_and_another_book_compile_nothing_new(tmp_path: Path) -> None:
    world = seeded_world(5, people=30, events_per_person=6)
    book = Book.of(world.events, world="synthetic")
    ties = Ties.of(world.ties)
    document = wide_policy(45)
    score(loads(as_yaml(document)), book, as_of=AS_OF, ties=ties)
    before = signatures()
    assert before["run"] == 1
    document["score"] = {"base": 551, "min": 300, "max": 1000}
    document["dimensions"][0]["max"] = 10**6
    for factor in document["factors"]:
        if "bands" in factor["points"]:
            factor["points"]["bands"][0]["points"] += 1
    score(loads(as_yaml(document)), book, as_of=AS_OF + 1, recorded_by=AS_OF, ties=ties, threads=3)
    score(small({"measure": {"kind": "count", "of": "a"}}), book, as_of=AS_OF, people=["nobody"])
    book.save(tmp_path / "book")
    score(loads(as_yaml(document)), Book.open(tmp_path / "book"), as_of=AS_OF, ties=ties)
    score(loads(as_yaml(document)), Book.of([]), as_of=AS_OF, ties=ties)
    assert signatures() == before


def test_a_million_events_of_a_person_are_scored_by_what_reads_them_all() -> None:
    size = 10**6
    numbers = np.arange(size)
    columns: dict[str, Any] = {
        "id": numbers.astype(str),
        "source": np.full(size, "s"),
        "type": np.where(numbers % 3 == 0, "b", "a"),
        "person": np.full(size, "p"),
        "time": AS_OF - numbers // 7,  # many share a moment, and are put in order by their ids
        "party": numbers.astype(str),
        "matter": (numbers // 2).astype(str),
        "value": numbers,
    }
    arrays = [
        pa.array(columns.get(name, pa.nulls(size)), type_)
        for name, type_ in zip(SCHEMA.names, SCHEMA.types, strict=True)
    ]
    book = Book.build([pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)])
    both = {"type": ["a", "b"]}
    per = {"each": {"points": 1, "per": 1_000}}
    lists = [
        {"name": "l", "title": "L", "opened": "b", "closed": "a", "key": "party"},
        {"name": "m", "title": "M", "opened": "a", "times": 1_000, "within": "1d", "key": "matter"},
        {"name": "n", "title": "N", "opened": "a", "times": 400_000, "within": "1d"},
    ]
    policy = small(
        {"measure": {"kind": "distinct", "of": both, "field": "party"}, "points": per},
        {"measure": {"kind": "distinct", "of": both, "field": "matter"}, "points": per},
        {"measure": {"kind": "streak", "among": both, "of": {"value": {"max": 499_999}}}, "points": per},
        {"measure": {"kind": "count", "of": "a"}, "points": per},
        lists=lists,
    )
    scores = score(policy, book, as_of=AS_OF)
    assert scores.points[:, 0].tolist() == [1_000, 500, 499, 666]
    assert (scores.since[:, 0] > 0).tolist() == [True, False, True]
