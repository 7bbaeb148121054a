"""What is written down of a run is what plain counting gives, on runs made by hand."""

from collections.abc import Sequence
from dataclasses import replace
from math import isnan, log

import numpy as np
import pytest
from scipy.stats import CensoredData, ecdf

from goodstanding.book import Book
from goodstanding.lab.city.kinds import KINDS
from goodstanding.lab.findings.attack import POLICIES
from goodstanding.lab.findings.debtors import Debtors, Threatened, paid_within
from goodstanding.lab.findings.rulebooks import board, meter, reads_ties, without_ties
from goodstanding.lab.findings.violations import Violations
from goodstanding.lab.society.snapshot import Snapshot
from goodstanding.policy import load, shipped
from goodstanding.scoring import score
from goodstanding.standing import IN_FORCE, NOTICED, stand
from goodstanding.testing import AS_OF, DAY, table
from tests.lab.made import made_seen, made_snapshot

PEOPLE = 6


def snapshot(listings: Sequence[int], settled: Sequence[int], debts: Sequence[int]) -> Snapshot:
    """A month in which everybody is enrolled but the last, and nobody looks into a file."""
    empty = made_snapshot(PEOPLE)
    tally = empty.tally._replace(
        listings=np.array(listings, np.int16), settled=np.array(settled, np.int16), looked=np.zeros(PEOPLE, np.int16)
    )
    state = empty.state._replace(case_debt=np.array(debts, np.int64), case_months=np.zeros(PEOPLE, np.int16))
    enrolled = np.array([True] * (PEOPLE - 1) + [False])
    seen = replace(made_seen(load("sesame"), PEOPLE, np.random.default_rng(1)), enrolled=enrolled)
    return replace(empty, tally=tally, state=state, seen=(seen,))


QUIET = [0] * PEOPLE


def test_who_is_punished_and_pays_is_counted_among_the_enrolled() -> None:
    """0 owes from the start and pays; 1 is listed and pays; 2 is listed and does not; the last is not enrolled."""
    debtors = Debtors(made_snapshot(PEOPLE).traits)
    debtors.see(snapshot(listings=[1, 0, 0, 0, 0, 1], settled=QUIET, debts=[9, 0, 0, 0, 0, 9]))
    debtors.see(snapshot(listings=[1, 1, 1, 0, 0, 1], settled=QUIET, debts=[9, 9, 9, 0, 0, 9]))
    debtors.see(snapshot(listings=[1, 1, 1, 0, 0, 1], settled=[1, 1, 0, 0, 0, 1], debts=[0, 0, 9, 0, 0, 0]))
    found = debtors.figures()
    assert found["punished"] == 3
    assert found["paid"] == pytest.approx(2 / 3)
    assert found["paid_in_time"] == pytest.approx(1 / 2)  # of 1 and 2, whose listing was seen


def test_nobody_punished_is_no_figure() -> None:
    debtors = Debtors(made_snapshot(PEOPLE).traits)
    debtors.see(snapshot(listings=QUIET, settled=QUIET, debts=QUIET))
    assert isnan(debtors.figures()["paid"])
    assert isnan(debtors.figures()["paid_in_time"])
    assert isnan(debtors.figures()["log_odds"])


def test_time_to_paying_is_kaplan_and_meiers() -> None:
    lot = np.random.default_rng(2)
    months, paid = lot.integers(1, 24, 80), lot.random(80) < 0.4
    theirs = ecdf(CensoredData(uncensored=months[paid], right=months[~paid])).cdf.evaluate(24)
    assert paid_within(list(zip(months.tolist(), paid.tolist(), strict=True))) == pytest.approx(theirs)


