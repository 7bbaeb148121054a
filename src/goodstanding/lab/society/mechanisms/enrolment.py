"""Enrolment: where people have a choice, some leave a score that costs more than it brings, and some join one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.society.commons import Commons
from goodstanding.lab.society.mechanisms.base import Mechanism, register
from goodstanding.lab.society.purposes import JOINS_OR_LEAVES
from goodstanding.lab.society.snapshot import Snapshot
from goodstanding.lab.society.stakes import cost_of, worth_of
from goodstanding.standing import IN_FORCE


@register
class Enrolment(Mechanism):
    """Only where one has a choice: whom an order enrols cannot leave."""

    name: ClassVar[str] = "enrolment"
    title: ClassVar[Mapping[str, str]] = {"en": "Joining and leaving", "zh": "加入与退出"}
    about: ClassVar[Mapping[str, str]] = {
        "en": "Where scoring rests on consent, some leave when it costs more than it brings, and some join for perks.",
        "zh": "在以同意为前提处，惩戒代价大于优待者部分退出，能得优待者部分加入。",
    }
    parameters: ClassVar[tuple[str, ...]] = ("behaviour_consent.opt_out", "behaviour_consent.opt_in")

    def act(self, commons: Commons, snapshot: Snapshot) -> None:
        """Leave or join, a few a month."""
        die = None
        for rule, seen in enumerate(snapshot.seen):
            if commons.rules[rule].enrolment == "all":
                continue
            if die is None:
                die = commons.drawn(JOINS_OR_LEAVES, snapshot.month)
            net = self._net(commons, snapshot, rule)
            enrolled, knows = commons.enrolled[rule], commons.knows[rule]
            leaves = enrolled & knows & (net < 0.0) & (die < commons.number("behaviour_consent.opt_out"))
            joins = ~enrolled & seen.scores.given & (net > 0.0) & (die < commons.number("behaviour_consent.opt_in"))
            enrolled &= ~leaves
            enrolled |= joins
            knows |= joins

    def _net(self, commons: Commons, snapshot: Snapshot, rule: int) -> NDArray[np.float64]:
        """What the standing is worth, or would be, a month."""
        seen = snapshot.seen[rule]
        net = np.zeros(commons.residents)
        for perk, is_open in zip(seen.policy.perks, seen.standing.perks, strict=True):
            net += is_open * worth_of(perk, commons.parameters)
        for sanction, state in zip(seen.policy.sanctions, seen.standing.sanctions, strict=True):
            cost = cost_of(sanction, commons.parameters)
            net -= (state == IN_FORCE) * (cost.fixed + cost.travel)
        return net
