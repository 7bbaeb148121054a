"""What residents are ready to do moves only what it is said to move: the dice are the same, and the chances shift."""

from dataclasses import replace

import numpy as np
import pytest

from goodstanding.lab.city.arrays import STUDENT, State
from goodstanding.lab.city.kinds import KINDS
from goodstanding.lab.month import live, loyal
from tests.lab.lived import BUSY, Life, begun, count, rows, town

pytestmark = pytest.mark.kernel

RESIDENTS = 30
PAYMENTS = frozenset(
    {"bill.paid", "water_bill.unpaid", "service_fee.late", "loan.repaid", "loan.overdue", "loan.defaulted", "tax.paid",
     "card.payment", "card.status", "service.ended"}
)  # fmt: skip
OFFENCES = frozenset(
    {type_ for type_, _, _ in KINDS if type_.startswith(("rail.", "air.", "traffic."))}
    | {"fare.unpaid", "contract.breached", "service.broken", "parents.neglected"}
)
SPEECH = frozenset({"loyalty.speech", "loyalty.petition", "loyalty.siege"})


@pytest.fixture(scope="module")
def start() -> Life:
    """Few residents to whom much happens; a month in which nothing moves them."""
    life = begun(town(RESIDENTS, by=BUSY))
    life.state.fare_debt[:5] = 100
    life.state.case_debt[:10] = 1_000
    life.state.case_months[:10] = 3
    life.state.savings[:10] = 10_000_000
    life.state.cases[:10] = 1
    return life


def moved(start: Life, **by: float) -> Life:
    """The same month, with some dispositions of everybody changed."""
    life = replace(
        start,
        state=State._make(column.copy() for column in start.state),
        dispositions=start.dispositions._replace(
            **{name: np.full_like(getattr(start.dispositions, name), value) for name, value in by.items()}
        ),
        tally=start.tally._replace(**{name: np.zeros_like(getattr(start.tally, name)) for name in start.tally._fields}),
        months=[],
    )
    life.months.append(live(life.town, 0, life.state, life.dispositions, life.tally))
    return life


@pytest.fixture(scope="module")
def unmoved_life(start: Life) -> Life:
    return moved(start)


def same_but(one: Life, other: Life, *types: str) -> bool:
    """Whether two months differ in some types alone."""
    left_out = frozenset(types)
    return rows(one.months[0], without=left_out) == rows(other.months[0], without=left_out)


def test_who_takes_all_care_pays_nothing_late(start: Life, unmoved_life: Life) -> None:
    careful = moved(start, care=1.0)
    assert unmoved_life.tally.bills_late.sum() > 0
    assert careful.tally.bills_late.sum() == 0
    assert same_but(careful, unmoved_life, *PAYMENTS)


def test_who_takes_no_care_pays_late_more_often(start: Life, unmoved_life: Life) -> None:
    careless = moved(start, care=-1.0)
    assert (careless.tally.bills_late >= unmoved_life.tally.bills_late).all()
    assert careless.tally.bills_late.sum() > unmoved_life.tally.bills_late.sum()


def test_who_holds_back_commits_no_offence(start: Life, unmoved_life: Life) -> None:
    held_back = moved(start, restraint=1.0)
    assert unmoved_life.tally.offences.sum() > 0
    assert held_back.tally.offences.sum() == 0
    assert same_but(held_back, unmoved_life, *OFFENCES)
    assert rows(held_back.months[0]) < rows(unmoved_life.months[0])


def test_who_has_no_voice_is_silent_and_counted_as_silenced(start: Life, unmoved_life: Life) -> None:
    silent = moved(start, voice=0.0)
    spoken = unmoved_life.tally.spoken
    assert spoken.sum() > 0
    assert silent.tally.spoken.sum() == 0
    assert (silent.tally.silenced == spoken).all()
    assert unmoved_life.tally.silenced.sum() == 0
    assert same_but(silent, unmoved_life, *SPEECH)
    assert not count(silent.months[0], "loyalty.speech", "rumour")
    assert (silent.tally.welfare <= unmoved_life.tally.welfare).all()


ADDED = {
    "praise": ("loyalty.speech", "praise"),
    "study": ("loyalty.study", ""),
    "nappies": ("purchase.made", "nappies"),
    "giving": ("donation.given", ""),
    "helping": ("volunteer.served", ""),
}


