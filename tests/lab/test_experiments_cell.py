"""A cell lived through: its tables tell one city's life, add up with each other, and hang on no number of threads."""

from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from goodstanding.lab.city.arrays import Tally, Traits
from goodstanding.lab.city.kinds import KINDS
from goodstanding.lab.experiments import sampling
from goodstanding.lab.experiments.cell import live_cell, rules, variant
from goodstanding.lab.experiments.deeds import SHORT, Happening, told, unit_of, untold
from goodstanding.lab.experiments.known import known
from goodstanding.lab.experiments.model import Cell
from goodstanding.lab.experiments.resolving import read_experiment
from goodstanding.lab.experiments.sampling import FOLLOWED, Sample
from goodstanding.lab.experiments.stories import FELL, MOST_LINES, ROSE, WRONGED, choose
from goodstanding.lab.experiments.tables import MEASURES, STORIES, CellTables
from goodstanding.lab.society.snapshot import Seen, Snapshot
from goodstanding.policy import load
from goodstanding.scoring import NOT_LISTED, Scores
from goodstanding.standing import stand
from tests.lab.experiments import written

CITY = "{residents: 400, months: 5, warm_up: 1, parameters: {errors.somebody_else: 2, errors.harmful_bias: 3}}"
NATIONAL = load("national")


def cell_of(*lines: str, policies: str = "[national]", city: str = CITY) -> Cell:
    text = written(*lines, policies=policies, city=city, seeds="[4]")
    return next(read_experiment(text, known()).cells())


@pytest.fixture(scope="module")
def lived() -> list[int]:
    return []


@pytest.fixture(scope="module")
def tables(lived: list[int]) -> CellTables:
    return live_cell(
        cell_of("variants: [{name: a, scorers: [sesame], feed: {from: sesame, to: national}}]"), 1, lived.append
    )


def rows(table: Any, **wanted: Any) -> list[dict[str, Any]]:
    return [row for row in table.to_pylist() if all(row[key] == value for key, value in wanted.items())]


def test_the_tables_are_the_same_on_two_threads(tables: CellTables) -> None:
    again = live_cell(
        cell_of("variants: [{name: a, scorers: [sesame], feed: {from: sesame, to: national}}]"), 2, lambda _: None
    )
    assert all(one.equals(other) for one, other in zip(tables, again, strict=True))


def test_every_month_is_told_of_as_it_is_lived(tables: CellTables, lived: list[int]) -> None:
    assert lived == [800, 400, 400, 400, 400], "the month that is only lived through comes with the first"


def test_measures_are_of_every_month_after_the_first_ones_and_of_every_scorer(tables: CellTables) -> None:
    assert tables.measures.schema == MEASURES
    mean = rows(tables.measures, measure="scores.mean", group="")
    assert [(row["month"], row["scorer"]) for row in mean] == [
        (month, scorer) for month in range(1, 6) for scorer in ("national", "sesame")
    ]
    assert rows(tables.measures, measure="welfare.mean", group="", scorer="")
    assert {row["month"] for row in rows(tables.measures, measure="friends.modularity")} == {5}, "it is slow"
    assert {row["month"] for row in rows(tables.measures, measure="mobility.index")} == {5}, "it is of the whole run"


def test_months_that_nobody_observes_are_lived_all_the_same(tables: CellTables) -> None:
    cell = cell_of("variants: [{name: a, scorers: [sesame], feed: {from: sesame, to: national}}]", "observe_every: 2")
    some = live_cell(cell, 1, lambda _: None)
    assert {row["month"] for row in rows(some.measures, measure="scores.mean")} == {2, 4, 5}
    assert some.history.equals(tables.history)
    assert some.residents.equals(tables.residents)


def test_there_is_a_row_for_every_resident_with_traits_and_what_befell_them(tables: CellTables) -> None:
    names = tables.residents.column_names
    assert tables.residents.num_rows == 400
    assert names[0] == "resident"
    assert set(Traits._fields) | set(Tally._fields) | {"first_score", "last_score", "first_tier", "last_tier"} < set(
        names
    )
    assert set(tables.residents["education"].to_pylist()) <= {"school", "vocational", "bachelor", "master"}
    mean = np.mean([score for score in tables.residents["last_score"].to_pylist() if score is not None])
    (measured,) = rows(tables.measures, measure="scores.mean", group="", scorer="national", month=5)
    assert measured["value"] == pytest.approx(mean)


def test_a_history_adds_up_dimension_by_dimension(tables: CellTables) -> None:
    assert tables.history.num_rows == 400 * 5
    last = {row["resident"]: row["last_score"] for row in tables.residents.to_pylist()}
    for row in tables.history.to_pylist():
        parts = sum(value for name, value in row.items() if name.startswith("points."))
        assert row["score"] == NATIONAL.base + parts, "no score of so young a city reaches a bound"
        if row["month"] == 5:
            assert row["score"] == last[row["resident"]]


def told_of(tables: CellTables) -> Iterator[list[dict[str, Any]]]:
    for role in (ROSE, FELL, WRONGED):
        yield rows(tables.stories, role=role)


