"""Specification section 3, "Points", a claim a test; and the most and the least that points can give."""

from decimal import Decimal
from typing import Any

import pytest

from goodstanding.reference import least, most
from goodstanding.testing import result_of, small_policy

SUM = {"kind": "sum", "of": "a", "field": "value"}
LATEST = {"kind": "latest", "of": "a", "field": "value"}
COUNT = {"kind": "count", "of": "a"}
RATIO = {"kind": "ratio", "of": "a", "to": "b", "field": "value"}


def given(points: dict[str, Any], value: int | None, measure: dict[str, Any] | None = None) -> int:
    policy = small_policy({"measure": measure or LATEST, "points": points})
    return result_of(policy, f"value | label\n {'' if value is None else value} | x").points["f1"]


BANDS = {"bands": [{"points": -60}, {"from": Decimal("0.5"), "points": -10}, {"from": 2, "points": 40}]}


@pytest.mark.parametrize(("value", "points"), [(-9, -60), (0, -60), (1, -10), (2, 40), (10**12, 40)])
def test_the_last_band_whose_from_is_reached_gives_the_points(value: int, points: int) -> None:
    assert given(BANDS, value) == points


def test_one_band_gives_its_points_to_every_number() -> None:
    assert given({"bands": [{"points": 7}]}, -5) == 7


def test_bands_compare_fractions_exactly() -> None:
    policy = small_policy(
        {"measure": RATIO, "points": {"bands": [{"points": 0}, {"from": Decimal("0.3333"), "points": 1}]}}
    )
    assert result_of(policy, "type | value\n a | 3333\n b | 10000").points["f1"] == 1
    assert result_of(policy, "type | value\n a | 333299999999\n b | 1000000000000").points["f1"] == 0


def test_each_gives_points_for_every_whole_per() -> None:
    assert given({"each": {"points": 3, "per": 5}}, 14) == 6


def test_each_is_per_1_by_default() -> None:
    assert given({"each": {"points": -3}}, 4) == -12


def test_each_rounds_a_negative_measure_down() -> None:
    assert given({"each": {"points": 3, "per": 5}}, -1) == -3
    assert given({"each": {"points": -3, "per": 5}}, -6) == 6


def test_each_divides_by_a_decimal_exactly() -> None:
    assert given({"each": {"points": 1, "per": Decimal("0.3")}}, 3) == 10


def test_each_is_held_within_its_min_and_max() -> None:
    assert given({"each": {"points": 3, "min": -5, "max": 7}}, 100) == 7
    assert given({"each": {"points": 3, "min": -5, "max": 7}}, -100) == -5


def test_each_is_held_within_10_000_by_default() -> None:
    assert given({"each": {"points": 1}}, 10_001) == 10_000
    assert given({"each": {"points": 1}}, -10_001) == -10_000


def test_each_of_a_fraction_counts_whole_pers() -> None:
    policy = small_policy({"measure": RATIO, "points": {"each": {"points": 10, "per": Decimal("0.25")}}})
    assert result_of(policy, "type | value\n a | 3\n b | 4").points["f1"] == 30


def test_labels_map_a_label_to_points_with_other_for_the_rest() -> None:
    measure = {"kind": "latest", "of": "a", "field": "label"}
    policy = small_policy({"measure": measure, "points": {"labels": {"x": 5}, "other": -3, "none": 9}})
    assert result_of(policy, "label\n x").points["f1"] == 5
    assert result_of(policy, "label\n y").points["f1"] == -3
    assert result_of(policy, "label | value\n | 1").points["f1"] == 9


def test_other_is_0_by_default() -> None:
    measure = {"kind": "latest", "of": "a", "field": "label"}
    assert given({"labels": {"y": 5}}, 1, measure) == 0


def test_nothing_gives_none() -> None:
    assert given({**BANDS, "none": 13}, None) == 13


def test_none_is_0_by_default_not_the_first_band() -> None:
    assert given(BANDS, None) == 0


def test_the_min_and_max_of_each_do_not_hold_none() -> None:
    assert given({"each": {"points": 1, "min": 5, "max": 7}, "none": -100}, None) == -100
    assert given({"each": {"points": 1, "min": 5, "max": 7}}, None) == 0


def test_a_measure_of_0_is_not_nothing() -> None:
    assert given({"bands": [{"points": 4}], "none": 13}, None, SUM) == 4


# --- The most and the least -------------------------------------------------------------------------------------------

CAN_BE_NOTHING = [
    LATEST,
    RATIO,
    {"kind": "mean", "of": "a", "field": "value"},
    {"kind": "min", "of": "a", "field": "value"},
    {"kind": "max", "of": "a", "field": "value"},
    {"kind": "days_since_first", "of": "a"},
    {"kind": "days_since_last", "of": "a"},
    {"kind": "share", "among": "a", "of": {}},
    *({"kind": "ties", "take": take} for take in ("mean", "min", "max")),
]
NEVER_NOTHING = [
    COUNT,
    SUM,
    {"kind": "distinct", "of": "a", "field": "label"},
    {"kind": "streak", "among": "a", "of": {}},
    {"kind": "decayed", "of": "a", "half_life": "9d"},
    {"kind": "on_list", "list": "l"},
    {"kind": "ties", "take": "count"},
]


@pytest.mark.parametrize("measure", CAN_BE_NOTHING, ids=str)
def test_none_counts_towards_most_and_least_where_the_measure_can_be_nothing(measure: dict[str, Any]) -> None:
    assert most({**BANDS, "none": 50}, measure) == 50
    assert least({**BANDS, "none": -70}, measure) == -70


@pytest.mark.parametrize("measure", NEVER_NOTHING, ids=str)
def test_none_counts_for_nothing_where_the_measure_cannot_be_nothing(measure: dict[str, Any]) -> None:
    assert most({**BANDS, "none": 50}, measure) == 40
    assert least({**BANDS, "none": -70}, measure) == -60


def test_the_default_none_counts_too() -> None:
    assert most({"bands": [{"points": -5}]}, LATEST) == 0
    assert least({"bands": [{"points": 5}]}, LATEST) == 0
    assert most({"bands": [{"points": -5}]}, COUNT) == -5
    assert least({"bands": [{"points": 5}]}, COUNT) == 5


def test_the_most_and_the_least_of_labels_include_other() -> None:
    labels = {"labels": {"x": -5, "y": -9}, "other": -20, "none": -7}
    assert (least(labels, LATEST), most(labels, LATEST)) == (-20, -5)
    assert most({"labels": {"x": -5}, "none": -7}, LATEST) == 0


@pytest.mark.parametrize(
    ("each", "expected"),
    [
        ({"points": 3}, (0, 10_000)),
        ({"points": -3}, (-10_000, 0)),
        ({"points": 0}, (0, 0)),
        ({"points": 3, "min": -5, "max": 7}, (-5, 7)),
        ({"points": -3, "max": 7}, (-10_000, 7)),
        ({"points": 3, "min": -5}, (-5, 10_000)),
    ],
)
def test_the_least_and_the_most_of_each(each: dict[str, Any], expected: tuple[int, int]) -> None:
    assert (least({"each": each}, COUNT), most({"each": each}, COUNT)) == expected
