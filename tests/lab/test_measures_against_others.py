"""Gaps between groups are fairlearn's, accuracy is scikit-learn's, ranks are scipy's."""

from collections.abc import Mapping

import numpy as np
import pytest
from fairlearn import metrics
from numpy.typing import NDArray
from scipy import stats
from sklearn.metrics import roc_auc_score

from goodstanding.lab.measures import of_month, of_run
from goodstanding.lab.measures.groups import Groups, parts
from goodstanding.lab.measures.mobility import correlation, ranks
from goodstanding.lab.measures.views import CityMonth, CityRun, ScorerMonth
from goodstanding.lab.society.snapshot import NO_SCORE
from goodstanding.policy import load
from tests.lab.made import made_history, made_snapshot

PEOPLE = 600
SEEDS = range(1, 4)
PAIRS = ("minority", "schooling", "income", "age", "outspoken")


def view_of(seed: int) -> ScorerMonth:
    shown = made_snapshot(PEOPLE, load("sesame"), seed=seed)
    return ScorerMonth(CityMonth(shown), shown.seen[0])


def gaps(view: ScorerMonth, name: str) -> Mapping[str, float]:
    return {row.group: row.value for row in of_month(view.city.snapshot, [name])}


def of_two(view: ScorerMonth, pair: str, among: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Who of those among is in one of the two groups, and whether in the first."""
    first, second = view.city.groups.pairs[pair]
    either = among & (first | second)
    return either, first[either]


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_gap_in_scores_is_fairlearns_difference_of_means(seed: int, pair: str) -> None:
    view = view_of(seed)
    either, is_first = of_two(view, pair, view.counted)
    scores = view.seen.scores.score[either]
    frame = metrics.MetricFrame(
        metrics=metrics.mean_prediction, y_true=scores, y_pred=scores, sensitive_features=is_first
    )
    assert gaps(view, "gaps.mean")[pair] == pytest.approx(frame.by_group[True] - frame.by_group[False])
    assert abs(gaps(view, "gaps.mean")[pair]) == pytest.approx(frame.difference())


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("seed", SEEDS)
def test_disparate_impact_is_fairlearns_ratio_turned_towards_the_first_group(seed: int, pair: str) -> None:
    view = view_of(seed)
    either, is_first = of_two(view, pair, view.seen.enrolled)
    well = view.favoured[either]
    theirs = metrics.demographic_parity_ratio(well, well, sensitive_features=is_first)
    ours = gaps(view, "gaps.impact")[pair]
    assert min(ours, 1 / ours) == pytest.approx(theirs)
    rates = metrics.MetricFrame(
        metrics=metrics.selection_rate, y_true=well, y_pred=well, sensitive_features=is_first
    ).by_group
    assert ours == pytest.approx(rates[True] / rates[False])


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("seed", SEEDS)
def test_equal_opportunity_is_fairlearns_among_those_who_never_gave_up_a_debt(seed: int, pair: str) -> None:
    view = view_of(seed)
    either, is_first = of_two(view, pair, view.seen.enrolled)
    tally = view.city.snapshot.tally
    deserving = ((tally.defaults == 0) & (tally.listings == 0))[either]
    theirs = metrics.equal_opportunity_difference(deserving, view.favoured[either], sensitive_features=is_first)
    ours = gaps(view, "gaps.chance")[pair]
    assert abs(ours) == pytest.approx(theirs)
    rates = metrics.MetricFrame(
        metrics=metrics.true_positive_rate, y_true=deserving, y_pred=view.favoured[either], sensitive_features=is_first
    ).by_group
    assert ours == pytest.approx(rates[True] - rates[False])


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_gap_in_sanctions_is_fairlearns_parity_difference(seed: int, pair: str) -> None:
    view = view_of(seed)
    either, is_first = of_two(view, pair, view.seen.enrolled)
    hit = view.sanctioned[either]
    theirs = metrics.demographic_parity_difference(hit, hit, sensitive_features=is_first)
    assert abs(gaps(view, "gaps.sanctions")[pair]) == pytest.approx(theirs)


@pytest.mark.parametrize(("months", "ahead"), [(30, 12), (10, 5), (3, 1)])
def test_accuracy_is_scikit_learns_auc_of_what_follows(months: int, ahead: int) -> None:
    shown, history = made_snapshot(PEOPLE), made_history(months, PEOPLE, "sesame")
    found = {row.month: row.value for row in of_run(history, shown.traits, shown.tally, ["accuracy.auc"])}
    assert list(found) == list(range(1, months - ahead))  # in the first month nobody has a score
    for month, auc in found.items():
        score = history.scores["sesame"][month]
        follows = np.logical_or.reduce(history.defaulted[month + 1 : month + 1 + ahead])
        given = score != NO_SCORE
        assert auc == pytest.approx(roc_auc_score(~follows[given], score[given]))


def test_a_run_of_one_month_says_nothing_of_what_follows_or_of_moves() -> None:
    shown, history = made_snapshot(PEOPLE), made_history(1, PEOPLE, "sesame")
    found = {row.measure for row in of_run(history, shown.traits, shown.tally)}
    assert found == {"payments.defaults", "mistakes.ever", "mistakes.months"}


def test_ranks_and_their_correlation_are_scipys() -> None:
    lot = np.random.default_rng(3)
    first, second = lot.integers(0, 50, 300), lot.integers(0, 5, 300)
    assert ranks(second).tolist() == stats.rankdata(second).tolist()
    assert correlation(ranks(first), ranks(second)) == pytest.approx(stats.spearmanr(first, second).statistic)
    shown, history = made_snapshot(PEOPLE), made_history(20, PEOPLE, "sesame")
    one, last = history.scores["sesame"][1], history.scores["sesame"][-1]
    both = (one != NO_SCORE) & (last != NO_SCORE)
    (row,) = of_run(history, shown.traits, shown.tally, ["mobility.rank"])
    assert row.value == pytest.approx(stats.spearmanr(one[both], last[both]).statistic)


def test_moves_between_tiers_are_those_of_shorrocks_read_plainly() -> None:
    shown, history = made_snapshot(PEOPLE), made_history(20, PEOPLE, "sesame")
    tiers = history.tiers["sesame"]
    moves = [(int(a), int(b)) for a, b in zip(tiers[1], tiers[-1], strict=True) if a >= 0 and b >= 0]
    rows = of_run(history, shown.traits, shown.tally, ["mobility.tiers", "mobility.index"])
    found = {row.group: row.value for row in rows}
    assert found["rose"] == sum(b > a for a, b in moves) / len(moves)
    assert found["rose"] + found["stayed"] + found["fell"] == pytest.approx(1)
    began = sorted({a for a, _ in moves})
    stayed = [sum((a, b) == (k, k) for a, b in moves) / sum(a == k for a, _ in moves) for k in began]
    assert found[""] == pytest.approx((len(began) - sum(stayed)) / (len(began) - 1))


def test_where_nobody_moves_the_index_is_0_and_without_two_tiers_there_is_none() -> None:
    shown, history = made_snapshot(PEOPLE), made_history(4, PEOPLE, "sesame")
    tiers = history.tiers["sesame"]
    tiers[:] = np.arange(PEOPLE) % 3
    rows = of_run(history, shown.traits, shown.tally, ["mobility.index"])
    assert [row.value for row in rows] == [0.0]
    tiers[:] = 2
    assert of_run(history, shown.traits, shown.tally, ["mobility.index"]) == []


def test_parts_are_of_equal_size_and_in_order() -> None:
    values = np.random.default_rng(5).integers(0, 40, 1_003)
    tenth = parts(values, 10)
    assert set(np.bincount(tenth).tolist()) == {100, 101}
    assert all(values[tenth == k].max() <= values[tenth == k + 1].min() for k in range(9))
    assert parts(np.zeros(0), 10).size == 0


def test_quarters_of_honesty_lie_at_both_ends() -> None:
    shown = made_snapshot(PEOPLE)
    found = Groups(shown.traits).by_honesty
    honesty = shown.traits.honesty
    assert honesty[found["dishonest"]].max() < np.quantile(honesty, 0.26)
    assert honesty[found["honest"]].min() > np.quantile(honesty, 0.74)
    assert CityRun(made_history(2, PEOPLE, "a"), shown.traits, shown.tally).groups.everybody.all()
