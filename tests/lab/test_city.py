"""A city's residents: drawn each by their number, as many of each kind as the parameters say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from goodstanding.errors import InputError
from goodstanding.lab.city import account_names, city, found, names
from goodstanding.lab.city.arrays import DEGREES, RETIRED, STUDENT, WORKS, Traits
from goodstanding.lab.city.calendar import days_in, month_label, month_start, month_starts
from goodstanding.lab.city.normal import deviation_of, share_below
from goodstanding.lab.city.people import NEIGHBOURHOOD, traits_of
from goodstanding.lab.parameters import load
from goodstanding.lab.streams import key_of

PARAMETERS = load()
KEY = key_of(11)


@pytest.fixture(scope="module")
def many() -> Traits:
    return traits_of(PARAMETERS, KEY, 40_000, threads=2)


def same(one: Traits, other: Traits) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in Traits._fields)


@pytest.mark.kernel
def test_another_resident_changes_nobody() -> None:
    few = traits_of(PARAMETERS, KEY, 60)
    assert same(few, Traits._make(column[:60] for column in traits_of(PARAMETERS, KEY, 83)))
    assert not same(few, traits_of(PARAMETERS, key_of(12), 60))


@pytest.mark.kernel
def test_a_city_is_founded_of_as_many_as_one_asks_for() -> None:
    for residents in (1, 2, 40):
        town = found(residents, 5, PARAMETERS)
        assert (town.seed, town.residents, town.traits.age.size) == (5, residents, residents)
        assert town.edges.a.size == town.edges.b.size
        assert (town.edges.a < town.edges.b).all()


@pytest.mark.kernel
@pytest.mark.parametrize(("residents", "seed"), [(0, 1), (20_000_001, 1), (1, -1)])
def test_a_city_of_nobody_or_of_no_seed_is_refused(residents: int, seed: int) -> None:
    with pytest.raises(InputError, match="expected"):
        found(residents, seed, PARAMETERS)


@pytest.mark.compiled
def test_threads_change_nothing(many: Traits) -> None:
    assert same(many, traits_of(PARAMETERS, KEY, 40_000, threads=1))


@pytest.mark.compiled
def test_households_are_neighbours_of_the_published_sizes(many: Traits) -> None:
    heads, sizes = np.unique(many.household, return_counts=True)
    assert (np.diff(many.household) >= 0).all()
    assert (heads // NEIGHBOURHOOD == (heads + sizes - 1) // NEIGHBOURHOOD).all()
    assert (many.household[heads] == heads).all()
    alone = PARAMETERS.numbers("people.household_sizes")[0] / 1_000
    assert (sizes == 1).mean() == pytest.approx(alone, abs=0.015)
    assert sizes.max() <= 6


@pytest.mark.compiled
def test_a_neighbourhood_lies_in_one_district(many: Traits) -> None:
    blocks = many.district[: 40_000 - 40_000 % NEIGHBOURHOOD].reshape(-1, NEIGHBOURHOOD)
    assert (blocks == blocks[:, :1]).all()
    assert np.unique(many.district).tolist() == list(range(12))


@pytest.mark.compiled
def test_there_are_as_many_of_each_age_schooling_and_work_as_is_said(many: Traits) -> None:
    bands = np.histogram(many.age, [18, 25, 35, 45, 60, 75, 91])[0] / 40
    assert bands == pytest.approx(PARAMETERS.numbers("people.age_shares"), abs=12)
    education = np.bincount(many.education, minlength=len(DEGREES)) / 40
    assert education == pytest.approx(PARAMETERS.numbers("people.education_shares"), abs=20)
    work = np.bincount(many.work, minlength=len(WORKS)) / 40
    assert work == pytest.approx(PARAMETERS.numbers("people.work_shares"), abs=12)
    assert many.age[many.work == STUDENT].max() < 25
    assert many.age[many.work == RETIRED].min() >= 60


@pytest.mark.compiled
def test_incomes_are_as_high_and_as_unequal_as_is_said(many: Traits) -> None:
    logs = np.log(many.income)
    assert np.median(many.income) == pytest.approx(PARAMETERS.number("people.income_median"), rel=0.05)
    assert logs.std() == pytest.approx(PARAMETERS.number("people.income_sigma"), abs=0.04)
    between = np.var([logs[many.district == district].mean() for district in range(12)])
    assert between / logs.var() == pytest.approx(PARAMETERS.number("people.district_inequality"), abs=0.05)
    assert logs[many.education == 2].mean() > logs[many.education == 0].mean()


@pytest.mark.compiled
def test_the_minority_is_poorer_gathered_and_exactly_as_honest(many: Traits) -> None:
    ours = many.minority
    assert ours.mean() == pytest.approx(PARAMETERS.number("people.minority_share"), abs=0.01)
    poor = many.district < 3
    odds = [share / (1 - share) for share in (poor[ours].mean(), poor[~ours].mean())]
    assert odds[0] / odds[1] == pytest.approx(PARAMETERS.number("people.minority_district_bias"), rel=0.25)
    assert np.exp(np.log(many.income[ours]).mean() - np.log(many.income[~ours]).mean()) < 0.9
    assert many.honesty[ours].mean() == pytest.approx(many.honesty[~ours].mean(), abs=0.015)


@pytest.mark.compiled
def test_a_fifth_cannot_meet_a_month(many: Traits) -> None:
    assert (many.means < 1).mean() == pytest.approx(PARAMETERS.number("people.liquidity_constrained"), abs=0.015)
    assert np.corrcoef(np.log(many.means), np.log(many.income))[0, 1] > 0.2


@pytest.mark.compiled
@pytest.mark.parametrize(
    ("trait", "parameter"),
    [
        ("driver", "events.drivers"),
        ("parent", "events.parents_of_infants"),
        ("card_holder", "people.card_holders"),
        ("member", "people.members"),
    ],
)
def test_there_are_as_many_with_a_trait_as_is_said(many: Traits, trait: str, parameter: str) -> None:
    assert getattr(many, trait).mean() == pytest.approx(PARAMETERS.number(parameter), abs=0.015)


@pytest.mark.compiled
def test_what_is_a_share_lies_evenly(many: Traits) -> None:
    for name in ("honesty", "outspoken", "sociable", "liking_games"):
        assert np.quantile(getattr(many, name), [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.02), name
    assert np.corrcoef(many.liking_games, many.age)[0, 1] < -0.3


@pytest.mark.compiled
def test_a_city_of_few_districts_has_its_minority_everywhere_alike() -> None:
    traits = traits_of(PARAMETERS.changed({"people.districts": 4}), KEY, 20_000)
    assert np.unique(traits.district).size == 4
    assert traits.minority.mean() == pytest.approx(0.1, abs=0.015)


def test_names_are_in_the_order_of_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert names(2).to_pylist() == ["R0000000", "R0000001"]
    assert account_names(1).to_pylist() == ["S0000000"]
    assert names(0).to_pylist() == []
    monkeypatch.setattr(city, "FEWEST_DIGITS", 1)
    many = names(1_001).to_pylist()
    assert (many[0], many[-1]) == ("R0000", "R1000")
    assert many == sorted(many)


def test_months_are_those_of_the_calendar() -> None:
    assert month_start(0) == 1_514_764_800_000_000
    assert [month_label(month) for month in (-12, -1, 0, 25)] == ["2017-01", "2017-12", "2018-01", "2020-02"]
    assert [days_in(month) for month in (-1, 0, 1, 25)] == [31, 31, 28, 29]
    assert month_starts(-1, 2).tolist() == [month_start(month) for month in (-1, 0, 1, 2)]


@pytest.mark.kernel
def test_shares_and_deviations_are_those_of_the_normal_distribution() -> None:
    for share in (1e-6, 0.001, 0.02, 0.3, 0.5, 0.77, 0.98, 0.999):
        assert deviation_of(share) == pytest.approx(stats.norm.ppf(share), abs=1e-6)
        assert share_below(deviation_of(share)) == pytest.approx(share, abs=1e-8)
    assert -5.5 < deviation_of(0.0) < -5
    assert 5 < deviation_of(1.0) < 5.5
