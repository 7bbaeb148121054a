"""Who is on which list: the compiled loop, the following by hand and the plain reading say the same."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from goodstanding.book import Book
from goodstanding.lists import Listing, listings
from goodstanding.scoring import NOT_LISTED, score
from goodstanding.testing import AS_OF, DAY, Scoring, scorings, small_policy, table
from tests.engine.asking import Row, agreed, drawing, policy_of, scored, seldom, small

pytestmark = pytest.mark.kernel

ON = {"measure": {"kind": "on_list", "list": "l"}}
OPENED = {"type": ["a", "c"]}
CLOSED = {"type": ["b", "c"]}


def earliest(found: list[Listing]) -> int:
    return min((one.since for one in found), default=int(NOT_LISTED))


def by_hand(scoring: Scoring) -> list[list[int]]:
    """For each list everybody's `since`, followed by hand over the events that the policy may read."""
    policy, book = policy_of(scoring), Book.of(scoring.events)
    lives = [
        [
            event
            for event in book.events_of(person, recorded_by=scoring.recorded_by, as_of=scoring.as_of)
            if event["type"] in policy.catalogue
        ]
        for person in scored(scoring).people.to_pylist()
    ]
    return [[earliest(listings(rule, life, scoring.as_of)) for life in lives] for rule in policy.lists]


@seldom
@given(scorings())
def test_kernel_and_hand_agree_on_drawn_policies(scoring: Scoring) -> None:
    assert scored(scoring).since.tolist() == by_hand(scoring)


days = st.integers(0, 6)
moments = st.builds(lambda back, beside: AS_OF - back * DAY + beside, days, st.sampled_from((0, 0, 0, -1, 1)))
spans = st.integers(1, 4).map(lambda span: f"{span}d")


@st.composite
def rules(draw: st.DrawFn) -> Row:
    """Draw a list whose events open, close, or do both."""
    rule: Row = {"name": "l", "title": "L", "opened": OPENED}
    if draw(st.booleans()):
        rule |= {"closed": CLOSED, "closed_after": f"{draw(st.integers(0, 3))}d"}
    if draw(st.booleans()):
        rule |= {"times": draw(st.integers(2, 4)), "within": draw(spans)}
    if draw(st.booleans()):
        rule["expires"] = draw(spans)
    return rule | draw(st.sampled_from(({}, {"key": "matter"}, {"key": "party"})))


@st.composite
def lives(draw: st.DrawFn) -> list[Row]:
    """Draw the events of one person, close together."""
    one = st.fixed_dictionaries(
        {
            "type": st.sampled_from("aaabc"),
            "time": moments,
            "matter": st.sampled_from((None, "x", "y")),
            "party": st.sampled_from((None, "v", "w")),
        }
    )
    drawn = draw(st.lists(one, min_size=4, max_size=40))
    return [{**row, "id": f"{n * 7 % 41}", "source": "s", "person": "p"} for n, row in enumerate(drawn)]


@drawing
@given(rules(), lives())
def test_kernel_and_hand_and_plain_reading_agree_on_crowded_lives(rule: Row, life: list[Row]) -> None:
    document = small_policy(ON, lists=[rule])
    every = [dict.fromkeys(("amount", "value", "label", "recorded", "replaces")) | row for row in life]
    scoring = Scoring(document, every)
    ((since,),) = by_hand(scoring)
    assert scored(scoring).since.tolist() == [[since]]
    (row,) = agreed(document, every)
    assert row["f1"] == (since != NOT_LISTED)
    on = scoring.results()["p"].lists
    assert on.get("l", NOT_LISTED) == since


# --- By hand ----------------------------------------------------------------------------------------------------------


def since(events: str, **options: Any) -> int | None:
    """Days from `AS_OF` to the beginning of the listing, which engine and plain reading agree on; None: not listed."""
    rule = {"name": "l", "title": "L", "opened": "a", **options}
    rows = table(events)
    (row,) = agreed(small_policy(ON, lists=[rule]), rows)
    ((found,),) = score(small(ON, lists=[rule]), Book.of(rows), as_of=AS_OF).since.tolist()
    assert (found != NOT_LISTED) == bool(row["lists"])
    return None if found == NOT_LISTED else (AS_OF - found) // DAY


