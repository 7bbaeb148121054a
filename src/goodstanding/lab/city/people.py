"""Residents as they are from the start: drawn each by their number, so that another resident changes nobody.

Residents live in neighbourhoods of 256 consecutive numbers; a neighbourhood lies in one district, and is cut into
households from its first number on. What a household shares (district, group, having a small child) is drawn by the
number of its first member, everything else by one's own. Traits that hang together (schooling with age, income with
both, cards and cars with income) do so by deviations: each is a normal number, of which a part is shared.
"""

from __future__ import annotations

from math import exp, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from goodstanding.book import in_ranges
from goodstanding.lab.city.arrays import EMPLOYED, OUT_OF_WORK, RETIRED, SELF_EMPLOYED, STUDENT, Traits
from goodstanding.lab.city.normal import deviation_of, share_below
from goodstanding.lab.city.purposes import (
    AGE,
    ANOTHER_ADULT,
    CAR,
    CARD,
    DISTRICT,
    GAMES,
    GROUP,
    HONESTY,
    HOUSEHOLD_SIZE,
    INCOME,
    MEANS,
    MEMBERSHIP,
    OUTSPOKENNESS,
    PARENTHOOD,
    SCHOOLING,
    SHARED_SCHOOLING,
    SOCIABILITY,
    WORK,
)
from goodstanding.lab.city.shares import making
from goodstanding.lab.loops import loop
from goodstanding.lab.parameters import Parameters
from goodstanding.lab.streams import AT_BIRTH, uniform

NEIGHBOURHOOD: Final = 256
"""Residents of consecutive numbers who live in one district; half of one's friends there are among them."""

YOUNGEST: Final = 18
OLDEST: Final = 90
PARENT_FROM, PARENT_TO = 22, 42
"""Ages between which a household's first member may have a small child."""
LAST_DRIVING_AGE: Final = 70
BACHELOR_FROM, MASTER_FROM = 22, 25
"""The youngest who have such degrees."""

TYPES: Final = {
    "age": np.int16,
    "education": np.uint8,
    "work": np.uint8,
    "income": np.int64,
    "district": np.uint8,
    "minority": np.bool_,
    "honesty": np.float32,
    "outspoken": np.float32,
    "sociable": np.float32,
    "liking_games": np.float32,
    "means": np.float32,
    "household": np.int32,
    "parent": np.bool_,
    "driver": np.bool_,
    "card_holder": np.bool_,
    "member": np.bool_,
}
"""The columns of `Traits`."""


@loop
def deviation(key, person, purpose):
    """A standard normal number of a resident from the start."""
    return deviation_of(uniform(key, person, AT_BIRTH, purpose, 0))


@loop
def among(shares, chance):
    """Which of some classes a chance falls into, by the ends of their shares."""
    which = 0
    while which < shares.size - 1 and chance >= shares[which]:
        which += 1
    return which


@loop
def adults_of(key, made, first):
    """How many residents a household has whose first member is `first`: its adults."""
    size = among(made.household_sizes, uniform(key, first, AT_BIRTH, HOUSEHOLD_SIZE, 0)) + 1
    adults = min(size, 2)
    for n in range(2, size):
        if uniform(key, first, AT_BIRTH, ANOTHER_ADULT, n) < made.another_adult:
            adults += 1
    return adults


@loop
def cut_households(key, made, first, last, household):
    """The first member of each resident's household, for residents `first` to `last`."""
    for begin in range(first - first % NEIGHBOURHOOD, last, NEIGHBOURHOOD):
        end = begin + NEIGHBOURHOOD
        head = begin
        while head < end:
            beyond = min(head + adults_of(key, made, head), end)
            for resident in range(max(head, first), min(beyond, last)):
                household[resident] = head
            head = beyond


@loop
def age_of(key, made, resident):
    """Years, of somebody who is the first or a further member of a household."""
    chance = uniform(key, resident, AT_BIRTH, AGE, 0)
    band = among(made.ages, chance)
    below = made.ages[band - 1] if band > 0 else 0.0
    part = (chance - below) / (made.ages[band] - below)
    return made.age_from[band] + int(part * (made.age_from[band + 1] - made.age_from[band]))


@loop
def age_in_household(key, made, resident, head):
    """Years: a partner is about as old as the first member, any other adult is of any age."""
    if resident != head + 1:
        return age_of(key, made, resident)
    apart = deviation(key, resident, AGE) * made.partner_age_spread
    return min(max(int(age_of(key, made, head) + round(apart)), YOUNGEST), OLDEST)


