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


CORRECTED = """
id | type      | person | replaces | recorded
1  | a         | p      |          | -9d
2  | retracted | p      | 1        | -8d
3  | b         | p      |          | -9d
4  | a         | p      | 3        | -8d
5  | a         | q      |          | -9d
6  | a         | p      | 5        | -8d
7  | b         | q      | 6        | -7d
"""
READS = [{"measure": {"kind": "count", "of": kind}} for kind in ("a", "b")]


@pytest.mark.parametrize(
    ("minus", "counts"),
    [
        ((), (1, 0)),
        (("2",), (2, 0)),
        (("4",), (0, 1)),
        (("2", "4"), (1, 1)),
        (("3",), (1, 0)),
        (("7",), (2, 0)),
        (("6", "7"), (1, 0)),
        (("1", "2"), (1, 0)),
    ],
)
def test_a_correction_left_out_brings_back_what_it_replaced(minus: tuple[str, ...], counts: tuple[int, int]) -> None:
    one = situation(policy_of(*READS), Book.of(table(CORRECTED)), "p", as_of=AS_OF)
    after = what_if(policy_of(*READS), one, minus=[EventRef("s", id_) for id_ in minus]).after
    assert tuple(line.reading.numerator for line in after.contributions) == counts


def test_a_correction_recorded_too_late_is_not_there_to_leave_out() -> None:
    one = situation(policy_of(*READS), Book.of(table(CORRECTED)), "q", as_of=AS_OF, recorded_by=AS_OF - 8 * DAY)
    assert [event["id"] for event in one.chains] == ["6", "5"]
    with pytest.raises(InputError, match="no such event"):
        what_if(policy_of(*READS), one, minus=[EventRef("s", "7")])


def test_added_corrections_act_on_each_other_and_never_in_a_circle() -> None:
    chain = table("id | type | replaces\nx | b | b2\ny | retracted | x")
    found = asked(policy_of(ON_TIME), plus=chain)
    assert found.moved == ()
    assert what_if_text(found).endswith("No line moves.\n\ns/x is not read: another event replaces it.")
    with pytest.raises(InputError, match="replace each other in a circle: s/x, s/y"):
        asked(policy_of(ON_TIME), plus=table("id | type | replaces\nx | b | y\ny | a | x"))


def test_each_event_that_is_not_read_has_its_own_reason() -> None:
    later = {**table("id\nx")[0], "time": AS_OF + DAY}
    others = table("id | type | replaces\ny | aa |\nz | retracted | b9\nr | retracted | b2")
    found = asked(policy_of(ON_TIME), plus=[later, *others])
    assert what_if_text(found).splitlines()[-3:] == [
        "s/x is not read: it is later than the moment of scoring.",
        "s/y is not read: the policy has no type 'aa'. Did you mean 'a'?",
        "s/z changes nothing: no event s/b9 of this person is on record.",
    ]
    assert [one["why"] for one in found.as_json()["not_read"]] == ["later", "unknown_type", "retracts_nothing"]


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
    if one.events or one.chains:
        gone = data.draw(st.sampled_from([*one.events, *one.chains]))
        rest = [e for e in scoring.events if (e["source"], e["id"]) != (gone["source"], gone["id"])]
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
