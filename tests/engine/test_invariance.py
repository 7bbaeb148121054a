"""The same question asked otherwise has the same answer."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import given

from goodstanding.book import Book, sharing
from goodstanding.events import read_events, write_events
from goodstanding.policy import loads
from goodstanding.scoring import Scorer, pieces, score, scorer
from goodstanding.testing import (
    AS_OF,
    Scoring,
    SeededWorld,
    as_yaml,
    scorings,
    seeded_world,
    shuffled,
    splits,
    wide_policy,
)
from goodstanding.ties import Ties
from tests.engine.asking import Row, answered, batch_of, policy_of, rows_of, scored, seldom

pytestmark = pytest.mark.kernel

ENDINGS = (".parquet", ".arrow", ".csv", ".jsonl")


@pytest.fixture(scope="module")
def world() -> SeededWorld:
    return seeded_world(3, people=150, events_per_person=8)


@pytest.fixture(scope="module")
def answer(world: SeededWorld) -> list[Row]:
    return asked(world, Book.of(world.events))


def asked(world: SeededWorld, book: Book, **otherwise: Any) -> list[Row]:
    """A policy of every kind over a seeded world."""
    usual: dict[str, Any] = {"as_of": AS_OF, "people": world.people, "ties": Ties.of(world.ties)}
    return rows_of(score(loads(as_yaml(wide_policy(45))), book, **{**usual, **otherwise}))


@seldom
@given(st.data())
def test_order_of_rows_doubles_and_the_direction_of_ties_change_nothing(data: st.DataObject) -> None:
    scoring = data.draw(scorings())
    assert answered(data.draw(shuffled(scoring))) == answered(scoring)


@seldom
@given(st.data())
def test_files_of_whatever_format_and_number_change_nothing(data: st.DataObject) -> None:
    scoring = data.draw(scorings())
    endings = cycle(data.draw(st.permutations(ENDINGS)))
    with TemporaryDirectory() as folder:
        paths = []
        for number, events in enumerate(filter(None, data.draw(splits(scoring.events, most=4)))):
            paths.append(Path(folder, f"{number}{next(endings)}"))
            write_events(events, paths[-1])
        book = Book.build(read_events(paths))
    assert answered(scoring, book) == answered(scoring)


@seldom
@given(st.data())
def test_batches_of_whatever_size_change_nothing(data: st.DataObject) -> None:
    scoring = data.draw(scorings())
    parts = data.draw(splits(scoring.events))
    batches = [batch_of(part) for part in parts]
    book = Book.build(batches + [one.slice(1, 0) for one in batches])
    assert answered(scoring, book) == answered(scoring)


@seldom
@given(st.data())
def test_people_scored_apart_score_as_together(data: st.DataObject) -> None:
    scoring = data.draw(scorings())
    book = Book.of(scoring.events)
    together = scored(scoring, book, ties=None)
    halves = data.draw(splits([{"person": one} for one in together.people.to_pylist()], most=2))
    apart = [row for half in halves for row in rows_of(scored(scoring, book, ties=None, people=names(half)))]
    assert sorted(apart, key=lambda row: row["person"].encode()) == rows_of(together)


def names(rows: list[Row]) -> list[str]:
    return [row["person"] for row in rows]


@seldom
@given(st.data())
def test_the_order_in_which_people_are_named_and_naming_them_twice_change_nothing(data: st.DataObject) -> None:
    scoring = data.draw(scorings())
    people = scored(scoring).people.to_pylist()
    named = data.draw(st.permutations(people + people[:1]))
    assert answered(scoring, people=named) == answered(scoring)
    assert answered(scoring, people=pa.array(named, pa.string())) == answered(scoring)


@seldom
@given(scorings())
def test_a_saved_book_opened_again_scores_the_same(scoring: Scoring) -> None:
    book = Book.build([batch_of(scoring.events)], world="synthetic")
    with TemporaryDirectory() as folder:
        book.save(Path(folder, "book"))
        opened = Book.open(Path(folder, "book"))
        assert answered(scoring, opened) == answered(scoring, book)
        for person in book.people.to_pylist():
            assert opened.events_of(person, as_of=AS_OF) == book.events_of(person, as_of=AS_OF)


@seldom
@given(scorings())
def test_one_person_asked_for_alone_has_the_score_that_everyone_gave_them(scoring: Scoring) -> None:
    scorer = Scorer(
        policy_of(scoring),
        Book.of(scoring.events),
        as_of=scoring.as_of,
        recorded_by=scoring.recorded_by,
        people=scoring.people,
    )
    everyone = scorer.everyone()
    for i in [*range(len(everyone)), *range(len(everyone))]:
        number, lines = scorer.one(i)
        assert number == (everyone.score[i] if everyone.given[i] else None)
        assert lines == list(everyone.contributions(i).values())[1:]


@pytest.mark.parametrize("threads", [1, 2, 3, 7])
def test_the_number_of_threads_changes_nothing(
    world: SeededWorld, answer: list[Row], threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "WORTH_SHARING", 1)
    monkeypatch.setattr(pieces, "WORTH_SHARING", 1)
    monkeypatch.setattr("os.cpu_count", lambda: threads)
    assert asked(world, Book.of(world.events), threads=threads) == answer
    assert asked(world, Book.of(world.events)) == answer


def test_ranges_worked_one_after_another_change_nothing(
    world: SeededWorld, answer: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    # What one thread leaves behind, the next one meets for certain: where all run at once it is a matter of luck.
    for one in (sharing, pieces):
        monkeypatch.setattr(one, "WORTH_SHARING", 1)
    for one in (sharing, scorer):
        monkeypatch.setattr(one, "shared", lambda work, items, _: [work(item) for item in items])
    monkeypatch.setattr("os.cpu_count", lambda: 5)
    assert asked(world, Book.of(world.events)) == answer


def test_whether_ids_are_kept_changes_no_score(world: SeededWorld, answer: list[Row]) -> None:
    assert asked(world, Book.build([batch_of(world.events)], keep_ids=False)) == answer


def test_a_moment_may_be_given_as_a_datetime(world: SeededWorld, answer: list[Row]) -> None:
    book = Book.of(world.events)
    assert asked(world, book, as_of=datetime(2020, 1, 1, tzinfo=UTC)) == answer
    assert asked(world, book, recorded_by=datetime(2200, 1, 1, tzinfo=UTC)) == asked(
        world, book, recorded_by=7_258_118_400_000_000
    )
    with pytest.raises(ValueError, match="has no time zone"):
        asked(world, book, as_of=datetime(2020, 1, 1))  # noqa: DTZ001 - the fault
