"""Whole numbers only: exact at the limits of the specification, whatever they are divided by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given

from goodstanding.book import Book, Limits
from goodstanding.events import EARLIEST, END
from goodstanding.kernel.pointing import reaches, steps
from goodstanding.measures import decay_weights
from goodstanding.program import compile_policy
from goodstanding.program import tables as t
from goodstanding.program.pointing import Sizes, factor_rows
from goodstanding.scoring import Scorer, score, score_one
from goodstanding.standing import stand
from goodstanding.testing import AS_OF, DAY, Scoring, scorings, small_policy, table, tie_table
from tests.engine.asking import SCHEMA, Row, agreed, answered, drawing, policy_of, scored, seldom, small

pytestmark = pytest.mark.kernel

MOST = 10**18
FIELD = 10**12

# --- Fractions --------------------------------------------------------------------------------------------------------

divisors = st.one_of(st.integers(1, 20), st.integers(1, MOST), st.sampled_from((1, 2**20, MOST - 1, MOST)))
parts = st.one_of(st.integers(-MOST * t.PARTS, MOST * t.PARTS), st.integers(-20_000, 20_000))


@st.composite
def near(draw: st.DrawFn, divisor: int, threshold: Fraction) -> int:
    """Draw a 64-bit number that, divided, comes near a threshold, or any."""
    least, most = -(2**63) + divisor, 2**63 - 1
    close = floor(threshold * divisor) + draw(st.integers(-2, 2))
    return max(least, min(draw(st.one_of(st.just(close), st.integers(least, most))), most))


@drawing
@given(st.data())
def test_a_fraction_reaches_a_threshold_exactly_when_it_is_not_less(data: st.DataObject) -> None:
    divisor, part = data.draw(divisors), data.draw(parts)
    threshold = Fraction(part, t.PARTS)
    number = data.draw(near(divisor, threshold))
    whole, rest = (np.int64(one) for one in divmod(part, t.PARTS))
    assert reaches(np.int64(number), np.int64(divisor), whole, rest) == (Fraction(number, divisor) >= threshold)


@drawing
@given(st.data())
def test_steps_are_counted_exactly_as_far_as_points_can_depend_on_them(data: st.DataObject) -> None:
    divisor, per = data.draw(divisors), abs(data.draw(parts)) or 1
    number = data.draw(near(divisor, Fraction(data.draw(st.integers(-20_002, 20_002)) * per, t.PARTS)))
    number = max(-MOST * divisor, min(number, MOST * divisor))  # no measure is beyond (specification section 1)
    whole, rest = (np.int64(one) for one in divmod(per, t.PARTS))
    true = floor(Fraction(number, divisor) / Fraction(per, t.PARTS))
    assert steps(np.int64(number), np.int64(divisor), whole, rest) == max(-20_001, min(true, 20_000))


@seldom
@given(scorings(at_limits=True) | scorings())
def test_the_wide_way_and_the_narrow_way_give_the_same_points(scoring: Scoring) -> None:
    book = Book.of(scoring.events)
    wide = replace(book, limits=Limits(events=10**6, amount=FIELD, value=FIELD))
    assert answered(scoring, wide) == answered(scoring, book)


def test_the_wide_way_is_taken_only_where_a_product_could_leave_64_bits() -> None:
    share = {"kind": "ratio", "of": "a", "to": "b", "field": "amount"}
    policy = small({"measure": share, "points": {"bands": [{"points": 0}, {"from": Decimal("0.5"), "points": 1}]}})
    program = compile_policy(policy)
    for size, is_wide in ((10**6, False), (FIELD, False), (10**15, True)):
        reach = Sizes.of(program, Limits(events=1, amount=size, value=0))
        rows, _, _ = factor_rows(program, reach, pa.array([], pa.large_string()), slots=2)
        assert rows[0, t.F_WIDE] == is_wide


# --- Points at the limits ---------------------------------------------------------------------------------------------


def points(measure: Mapping[str, Any], rule: Mapping[str, Any], events: str | list[Row], **asked: Any) -> int:
    """The points of one factor for `p`, on which engine and plain reading agree."""
    document = small_policy({"measure": measure, "points": rule})
    (row,) = agreed(document, events, people=["p"], **asked)
    answer: int = row["f1"]
    return answer


def amounts(*numbers: int) -> str:
    return "amount\n" + "\n".join(map(str, numbers))


SUM = {"kind": "sum", "of": "a", "field": "amount"}
COUNT = {"kind": "count", "of": "a"}


@pytest.mark.parametrize(
    ("per", "numbers", "given"),
    [
        ("0.0001", (1,), 10_000),
        ("0.0001", (-1,), -10_000),
        ("0.0001", (FIELD,) * 9, 10_000),
        ("0.0001", (), 0),
        (f"{MOST}", (FIELD,) * 9, 0),
        (f"{MOST}", (-1,), -1),
        (f"{MOST}", (-FIELD,) * 9, -1),
        ("999999999999.9999", (FIELD, FIELD), 2),
        ("1000000000000.0001", (FIELD, FIELD), 1),
        ("1000000000000.0001", (-FIELD, -FIELD), -2),
        ("123456789012345678.1234", (FIELD,), 0),
    ],
)
def test_each_step_of_a_sum_counts_whatever_it_is_wide(per: str, numbers: tuple[int, ...], given: int) -> None:
    assert points(SUM, {"each": {"points": 1, "per": Decimal(per)}}, amounts(*numbers) if numbers else "id") == given


@pytest.mark.parametrize("kind", ["share", "ratio", "mean"])
@pytest.mark.parametrize("per", ["123456789012345678.1234", "999999999999999999.9999", "0.0001"])
def test_a_step_of_any_size_fits_where_no_event_has_a_divisor(kind: str, per: str) -> None:
    measures: dict[str, Row] = {
        "share": {"kind": "share", "among": "a", "of": {}, "by": "amount"},
        "ratio": {"kind": "ratio", "of": "a", "to": "b", "field": "amount"},
        "mean": {"kind": "mean", "of": "a", "field": "amount"},
    }
    rule = {"each": {"points": 1, "per": Decimal(per)}, "none": 7}
    assert points(measures[kind], rule, "id") == 7
    assert points(measures[kind], rule, "id\nx") == 7


EDGES = (-MOST, Decimal("-999999999999.9999"), Decimal("-0.0001"), 0, Decimal("0.0001"), Decimal("999999999999.9999"))


@pytest.mark.parametrize(
    ("number", "band"), [(-FIELD, 1), (1 - FIELD, 2), (-1, 2), (0, 4), (1, 5), (FIELD - 1, 5), (FIELD, 6)]
)
def test_bands_lie_where_they_are_said_to_to_four_places(number: int, band: int) -> None:
    edges = [{"from": edge, "points": n} for n, edge in enumerate((*EDGES, MOST), start=1)]
    rule = {"bands": [{"points": 0}, *edges], "none": -1}
    assert points(SUM, rule, amounts(number)) == band
    assert points({**SUM, "kind": "latest"}, rule, amounts(number)) == band
    assert points({**SUM, "kind": "mean"}, rule, amounts(number, number)) == band


@pytest.mark.parametrize(
    ("numbers", "divisor", "given"),
    [((-7,), 2, -4), ((7,), 2, 3), ((FIELD,), FIELD, 1), ((FIELD,), 1, 10_000), ((-FIELD,) * 3, 1, -10_000),
     ((1,), -1, 99), ((1,), 0, 99), ((FIELD - 1,), FIELD, 0), ((1 - FIELD,), FIELD, -1)],
)  # fmt: skip
def test_a_ratio_may_be_negative_and_has_no_divisor_of_0_or_less(
    numbers: tuple[int, ...], divisor: int, given: int
) -> None:
    events = "type | amount\n" + "\n".join(f"a | {number}" for number in numbers) + f"\nb | {divisor}"
    ratio = {"kind": "ratio", "of": "a", "to": "b", "field": "amount"}
    assert points(ratio, {"each": {"points": 1}, "none": 99}, events) == given


def test_a_share_by_amount_may_be_negative_and_above_1() -> None:
    by = {"kind": "share", "among": "a", "of": {"value": {"min": 1}}, "by": "amount"}
    rule = {"each": {"points": 1, "per": Decimal("0.0001")}, "none": 99}
    assert points(by, rule, "amount | value\n-3 | 1\n4 | 0") == -10_000
    assert points(by, rule, "amount | value\n3 | 1\n-1 | 0") == 10_000
    assert points(by, rule, "amount | value\n-1 | 1\n7 | 0") == -1667
    assert points(by, rule, "amount | value\n3 | 1\n-3 | 0") == 99


def test_different_ones_are_counted_once_and_null_is_none() -> None:
    cells = [(f"v{n % 97}" * (n % 5 > 0), f"w{n * n % 101}" * (n % 3 > 0), f"s{n % 4}", f"g{n % 6}" * (n % 2))
             for n in range(400)]  # fmt: skip
    rows = table("\n".join(" | ".join(row) for row in [("party", "matter", "source", "label"), *cells]))
    kinds = [{"kind": "distinct", "of": "a", "field": field} for field in ("party", "matter", "source", "label")]
    (row,) = agreed(small_policy(*({"measure": kind} for kind in kinds)), rows)
    seen = [len({event[kind["field"]] for event in rows} - {None}) for kind in kinds]
    assert [row[f"f{n}"] for n in range(1, 5)] == seen == [97, 51, 4, 3]


@pytest.mark.parametrize(
    ("among", "of", "streak"),
    [
        ("a", {}, 4),
        ("a", {"value": {"max": 0}}, 1),
        ("a", {"party": "v"}, 2),
        ({"type": "a", "party": "v"}, {"value": {"max": 0}}, 1),
        ({"type": "a", "matter": ["x", "y"]}, {"value": {"min": 1}}, 0),
        ({"type": "a", "value": {"min": 0}}, {"party": ["v", "w"]}, 2),
        ({"type": ["a", "b"]}, {"type": "a"}, 0),
        ({"type": ["a", "b"]}, {"type": "b"}, 1),
    ],
)
def test_a_streak_is_broken_by_what_is_among_and_not_of(among: Any, of: Row, streak: int) -> None:
    events = """type | time | value | party | matter
                a    | -9d  | 0     | w     | x
                a    | -8d  | 1     |       | x
                a    | -7d  | 1     | v     |
                a    | -6d  | 0     | v     | y
                b    | -5d  |       |       |"""
    points_of_one = {"each": {"points": 1}}
    assert points({"kind": "streak", "among": among, "of": of}, points_of_one, events) == streak


# --- Time at the limits -----------------------------------------------------------------------------------------------


def lived(*times: int) -> list[Row]:
    return [{**event, "time": time} for event, time in zip(table("id\n" + "\n".join("xyzuvw"[: len(times)])),
            times, strict=True)]  # fmt: skip


@pytest.mark.parametrize(("kind", "age"), [("days_since_first", 109_571), ("days_since_last", 0)])
def test_ages_reach_from_1900_to_2199(kind: str, age: int) -> None:
    rule = {"each": {"points": 1, "per": 20}}
    events = lived(EARLIEST, END - 1)
    assert points({"kind": kind, "of": "a"}, rule, events, as_of=END - 1) == age // 20
    assert points({"kind": kind, "of": "a"}, rule, events[:1], as_of=EARLIEST) == 0


def test_before_all_events_there_is_nothing() -> None:
    rule = {"each": {"points": 1}, "none": 5}
    assert points(COUNT, rule, lived(AS_OF), as_of=AS_OF - 1) == 0
    assert points({"kind": "days_since_last", "of": "a"}, rule, lived(AS_OF), as_of=EARLIEST) == 5


@pytest.mark.parametrize("half_life", [1, 36_500])
def test_what_decays_does_so_from_1900_to_2199(half_life: int) -> None:
    decayed = {"kind": "decayed", "of": "a", "half_life": f"{half_life}d"}
    as_of = END - 1
    spread = [as_of - days * DAY for days in (0, 1, 20, 21, 22)] + [EARLIEST]
    for per in ("0.0001", "0.5", "1"):
        points(decayed, {"each": {"points": 1, "per": Decimal(per)}}, lived(*spread), as_of=as_of)
    assert points(decayed, {"each": {"points": 10}}, lived(as_of), as_of=as_of) == 10
    assert points(decayed, {"each": {"points": 10}}, lived(as_of - DAY), as_of=as_of) == 0
    half = {"bands": [{"points": 0}, {"from": Decimal("0.5"), "points": 1}]}
    assert points(decayed, half, lived(as_of - half_life * DAY), as_of=as_of) == 1
    assert points(decayed, half, lived(as_of - half_life * DAY - DAY), as_of=as_of) == 0


def test_what_decays_still_counts_when_a_far_future_is_asked_for() -> None:
    decayed = {"kind": "decayed", "of": "a", "half_life": "36500d"}
    rule = {"each": {"points": 1, "per": Decimal("0.0001")}}
    assert points(decayed, rule, lived(EARLIEST), as_of=END + 36_500 * DAY) == floor(10_000 * 2 ** (-146_072 / 36_500))


@pytest.mark.parametrize("half_life", [1, 2, 3, 7, 90, 365, 36_500])
def test_weights_are_the_nearest_whole_numbers_to_powers_of_two(half_life: int) -> None:
    last = 21 * half_life
    weights = decay_weights(half_life, last + 2)
    assert weights[last:] == [1, 0, 0]
    for age in {*range(0, last + 1, max(1, last // 40)), last - 1, last}:
        # w is nearest to 2^(20 − a ÷ h), a half up: (2w − 1)^h ≤ 2^(21h − a) < (2w + 1)^h
        power = 1 << (21 * half_life - age)
        assert (2 * weights[age] - 1) ** half_life <= power < (2 * weights[age] + 1) ** half_life


# --- Scores at the limits ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "least", "most", "held", "total", "bounds"),
    [
        (MOST, -MOST, MOST, {}, MOST, -10_000),
        (-MOST, -MOST, MOST, {}, 10_000 - MOST, 0),
        (-MOST, -MOST, -MOST, {}, -MOST, -10_000),
        (MOST, MOST, MOST, {"max": -MOST}, MOST, MOST),
        (-MOST, -MOST, -MOST, {"min": MOST}, -MOST, -MOST),
        (0, -MOST, MOST, {"min": MOST}, MOST, 0),
        (0, -MOST, MOST, {"max": -MOST}, -MOST, 0),
    ],
)
def test_bounds_hold_scores_of_any_size(
    base: int, least: int, most: int, held: dict[str, int], total: int, bounds: int
) -> None:
    document = small_policy(
        {"measure": COUNT, "points": {"each": {"points": 10_000}}},
        score={"base": base, "min": least, "max": most},
        dimensions=[{"name": "d", "title": "D", **held}],
    )
    (row,) = agreed(document, "id\nx")
    assert (row["score"], row["bounds"]) == (total, bounds)
    assert base + row["f1"] + row["bounds.d"] + row["bounds"] == row["score"]


KNOWS = "\n".join(f"p | friend-{n}" for n in range(12))


@pytest.mark.parametrize("own", [MOST, -MOST, MOST - 1, 9 * 10**17])
@pytest.mark.parametrize("take", ["count", "mean", "min", "max"])
@pytest.mark.parametrize("friends", [1, 12])
def test_ties_read_own_scores_of_any_size(own: int, take: str, friends: int) -> None:
    bands = [{"points": 0}, *({"from": edge, "points": n} for n, edge in enumerate((1 - MOST, 12, 13, MOST), start=1))]
    document = small_policy(
        {"measure": {"kind": "ties", "take": take}, "points": {"bands": bands, "none": -5}},
        {"measure": {"kind": "ties", "take": take}, "points": {"each": {"points": -1, "per": MOST}, "none": 9}},
        score={"base": own, "min": -MOST, "max": MOST},
    )
    people = ["p", *(f"friend-{n}" for n in range(12)), "alone"]
    rows = agreed(document, "id\nx", people=people, ties=tie_table("a | b\n" + "\n".join(KNOWS.split("\n")[:friends])))
    by_person = {row["person"]: row for row in rows}
    assert by_person["alone"]["f1"] == (1 if take == "count" else -5)
    assert by_person["p"]["own_score"] == own


@seldom
@given(st.lists(st.sampled_from((-MOST, MOST, MOST - 1, 0, -1)), min_size=10, max_size=14))
@example([MOST] * 9 + [0])
@example([-MOST] * 9 + [0])
def test_the_mean_of_own_scores_is_exact_though_their_sum_leaves_64_bits(own_scores: list[int]) -> None:
    mean = Fraction(sum(own_scores), len(own_scores))
    parts = floor(mean * t.PARTS)
    edge = Decimal(parts).scaleb(-4)
    rules = [{"bands": [{"points": 0}, {"from": at, "points": 1}]} for at in (edge, edge + Decimal("0.0001"))
             if abs(at) <= MOST]  # fmt: skip
    policy = small(*({"measure": {"kind": "ties", "take": "mean"}, "points": rule} for rule in rules))
    scores = score_one(policy, [], person="p", as_of=AS_OF, friends=[(own, None) for own in own_scores])
    assert scores.points[:, 0].tolist() == [1, 0][: len(rules)]


def test_one_person_may_be_scored_from_events_alone() -> None:
    scores = score_one(small({"measure": COUNT}), table("person\np\nq\np"), person="p", as_of=AS_OF)
    assert (scores.people.to_pylist(), scores.score.tolist(), scores.own_score.tolist()) == (["p"], [2], [2])


def test_without_ties_a_factor_that_reads_them_finds_none() -> None:
    policy = small(
        {"measure": {"kind": "ties", "take": "count"}, "points": {"bands": [{"points": -3}, {"from": 1, "points": 4}]}},
        {"measure": {"kind": "ties", "take": "max"}, "points": {"each": {"points": 1}, "none": 20}},
    )
    scores = score(policy, Book.of(table("id\nx")), as_of=AS_OF)
    assert scores.points[:, 0].tolist() == [-3, 20]
    assert (scores.score.tolist(), scores.own_score.tolist()) == ([17], [0])


@pytest.mark.parametrize("person", [-1, 1, 10**9])
def test_nobody_stands_at_a_place_beyond_the_people(person: int) -> None:
    scorer = Scorer(small({"measure": COUNT}), Book.of(table("id\nx")), as_of=AS_OF)
    assert scorer.one(0) == (1, [1, 0, 0])
    with pytest.raises(IndexError):
        scorer.one(person)


def test_a_person_whose_sets_are_full_meets_none_of_another_persons_entries() -> None:
    distinct = {"measure": {"kind": "distinct", "of": "a", "field": "party"}}
    policy = small(distinct, {"measure": {"kind": "distinct", "of": "a", "field": "matter"}})
    rows = [
        {"id": f"{person}-{n}", "source": "s", "type": "a", "person": f"p{person:03}", "time": AS_OF - n,
         "party": f"{n % (person + 1)}", "matter": f"{n % 3}"}
        for person in range(70) for n in range(person + 1)
    ]  # fmt: skip
    scores = score(policy, Book.of(rows), as_of=AS_OF)
    assert scores.points[0].tolist() == list(range(1, 71))
    assert scores.points[1].tolist() == [1, 2] + [3] * 68


@seldom
@given(scorings())
def test_contributions_have_names_and_standing_has_rows_for_everyone(scoring: Scoring) -> None:
    scores = scored(scoring)
    policy = policy_of(scoring)
    standing = stand(scores)
    assert standing.listed.shape == (len(policy.lists), len(scores))
    assert standing.reasons.shape == (4, len(scores))
    if len(scores):
        names = list(scores.contributions(0))
        held = [f"bounds.{dimension.name}" for dimension in policy.dimensions]
        assert names == ["base", *(factor.name for factor in policy.factors), *held, "bounds"]


# --- A million events -------------------------------------------------------------------------------------------------


def million(**columns: Any) -> pa.RecordBatch:
    size = 10**6
    usual = {"id": np.arange(size).astype(str), "source": np.full(size, "s"), "type": np.full(size, "a"),
             "person": np.full(size, "p"), "time": AS_OF - np.arange(size)}  # fmt: skip
    arrays = [pa.array({**usual, **columns}.get(name, pa.nulls(size)), type_) for name, type_ in zip(
        SCHEMA.names, SCHEMA.types, strict=True)]  # fmt: skip
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


@pytest.mark.compiled
@pytest.mark.parametrize("amount", [FIELD, -FIELD])
def test_a_million_of_the_greatest_amounts_add_up(amount: int) -> None:
    book = Book.build([million(amount=np.full(10**6, amount))], keep_ids=False)
    edges = [amount * 10**6, amount, 0] if amount < 0 else [0, amount, amount * 10**6]
    rule = {"bands": [{"points": 0}, *({"from": edge, "points": n} for n, edge in enumerate(edges, 1))], "none": 9}
    of = {"of": "a", "field": "amount"}
    kinds = [{"kind": kind, **of} for kind in ("sum", "mean", "min", "max", "latest")]
    kinds.append({"kind": "ratio", "of": "a", "to": "a", "field": "amount"})
    kinds.append({"kind": "decayed", "of": "a", "half_life": "1d"})
    policy = small(*({"measure": kind, "points": rule} for kind in kinds))
    given = score(policy, book, as_of=AS_OF).points[:, 0].tolist()
    assert given == ([3, 2, 2, 2, 2, 1, 1] if amount > 0 else [1, 2, 2, 2, 2, 9, 3])
