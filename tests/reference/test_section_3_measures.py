"""Specification section 3, a claim a test: windows, filters, every kind of measure, and the events that each used."""

from typing import Any

import pytest

from goodstanding.reference.section_3_measures import weight
from goodstanding.testing import AS_OF, DAY, result_of, small_policy

COUNT_A = {"kind": "count", "of": "a"}


def measured(measure: dict[str, Any], text: str = "id", **factor: Any) -> Any:
    points = (
        {"labels": {"x": 1}}
        if measure.get("field") == "label" and measure["kind"] == "latest"
        else {"each": {"points": 0}}
    )
    return result_of(small_policy({"measure": measure, "points": points, **factor}), text).measures["f1"]


def used(measure: dict[str, Any], text: str) -> list[str]:
    policy = small_policy({"measure": measure})
    return [id_ for _, id_ in result_of(policy, text).used["f1"]]


def selected(of: Any, text: str) -> list[str]:
    return used({"kind": "count", "of": of}, text)


# --- Windows ----------------------------------------------------------------------------------------------------------


def test_a_window_leaves_out_its_first_moment_and_keeps_as_of() -> None:
    assert measured(COUNT_A, "time\n -730d-1\n -730d\n -730d+1\n 0d", window="730d") == (2, 1)


def test_a_window_from_to_leaves_out_its_first_moment_and_keeps_its_last() -> None:
    window = {"from": "730d", "to": "365d"}
    assert measured(COUNT_A, "time\n -730d\n -730d+1\n -365d\n -365d+1\n 0d", window=window) == (2, 1)


def test_first_and_latest_are_those_inside_the_window() -> None:
    rows = "time | value\n -9d | 1\n -5d | 2\n -1d | 3"
    window = {"from": "7d", "to": "2d"}
    assert measured({"kind": "latest", "of": "a", "field": "value"}, rows, window=window) == (2, 1)
    assert measured({"kind": "days_since_first", "of": "a"}, rows, window="7d") == (5, 1)


# --- Filters ----------------------------------------------------------------------------------------------------------


def test_a_type_selects_only_itself() -> None:
    assert selected("rail", "id | type\n e1 | rail\n e2 | rail.smoking\n e3 | railway.x") == ["e1"]


def test_a_prefix_selects_every_type_below_it_neither_itself_nor_a_longer_word() -> None:
    rows = "id | type\n e1 | rail\n e2 | rail.smoking\n e3 | rail.ticket.sold\n e4 | railway.x"
    assert selected("rail.*", rows) == ["e2", "e3"]
    assert selected("rail.ticket.*", rows) == ["e3"]


def test_a_list_of_types_and_prefixes_selects_what_any_of_them_does() -> None:
    rows = "id | type\n e1 | a\n e2 | b\n e3 | c\n e4 | rail.smoking"
    assert selected({"type": ["a", "c", "rail.*"]}, rows) == ["e1", "e3", "e4"]


def test_a_type_that_two_names_of_a_list_cover_is_selected_once() -> None:
    assert selected({"type": ["rail.*", "rail.smoking"]}, "id | type\n e1 | rail.smoking") == ["e1"]


@pytest.mark.parametrize("column", ["source", "label", "party", "matter"])
def test_a_string_is_tested_against_one_or_a_list(column: str) -> None:
    rows = f"id | {column}\n e1 | x\n e2 | y\n e3 | z"
    assert selected({"type": "a", column: "x"}, rows) == ["e1"]
    assert selected({"type": "a", column: ["x", "z"]}, rows) == ["e1", "e3"]


@pytest.mark.parametrize("column", ["amount", "value"])
def test_min_and_max_are_inclusive_and_either_may_be_missing(column: str) -> None:
    rows = f"id | {column}\n e1 | -1\n e2 | 0\n e3 | 5\n e4 | 6"
    assert selected({"type": "a", column: {"min": 0, "max": 5}}, rows) == ["e2", "e3"]
    assert selected({"type": "a", column: {"min": 5}}, rows) == ["e3", "e4"]
    assert selected({"type": "a", column: {"max": 0}}, rows) == ["e1", "e2"]


def test_a_decimal_bound_is_compared_exactly() -> None:
    rows = "id | value\n e1 | 1\n e2 | 2"
    assert selected({"type": "a", "value": {"min": 1.0001}}, rows) == ["e2"]
    assert selected({"type": "a", "value": {"max": 1.9999}}, rows) == ["e1"]


@pytest.mark.parametrize(
    "test", [{"label": "x"}, {"party": "x"}, {"matter": "x"}, {"amount": {"max": 9}}, {"value": {"min": 0}}]
)
def test_a_null_never_satisfies_a_test(test: dict[str, Any]) -> None:
    assert selected({"type": "a", **test}, "id | label\n e1 |") == []