def test_stories_are_of_one_who_rose_one_who_fell_and_one_punished_by_error(tables: CellTables) -> None:
    rose, fell, wronged = told_of(tables)
    assert tables.stories.schema == STORIES
    assert [len(story) for story in (rose, fell, wronged)] == [5, 5, 5]
    assert rose[-1]["score"] > rose[0]["score"]
    assert fell[-1]["score"] < fell[0]["score"]
    assert any(row["wrongly"] and (row["lists"] or row["sanctions"]) for row in wronged)
    assert any("(a wrong record)" in event["en"] for row in wronged for event in row["events"])


def test_what_was_put_right_is_told_of_as_it_stood_when_it_struck() -> None:
    rights = ", disputes.looks: 0.1, disputes.notices: 1, disputes.disputes: 0.95}}"
    city = CITY.replace("months: 5", "months: 9").replace("}}", rights)
    wronged = rows(live_cell(cell_of(city=city), 1, lambda _: None).stories, role=WRONGED)
    assert [row["wrongly"] for row in (wronged[0], wronged[-1])] == [True, False]
    assert any("(a wrong record)" in event["en"] for event in wronged[0]["events"])


def test_the_lines_that_moved_are_the_change_of_the_score(tables: CellTables) -> None:
    for story in told_of(tables):
        assert story[0]["change"] is None
        for before, row in pairwise(story):
            assert row["change"] == row["score"] - before["score"]
            assert len(row["lines"]) <= MOST_LINES
            if len(row["lines"]) < MOST_LINES:
                assert sum(line["change"] for line in row["lines"]) == row["change"]


def test_a_story_is_of_the_same_resident_as_the_history(tables: CellTables) -> None:
    history = {(row["resident"], row["month"]): (row["score"], row["tier"]) for row in tables.history.to_pylist()}
    for row in tables.stories.to_pylist():
        assert history[row["resident"], row["month"]] == (row["score"], row["tier"])


def test_events_are_told_in_both_languages(tables: CellTables) -> None:
    events = [event for row in tables.stories.to_pylist() for event in row["events"]]
    assert events
    assert all(event["en"] and event["zh"] and event["en"] != event["zh"] for event in events)


def test_what_the_document_says_is_what_the_society_is_told() -> None:
    cell = cell_of(
        "variants: [{name: a, told: false, notice: false, dispute: false, correction: false, scorers: [sesame],"
        " enrolment: {sesame: asked}, feed: {from: sesame, to: national}, mechanisms: {all: false, effort: true}}]"
    )
    assert [(rule.name, rule.enrolment, rule.feeds) for rule in rules(cell)] == [
        ("national", "all", None),
        ("sesame", "asked", "national"),
    ]
    plan = variant(cell)
    assert (plan.told, plan.notice, plan.dispute, plan.correction) == (False, False, False, False)
    assert [name for name in known().mechanisms if plan.has(name)] == ["effort"]


def test_whoever_is_not_scored_has_no_score_in_any_table() -> None:
    tables = live_cell(cell_of("variants: [{name: a, enrolment: asked}]", policies="[sesame]"), 1, lambda _: None)
    unscored = [row for row in tables.residents.to_pylist() if row["last_score"] is None]
    assert 0 < len(unscored) < 400
    assert all(row["last_tier"] is None for row in unscored)
    last = {row["resident"]: row for row in rows(tables.history, month=5)}
    assert all(last[row["resident"]]["score"] is None and last[row["resident"]]["tier"] is None for row in unscored)


# --- Whose story it is -----------------------------------------------------------------------------------------------


def sample_of(first: list[int], last: list[int], wrongly: list[int], given: list[bool] | None = None) -> Sample:
    sample = Sample(NATIONAL, "national", len(first))
    sample.scores = [np.array(first), np.array(last)]
    known_ = np.ones(len(first), np.bool_) if given is None else np.array(given)
    sample.given = [known_, known_]
    sample.wrongly = [np.array(wrongly) > 0, np.array(wrongly) > 1]
    return sample


def test_nobody_has_two_stories_and_the_wronged_come_first() -> None:
    assert choose(sample_of([5, 5, 5, 5], [9, 8, 1, 5], [2, 0, 0, 1])) == {ROSE: 1, FELL: 2, WRONGED: 0}


def test_of_equals_the_lowest_number_is_told_of() -> None:
    assert choose(sample_of([5, 5, 5, 5], [6, 6, 4, 4], [0, 0, 0, 0])) == {ROSE: 0, FELL: 2}


def test_where_nobody_moves_nobody_is_told_of() -> None:
    assert choose(sample_of([5, 5], [5, 5], [0, 0])) == {}
    assert choose(sample_of([5, 5], [9, 1], [0, 0], [False, False])) == {}


def test_at_most_two_thousand_are_followed_evenly_over_the_city() -> None:
    numbers = Sample(NATIONAL, "national", 10 * FOLLOWED).numbers
    assert (numbers.size, numbers[0], numbers[1], numbers[-1]) == (FOLLOWED, 0, 10, 10 * FOLLOWED - 10)
    assert Sample(NATIONAL, "national", 7).numbers.tolist() == list(range(7))


