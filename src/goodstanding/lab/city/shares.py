"""What the loops read that draw residents: the parameters, turned into ends of shares, thresholds and deviations."""

from __future__ import annotations

from collections.abc import Sequence
from math import log, sqrt
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.city.normal import deviation_of
from goodstanding.lab.parameters import Parameters

AGE_FROM: Final = (18, 25, 35, 45, 60, 75, 91)
"""Where the bands of `people.age_shares` begin, and where the last ends."""

POOR_DISTRICTS: Final = 3
LEAST_SPREAD: Final = 0.2
"""What is left to chance in log income, however much its causes explain."""


class Making(NamedTuple):
    """What residents are drawn with: shares as ends of classes, the rest as deviations and logarithms."""

    household_sizes: NDArray[np.float64]
    another_adult: float
    ages: NDArray[np.float64]
    age_from: NDArray[np.int64]
    mean_age: float
    age_spread: float
    partner_age_spread: float
    minority: NDArray[np.float64]
    education: NDArray[np.float64]
    schooling_age: float
    shared_schooling: float
    student: float
    retired: float
    self_employed: float
    out_of_work: float
    income_middle: float
    income_education: NDArray[np.float64]
    income_age: NDArray[np.float64]
    district_income: NDArray[np.float64]
    income_minority: float
    income_student: float
    income_spread: float
    income_mean: float
    income_sigma: float
    honesty_mean: float
    honesty_spread: float
    honesty_age: float
    honesty_minority: float
    savings_middle: float
    savings_sigma: float
    savings_income: float
    games_age: float
    owning_income: float
    driver_above: float
    card_above: float
    parent: float
    members: NDArray[np.float64]


def making(parameters: Parameters, *, parent_ages: tuple[int, int], last_driving_age: int) -> Making:
    """The parameters of people as loops read them."""
    number, numbers = parameters.number, parameters.numbers
    sizes, ages = shares_of(numbers("people.household_sizes")), shares_of(numbers("people.age_shares"))
    another_adult = adults_beyond_two(sizes, number("people.adult_share"))
    couples = in_couples(sizes, another_adult) * share_between(ages, *parent_ages)
    mean_age, age_spread = age_moments(ages)
    education = shares_of(numbers("people.education_shares"))
    members = np.array(numbers("people.members_by_education"))
    return Making(
        household_sizes=np.cumsum(sizes),
        another_adult=another_adult,
        ages=np.cumsum(ages),
        age_from=np.array(AGE_FROM, np.int64),
        mean_age=mean_age,
        age_spread=age_spread,
        partner_age_spread=number("people.partner_age_spread"),
        minority=minority_by_district(parameters),
        education=np.cumsum(education),
        schooling_age=number("people.schooling_age"),
        shared_schooling=number("people.shared_schooling"),
        **_works(parameters, ages),
        **_incomes(parameters, ages, education),
        honesty_mean=number("people.honesty_mean"),
        honesty_spread=number("people.honesty_spread"),
        honesty_age=number("people.honesty_age"),
        honesty_minority=number("people.minority_honesty"),
        savings_middle=log(number("people.savings_median")),
        savings_sigma=number("people.savings_sigma"),
        savings_income=number("people.savings_income"),
        games_age=number("people.games_age"),
        owning_income=number("people.owning_income"),
        driver_above=threshold(number("events.drivers") / share_between(ages, AGE_FROM[0], last_driving_age)),
        card_above=threshold(number("people.card_holders")),
        parent=min(1.0, number("events.parents_of_infants") / couples),
        members=np.minimum(members * number("people.members") / float(education @ members), 1.0),
    )


def shares_of(given: Sequence[float]) -> NDArray[np.float64]:
    """Shares that add up to 1, of numbers in any unit."""
    return np.array(given) / sum(given)


def threshold(share: float) -> float:
    """The deviation above which a share lies."""
    return float(deviation_of(1.0 - share))


def adults_beyond_two(sizes: NDArray[np.float64], adult_share: float) -> float:
    """The chance that a third or further member of a household is an adult, so that adults are their share of all."""
    members = np.arange(1, sizes.size + 1)
    first_two = np.minimum(members, 2)
    wanted = adult_share * float(sizes @ members) - float(sizes @ first_two)
    return min(max(wanted / float(sizes @ (members - first_two)), 0.0), 1.0)


