"""The register is whole, figures stand where they belong, and there is none where there is nothing to measure."""

from collections.abc import Iterable
from dataclasses import replace
from math import isfinite
from typing import get_args

import numpy as np
import pytest

from goodstanding.lab.measures import MEASURES, UNITS, Row, group_title, of_month, of_run
from goodstanding.lab.measures.register import Better, Figure, Figures, Unit, measure
from goodstanding.lab.measures.scores import gini
from goodstanding.lab.measures.taking import _by_name
from goodstanding.lab.measures.views import CityMonth, CityRun, ScorerMonth, ScorerRun
from goodstanding.policy import load
from tests.lab.made import made_history, made_snapshot

SESAME, RAIL = load("sesame"), load("rail-2018")
PEOPLE = 400


def month_rows() -> list[Row]:
    return of_month(made_snapshot(PEOPLE, SESAME, RAIL))


def run_rows() -> list[Row]:
    shown = made_snapshot(PEOPLE, SESAME)
    return of_run(made_history(30, PEOPLE, "sesame"), shown.traits, shown.tally)


def value(rows: Iterable[Row], name: str, group: str = "", scorer: str = "", month: int | None = None) -> float:
    found = [
        row.value
        for row in rows
        if (row.measure, row.group, row.scorer) == (name, group, scorer) and month in {None, row.month}
    ]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_says_what_it_is_in_english_and_chinese(name: str) -> None:
    one = MEASURES[name]
    assert one.unit in UNITS
    assert one.better in get_args(Better)
    for text in (one.title, one.about):
        assert text.in_("en") != text.in_("zh")
        assert text.in_("en").isprintable()
    assert one.about.in_("en").endswith(".")
    assert one.about.in_("zh").endswith("。")


def test_units_are_those_that_are_used_and_no_others() -> None:
    assert set(UNITS) == set(get_args(Unit)) == {one.unit for one in MEASURES.values()}


def test_two_measures_of_one_name_are_a_mistake() -> None:
    @measure("scores.mean", ScorerMonth, "points", "neither", ("A", "甲"), ("B.", "乙。"))
    def again(_view: ScorerMonth) -> Figures:
        yield Figure(0.0)

    module = type(pytest)("twice")
    vars(module).update(first=MEASURES["scores.mean"], second=again)
    with pytest.raises(AssertionError, match="one name"):
        _by_name(module)


def test_every_measure_gives_a_figure_of_a_lively_month_or_run() -> None:
    found = {row.measure for row in [*month_rows(), *run_rows()]}
    assert set(MEASURES) - found == {"gaming.false_friend"}  # nobody has bought one


def test_figures_of_scorers_carry_their_name_and_those_of_the_city_none() -> None:
    scorers = {CityMonth: {""}, CityRun: {""}, ScorerRun: {"sesame"}, ScorerMonth: {"sesame", "rail-2018"}}
    for row in [*month_rows(), *run_rows()]:
        assert row.scorer in scorers[MEASURES[row.measure].reads]
        assert isfinite(row.value)


def test_a_figure_of_a_month_stands_in_that_month_and_one_of_a_run_in_the_last() -> None:
    assert {row.month for row in month_rows()} == {5}
    shown = made_snapshot(PEOPLE, SESAME)
    rows = of_run(made_history(30, PEOPLE, "sesame"), shown.traits, shown.tally, first_month=12)
    by_month = {"payments.defaults", "accuracy.auc"}
    assert {row.month for row in rows if row.measure not in by_month} == {41}
    assert [row.month for row in rows if row.measure == "payments.defaults"] == list(range(12, 42))


def test_every_group_has_a_title_in_both_languages_or_the_name_that_a_policy_gave() -> None:
    parts = [part for policy in (SESAME, RAIL) for part in (policy.tiers, policy.lists, policy.sanctions)]
    given = {str(one.name) for part in parts for one in part}
    for row in [*month_rows(), *run_rows()]:
        title = group_title(row.group)
        assert title.in_("en") != title.in_("zh") or row.group in given


def test_only_what_is_asked_for_is_measured_whatever_it_reads() -> None:
    asked = ["scores.mean", "mobility.rank", "friends.modularity"]
    shown = made_snapshot(PEOPLE, SESAME)
    assert {row.measure for row in of_month(shown, asked)} == {"scores.mean", "friends.modularity"}
    assert {row.measure for row in of_month(shown, asked, slow=False)} == {"scores.mean"}
    run = of_run(made_history(30, PEOPLE, "sesame"), shown.traits, shown.tally, asked)
    assert [row.measure for row in run] == ["mobility.rank"]
    assert [one.by_month for one in map(MEASURES.__getitem__, asked)] == [True, False, True]


def test_an_unknown_name_is_a_mistake() -> None:
    with pytest.raises(AssertionError, match=r"no measures: scores\.men"):
        of_month(made_snapshot(PEOPLE, SESAME), ["scores.men"])


def test_where_nobody_is_enrolled_nothing_is_said_of_scores() -> None:
    shown = made_snapshot(PEOPLE, SESAME)
    nobody = np.zeros(PEOPLE, np.bool_)
    empty = replace(shown, seen=(replace(shown.seen[0], enrolled=nobody, wrongly=nobody),))
    of_scorer = {row.measure for row in of_month(empty) if row.scorer}
    assert of_scorer == {"enrolment.share", "friends.tiers"}
    assert value(of_month(empty), "enrolment.share", scorer="sesame") == 0


