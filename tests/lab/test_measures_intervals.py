"""Intervals and paired tests are Student's, and say nothing where nothing is known."""

from math import inf, isnan, nan

import numpy as np
import pytest
from scipy import stats

from goodstanding.lab.measures.intervals import Interval, interval, paired

FIVE = [3.0, 4.5, 2.25, 5.0, 3.75]
AFTER = [3.5, 4.75, 3.0, 5.0, 4.5]


@pytest.mark.parametrize("level", [0.5, 0.95, 0.99])
def test_an_interval_is_that_of_scipys_t(level: float) -> None:
    found = interval(FIVE, level)
    low, high = stats.t.interval(level, len(FIVE) - 1, np.mean(FIVE), stats.sem(FIVE))
    assert (found.mean, found.low, found.high) == pytest.approx((np.mean(FIVE), low, high))
    assert found.seeds == 5


def test_a_paired_test_is_scipys() -> None:
    found, theirs = paired(FIVE, AFTER), stats.ttest_rel(AFTER, FIVE)
    assert found.p == pytest.approx(theirs.pvalue)
    low, high = theirs.confidence_interval(0.95)
    assert (found.difference.low, found.difference.high) == pytest.approx((low, high))


def test_a_shift_of_every_seed_is_seen_where_two_intervals_overlap() -> None:
    luck = np.array([0.0, 100.0, -50.0, 30.0, 7.0])
    shift = np.array([1.0, 1.1, 0.9, 1.05, 0.95])
    assert interval(luck).meets(interval(luck + shift).low, interval(luck + shift).high)
    assert paired(luck.tolist(), (luck + shift).tolist()).p < 0.001
    assert paired(luck, luck + shift).difference.sign == 1


def test_one_seed_leaves_everything_open() -> None:
    assert interval([2.0]) == Interval(2.0, -inf, inf, 1)
    assert interval([2.0]).sign == 0
    assert isnan(paired([1.0], [2.0]).p)


def test_without_a_seed_nothing_is_known() -> None:
    nothing = interval([nan, nan])
    assert nothing.seeds == 0
    assert isnan(nothing.mean)
    assert nothing.sign == 0
    assert not nothing.meets(-inf, inf)
    assert interval([]).seeds == 0


def test_a_seed_that_only_one_of_two_has_is_left_out() -> None:
    found = paired([1.0, nan, 3.0, 5.0], [2.0, 9.0, nan, 7.0])
    assert found.difference.seeds == 2
    assert found.difference.mean == 1.5


@pytest.mark.parametrize(("other", "p"), [([1.0, 2.0, 3.0], 1.0), ([1.1, 2.1, 3.1], 0.0), ([0.0, 1.0, 2.0], 0.0)])
def test_differences_that_are_all_the_same_are_beyond_chance(other: list[float], p: float) -> None:
    assert paired([1.0, 2.0, 3.0], other).p == p


@pytest.mark.parametrize(("values", "sign"), [([1.0, 1.2, 0.9], 1), ([-1.0, -1.2, -0.9], -1), ([-1.0, 1.0, 0.1], 0)])
def test_the_sign_is_that_of_the_whole_interval(values: list[float], sign: int) -> None:
    assert interval(values).sign == sign


def test_a_touching_band_is_met_and_one_beside_is_not() -> None:
    one = Interval(0.1, 0.08, 0.12, 5)
    assert one.meets(0.12, 0.2)
    assert one.meets(0.0, 0.08)
    assert not one.meets(0.13, 0.2)
    assert not one.meets(0.0, 0.07)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """2,000 experiments of six seeds each: 95 % give or take two."""
    draws = np.random.default_rng(4).normal(1.5, 2.0, (2_000, 6))
    holds = [found.low <= 1.5 <= found.high for found in map(interval, draws)]
    assert np.mean(holds) == pytest.approx(0.95, abs=0.02)
