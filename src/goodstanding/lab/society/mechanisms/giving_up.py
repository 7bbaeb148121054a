"""Giving up: some of those who have fallen far let go, and find back slowly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from goodstanding.lab.society.commons import Commons
from goodstanding.lab.society.mechanisms.base import Mechanism, register
from goodstanding.lab.society.purposes import FINDS_BACK, GIVES_UP, IS_PRONE
from goodstanding.lab.society.snapshot import Snapshot
from goodstanding.lab.society.waning import BestOfTheYear


@register
class GivingUp(Mechanism):
    """The spiral of those who fall: less care, fewer chances, and a lower score again."""

    name: ClassVar[str] = "giving_up"
    title: ClassVar[Mapping[str, str]] = {"en": "Giving up", "zh": "放弃"}
    about: ClassVar[Mapping[str, str]] = {
        "en": "Some who have fallen far below their best of the last year let go, and find back slowly.",
        "zh": "部分人从一年来的最高分大幅跌落后放弃，恢复缓慢。",
    }
    parameters: ClassVar[tuple[str, ...]] = tuple(
        f"behaviour_giving_up.{name}" for name in ("prone", "fall", "hazard", "effect", "recover")
    )

    def __init__(self, commons: Commons) -> None:
        """Who is prone to it, and who has given up by now: nobody."""
        self.prone = commons.drawn(IS_PRONE) < commons.number("behaviour_giving_up.prone")
        self.given_up = np.zeros(commons.residents, np.bool_)
        self._best = [BestOfTheYear(commons.residents) for _ in commons.rules]

    def act(self, commons: Commons, snapshot: Snapshot) -> None:
        """Who has fallen may let go; who is no longer down has found back."""
        fall = commons.number("behaviour_giving_up.fall")
        down = np.zeros(commons.residents, np.bool_)
        for rule, (seen, best) in enumerate(zip(snapshot.seen, self._best, strict=True)):
            highest = best.update(snapshot.month, seen.scores.score, seen.scores.given)
            down |= commons.heeding(snapshot, rule) & (highest - seen.scores.score >= fall)
        lets_go = commons.drawn(GIVES_UP, snapshot.month) < commons.number("behaviour_giving_up.hazard")
        finds_back = commons.drawn(FINDS_BACK, snapshot.month) < commons.number("behaviour_giving_up.recover")
        self.given_up &= down & ~finds_back
        self.given_up |= self.prone & down & lets_go
        left = commons.number("behaviour_giving_up.effect")
        # With so much of the former effort left, a bill is late so many times as often, twice at most.
        commons.take_care((self.given_up * (1.0 - 1.0 / left)).astype(np.float32))
        commons.dispositions.hiring[self.given_up] *= left
