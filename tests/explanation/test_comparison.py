"""Two policies over the same people: everybody is in the table once, and the lines that did it add up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.book import Book
from goodstanding.comparison import NO_SCORE, NO_TIER, Comparison, compare, less
from goodstanding.errors import WorldError
from goodstanding.policy import Policy, loads
from goodstanding.testing import AS_OF, Scoring, as_yaml, policies, scorings, small_policy, table
from goodstanding.ties import Ties

EVENTS = """
id | type | person
e1 | a    | p
e2 | a    | p
e3 | b    | q
e4 | b    | r
"""
TIERS = [{"name": "low", "title": "Low"}, {"name": "high", "title": "High", "from": 2}]
A = {"name": "f", "title": {"en": "F", "zh": "甲"}, "measure": {"kind": "count", "of": "a"}}
B = {"name": "g", "title": "G", "measure": {"kind": "count", "of": "b"}, "points": {"each": {"points": 3}}}
BASE = {"base": 0, "min": -9, "max": 9}


def policy_of(*factors: dict[str, Any], **parts: Any) -> Policy:
    return loads(as_yaml(small_policy(*factors, **{"tiers": TIERS, "score": BASE, **parts})))


def compared(before: Policy, after: Policy, **options: Any) -> Comparison:
    return compare(before, after, Book.of(table(EVENTS)), as_of=AS_OF, **options)


def test_who_moves_between_tiers_and_which_lines_did_it() -> None:
    found = compared(policy_of(A), policy_of(B))
    assert found.matrix.tolist() == [[0, 2, 0], [1, 0, 0], [0, 0, 0]]
    told = found.as_json()
    assert (told["people"], told["scored_by_both"], told["up"], told["down"], told["same"]) == (3, 3, 2, 1, 0)
    assert told["change"] == {
        "sum": 4,
        "mean": 1.3333,
        "p0": -2,
        "p5": -2,
        "p25": -2,
        "p50": 3,
        "p75": 3,
        "p95": 3,
        "p100": 3,
    }
    lines = {line["line"]: (line["sum"], line["moved"], line["mean_size"]) for line in told["lines"]}
    assert lines == {
        "g": (6, 2, 2.0),
        "f": (-2, 1, 0.6667),
        "base": (0, 0, 0.0),
        "bounds.d": (0, 0, 0.0),
        "bounds": (0, 0, 0.0),
    }
    assert [line["line"] for line in told["lines"]][:2] == ["g", "f"]


def test_a_base_that_differs_is_a_line_of_its_own() -> None:
    found = compared(policy_of(A), policy_of(A, score={"base": 4, "min": -9, "max": 5}))
    lines = {line.name: (line.total, line.moved) for line in found.lines}
    assert lines == {"base": (12, 3), "bounds": (-1, 1), "f": (0, 0), "bounds.d": (0, 0)}


def test_whoever_has_no_score_stands_apart() -> None:
    requires = [{"measure": {"kind": "count", "of": "a"}, "min": 1}]
    found = compared(policy_of(A), policy_of(A, score={**BASE, "requires": requires}))
    assert found.after.tiers == ("low", "high", NO_SCORE)
    assert found.matrix.tolist() == [[0, 0, 2], [0, 1, 0], [0, 0, 0]]
    assert found.to_table().to_pylist()[1] == {
        "person": "q",
        "score_before": 0,
        "score_after": None,
        "change": None,
        "tier_before": "low",
        "tier_after": None,
    }


def test_nobody_with_a_score_under_both_is_no_fault() -> None:
    requires = [{"measure": {"kind": "count", "of": "c"}, "min": 1}]
    found = compared(policy_of(A), policy_of(A, score={**BASE, "requires": requires}, tiers=[]))
    assert found.after.tiers == (NO_TIER,)
    assert found.as_json()["change"] == {"sum": 0, "mean": 0.0}


@pytest.mark.parametrize("people", [2, 20])
def test_sums_past_64_bits_are_exact(people: int) -> None:
    """Scores may come to ±10^18."""
    low, high = (policy_of(A, score={"base": base, "min": -(10**18), "max": 10**18}) for base in (-(10**18), 10**18))
    found = compare(low, high, Book.of(table(EVENTS)), as_of=AS_OF, people=[f"p{n}" for n in range(people)])
    told = found.as_json()
    assert told["change"]["sum"] == 2 * 10**18 * people
    assert told["change"]["mean"] == 2e18
    lines = {line["line"]: (line["sum"], line["mean_size"]) for line in told["lines"]}
    assert lines["base"] == (2 * 10**18 * people, 2e18)


def test_a_difference_past_64_bits_is_exact() -> None:
    assert less(np.array([9 * 10**18]), np.array([-9 * 10**18])).tolist() == [18 * 10**18]
    assert less(np.array([3]), np.array([5])).dtype == np.int64


def test_titles_are_in_the_language_asked_for() -> None:
    assert [line.title for line in compared(policy_of(A), policy_of(A), lang="zh").lines if line.name == "f"] == ["甲"]


def test_a_live_record_is_compared_under_no_synthetic_policy() -> None:
    with pytest.raises(WorldError):
        compare(policy_of(A), policy_of(B), Book.of(table(EVENTS), world="live"), as_of=AS_OF)


@given(scorings(), st.data())
def test_lines_add_up_and_everybody_is_in_the_table_once(scoring: Scoring, data: st.DataObject) -> None:
    other = data.draw(policies())
    found = compare(
        loads(as_yaml(scoring.document)),
        loads(as_yaml(other)),
        Book.of(scoring.events),
        as_of=scoring.as_of,
        recorded_by=scoring.recorded_by,
        people=scoring.people,
        ties=Ties.of(scoring.ties),
    )
    assert int(found.matrix.sum()) == found.people == found.to_table().num_rows
    assert sum(line.total for line in found.lines) == sum(found.changes.tolist())
    assert all(abs(line.total) <= line.total_size for line in found.lines)