def in_couples(sizes: NDArray[np.float64], another_adult: float) -> float:
    """The share of residents who are one of the first two of a household of several."""
    members = np.arange(1, sizes.size + 1)
    first_two = np.minimum(members, 2)
    adults = float(sizes @ (first_two + another_adult * (members - first_two)))
    return 2.0 * (1.0 - float(sizes[0])) / adults


def share_between(ages: NDArray[np.float64], low: int, high: int) -> float:
    """The share of residents from one age to below another, ages being even within a band."""
    bands = np.array(AGE_FROM, np.float64)
    inside = np.clip(np.minimum(bands[1:], high) - np.maximum(bands[:-1], low), 0.0, None)
    return float(ages @ (inside / np.diff(bands)))


def age_moments(ages: NDArray[np.float64]) -> tuple[float, float]:
    """Mean and standard deviation of age."""
    bands = np.array(AGE_FROM, np.float64)
    middles, widths = (bands[1:] + bands[:-1] - 1.0) / 2.0, np.diff(bands)
    mean = float(ages @ middles)
    return mean, sqrt(float(ages @ ((middles - mean) ** 2 + widths**2 / 12.0)))


def minority_by_district(parameters: Parameters) -> NDArray[np.float64]:
    """The share of the minority in each district: gathered in the three poorest by the odds that are asked for."""
    share, odds = parameters.number("people.minority_share"), parameters.number("people.minority_district_bias")
    districts = int(parameters.number("people.districts"))
    poor = POOR_DISTRICTS / districts
    low, high = 0.0, 1.0
    for _ in range(60):  # halved until it is exact: the share of others who live there
        others = (low + high) / 2.0
        ours = odds * others / (1.0 - others + odds * others)
        low, high = (others, high) if share * ours + (1.0 - share) * others < poor else (low, others)
    return np.array(
        [share * (ours / poor if d < POOR_DISTRICTS else (1.0 - ours) / (1.0 - poor)) for d in range(districts)]
    )


def spread(shares: NDArray[np.float64], values: NDArray[np.float64]) -> tuple[float, float]:
    """Mean and variance of what a class brings with it."""
    mean = float(shares @ values)
    return mean, float(shares @ (values - mean) ** 2)


def one_of_two(share: float, value: float) -> tuple[float, float]:
    """The same where only one of two classes brings something."""
    return spread(np.array([1.0 - share, share]), np.array([0.0, value]))


def _works(parameters: Parameters, ages: NDArray[np.float64]) -> dict[str, Any]:
    _, self_employed, student, retired, out_of_work = shares_of(parameters.numbers("people.work_shares"))
    at_work = 1.0 - student - retired
    return {
        "student": min(1.0, student / float(ages[0])),
        "retired": min(1.0, retired / float(ages[4] + ages[5])),
        "self_employed": float(self_employed) / at_work,
        "out_of_work": float(out_of_work) / at_work,
    }


def _incomes(parameters: Parameters, ages: NDArray[np.float64], education: NDArray[np.float64]) -> dict[str, Any]:
    """Log income: its causes, and what is left to chance, so that the whole is as wide as it is said to be."""
    number = parameters.number
    by_education = np.log(np.array(parameters.numbers("people.income_by_education")))
    by_age = np.log(np.array(parameters.numbers("people.income_by_age")))
    minority, student = log(number("people.minority_income")), log(number("people.student_income"))
    studying = float(shares_of(parameters.numbers("people.work_shares"))[2])
    sigma = number("people.income_sigma")
    of_district = sigma * sqrt(number("people.district_inequality"))
    causes = (
        spread(education, by_education),
        spread(ages, by_age),
        one_of_two(number("people.minority_share"), minority),
        one_of_two(studying, student),
    )
    means, explained = (sum(column) for column in zip(*causes, strict=True))
    left = max(sigma**2 - explained - of_district**2, LEAST_SPREAD**2)
    median = log(number("people.income_median"))
    return {
        "income_middle": median - means,
        "income_education": by_education,
        "income_age": by_age,
        "district_income": of_district * district_ranks(int(number("people.districts"))),
        "income_minority": minority,
        "income_student": student,
        "income_spread": sqrt(left),
        "income_mean": median,
        "income_sigma": sigma,
    }


def district_ranks(districts: int) -> NDArray[np.float64]:
    """How rich each district is, the poorest first, as deviations whose standard deviation is 1."""
    ranks = np.array([float(deviation_of((district + 0.5) / districts)) for district in range(districts)])
    return ranks / float(np.sqrt(np.mean(ranks**2)))
