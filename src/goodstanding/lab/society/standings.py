"""What follows from scores, month by month: as `goodstanding.standing`, for a whole city and with notices kept.

The laboratory keeps the notices that it gave itself, as columns and not by name, and finds the reasons of a million
residents in one compiled loop; a test holds the two ways together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from goodstanding.book import in_ranges
from goodstanding.lab.society.reasoning import find_reasons
from goodstanding.limits import DAY_US
from goodstanding.policy import Policy, Sanction
from goodstanding.scoring import NOT_LISTED, Scores
from goodstanding.standing import IN_FORCE, MOST_REASONS, NO_TIER, NOT_DUE, NOTICED, Standing

NEVER = np.iinfo(np.int64).max
"""The moment of a sanction that is not due."""


class Notices:
    """The notices that one scorer has given, kept from month to month.

    Attributes:
        given: int64, one row a sanction, a column a person: when notice of a sanction that is due was given;
            NOT_LISTED where it is not due.
    """

    def __init__(self, policy: Policy, people: int) -> None:
        self.policy = policy
        self.given = np.full((len(policy.sanctions), people), NOT_LISTED)

    def standing(
        self,
        scores: Scores,
        *,
        is_kept: bool = True,
        waits: NDArray[np.bool_] | None = None,
        threads: int | None = None,
    ) -> Standing:
        """The standing that follows from this month's scores; notice of what is newly due is given now.

        Args:
            is_kept: whether notice is given at all; if not, what is due is in force at once.
            waits: who disputes what is on record; nothing is in force against them before that is decided.
        """
        policy = self.policy
        listed = scores.since != NOT_LISTED
        tier = tiers_of(policy, scores, listed)
        self._give(scores)
        moments = [moment_of(policy, sanction, scores, given) for sanction, given in self._each()]
        states = [
            state_of(policy, sanction, moment, scores.as_of, is_kept=is_kept)
            for sanction, moment in zip(policy.sanctions, moments, strict=True)
        ]
        sanctions = np.array(states, np.uint8).reshape(len(states), len(scores))
        if waits is not None:
            sanctions[(sanctions == IN_FORCE) & waits] = NOTICED
        return Standing(
            tier=tier,
            listed=listed,
            perks=perks_of(policy, scores, listed, tier),
            sanctions=sanctions,
            reasons=reasons_of(policy, scores.points, threads),
        )

    def _each(self) -> zip[tuple[Sanction, NDArray[np.int64]]]:
        return zip(self.policy.sanctions, self.given, strict=True)

    def _give(self, scores: Scores) -> None:
        """Notice of what is newly due is given now and counts from now, however long ago the listing began."""
        for sanction, given in self._each():
            due = moment_of(self.policy, sanction, scores, given) != NEVER
            given[due & (given == NOT_LISTED)] = scores.as_of
            given[~due] = NOT_LISTED


def rows_of(policy: Policy, names: Sequence[str]) -> list[int]:
    """Where the lists of these names stand in the policy."""
    places = {rule.name: i for i, rule in enumerate(policy.lists)}
    return [places[name] for name in names]


def tiers_of(policy: Policy, scores: Scores, listed: NDArray[np.bool_]) -> NDArray[np.int16]:
    """The last tier whose `from` the score reaches and whose lists the person is not on."""
    tier = np.full(len(scores), NO_TIER, np.int16)
    for i, one in enumerate(policy.tiers):
        fits = scores.given & _on_none(policy, one.not_on, listed)
        tier[fits if one.least is None else fits & (scores.score >= one.least)] = i
    return tier


def perks_of(policy: Policy, scores: Scores, listed: NDArray[np.bool_], tier: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Which perks are open to whom; one row a perk."""
    perks = np.empty((len(policy.perks), len(scores)), np.bool_)
    for row, perk in zip(perks, policy.perks, strict=True):
        fits = scores.given & _on_none(policy, perk.not_on, listed)
        if perk.least is not None:
            fits &= scores.score >= perk.least
        if perk.tiers:
            fits &= np.isin(tier, [i for i, one in enumerate(policy.tiers) if one.name in perk.tiers])
        row[:] = fits
    return perks


def _on_none(policy: Policy, names: Sequence[str], listed: NDArray[np.bool_]) -> NDArray[np.bool_] | np.bool_:
    return ~listed[rows_of(policy, names)].any(axis=0) if names else np.True_


def moment_of(policy: Policy, sanction: Sanction, scores: Scores, given: NDArray[np.int64]) -> NDArray[np.int64]:
    """From when a sanction's notice counts, NEVER where it is not due (specification section 5)."""
    since = scores.since[rows_of(policy, sanction.on)]
    listed = np.where(since == NOT_LISTED, NEVER, since).min(axis=0, initial=NEVER)
    moment = np.where(listed == NEVER, NEVER, np.maximum(listed, given))
    if sanction.below is None:
        return moment
    is_below = scores.given & (scores.score < sanction.below)
    from_score = np.where(given == NOT_LISTED, scores.as_of, given)
    return np.where(is_below, np.minimum(moment, from_score), moment)


def state_of(
    policy: Policy, sanction: Sanction, moment: NDArray[np.int64], as_of: int, *, is_kept: bool
) -> NDArray[np.uint8]:
    """Whether a sanction is due, and whether its notice has passed."""
    state = np.full(moment.size, NOT_DUE, np.uint8)
    due = np.flatnonzero(moment != NEVER)
    passed = np.ones(due.size, np.bool_)
    if is_kept:
        passed = as_of - moment[due] >= sanction.notice_days * DAY_US
        if sanction.notice_working_days is not None and policy.calendar is not None:
            passed &= working_days(moment[due], as_of) >= sanction.notice_working_days
    state[due] = np.where(passed, IN_FORCE, NOTICED)
    return state


def working_days(since: NDArray[np.int64], as_of: int) -> NDArray[np.int64]:
    """Whole days from Monday to Friday between moments and `as_of`; public holidays are left out of account."""
    after = (since // DAY_US + 1).astype("datetime64[D]")
    return np.busday_count(after, np.datetime64(as_of // DAY_US, "D")).astype(np.int64)


def reasons_of(policy: Policy, points: NDArray[np.int32], threads: int | None = None) -> NDArray[np.int16]:
    """The factors whose reasons are given, as `Standing.reasons`."""
    reasons = np.full((MOST_REASONS, points.shape[1]), -1, np.int16)
    told = [i for i, factor in enumerate(policy.factors) if factor.reason is not None]
    if not told:
        return reasons
    codes = [factor.reason.code for factor in policy.factors if factor.reason is not None]
    numbers = {code: number for number, code in enumerate(dict.fromkeys(codes))}
    code = np.array([numbers[one] for one in codes], np.int64)
    factors = [policy.factors[i] for i in told]
    most = np.array([factor.points.most(factor.measure.can_be_nothing) for factor in factors], np.int64)
    places = np.array(told, np.int64)

    def work(first: int, last: int) -> None:
        find_reasons(first, last, points, places, most, code, len(numbers), reasons)

    in_ranges(np.arange(points.shape[1] + 1), work, threads)
    return reasons