@pytest.mark.parametrize("name", ADDED)
def test_what_is_done_for_the_score_comes_on_top(start: Life, unmoved_life: Life, name: str) -> None:
    more = moved(start, **{name: 2.0})
    assert rows(unmoved_life.months[0]) < rows(more.months[0])
    type_, label = ADDED[name]
    added = rows(more.months[0]) - rows(unmoved_life.months[0])
    assert {(KINDS[row[2]][0], KINDS[row[2]][2]) for row in added} == {(type_, label)}


@pytest.mark.parametrize(("name", "costs"), [("nappies", True), ("giving", True), ("praise", False)])
def test_what_is_bought_for_the_score_is_paid_for(start: Life, unmoved_life: Life, name: str, costs: bool) -> None:
    more = moved(start, **{name: 2.0})
    extra = more.tally.spent_on_score
    assert unmoved_life.tally.spent_on_score.sum() == 0
    assert (extra.sum() > 0) == costs
    assert (unmoved_life.state.savings - more.state.savings == extra).all()
    assert np.allclose(unmoved_life.tally.welfare - more.tally.welfare, extra)


def test_who_gives_up_games_buys_and_plays_none(start: Life, unmoved_life: Life) -> None:
    none = moved(start, games=0.0)
    assert count(unmoved_life.months[0], "purchase.made", "games") > 0
    assert not count(none.months[0], "purchase.made", "games")
    assert same_but(none, unmoved_life, "purchase.made", "game.played")
    played = none.months[0].value[none.months[0].kind == _kind("game.played")]
    assert (played == 0).all()


def test_who_is_ready_to_pay_what_a_court_ordered_pays_where_they_can(start: Life, unmoved_life: Life) -> None:
    ready = moved(start, settling=1.0)
    assert ready.tally.settled[:10].all()
    assert unmoved_life.tally.settled.sum() < ready.tally.settled.sum()
    assert (ready.state.case_debt[:10][ready.state.case_months[:10] == 0] == 0).all()


def test_who_cannot_pay_is_not_ready(start: Life) -> None:
    start_poor = replace(start, state=State._make(column.copy() for column in start.state))
    start_poor.state.case_debt[:] = 10**10
    assert moved(start_poor, settling=1.0).tally.settled.sum() == 0


def test_closed_counters_refuse_and_cost(start: Life, unmoved_life: Life) -> None:
    barred = moved(start, may_ride=0, may_fly=0, may_borrow=0, may_hire=0)
    month = barred.months[0]
    for type_ in ("journey.rail", "journey.air", "loan.taken", "service.ended"):
        assert count(unmoved_life.months[0], type_) > 0
        assert not count(month, type_)
    refused = barred.tally.refused.sum()
    lost = count(unmoved_life.months[0], "loan.taken") + count(unmoved_life.months[0], "service.ended")
    assert refused == lost + barred.state.refused_trips.sum() - unmoved_life.state.refused_trips.sum()
    assert unmoved_life.tally.refused.sum() == 0
    assert barred.tally.welfare.sum() < unmoved_life.tally.welfare.sum()


def test_who_may_not_ride_first_class_rides_all_the_same_and_loses_time(start: Life, unmoved_life: Life) -> None:
    second = moved(start, may_ride_first=0)
    assert rows(second.months[0]) == rows(unmoved_life.months[0])
    assert second.tally.refused.sum() > 0
    assert second.tally.welfare.sum() < unmoved_life.tally.welfare.sum()


def test_who_nobody_hires_stays_out_of_work(start: Life) -> None:
    out = replace(start, state=State._make(column.copy() for column in start.state))
    out.state.work[:] = 4
    assert count(moved(out).months[0], "work.recorded", "employed") > 0
    barred = moved(out, hiring=0.0)
    assert not count(barred.months[0], "work.recorded", "employed")
    assert (barred.state.out_months == out.state.out_months + 1).all()


def test_students_finish_and_look_for_work(start: Life) -> None:
    students = replace(start.town, traits=start.town.traits._replace(work=np.full(RESIDENTS, STUDENT, np.uint8)))
    life = begun(students)
    assert count(life.before, "degree.earned") > 0
    assert (life.state.work != STUDENT).any()
    loyals = loyal(students.key, RESIDENTS, 0.6)
    assert 0 < loyals.sum() < RESIDENTS


def _kind(type_: str) -> int:
    return next(n for n, kind in enumerate(KINDS) if kind[0] == type_)
