"""A small policy for homes of the tests: ten points for each loan that was paid, and what friends add."""

from __future__ import annotations

from typing import Final

from goodstanding.policy import Policy, loads
from goodstanding.testing import as_yaml, small_policy

DOCUMENT: Final = as_yaml(
    small_policy(
        {"name": "paid", "measure": {"kind": "count", "of": "a"}, "points": {"each": {"points": 10}}},
        {"name": "friends", "measure": {"kind": "ties", "take": "count"}, "points": {"each": {"points": 1}}},
        score={"base": 100, "min": 0, "max": 1000},
    )
).encode()


def policy() -> Policy:
    """It, read."""
    return loads(DOCUMENT)
