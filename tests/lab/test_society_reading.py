"""What people read off a policy is what the policy does, and what it is worth is what it opens and closes."""

from dataclasses import replace

import numpy as np
import pytest

from goodstanding.lab.society.hoping import points_of
from goodstanding.lab.society.reading import Reading, event, monthly, steady
from goodstanding.lab.society.stakes import (
    Ladder,
    bars_work,
    closed,
    cost_of,
    ladder_of,
    prefers,
    refuses_spending,
    worth_of,
)
from goodstanding.measures.base import Reading as Measured
from goodstanding.policy import load
from goodstanding.scoring import score_one
from tests.lab.society_made import PARAMETERS

SESAME, NATIONAL, RAIL, SUINING = (load(name) for name in ("sesame", "national", "rail-2018", "suining"))
CRITICAL = [event("loyalty.speech", label="critical")]


def named(reading: Reading, change: np.ndarray[tuple[int], np.dtype[np.int32]]) -> dict[str, int]:
    return {reading.policy.factors[i].name: int(change[i]) for i in np.flatnonzero(change)}


def test_one_more_post_costs_what_the_policy_takes() -> None:
    assert named(Reading(NATIONAL), Reading(NATIONAL).change(CRITICAL)) == {"criticism": -25}
    assert not Reading(SESAME).change(CRITICAL).any()


def test_the_change_is_the_difference_of_two_scores() -> None:
    more = [event("bill.paid", amount=9_000, value=12), *monthly(3, "purchase.made", label="nappies", amount=1)]
    change = Reading(SESAME).change(more)
    files = (steady(), [*steady(), *more])
    scores = [
        score_one(
            SESAME,
            [{**one, "id": str(number), "person": "p"} for number, one in enumerate(file)],
            person="p",
            as_of=20_000 * 86_400_000_000,
        )
        for file in files
    ]
    assert change.tolist() == (scores[1].points[:, 0] - scores[0].points[:, 0]).tolist()
    assert change.any()


def test_a_factor_that_can_take_no_more_takes_nothing_more() -> None:
    reading = Reading(NATIONAL)
    place = [factor.name for factor in NATIONAL.factors].index("criticism")
    points = np.zeros((len(NATIONAL.factors), 3), np.int32)
    points[place] = [0, -140, -150]
    assert reading.lost(points, CRITICAL).tolist() == [25, 10, 0]
    assert reading.gained(points, CRITICAL).tolist() == [0, 0, 0]


def test_friends_weigh_where_their_scores_are_read() -> None:
    count = replace(
        SESAME, factors=tuple(factor for factor in SESAME.factors if factor.name not in {"friends", "worst_friend"})
    )
    assert Reading(SESAME).weighs_friends()
    assert Reading(SESAME).reads_friends()
    assert not Reading(count).weighs_friends()
    assert Reading(count).reads_friends()
    assert not Reading(RAIL).reads_friends()


def test_a_ladder_has_a_step_where_something_opens() -> None:
    ladder = ladder_of(SESAME, PARAMETERS)
    assert ladder.at.tolist() == [550, 600, 650, 700, 750]
    pride = PARAMETERS.number("consequences.tier_pride")
    at_650 = [perk for perk in SESAME.perks if perk.least == 650]
    assert ladder.worth[2] == pride + sum(worth_of(perk, PARAMETERS) for perk in at_650)
    assert ladder_of(replace(SESAME, perks=(), tiers=()), PARAMETERS).at.size == 0


def test_a_score_below_which_one_is_refused_is_a_step_worth_what_that_costs() -> None:
    ladder = ladder_of(NATIONAL, PARAMETERS)
    blacklisted = next(one for one in NATIONAL.sanctions if one.name == "blacklisted")
    cost = cost_of(blacklisted, PARAMETERS)
    pride = PARAMETERS.number("consequences.tier_pride")
    assert ladder.worth[ladder.at.tolist().index(600)] == cost.fixed + cost.travel + pride


def test_points_pull_by_the_next_step_and_push_by_the_step_one_stands_on() -> None:
    ladder = Ladder(np.array([100, 200]), np.array([50.0, 80.0]))
    score = np.array([0, 90, 100, 150, 199, 200, 250])
    assert ladder.pull(score, 10.0).tolist() == pytest.approx([5, 50, 8, 16, 80, 0, 0])
    assert ladder.push(score, 10.0).tolist() == pytest.approx([0, 0, 50, 500 / 51, 5, 80, 800 / 51])
    assert ladder.standing_at(score).tolist() == [0, 0, 50, 50, 50, 130, 130]


def test_points_without_steps_are_worth_nothing() -> None:
    flat = Ladder(np.zeros(0, np.int64), np.zeros(0))
    score = np.array([0, 500])
    assert not flat.pull(score, 100.0).any()
    assert not flat.push(score, 100.0).any()
    assert not flat.standing_at(score).any()


def test_what_a_sanction_closes_is_read_off_its_actions() -> None:
    sanctions = {one.name: one for policy in (SESAME, NATIONAL, RAIL, SUINING) for one in policy.sanctions}
    assert closed(sanctions["no_ticket_conduct"]) == {"may_ride"}
    assert closed(sanctions["refused_at_sale"]) == {"may_fly", "may_ride_first", "may_borrow", "may_hire"}
    assert closed(sanctions["refused_vetting"]) == frozenset()
    assert bars_work(sanctions["refused_vetting"])
    assert not bars_work(sanctions["no_ticket_conduct"])
    assert refuses_spending(sanctions["no_high_spending"])
    assert not refuses_spending(sanctions["no_ticket_conduct"])


def test_a_perk_is_worth_what_its_name_or_its_walk_of_life_says() -> None:
    perks = {perk.name: perk for policy in (SESAME, NATIONAL, SUINING) for perk in policy.perks}
    for name, parameter in (
        ("city_bicycle", "bicycle"), ("car_hire", "car_hire"), ("small_loan", "cheaper_loan"),
        ("winter_heating", "winter_heating"), ("school_place", "other_perk"),
    ):  # fmt: skip
        assert worth_of(perks[name], PARAMETERS) == PARAMETERS.number(f"consequences.{parameter}")
    assert worth_of(replace(perks["school_place"], context="travel"), PARAMETERS) == PARAMETERS.number(
        "consequences.visa"
    )
    assert prefers(perks["school_and_jobs"])
    assert not prefers(perks["city_bicycle"])


@pytest.mark.parametrize("policy", [SESAME, NATIONAL], ids=lambda policy: policy.name)
def test_people_reckon_points_of_ties_as_the_policy_gives_them(policy: object) -> None:
    for _, factor, _ in Reading(policy).of_ties:  # type: ignore[arg-type]
        numbers = np.append(np.arange(0.0, 1_200.0, 7.0), np.nan)
        expected = [factor.points.of(Measured(int(number), 1)) for number in numbers[:-1]]
        assert points_of(factor.points, numbers).tolist() == [*expected, factor.points.of(Measured())]


def test_people_reckon_points_for_each_as_the_policy_gives_them() -> None:
    volunteering = NATIONAL.factor("volunteering").points
    numbers = np.array([0.0, 3, 4, 9, 1_000, np.nan])
    assert points_of(volunteering, numbers).tolist() == [0, 0, 1, 2, 20, 0]
