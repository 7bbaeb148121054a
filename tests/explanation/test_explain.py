"""An explanation says what the plain reading of the specification says, line by line, and its lines add up."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given

from goodstanding.book import Book
from goodstanding.errors import UnknownPersonError, WorldError
from goodstanding.explanation import Explanation, explain, reach, situation, what_if
from goodstanding.lists import listings
from goodstanding.policy import Policy, loads
from goodstanding.reference import Measured, Result
from goodstanding.testing import AS_OF, Scoring, as_yaml, scorings, small_policy, table, tie_table
from goodstanding.ties import Ties
from tests.policy.drafts import LIVE

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BILLS = """
id | type | time  | value
b1 | a    | -400d | 0
b2 | a    | -30d  | 7
b3 | a    | -20d  | 0
b4 | b    | -10d  | 0
"""


def policy_of(*factors: dict[str, Any], **parts: Any) -> Policy:
    return loads(as_yaml(small_policy(*factors, **parts)))


def explained(policy: Policy, events: list[dict[str, Any]], **options: Any) -> Explanation:
    return explain(policy, Book.of(events), "p", as_of=AS_OF, **options)


def measured(found: dict[str, Any] | None) -> Measured:
    if found is None:
        return None
    return found["label"] if "label" in found else (found["numerator"], found["denominator"])


def as_reference(explanation: dict[str, Any], result: Result) -> None:
    """Hold the JSON of an explanation against the plain reading, part by part."""
    lines = explanation["contributions"]
    assert {line["factor"]: line["points"] for line in lines} == result.points
    assert {line["factor"]: measured(line["measure"]) for line in lines} == result.measures
    used = {line["factor"]: [(event["source"], event["id"]) for event in line["events"]] for line in lines}
    assert used == result.used
    assert explanation["bounds"] == result.bounds
    assert [reason["code"] for reason in explanation["reasons"]] == result.reasons
    assert [one["name"] for one in explanation["lists"]] == list(result.lists)
    assert explanation["perks"] == result.perks
    assert {one["name"]: one["state"] for one in explanation["sanctions"]} == result.sanctions
    for part in ("score", "own_score", "tier", "base"):
        assert explanation[part] == getattr(result, part)


@given(scorings())
def test_an_explanation_says_what_the_plain_reading_says(scoring: Scoring) -> None:
    policy, book, ties = loads(as_yaml(scoring.document)), Book.of(scoring.events), Ties.of(scoring.ties)
    for person, result in Scoring.results(scoring_without_notices(scoring)).items():
        explanation = explain(
            policy,
            book,
            person,
            as_of=scoring.as_of,
            recorded_by=scoring.recorded_by,
            people=scoring.people,
            ties=ties,
        )
        as_reference(explanation.as_json(), result)
        assert explanation.total == result.adds_up_to


def scoring_without_notices(scoring: Scoring) -> Scoring:
    return Scoring(
        scoring.document, scoring.events, scoring.ties, scoring.people, scoring.as_of, scoring.recorded_by, None
    )


def test_its_json_has_the_keys_of_the_specification_in_order() -> None:
    policy = policy_of({"measure": {"kind": "count", "of": "a"}}, lists=[{"name": "l", "title": "L", "opened": "b"}])
    found = explained(policy, table(BILLS)).as_json()
    assert list(found) == [
        "person",
        "score",
        "own_score",
        "tier",
        "base",
        "contributions",
        "bounds",
        "reasons",
        "lists",
        "perks",
        "sanctions",
    ]
    assert list(found["contributions"][0]) == [
        "factor",
        "dimension",
        "title",
        "points",
        "measure",
        "sentence",
        "events",
    ]
    assert found["contributions"][0]["measure"] == {"numerator": 3, "denominator": 1}
    assert found["contributions"][0]["events"][0] == {"source": "s", "id": "b1"}
    assert found["lists"] == [{"name": "l", "since": "2019-12-22T00:00:00Z"}]


@pytest.mark.parametrize(
    ("factor", "lang", "sentence"),
    [
        ({"measure": {"kind": "share", "among": "a", "of": {"value": {"max": 0}}}}, "en", "2 of 3."),
        ({"measure": {"kind": "share", "among": "a", "of": {"value": {"max": 0}}}}, "zh", "3中有2。"),
        ({"measure": {"kind": "mean", "of": "c", "field": "value"}}, "en", "There is nothing on record for this."),
        ({"measure": {"kind": "mean", "of": "c", "field": "value"}}, "zh", "这一项没有记录。"),
        (
            {
                "measure": {"kind": "count", "of": "a"},
                "window": "30d",
                "sentence": {"en": "{numerator} in {window}: {points}"},
            },
            "en",
            "1 in 30 days: 1",
        ),
        (
            {
                "measure": {"kind": "count", "of": "a"},
                "window": {"from": "500d", "to": "25d"},
                "sentence": {"zh": "{window}：{numerator}"},
            },
            "zh",
            "500至25天前：2",
        ),
        (
            {"measure": {"kind": "count", "of": "a"}, "sentence": "{numerator}/{denominator} in {window}"},
            "en",
            "3/1 in the whole record",
        ),
        (
            {"measure": {"kind": "decayed", "of": "b", "half_life": "10d"}},
            "en",
            "Counted with their age, the events weigh 0.50.",
        ),
        (
            {"measure": {"kind": "share", "among": "a", "of": {"value": {"max": 0}}, "by": "amount"}},
            "en",
            "There is nothing on record for this.",
        ),
        (
            {"measure": {"kind": "ratio", "of": "a", "to": "c", "field": "value", "take": "sum"}},
            "en",
            "The divisor is 0 or less.",
        ),
        (
            {"measure": {"kind": "ratio", "of": "a", "to": "c", "field": "value", "take": "sum"}},
            "zh",
            "除数不大于0，无法计算。",
        ),
        (
            {"measure": {"kind": "mean", "of": "a", "field": "value"}},
            "en",
            "A sum of 7 over 3 events, of which the mean is taken.",
        ),
        ({"measure": {"kind": "on_list", "list": "l"}}, "en", "On the list."),
        ({"measure": {"kind": "on_list", "list": "m"}}, "zh", "不在名单上。"),
        (
            {"measure": {"kind": "ties", "take": "mean"}},
            "en",
            "The mean of the others' own scores is 0.0 (ties: 1).",
        ),
        ({"measure": {"kind": "ties", "take": "count"}}, "en", "Ties that count: 1."),
        ({"measure": {"kind": "ties", "take": "max", "tie": "kin"}}, "en", "There is nothing on record for this."),
    ],
)
def test_a_sentence_says_what_was_found(factor: dict[str, Any], lang: str, sentence: str) -> None:
    lists = [
        {"name": "l", "title": "L", "opened": {"type": "b"}},
        {"name": "m", "title": "M", "opened": {"type": "c"}},
    ]
    bands = {"points": {"bands": [{"points": 0}, {"from": 0.1, "points": 1}]}}
    policy = policy_of({**bands, **factor}, lists=lists)
    events = [*table(BILLS), {**table("id | type\nx | a")[0], "person": "q"}]
    ties = Ties.of(tie_table("a | b\np | q"))
    assert explained(policy, events, ties=ties, lang=lang).contributions[0].sentence == sentence


def test_a_sentence_may_name_a_label() -> None:
    labels = {"points": {"labels": {"master": 12}}, "measure": {"kind": "latest", "of": "a", "field": "label"}}
    events = table("id | label\nx | master")
    assert explained(policy_of(labels), events).contributions[0].sentence == "The latest is master."
    own = policy_of({**labels, "sentence": "A {label} counts {points}."})
    assert explained(own, events).contributions[0].sentence == "A master counts 12."


def test_without_a_score_the_lines_are_given_all_the_same() -> None:
    score = {"base": 5, "min": 0, "max": 10, "requires": [{"measure": {"kind": "count", "of": "c"}, "min": 1}]}
    found = explained(policy_of({"measure": {"kind": "count", "of": "a"}}, score=score), table(BILLS))
    assert (found.score, found.own_score, found.tier) == (None, None, None)
    assert found.total == 8


def test_somebody_without_events_is_explained_where_a_people_table_names_them() -> None:
    policy = policy_of({"measure": {"kind": "count", "of": "a"}})
    found = explain(policy, Book.of(table(BILLS)), "nobody", as_of=AS_OF, people=["nobody", "p"])
    assert found.score == policy.base


@pytest.mark.parametrize(
    ("person", "people", "said"),
    [
        ("q", None, "no event names 'q'; the events name 1 person"),
        ("pp", ["ppp", "r"], "'pp' is not among the 2 people given; did you mean 'ppp'?"),
        ("p", ["x"], "'p' is not among the 1 person given"),
    ],
)
def test_whoever_is_not_in_the_population_is_an_error(person: str, people: list[str] | None, said: str) -> None:
    policy = policy_of({"measure": {"kind": "count", "of": "a"}})
    with pytest.raises(UnknownPersonError) as caught:
        explain(policy, Book.of(table(BILLS)), person, as_of=AS_OF, people=people)
    assert str(caught.value) == said


def test_a_moment_may_be_a_datetime_with_a_zone() -> None:
    policy, book = policy_of({"measure": {"kind": "count", "of": "a"}}), Book.of(table(BILLS))
    moments = (EPOCH + timedelta(microseconds=AS_OF), EPOCH + timedelta(microseconds=AS_OF - 1))
    by_hand = explain(policy, book, "p", as_of=AS_OF, recorded_by=AS_OF - 1)
    assert explain(policy, book, "p", as_of=moments[0], recorded_by=moments[1]) == by_hand
    one = situation(policy, book, "p", as_of=moments[0], recorded_by=moments[1])
    assert one == situation(policy, book, "p", as_of=AS_OF, recorded_by=AS_OF - 1)
    assert what_if(policy, one).after == by_hand
    assert reach(policy, book, "p", as_of=moments[0]) == reach(policy, book, "p", as_of=AS_OF)
    with pytest.raises(ValueError, match="has no time zone"):
        explain(policy, book, "p", as_of=moments[0].replace(tzinfo=None))


def test_made_up_people_are_explained_under_a_live_policy() -> None:
    live = loads(LIVE)
    assert explain(live, Book.of(table(BILLS), world="synthetic"), "p", as_of=AS_OF).score == 500


def test_a_live_record_is_not_explained_under_a_synthetic_policy() -> None:
    policy = policy_of({"measure": {"kind": "count", "of": "a"}})
    with pytest.raises(WorldError):
        explain(policy, Book.of(table(BILLS), world="live"), "p", as_of=AS_OF)


def test_friends_are_those_of_the_population_only() -> None:
    policy = policy_of({"measure": {"kind": "ties", "take": "count"}})
    events = [*table(BILLS), {**table("id\nx")[0], "person": "q"}]
    ties = Ties.of(tie_table("a | b | until\np | q | \nr | p | \np | p | \nq | p | -1d"))
    assert explained(policy, events, ties=ties).contributions[0].points == 1
    assert explained(policy, events, ties=ties, people=["p"]).contributions[0].points == 0
    assert explained(policy, events, ties=ties, people=["p", "q", "r"]).contributions[0].points == 2
    assert explained(policy, events).contributions[0].points == 0


def test_a_list_that_opens_a_thousandfold_is_followed_at_once() -> None:
    """For each of 40,000 openings all earlier ones were once looked at: more than a minute."""
    rule = {"name": "l", "title": "L", "opened": "a", "times": 3, "within": "2d"}
    policy = policy_of({"measure": {"kind": "on_list", "list": "l"}}, lists=[rule])
    events = [{"type": "a", "time": AS_OF - 60 * nth} for nth in range(40_000, 0, -1)]
    began = time.process_time()
    [listing] = listings(policy.lists[0], events, AS_OF)
    assert time.process_time() - began < 5
    assert (listing.opened_by, listing.last_opened_by) == ((0, 1, 2), 39_999)
