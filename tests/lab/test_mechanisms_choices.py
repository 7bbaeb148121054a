"""What people choose by a score: to pay a debt, whom to know, whether to be scored, and what to buy for points."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from goodstanding.lab.city.arrays import FALSE_FRIEND, STILL
from goodstanding.lab.society import MECHANISMS, Snapshot, Variant
from goodstanding.lab.society.commons import Commons
from goodstanding.lab.society.mechanisms.payoff import PayingOff
from goodstanding.lab.society.stakes import cost_of
from goodstanding.standing import IN_FORCE, NOTICED
from tests.lab.society_made import NATIONAL, RAIL, SESAME, ground, scored

pytestmark = pytest.mark.kernel

PEOPLE = 200


# --- Paying off ------------------------------------------------------------------------------------------------------


def listed(shown: Snapshot, debt: int, savings: int, state: int = IN_FORCE) -> Snapshot:
    """Everybody is on the court's list, owes so much and has so much at hand."""
    sanctions = np.zeros((len(SESAME.sanctions), PEOPLE), np.uint8)
    sanctions[0] = state
    on = np.ones((len(SESAME.lists), PEOPLE), np.bool_)
    here = scored(shown, 550, sanctions=sanctions, listed=on)
    owed = here.state._replace(
        case_debt=np.full(PEOPLE, debt), case_months=np.full(PEOPLE, 3, np.int16), savings=np.full(PEOPLE, savings)
    )
    return replace(here, state=owed)


def settling(debt: int, savings: int, *, found_out: float = 0.8, months: int = 6) -> NDArray[np.float32]:
    commons, shown = ground(SESAME, behaviour_payoff__found_out=found_out, behaviour_payoff__noise=0.1)
    one = PayingOff(commons)
    for month in range(months):
        commons.reset()
        one.act(commons, replace(listed(shown, debt, savings), month=month))
    return commons.dispositions.settling.copy()


def test_who_can_pay_and_loses_more_by_the_sanction_than_by_paying_readies_to_pay() -> None:
    ready = settling(debt=20_000, savings=10_000)
    assert (ready > 0.1).mean() > 0.9


def test_means_decide_first() -> None:
    assert not (settling(debt=20_000, savings=9_999) > 0.1).any()


def test_a_debt_that_is_dearer_than_the_sanction_is_not_paid() -> None:
    assert not (settling(debt=50_000_000, savings=50_000_000) > 0.1).any()


def test_who_has_not_found_out_is_not_moved() -> None:
    assert (settling(20_000, 10_000, found_out=0.05, months=1) == 0).mean() > 0.8


def test_a_notice_tells_everybody_and_adds_a_little_for_ten_weeks() -> None:
    noticed = replace(SESAME, sanctions=(replace(SESAME.sanctions[0], notice_days=7),))
    courses = {}
    for notice in (True, False):
        commons, shown = ground(noticed, variant=Variant(notice=notice), behaviour_payoff__found_out=0.05)
        one = PayingOff(commons)
        course = []
        for month in range(5):
            commons.reset()
            one.act(commons, replace(listed(shown, 20_000, 0, NOTICED), month=month))
            course.append(float(commons.dispositions.settling.max()))
        courses[notice] = course
        assert (one.told_in >= 0).all() == notice
    small = commons.number("behaviour_notice.small_debts") + commons.number("behaviour_notice.reminder")
    assert courses[True] == pytest.approx([small / 2.5] * 3 + [0, 0])
    assert courses[False] == [0] * 5


def test_once_the_listing_is_over_it_is_forgotten() -> None:
    commons, shown = ground(SESAME, behaviour_payoff__found_out=0.8)
    one = PayingOff(commons)
    one.act(commons, listed(shown, 20_000, 20_000))
    assert (one.told_in >= 0).any()
    one.act(commons, shown)
    assert not (one.told_in >= 0).any()


