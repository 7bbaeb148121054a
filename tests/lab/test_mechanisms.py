"""What people are moved to by a score, by what it costs and brings them; each mechanism by itself."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from goodstanding.lab.city.arrays import ONES, Dispositions
from goodstanding.lab.society import MECHANISMS, Snapshot, Variant
from goodstanding.lab.society.commons import Commons
from goodstanding.lab.society.mechanisms.effort import Effort
from goodstanding.lab.society.mechanisms.giving_up import GivingUp
from goodstanding.lab.society.mechanisms.silence import Silence
from goodstanding.policy import load
from goodstanding.standing import IN_FORCE, NOTICED
from tests.lab.society_made import NATIONAL, RAIL, SESAME, ground, scored

pytestmark = pytest.mark.kernel

PEOPLE = 200
SUINING = load("suining")


def unmoved(dispositions: Dispositions, *but: str) -> bool:
    return all(
        np.all(np.asarray(column) == (name in ONES))
        for name, column in dispositions._asdict().items()
        if name not in but
    )


def points_with(policy_factors: list[str], name: str, points: int) -> NDArray[np.int32]:
    found = np.zeros((len(policy_factors), PEOPLE), np.int32)
    found[policy_factors.index(name)] = points
    return found


def with_points(shown: Snapshot, name: str, points: int) -> Snapshot:
    seen = shown.seen[0]
    names = [factor.name for factor in seen.policy.factors]
    scores = replace(seen.scores, points=points_with(names, name, points))
    return replace(shown, seen=(replace(seen, scores=scores), *shown.seen[1:]))


def acted(name: str, commons: Commons, *months: Snapshot) -> None:
    one = MECHANISMS[name](commons)
    for shown in months:
        commons.reset()
        one.act(commons, shown)


@pytest.mark.parametrize("name", sorted(MECHANISMS))
def test_where_there_is_no_scorer_nobody_is_moved(name: str) -> None:
    commons, shown = ground()
    acted(name, commons, shown, shown)
    assert unmoved(commons.dispositions)
    assert commons.regard is None
    assert not commons.tally.welfare.any()


@pytest.mark.parametrize("name", ["effort", "giving_up", "silence", "payoff", "gaming", "false_friends"])
def test_who_does_not_know_of_a_score_is_not_moved_by_it(name: str) -> None:
    commons, shown = ground(NATIONAL, SESAME, accounts=2)
    for knows in commons.knows:
        knows[:] = False
    acted(name, commons, shown, shown)
    assert unmoved(commons.dispositions)


@pytest.mark.parametrize("name", sorted(MECHANISMS.keys() - {"announcements"}))
def test_who_is_not_scored_is_not_moved(name: str) -> None:
    commons, shown = ground(NATIONAL, accounts=2)
    low = scored(shown, 100, sanctions=np.full((len(NATIONAL.sanctions), PEOPLE), IN_FORCE, np.uint8))
    commons.enrolled[0][:] = False
    acted(name, commons, low, low)
    assert unmoved(commons.dispositions)


# --- Perks and sanctions ---------------------------------------------------------------------------------------------


def test_a_sanction_in_force_closes_what_its_actions_name_and_a_notice_closes_nothing() -> None:
    commons, shown = ground(SESAME)
    half = np.arange(PEOPLE) % 2 == 0
    state = np.where(half, IN_FORCE, NOTICED).astype(np.uint8)[None]
    acted("sanctions", commons, scored(shown, 500, sanctions=state))
    moved = commons.dispositions
    for name in ("may_fly", "may_ride_first", "may_borrow", "may_hire"):
        assert np.array_equal(getattr(moved, name), ~half)
    assert unmoved(moved, "may_fly", "may_ride_first", "may_borrow", "may_hire")
    cost = commons.number("consequences.no_high_spending") + commons.number("consequences.shame")
    assert commons.tally.welfare.tolist() == (-cost * half).tolist()


def test_who_is_refused_vetting_finds_work_less_often() -> None:
    commons, shown = ground(SUINING)
    acted("sanctions", commons, scored(shown, 500, sanctions=np.full((1, PEOPLE), IN_FORCE, np.uint8)))
    assert commons.dispositions.hiring == pytest.approx(commons.number("consequences.hiring_barred"))


def test_open_perks_are_worth_what_they_are_worth_and_some_find_work() -> None:
    commons, shown = ground(SUINING)
    perks = np.zeros((len(SUINING.perks), PEOPLE), np.bool_)
    perks[0, :50] = True
    acted("perks", commons, scored(shown, 980, perks=perks))
    assert SUINING.perks[0].name == "school_and_jobs"
    assert commons.tally.welfare.tolist() == [commons.number("consequences.other_perk")] * 50 + [0] * 150
    assert (commons.dispositions.hiring[:50] > 1).all()
    assert (commons.dispositions.hiring[50:] == 1).all()


# --- Effort ----------------------------------------------------------------------------------------------------------


def effort_at(score: int, months: int = 30) -> NDArray[np.float32]:
    commons, shown = ground(SESAME, behaviour_effort__responsive=1)
    acted("effort", commons, *[scored(shown, score)] * months)
    return commons.dispositions.care.copy()


def test_effort_is_the_greater_the_nearer_the_step_that_matters() -> None:
    just_below, far_below, top = effort_at(599), effort_at(400), effort_at(940)
    assert (just_below > far_below).all()
    assert (just_below > top).all()
    assert (far_below >= 0).all()


def test_only_the_least_honest_answer() -> None:
    commons, shown = ground(SESAME)
    acted("effort", commons, scored(shown, 599))
    answers = shown.traits.honesty < commons.number("behaviour_effort.responsive")
    assert (commons.dispositions.care[answers] > 0).all()
    assert not commons.dispositions.care[~answers].any()
    assert (commons.tally.welfare[answers] < 0).all()


def test_effort_follows_what_is_at_stake_slowly_and_lets_go_when_nothing_is() -> None:
    commons, shown = ground(SESAME, behaviour_effort__responsive=1)
    one = Effort(commons)
    course = []
    for score in (599, 599, 599, 400, 400):
        commons.reset()
        one.act(commons, scored(shown, score))
        course.append(float(commons.dispositions.care.mean()))
    assert course[0] < course[1] < course[2] > course[3] > course[4]


def test_a_bill_that_can_cost_no_more_points_is_not_worth_an_effort() -> None:
    commons, shown = ground(NATIONAL, behaviour_effort__responsive=1)
    here = scored(shown, 599).seen[0]
    floor = np.repeat(commons.readings[0].least[:, None], PEOPLE, axis=1)
    everything_lost = replace(shown, seen=(replace(here, scores=replace(here.scores, points=floor)),))
    acted("effort", commons, everything_lost)
    assert not commons.dispositions.care.any()


def test_who_may_be_kept_off_the_train_holds_back() -> None:
    commons, shown = ground(RAIL, behaviour_effort__responsive=1)
    acted("effort", commons, scored(shown, 0))
    assert (commons.dispositions.restraint > 0).all()
    assert not commons.dispositions.care.any()


# --- Giving up -------------------------------------------------------------------------------------------------------


def falls(*scores: int) -> tuple[GivingUp, Commons]:
    commons, shown = ground(SESAME, behaviour_giving_up__hazard=0.3, behaviour_giving_up__prone=0.6)
    one = GivingUp(commons)
    for month, score in enumerate(scores):
        commons.reset()
        one.act(commons, replace(scored(shown, score), month=month))
    return one, commons


def test_some_of_those_who_fall_far_let_go_and_pay_late_more_often() -> None:
    one, commons = falls(700, 590, 590, 590)
    assert 0 < one.given_up.sum() < PEOPLE * 0.6
    assert set(commons.dispositions.care[one.given_up]) == {-1.0}
    assert set(commons.dispositions.hiring[one.given_up]) == {0.5}
    assert not commons.dispositions.care[~one.given_up].any()


def test_who_has_not_fallen_far_or_not_lately_does_not_let_go() -> None:
    assert not falls(700, 650, 610, 601)[0].given_up.any()
    assert not falls(*[700, *[650] * 12, 560])[0].given_up.any()


def test_who_is_up_again_has_found_back() -> None:
    assert falls(700, 590, 590, 590)[0].given_up.any()
    assert not falls(700, 590, 590, 590, 690)[0].given_up.any()


# --- Silence ---------------------------------------------------------------------------------------------------------


def test_voices_fall_silent_where_speech_costs_points_and_nowhere_else() -> None:
    for policy in (SESAME, RAIL, SUINING):
        commons, shown = ground(policy)
        acted("silence", commons, shown, shown)
        assert unmoved(commons.dispositions, "study", "praise")
    commons, shown = ground(NATIONAL)
    acted("silence", commons, shown)
    assert (commons.dispositions.voice < 1).all()


def test_opponents_of_being_watched_fall_silent_less() -> None:
    commons, shown = ground(NATIONAL)
    one = Silence(commons)
    one.act(commons, shown)
    voices = commons.dispositions.voice
    assert set(one.feels) == {1.0, 0.25}
    assert voices[one.feels == 1].max() < voices[one.feels < 1].min()


def test_who_has_no_points_left_to_lose_by_speech_is_chilled_by_being_watched_alone() -> None:
    commons, shown = ground(NATIONAL, behaviour_silence__spiral=0)
    lost = with_points(shown, "criticism", -150)
    one = Silence(commons)
    one.act(commons, lost)
    watched = commons.number("behaviour_silence.watched")
    assert commons.dispositions.voice[one.feels == 1] == pytest.approx(1 - watched)


def test_silent_friends_silence() -> None:
    def voice(spiral: float) -> NDArray[np.float32]:
        commons, shown = ground(NATIONAL, behaviour_silence__spiral=spiral)
        acted("silence", commons, shown, shown, shown)
        return commons.dispositions.voice.copy()

    assert (voice(0.5) <= voice(0)).all()
    assert voice(0.5).sum() < voice(0).sum()


def test_silence_lasts_when_nobody_counts_any_more() -> None:
    commons, shown = ground(NATIONAL)
    one = Silence(commons)
    one.act(commons, shown)
    before = commons.dispositions.voice.copy()
    commons.enrolled[0][:] = False
    commons.reset()
    one.act(commons, shown)
    assert np.array_equal(commons.dispositions.voice, before)


def test_speakers_praise_and_people_study_for_points_that_they_do_not_have_yet() -> None:
    commons, shown = ground(NATIONAL)
    acted("silence", commons, shown)
    speaks = shown.traits.outspoken >= 1 - commons.number("events.speakers")
    assert (commons.dispositions.praise[speaks] > 0).all()
    assert not commons.dispositions.praise[~speaks].any()
    assert (commons.dispositions.study > 0).all()
    acted("silence", commons, with_points(shown, "study", 15))
    assert not commons.dispositions.study.any()


# --- Announcements ---------------------------------------------------------------------------------------------------


def test_who_has_heard_an_announcement_holds_back_until_it_is_forgotten() -> None:
    commons, shown = ground(RAIL, behaviour_announcements__fades_months=2)
    one = MECHANISMS["announcements"](commons)
    for _ in range(3):
        commons.reset()
        one.act(commons, shown)
    heard = commons.dispositions.restraint.copy()
    assert 0 < (heard > 0).mean() < 1
    assert heard.max() == pytest.approx(commons.number("behaviour_announcements.restraint"))
    for _ in range(6):
        commons.reset()
        one.act(commons, replace(shown, seen=()))
    assert commons.dispositions.restraint.max() < heard.max() / 10


def test_where_nothing_is_said_nobody_holds_back() -> None:
    commons, shown = ground(SESAME)
    acted("announcements", commons, shown)
    assert unmoved(commons.dispositions)


def test_an_announcement_tells_who_hears_it_that_they_are_scored_and_streets_reach_more_than_trains() -> None:
    reached = []
    for policy in (RAIL, NATIONAL):
        commons, shown = ground(policy, variant=Variant(told=False))
        commons.knows[0][:] = False
        acted("announcements", commons, shown)
        assert np.array_equal(commons.knows[0], commons.dispositions.restraint > 0)
        reached.append(commons.knows[0].mean())
    assert 0 < reached[0] < reached[1] < 1
