"""What follows from a score, and the table in which it is handed on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from goodstanding.book import Book
from goodstanding.policy import loads
from goodstanding.scoring import score
from goodstanding.standing import IN_FORCE, NOT_DUE, NOTICED, stand, to_table
from goodstanding.testing import AS_OF, DAY, as_yaml, small_policy, table, tie_table
from goodstanding.ties import Ties, _once
from tests.engine.asking import Row, agreed

pytestmark = pytest.mark.kernel

COUNT = {"measure": {"kind": "count", "of": "a"}}
LIST = {"name": "l", "title": "L", "opened": "b"}
OTHER = {"name": "m", "title": "M", "opened": "c"}
NOTICE = {"name": "bar", "title": "Bar", "actions": ["rail.buy_ticket"], "notice": "7d"}


def sanction(when: dict[str, Any], events: str, given: int | None = None, **options: Any) -> str | None:
    """The state of a sanction, on which engine and plain reading agree."""
    document = small_policy(COUNT, lists=[LIST, OTHER], sanctions=[{**NOTICE, "when": when, **options}])
    notices = {} if given is None else {("p", "bar"): AS_OF - given * DAY, ("q", "bar"): 0, ("p", "other"): 0}
    (row,) = agreed(document, events, people=["p"], notices=notices)
    assert all(one.startswith("bar:") for one in row["sanctions"])
    return row["sanctions"][0].removeprefix("bar:") if row["sanctions"] else None


ON = {"on": ["l", "m"]}
BELOW = {"below": 1}
EITHER = {**ON, **BELOW}


@pytest.mark.parametrize(
    ("when", "events", "given", "state"),
    [
        (ON, "type\na", None, None),
        (ON, "type\na", 30, None),
        (ON, "type | time\nb | -7d", None, "in_force"),
        (ON, "type | time\nb | -7d+1", None, "noticed"),
        (ON, "type | time\nb | -9d", 9, "in_force"),
        (ON, "type | time\nb | -9d", 6, "noticed"),  # the later of the two counts
        (ON, "type | time\nb | -6d", 9, "noticed"),
        (ON, "type | time\nb | -1d\nc | -9d", None, "in_force"),  # the earliest of the lists
        (BELOW, "type\na", None, None),
        (BELOW, "type\nb", None, "noticed"),  # counts from now
        (BELOW, "type\nb", 7, "in_force"),  # `given` alone counts
        (BELOW, "type\nb", 6, "noticed"),
        (BELOW, "type\nb", -1, "noticed"),
        (EITHER, "type | time\nb | -9d", None, "in_force"),
        (EITHER, "type | time\nb | -1d", None, "noticed"),
        (EITHER, "type | time\na | -9d\nb | -9d", None, "in_force"),
        (EITHER, "type\na", None, None),
        (EITHER, "type | time\nb | -9d", 6, "noticed"),
        (EITHER, "type | time\nb | -1d", 30, "in_force"),
        (EITHER, "type | time\nc | -30d\na | -1d", 30, "in_force"),
    ],
)
def test_a_sanction_is_noticed_until_its_notice_has_passed(
    when: dict[str, Any], events: str, given: int | None, state: str | None
) -> None:
    assert sanction(when, events, given) == state


def test_without_notice_a_sanction_is_in_force_at_once() -> None:
    assert sanction(ON, "type | time\nb | 0d", notice="0d") == "in_force"
    assert sanction(BELOW, "type\nb", notice="0d") == "in_force"
    assert sanction(BELOW, "type\nb", -1, notice="0d") == "noticed"


# --- Reasons ----------------------------------------------------------------------------------------------------------


def losing(code: str, loss: int) -> Row:
    """A factor that lost so much."""
    rule = {"bands": [{"points": 0}, {"from": 10**9, "points": loss}]}
    return {**COUNT, "points": rule, "reason": {"code": code, "text": code}}


@pytest.mark.parametrize(
    ("losses", "reasons"),
    [
        ([], []),
        ([("A", 0)], []),
        ([("A", 1), ("B", 3), ("C", 2)], ["B", "C", "A"]),
        ([("A", 2), ("B", 2), ("C", 2)], ["A", "B", "C"]),
        ([("A", 1), ("B", 2), ("A", 3)], ["A", "B"]),
        ([("A", 1), ("B", 2), ("A", 2)], ["B", "A"]),  # where equal, the order of the factors that stand for a code
        ([("A", 2), ("B", 2), ("A", 2)], ["A", "B"]),
        ([("A", 1), ("B", 2), ("C", 3), ("D", 4), ("E", 5)], ["E", "D", "C", "B"]),
        ([("A", 9_999), ("B", 10_000), ("C", 0)], ["B", "A"]),
    ],
)
def test_reasons_are_the_codes_of_the_greatest_losses(losses: list[tuple[str, int]], reasons: list[str]) -> None:
    (row,) = agreed(small_policy(COUNT, *(losing(*one) for one in losses)), "id\nx")
    assert row["reasons"] == reasons


# --- Tiers and perks --------------------------------------------------------------------------------------------------

TIERS = [
    {"name": "low", "title": "Low"},
    {"name": "middle", "title": "Middle", "from": 1},
    {"name": "high", "title": "High", "from": 2, "not_on": ["l"]},
]
PERKS = [
    {"name": "by_score", "title": "S", "giver": "G", "when": {"score": 2}},
    {"name": "by_tier", "title": "T", "giver": "G", "when": {"tiers": ["middle", "high"]}},
    {"name": "by_list", "title": "L", "giver": "G", "when": {"not_on": ["l"]}},
    {"name": "by_all", "title": "A", "giver": "G", "when": {"score": 2, "tiers": ["high"], "not_on": ["l", "m"]}},
]


@pytest.mark.parametrize(
    ("types", "tier", "perks"),
    [
        ("", "low", ["by_list"]),
        ("a", "middle", ["by_tier", "by_list"]),
        ("aa", "high", ["by_score", "by_tier", "by_list", "by_all"]),
        ("aab", "middle", ["by_score", "by_tier"]),
        ("aac", "high", ["by_score", "by_tier", "by_list"]),
    ],
)
def test_the_tier_is_the_last_that_score_and_lists_allow(types: str, tier: str, perks: list[str]) -> None:
    document = small_policy(COUNT, lists=[LIST, OTHER], tiers=TIERS, perks=PERKS)
    (row,) = agreed(document, "type\n" + "\n".join(types) if types else "id", people=["p"])
    assert (row["tier"], row["perks"]) == (tier, perks)


def test_without_enough_to_go_on_there_is_no_score_no_tier_no_perk_and_nothing_below() -> None:
    required = {"base": 0, "min": -9, "max": 9, "requires": [{"measure": COUNT["measure"], "min": 1}]}
    sanctions = [{**NOTICE, "name": "low", "when": {"below": 9}}, {**NOTICE, "name": "on", "when": {"on": ["m"]}}]
    parts = {"lists": [LIST, OTHER], "tiers": TIERS, "perks": PERKS, "sanctions": sanctions, "score": required}
    always = {"measure": COUNT["measure"], "points": {"bands": [{"points": 4}]}}
    (row,) = agreed(small_policy(always, **parts), "type | time\nc | -30d")
    assert (row["score"], row["own_score"], row["tier"], row["perks"]) == (None, None, None, [])
    assert (row["f1"], row["lists"], row["sanctions"]) == (4, ["m"], ["on:in_force"])
    (row,) = agreed(small_policy(always, **parts), "type\na")
    assert (row["score"], row["tier"], row["sanctions"]) == (4, "high", ["low:noticed"])


def test_with_no_tiers_the_tier_is_null() -> None:
    (row,) = agreed(small_policy(COUNT), "id\nx")
    assert row["tier"] is None


# --- The table --------------------------------------------------------------------------------------------------------


def test_the_table_has_the_columns_and_types_of_the_specification() -> None:
    dimensions = [{"name": name, "title": name} for name in ("d", "e")]
    document = small_policy(COUNT, {**COUNT, "name": "another", "dimension": "e"}, dimensions=dimensions,
                            lists=[LIST], sanctions=[{**NOTICE, "when": {"on": ["l"]}}])  # fmt: skip
    policy = loads(as_yaml(document))
    strings = pa.list_(pa.string())
    for events in ("id", "id\nx"):
        scores = score(policy, Book.of(table(events)), as_of=AS_OF)
        found = to_table(scores, stand(scores))
        assert [(field.name, field.type) for field in found.schema] == [
            ("person", pa.string()), ("score", pa.int64()), ("own_score", pa.int64()), ("tier", pa.string()),
            ("base", pa.int64()), ("f1", pa.int32()), ("another", pa.int32()), ("bounds.d", pa.int64()),
            ("bounds.e", pa.int64()), ("bounds", pa.int64()), ("reasons", strings), ("lists", strings),
            ("perks", strings), ("sanctions", strings),
        ]  # fmt: skip


def test_standing_is_also_given_as_numbers() -> None:
    document = small_policy(COUNT, lists=[LIST], tiers=TIERS[:2], perks=PERKS[:1],
                            sanctions=[{**NOTICE, "when": {"on": ["l"]}}])  # fmt: skip
    book = Book.of(table("person | type | time\np | a | -1d\nq | b | -1d\nr | b | -9d"))
    standing = stand(score(loads(as_yaml(document)), book, as_of=AS_OF))
    assert standing.tier.tolist() == [1, 0, 0]
    assert standing.listed.tolist() == [[False, True, True]]
    assert standing.perks.tolist() == [[False, False, False]]
    assert standing.sanctions.tolist() == [[NOT_DUE, NOTICED, IN_FORCE]]
    assert standing.reasons.tolist() == [[-1] * 3] * 4


# --- Who is scored ----------------------------------------------------------------------------------------------------


def test_everyone_whom_any_event_names_is_scored_read_or_not() -> None:
    events = """id | person    | type        | time  | recorded | replaces
                r  | read      | a           | -1d   | -1d      |
                u  | unknown   | court.heard | -1d   | -1d      |
                l  | later     | a           | 0d+1  | -1d      |
                n  | unrecorded| a           | -1d   |          |
                x  | moved     | a           | -1d   | -1d      |
                y  | mover     | retracted   | -1d   | -1d      | x"""
    rows = agreed(small_policy(COUNT), events, recorded_by=AS_OF)
    assert {row["person"]: row["score"] for row in rows} == {
        "later": 0, "moved": 0, "mover": 0, "read": 1, "unknown": 0, "unrecorded": 0,
    }  # fmt: skip


def test_a_people_table_leaves_others_out_and_takes_in_who_has_no_events() -> None:
    rows = agreed(small_policy(COUNT), "person\np\nq\nr", people=["s", "q"])
    assert [(row["person"], row["score"]) for row in rows] == [("q", 1), ("s", 0)]
    assert agreed(small_policy(COUNT), "person\np", people=[]) == []


def test_a_correction_acts_before_people_are_left_out() -> None:
    (row,) = agreed(small_policy(COUNT), "id | person | replaces\nx | p |\ny | q | x", people=["p"])
    assert row["score"] == 0


TIED = {"measure": {"kind": "ties", "take": "count"}}


def test_ties_name_nobody_and_count_only_within_the_population() -> None:
    known = tie_table("a | b\np | q\np | stranger\nstranger | other\np | p\nq | p")
    rows = agreed(small_policy(TIED), "person\np\nq\nr", ties=known)
    assert [(row["person"], row["f1"]) for row in rows] == [("p", 1), ("q", 1), ("r", 0)]
    rows = agreed(small_policy(TIED), "person\np\nq\nr", ties=known, people=["p", "r"])
    assert [(row["person"], row["f1"]) for row in rows] == [("p", 0), ("r", 0)]


@pytest.mark.parametrize(
    ("tie", "count"),
    [
        ("since\n0d", 1), ("since\n0d+1", 0), ("since | until\n-9d | 0d", 0), ("since | until\n-9d | 0d+1", 1),
        ("kind\nfriend\nfriend", 1), ("kind\nfriend\nfamily", 2), ("kind\nfriend\n", 2),
    ],
)  # fmt: skip
def test_a_tie_counts_from_since_to_before_until_once_a_kind(tie: str, count: int) -> None:
    header, *lines = tie.split("\n")
    known = tie_table("\n".join([f"a | b | {header}", *(f"p | q | {line}" for line in lines)]))
    rows = agreed(small_policy(TIED), "person\np\nq", ties=known)
    assert [row["f1"] for row in rows] == [count, count]
    assert len(Ties.of(known)) == len(lines)


def test_ties_may_come_as_a_table_in_pieces() -> None:
    known = tie_table("a | b | until | kind\np | q | | friend\nq | r | 1d |\np | q | | friend")
    pieces = pa.concat_tables([pa.Table.from_pylist(known[:1], TIES), pa.Table.from_pylist(known[1:], TIES)])
    policy = loads(as_yaml(small_policy(TIED)))
    scores = score(policy, Book.of(table("person\np\nq\nr")), as_of=AS_OF, ties=Ties.of(pieces))
    assert scores.points.tolist() == [[1, 2, 1]]


TIES = pa.schema([("a", pa.string()), ("b", pa.string()), ("since", pa.timestamp("us", "UTC")),
                  ("until", pa.timestamp("us", "UTC")), ("kind", pa.dictionary(pa.int32(), pa.string()))])  # fmt: skip


def test_each_pair_and_kind_counts_once_however_many_people_there_are() -> None:
    for most in (5, 2**31 - 1):
        low, high, kind = (np.array(one) for one in ([2, 0, 2, 2, 0], [most, 1, most, most, 1], [0, 1, 1, 0, 1]))
        once = zip(*(column.tolist() for column in _once(low, high, kind)), strict=True)
        assert list(once) == [(0, 1, 1), (2, most, 0), (2, most, 1)]
    for found in _once(*(np.zeros(0, np.int64),) * 3):
        assert found.size == 0


def test_only_ties_of_the_kind_asked_for_are_read() -> None:
    known = tie_table("a | b | kind\np | q | friend\np | r |\nq | r | family")
    asked = [{"measure": {"kind": "ties", "take": "count", **kind}} for kind in
             ({}, {"tie": "friend"}, {"tie": "family"}, {"tie": "foe"})]  # fmt: skip
    rows = agreed(small_policy(*asked), "person\np\nq\nr", ties=known)
    assert [[row[f"f{n}"] for n in range(1, 5)] for row in rows] == [[2, 1, 0, 0], [2, 1, 1, 0], [2, 0, 1, 0]]


def test_somebody_without_an_own_score_counts_for_nobody_and_keeps_their_ties() -> None:
    required = {"base": 5, "min": 0, "max": 9, "requires": [{"measure": COUNT["measure"], "min": 1}]}
    most = {"measure": {"kind": "ties", "take": "max"}, "points": {"each": {"points": 1}, "none": -1}}
    rows = agreed(small_policy(most, score=required), "person | type\np | a\nq | b", ties=tie_table("a | b\np | q"))
    assert [(row["person"], row["score"], row["f1"]) for row in rows] == [("p", 4, -1), ("q", None, 5)]


def test_nobodys_score_chases_anothers() -> None:
    most = {"measure": {"kind": "ties", "take": "max"}}
    rows = agreed(small_policy(COUNT, most), "person | id\np | x\np | y\nq | z", ties=tie_table("a | b\np | q"))
    assert [(row["own_score"], row["score"]) for row in rows] == [(2, 3), (1, 3)]
