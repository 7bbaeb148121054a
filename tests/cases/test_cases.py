"""A policy's own cases are run through the real engine, and what is not as expected is said with its line."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.cases import failures, outcome
from goodstanding.policy import load, loads, shipped
from goodstanding.testing import as_yaml, policies, small_policy, with_cases

DOCUMENT: dict[str, Any] = {
    "lists": [{"name": "l", "title": "L", "opened": "b"}, {"name": "m", "title": "M", "opened": "b"}],
    "tiers": [{"name": "low", "title": "Low"}, {"name": "high", "title": "High", "from": 2}],
    "perks": [
        {"name": "k", "title": "K", "giver": "g", "when": {"score": 1}},
        {"name": "j", "title": "J", "giver": "g", "when": {"score": 1}},
    ],
    "sanctions": [{"name": "s", "title": "S", "actions": ["x"], "when": {"on": ["l"]}}],
}
COUNT = {"measure": {"kind": "count", "of": "a"}, "reason": {"code": "R", "text": "Few"}}
EVENT = {"type": "a", "time": "2019-12-01T00:00:00Z"}
LISTED = {"type": "b", "time": "2019-12-02T00:00:00Z"}


def found(expect: dict[str, Any], *events: dict[str, Any], **parts: Any) -> list[str]:
    """What failing to meet an expectation is said to be, without the place."""
    case = {"name": "one", "as_of": "2020-01-01T00:00:00Z", "events": list(events), "expect": expect}
    policy = loads(
        as_yaml(small_policy(COUNT, **DOCUMENT, **parts) | {"cases": [case | parts.pop("case", {})]}), "p.yaml"
    )
    problems = failures(policy)
    assert {problem.line for problem in problems} <= {policy.cases[0].line}
    return [str(problem).partition(": case 'one' gave ")[2] for problem in problems]


def test_a_case_that_comes_out_as_expected_says_nothing() -> None:
    expect = {
        "score": 1,
        "points": {"f1": 1},
        "tier": "low",
        "lists": ["m", "l"],
        "perks": ["j", "k"],
        "sanctions": {"s": "in_force"},
        "reasons": ["R"],
    }
    assert found(expect, EVENT, LISTED) == []


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ({"score": 2}, "score 1; expected 2"),
        ({"points": {"f1": 0}}, "f1 of points 1; expected 0"),
        ({"tier": "high"}, "tier low; expected high"),
        ({"lists": []}, "lists [l, m]; expected []"),
        ({"perks": ["k"]}, "perks [k, j]; expected [k]"),
        ({"sanctions": {}}, "sanctions {s: in_force}; expected {}"),
        ({"sanctions": {"s": "noticed"}}, "sanctions {s: in_force}; expected {s: noticed}"),
        ({"reasons": []}, "reasons [R]; expected []"),
    ],
)
def test_each_part_that_is_not_as_expected_is_said(expect: dict[str, Any], said: str) -> None:
    assert found(expect, EVENT, LISTED) == [said]


def test_a_person_without_a_score_has_nothing() -> None:
    score = {"base": 0, "min": 0, "max": 9, "requires": [{"measure": {"kind": "count", "of": "c"}, "min": 1}]}
    assert found({"score": 0, "tier": None}, EVENT, score=score) == ["score nothing; expected 0"]


def test_a_circle_of_corrections_is_a_problem_of_its_case() -> None:
    circle = [{**EVENT, "id": "a", "replaces": "b"}, {**EVENT, "id": "b", "replaces": "a"}]
    case = {"name": "one", "as_of": "2020-01-01T00:00:00Z", "events": circle, "expect": {"score": 1}}
    policy = loads(as_yaml(small_policy(COUNT, **DOCUMENT) | {"cases": [case]}), "p.yaml")
    problems = failures(policy)
    assert [problem.found for problem in problems] == [
        f"case 'one': event {name!r} replaces itself, through others" for name in ("a", "b")
    ]
    assert {(problem.file, problem.line) for problem in problems} == {("p.yaml", policy.cases[0].line)}


def test_the_same_event_may_be_written_twice_in_two_ways() -> None:
    twice: list[dict[str, Any]] = [
        {**EVENT, "id": "a", "source": "case", "person": "person", "label": None},
        {**EVENT, "id": "a", "time": "2019-12-01T08:00:00+08:00", "recorded": "2019-12-02T00:00:00Z"},
    ]
    assert found({"score": 1}, *twice) == []


def test_friends_of_a_case_have_own_scores_and_kinds() -> None:
    ties = {"measure": {"kind": "ties", "take": "max", "tie": "friend"}}
    case = {
        "name": "one",
        "as_of": "2020-01-01T00:00:00Z",
        "events": [],
        "ties": [{"own_score": 7, "kind": "friend"}, {"own_score": 9}],
        "expect": {"score": 7},
    }
    policy = loads(as_yaml(small_policy(ties) | {"cases": [case]}))
    assert failures(policy) == []
    assert outcome(policy, policy.cases[0])["points"] == {"f1": 7, "bounds.d": 0, "bounds": 0}


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_case_of_every_shipped_policy_comes_out(name: str) -> None:
    assert failures(load(name)) == []


@given(st.data())
def test_cases_written_by_the_plain_reading_come_out(data: st.DataObject) -> None:
    document = data.draw(with_cases(data.draw(policies())))
    assert failures(loads(as_yaml(document))) == []