def month_of_five(month: int, wronged: Collection[int]) -> Snapshot:
    """Five residents, whose scores are 1,000 and the month, in a month in which some are wronged."""
    people = 5
    wrongly = np.isin(np.arange(people), list(wronged))
    scores = Scores(
        policy=NATIONAL,
        as_of=0,
        people=pa.array([str(number) for number in range(people)], pa.large_string()),
        score=np.full(people, NATIONAL.base + month),
        own_score=np.full(people, NATIONAL.base + month),
        given=np.ones(people, np.bool_),
        points=np.full((len(NATIONAL.factors), people), month, np.int32),
        dimension_bounds=np.zeros((len(NATIONAL.dimensions), people), np.int64),
        bounds=np.zeros(people, np.int64),
        since=np.full((len(NATIONAL.lists), people), NOT_LISTED),
    )
    standing = stand(scores)
    seen = Seen("national", NATIONAL, scores, standing, np.arange(people) != 1, wrongly)
    nothing: Any = None
    return Snapshot(month, nothing, nothing, nothing, nothing, nothing, (seen,))


def test_whom_an_error_strikes_is_followed_from_the_month_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "FOLLOWED", 2)
    sample = Sample(NATIONAL, "national", 5)
    assert sample.numbers.tolist() == [0, 2]
    for month, wronged in enumerate([(), (2,), (2, 3), (3, 4), (4,)]):
        sample.note(month_of_five(month, wronged))
        assert sample.wronged == list(wronged)
    assert {number: [one.month for one in months] for number, months in sample.late.items()} == {
        3: [1, 2, 3, 4],
        4: [2, 3, 4],
    }
    assert [one.wrongly for one in sample.months_of(3)] == [False, True, True, False]
    assert [(one.month, one.score) for one in sample.months_of(3)] == [(n, NATIONAL.base + n) for n in range(1, 5)]
    assert [(one.month, one.wrongly) for one in sample.months_of(2)] == [
        (0, False), (1, True), (2, True), (3, False), (4, False),
    ]  # fmt: skip
    assert choose(sample)[WRONGED] == 2


def test_so_many_are_followed_late_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "FOLLOWED", 1)
    monkeypatch.setattr(sampling, "LATE", 2)
    sample = Sample(NATIONAL, "national", 5)
    for month in range(3):
        sample.note(month_of_five(month, (1, 2, 3, 4)))
    assert list(sample.late) == [1, 2]
    assert [one.month for one in sample.months_of(1)] == [0, 1, 2], "nothing came before the first"
    assert {one.score for one in sample.months_of(1)} == {None}, "and one is not enrolled"


# --- Events in words -------------------------------------------------------------------------------------------------


def said(*happenings: Happening) -> list[tuple[str, str]]:
    return [(one["en"], one["zh"]) for one in told(happenings, NATIONAL)]


def test_every_kind_of_event_of_a_city_has_words() -> None:
    assert untold() == []
    assert {unit_of(type_, NATIONAL) for type_, _, _ in KINDS[1:]} > {"days late", "hours", "minutes", "points", ""}
    assert set(SHORT) <= {type_ for type_, _, _ in KINDS}


def test_events_of_one_kind_are_told_together_with_sum_and_most() -> None:
    late = Happening("bill.paid", "", 12_050, 3)
    assert said(late) == [("A household bill was paid, 120 yuan, 3 days late", "生活账单已付，120元，逾期3天")]
    assert said(late, Happening("bill.paid", "", 8_000, 0)) == [
        ("A household bill was paid ×2, 200 yuan, at most 3 days late", "生活账单已付（2次），200元，最多逾期3天")
    ]
    (one,) = told([late, late], NATIONAL)
    assert (one["type"], one["count"], one["amount"], one["value"], one["label"]) == ("bill.paid", 2, 24_100, 3, None)


def test_labels_are_told_and_kinds_of_one_type_apart() -> None:
    assert said(
        Happening("loyalty.speech", "praise", None, None), Happening("loyalty.speech", "critical", None, None)
    ) == [("Spoke in public: praise", "公开言论：赞扬"), ("Spoke in public: criticism", "公开言论：批评")]


def test_a_wrong_record_is_told_as_one() -> None:
    right, wrong = (Happening("traffic.ticket", "", 20_000, None, is_wrong) for is_wrong in (False, True))
    assert said(right, wrong) == [
        ("A traffic ticket, 200 yuan", "交通罚单，200元"),
        ("A traffic ticket, 200 yuan (a wrong record)", "交通罚单，200元（记录有误）"),
    ]


def test_what_the_policy_does_not_read_is_told_by_another_that_does() -> None:
    assert said(Happening("journey.rail", "", 30_000, None)) == [("A journey by train, 300 yuan", "乘坐火车，300元")]
    assert said(Happening("loan.taken", "", None, None)) == [("A loan was taken", "获得贷款")]
