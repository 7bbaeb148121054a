"""What follows from a standing at once: perks that are given, and sanctions that refuse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from goodstanding.lab.society import stakes
from goodstanding.lab.society.commons import Commons
from goodstanding.lab.society.mechanisms.base import Mechanism, register
from goodstanding.lab.society.snapshot import Snapshot
from goodstanding.standing import IN_FORCE


@register
class Perks(Mechanism):
    """What is given for a standing is worth something, and some of it finds work."""

    name: ClassVar[str] = "perks"
    title: ClassVar[Mapping[str, str]] = {"en": "Perks", "zh": "优待"}
    about: ClassVar[Mapping[str, str]] = {
        "en": "Whoever is scored has the worth of the perks that are open to them; some help to find work.",
        "zh": "被评分者享有已开放优待的价值；部分优待使其求职优先。",
    }
    parameters: ClassVar[tuple[str, ...]] = (
        *(f"consequences.{name}" for name in dict.fromkeys((*stakes.PERKS.values(), "other_perk"))),
        "consequences.hiring_preferred",
    )

    def act(self, commons: Commons, snapshot: Snapshot) -> None:
        """Add up what is open."""
        welfare = commons.tally.welfare
        for rule, seen in enumerate(snapshot.seen):
            for perk, is_open in zip(seen.policy.perks, seen.standing.perks, strict=True):
                has = is_open & commons.enrolled[rule]
                welfare += has * stakes.worth_of(perk, commons.parameters)
                if stakes.prefers(perk):
                    commons.dispositions.hiring[has] *= commons.number("consequences.hiring_preferred")


@register
class Sanctions(Mechanism):
    """What is refused is not to be had."""

    name: ClassVar[str] = "sanctions"
    title: ClassVar[Mapping[str, str]] = {"en": "Sanctions", "zh": "惩戒"}
    about: ClassVar[Mapping[str, str]] = {
        "en": "Under a sanction in force no ticket, loan or hire is sold, work is harder to find, and others see it.",
        "zh": "惩戒生效期间，购票、贷款、租用被拒，求职更难，且为人所见。",
    }
    parameters: ClassVar[tuple[str, ...]] = (
        "consequences.hiring_barred",
        "consequences.no_high_spending",
        "consequences.shame",
    )

    def act(self, commons: Commons, snapshot: Snapshot) -> None:
        """Close what the actions of each sanction in force name."""
        moved = commons.dispositions
        shamed = np.zeros(commons.residents, np.bool_)
        for rule, seen in enumerate(snapshot.seen):
            for sanction, state in zip(seen.policy.sanctions, seen.standing.sanctions, strict=True):
                under = (state == IN_FORCE) & commons.enrolled[rule]
                for name in sorted(stakes.closed(sanction)):
                    getattr(moved, name)[under] = False
                if stakes.bars_work(sanction):
                    moved.hiring[under] *= commons.number("consequences.hiring_barred")
                if stakes.refuses_spending(sanction):
                    commons.tally.welfare[under] -= commons.number("consequences.no_high_spending")
                if sanction.on:
                    shamed |= under
        commons.tally.welfare[shamed] -= commons.number("consequences.shame")
