"""Points: what is given for a measure, by hand; the most and the least that can be given."""

from fractions import Fraction

import pytest

from goodstanding.measures import Reading
from goodstanding.points import FORMS, Bands, Each, Labels, Points

NOTHING = Reading()
BANDS = Bands(((None, -60), (Fraction(4, 5), -10), (Fraction(1), 40)), none=-3)


@pytest.mark.parametrize(
    ("numerator", "denominator", "points"),
    [
        (0, 1, -60),
        (-7, 2, -60),
        (79_999, 100_000, -60),
        (4, 5, -10),
        (8, 10, -10),
        (99, 100, -10),
        (7, 7, 40),
        (9, 1, 40),
    ],
)
def test_a_band_begins_at_its_from_exactly(numerator: int, denominator: int, points: int) -> None:
    assert BANDS.of(Reading(numerator, denominator)) == points


@pytest.mark.parametrize(
    ("each", "numerator", "denominator", "points"),
    [
        (Each(3), 5, 1, 15),
        (Each(3), 5, 2, 6),
        (Each(3), -5, 2, -9),
        (Each(-3, per=Fraction(1, 4)), 1, 1, -12),
        (Each(-3, min=-10), 100, 1, -10),
        (Each(-3, max=0), -100, 1, 0),
        (Each(10_000), 10**12, 1, 10_000),
        (Each(-10_000), 10**12, 1, -10_000),
    ],
)
def test_each_full_unit_counts_and_bounds_hold(each: Each, numerator: int, denominator: int, points: int) -> None:
    assert each.of(Reading(numerator, denominator)) == points


def test_a_label_has_its_points_and_all_others_theirs() -> None:
    labels = Labels({"bachelor": 10, "": 3}, other=-1)
    assert [labels.of(Reading(label=label)) for label in ("bachelor", "Bachelor", "")] == [10, -1, 3]


@pytest.mark.parametrize("points", [BANDS, Each(3, none=-3, min=7), Labels({"a": 1}, none=-3)])
def test_nothing_has_points_of_its_own_that_no_bound_holds(points: Points) -> None:
    assert points.of(NOTHING) == -3


@pytest.mark.parametrize(
    ("points", "least", "most"),
    [
        (BANDS, -60, 40),
        (Bands(((None, 5),), none=0), 5, 5),
        (Labels({"a": 1, "b": 9}), 0, 9),
        (Labels({"a": 1}, other=4), 1, 4),
        (Each(5), 0, 10_000),
        (Each(-5), -10_000, 0),
        (Each(0), 0, 0),
        (Each(5, min=-2, max=3), -2, 3),
        (Each(-5, min=-2, max=3), -2, 3),
        (Each(-5, min=-60), -60, 0),
    ],
)
def test_the_least_and_the_most_are_those_of_the_form(points: Points, least: int, most: int) -> None:
    assert (points.least(can_be_nothing=False), points.most(can_be_nothing=False)) == (least, most)


def test_what_is_given_for_nothing_counts_where_the_measure_can_be_nothing() -> None:
    assert Bands(((None, 5),), none=9).most(can_be_nothing=True) == 9
    assert Bands(((None, 5),), none=9).most(can_be_nothing=False) == 5
    assert Bands(((None, 5),)).least(can_be_nothing=True) == 0
    assert Bands(((None, 5),)).least(can_be_nothing=False) == 5


def test_every_form_has_an_example_and_says_what_it_is() -> None:
    assert [form for form, points in FORMS.items() if form not in points.example or not points.about] == []