def test_all_given_tests_must_hold() -> None:
    rows = "id | label | value\n e1 | x | 1\n e2 | x | 2\n e3 | y | 1"
    assert selected({"type": "a", "label": "x", "value": {"max": 1}}, rows) == ["e1"]


def test_an_empty_of_in_share_and_streak_selects_all() -> None:
    rows = "type | label\n a |\n a | x\n b | x"
    assert measured({"kind": "share", "among": "a", "of": {}}, rows) == (2, 2)
    assert measured({"kind": "streak", "among": "a", "of": {}}, rows) == (2, 1)


# --- The kinds --------------------------------------------------------------------------------------------------------


def test_count_is_how_many() -> None:
    assert measured(COUNT_A, "type\n a\n b\n a") == (2, 1)


def test_count_of_nothing_is_0() -> None:
    assert measured(COUNT_A) == (0, 1)


def test_sum_adds_the_field_of_those_that_have_it() -> None:
    rows = "id | amount\n e1 | 5\n e2 |\n e3 | -7"
    assert measured({"kind": "sum", "of": "a", "field": "amount"}, rows) == (-2, 1)
    assert used({"kind": "sum", "of": "a", "field": "amount"}, rows) == ["e1", "e3"]


def test_sum_of_nothing_is_0() -> None:
    assert measured({"kind": "sum", "of": "a", "field": "value"}, "value | label\n | x") == (0, 1)


def test_mean_divides_by_how_many_have_the_field_and_is_not_reduced() -> None:
    assert measured({"kind": "mean", "of": "a", "field": "value"}, "value | label\n 3 |\n 3 |\n | x") == (6, 2)


@pytest.mark.parametrize("kind", ["mean", "min", "max", "latest"])
def test_a_measure_of_a_field_that_no_event_has_is_nothing(kind: str) -> None:
    measure = {"kind": kind, "of": "a", "field": "value"}
    assert measured(measure) is None
    assert measured(measure, "value | label\n | x") is None


def test_min_and_max_use_the_first_event_that_has_the_least_or_the_greatest() -> None:
    rows = "id | value\n e1 | 4\n e2 | -3\n e3 | -3\n e4 | 9\n e5 | 9\n e6 |"
    assert measured({"kind": "min", "of": "a", "field": "value"}, rows) == (-3, 1)
    assert used({"kind": "min", "of": "a", "field": "value"}, rows) == ["e2"]
    assert measured({"kind": "max", "of": "a", "field": "value"}, rows) == (9, 1)
    assert used({"kind": "max", "of": "a", "field": "value"}, rows) == ["e4"]


def test_latest_is_the_field_of_the_latest_event_that_has_it() -> None:
    rows = "id | time | value | label\n e1 | -3d | 4 | x\n e2 | -2d | 5 |\n e3 | -1d | | y\n e4 | 0d | |"
    assert measured({"kind": "latest", "of": "a", "field": "value"}, rows) == (5, 1)
    assert measured({"kind": "latest", "of": "a", "field": "label"}, rows) == "y"
    assert used({"kind": "latest", "of": "a", "field": "value"}, rows) == ["e2"]


def test_latest_label_of_no_event_is_nothing() -> None:
    assert measured({"kind": "latest", "of": "a", "field": "label"}, "label | value\n | 3") is None


def test_days_since_are_whole_days_rounded_down() -> None:
    rows = "id | time\n e1 | -9d\n e2 | -9d+1\n e3 | -1d+1"
    assert measured({"kind": "days_since_first", "of": "a"}, rows) == (9, 1)
    assert measured({"kind": "days_since_last", "of": "a"}, rows) == (0, 1)
    assert used({"kind": "days_since_first", "of": "a"}, rows) == ["e1"]
    assert used({"kind": "days_since_last", "of": "a"}, rows) == ["e3"]


@pytest.mark.parametrize("kind", ["days_since_first", "days_since_last"])
def test_days_since_an_event_that_never_was_is_nothing(kind: str) -> None:
    assert measured({"kind": kind, "of": "a"}) is None


@pytest.mark.parametrize("field", ["label", "party", "matter", "source"])
def test_distinct_counts_different_values(field: str) -> None:
    assert measured({"kind": "distinct", "of": "a", "field": field}, f"{field} | value\n x | 1\n y | 1\n x | 2") == (
        2,
        1,
    )


def test_distinct_passes_over_nulls() -> None:
    rows = "id | party\n e1 | x\n e2 |\n e3 | x"
    assert measured({"kind": "distinct", "of": "a", "field": "party"}, rows) == (1, 1)
    assert used({"kind": "distinct", "of": "a", "field": "party"}, rows) == ["e1", "e3"]
    assert measured({"kind": "distinct", "of": "b", "field": "party"}, rows) == (0, 1)


