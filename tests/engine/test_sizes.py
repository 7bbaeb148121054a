"""A book of many and of nearly the same strings tells them apart; what it cannot count it refuses."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given

from goodstanding.book import Book
from goodstanding.errors import EventsError
from goodstanding.scoring import score
from goodstanding.testing import AS_OF, table
from tests.engine.asking import SCHEMA, batch_of, seldom, small

pytestmark = pytest.mark.kernel


@seldom
@given(st.lists(st.text("ab\N{LATIN SMALL LETTER E WITH ACUTE}🚄", min_size=1, max_size=18), min_size=1))
def test_strings_that_share_beginnings_and_lengths_stay_apart(words: list[str]) -> None:
    stretched = [word + "a" * n for word in words for n in (0, 1, 7, 8, 9)]
    rows = [{"id": f"{n}", "source": word, "type": "a", "person": word, "time": 0, "party": word, "matter": word[:8]}
            for n, word in enumerate(stretched)]  # fmt: skip
    book = Book.of(rows)
    assert book.people.to_pylist() == sorted(set(stretched), key=str.encode)
    for person in set(stretched):
        found = [(event["id"], event["party"], event["matter"], event["source"]) for event in book.events_of(person)]
        mine = [f"{n}" for n, word in enumerate(stretched) if word == person]
        assert sorted(found) == sorted((id_, person, person[:8], person) for id_ in mine)


def test_tables_grow_with_what_they_hold() -> None:
    many = [f"{n:x}" for n in range(3_000)]
    rows = [{"id": one, "source": one, "type": "a", "person": one, "time": 0, "label": one, "party": one}
            for one in many]  # fmt: skip
    book = Book.build([batch_of(rows[:10]), batch_of(rows[5:1_500]), batch_of(rows[1_000:])])
    assert (len(book), len(book.people), len(book.kinds), len(book.parties)) == (3_000, 3_000, 3_001, 3_000)
    nothing = dict.fromkeys(("amount", "value", "matter", "recorded", "replaces"))
    assert book.events_of("abc") == [{**rows[0xABC], **nothing}]


@pytest.mark.compiled
def test_more_sources_than_sixteen_bits_count_stay_apart() -> None:
    many = 2**16 + 2_000
    numbers = np.arange(many).astype(str)
    book = Book.build([wide_batch(numbers[:60_000], source=numbers[:60_000]),
                       wide_batch(numbers[60_000:], source=numbers[60_000:])])  # fmt: skip
    assert len(book.kinds.sources) == many
    for n in (0, 59_999, 60_000, 65_534, 65_535, 65_536, many - 1):
        assert [(event["id"], event["source"]) for event in book.events_of(f"p{n}")] == [(f"{n}", f"{n}")]
    twice = wide_batch(numbers[-2:], source=numbers[-2:], amount=np.array([1, 2]))
    with pytest.raises(EventsError, match=f"event '{many - 2}' of source '{many - 2}' differs in amount"):
        Book.build([wide_batch(numbers, source=numbers), twice])


@pytest.mark.compiled
def test_seventy_thousand_labels_have_their_own_points() -> None:
    numbers = np.arange(70_000).astype(str)
    labels = {"69999": 5, "65536": 6, "0": 7}
    latest = {
        "measure": {"kind": "latest", "of": "a", "field": "label"},
        "points": {"labels": labels, "other": 1, "none": 2},
    }
    book = Book.build([wide_batch(numbers, label=numbers)])
    scores = score(small(latest), book, as_of=AS_OF)
    by_person = dict(zip(scores.people.to_pylist(), scores.score.tolist(), strict=True))
    assert len(book.kinds) == 70_001
    assert [by_person[f"p{n}"] for n in (69_999, 65_536, 0, 4_464)] == [5, 6, 7, 1]


def wide_batch(numbers: Any, **columns: Any) -> pa.RecordBatch:
    """An event of a person of its own for each number."""
    size = len(numbers)
    usual = {
        "id": numbers,
        "source": np.full(size, "s"),
        "type": np.full(size, "a"),
        "person": np.char.add("p", numbers),
        "time": np.full(size, AS_OF),
    }
    return pa.RecordBatch.from_arrays(
        [pa.array({**usual, **columns}.get(field.name, [None] * size), field.type) for field in SCHEMA], schema=SCHEMA
    )


def test_of_people_with_too_many_events_twenty_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("goodstanding.book.arranging.MOST_EVENTS", 2)
    rows = [{"id": f"{n}-{m}", "source": "s", "type": "a", "person": f"p{n:02}", "time": m}
            for n in range(25) for m in range(3)]  # fmt: skip
    with pytest.raises(EventsError, match="3 events of person 'p00'") as caught:
        Book.of(rows)
    assert len(caught.value.problems) == 20
    assert caught.value.more == 5
    assert len(Book.of(rows[0:2])) == 2


def test_a_book_holds_no_more_rows_than_its_numbers_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("goodstanding.book.building.MOST_ROWS", 3)
    assert len(Book.of(table("id\nx\ny"))) == 2
    with pytest.raises(EventsError, match="more than 3 events in one book"):
        Book.of(table("id\nx\ny\nz"))


@pytest.mark.compiled
def test_a_million_events_of_a_person_are_taken_and_one_more_is_not() -> None:
    numbers = np.arange(10**6).astype(str)
    full = wide_batch(numbers, person=np.full(numbers.size, "p"))
    assert Book.build([full], keep_ids=False).limits.events == 10**6
    again = full.slice(0, 1)
    assert len(Book.build([full, again])) == 10**6
    more = wide_batch(np.array(["more"]), person=np.array(["p"]))
    with pytest.raises(EventsError, match=r"1,000,001 events of person 'p'; expected at most 1,000,000"):
        Book.build([full, more])