def test_reactions_after_a_listing_are_held_against_people_alike_whom_no_court_ever_listed() -> None:
    """One stratum of fifty, the first fifth of equal incomes: of ten listed four look, of forty others two."""
    many = 250
    shown = made_snapshot(many)
    traits = shown.traits._replace(
        age=np.full(many, 30, np.int16), education=np.zeros(many, np.uint8), income=np.zeros(many, np.int64)
    )
    debtors = Debtors(traits)
    listed = np.arange(many) < 10
    looks = np.isin(np.arange(many), [0, 1, 2, 3, 20, 21])
    for month in range(8):
        tally = shown.tally._replace(
            listings=(listed & (month >= 1)).astype(np.int16),
            settled=np.zeros(many, np.int16),
            looked=(looks & (month >= 3)).astype(np.int16),
        )
        seen = replace(made_seen(load("sesame"), many, np.random.default_rng(1)), enrolled=np.ones(many, np.bool_))
        debtors.see(replace(shown, tally=tally, seen=(seen,)))
    assert debtors.figures()["log_odds"] == pytest.approx(log((4 / 6) / (2 / 38)))


def test_those_who_owed_at_the_start_are_followed_and_nobody_else() -> None:
    shown = made_snapshot(PEOPLE)
    watch = Threatened(shown.traits._replace(age=np.array([50, 50, 30, 30, 30, 30], np.int16)))
    first = snapshot(listings=QUIET, settled=QUIET, debts=[10, 30, 60, 0, 0, 0])
    later = snapshot(listings=QUIET, settled=[1, 0, 0, 0, 0, 0], debts=[0, 30, 60, 70, 0, 0])
    for month in range(24):
        watch.see(first if month < 18 else later)
    found = watch.figures()
    assert found["still owing"] == pytest.approx((6 * 1 + 6 * 2 / 3) / 12)
    assert found["still owing of the older"] == pytest.approx((6 * 1 + 6 * 1 / 2) / 12)
    assert found["still owing of the younger"] == 1
    assert found["amount"] == pytest.approx((6 * 1 + 6 * 0.9) / 12)


def test_violations_are_those_after_the_sixth_month_a_resident_month() -> None:
    watch = Violations()
    shown = made_snapshot(PEOPLE, meter())
    for month in range(8):
        scores = replace(shown.seen[0].scores, score=np.full(PEOPLE, 10 * month))
        counts = np.full(PEOPLE, month, np.int32)
        tally = shown.tally._replace(
            offences=counts.astype(np.int16), bills_late=counts, defaults=np.zeros(PEOPLE, np.int16)
        )
        watch.see(replace(shown, tally=tally, seen=(replace(shown.seen[0], scores=scores),)))
    assert watch.figures() == {"recorded": 10.0, "done": 2.0}


LISTED = table("type | person | time | matter\ncourt.listed | p | -100d | case-1\ntraffic.ticket | p | -90d |")


def test_the_board_tells_those_who_owe_and_never_posts() -> None:
    for days in (1, 400, 3_000):
        scores = score(board(warns=True), Book.of(LISTED), as_of=AS_OF + days * DAY)
        assert stand(scores).sanctions.tolist() == [[NOTICED]]
    scores = score(board(warns=True), Book.of(LISTED), as_of=AS_OF + 4_000 * DAY)
    assert stand(scores).sanctions.tolist() == [[IN_FORCE]]  # after ten years: no run is so long
    silent = score(board(warns=False), Book.of(LISTED), as_of=AS_OF)
    assert (len(board(warns=False).sanctions), stand(silent).listed.tolist()) == (0, [[True]])


def test_the_meter_counts_violations_and_nothing_follows() -> None:
    late = table(
        "type | person | value\nbill.paid | p | 3\nbill.paid | p | 0\nloan.repaid | p | 1\nrail.smoking | p |\n"
        "traffic.ticket | q |\nair.disorder | q |\nfare.unpaid | q |\ncontract.breached | q |"
    )
    assert score(meter(), Book.of(late), as_of=AS_OF).score.tolist() == [3, 4]
    policy = meter()
    assert (policy.tiers, policy.perks, policy.lists, policy.sanctions) == ((), (), (), ())


def test_the_attack_is_on_every_shipped_policy_that_reads_others_and_knows_a_city() -> None:
    """Of the tool library nobody in a city has a file."""
    happen = {type_ for type_, _, _ in KINDS}
    reading = [name for name in shipped() if reads_ties(load(name)) and happen & set(load(name).catalogue)]
    assert sorted(reading) == sorted(POLICIES)
    assert [reads_ties(without_ties(load(name))) for name in POLICIES] == [[], []]
