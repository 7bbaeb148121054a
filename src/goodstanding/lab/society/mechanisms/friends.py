"""Friends: where friends' scores count, people drop those who lie below them and seek those above."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from goodstanding.lab.society.circle import Regard
from goodstanding.lab.society.commons import Commons
from goodstanding.lab.society.mechanisms.base import Mechanism, register
from goodstanding.lab.society.snapshot import Snapshot


@register
class Friends(Mechanism):
    """It acts where a policy reads friends' own scores (their mean, least or greatest), not where it counts friends."""

    name: ClassVar[str] = "friends"
    title: ClassVar[Mapping[str, str]] = {"en": "Choosing friends", "zh": "择友"}
    about: ClassVar[Mapping[str, str]] = {
        "en": (
            "Where friends' scores count, ties to people of lower scores end more often, people of higher scores are "
            "sought, and whoever is asked looks at scores too."
        ),
        "zh": "在好友分数计入评分处，与低分者的关系更常中断，人们寻求高分者，而被求者同样看分数。",
    }
    parameters: ClassVar[tuple[str, ...]] = tuple(
        f"behaviour_friends.{name}" for name in ("drop_slope", "drop_known", "seek_slope", "accept_slope")
    )

    def __init__(self, commons: Commons) -> None:
        """Which scorers weigh friends."""
        self.rules = [rule for rule, reading in enumerate(commons.readings) if reading.weighs_friends()]

    def act(self, commons: Commons, snapshot: Snapshot) -> None:
        """Say whom everybody holds for what: the mean of their scores under the rules that weigh friends."""
        if not snapshot.seen or not self.rules:
            return
        total = np.zeros(commons.residents)
        many = np.zeros(commons.residents)
        heeds = np.zeros(commons.residents, np.bool_)
        for rule in self.rules:
            scores = snapshot.seen[rule].scores
            counts = scores.given & commons.enrolled[rule]
            total += np.where(counts, scores.own_score, 0)
            many += counts
            heeds |= commons.heeding(snapshot, rule)
        scored = many > 0
        # Whoever has no score is held for a middling one: neither shunned nor sought.
        middling = total[scored].sum() / max(many.sum(), 1.0)
        commons.regard = Regard(
            np.where(scored, total / np.maximum(many, 1.0), middling).astype(np.float32),
            heeds,
            *(commons.number(f"behaviour_friends.{name}") for name in ("drop_known", "drop_slope")),
            *(commons.number(f"behaviour_friends.{name}") for name in ("seek_slope", "accept_slope")),
        )
