"""Announcements: what is said aloud in trains and on boards holds back whoever has just heard it."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp
from typing import ClassVar, Final

import numpy as np

from goodstanding.lab.society.commons import Commons
from goodstanding.lab.society.mechanisms.base import Mechanism, register
from goodstanding.lab.society.purposes import HEARS
from goodstanding.lab.society.snapshot import Snapshot

ON_THE_WAY: Final = ("train", "station", "metro")
IN_THE_AIR: Final = ("gate", "airport", "aeroplane")
"""Places where only travellers hear what is said."""

YEAR_MONTHS: Final = 12


@register
class Announcements(Mechanism):
    """It is enough to hear it: one need not be scored, nor know one's score."""

    name: ClassVar[str] = "announcements"
    title: ClassVar[Mapping[str, str]] = {"en": "Announcements", "zh": "广播"}
    about: ClassVar[Mapping[str, str]] = {
        "en": "Whoever has heard an announcement offends less for some months; travellers hear those of their way.",
        "zh": "听到广播者在数月内较少违规；途中的广播由乘客听到。",
    }
    parameters: ClassVar[tuple[str, ...]] = (
        "behaviour_announcements.restraint",
        "behaviour_announcements.fades_months",
        "behaviour_announcements.abroad",
        "events.train_journeys",
        "events.flights",
    )

    def __init__(self, commons: Commons) -> None:
        """Nobody has heard anything."""
        self.heard = np.zeros(commons.residents, np.float32)
        places = {said.place for rule in commons.rules for said in rule.policy.announcements}
        chances = {
            "events.train_journeys": bool(places & set(ON_THE_WAY)),
            "events.flights": bool(places & set(IN_THE_AIR)),
        }
        missed = exp(-sum(commons.number(name) / YEAR_MONTHS for name, is_said in chances.items() if is_said))
        if places - set(ON_THE_WAY) - set(IN_THE_AIR):
            missed *= 1.0 - commons.number("behaviour_announcements.abroad")
        self.chance = 1.0 - missed

    def act(self, commons: Commons, snapshot: Snapshot) -> None:
        """Some hear it this month; for the others it fades."""
        if self.chance == 0.0:
            return
        self.heard *= 1.0 - 1.0 / commons.number("behaviour_announcements.fades_months")
        if snapshot.seen:
            hears = commons.drawn(HEARS, snapshot.month) < self.chance
            self.heard[hears] = 1.0
            for place, rule in enumerate(commons.rules):
                if rule.policy.announcements:
                    commons.knows[place][hears] = True
        commons.hold_back(self.heard * np.float32(commons.number("behaviour_announcements.restraint")))