def test_share_counts_events_of_among_that_also_satisfy_of() -> None:
    rows = "id | type | value\n e1 | a | 0\n e2 | a | 3\n e3 | a |\n e4 | b | 0"
    measure = {"kind": "share", "among": "a", "of": {"value": {"max": 0}}}
    assert measured(measure, rows) == (1, 3)
    assert used(measure, rows) == ["e1", "e2", "e3"]


def test_share_by_sums_the_field_over_those_that_have_it() -> None:
    rows = "id | value | amount\n e1 | 0 | 30\n e2 | 3 | 70\n e3 | 0 |"
    measure = {"kind": "share", "among": "a", "of": {"value": {"max": 0}}, "by": "amount"}
    assert measured(measure, rows) == (30, 100)
    assert used(measure, rows) == ["e1", "e2"]


def test_share_may_be_negative_or_above_1() -> None:
    measure = {"kind": "share", "among": "a", "of": {"value": {"max": 0}}, "by": "amount"}
    assert measured(measure, "value | amount\n 0 | -30\n 3 | 40") == (-30, 10)
    assert measured(measure, "value | amount\n 0 | 30\n 3 | -20") == (30, 10)


@pytest.mark.parametrize("rest", [-30, -31])
def test_share_is_nothing_where_the_divisor_is_not_above_0(rest: int) -> None:
    measure = {"kind": "share", "among": "a", "of": {"value": {"max": 0}}, "by": "amount"}
    assert measured(measure, f"value | amount\n 0 | 30\n 3 | {rest}") is None


def test_share_among_nothing_is_nothing() -> None:
    assert measured({"kind": "share", "among": "a", "of": {}}) is None


def test_ratio_divides_sums() -> None:
    rows = "id | type | amount\n e1 | a | 30\n e2 | a | 5\n e3 | b | 70\n e4 | b |"
    measure = {"kind": "ratio", "of": "a", "to": "b", "field": "amount"}
    assert measured(measure, rows) == (35, 70)
    assert used(measure, rows) == ["e1", "e2", "e3"]


def test_ratio_of_sums_with_no_dividend_is_0() -> None:
    assert measured({"kind": "ratio", "of": "a", "to": "b", "field": "amount"}, "type | amount\n b | 70") == (0, 70)


def test_ratio_of_sums_may_be_negative() -> None:
    assert measured({"kind": "ratio", "of": "a", "to": "b", "field": "amount"}, "type|amount\n a|-3\n b|2") == (-3, 2)


@pytest.mark.parametrize("divisor", ["", "0", "-1"])
@pytest.mark.parametrize("take", ["sum", "latest"])
def test_ratio_is_nothing_where_the_divisor_is_missing_or_not_above_0(take: str, divisor: str) -> None:
    measure = {"kind": "ratio", "of": "a", "to": "b", "field": "amount", "take": take}
    assert measured(measure, f"type | amount\n a | 30\n b | {divisor}") is None


def test_ratio_latest_divides_the_fields_of_the_latest_that_have_it() -> None:
    rows = "id | type | amount\n e1 | a | 30\n e2 | a | 5\n e3 | a |\n e4 | b | 70\n e5 | b | 2"
    measure = {"kind": "ratio", "of": "a", "to": "b", "field": "amount", "take": "latest"}
    assert measured(measure, rows) == (5, 2)
    assert used(measure, rows) == ["e2", "e5"]


def test_ratio_latest_is_nothing_where_the_dividend_is_missing() -> None:
    measure = {"kind": "ratio", "of": "a", "to": "b", "field": "amount", "take": "latest"}
    assert measured(measure, "type | amount\n a |\n b | 70") is None


def test_an_event_on_both_sides_of_a_ratio_is_evidence_once() -> None:
    assert used(
        {"kind": "ratio", "of": "a", "to": {"type": ["a", "b"]}, "field": "amount"}, "id | amount\n e1 | 3"
    ) == ["e1"]


def test_streak_counts_the_latest_events_without_a_gap() -> None:
    rows = "id | type | value\n e1 | a | 0\n e2 | a | 9\n e3 | a | 0\n e4 | b | 9\n e5 | a | 0"
    measure = {"kind": "streak", "among": "a", "of": {"value": {"max": 0}}}
    assert measured(measure, rows) == (2, 1)
    assert used(measure, rows) == ["e3", "e5"]


def test_a_streak_that_the_latest_event_breaks_is_0() -> None:
    assert measured({"kind": "streak", "among": "a", "of": {"value": {"max": 0}}}, "value|id\n 0|e1\n |e2") == (0, 1)


