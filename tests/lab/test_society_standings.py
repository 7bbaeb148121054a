"""The standing of a whole city is the standing of each, and notices are given, kept and taken back."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from goodstanding.lab.society.standings import Notices, reasons_of, working_days
from goodstanding.limits import DAY_US, EPOCH
from goodstanding.policy import Policy, load
from goodstanding.scoring import NOT_LISTED, Scores
from goodstanding.standing import IN_FORCE, NOT_DUE, NOTICED, Standing, stand
from tests.lab.made import people

pytestmark = pytest.mark.kernel

AS_OF = 20_000 * DAY_US
PEOPLE = 60
POLICIES = [load(name) for name in ("sesame", "national", "rail-2018", "rongcheng", "tool-library", "consumer-credit")]


def drawn(policy: Policy, seed: int = 1) -> Scores:
    lot = np.random.default_rng(seed)
    since = np.full((len(policy.lists), PEOPLE), NOT_LISTED)
    on = lot.random(since.shape) < 0.3
    since[on] = AS_OF - lot.integers(0, 30 * DAY_US, int(on.sum()))
    score = lot.integers(policy.least, min(policy.most, policy.least + 1_200) + 1, PEOPLE)
    return Scores(
        policy=policy,
        as_of=AS_OF,
        people=people(PEOPLE),
        score=score,
        own_score=score,
        given=lot.random(PEOPLE) < 0.9,
        points=lot.integers(-30, 30, (len(policy.factors), PEOPLE)).astype(np.int32),
        dimension_bounds=np.zeros((len(policy.dimensions), PEOPLE), np.int64),
        bounds=np.zeros(PEOPLE, np.int64),
        since=since,
    )


def same(one: Standing, other: Standing) -> bool:
    names = ("tier", "listed", "perks", "sanctions", "reasons")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


def without_calendars(policy: Policy) -> Policy:
    """The engine's standing knows no calendar; only then can the two be compared."""
    return replace(policy, sanctions=tuple(replace(one, notice_working_days=None) for one in policy.sanctions))


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
@pytest.mark.parametrize("seed", [1, 2])
def test_everybody_stands_as_each_would_alone(policy: Policy, seed: int) -> None:
    scores = drawn(without_calendars(policy), seed)
    notices = Notices(scores.policy, PEOPLE)
    standing = notices.standing(scores, threads=1)
    assert same(standing, stand(scores, given_by(notices, scores)))


def given_by(notices: Notices, scores: Scores) -> dict[tuple[str, str], int]:
    """The notices that were given, as the engine takes them."""
    return {
        (person, sanction.name): int(when)
        for sanction, row in zip(notices.policy.sanctions, notices.given, strict=True)
        for person, when in zip(scores.people.to_pylist(), row, strict=True)
        if when != NOT_LISTED
    }


def test_notices_count_from_when_they_were_given() -> None:
    policy = without_calendars(load("national"))
    scores, later = drawn(policy), replace(drawn(policy, 2), as_of=AS_OF + 5 * DAY_US)
    notices = Notices(policy, PEOPLE)
    notices.standing(scores)
    assert given_by(notices, scores)
    standing = notices.standing(later)
    assert same(standing, stand(later, given_by(notices, later)))


def test_nobody_is_sanctioned_untold_however_long_ago_the_listing_began() -> None:
    rail = without_calendars(load("rail-2018"))
    scores = replace(drawn(rail), since=np.full((len(rail.lists), PEOPLE), AS_OF - 60 * DAY_US))
    notices = Notices(rail, PEOPLE)
    assert set(notices.standing(scores).sanctions.ravel()) == {NOTICED}
    month_later = replace(scores, as_of=AS_OF + 30 * DAY_US)
    assert set(notices.standing(month_later).sanctions.ravel()) == {IN_FORCE}


def test_a_notice_ends_when_nothing_is_due_and_is_given_anew() -> None:
    policy = replace(load("suining"))
    notices = Notices(policy, 2)
    low = replace(
        drawn(policy), score=np.array([599, 700]), own_score=np.array([599, 700]), given=np.ones(2, np.bool_),
        people=people(2), points=np.zeros((len(policy.factors), 2), np.int32), since=np.zeros((0, 2), np.int64),
    )  # fmt: skip
    assert notices.standing(low).sanctions.tolist() == [[IN_FORCE, NOT_DUE]]
    assert notices.given.tolist() == [[AS_OF, NOT_LISTED]]
    high = replace(low, score=np.array([700, 700]), as_of=AS_OF + DAY_US)
    assert notices.standing(high).sanctions.tolist() == [[NOT_DUE, NOT_DUE]]
    assert notices.given.tolist() == [[NOT_LISTED, NOT_LISTED]]


def test_without_notice_what_is_due_is_in_force_at_once() -> None:
    scores = drawn(load("rail-2018"))
    kept, not_kept = Notices(scores.policy, PEOPLE), Notices(scores.policy, PEOPLE)
    told = kept.standing(scores).sanctions
    untold = not_kept.standing(scores, is_kept=False).sanctions
    assert (told == NOTICED).any()
    assert np.array_equal(untold == IN_FORCE, told != NOT_DUE)
    assert not (untold == NOTICED).any()


def test_nothing_is_in_force_against_somebody_whose_dispute_waits() -> None:
    scores = drawn(load("national"))
    waits = np.arange(PEOPLE) % 2 == 0
    later = replace(scores, as_of=AS_OF + 31 * DAY_US)
    kept, freed = Notices(scores.policy, PEOPLE), Notices(scores.policy, PEOPLE)
    kept.standing(scores)
    freed.standing(scores)
    free = freed.standing(later).sanctions
    held = kept.standing(later, waits=waits).sanctions
    assert (free[:, waits] == IN_FORCE).any()
    assert not (held[:, waits] == IN_FORCE).any()
    assert np.array_equal(held[:, ~waits], free[:, ~waits])


def at(day: int, hour: int = 12) -> int:
    return (datetime(2018, 6, day, hour, tzinfo=UTC) - EPOCH).days * DAY_US + hour * 3_600_000_000


def test_working_days_are_whole_ones_from_monday_to_friday() -> None:
    monday, friday = at(4), at(8)
    since = np.array([monday, friday, at(9), at(10)])
    assert working_days(since, at(11, 0)).tolist() == [4, 0, 0, 0]
    assert working_days(since, at(12, 0)).tolist() == [5, 1, 1, 1]
    assert working_days(np.array([monday]), at(14, 0)).tolist() == [7]


def test_seven_working_days_of_notice_are_more_than_seven_days() -> None:
    rail = load("rail-2018")
    scores = drawn(rail)
    since = np.full_like(scores.since, NOT_LISTED)
    since[0] = AS_OF - 8 * DAY_US
    listed = replace(scores, since=since)
    notices = Notices(rail, PEOPLE)
    states = [notices.standing(replace(listed, as_of=AS_OF + days * DAY_US)).sanctions[0] for days in (0, 8, 12)]
    assert [set(state) for state in states] == [{NOTICED}, {NOTICED}, {IN_FORCE}]


def test_a_policy_without_reasons_gives_none() -> None:
    policy = load("suining")
    plain = replace(policy, factors=tuple(replace(factor, reason=None) for factor in policy.factors))
    points = np.full((len(plain.factors), 3), -5, np.int32)
    assert (reasons_of(plain, points) == -1).all()