def test_a_policy_that_knows_no_court_readies_nobody() -> None:
    commons, shown = ground(RAIL, behaviour_payoff__found_out=0.8)
    owed = shown.state._replace(case_debt=np.full(PEOPLE, 1_000), savings=np.full(PEOPLE, 10_000))
    under = scored(shown, 0, sanctions=np.full((len(RAIL.sanctions), PEOPLE), IN_FORCE, np.uint8))
    MECHANISMS["payoff"](commons).act(commons, replace(under, state=owed))
    assert not commons.dispositions.settling.any()


# --- Friends ---------------------------------------------------------------------------------------------------------


def test_friends_are_weighed_by_own_scores_where_a_policy_reads_them() -> None:
    commons, shown = ground(SESAME)
    MECHANISMS["friends"](commons).act(commons, shown)
    assert commons.regard is not None
    assert np.array_equal(commons.regard.score, shown.seen[0].scores.own_score)
    assert commons.regard.heeds.all()


def test_under_several_scorers_friends_are_weighed_by_the_mean() -> None:
    commons, shown = ground(SESAME, NATIONAL)
    MECHANISMS["friends"](commons).act(commons, shown)
    assert commons.regard is not None
    both = np.mean([seen.scores.own_score for seen in shown.seen], axis=0)
    assert commons.regard.score == pytest.approx(both)


def test_who_has_no_score_is_held_for_a_middling_one_and_does_not_care() -> None:
    commons, shown = ground(SESAME)
    commons.enrolled[0][:100] = False
    MECHANISMS["friends"](commons).act(commons, shown)
    assert commons.regard is not None
    assert commons.regard.score[:100] == pytest.approx(shown.seen[0].scores.own_score[100:].mean())
    assert not commons.regard.heeds[:100].any()


def test_where_no_policy_reads_friends_nobody_weighs_them() -> None:
    commons, shown = ground(RAIL)
    MECHANISMS["friends"](commons).act(commons, shown)
    assert commons.regard is None


# --- Enrolment -------------------------------------------------------------------------------------------------------


def moved_by(commons: Commons, shown: Snapshot, months: int = 40) -> float:
    one = MECHANISMS["enrolment"](commons)
    for month in range(months):
        one.act(commons, replace(shown, month=month))
    return float(commons.enrolled[0].mean())


def with_sanction(shown: Snapshot) -> Snapshot:
    state = np.full((len(SESAME.sanctions), PEOPLE), IN_FORCE, np.uint8)
    return scored(shown, 400, sanctions=state)


def with_perks(shown: Snapshot) -> Snapshot:
    return scored(shown, 800, perks=np.ones((len(SESAME.perks), PEOPLE), np.bool_))


def test_some_of_those_whom_it_costs_more_than_it_brings_leave() -> None:
    commons, shown = ground(SESAME, enrolment="asked", behaviour_consent__opt_out=0.05)
    assert moved_by(commons, with_sanction(shown)) < 0.5


def test_some_of_those_outside_join_for_perks_and_know_it() -> None:
    commons, shown = ground(SESAME, enrolment="asked", behaviour_consent__opt_in=0.05)
    commons.enrolled[0][:] = commons.knows[0][:] = False
    assert moved_by(commons, with_perks(shown)) > 0.5
    assert np.array_equal(commons.enrolled[0], commons.knows[0])


def test_nobody_leaves_what_brings_or_what_they_do_not_know_of() -> None:
    commons, shown = ground(SESAME, enrolment="ticked", behaviour_consent__opt_out=0.05)
    assert moved_by(commons, with_perks(shown)) == 1
    commons.knows[0][:] = False
    assert moved_by(commons, with_sanction(shown)) == 1


def test_nobody_leaves_what_they_were_ordered_into() -> None:
    commons, shown = ground(SESAME, behaviour_consent__opt_out=0.05)
    assert moved_by(commons, with_sanction(shown)) == 1


# --- Gaming ----------------------------------------------------------------------------------------------------------


