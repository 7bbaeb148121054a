"""How friends choose each other: from what is published of friendships to what the loops weigh.

What is published are outcomes (how alike in age friends are, how many of one's friends know each other). How strongly
likeness must weigh to bring them about was measured on cities of 100,000, and stands here as a curve for each, so that
a parameter can be changed and the city follows.
"""

from __future__ import annotations

from math import sqrt
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.city.people import NEIGHBOURHOOD
from goodstanding.lab.city.shares import adults_beyond_two, shares_of
from goodstanding.lab.parameters import Parameters

DOORS: Final = 16
"""Neighbours within so many numbers are about equally likely to be met; who has fewer before them looks elsewhere."""

MEETS: Final = 12
MEETS_FRIENDS: Final = 4
"""Of so many who could be a friend one becomes it, among people met, and among friends' friends."""

AGE_HALF: Final = 0.162
AGE_BEND: Final = 0.83
"""The strength, a year, with which circles are half as wide as the city; otherwise half · (1 ÷ width − 1) ^ bend."""

EDUCATION_UNCHOSEN: Final = 0.78
EDUCATION_STRENGTH: Final = 3.8
"""How wide circles are where schooling weighs nothing (friends are of an age), and the strength that narrows them."""

HONESTY_STRENGTH: Final = 8.5
"""Strength for each unit of correlation."""

SOCIABLE_FROM: Final = 0.095
SOCIABLE_STRENGTH: Final = 31.0
"""The correlation of degrees that is there anyway, and the strength for each unit beyond it."""

CLUSTERED_FROM: Final = 0.111
CLOSING_STRENGTH: Final = 16.2
MOST_CLOSING: Final = 0.65
"""The clustering that is there anyway, the share of friends' friends for each unit beyond it, and the most of it: who
looks among friends' friends alone meets the same few."""

SPREAD: Final = 1.6
"""Spread of what people look for, for each unit of the spread of what they have: the other half is found by others."""


class Choosing(NamedTuple):
    """What ties are drawn with.

    Attributes:
        picks: friends whom one looks for, on average; as many find one.
        spread: of the logarithm of that, over sociability.
        closing: share of them looked for among friends' friends.
        near: share of those met who live in the neighbourhood.
        own_group: share of friends who must be of one's own group.
        meets, meets_friends: see MEETS and MEETS_FRIENDS.
        age, education, sociable, honest: how much each unit apart weighs against a friendship, as a logarithm.
        relatives: households of relatives that a household looks for, on average.
    """

    picks: float
    spread: float
    closing: float
    near: float
    own_group: float
    meets: int
    meets_friends: int
    age: float
    education: float
    sociable: float
    honest: float
    relatives: float


def choosing(parameters: Parameters) -> Choosing:
    """The parameters of friends as loops read them."""
    number = parameters.number
    degree, kin_share = number("friends.degree_mean"), number("friends.kin_share")
    sizes = shares_of(parameters.numbers("people.household_sizes"))
    mean, square = adults(sizes, adults_beyond_two(sizes, number("people.adult_share")))
    within = square / mean - 1.0
    relatives = max(0.0, (degree * kin_share - within) * mean / (2.0 * square))
    closing = min(max(CLOSING_STRENGTH * (number("friends.clustering") - CLUSTERED_FROM), 0.0), MOST_CLOSING)
    assortative = max(number("friends.assortativity") - SOCIABLE_FROM, 0.0)
    return Choosing(
        picks=(degree - within - 2.0 * relatives * square / mean) / 2.0,
        spread=SPREAD * number("friends.degree_sigma"),
        closing=closing,
        near=near_share(number("friends.homophily_district"), number("people.districts"), closing),
        own_group=number("friends.homophily_minority"),
        meets=MEETS,
        meets_friends=MEETS_FRIENDS,
        age=AGE_HALF * (1.0 / number("friends.homophily_age") - 1.0) ** AGE_BEND,
        education=EDUCATION_STRENGTH * max(EDUCATION_UNCHOSEN / number("friends.homophily_education") - 1.0, 0.0),
        sociable=SOCIABLE_STRENGTH * assortative,
        honest=HONESTY_STRENGTH * number("friends.homophily_honesty"),
        relatives=relatives,
    )


def adults(sizes: NDArray[np.float64], another_adult: float) -> tuple[float, float]:
    """The mean and the mean square of how many adults a household has."""
    members = np.arange(1, sizes.size + 1)
    further = members - np.minimum(members, 2)
    means = np.minimum(members, 2) + another_adult * further
    return float(sizes @ means), float(sizes @ (means**2 + another_adult * (1.0 - another_adult) * further))


def near_share(in_district: float, districts: float, closing: float) -> float:
    """The share of those met who must live nearby for a share of all friends to live in one's district.

    A friend's friend lives there where both friendships are of the district; and of those met elsewhere some do anyway.
    """
    met = in_district
    if closing > 0.0:
        met = (sqrt((1.0 - closing) ** 2 + 4.0 * closing * in_district) - (1.0 - closing)) / (2.0 * closing)
    near = (met - 1.0 / districts) / (1.0 - 1.0 / districts)
    return max(0.0, near / (1.0 - DOORS / NEIGHBOURHOOD))  # who has few neighbours before them looks elsewhere
