"""A month of everybody, at the rates of the parameters: what happens, how often, and each for themselves."""

import numpy as np
import pytest

from goodstanding.lab.city.arrays import OUT_OF_WORK, Happened, State, nothing_yet
from goodstanding.lab.city.calendar import month_start
from goodstanding.lab.city.kinds import KINDS
from goodstanding.lab.month import begin, live, loyal
from goodstanding.lab.month.dice import FED, SECOND
from goodstanding.lab.parameters import Parameter
from tests.lab.lived import BUSY, Life, begun, count, in_order, rows, town, usual

RESIDENTS, MONTHS = 20_000, 12


@pytest.fixture(scope="module")
def life() -> Life:
    """A year of a town that takes more than one range of residents."""
    found = begun(town(RESIDENTS), threads=2)
    found.live(MONTHS, threads=2)
    return found


@pytest.fixture(scope="module")
def year(life: Life) -> Happened:
    return life.all()


def parameter(name: str) -> Parameter:
    return next(one for one in usual().each() if one.name == name)


def test_everybody_s_events_follow_one_another_and_no_two_share_a_moment(life: Life) -> None:
    assert in_order(life.before)
    assert all(in_order(month) for month in life.months)


def test_a_month_s_events_lie_within_it_and_leave_room_for_what_scorers_report(life: Life) -> None:
    for number, month in enumerate(life.months):
        assert month_start(number) <= month.time.min()
        assert month.time.max() < month_start(number + 1)
        assert (month.time % SECOND).max() < FED
    assert life.before.time.max() < month_start(0)


def test_events_are_whole_numbers_throughout(life: Life) -> None:
    for events in (life.before, *life.months):
        assert all(np.issubdtype(column.dtype, np.integer) for column in events)


def test_nothing_is_negative(year: Happened) -> None:
    for column in (year.amount, year.value):
        assert (column[column != np.iinfo(np.int64).min] >= 0).all()


def test_at_least_four_events_a_resident_and_month(year: Happened) -> None:
    assert 4 <= year.time.size / RESIDENTS / MONTHS < 12


def test_two_threads_give_the_same_bytes_as_one(life: Life) -> None:
    again = begun(town(RESIDENTS), threads=1)
    again.live(2, threads=1)
    assert rows(again.before) == rows(life.before)
    for one, other in zip(again.months, life.months, strict=False):
        assert [column.tobytes() for column in one] == [column.tobytes() for column in other]


def test_a_resident_more_changes_nothing_for_the_others() -> None:
    few, more = begun(town(300)), begun(town(700))
    few.live(2)
    more.live(2)
    for one, other in zip([few.before, *few.months], [more.before, *more.months], strict=True):
        assert rows(one) == {row for row in rows(other) if row[0] < 300}


def test_another_seed_is_another_year() -> None:
    one, other = begun(town(100, seed=1)), begun(town(100, seed=2))
    assert rows(one.before) != rows(other.before)


# --- What happens ----------------------------------------------------------------------------------------------------

AT_THE_START = {("residence.registered", ""), ("work.recorded", "retired"), ("work.recorded", "student"),
                ("work.recorded", "self_employed")}  # fmt: skip


def test_every_kind_of_event_happens_but_what_scorers_report() -> None:
    found = begun(town(600, by=BUSY))
    found.live(8)
    kinds = {int(kind) for events in (found.before, *found.months) for kind in np.unique(events.kind)}
    missing = {KINDS[n][0::2] for n in range(1, len(KINDS))} - {KINDS[n][0::2] for n in kinds}
    assert missing == {("platform.score", "")}


def test_what_happened_before_the_first_month_is_on_record_where_it_lasts(life: Life) -> None:
    before = life.before
    assert count(before, "residence.registered") == RESIDENTS
    assert count(before, "work.recorded") >= RESIDENTS
    assert count(before, "bill.paid") > 10 * RESIDENTS
    assert count(before, "card.limit") >= int(life.town.traits.card_holder.sum())
    assert 4 * count(before, "card.status") < count(before, "card.statement") * 5
    assert not count(before, "purchase.made")
    for type_, label in AT_THE_START:
        assert count(before, type_, label)


