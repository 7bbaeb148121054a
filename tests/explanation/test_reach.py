"""The least changes: every way told was scored, none asks for what is in nobody's power, and none is needless."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodstanding.book import Book
from goodstanding.explanation import Reach, reach, reach_json, reach_text, situation
from goodstanding.explanation.least_change import HORIZON_DAYS, Way, reachable
from goodstanding.limits import DAY_US
from goodstanding.policy import Policy, loads
from goodstanding.scoring import score_one
from goodstanding.standing import stand
from goodstanding.testing import AS_OF, Scoring, as_yaml, scorings, small_policy, table, tie_table
from goodstanding.ties import Ties

TIERS: list[dict[str, Any]] = [
    {"name": "low", "title": "Low"},
    {"name": "high", "title": {"en": "High", "zh": "高"}, "from": 10},
]
LISTS = [{"name": "l", "title": {"en": "The list", "zh": "名单"}, "opened": "b", "closed": "c", "key": "matter"}]
SHARE = {"kind": "share", "among": "a", "of": {"value": {"max": 0}}}


def bands(*edges: tuple[float | None, int], **none: int) -> dict[str, Any]:
    return {"bands": [{"points": points} | ({} if edge is None else {"from": edge}) for edge, points in edges], **none}


def policy_of(*factors: dict[str, Any], **parts: Any) -> Policy:
    score = {"base": 0, "min": -1000, "max": 1000}
    return loads(as_yaml(small_policy(*factors, **{"tiers": TIERS, "score": score, **parts})))


def asked(policy: Policy, events: str, **options: Any) -> Reach:
    return reach(policy, Book.of(table(events)), "p", as_of=AS_OF, **options)


def steps(found: Reach, place: int = 0) -> list[tuple[str, int]]:
    return [(deed.event["type"], times) for deed, times in found.ways[place].deeds]


def told(found: Reach, place: int = 0) -> dict[str, Any]:
    """The event of the only step of a way, as JSON tells it."""
    event: dict[str, Any] = reach_json(found, "en")["ways"][place]["steps"][0]["event"]
    return event


def rescored(
    policy: Policy, found: Reach, way: Way, events: Sequence[Mapping[str, Any]], friends: Any = ()
) -> tuple[int, int | None]:
    """What the engine gives for a way, with the deeds on their own days and scored on the last."""
    done = [made for deed, times in way.deeds for made in deed.events(times, found.as_of)]
    later = [*events, *({"id": f"z{place}", **made, "person": found.person} for place, made in enumerate(done))]
    as_of = found.as_of + way.days * DAY_US
    scores = score_one(policy, later, person=found.person, as_of=as_of, friends=friends)
    return int(stand(scores).tier[0]), int(scores.score[0]) if scores.given[0] else None


LATE = """
id | type | time  | value
b1 | a    | -95d  | 7
b2 | a    | -65d  | 0
b3 | a    | -35d  | 0
"""


def test_paying_on_time_again_and_again_raises_a_share_at_ones_own_pace() -> None:
    policy = policy_of({"measure": SHARE, "points": bands((None, 0), (0.8, 10))})
    found = asked(policy, LATE)
    assert found.state == "found"
    assert steps(found) == [("a", 2)]
    assert told(found) == {"type": "a", "value": 0}
    assert (found.ways[0].changes, found.ways[0].days) == (2, 60)
    assert rescored(policy, found, found.ways[0], table(LATE)) == (1, 10)


def test_waiting_is_enough_where_what_costs_leaves_its_window() -> None:
    measure = {"kind": "count", "of": {"type": "a", "value": {"min": 1}}}
    found = asked(policy_of({"measure": measure, "window": "365d", "points": bands((None, 10), (1, 0))}), LATE)
    assert [(way.changes, way.days) for way in found.ways] == [(0, 270)]
    assert "Way 1: only wait, until 2020-09-27 (270 days)" in reach_text(found, "en")


def test_a_list_in_the_way_is_closed_in_the_same_matter() -> None:
    tiers = [TIERS[0], {**TIERS[1], "from": 0, "not_on": ["l"]}]
    listed = "id | type | time | matter\nx | b | -9d | m1\ny | b | -8d | m2\nw | c | -1d | m2"
    found = asked(policy_of({"measure": {"kind": "count", "of": "a"}}, lists=LISTS, tiers=tiers), listed)
    assert (steps(found), told(found)) == ([("c", 1)], {"type": "c", "matter": "m1"})
    assert found.ways[0].days == 1
    text = reach_text(found, "en")
    assert "Next: High, from 0 points, which are there" in text
    assert "In the way: the list The list" in text
    assert "to leave the list The list: " in text
    assert reach_json(found, "en")["next"] == {"name": "high", "from": 0, "on_lists": ["l"]}


def test_a_list_that_nothing_closes_is_waited_for() -> None:
    lists = [{"name": "l", "title": "L", "opened": "b", "expires": "100d"}]
    factor = {"measure": {"kind": "on_list", "list": "l"}, "points": bands((None, 10), (1, 0))}
    found = asked(policy_of(factor, lists=lists), "id | type | time\nx | b | -9d")
    assert [(way.changes, way.days) for way in found.ways] == [(0, 91)]


def test_waiting_longer_or_closing_at_once_are_both_told() -> None:
    lists = [{"name": "l", "title": "L", "opened": "b", "closed": "c", "expires": "100d"}]
    factor = {"measure": {"kind": "on_list", "list": "l"}, "points": bands((None, 10), (1, 0))}
    found = asked(policy_of(factor, lists=lists), "id | type | time\nx | b | -9d")
    assert [(way.changes, way.days) for way in found.ways] == [(0, 91), (1, 1)]


def test_the_age_of_a_record_comes_by_itself() -> None:
    factor = {"measure": {"kind": "days_since_first", "of": "a"}, "points": bands((None, 0), (365, 10))}
    assert [(way.changes, way.days) for way in asked(policy_of(factor), LATE).ways] == [(0, 270)]
    last = {"measure": {"kind": "days_since_last", "of": "b"}, "points": bands((None, 0), (365, 10))}
    found = asked(policy_of(last), "id | type | time\nx | b | -300d")
    assert [(way.changes, way.days) for way in found.ways] == [(0, 65)]


RATIO = {"kind": "ratio", "of": "a", "to": "b", "field": "amount"}
PAID = "id | type | amount\nx | a | 10\ny | b | 101"
USED = "id | type | amount\nx | a | 90\ny | b | 100"
LATELY = LATE.replace("7", "1").replace("0\n", "5\n")
SHOP = "id | label | party\nx | v | shop"


def of_a(kind: str, field: str | None = None, **more: Any) -> dict[str, Any]:
    """A measure of events of type `a`."""
    return {"kind": kind, "of": "a"} | ({} if field is None else {"field": field}) | more


@pytest.mark.parametrize(
    ("measure", "points", "events", "event"),
    [
        # A number that should be low is kept as low as it ought to be.
        (of_a("latest", "value"), bands((None, 10), (3, 0)), LATELY, {"type": "a", "value": 2}),
        (of_a("mean", "value"), bands((None, 10), (2, 0)), LATE, {"type": "a", "value": 1}),
        (of_a("min", "value"), {"each": {"points": -5, "per": 4, "max": 10}}, "id | value\nx | 3", None),
        # One that should be high only as high as it has been.
        (of_a("latest", "value"), bands((None, 0), (5, 10)), LATE, {"type": "a", "value": 5}),
        (of_a("latest", "value"), bands((None, 0), (9, 10)), LATE, None),
        (of_a("max", "value"), bands((None, 0), (9, 10)), LATE, None),
        # A sum is made up, or added to.
        (of_a("sum", "amount"), bands((None, 0), (50, 10)), "id | amount\nx | 30", {"type": "a", "amount": 20}),
        (of_a("sum", "amount"), {"each": {"points": 5, "per": 10}}, "id | amount\nx | 9", {"type": "a", "amount": 11}),
        (of_a("sum", "amount"), {"each": {"points": -5, "per": 10}}, "id | amount\nx | 9", None),
        # What is paid towards what is owed, or owed out of what is granted.
        (RATIO, bands((None, 0), (0.5, 10)), PAID, {"type": "a", "amount": 41}),
        ({**RATIO, "take": "latest"}, bands((None, 10), (0.3, 0)), USED, {"type": "a", "amount": 29}),
        (RATIO, bands((None, 0), (1.5, 10)), PAID, None),
        (RATIO, bands((None, 0), (0.5, 10)), "id | type | amount\nx | a | 10", None),
        # Habits.
        (of_a("count"), bands((None, 0), (2, 10)), "id\nx", {"type": "a"}),
        (
            {"kind": "streak", "among": "a", "of": {"value": {"min": 2, "max": 4}}},
            bands((None, 0), (1, 10)),
            LATE,
            {"type": "a", "value": 2},
        ),
        (
            {"kind": "decayed", "of": {"type": "a", "source": "z"}, "half_life": "30d"},
            bands((None, 0), (1, 10)),
            "id\nx",
            {"type": "a"},
        ),
        (
            {"kind": "distinct", "of": {"type": "a", "label": ["u", "v"]}, "field": "party"},
            bands((None, 0), (2, 10)),
            SHOP,
            {"type": "a", "label": "v"},
        ),
        (of_a("latest", "label"), {"labels": {"u": 10, "v": 0}}, "id | label\nx | v", {"type": "a", "label": "u"}),
        # Filters that no event can satisfy, and that two bounds hold together.
        ({"kind": "share", "among": "a", "of": "b"}, bands((None, 0), (0.1, 10)), "id\nx", None),
        (
            {"kind": "share", "among": {"type": "a", "label": "u"}, "of": {"label": "v"}},
            bands((None, 0), (0.1, 10)),
            "id\nx",
            None,
        ),
        (
            {"kind": "share", "among": {"type": "a", "source": "y"}, "of": {"source": "z"}},
            bands((None, 0), (0.1, 10)),
            "id\nx",
            None,
        ),
    ],
)
def test_what_is_in_a_persons_power(
    measure: dict[str, Any], points: dict[str, Any], events: str, event: dict[str, Any] | None
) -> None:
    policy = policy_of({"measure": measure, "points": points})
    found = asked(policy, events)
    if event is None:
        assert (found.state, found.ways) == ("none", ())
    else:
        done = next(place for place, way in enumerate(found.ways) if way.deeds)
        assert told(found, done) == event
        for way in found.ways:
            assert rescored(policy, found, way, table(events)) == (way.prospect.tier, way.prospect.score)


def test_nobody_is_told_to_choose_other_friends() -> None:
    policy = policy_of({"measure": {"kind": "ties", "take": "count"}, "points": bands((None, 0), (1, 10))})
    found = asked(policy, "id\nx", ties=Ties.of(tie_table("a | b\np | q")))
    assert (found.state, found.tried) == ("none", 25)
    assert "Nothing that was tried reaches it: of 25 futures within 730 days the best has 0 points." in reach_text(
        found, "en"
    )


def test_friends_stay_as_they_are_in_every_future() -> None:
    friends = {"measure": {"kind": "ties", "take": "mean", "tie": "friend"}, "points": bands((None, 0), (1, 7))}
    policy = policy_of(friends, {"measure": {"kind": "count", "of": "a"}, "points": bands((None, 0), (3, 3))})
    events = "id | person\nx | p\ny | q\nz | q\nw | q"
    ties = Ties.of(tie_table("a | b | kind\np | q | friend\np | r | kin"))
    found = asked(policy, events, ties=ties)
    assert (found.now.score, steps(found)) == (7, [("a", 2)])


def test_what_is_new_to_the_record_is_told_only_if_it_is_sooner_and_said_to_be_new() -> None:
    either = {"measure": {"kind": "count", "of": {"type": "b"}}, "points": bands((None, 0), (1, 10))}
    found = asked(policy_of(either), "id\nx")
    assert found.ways[0].is_new
    assert "new to the record, so that only the person can tell" in reach_text(found, "en")
    assert "none of the kind on record yet" in reach_text(found, "en")
    assert reach_json(found, "en")["ways"][0]["new_to_the_record"] is True
    habit = {"measure": {"kind": "count", "of": "a"}, "points": bands((None, 0), (2, 10))}
    assert [way.is_new for way in asked(policy_of(either, habit), "id\nx").ways] == [False]


def test_deeds_are_put_together_and_what_is_not_needed_is_left_out() -> None:
    small = [
        {"measure": {"kind": "count", "of": kind}, "points": bands((None, 0), (2, points))}
        for kind, points in (("a", 4), ("b", 6), ("c", 3))
    ]
    policy = policy_of(*small)
    found = asked(policy, "id | type\nx | a\ny | b\nz | c")
    assert steps(found) == [("a", 1), ("b", 1)]
    assert found.ways[0].prospect.score == 10


def test_deeds_and_waiting_are_put_together() -> None:
    late = {
        "measure": {"kind": "count", "of": {"type": "a", "value": {"min": 1}}},
        "window": "365d",
        "points": bands((None, 5), (1, 0)),
    }
    good = {"measure": {"kind": "count", "of": "b"}, "points": bands((None, 0), (2, 5))}
    found = asked(policy_of(late, good), LATE + "b4 | b | -1d | ")
    assert (steps(found), found.ways[0].days) == ([("b", 1)], 270)


def test_what_a_score_requires_comes_first() -> None:
    requires = [{"measure": {"kind": "count", "of": "a"}, "min": 3}]
    policy = policy_of(
        {"measure": {"kind": "count", "of": "b"}}, score={"base": 0, "min": 0, "max": 9, "requires": requires}
    )
    found = asked(policy, "id\nx")
    assert (found.now.score, found.now.tier, steps(found)) == (None, -1, [("a", 2)])
    assert "Next: a score; there is not enough on record to go on" in reach_text(found, "en")


def test_a_score_out_of_reach_is_said_to_be_so() -> None:
    requires = [{"measure": {"kind": "count", "of": "a"}, "min": 99}]
    policy = policy_of(
        {"measure": {"kind": "count", "of": "b"}}, score={"base": 0, "min": 0, "max": 9, "requires": requires}
    )
    assert "Nothing that was tried gives a score: " in reach_text(asked(policy, "id\nx"), "en")


def test_at_the_top_and_without_tiers_there_is_nothing_to_reach() -> None:
    count = {"measure": {"kind": "count", "of": "a"}}
    top = asked(policy_of(count, tiers=TIERS[:1]), "id\nx")
    assert (top.state, reach_text(top, "en")) == ("top", "p has a score of 1: Low.\nThere is no tier above Low.")
    none = asked(policy_of(count, tiers=[]), "id\nx")
    assert none.state == "no_tiers"
    assert reach_text(none, "zh").endswith("没有等级，也就没有下一等级。")
    assert reach_json(none, "en")["next"] is None


def test_it_is_said_in_chinese_with_the_units_of_the_catalogue() -> None:
    found = asked(policy_of({"measure": SHARE, "points": bands((None, 0), (0.8, 10))}), LATE)
    text = reach_text(found, "zh")
    for said in (
        "下一等级：高，需10分；还差10分",
        "办法1：2件事，到2020-03-01为止（60天）",
        "2次，每隔30天：",
        "同类已有3条记录",
        "届时10分，高",
        "过去的事不能改变",
    ):
        assert said in text, said


def test_a_daily_habit_is_said_in_days() -> None:
    events = "id | time\n" + "\n".join(f"x{day} | -{day}d" for day in range(1, 5))
    found = asked(policy_of({"measure": {"kind": "count", "of": "a"}, "points": bands((None, 0), (6, 10))}), events)
    assert "2 times, 1 day apart: " in reach_text(found, "en")
    assert "by 2020-01-03 (2 days)" in reach_text(found, "en")


def test_what_must_be_new_each_time_is_said() -> None:
    measure = {"kind": "distinct", "of": "a", "field": "party"}
    found = asked(policy_of({"measure": measure, "points": bands((None, 0), (3, 10))}), "id | party\nx | shop")
    assert "2 times, 30 days apart: " in reach_text(found, "en")
    assert "another party each time" in reach_text(found, "en")


def test_the_same_question_has_the_same_answer() -> None:
    policy = policy_of({"measure": SHARE, "points": bands((None, 0), (0.8, 10))})
    assert reach_json(asked(policy, LATE), "en") == reach_json(asked(policy, LATE), "en")


@settings(max_examples=20)
@given(scorings(most=12), st.data())
def test_every_way_leads_there_when_it_is_scored_on_its_day(scoring: Scoring, data: st.DataObject) -> None:
    policy, book = loads(as_yaml(scoring.document)), Book.of(scoring.events)
    people = sorted({event["person"] for event in scoring.events}) or ["nobody"]
    person = data.draw(st.sampled_from(people))
    one = situation(policy, book, person, as_of=scoring.as_of, people=people, ties=Ties.of(scoring.ties))
    found = reachable(policy, one)
    assert (found.state == "found") == bool(found.ways)
    for way in found.ways:
        assert way.days <= HORIZON_DAYS
        tier, score = rescored(policy, found, way, one.events, one.friends)
        assert (tier, score) == (way.prospect.tier, way.prospect.score)
        assert tier > found.now.tier
    if found.state == "none":
        assert found.best is None or found.next is not None
