"""What an experiment holds against what: sides of cells that throw the same dice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from goodstanding.document.nodes import Findings, did_you_mean, one_of, quoted
from goodstanding.lab.experiments.document import At, ComparisonGiven
from goodstanding.lab.experiments.model import Comparison, Side

POLICIES, VARIANTS, BOTH = "policy", "variant", "policy and variant"
OTHERS: Final = {POLICIES: "policies", VARIANTS: "variants", BOTH: "pairs POLICY/VARIANT"}


def compared(
    policies: Sequence[str], variants: Sequence[str], given: Sequence[ComparisonGiven] | None, findings: Findings
) -> tuple[Comparison, ...]:
    """The comparisons that are asked for; what names nothing is noted.

    Where nothing is asked for, the first variant is held against the others, under each policy; where there is but one
    variant, the first policy against the others.
    """
    known = {POLICIES: policies, VARIANTS: variants, BOTH: [f"{one}/{other}" for one in policies for other in variants]}
    if given is None:
        sort = VARIANTS if len(variants) > 1 else POLICIES
        baseline, *others = known[sort]
        return _pairs(sort, baseline, others, known)
    return tuple(pair for one in given for pair in _given(one, known, findings))


def _given(given: ComparisonGiven, known: dict[str, Sequence[str]], findings: Findings) -> tuple[Comparison, ...]:
    sort = _sort_of(given.baseline, [POLICIES, VARIANTS, BOTH], known, findings)
    if not sort:
        return ()
    others = [other.value for other in given.to if _sort_of(other, [sort], known, findings)]
    return _pairs(sort, given.baseline.value, others or known[sort], known)


def _sort_of(name: At[str], sorts: Sequence[str], known: dict[str, Sequence[str]], findings: Findings) -> str:
    """What a name is the name of; empty where of nothing."""
    for sort in sorts:
        if name.value in known[sort]:
            return sort
    names = [one for sort in sorts for one in known[sort]]
    found = f"no {' or '.join(OTHERS[sort] for sort in sorts)} called {quoted(name.value)}"
    findings.fault(name.node, found, one_of(names), did_you_mean(name.value, names))
    return ""


def _pairs(sort: str, baseline: str, others: Sequence[str], known: dict[str, Sequence[str]]) -> tuple[Comparison, ...]:
    """Each of the others against the baseline; within each policy, or variant, that is not spoken of."""
    names = [other for other in others if other != baseline]
    if sort == POLICIES:
        return tuple(
            Comparison(Side(baseline, variant), Side(name, variant)) for name in names for variant in known[VARIANTS]
        )
    if sort == VARIANTS:
        return tuple(
            Comparison(Side(policy, baseline), Side(policy, name)) for name in names for policy in known[POLICIES]
        )
    return tuple(Comparison(_side(baseline), _side(name)) for name in names)


def _side(text: str) -> Side:
    policy, _, variant = text.partition("/")
    return Side(policy, variant)
