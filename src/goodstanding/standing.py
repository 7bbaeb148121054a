"""What follows from scores: tier, lists, perks, sanctions and reasons (specification sections 4 and 5), as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.limits import DAY_US
from goodstanding.policy import Policy
from goodstanding.policy.model import Perk, Sanction
from goodstanding.scoring import NOT_LISTED, Scores

NO_TIER = -1

NOT_DUE, NOTICED, IN_FORCE = range(3)
STATES = ("", "noticed", "in_force")
"""States of a sanction by number; the first: it is not due."""

MOST_REASONS = 4
"""Reasons given to a person, at most (specification section 4)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The standing of everybody who was scored; one column a person.

    Attributes:
        tier: int16, a place among the policy's tiers, NO_TIER where there is none.
        listed: bool, one row a list.
        perks: bool, one row a perk: open.
        sanctions: uint8, one row a sanction: NOT_DUE, NOTICED or IN_FORCE.
        reasons: int16, four rows: places among the policy's factors, greatest loss first, -1 where there are fewer.
    """

    tier: NDArray[np.int16]
    listed: NDArray[np.bool_]
    perks: NDArray[np.bool_]
    sanctions: NDArray[np.uint8]
    reasons: NDArray[np.int16]


def stand(scores: Scores, notices: Mapping[tuple[str, str], int] | None = None) -> Standing:
    """The standing that follows from scores.

    Args:
        notices: by person and sanction, the moment at which an earlier notice was given (microseconds since 1970).
    """
    policy = scores.policy
    listed = scores.since != NOT_LISTED
    tier = _tiers(policy, scores, listed)
    perks = [_open(policy, perk, scores, listed, tier) for perk in policy.perks]
    sanctions = [_state(policy, sanction, scores, notices or {}) for sanction in policy.sanctions]
    return Standing(
        tier=tier,
        listed=listed,
        perks=np.array(perks, np.bool_).reshape(len(perks), len(scores)),
        sanctions=np.array(sanctions, np.uint8).reshape(len(sanctions), len(scores)),
        reasons=_reasons(policy, scores),
    )


def _rows(policy: Policy, names: Sequence[str]) -> list[int]:
    """Where the lists of these names stand in the policy."""
    places = {rule.name: i for i, rule in enumerate(policy.lists)}
    return [places[name] for name in names]


def _tiers(policy: Policy, scores: Scores, listed: NDArray[np.bool_]) -> NDArray[np.int16]:
    """The last tier whose `from` the score reaches and whose lists the person is not on."""
    tier = np.full(len(scores), NO_TIER, np.int16)
    for i, one in enumerate(policy.tiers):
        fits = scores.given & ~listed[_rows(policy, one.not_on)].any(axis=0)
        if one.least is not None:
            fits &= scores.score >= one.least
        tier[fits] = i
    return tier


def _open(
    policy: Policy, perk: Perk, scores: Scores, listed: NDArray[np.bool_], tier: NDArray[np.int16]
) -> NDArray[np.bool_]:
    """Who has a perk: all its conditions hold, and there is enough to go on."""
    fits = scores.given & ~listed[_rows(policy, perk.not_on)].any(axis=0)
    if perk.least is not None:
        fits &= scores.score >= perk.least
    if perk.tiers:
        fits &= np.isin(tier, [i for i, one in enumerate(policy.tiers) if one.name in perk.tiers])
    return fits


def _state(
    policy: Policy, sanction: Sanction, scores: Scores, notices: Mapping[tuple[str, str], int]
) -> NDArray[np.uint8]:
    """For everybody whether a sanction is due, and whether its notice has passed."""
    given = _given(sanction, scores, notices)
    since = scores.since[_rows(policy, sanction.on)]
    listed = np.where(since == NOT_LISTED, NEVER, since).min(axis=0, initial=NEVER)
    moment = np.where(listed == NEVER, NEVER, np.maximum(listed, given))
    if sanction.below is not None:
        # A low score has no beginning: the notice is its own, and counts from now where none was given.
        from_score = np.where(given == NOT_LISTED, scores.as_of, given)
        is_below = scores.given & (scores.score < sanction.below)
        moment = np.where(is_below, np.minimum(moment, from_score), moment)
    due = moment != NEVER
    passed = scores.as_of - np.where(due, moment, scores.as_of) >= sanction.notice_days * DAY_US
    return np.where(due, np.where(passed, IN_FORCE, NOTICED), NOT_DUE).astype(np.uint8)


NEVER = np.iinfo(np.int64).max
"""The moment of a sanction that is not due."""


def _given(sanction: Sanction, scores: Scores, notices: Mapping[tuple[str, str], int]) -> NDArray[np.int64]:
    """When each person was given notice of a sanction before; NOT_LISTED, the earliest of all moments, where never."""
    moments = np.full(len(scores), NOT_LISTED)
    given = {person: when for (person, name), when in notices.items() if name == sanction.name}
    if given:
        for i, person in enumerate(scores.people.to_pylist()):
            moments[i] = given.get(person, NOT_LISTED)
    return moments


def losses(policy: Policy, points: NDArray[np.int32]) -> NDArray[np.int32]:
    """For each factor with a reason, the most that it can give less what it gave; one row a factor, 0 for others."""
    lost = np.zeros_like(points)
    for i, factor in enumerate(policy.factors):
        if factor.reason is not None:
            lost[i] = factor.points.most(factor.measure.can_be_nothing) - points[i]
    return lost


def _reasons(policy: Policy, scores: Scores) -> NDArray[np.int16]:
    """The factors whose reasons are given: greatest loss first, in the policy's order where equal, a code once."""
    lost = losses(policy, scores.points)
    codes: dict[str, list[int]] = {factor.reason.code: [] for factor in policy.factors if factor.reason is not None}
    for i, factor in enumerate(policy.factors):
        if factor.reason is not None:
            codes[factor.reason.code].append(i)
    reasons = np.full((MOST_REASONS, len(scores)), -1, np.int16)
    if not codes:
        return reasons
    # For each code the factor that lost most; then the four codes that lost most. `argmax` takes the first of equals.
    best = [np.array(rows)[lost[rows].argmax(axis=0)] for rows in codes.values()]
    factor_of = np.stack(best)
    loss_of = np.take_along_axis(lost, factor_of, axis=0)
    # Ties between codes go by the policy's order of the factor named.
    weight = loss_of.astype(np.int64) * (len(policy.factors) + 1) - factor_of
    weight[loss_of <= 0] = np.iinfo(np.int64).min
    for place in range(min(MOST_REASONS, len(codes))):
        top = weight.argmax(axis=0)[None]
        chosen = np.take_along_axis(weight, top, axis=0)[0] != np.iinfo(np.int64).min
        reasons[place] = np.where(chosen, np.take_along_axis(factor_of, top, axis=0)[0], -1)
        np.put_along_axis(weight, top, np.iinfo(np.int64).min, axis=0)
    return reasons


