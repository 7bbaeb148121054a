"""The rules of a month, one by one: fees, judgments, settlements, bills, cards given up, and who may give blood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from goodstanding.errors import InputError
from goodstanding.lab.city.city import found
from goodstanding.lab.city.kinds import KINDS
from goodstanding.lab.city.shares import share_between, shares_of
from goodstanding.lab.month import live
from goodstanding.lab.month.rates import LEAST_BLOOD, MOST_BLOOD, rates_of
from goodstanding.lab.parameters import loads
from goodstanding.lab.society import Rule, Society, Variant
from goodstanding.policy import load
from tests.lab.lived import Changed, Life, begun, count, town, usual

pytestmark = pytest.mark.compiled

QUIET: Mapping[str, float] = {
    "shocks.illness": 0, "events.fares_unpaid": 0, "events.contract_breach": 0, "month.other_cases": 0,
    "events.borrowers": 0, "month.water_unpaid": 0,
}  # fmt: skip
"""Nobody falls ill, owes a fare, breaks a contract or borrows."""

POOR: Mapping[str, float] = {"month.living_least": 1.5, "month.saving_pull": 1, "month.late_in_want": 1}
"""More is lived on than comes in, until nothing is left."""


def kinds(type_: str) -> list[int]:
    return [n for n, kind in enumerate(KINDS) if kind[0] == type_]


def lived(months: int, *by: Mapping[str, float], residents: int = 1_500) -> Life:
    after = begun(town(residents, by={name: value for one in by for name, value in one.items()}))
    after.live(months)
    return after


def test_who_switches_late_fees_off_has_none_even_of_those_in_want() -> None:
    assert count(lived(6, POOR, {"month.service_fee_late": 0}).all(), "service_fee.late") == 0
    some, more = (
        count(lived(6, POOR, {"month.service_fee_late": 0.0005, "month.service_fee_in_want": times}).all(), type_)
        for times, type_ in ((1, "service_fee.late"), (400, "service_fee.late"))
    )
    assert more > 20 * max(some, 1)


def waits(after: Life, begins: str) -> set[int]:
    """Months from what brought somebody before a court for the first time to the listing."""
    first: dict[str, dict[int, int]] = {begins: {}, "court.listed": {}}
    for month, events in enumerate(after.months):
        for type_, known in first.items():
            for who in events.person[np.isin(events.kind, kinds(type_))].tolist():
                known.setdefault(who, month)
    earlier = set(after.before.person[np.isin(after.before.kind, [*kinds(begins), *kinds("court.listed")])].tolist())
    begun_at, listed_at = first[begins], first["court.listed"]
    return {listed_at[who] - begun_at[who] for who in listed_at if who in begun_at and who not in earlier}


def test_judgment_takes_as_long_after_a_loan_as_after_a_contract() -> None:
    court = {"events.sued_share": 1, "events.performed_share": 0, "events.judgment_days": 90, "month.other_cases": 0}
    loans = {"events.contract_breach": 0, "events.loan_default": 0.05}
    contracts = {"events.contract_breach": 0.02, "events.borrowers": 0}
    assert waits(lived(9, court, loans), "loan.defaulted") == {3}
    assert waits(lived(9, court, contracts), "contract.breached") == {3}


def test_who_settles_pays_what_is_at_hand_and_the_rest_by_and_by() -> None:
    by = {**QUIET, "behaviour_payoff.honest_settle": 100, "behaviour_payoff.rest_months": 5}
    one, twin = (begun(town(400, by=by)) for _ in range(2))
    debt = np.int64(100_001)
    one.state.case_debt[:], one.state.case_months[:] = debt, 1
    one.live(1)
    twin.live(1)
    settled = one.state.case_debt == 0
    assert settled.any()
    assert one.tally.settled.sum() == settled.sum() == count(one.all(), "court.settled")
    assert set((twin.state.savings - one.state.savings)[settled].tolist()) == {50_000}
    owed = [one.state.rest_debt[settled].copy()]
    for _ in range(7):
        one.live(1)
        owed.append(one.state.rest_debt[settled].copy())
    falls = -np.diff(owed, axis=0)
    assert (np.array(owed[0]) == 50_001).all()
    assert (falls[:5] == 10_000).all()
    assert (falls[5] == 1).all()
    assert (falls[6] == 0).all()


def test_bills_are_paid_out_of_savings_and_lived_on_is_what_is_left_of_pay() -> None:
    even = {"month.living_share": 1, "month.living_least": 0, "month.saving_pull": 0}
    after = lived(0, QUIET, even)
    savings = after.state.savings.copy()
    after.live(1)
    events = after.months[0]
    bills = np.isin(events.kind, kinds("bill.paid"))
    paid = np.bincount(events.person[bills], weights=events.amount[bills], minlength=savings.size)
    usual_bill = usual().number("events.bill_amount")
    has_means = (savings > 0) & (after.town.traits.income > 10 * usual_bill)
    change = (after.state.savings - savings)[has_means]
    assert has_means.mean() > 0.5
    assert np.abs(change - (usual_bill - paid[has_means])).max() <= 1


def test_a_card_that_is_given_up_stands_on_record_once() -> None:
    after = lived(8, QUIET, POOR, {"month.missed_in_want": 1, "events.loan_late": 0})
    events = after.all()
    given_up = np.isin(events.kind, kinds("loan.defaulted"))
    assert given_up.sum() == after.tally.defaults.sum() > 0
    assert (events.matter[given_up] == 0).all()
    assert (events.party[given_up] > 0).all()
    assert (events.amount[given_up] > 0).all()
    assert ((events.value[given_up] >= 30) & (events.value[given_up] <= 50)).all()
    late = np.isin(events.kind, kinds("card.status")) & (events.value == 4)
    assert sorted(events.person[late].tolist()) == sorted(events.person[given_up].tolist())


@dataclass(frozen=True)
class Aged(Changed):
    """A city of other ages."""

    ages: tuple[float, ...] = ()

    def numbers(self, name: str) -> tuple[float, ...]:
        return self.ages if name == "people.age_shares" else super().numbers(name)


@pytest.mark.parametrize(
    "ages", [(120, 156, 175, 325, 170, 54), (400, 300, 20, 20, 20, 20), (20, 20, 20, 20, 400, 400)]
)
def test_blood_is_given_as_often_in_a_city_of_any_age(ages: tuple[float, ...]) -> None:
    shares: NDArray[np.float64] = shares_of(ages)
    share = share_between(shares, LEAST_BLOOD, MOST_BLOOD + 1)
    rates = rates_of(Aged(ages=ages))
    assert rates.civic.blood * share == pytest.approx(usual().number("events.blood") / 1_000)


def test_whatever_has_a_zero_outside_its_range_may_be_switched_off_and_life_goes_on() -> None:
    off = {one.name: 0 for one in usual().each() if one.has_off}
    assert len(off) > 100
    parameters = usual().changed(off)
    city = found(300, 1, parameters)
    society = Society(city, [Rule(name, load(name)) for name in ("sesame", "national", "rongcheng")], Variant())
    society.run(3)
    never = (
        "loan.taken",
        "loan.defaulted",
        "service_fee.late",
        "journey.rail",
        "loyalty.petition",
        "traffic.red_light",
    )
    happened = live(city, 3, society.state, society.commons.dispositions, society.tally)
    assert not [type_ for type_ in never if count(happened, type_)]
    assert society.tally.bills_late.sum() == society.tally.offences.sum() == society.tally.defaults.sum() == 0


def test_what_may_be_switched_off_has_no_value_between_that_and_its_range() -> None:
    one = usual().named["month.red_lights"]
    assert (one.has_off, one.low) == (True, 0.5)
    assert one.fits([0])
    assert not one.fits([0.1])
    assert not usual().named["people.income_median"].fits([0])
    with pytest.raises(InputError, match=r"expected a number from 0.5 to 10 .* or 0 for none"):
        usual().changed({"month.red_lights": 0.1})
    theirs = loads("parameters: 1\nmonth:\n  red_lights: {value: 0, assumption: no cameras}\n", over=usual())
    assert theirs.number("month.red_lights") == 0
