"""How people come to be scored: by order, by a box ticked in advance, or because they were asked and said yes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.city.arrays import Traits
from goodstanding.lab.society.commons import Commons
from goodstanding.lab.society.purposes import IS_AWARE, IS_WILLING, SEES_THE_BOX


def enrol(commons: Commons) -> None:
    """Enrol everybody under every rule as it says, and say who knows of it."""
    willing = commons.drawn(IS_WILLING) < gladness(commons)
    sees = commons.drawn(SEES_THE_BOX) < commons.number("behaviour_consent.box_noticed")
    aware = commons.drawn(IS_AWARE) < commons.number("behaviour_consent.aware")
    for place, rule in enumerate(commons.rules):
        if rule.enrolment == "asked":
            commons.enrolled[place][:] = willing
        elif rule.enrolment == "ticked":
            commons.enrolled[place][:] = willing | ~sees
            commons.knows[place][:] = sees | aware
        elif not commons.variant.told:
            commons.knows[place][:] = aware


def gladness(commons: Commons) -> NDArray[np.float64]:
    """The chance that somebody says yes: more among the older, richer, better educated, and in better-off districts."""
    share = commons.number("behaviour_consent.opted_in")
    slopes = commons.parameters.numbers("behaviour_consent.gradient")
    tilt = sum(slope * column for slope, column in zip(slopes, gradients(commons.traits), strict=True))
    return np.asarray(1.0 / (1.0 + (1.0 - share) / share * np.exp(-np.asarray(tilt))))


def gradients(traits: Traits) -> list[NDArray[np.float64]]:
    """Age, income, education, and the income of one's district, each in standard deviations."""
    income = np.log(np.maximum(traits.income, 1))
    many = np.bincount(traits.district)
    means = np.bincount(traits.district, weights=income) / np.maximum(many, 1)
    return [_standard(column) for column in (traits.age, income, traits.education, means[traits.district])]


def _standard(column: NDArray[np.number]) -> NDArray[np.float64]:
    spread = column.std()
    return np.asarray((column - column.mean()) / spread if spread > 0 else np.zeros(column.size))