def to_table(scores: Scores, standing: Standing) -> pa.Table:
    """Everything as a table with the columns of specification section 9; one row a person."""
    policy = scores.policy
    missing = ~scores.given
    tiers = [tier.name for tier in policy.tiers]
    columns: dict[str, Any] = {
        "person": scores.people.cast(pa.string()),
        "score": pa.array(scores.score, mask=missing),
        "own_score": pa.array(scores.own_score, mask=missing),
        "tier": _named(tiers, standing.tier),
        "base": pa.array(np.full(len(scores), policy.base, np.int64)),
    }
    for factor, points in zip(policy.factors, scores.points, strict=True):
        columns[factor.name] = pa.array(points)
    for dimension, held in zip(policy.dimensions, scores.dimension_bounds, strict=True):
        columns[f"bounds.{dimension.name}"] = pa.array(held)
    columns["bounds"] = pa.array(scores.bounds)
    columns["reasons"] = _reason_lists(policy, standing.reasons)
    columns["lists"] = _lists([rule.name for rule in policy.lists], standing.listed)
    columns["perks"] = _lists([perk.name for perk in policy.perks], standing.perks)
    states = [f"{one.name}:{state}" for one in policy.sanctions for state in STATES[1:]]
    due = [standing.sanctions == state for state in (NOTICED, IN_FORCE)]
    stacked = np.stack(due, axis=1).reshape(len(states), len(scores))
    columns["sanctions"] = _lists(states, stacked)
    return pa.table(columns)


def _named(names: list[str], codes: NDArray[np.int16]) -> pa.Array:
    """Codes as names; a negative code is null."""
    indices = pa.array(codes.astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, pa.string())).dictionary_decode()


def _lists(names: list[str], has: NDArray[np.bool_]) -> pa.ListArray:
    """For each person the names of the rows that hold, in the order of rows."""
    people, rows = np.nonzero(has.T)
    offsets = np.zeros(has.shape[1] + 1, np.int32)
    np.cumsum(np.bincount(people, minlength=has.shape[1]), out=offsets[1:])
    return pa.ListArray.from_arrays(offsets, _named(names, rows.astype(np.int32)))


def _reason_lists(policy: Policy, reasons: NDArray[np.int16]) -> pa.ListArray:
    """For each person the codes of their reasons."""
    codes = ["" if factor.reason is None else factor.reason.code for factor in policy.factors]
    given = reasons.T
    offsets = np.zeros(given.shape[0] + 1, np.int32)
    np.cumsum((given >= 0).sum(axis=1), out=offsets[1:])
    return pa.ListArray.from_arrays(offsets, _named(codes, given[given >= 0]))