# --- Decay ------------------------------------------------------------------------------------------------------------


def test_decayed_sums_weights_of_whole_days_of_age() -> None:
    rows = "time\n 0d\n -90d+1\n -90d\n -180d"
    total = 2**20 + weight(89, 90) + 2**19 + 2**18
    assert measured({"kind": "decayed", "of": "a", "half_life": "90d"}, rows) == (total, 2**20)


def test_decayed_of_nothing_is_0() -> None:
    assert measured({"kind": "decayed", "of": "a", "half_life": "90d"}) == (0, 2**20)


def test_a_weight_is_the_nearest_whole_number() -> None:
    # 2^20 · 2^(−1/2) = 741,455.2…; 2^20 · 2^(−3/2) = 370,727.6…; 2^20 · 2^(−1/7) = 949,720.09…
    assert (weight(1, 2), weight(3, 2), weight(1, 7)) == (741_455, 370_728, 949_720)


def test_a_half_rounds_up() -> None:
    assert (weight(20, 1), weight(21, 1), weight(22, 1)) == (1, 1, 0)  # 1, one half, one quarter


def test_an_event_twenty_two_half_lives_old_weighs_nothing_and_is_still_evidence() -> None:
    assert weight(22 * 36_500, 36_500) == 0
    assert used({"kind": "decayed", "of": "a", "half_life": "1d"}, "id | time\n e1 | -99d") == ["e1"]


@pytest.mark.parametrize(("half_life", "age"), [(1, 3), (7, 100), (90, 1889), (90, 1890), (365, 5000), (3650, 1)])
def test_a_weight_is_within_a_half_of_the_power(half_life: int, age: int) -> None:
    n, power = weight(age, half_life), 21 * half_life - age
    assert (2 * n - 1) ** half_life <= 2**power < (2 * n + 1) ** half_life


# --- Lists and ties ---------------------------------------------------------------------------------------------------


LISTED = {"lists": [{"name": "l", "title": "L", "opened": "a", "closed": "b", "key": "matter"}]}


def test_on_list_is_1_for_who_is_on_it_and_uses_the_events_that_opened() -> None:
    policy = small_policy({"measure": {"kind": "on_list", "list": "l"}}, **LISTED)
    rows = "id | type | time | matter\n e1|a|-9d|m\n e2|a|-8d|m\n e3|a|-7d|n\n e4|a|-6d|o\n e5|b|-5d|o"
    result = result_of(policy, rows)
    assert result.measures["f1"] == (1, 1)
    assert result.used["f1"] == [("s", "e1"), ("s", "e3")]


def test_a_list_that_takes_several_openings_names_those_that_were_counted_when_it_began() -> None:
    rule = {"name": "l", "title": "L", "opened": "a", "times": 2, "within": "10d"}
    policy = small_policy({"measure": {"kind": "on_list", "list": "l"}}, lists=[rule])
    rows = "id | time\n e1 | -40d\n e2 | -25d\n e3 | -16d\n e4 | -9d"
    assert result_of(policy, rows).used["f1"] == [("s", "e2"), ("s", "e3")]


def test_on_list_is_0_for_who_is_not_on_it() -> None:
    result = result_of(small_policy({"measure": {"kind": "on_list", "list": "l"}}, **LISTED))
    assert (result.measures["f1"], result.used["f1"]) == ((0, 1), [])


@pytest.mark.parametrize(
    ("take", "expected"), [("count", (3, 1)), ("mean", (90, 3)), ("min", (-10, 1)), ("max", (70, 1))]
)
def test_ties_take_others_own_scores(take: str, expected: tuple[int, int]) -> None:
    policy = small_policy({"measure": {"kind": "ties", "take": take}})
    result = result_of(policy, friends=[(30, None), (-10, "x"), (70, "x")])
    assert (result.measures["f1"], result.used["f1"]) == (expected, [])


@pytest.mark.parametrize(("take", "expected"), [("count", (0, 1)), ("mean", None), ("min", None), ("max", None)])
def test_no_ties_count_0_and_are_nothing_otherwise(take: str, expected: tuple[int, int] | None) -> None:
    assert measured({"kind": "ties", "take": take}) == expected


def test_a_named_tie_reads_only_ties_of_that_kind() -> None:
    policy = small_policy({"measure": {"kind": "ties", "take": "count", "tie": "x"}})
    assert result_of(policy, friends=[(30, None), (-10, "x"), (70, "y")]).measures["f1"] == (1, 1)


def test_spans_are_days_of_86_400_seconds() -> None:
    assert DAY == 86_400 * 1_000_000
    assert AS_OF % DAY == 0
