"""Two books merged are the book of all events; a book without some people is the book of the others' events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodstanding.book import Book, leaving, locating, merging, microseconds, saving
from goodstanding.errors import BookError, EventsError, WorldError
from goodstanding.events import check_events
from tests.book.same import everything

PEOPLE = ("ada", "bo", "cy", "é", "\U0001d518", "zoë with a name longer than fifteen bytes")
MOMENTS = (0, 1, 2, 86_400_000_000)
Row = dict[str, Any]


@st.composite
def rows(draw: st.DrawFn) -> Row:
    def pick(*choices: Any) -> Any:
        return draw(st.sampled_from(choices))

    return {
        "source": pick("s", "t", "ü"),
        "type": pick("paid", "fined"),
        "person": pick(*PEOPLE),
        "time": pick(*MOMENTS),
        "amount": pick(None, 0, -7, 10**12),
        "value": pick(None, 3, -(10**12)),
        "label": pick(None, "x", "y"),
        "party": pick(None, *PEOPLE),
        "matter": pick(None, "m", "n"),
        "recorded": pick(None, 5, 9),
    }


@st.composite
def events(draw: st.DrawFn) -> list[Row]:
    """Events, each of its own id; some replace one drawn before them or one that is nowhere: none goes round."""
    drawn: list[Row] = []
    for number, row in enumerate(draw(st.lists(rows(), max_size=14))):
        targets = [before["id"] for before in drawn if before["source"] == row["source"]] + [None, None, "nowhere"]
        drawn.append(row | {"id": f"e{number}", "replaces": draw(st.sampled_from(targets))})
    return draw(st.permutations(drawn))


@pytest.mark.kernel
@given(events(), st.data())
def test_two_books_merged_are_the_book_of_all_their_events(drawn: list[Row], data: st.DataObject) -> None:
    in_second = data.draw(st.lists(st.booleans(), min_size=len(drawn), max_size=len(drawn)))
    first = [row for row, second in zip(drawn, in_second, strict=True) if not second]
    second = [row for row, second in zip(drawn, in_second, strict=True) if second]
    merged = merging.merge(Book.of(first), Book.of(second))
    assert everything(merged) == everything(Book.of(drawn))


@pytest.mark.kernel
@given(events(), st.sets(st.sampled_from((*PEOPLE, "nobody"))))
def test_a_book_without_some_people_is_the_book_of_the_others_events(drawn: list[Row], gone: set[str]) -> None:
    left = leaving.without(Book.of(drawn), pa.array(sorted(gone), pa.string()))
    assert everything(left) == everything(Book.of([row for row in drawn if row["person"] not in gone]))


@pytest.mark.kernel
@given(events(), st.sets(st.sampled_from((*PEOPLE, "nobody"))), st.sampled_from((None, 5, 6)))
def test_in_a_book_of_some_people_their_events_stand_as_in_the_whole(
    drawn: list[Row], chosen: set[str], recorded_by: int | None
) -> None:
    whole = Book.of(drawn)
    some = leaving.only(whole, pa.array(sorted(chosen), pa.string()))
    for person in chosen:
        assert some.events_of(person, recorded_by=recorded_by) == whole.events_of(person, recorded_by=recorded_by)
    alone = {row["person"] for row in drawn if row["replaces"] is not None} | chosen
    assert set(some.people.to_pylist()) <= alone


@given(events())
@settings(max_examples=20)
def test_what_is_merged_one_event_after_another_is_the_same(drawn: list[Row]) -> None:
    book = Book.of([])
    for row in drawn:
        book = merging.merge(book, Book.of([row]))
    assert everything(book) == everything(Book.of(drawn))


def test_the_first_book_keeps_its_codes_and_is_left_as_it_was() -> None:
    first = Book.of([event("1", party="p", label="x"), event("2", party="q", replaces="1")])
    before = everything(first)
    merged = merging.merge(first, Book.of([event("3", party="a", label="b"), event("4", replaces="2")]))
    assert everything(first) == before
    assert merged.parties.to_pylist() == ["p", "q", "a"]
    assert merged.kinds.labels.to_pylist() == ["x", "b"]


def test_a_correction_finds_its_event_in_the_other_book_even_with_another_person() -> None:
    first = Book.of([event("1", person="bo"), event("2", person="cy", replaces="later")])
    merged = merging.merge(first, Book.of([event("3", person="ada", replaces="1"), event("later", person="ada")]))
    assert merged.corrections.unknown == 0
    assert [len(merged.events_of(person)) for person in ("ada", "bo", "cy")] == [1, 0, 1]


def test_a_circle_of_corrections_across_two_books_is_refused() -> None:
    first, second = Book.of([event("1", replaces="2")]), Book.of([event("2", replaces="1")])
    with pytest.raises(EventsError, match="event '1' replaces itself, through others"):
        merging.merge(first, second)


def test_an_event_that_is_in_both_books_is_refused() -> None:
    with pytest.raises(EventsError, match="event '2' of source 's' is in both books"):
        merging.merge(Book.of([event("1"), event("2"), event("3")]), Book.of([event("2")]))


def test_books_of_two_worlds_do_not_merge() -> None:
    with pytest.raises(WorldError, match="two worlds never meet"):
        merging.merge(Book.of([event("1")], world="live"), Book.of([event("2")], world="synthetic"))


def test_a_book_without_ids_takes_no_more() -> None:
    bare = Book.build([check_events([event("1")], microseconds)], keep_ids=False)
    with pytest.raises(BookError, match="keep_ids=True"):
        merging.merge(bare, Book.of([event("2")]))


@pytest.mark.compiled
def test_a_person_of_more_than_a_million_events_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "MOST_EVENTS", 3)
    first, second = Book.of([event(str(i)) for i in range(3)]), Book.of([event("last"), event("b", person="bo")])
    with pytest.raises(EventsError, match="4 events of person 'ada'; expected at most 1,000,000"):
        merging.merge(first, second)


@pytest.mark.compiled
def test_events_are_found_among_more_than_are_held_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locating, "AT_ONCE", 16)
    first = Book.of([event(f"e{i}", time=i, person=PEOPLE[i % 3]) for i in range(100)])
    more = [event(f"c{i}", replaces=f"e{i}", person="é") for i in range(0, 100, 7)]
    merged = merging.merge(first, Book.of(more))
    assert merged.corrections.unknown == 0
    assert merged.corrections.void.size == len(more)
    assert np.array_equal(np.sort(merged.corrections.targets), merged.corrections.void)


def event(id_: str, **more: Any) -> Row:
    nothing = dict.fromkeys(("amount", "value", "label", "party", "matter", "recorded", "replaces"))
    return {"id": id_, "source": "s", "type": "paid", "person": "ada", "time": 0, **nothing, **more}


@pytest.mark.kernel
def test_a_book_that_was_merged_into_files_opens_as_the_same(tmp_path: Path) -> None:
    first = Book.of([event("1", party="p"), event("2", replaces="1", person="é")], world="live")
    second = Book.of([event("3", party="q"), event("4", replaces="2", recorded=4)], world="live")
    with saving.making(tmp_path / "book") as made:
        merged = merging.merge_into(saving.room_in(made), first, second)
        merged.write(made)
    assert everything(Book.open(tmp_path / "book")) == everything(merging.merge(first, second))
    assert saving.verify(tmp_path / "book") > 0
    assert not list((tmp_path / "book").glob("*.part"))


@pytest.mark.kernel
def test_a_book_that_was_left_by_all_but_one_opens_as_that_ones_alone(tmp_path: Path) -> None:
    both = Book.of([event("1", party="p", recorded=3), event("2", person="bo", party="q", label="z")], world="live")
    with saving.making(tmp_path / "book") as made:
        leaving.without_into(saving.room_in(made), both, pa.array(["ada"])).write(made)
    alone = Book.of([event("2", person="bo", party="q", label="z")], world="live")
    assert everything(Book.open(tmp_path / "book")) == everything(alone)
