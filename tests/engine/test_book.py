"""A book holds every event once, in order, and knows which of them stand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given

from goodstanding.book import UNRECORDED, Book, microseconds
from goodstanding.errors import BookError, EventsError, UnknownPersonError, WorldError
from goodstanding.events import read_events, write_events
from goodstanding.scoring import score
from goodstanding.testing import AS_OF, DAY, table
from tests.engine.asking import batch_of, ids, seldom, small

pytestmark = pytest.mark.kernel

COUNT = {"measure": {"kind": "count", "of": "a"}}


def book_of(text: str) -> Book:
    return Book.of(table(text))


# --- The same id ------------------------------------------------------------------------------------------------------


def test_an_event_that_came_three_times_is_one_event_with_the_earliest_recorded() -> None:
    book = book_of("""id | amount | recorded
                      x  | 7      |
                      x  | 7      | -3d
                      y  | 7      |
                      x  | 7      | -5d""")
    assert len(book) == 2
    assert [event["recorded"] for event in book.events_of("p")] == [AS_OF - 5 * DAY, None]
    assert ids(book, recorded_by=AS_OF - 5 * DAY) == ["x"]
    assert ids(book, recorded_by=AS_OF - 5 * DAY - 1) == []


def test_one_id_of_two_sources_is_two_events() -> None:
    assert len(book_of("id | source\nx | bank\nx | court")) == 2


@pytest.mark.parametrize(
    ("column", "one", "other"),
    [
        ("type", "a", "b"),
        ("label", "games", ""),
        ("label", "games", "shoes"),
        ("person", "p", "q"),
        ("time", "-1d", "-1d+1"),
        ("amount", "0", ""),
        ("amount", "1", "2"),
        ("value", "-1", "1"),
        ("party", "shop", "landlord"),
        ("matter", "", "loan"),
        ("replaces", "y", "z"),
        ("replaces", "", "z"),
    ],
)
def test_one_id_with_two_contents_is_refused_with_both_places_the_source_and_the_column(
    column: str, one: str, other: str
) -> None:
    with pytest.raises(EventsError) as caught:
        book_of(f"id | source | {column}\nw | bank | {one}\nx | bank | {one}\nx | bank | {other}")
    said = str(caught.value)
    named = "type or label" if column in ("type", "label") else column
    assert said.startswith(f"events:3: event 'x' of source 'bank' differs in {named} from events:2; expected ")
    assert "'replaces'" in said


def test_all_columns_that_differ_are_named() -> None:
    with pytest.raises(EventsError, match="differs in person, amount, replaces from"):
        book_of("id | person | amount | replaces\nx | p | 1 |\nx | q | 2 | y")


def test_of_many_ids_with_two_contents_twenty_are_told_and_the_others_counted() -> None:
    rows = [{"id": f"e{n}", "amount": amount} for n in range(25) for amount in (1, 2)]
    with pytest.raises(EventsError) as caught:
        Book.of([{"source": "s", "type": "a", "person": "p", "time": 0, **row} for row in rows])
    assert len(caught.value.problems) == 20
    assert caught.value.more == 5


def test_in_files_both_places_are_told(tmp_path: Path) -> None:
    paths = [tmp_path / "a.csv", tmp_path / "b.jsonl", tmp_path / "c.parquet"]
    for path, text in zip(paths, ("v | 1\nw | 1\nx | 1", "y | 1\nx | 2\nz | 1", "x | 3"), strict=True):
        write_events(table(f"id | amount\n{text}"), path)
    with pytest.raises(EventsError) as caught:
        Book.build(read_events(paths))
    a, b, c = paths
    assert [str(problem).partition(";")[0] for problem in caught.value.problems] == [
        f"{b}:2: event 'x' of source 's' differs in amount from {a}:4",
        f"{c}:1: event 'x' of source 's' differs in amount from {a}:4",
    ]


# --- Corrections ------------------------------------------------------------------------------------------------------


def test_a_correction_moves_an_event_to_another_person() -> None:
    book = book_of("id | person | replaces\nx | p |\ny | q | x")
    assert (ids(book, "p"), ids(book, "q")) == ([], ["y"])


def test_a_retraction_only_removes() -> None:
    book = book_of("id | type | replaces\nx | a |\ny | retracted | x")
    (row,) = score_rows(book)
    assert row == 0


def score_rows(book: Book, **asked: Any) -> list[int]:
    scores: list[int] = score(small(COUNT), book, as_of=AS_OF, **asked).score.tolist()
    return scores


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet", ".arrow"])
def test_a_retraction_that_removes_nothing_is_refused(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"events{ending}"
    write_events(table("id | type | replaces\nx | a |\ny | retracted |\nz | retracted | x"), path)
    row = 3 if ending == ".csv" else 2
    with pytest.raises(EventsError, match=rf":{row}: a 'retracted' that replaces nothing; expected replaces") as caught:
        Book.build(read_events([path]))
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(
    ("length", "standing"), [(1, ["e1"]), (2, ["e2"]), (3, ["e1", "e3"]), (4, ["e2", "e4"]), (5, ["e1", "e3", "e5"])]
)
def test_what_a_correction_replaced_stands_again_when_the_correction_is_replaced(
    length: int, standing: list[str]
) -> None:
    rows = "\n".join(f"e{n} | {f'e{n - 1}' if n > 1 else ''}" for n in range(1, length + 1))
    book = book_of(f"id | replaces\n{rows}")
    assert ids(book) == standing
    assert score_rows(book) == [len(standing)]


def test_a_correction_acts_whatever_the_times_of_the_two() -> None:
    assert ids(book_of("id | time | replaces\nx | -1d |\ny | -9d | x")) == ["y"]


def test_two_corrections_of_one_event_both_stand() -> None:
    assert ids(book_of("id | replaces\nx |\ny | x\nz | x")) == ["y", "z"]


def test_a_correction_of_an_unknown_id_is_taken_and_counted() -> None:
    book = book_of("id | source | replaces\nx | bank | nothing\ny | court | x\nz | bank | x")
    assert ids(book) == ["z", "y"]
    assert book.corrections.unknown == 2


def test_a_correction_replaces_nothing_before_it_is_recorded() -> None:
    book = book_of("""id | recorded | replaces
                      x  | -9d      |
                      y  | -5d      | x
                      z  |          | y""")
    assert ids(book) == ["x", "z"]
    assert ids(book, recorded_by=AS_OF) == ["y"]
    assert ids(book, recorded_by=AS_OF - 5 * DAY) == ["y"]
    assert ids(book, recorded_by=AS_OF - 5 * DAY - 1) == ["x"]
    assert ids(book, recorded_by=AS_OF - 9 * DAY - 1) == []
    assert score_rows(book, recorded_by=AS_OF - 5 * DAY - 1) == [1]


def test_what_has_no_recorded_is_later_than_any_recorded_by() -> None:
    assert ids(book_of("id\nx"), recorded_by=int(UNRECORDED) - 1) == []


@pytest.mark.parametrize("length", [1, 2, 3, 30])
def test_a_circle_of_corrections_is_refused_whatever_the_times(length: int) -> None:
    rows = "\n".join(f"e{n} | e{(n + 1) % length} | {-n}d | {'' if n else '-3d'}" for n in range(length))
    with pytest.raises(EventsError) as caught:
        book_of(f"id | replaces | time | recorded\n{rows}\nbeside | e0 | -1d |\nfar | beside | -1d |")
    assert len(caught.value.problems) == min(length, 20)
    assert caught.value.more == max(0, length - 20)
    others = "" if length == 1 else ", through others"
    assert str(caught.value).startswith(
        f"events:1: event 'e0' replaces itself{others}; expected a correction of another"
    )


# --- Order ------------------------------------------------------------------------------------------------------------


def test_events_are_ordered_by_time_then_source_then_id_in_utf_8() -> None:
    # By UTF-16 units the astral 🚄 (D83D …) stands before ～ (FF5E); by UTF-8 bytes (F0 …, EF …) after it.
    book = book_of("""id | source | time
                      🚄 | bank   | -1d
                      ～ | bank   | -1d
                      ab | bank   | -1d
                      a  | bank   | -1d
                      a  | 🚄     | -1d
                      b  | ～     | -1d
                      z  | 🚄     | -1d-1""")
    found = [(event["id"], event["source"]) for event in book.events_of("p")]
    assert found == [
        ("z", "🚄"), ("a", "bank"), ("ab", "bank"), ("～", "bank"), ("🚄", "bank"), ("b", "～"), ("a", "🚄"),
    ]  # fmt: skip


def test_people_are_ordered_by_their_utf_8_bytes() -> None:
    rows = "🚄\n～\né\nz\np10\np2\nA"
    assert book_of(f"person\n{rows}").people.to_pylist() == ["A", "p10", "p2", "z", "é", "～", "🚄"]


@seldom
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("ab～🚄"), st.text("ab～🚄é", min_size=1, max_size=9))))
def test_however_many_share_a_moment_they_are_in_order(keys: list[tuple[int, str, str]]) -> None:
    many = [(time, source, f"{id_}{n}") for n, (time, source, id_) in enumerate(keys * 4)]
    rows = [{"time": time, "source": source, "id": id_, "type": "a", "person": "p"} for time, source, id_ in many]
    found = [(event["time"], event["source"], event["id"]) for event in Book.of(rows).events_of("p")]
    assert found == sorted(many, key=lambda key: (key[0], key[1].encode(), key[2].encode()))


# --- Asking a book ----------------------------------------------------------------------------------------------------


def test_an_event_comes_back_as_it_was_given() -> None:
    event = {
        "id": "x", "source": "bank", "type": "bill.paid", "person": "p", "time": AS_OF, "amount": -(10**12),
        "value": 0, "label": "games", "party": "shop", "matter": "loan", "recorded": AS_OF + 1, "replaces": "w",
    }  # fmt: skip
    empty = dict.fromkeys(("amount", "value", "label", "party", "matter", "recorded", "replaces"))
    assert Book.of([event]).events_of("p") == [event]
    assert Book.of([{**event, **empty}]).events_of("p") == [{**event, **empty}]


def test_events_later_than_as_of_are_left_out_to_the_microsecond() -> None:
    book = book_of("id | time\nx | -1d\ny | 0d\nz | 0d+1")
    assert ids(book, as_of=AS_OF) == ["x", "y"]
    assert ids(book, as_of=AS_OF - DAY - 1) == []


def test_a_moment_may_be_a_datetime_of_any_zone() -> None:
    east = datetime(2020, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))
    (event,) = Book.of([{"id": "x", "source": "s", "type": "a", "person": "p", "time": east}]).events_of("p")
    assert event["time"] == AS_OF == datetime(2020, 1, 1, tzinfo=UTC).timestamp() * 1_000_000


FINE = {"id": "x", "source": "s", "type": "a", "person": "p", "time": AS_OF}
LONG_AGO = datetime(1899, 12, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"amount": 10**12 + 1}, "amount 1000000000001; expected a whole number from -1000000000000 to 1000000000000"),
        ({"value": -(10**12) - 1}, "value -1000000000001; expected a whole number"),
        ({"value": 10**30}, f"value {10**30}; expected a whole number"),
        ({"value": 1.5}, "value 1.5; expected a whole number"),
        ({"value": True}, "value true; expected a whole number"),
        ({"value": "5"}, 'value "5"; expected a whole number'),
        ({"time": LONG_AGO}, "time 1899-12-31T00:00:00Z; expected a time from 1900-01-01 and before 2200-01-01"),
        ({"time": 10**30}, "time 9223372036854775807 microseconds since 1970; expected a time from 1900"),
        ({"recorded": -(10**30)}, "recorded -9223372036854775808 microseconds since 1970; expected a time from 1900"),
        ({"time": None}, "no time; expected a time such as"),
        ({"id": ""}, "id an empty string; expected a string of 1 to 128 characters"),
        ({"person": "p" * 129}, "person 'pppp"),
        ({"label": "a\u202e"}, r"label 'a\u202e' (U+202E); expected no control and no bidirectional mark"),
        ({"party": 7}, "party 7; expected a string of 1 to 128 characters"),
        ({"type": "Bill Paid"}, "type 'Bill Paid'; expected lower-case words joined by dots"),
        ({"type": "retracted"}, "a 'retracted' that replaces nothing; expected replaces"),
        ({"lable": "x"}, "unknown column 'lable'; expected one of id, source"),
    ],
)
def test_events_given_as_dictionaries_are_held_to_the_same_rules_as_files(change: dict[str, Any], said: str) -> None:
    with pytest.raises(EventsError) as caught:
        Book.of([{**FINE, "id": "y"}, {**FINE, **change}])
    assert str(caught.value).startswith(f"events:2: {said}")


def test_every_faulty_dictionary_is_told_up_to_twenty() -> None:
    with pytest.raises(EventsError) as caught:
        Book.of({**FINE, "id": str(number), "amount": 10**13} for number in range(50))
    assert (len(caught.value.problems), caught.value.more) == (20, 30)


def test_whole_numbers_of_arrays_are_taken_as_such() -> None:
    event = {**FINE, "time": np.int64(AS_OF), "amount": np.int32(7)}
    assert Book.of([event]).events_of("p")[0]["amount"] == 7


def test_what_an_event_replaces_is_told_with_it_whether_it_stands_or_not() -> None:
    book = book_of("id | person | replaces\na | p |\nb | q | a\nc | q | zz\nd | q |")
    assert [(event["id"], event["replaces"]) for event in book.events_of("q")] == [("b", "a"), ("c", "zz"), ("d", None)]
    assert [(event["id"], event["replaces"]) for event in map(book.event_at, range(len(book)))] == [
        ("a", None), ("b", "a"), ("c", "zz"), ("d", None),
    ]  # fmt: skip


def test_a_datetime_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        Book.of([{"id": "x", "source": "s", "type": "a", "person": "p", "time": datetime(2020, 1, 1)}])  # noqa: DTZ001


@pytest.mark.parametrize("person", ["", "a", "q", "～", "\udcff"])
def test_somebody_whom_no_event_names_has_no_events_and_no_place(person: str) -> None:
    book = book_of("person\np\nr\n🚄")
    assert book.events_of(person) == []
    with pytest.raises(UnknownPersonError, match="the book holds 3 people"):
        book.index(person)
    assert [book.index(one) for one in ("p", "r", "🚄")] == [0, 1, 2]


def test_a_book_without_ids_says_so_when_asked_for_events() -> None:
    book = Book.build([batch_of(table("id\nx"))], keep_ids=False)
    with pytest.raises(BookError, match="built without the ids"):
        book.events_of("p")


@pytest.mark.parametrize("batches", [[], [batch_of([])], [batch_of([])] * 3])
def test_a_book_may_be_empty(batches: list[pa.RecordBatch]) -> None:
    book = Book.build(batches)
    assert (len(book), len(book.people), book.events_of("p")) == (0, 0, [])
    assert len(score(small(COUNT), book, as_of=AS_OF)) == 0
    assert score(small(COUNT), book, as_of=AS_OF, people=["p"]).score.tolist() == [0]


# --- Worlds -----------------------------------------------------------------------------------------------------------


def files(folder: Path, *worlds: str | None) -> list[Path]:
    paths = []
    for number, world in enumerate(worlds):
        paths.append(folder / f"{number}.parquet")
        write_events(table(f"id\ne{number}"), paths[-1], world=world)
    return paths


def test_a_book_is_of_the_world_that_its_files_declare(tmp_path: Path) -> None:
    assert Book.build(read_events(files(tmp_path, None, "live", None))).world == "live"
    assert Book.build(read_events(files(tmp_path, None, None))).world is None
    assert Book.build(read_events(files(tmp_path, None, None)), world="synthetic").world == "synthetic"


def test_files_of_two_worlds_never_meet(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match=r"1\.parquet: declares the world synthetic; .*0\.parquet says live"):
        Book.build(read_events(files(tmp_path, "live", "synthetic")))
    with pytest.raises(WorldError, match=r"0\.parquet: declares the world live; --world says synthetic"):
        Book.build(read_events(files(tmp_path, "live")), world="synthetic")


def test_real_people_are_never_scored_under_a_policy_for_made_up_ones() -> None:
    with pytest.raises(WorldError, match="is for a synthetic world, and these events are live"):
        score(small(COUNT), Book.of(table("id\nx"), world="live"), as_of=AS_OF)
    assert score(small(COUNT), Book.of(table("id\nx"), world="synthetic"), as_of=AS_OF).score.tolist() == [1]


@pytest.mark.parametrize("world", ["live", "synthetic", None])
def test_a_policy_that_keeps_the_charter_may_be_tried_out_on_made_up_people(world: Any) -> None:
    live = small(
        {**COUNT, "sources": [{"title": "A rule made up"}]},
        world="live",
        cases=[{"name": "c", "as_of": "2020-01-01T00:00:00Z", "events": [], "expect": {"score": 0}}],
        catalogue=[{"type": "a", "title": "A", "sensitivity": "ordinary", "context": "finance"}],
    )
    assert score(live, Book.of(table("id\nx"), world=world), as_of=AS_OF).score.tolist() == [1]


def test_a_moment_given_as_text_is_refused_in_one_sentence() -> None:
    with pytest.raises(TypeError, match="'2024-01-01' is no moment; give a datetime with a zone, or whole microsec"):
        microseconds("2024-01-01")  # type: ignore[arg-type]