def test_a_city_without_a_scorer_has_its_own_figures() -> None:
    rows = of_month(made_snapshot(PEOPLE))
    assert {row.scorer for row in rows} == {""}
    assert {"friends.degree", "payments.late", "welfare.mean"} <= {row.measure for row in rows}


def test_mean_quantiles_and_gini_are_as_read_plainly() -> None:
    shown = made_snapshot(PEOPLE, SESAME)
    counted = shown.seen[0].enrolled & shown.seen[0].scores.given
    scores = sorted(shown.seen[0].scores.score[counted].tolist())
    rows = of_month(shown)
    assert value(rows, "scores.mean", scorer="sesame") == pytest.approx(sum(scores) / len(scores))
    half = scores[(len(scores) + 1) // 2 - 1]
    assert value(rows, "scores.quantiles", "p50", "sesame") == half
    above = [score - SESAME.least for score in scores]
    apart = sum(abs(one - other) for one in above for other in above) / len(above) ** 2
    assert value(rows, "scores.gini", scorer="sesame") == pytest.approx(apart / (2 * sum(above) / len(above)))


@pytest.mark.parametrize(("values", "expected"), [([5, 5, 5], 0.0), ([0, 0, 0], 0.0), ([0, 0, 0, 8], 0.75), ([7], 0.0)])
def test_the_gini_of_equals_is_0_and_of_one_who_has_all_nearly_1(values: list[int], expected: float) -> None:
    assert gini(np.array(values, np.int64)) == pytest.approx(expected)


def test_shares_of_tiers_add_up_to_1_and_name_every_tier() -> None:
    found = {row.group: row.value for row in month_rows() if (row.measure, row.scorer) == ("scores.tiers", "sesame")}
    assert list(found) == [one.name for one in SESAME.tiers]
    assert sum(found.values()) == pytest.approx(1)


def test_rates_a_month_are_per_thousand_residents_and_month() -> None:
    shown = made_snapshot(PEOPLE)
    rows = of_month(shown)
    tally = shown.tally
    assert value(rows, "payments.offences") == pytest.approx(1000 * tally.offences.sum() / PEOPLE / 6)
    assert value(rows, "speech.critical", "members") == pytest.approx(
        1000 * tally.spoken[shown.traits.member].sum() / shown.traits.member.sum() / 6
    )
    assert value(rows, "payments.late") == tally.bills_late.sum() / tally.bills.sum()
    silenced = tally.silenced.sum()
    assert value(rows, "speech.suppressed") == pytest.approx(silenced / (silenced + tally.spoken.sum()))


def test_welfare_by_tenths_of_income_is_yuan_a_month() -> None:
    shown = made_snapshot(PEOPLE)
    rows = of_month(shown)
    poorest = np.argsort(shown.traits.income, kind="stable")[: PEOPLE // 10]
    expected = shown.tally.welfare[poorest].mean() / 100 / 6
    assert value(rows, "welfare.mean", "tenth 1") == pytest.approx(expected)
    tenths = [value(rows, "welfare.mean", f"tenth {number}") for number in range(1, 11)]
    assert np.mean(tenths) == pytest.approx(value(rows, "welfare.mean"))


def test_errors_are_counted_among_the_enrolled_and_among_the_burdened() -> None:
    shown = made_snapshot(PEOPLE, SESAME)
    seen = shown.seen[0]
    wrongly = seen.wrongly & seen.enrolled
    burdened = seen.enrolled & (seen.standing.listed.any(axis=0) | (seen.standing.sanctions == 2).any(axis=0))
    rows = of_month(shown)
    assert value(rows, "mistakes.share", scorer="sesame") == wrongly.sum() / seen.enrolled.sum()
    expected = (seen.wrongly & burdened).sum() / burdened.sum()
    assert value(rows, "mistakes.of_burdened", scorer="sesame") == expected


def test_months_in_error_are_of_those_who_ever_were() -> None:
    shown = made_snapshot(PEOPLE)
    history = made_history(30, PEOPLE, "sesame")
    rows = of_run(history, shown.traits, shown.tally)
    months = history.wrongly["sesame"].sum(axis=0)
    assert value(rows, "mistakes.months", scorer="sesame") == months[months > 0].mean()
    assert value(rows, "mistakes.ever", scorer="sesame") == (months > 0).mean()
    assert value(rows, "mistakes.ever", "minority", "sesame") == (months[shown.traits.minority] > 0).mean()


def test_a_policy_without_perks_treats_well_whoever_is_under_no_sanction() -> None:
    shown = made_snapshot(PEOPLE, RAIL)
    view = ScorerMonth(CityMonth(shown), shown.seen[0])
    assert view.favoured.tolist() == (~view.sanctioned).tolist()
    with_perks = ScorerMonth(CityMonth(shown), made_snapshot(PEOPLE, SESAME).seen[0])
    perks = with_perks.seen.standing.perks.any(axis=0)
    assert with_perks.favoured.tolist() == (perks & ~with_perks.sanctioned).tolist()
