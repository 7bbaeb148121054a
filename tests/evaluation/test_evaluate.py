"""Figures of an evaluation: against cases worked out by hand, and against counting every pair."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.errors import InputError
from goodstanding.evaluation import HistogramBin, TierRate, evaluate

ROWS = st.lists(st.tuples(st.integers(-3, 6), st.integers(0, 1)), min_size=2, max_size=40).filter(
    lambda rows: len({outcome for _, outcome in rows}) == 2
)


def auc_by_pairs(rows: list[tuple[int, int]]) -> Fraction:
    """Every pair of different outcomes, looked at."""
    events = [score for score, outcome in rows if outcome]
    others = [score for score, outcome in rows if not outcome]
    halves = sum(2 * (other > event) + (other == event) for event in events for other in others)
    return Fraction(halves, 2 * len(events) * len(others))


def ks_by_thresholds(rows: list[tuple[int, int]]) -> Fraction:
    """Every score tried as a threshold."""

    def share_up_to(score: int, outcome: int) -> Fraction:
        of_outcome = [value for value, found in rows if found == outcome]
        return Fraction(sum(value <= score for value in of_outcome), len(of_outcome))

    return max(abs(share_up_to(score, 1) - share_up_to(score, 0)) for score, _ in rows)


def test_a_case_worked_out_by_hand() -> None:
    # events at 400 and 600, others at 500, 600 and 700: of 6 pairs 4 are right, one is a tie, one is wrong
    result = evaluate([400, 600, 500, 600, 700], [1, 1, 0, 0, 0], bootstrap=0)
    assert (result.people, result.events) == (5, 2)
    assert result.auc.value == 4.5 / 6
    assert result.gini.value == 0.5
    assert (result.ks.value, result.ks_score) == (0.5, 400)


@given(ROWS)
def test_auc_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[int, int]]) -> None:
    scores, outcomes = zip(*rows, strict=True)
    result = evaluate(scores, outcomes, bootstrap=0)
    assert result.auc.value == float(auc_by_pairs(rows))
    assert result.gini.value == float(2 * auc_by_pairs(rows) - 1)


@given(ROWS)
def test_ks_is_the_greatest_distance_at_any_threshold(rows: list[tuple[int, int]]) -> None:
    scores, outcomes = zip(*rows, strict=True)
    assert evaluate(scores, outcomes, bootstrap=0).ks.value == float(ks_by_thresholds(rows))


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing(rows: list[tuple[int, int]], random: np.random.Generator) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert evaluate(*zip(*rows, strict=True), bootstrap=20) == evaluate(*zip(*shuffled, strict=True), bootstrap=20)


def test_perfect_and_reversed_scores_reach_the_ends() -> None:
    perfect, reversed_ = evaluate([1, 2, 3, 4], [1, 1, 0, 0]), evaluate([4, 3, 2, 1], [1, 1, 0, 0])
    assert (perfect.auc.value, perfect.ks.value) == (1, 1)
    assert (reversed_.auc.value, reversed_.gini.value, reversed_.ks.value) == (0, -1, 1)
    assert (perfect.auc.low, perfect.auc.high) == (1, 1)


def test_one_score_for_all_tells_nothing() -> None:
    result = evaluate([500] * 4, [1, 0, 1, 0])
    assert (result.auc.value, result.gini.value, result.ks.value) == (0.5, 0, 0)
    assert result.histogram == (HistogramBin(500, 501, 2, 2),)


def test_four_million_people_overflow_nothing() -> None:
    scores = np.arange(4_200_000, dtype=np.int64) % 600
    result = evaluate(scores, scores < 300, bootstrap=0)
    assert (result.auc.value, result.ks.value, result.ks_score) == (1, 1, 299)


def test_people_without_a_score_or_an_outcome_are_counted_and_left_out() -> None:
    result = evaluate([400, None, None, 700, 650], [1, 1, 0, 0, None], bootstrap=0)
    assert (result.people, result.without_score, result.without_score_events, result.without_outcome) == (2, 2, 1, 1)
    assert result.auc.value == 1


def test_the_same_people_give_the_same_figures_from_arrow_numpy_and_lists() -> None:
    scores, outcomes = [3, 1, 2, 2], [0, 1, 0, 1]
    lists = evaluate(scores, outcomes)
    assert evaluate(np.array(scores), np.array(outcomes, np.int8)) == lists
    assert evaluate(pa.chunked_array([scores[:2], scores[2:]]), pa.array(outcomes, pa.int8())) == lists
    assert evaluate(np.array([3, 1, 2, 2, np.nan]), np.array([0, 1, 0, 1, np.nan])) == lists


@pytest.mark.parametrize("outcome", [0, 1])
def test_one_outcome_for_all_is_an_error_that_says_what_was_found(outcome: int) -> None:
    with pytest.raises(InputError, match=r"found \d people with outcome 1 and \d with outcome 0"):
        evaluate([1, 2], [outcome, outcome])


def test_both_outcomes_must_occur_among_those_who_have_a_score() -> None:
    with pytest.raises(
        InputError, match=r"found 0 people with outcome 1 and 2 with outcome 0 .* expected some of each"
    ):
        evaluate([1, 2, None], [0, 0, 1])


@pytest.mark.parametrize(
    ("scores", "outcomes", "tiers", "said"),
    [
        ([1, 2, 3], [0, 1], None, "found 3 scores and 2 outcomes"),
        ([1, 2], [0, 1], ["low"], "found 2 scores and 1 tiers"),
        ([1, 2], [0, 2], None, "found the outcome 2; expected 0 or 1"),
        ([1.5, 2], [0, 1], None, "scores: .*; expected whole numbers"),
        ([1, 2], ["yes", "no"], None, "outcomes: .*; expected whole numbers"),
        ([1, "two"], [0, 1], None, "scores: .*; expected whole numbers"),
    ],
)
def test_columns_that_are_no_scores_and_outcomes_are_refused(
    scores: list[object], outcomes: list[object], tiers: list[str] | None, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        evaluate(scores, outcomes, tiers=tiers)


def test_rates_are_counted_in_the_order_of_the_tiers() -> None:
    result = evaluate(
        [1, 2, 3, 4, 5, None, 7],
        [1, 1, 0, 1, 0, 1, None],
        tiers=["poor", "poor", "poor", "good", "good", None, "good"],
        order=["poor", "fair", "good"],
        bootstrap=0,
    )
    assert [(tier.tier, tier.people, tier.events, tier.rate) for tier in result.tiers] == [
        ("poor", 3, 2, 2 / 3),
        ("fair", 0, 0, None),
        ("good", 2, 1, 1 / 2),
    ]
    assert result.tiers_in_order


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (["low", "top"], "found the tiers high; expected only low, top"),
        ([], "found the tiers high, low; expected none, since the order is empty"),
    ],
)
def test_a_tier_outside_the_order_is_an_error(order: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        evaluate([1, 2, 3], [0, 1, 1], tiers=["low", "low", "high"], order=order, bootstrap=0)


def test_without_an_order_tiers_go_from_the_highest_rate_down() -> None:
    tiers = pa.chunked_array([["b", "a"], ["a", "c", None]])
    result = evaluate([1, 2, 3, 4, 5], [0, 1, 0, 1, 0], tiers=tiers, bootstrap=0)
    assert [tier.tier for tier in result.tiers] == ["c", "a", "b"]


def test_a_tier_with_a_higher_rate_than_the_one_below_is_out_of_order() -> None:
    result = evaluate([1, 2, 3], [0, 1, 1], tiers=["low", "low", "high"], order=["low", "high"], bootstrap=0)
    assert not result.tiers_in_order


def test_the_interval_of_a_rate_is_wilsons() -> None:
    # 1 of 10, worked out by hand from Wilson's formula with z = 1.96: 0.0179 to 0.4042
    tier = evaluate(range(20), [1, *[0] * 9, *[1] * 10], tiers=["a"] * 10 + ["b"] * 10, bootstrap=0).tiers[1]
    assert tier.tier == "a"
    assert tier.low == pytest.approx(0.0179, abs=5e-5)
    assert tier.high == pytest.approx(0.4042, abs=5e-5)


def test_the_interval_of_a_rate_stays_between_0_and_1() -> None:
    none, every = evaluate([1, 2], [0, 1], tiers=["a", "b"], order=["a", "b"], bootstrap=0).tiers
    assert (none.low, every.high) == (0, 1)


def test_the_same_seed_draws_the_same_samples() -> None:
    lot = np.random.default_rng(5)
    scores, outcomes = lot.integers(350, 950, 500), lot.integers(0, 2, 500)
    assert evaluate(scores, outcomes, seed=3) == evaluate(scores, outcomes, seed=3)
    assert evaluate(scores, outcomes, seed=3).auc.low != evaluate(scores, outcomes, seed=4).auc.low


def test_the_interval_holds_the_figure_and_agrees_with_hanley_and_mcneil() -> None:
    lot = np.random.default_rng(7)
    outcomes = lot.random(3000) < 0.2
    auc = evaluate((lot.normal(size=3000) * 50 - outcomes * 50 + 600).astype(np.int64), outcomes).auc
    # J. A. Hanley and B. J. McNeil, Radiology 143 (1982): the standard error of an AUC by its value and the two sizes
    value, events, others = auc.value, int(outcomes.sum()), int((~outcomes).sum())
    q1, q2 = value / (2 - value), 2 * value**2 / (1 + value)
    error = np.sqrt(
        (value * (1 - value) + (events - 1) * (q1 - value**2) + (others - 1) * (q2 - value**2)) / (events * others)
    )
    assert auc.low is not None
    assert auc.high is not None
    assert auc.low < auc.value < auc.high
    assert auc.high - auc.low == pytest.approx(2 * 1.96 * error, rel=0.15)


def test_samples_drawn_in_blocks_are_all_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("goodstanding.evaluation.counting.DRAWS_AT_ONCE", 1)
    auc = evaluate(list(range(30)), [1, 0] * 15, bootstrap=50).auc
    assert auc.low is not None
    assert 0 < auc.low < auc.value


def test_without_samples_there_are_no_intervals() -> None:
    result = evaluate([1, 2, 3], [1, 0, 1], bootstrap=0)
    assert (result.auc.low, result.gini.high, result.ks.low) == (None, None, None)


def test_gini_is_an_interval_of_its_own_on_the_same_samples() -> None:
    lot = np.random.default_rng(5)
    result = evaluate(lot.integers(350, 950, 200), lot.integers(0, 2, 200))
    assert result.auc.low is not None
    assert result.gini.low == pytest.approx(2 * result.auc.low - 1)


@given(ROWS)
def test_the_histogram_holds_everyone_once_in_at_most_24_round_bins(rows: list[tuple[int, int]]) -> None:
    scores = [score * 37 for score, _ in rows]
    bins = evaluate(scores, [outcome for _, outcome in rows], bootstrap=0).histogram
    assert len(bins) <= 24
    assert len({each.stop - each.start for each in bins}) == 1
    for each in bins:
        held = [outcome for score, (_, outcome) in zip(scores, rows, strict=True) if each.start <= score < each.stop]
        assert (each.events, each.others) == (sum(held), len(held) - sum(held))
    assert sum(each.events + each.others for each in bins) == len(rows)


def test_the_curve_has_at_most_200_points_and_holds_the_one_of_ks() -> None:
    lot = np.random.default_rng(5)
    scores = lot.integers(0, 100_000, 3000)
    result = evaluate(scores, lot.random(3000) < scores / 200_000, bootstrap=0)
    assert len(result.curve) <= 200
    (point,) = [point for point in result.curve if point.score == result.ks_score]
    assert abs(point.events_share - point.others_share) == pytest.approx(result.ks.value)
    assert (result.curve[-1].events_share, result.curve[-1].others_share) == (1, 1)


def test_an_evaluation_is_plain_values_that_json_takes() -> None:
    result = evaluate([1, 2, 3, 4], [1, 0, 1, 0], tiers=["a", "a", "b", "b"], order=["a", "b"])
    back = json.loads(json.dumps(result.to_dict()))
    assert back["auc"]["value"] == 0.75
    assert back["tiers_in_order"] is True
    assert TierRate(**back["tiers"][0]) == result.tiers[0]
