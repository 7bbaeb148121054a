"""What if: the same person with events more or less, scored by the real engine, and the lines that moved."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.book import Book
from goodstanding.errors import InputError
from goodstanding.explanation import EventRef, WhatIf, situation, what_if, what_if_text
from goodstanding.policy import Policy, loads
from goodstanding.reference import reference
from goodstanding.testing import AS_OF, DAY, Scoring, as_yaml, scorings, small_policy, table
from goodstanding.ties import Ties

BILLS = """
id | type | time  | value
b1 | a    | -40d  | 0
b2 | a    | -30d  | 7
b3 | b    | -20d  | 0
"""
ON_TIME = {
    "measure": {"kind": "share", "among": "a", "of": {"value": {"max": 0}}},
    "points": {"bands": [{"points": -60}, {"from": 0.6, "points": 10}, {"from": 1, "points": 40}]},
}
COUNT = {"measure": {"kind": "count", "of": "b"}}
BOUNDED = {"score": {"base": 0, "min": -100, "max": 20}}


def policy_of(*factors: dict[str, Any], **parts: Any) -> Policy:
    return loads(as_yaml(small_policy(*factors, **parts)))


def asked(policy: Policy, **options: Any) -> WhatIf:
    return what_if(policy, situation(policy, Book.of(table(BILLS)), "p", as_of=AS_OF), **options)


def test_leaving_an_event_out_moves_the_lines_that_read_it_and_no_others() -> None:
    found = asked(policy_of(ON_TIME, COUNT), minus=[EventRef("s", "b2")])
    assert (found.before.score, found.after.score) == (-59, 41)
    (moved,) = found.moved
    assert moved.as_json() == {
        "line": "f1",
        "title": moved.title,
        "points": {"before": -60, "after": 40},
        "measure": {"before": {"numerator": 1, "denominator": 2}, "after": {"numerator": 1, "denominator": 1}},
    }
    assert (found.added, found.removed, found.as_json()["change"]) == (0, 1, 100)


def test_a_bound_that_holds_is_a_line_that_moves() -> None:
    found = asked(policy_of(ON_TIME, **BOUNDED), minus=[EventRef("s", "b2")])
    assert [line.as_json()["line"] for line in found.moved] == ["f1", "bounds"]
    assert found.moved[1].as_json()["measure"] == {"before": None, "after": None}
    assert found.after.score == 20


def test_a_measure_that_moves_within_its_band_is_told_too() -> None:
    found = asked(policy_of(ON_TIME), plus=table("id | value\nx | 7"))
    assert [line.points_before - line.points_after for line in found.moved] == [0]


def test_an_added_correction_replaces_what_it_corrects() -> None:
    correction = table("id | type | time | value | replaces\nx | a | -30d | 0 | b2")
    assert asked(policy_of(ON_TIME), plus=correction).after.score == 40
    retracted = table("id | type | time | replaces\nx | retracted | -1d | b2")
    assert asked(policy_of(ON_TIME), plus=retracted).after.score == 40


def test_what_the_policy_does_not_read_is_counted() -> None:
    later = {**table("id\nx")[0], "time": AS_OF + DAY}
    stranger = {**table("id\ny")[0], "type": "z"}
    found = asked(policy_of(ON_TIME), plus=[later, stranger])
    assert (found.unread, found.moved) == (2, ())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"minus": [EventRef("s", "b9"), EventRef("t", "b1")]},
            "no such event to leave out: s/b9, t/b1; the person has 3: s/b1, s/b2, s/b3",
        ),
        ({"plus": table("id | person\nx | q")}, "event s/x is about 'q'; expected 'p'"),
        (
            {"plus": table("id\nb1")},
            "event s/b1 is on record already; leave it out with --minus, or name it otherwise",
        ),
        (
            {"plus": table("id | time\nx | -1d\nx | -2d")},
            "event s/x is on record already; leave it out with --minus, or name it otherwise",
        ),
    ],
)
def test_events_that_do_not_fit_are_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        asked(policy_of(ON_TIME), **options)
    assert str(caught.value) == said


def test_a_record_without_events_says_so() -> None:
    policy = policy_of(ON_TIME)
    one = situation(policy, Book.of(table(BILLS)), "q", as_of=AS_OF, people=["q"])
    with pytest.raises(InputError, match="there are none"):
        what_if(policy, one, minus=[EventRef("s", "b1")])


@given(scorings(), st.data())
def test_leaving_out_any_event_gives_what_the_plain_reading_gives_without_it(
    scoring: Scoring, data: st.DataObject
) -> None:
    policy, book = loads(as_yaml(scoring.document)), Book.of(scoring.events)
    people = sorted({event["person"] for event in scoring.events}) or ["nobody"]
    person = data.draw(st.sampled_from(people))
    one = situation(policy, book, person, as_of=scoring.as_of, people=people, ties=Ties.of(scoring.ties))
    if one.events:
        gone = data.draw(st.sampled_from(list(one.events)))
        rest = [event for event in one.events if event is not gone]
        after = what_if(policy, one, minus=[EventRef(gone["source"], gone["id"])]).after
        expected = reference(scoring.document, rest, as_of=scoring.as_of, people=[person], friends=one.friends)[person]
        assert after.total == expected.adds_up_to
        assert after.score == expected.score


def test_in_words_a_bound_has_the_title_of_what_it_holds() -> None:
    dimensions = [{"name": "d", "title": {"en": "Deeds", "zh": "作为"}, "max": 20}]
    found = asked(policy_of(ON_TIME, dimensions=dimensions), minus=[EventRef("s", "b2")])
    assert what_if_text(found) == (
        "p: -60 → 20 (+80)\n  +100    Factor 1: 1/2 → 1/1\n   -20    Deeds, held within bounds: 0 → -20"
    )
    whole = asked(policy_of(ON_TIME, **BOUNDED), minus=[EventRef("s", "b2")], lang="zh")
    assert what_if_text(whole).endswith("   -20    总分（限于区间）: 0 → -20")