CLOSES = {"closed": {"type": ["b", "c"]}}


def test_an_event_that_opens_and_closes_closes() -> None:
    both = {"opened": {"type": ["a", "c"]}, **CLOSES}
    assert since("type | time\na | -5d\nc | -3d", **both) is None
    assert since("type | time\nc | -3d", **both) is None


def test_a_listing_ends_so_long_after_it_was_closed() -> None:
    events = "type | time\na | -9d\nb | -3d"
    assert since(events, **CLOSES, closed_after="3d") is None
    assert since(events, **CLOSES, closed_after="4d") == 9
    assert since("type | time\na | -9d\nb | -3d+1", **CLOSES, closed_after="3d") == 9


def test_a_second_closing_does_not_put_the_end_off() -> None:
    assert since("type | time\na | -9d\nb | -5d\nb | -3d", **CLOSES, closed_after="4d") is None


def test_a_closing_while_not_on_the_list_ends_nothing() -> None:
    assert since("type | time\nb | -9d\na | -5d", **CLOSES, closed_after="30d") == 5


def test_an_opening_before_the_end_goes_on_with_the_listing_and_at_the_end_begins_another() -> None:
    assert since("type | time\na | -9d\nb | -5d\na | -3d-1", **CLOSES, closed_after="2d") == 9
    assert since("type | time\na | -9d\nb | -5d\na | -3d", **CLOSES, closed_after="2d") == 3


def test_a_listing_expires_so_long_after_the_latest_opening() -> None:
    assert since("time\n-5d", expires="5d") is None
    assert since("time\n-5d+1", expires="5d") == 4
    assert since("time\n-9d\n-6d\n-2d", expires="5d") == 9
    assert since("time\n-9d\n-4d", expires="5d") == 4


def test_an_opening_renews_what_was_to_end_sooner() -> None:
    assert since("type | time\na | -9d\nb | -8d\na | -7d", **CLOSES, closed_after="3d", expires="30d") == 9


def test_openings_are_counted_within_the_span_its_beginning_excluded() -> None:
    assert since("time\n-5d\n-2d", times=2, within="3d") is None
    assert since("time\n-5d+1\n-2d", times=2, within="3d") == 2
    assert since("time\n-5d\n-5d\n-5d", times=3, within="1d") == 5
    assert since("type | time\na | -5d\nc | -4d\na | -3d", times=3, within="9d", **CLOSES) is None


def test_openings_before_a_closing_count_too() -> None:
    assert since("type | time\na | -5d\nb | -4d\na | -3d", times=2, within="9d", **CLOSES) == 3


def test_each_key_is_followed_apart_and_null_is_one_too() -> None:
    closed = {**CLOSES, "key": "matter"}
    assert since("type | time | matter\na | -9d | x\na | -5d |\nb | -3d | x", **closed) == 5
    assert since("type | time | matter\na | -9d | x\na | -5d |\nb | -3d |", **closed) == 9
    assert since("type | time | matter\na | -9d | x\na | -5d | y\nb | -3d | z", **closed) == 9
    assert since("type | time | party\na | -9d | x\na | -5d | y\nb | -3d | x", **{**CLOSES, "key": "party"}) == 5
    assert since("time | matter\n-9d | x\n-8d | y\n-7d |", times=2, within="9d", key="matter") is None


def test_what_comes_after_as_of_neither_opens_nor_closes() -> None:
    assert since("time\n0d+1") is None
    assert since("time\n0d") == 0
    assert since("type | time\na | -1d\nb | 0d+1", **CLOSES) == 1


def test_a_listing_by_hand_says_what_opened_it_and_the_earliest_comes_first() -> None:
    (rule,) = small(ON, lists=[{"name": "l", "title": "L", "opened": "a", "key": "party", "expires": "9d"}]).lists
    events = table("time | party\n-8d | v\n-7d | w\n-6d | v\n-5d |")
    assert listings(rule, events, AS_OF) == [
        Listing(AS_OF - 8 * DAY, AS_OF + 3 * DAY, "v", (0,), 2),
        Listing(AS_OF - 7 * DAY, AS_OF + 2 * DAY, "w", (1,), 1),
        Listing(AS_OF - 5 * DAY, AS_OF + 4 * DAY, None, (3,), 3),
    ]
