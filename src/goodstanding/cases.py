"""A policy's own cases, run: these events, this outcome (specification section 8).

A policy carries its own proof. Each case goes through the same kernel as everybody's score.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from goodstanding.errors import EventsError, Problem
from goodstanding.policy import Case, Policy
from goodstanding.scoring import score_one
from goodstanding.standing import stand, to_table

NOTHING = "nothing"


def failures(policy: Policy) -> list[Problem]:
    """Run every case; one problem for each part of an outcome that is not as expected, at the line of its case.

    Events that make no record together, such as a circle of corrections, are problems of their case too.
    """
    return [problem for case in policy.cases for problem in _failures(policy, case)]


def outcome(policy: Policy, case: Case) -> dict[str, Any]:
    """What the policy makes of a case, in the form of `expect`, with every part."""
    friends = [(tie["own_score"], tie.get("kind")) for tie in case.ties]
    scores = score_one(policy, case.events, person=case.person, as_of=case.as_of, friends=friends)
    row = to_table(scores, stand(scores)).to_pylist()[0]
    return {
        "score": row["score"],
        "points": {factor.name: row[factor.name] for factor in policy.factors}
        | {name: row[name] for name in row if name == "bounds" or name.startswith("bounds.")},
        "tier": row["tier"],
        "lists": row["lists"],
        "perks": row["perks"],
        "sanctions": dict(due.rsplit(":", 1) for due in row["sanctions"]),
        "reasons": row["reasons"],
    }


def _failures(policy: Policy, case: Case) -> Iterator[Problem]:
    try:
        found = outcome(policy, case)
    except EventsError as error:
        for problem in error.problems:
            yield Problem(policy.file, case.line, f"case {case.name!r}: {problem.found}", problem.expected)
        return
    for part, expected in _parts(case.expect):
        got = found["points"][part[1]] if part[0] == "points" and len(part) > 1 else found[part[0]]
        if not _same(part[0], got, expected):
            named = " of ".join(reversed(part))
            yield Problem(policy.file, case.line, f"case {case.name!r} gave {named} {_shown(got)}", _shown(expected))


def _parts(expect: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each part to compare: points factor by factor, everything else as a whole."""
    for part, expected in expect.items():
        if part == "points":
            yield from (((part, name), points) for name, points in expected.items())
        else:
            yield (part,), expected


def _same(part: str, got: Any, expected: Any) -> bool:
    """Whether a part is as expected; lists and perks are sets, the order of reasons counts."""
    if part in ("lists", "perks"):
        return sorted(got) == sorted(expected)
    return bool(got == (list(expected) if isinstance(expected, tuple) else expected))


def _shown(value: object) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {item}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(str(item) for item in value) + "]"
    return str(value)