def per(year: Happened, who: float, type_: str, label: str | None = None) -> float:
    """How many events of a type a month and head, of so many heads."""
    return count(year, type_, label) / MONTHS / who


RATES: dict[str, tuple[str, str | None, float | str]] = {
    "events.nappies": ("purchase.made", "nappies", "parent"),
    "events.gaming_days": ("game.played", None, "events.gamers"),
    "events.traffic_tickets": ("traffic.ticket", None, "driver"),
    "events.drunk_driving": ("traffic.drunk_driving", None, "driver"),
    "events.blood": ("blood.donated", None, 1.0),
    "events.volunteering": ("volunteer.served", None, "events.volunteers"),
    "events.contract_breach": ("contract.breached", None, 1.0),
    "events.petitions": ("loyalty.petition", None, 1.0),
    "events.loan_default": ("loan.defaulted", None, "events.borrowers"),
    "events.study_days": ("loyalty.study", None, 1.0),
    "month.hires": ("service.ended", None, 1.0),
    "month.gifts": ("donation.given", None, 1.0),
}
"""By parameter: the type and label that it is the rate of, and whose: a share, a trait, or another parameter."""


def heads(life: Life, whose: float | str) -> float:
    """Of how many residents a rate is."""
    if isinstance(whose, float):
        return whose * RESIDENTS
    share = usual().number(whose) if "." in whose else getattr(life.town.traits, whose).mean()
    return float(share) * RESIDENTS


@pytest.mark.parametrize("name", RATES)
def test_a_rate_comes_out_within_the_range_of_its_parameter(life: Life, year: Happened, name: str) -> None:
    type_, label, whose = RATES[name]
    one = parameter(name)
    unit = 1_000 if "1,000" in one.unit else 1
    assert one.low <= unit * per(year, heads(life, whose), type_, label) <= one.high


def test_about_as_many_are_listed_as_is_published(year: Happened) -> None:
    # No rate is set by it: it comes of loans, contracts and other debts, and of who can pay.
    listed = 12 * per(year, RESIDENTS / 1_000, "court.listed")
    assert 0.6 <= listed / usual().number("events.court_listed") <= 1.6


def test_as_many_bills_come_as_the_parameter_says(year: Happened) -> None:
    bills = per(year, RESIDENTS, "bill.paid") + per(year, RESIDENTS, "water_bill.unpaid")
    assert abs(bills - usual().number("events.bills")) < 0.02


def late_share(year: Happened, type_: str) -> float:
    of = np.isin(year.kind, [n for n, kind in enumerate(KINDS) if kind[0] == type_])
    return float((year.value[of] > 0).mean())


@pytest.mark.parametrize(("type_", "name"), [("bill.paid", "events.bills_late"), ("loan.repaid", "events.loan_late")])
def test_so_many_pay_late_as_the_parameters_allow(year: Happened, type_: str, name: str) -> None:
    one = parameter(name)
    assert one.low <= late_share(year, type_) <= one.high


def test_people_travel_as_often_as_is_published(year: Happened) -> None:
    # Per adult here, per head there; incomes differ, and with them how far the mean resident travels.
    assert 0.7 * 2.22 <= 12 * per(year, RESIDENTS, "journey.rail") <= 1.6 * 2.22
    assert 0.7 * 0.397 <= 12 * per(year, RESIDENTS, "journey.air") <= 1.6 * 0.397


def test_about_one_in_twenty_is_out_of_work(life: Life) -> None:
    assert 0.02 <= (life.state.work == OUT_OF_WORK).mean() <= 0.08


def test_savings_stay_near_what_people_mean_to_have(life: Life) -> None:
    traits = life.town.traits
    months = life.state.savings / traits.income
    assert 0.7 <= np.median(months) / np.median(traits.means) <= 1.3
    assert 0.0005 <= (months < 0).mean() <= 0.05


def test_the_honest_pay_on_time_more_often(life: Life) -> None:
    share = life.tally.bills_late / np.maximum(life.tally.bills, 1)
    honest = life.town.traits.honesty > np.median(life.town.traits.honesty)
    assert share[honest].mean() < 0.7 * share[~honest].mean()