def test_gamers_buy_nappies_where_they_lift_them_over_a_step_that_is_worth_it() -> None:
    commons, shown = ground(SESAME, behaviour_gaming__gamers_of_score=0.3, events__nappies_price=5_000)
    one = MECHANISMS["gaming"](commons)
    one.act(commons, scored(shown, 590))
    buys = commons.dispositions.nappies > 0
    assert 0.15 < buys.mean() < 0.45
    assert (commons.tally.spent_on_score[buys] >= 5_000).all()
    assert not commons.tally.spent_on_score[~buys & (commons.dispositions.giving == 0)].any()
    commons.reset()
    one.act(commons, scored(shown, 605))
    assert np.array_equal(commons.dispositions.nappies > 0, buys)
    commons.reset()
    one.act(commons, scored(shown, 900))
    assert not commons.dispositions.nappies.any()


def test_nobody_games_where_nothing_is_to_be_had_for_it() -> None:
    commons, shown = ground(RAIL, behaviour_gaming__gamers_of_score=0.3)
    MECHANISMS["gaming"](commons).act(commons, shown)
    assert not commons.dispositions.nappies.any()
    assert not commons.tally.spent_on_score.any()


# --- False friends ---------------------------------------------------------------------------------------------------

ACCOUNTS = 4


def bought(score: int, offered: int, **changed: Any) -> tuple[Commons, Snapshot]:
    commons, shown = ground(SESAME, accounts=ACCOUNTS, behaviour_gaming__gamers_of_score=0.3, **changed)
    here = scored(shown, score)
    commons.account_scores[0][:] = offered
    MECHANISMS["false_friends"](commons).act(commons, here)
    return commons, here


def test_friends_are_bought_where_their_scores_lift_the_buyer() -> None:
    commons, _ = bought(590, 900)
    edges = commons.circle.edges
    false = edges.kind == FALSE_FRIEND
    assert false.any()
    assert (edges.b[false] >= PEOPLE).all()
    assert np.array_equal(np.bincount(edges.a[false], minlength=PEOPLE), commons.tally.false_friends)
    price = commons.number("behaviour_gaming.false_friend_price")
    assert np.array_equal(commons.tally.spent_on_score, commons.tally.false_friends * price)
    assert commons.tally.false_friends.max() <= commons.number("behaviour_gaming.most_false_friends")


def test_friends_who_bring_nothing_are_not_bought() -> None:
    commons, _ = bought(900, 900)
    assert not commons.tally.false_friends.any()
    commons, _ = bought(590, 360)
    assert not commons.tally.false_friends.any()


def test_nobody_is_sold_the_same_account_twice() -> None:
    commons, shown = bought(590, 900)
    one = MECHANISMS["false_friends"](commons)
    for month in range(6, 12):
        one.act(commons, replace(shown, month=month))
    edges = commons.circle.edges
    here = (edges.kind == FALSE_FRIEND) & (edges.until == STILL)
    pairs = set(zip(edges.a[here].tolist(), edges.b[here].tolist(), strict=True))
    assert len(pairs) == here.sum()


def test_false_friends_are_found_out_over_time() -> None:
    commons, shown = bought(590, 900, behaviour_gaming__friends_detected=0.2)
    sold = int((commons.circle.edges.kind == FALSE_FRIEND).sum())
    nobody = scored(shown, 949)
    for month in range(6, 26):
        MECHANISMS["false_friends"](commons).act(commons, replace(nobody, month=month))
    edges = commons.circle.edges
    false = edges.kind == FALSE_FRIEND
    assert false.sum() == sold > 0
    assert (edges.until[false] != STILL).mean() > 0.9


def test_a_sanction_costs_what_it_closes() -> None:
    commons, _ = ground(SESAME)
    cost = cost_of(SESAME.sanctions[0], commons.parameters)
    numbers = [commons.number(f"consequences.{name}") for name in ("loan_refused", "car_hire", "no_high_spending")]
    assert cost.fixed == sum(numbers)
    assert cost.travel == commons.number("consequences.no_flight")
