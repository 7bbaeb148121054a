"""Silence: critical voices fall silent where speech costs points, and some praise and study for points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

import numpy as np

from goodstanding.lab.society.coming_and_going import silence_around
from goodstanding.lab.society.commons import Commons
from goodstanding.lab.society.mechanisms.base import Mechanism, register
from goodstanding.lab.society.purposes import JUSTIFIES
from goodstanding.lab.society.reading import event, monthly
from goodstanding.lab.society.snapshot import Snapshot

CRITICAL: Final = (event("loyalty.speech", label="critical"),)
PRAISE: Final = tuple(monthly(12, "loyalty.speech", label="praise"))
"""A post of praise a month."""

WEEK_OF_STUDY: Final = tuple(event("loyalty.study", day, value=60) for day in range(1, 8))
TIER: Final = 100.0
"""Points, per which parameters speak."""
TEN: Final = 10.0


@register
class Silence(Mechanism):
    """What a post would cost is read off the policy; where no policy counts speech, nobody falls silent."""

    name: ClassVar[str] = "silence"
    title: ClassVar[Mapping[str, str]] = {"en": "Silence", "zh": "沉默"}
    about: ClassVar[Mapping[str, str]] = {
        "en": (
            "Where a policy takes points for critical speech, being counted and the points themselves silence, and so "
            "do silent friends; opponents of the counting less. Praise and study that bring points become more."
        ),
        "zh": ("政策因批评言论扣分时，被计数、扣分以及朋友的沉默使人沉默，反对计数者较少。能加分的赞扬和学习增多。"),
    }
    parameters: ClassVar[tuple[str, ...]] = (
        *(
            f"behaviour_silence.{name}"
            for name in (
                "watched",
                "stake",
                "justified",
                "opponents",
                "spiral",
                "recovery",
                "praise_forced",
                "study_forced",
            )
        ),
        "events.speakers",
    )

    def __init__(self, commons: Commons) -> None:
        """Who holds being watched to be justified, and how silent everybody is by now."""
        justifies = commons.drawn(JUSTIFIES) < commons.number("behaviour_silence.justified")
        self.feels = np.where(justifies, 1.0, commons.number("behaviour_silence.opponents")).astype(np.float32)
        self.chill = np.zeros(commons.residents, np.float32)
        self.speaks = commons.traits.outspoken >= 1.0 - commons.number("events.speakers")
        self._counts = [bool(reading.change(CRITICAL).min(initial=0) < 0) for reading in commons.readings]

    def act(self, commons: Commons, snapshot: Snapshot) -> None:
        """Fall silent by what a post would cost now; praise by what it would bring."""
        target = np.zeros(commons.residents, np.float32)
        for rule, seen in enumerate(snapshot.seen):
            heeds = commons.heeding(snapshot, rule)
            reading, points = commons.readings[rule], seen.scores.points
            if self._counts[rule]:
                at_stake = reading.lost(points, CRITICAL) / TIER
                chill = (
                    commons.number("behaviour_silence.watched") + commons.number("behaviour_silence.stake") * at_stake
                )
                np.maximum(target, heeds * chill, out=target)
            brought = heeds * reading.gained(points, PRAISE) / TIER
            commons.dispositions.praise[:] += self.speaks * brought * commons.number("behaviour_silence.praise_forced")
            studied = heeds * reading.gained(points, WEEK_OF_STUDY) / TEN
            commons.dispositions.study[:] += studied * commons.number("behaviour_silence.study_forced")
        if any(self._counts):
            target += commons.number("behaviour_silence.spiral") * self._of_friends(commons) * (target > 0)
        target *= self.feels
        left = self.chill * np.float32(1.0 - commons.number("behaviour_silence.recovery"))
        self.chill = np.minimum(np.maximum(target, left), 1.0)
        commons.dispositions.voice[:] *= 1.0 - self.chill

    def _of_friends(self, commons: Commons) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        """How silent one's friends are."""
        (around,) = commons.circle.around(["friend"])
        out = np.empty(commons.residents, np.float32)
        silence_around(around.offsets, around.neighbours, np.float32(1.0) - self.chill, out)
        return out