def test_the_loyal_praise_and_the_others_criticise(life: Life) -> None:
    leaning = loyal(life.town.key, RESIDENTS, usual().number("people.loyalty_mean"))
    assert abs(leaning.mean() - 0.6) < 0.02
    assert life.tally.praised[~leaning].sum() == 0
    assert life.tally.praised[leaning].sum() > 0
    petitions = count(life.all(), "loyalty.petition")
    assert life.tally.spoken[leaning].sum() <= petitions < life.tally.spoken[~leaning].sum()


def test_the_tally_counts_what_happens(life: Life, year: Happened) -> None:
    tally = life.tally
    instalments = count(year, "loan.repaid") + count(year, "loan.overdue")
    assert tally.bills.sum() == count(year, "bill.paid") + count(year, "water_bill.unpaid") + instalments
    assert tally.listings.sum() == count(year, "court.listed")
    assert tally.settled.sum() == count(year, "court.settled")
    assert tally.praised.sum() == count(year, "loyalty.speech", "praise")
    assert tally.spoken.sum() == count(year, "loyalty.speech", "critical") + count(year, "loyalty.petition")
    offences = ("traffic.ticket", "traffic.red_light", "traffic.drunk_driving", "fare.unpaid")
    rail_and_air = [n for n, kind in enumerate(KINDS) if kind[0].startswith(("rail.", "air."))]
    assert (
        tally.offences.sum() == sum(count(year, type_) for type_ in offences) + np.isin(year.kind, rail_and_air).sum()
    )
    assert tally.silenced.sum() == tally.refused.sum() == tally.spent_on_score.sum() == 0


def test_the_listed_are_those_whose_case_has_come_so_far(life: Life) -> None:
    listed = (life.state.case_debt > 0) & (life.state.case_months >= 0)
    ever = np.isin(np.arange(RESIDENTS), life.all().person[life.all().kind == _kind("court.listed")])
    before = np.isin(np.arange(RESIDENTS), life.before.person[life.before.kind == _kind("court.listed")])
    assert listed.any()
    assert (listed <= (ever | before)).all()


def _kind(type_: str) -> int:
    return next(n for n, kind in enumerate(KINDS) if kind[0] == type_)


def test_a_case_is_settled_once_and_by_its_own_matter() -> None:
    found = begun(town(400, by=BUSY))
    found.live(10)
    events = [found.before, *found.months]
    listed, settled = (
        {(int(who), int(matter)) for part in events for who, matter in zip(
            part.person[part.kind == _kind(type_)], part.matter[part.kind == _kind(type_)], strict=True)}
        for type_ in ("court.listed", "court.settled")
    )  # fmt: skip
    assert settled
    assert settled < listed
    fares_unpaid, fares_paid = (count(found.all(), type_) for type_ in ("fare.unpaid", "fare.paid"))
    assert 0 < fares_paid <= fares_unpaid + 400  # one may be owed by each from before


def test_what_nobody_reads_need_not_be_given_and_happens_all_the_same() -> None:
    kinds = np.array([type_ in {"bill.paid", "court.listed", "degree.earned"} for type_, _, _ in KINDS])
    whole, part = begun(town(300)), begun(town(300))
    state, before = begin(part.town, keep=kinds)
    month = live(part.town, 0, state, part.dispositions, part.tally, keep=kinds)
    whole.live(1)
    for given, everything in ((before, whole.before), (month, whole.months[0])):
        assert rows(given) == {row for row in rows(everything) if kinds[row[2]]}
    assert [column.tobytes() for column in state] == [column.tobytes() for column in whole.state]
    assert [column.tobytes() for column in part.tally] == [column.tobytes() for column in whole.tally]


def test_a_town_without_a_second_range_needs_no_threads() -> None:
    small = town(20)
    state, before = begin(small, 2)
    again, same = begin(small, 1)
    assert rows(before) == rows(same)
    assert [column.tobytes() for column in state] == [column.tobytes() for column in again]


def test_more_events_than_room_was_taken_for_are_all_there(monkeypatch: pytest.MonkeyPatch) -> None:
    found = begun(town(600, by=BUSY))
    few = State._make(column.copy() for column in found.state)
    found.live(1)
    monkeypatch.setattr("goodstanding.lab.month.living.EXPECTED", 0)
    tally = nothing_yet(600)
    month = live(found.town, 0, few, found.dispositions, tally)
    assert rows(month) == rows(found.months[0])