@loop
def work_of(key, made, resident, age):
    """What somebody does: the young partly study, the old mostly draw a pension."""
    chance = uniform(key, resident, AT_BIRTH, WORK, 0)
    if age < made.age_from[1]:
        if chance < made.student:
            return STUDENT
        chance = (chance - made.student) / (1.0 - made.student)
    elif age >= made.age_from[4]:
        if chance < made.retired:
            return RETIRED
        chance = (chance - made.retired) / (1.0 - made.retired)
    if chance < made.out_of_work:
        return OUT_OF_WORK
    return SELF_EMPLOYED if chance < made.out_of_work + made.self_employed else EMPLOYED


@loop
def highest_degree(age):
    """The highest degree that somebody of an age can have."""
    if age < BACHELOR_FROM:
        return 1
    return 2 if age < MASTER_FROM else 3


@loop
def district_of(key, made, resident):
    """The district of a resident's neighbourhood."""
    neighbourhood = resident // NEIGHBOURHOOD
    return int(uniform(key, neighbourhood, AT_BIRTH, DISTRICT, 0) * made.district_income.size)


@loop
def fill(key, made, first, last, traits):
    """Everything but the household, of residents `first` to `last`."""
    for i in range(first, last):
        head = traits.household[i]
        age = age_in_household(key, made, i, head)
        aged = (age - made.mean_age) / made.age_spread
        district = district_of(key, made, i)
        of_minority = uniform(key, head, AT_BIRTH, GROUP, 0) < made.minority[district]
        shared = deviation(key, head, SHARED_SCHOOLING)
        schooled = sqrt(made.shared_schooling) * shared + sqrt(1.0 - made.shared_schooling) * deviation(
            key, i, SCHOOLING
        )
        schooled = made.schooling_age * aged + sqrt(1.0 - made.schooling_age**2) * schooled
        education = min(among(made.education, share_below(schooled)), highest_degree(age))
        work = work_of(key, made, i, age)
        earning = deviation(key, i, INCOME)
        income = made.income_middle + made.income_education[education] + made.district_income[district]
        income += made.income_age[among_ages(made, age)] + made.income_spread * earning
        if of_minority:
            income += made.income_minority
        if work == STUDENT:
            income += made.income_student
        rich = (income - made.income_mean) / made.income_sigma
        honest = made.honesty_mean + made.honesty_spread * deviation(key, i, HONESTY)
        honest += made.honesty_age * (age - made.mean_age)
        if of_minority:
            honest += made.honesty_minority
        saved = made.savings_income * rich + sqrt(1.0 - made.savings_income**2) * deviation(key, i, MEANS)
        played = made.games_age * aged + sqrt(1.0 - made.games_age**2) * deviation(key, i, GAMES)
        beside = sqrt(1.0 - made.owning_income**2)
        traits.age[i] = age
        traits.education[i] = education
        traits.work[i] = work
        traits.income[i] = int(exp(income))
        traits.district[i] = district
        traits.minority[i] = of_minority
        traits.honesty[i] = share_below(honest)
        traits.outspoken[i] = uniform(key, i, AT_BIRTH, OUTSPOKENNESS, 0)
        traits.sociable[i] = uniform(key, i, AT_BIRTH, SOCIABILITY, 0)
        traits.liking_games[i] = share_below(played)
        traits.means[i] = exp(made.savings_middle + made.savings_sigma * saved)
        traits.parent[i] = is_parent(key, made, i, head)
        traits.driver[i] = (
            age < LAST_DRIVING_AGE and made.owning_income * rich + beside * deviation(key, i, CAR) > made.driver_above
        )
        traits.card_holder[i] = made.owning_income * rich + beside * deviation(key, i, CARD) > made.card_above
        traits.member[i] = uniform(key, i, AT_BIRTH, MEMBERSHIP, 0) < made.members[education]


@loop
def among_ages(made, age):
    """The band of an age."""
    band = 0
    while band < made.ages.size - 1 and age >= made.age_from[band + 1]:
        band += 1
    return band


@loop
def is_parent(key, made, resident, head):
    """Whether somebody is a parent of a small child: a couple that begins a household may be, both of them."""
    if resident > head + 1 or uniform(key, head, AT_BIRTH, PARENTHOOD, 0) >= made.parent:
        return False
    return PARENT_FROM <= age_of(key, made, head) < PARENT_TO and adults_of(key, made, head) > 1


def traits_of(parameters: Parameters, key: NDArray[np.uint64], residents: int, threads: int | None = None) -> Traits:
    """Everybody of a city; the same for each number however many there are."""
    made = making(parameters, parent_ages=(PARENT_FROM, PARENT_TO), last_driving_age=LAST_DRIVING_AGE)
    traits = Traits(**{name: np.zeros(residents, type_) for name, type_ in TYPES.items()})

    def work(first: int, last: int) -> None:
        cut_households(key, made, first, last, traits.household)
        fill(key, made, first, last, traits)

    in_ranges(np.arange(residents + 1, dtype=np.int64), work, threads)
    return traits
