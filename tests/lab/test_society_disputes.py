"""What is wrong on record is seen by some, disputed by some, and put right where it is put right at all."""

from typing import Any

import numpy as np
import pytest

from goodstanding.lab.city.arrays import Tally, nothing_yet
from goodstanding.lab.society.disputes import CORRECTED, DISPUTED, LET_BE, UNSEEN, Disputes
from goodstanding.lab.streams import key_of
from goodstanding.limits import DAY_US
from tests.lab.society_made import with_numbers

pytestmark = pytest.mark.kernel

RESIDENTS = 40
SURE: dict[str, Any] = {
    "disputes__looks": 0.1, "disputes__looks_after_refusal": 0.9, "disputes__notices": 1, "disputes__disputes": 0.95,
    "disputes__days": 30, "disputes__success_if_error": 0.95, "disputes__again": 0.7,
}  # fmt: skip


def disputes(**changed: Any) -> tuple[Disputes, Tally]:
    one = Disputes(key_of(3), RESIDENTS, with_numbers(**{**SURE, **changed}))
    who = np.arange(RESIDENTS, dtype=np.int32)
    one.add(who, (17_000 + np.arange(RESIDENTS)) * DAY_US, np.full(RESIDENTS, -1))
    return one, nothing_yet(RESIDENTS)


EVERYBODY = np.ones(RESIDENTS, np.bool_)


def test_those_who_were_refused_look_into_their_files() -> None:
    one, tally = disputes()
    one.look(0, np.arange(RESIDENTS) < 20, tally, may_dispute=True)
    assert tally.looked[:20].sum() > 12 > tally.looked[20:].sum()


def test_only_who_looks_sees_and_only_who_sees_disputes() -> None:
    one, tally = disputes()
    one.look(0, EVERYBODY, tally, may_dispute=True)
    seen = one.state != UNSEEN
    assert np.array_equal(seen, tally.looked > 0)
    assert np.array_equal(tally.noticed_wrong > 0, seen)
    assert np.array_equal(one.state == DISPUTED, tally.disputed > 0)
    assert np.array_equal(one.waiting(), one.state == DISPUTED)


def test_where_nothing_can_be_disputed_it_is_let_be() -> None:
    one, tally = disputes()
    one.look(0, EVERYBODY, tally, may_dispute=False)
    assert set(one.state) == {UNSEEN, LET_BE}
    assert tally.disputed.sum() == 0
    assert tally.noticed_wrong.sum() > 0


def test_an_answer_takes_its_time() -> None:
    one, tally = disputes(disputes__days=45)
    one.look(0, EVERYBODY, tally, may_dispute=True)
    assert one.answered(1, tally, corrects=True).size == 0
    assert one.answered(2, tally, corrects=True).size > 0


def test_a_dispute_that_is_won_puts_the_record_right() -> None:
    one, tally = disputes()
    one.look(0, EVERYBODY, tally, may_dispute=True)
    won = one.answered(1, tally, corrects=True)
    assert (one.state[won] == CORRECTED).all()
    assert np.array_equal(np.flatnonzero(tally.corrected), one.person[won])
    assert not one.wronged()[one.person[won]].any()
    assert one.wronged().sum() == RESIDENTS - won.size
    assert one.answered(2, tally, corrects=True).size <= one.waiting().sum() + RESIDENTS - won.size


def test_without_correction_every_dispute_is_refused_and_some_go_on() -> None:
    one, tally = disputes()
    one.look(0, EVERYBODY, tally, may_dispute=True)
    waited = one.waiting().sum()
    assert one.answered(1, tally, corrects=False).size == 0
    assert 0 < one.waiting().sum() < waited
    assert tally.corrected.sum() == 0
    assert one.wronged().all()


def test_what_is_wrong_in_the_file_of_a_made_up_account_nobody_looks_at() -> None:
    one, tally = disputes()
    one.add(np.array([RESIDENTS + 3], np.int32), np.array([0]), np.array([-1]))
    for month in range(4):
        one.look(month, EVERYBODY, tally, may_dispute=True)
        one.answered(month + 1, tally, corrects=True)
    assert one.state[-1] == UNSEEN
    assert one.wronged().size == one.waiting().size == RESIDENTS
