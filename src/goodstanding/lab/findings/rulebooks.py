"""Rule books that only findings need: a board on which nobody's name is ever posted, a meter, one without friends."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from goodstanding.lab.experiments.variation import varied
from goodstanding.measures import Ties
from goodstanding.policy import Policy, load, loads
from goodstanding.policy.digest import canonical

POLICIES: Final = Path(__file__).parent / "policies"


def board(*, warns: bool) -> Policy:
    """A list of those whom a court has listed; whether they are told that their names will be posted."""
    policy = load(POLICIES / "board.yaml")
    return policy if warns else loads(canonical({**policy.document, "sanctions": []}), "board.yaml")


def meter() -> Policy:
    """Counts every violation on record, one each, and nothing follows from it."""
    return load(POLICIES / "meter.yaml")


def reads_ties(policy: Policy) -> list[str]:
    """The factors that read others' scores."""
    return [factor.name for factor in policy.factors if isinstance(factor.measure, Ties)]


def without_ties(policy: Policy) -> Policy:
    """The same rules, but for those that read others' scores."""
    return varied(policy, policy.name, reads_ties(policy))
