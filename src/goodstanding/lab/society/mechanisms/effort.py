"""Effort: people take care where they can see what the next points would bring, or cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.society.commons import Commons
from goodstanding.lab.society.mechanisms.base import Mechanism, register
from goodstanding.lab.society.purposes import SLOPE
from goodstanding.lab.society.reading import event
from goodstanding.lab.society.snapshot import Seen, Snapshot
from goodstanding.lab.society.stakes import cost_of
from goodstanding.lab.society.waning import deviations

LATE: Final = (
    event("bill.paid", amount=9_000, value=12),
    event("water_bill.unpaid"),
    event("service_fee.late"),
    event("tax.paid", amount=9_000, value=12),
)
"""Bills that anybody may pay late."""

LATE_BORROWING: Final = (
    event("loan.repaid", amount=9_000, value=12),
    event("loan.overdue"),
    event("card.status", value=1),
)
"""What those who borrow may pay late."""

OFFENCES: Final = tuple(
    event(type_)
    for type_ in ("rail.disorder", "rail.smoking", "fare.unpaid", "air.disorder", "traffic.red_light", "traffic.ticket")
)
"""Offences from which one may hold back."""

PER_FEN: Final = 10_000.0


@register
class Effort(Mechanism):
    """The least honest answer, for the honest pay on time anyway."""

    name: ClassVar[str] = "effort"
    title: ClassVar[Mapping[str, str]] = {"en": "Effort", "zh": "努力"}
    about: ClassVar[Mapping[str, str]] = {
        "en": (
            "Those who would pay late take more care the more the points at stake are worth: the way to the next step, "
            "the step they stand on, a sanction that an offence would bring."
        ),
        "zh": "可能逾期者，所涉分数越值钱越用心：距下一档的路程、现有的档位、违规会招致的惩戒。",
    }
    parameters: ClassVar[tuple[str, ...]] = (
        *(
            f"behaviour_effort.{name}"
            for name in ("slope", "spread", "responsive", "cost", "memory_months", "present_bias")
        ),
        "people.honesty_effect",
    )

    def __init__(self, commons: Commons) -> None:
        """Everybody's own slope, and what they have come to by now."""
        spread = commons.number("behaviour_effort.spread")
        answers = commons.traits.honesty < commons.number("behaviour_effort.responsive")
        slope = np.exp(spread * deviations(commons.drawn(SLOPE))) * commons.number("behaviour_effort.slope")
        slope *= commons.number("behaviour_effort.present_bias") / PER_FEN
        self.slope = np.where(answers, slope, 0.0).astype(np.float32)
        self.paying = np.zeros(commons.residents, np.float32)
        self.behaving = np.zeros(commons.residents, np.float32)

    def act(self, commons: Commons, snapshot: Snapshot) -> None:
        """Follow what is at stake now, a part of the way each month."""
        bills = np.zeros(commons.residents, np.float32)
        offences = np.zeros(commons.residents, np.float32)
        for rule, seen in enumerate(snapshot.seen):
            heeds = commons.heeding(snapshot, rule)
            lost = self._lost_by_lateness(commons, snapshot, rule, seen)
            ladder, score = commons.ladders[rule], seen.scores.score
            bills += heeds * (ladder.pull(score, lost) + ladder.push(score, lost))
            offences += heeds * self._lost_by_offence(commons, rule, seen)
        part = 1.0 / commons.number("behaviour_effort.memory_months")
        self.paying += part * (self.slope * bills - self.paying)
        self.behaving += part * (self.slope * offences - self.behaving)
        commons.take_care(-np.expm1(-self.paying))
        commons.hold_back(-np.expm1(-self.behaving))
        cost = commons.number("behaviour_effort.cost") / commons.number("people.honesty_effect")
        commons.tally.welfare[:] -= cost * self.paying

    def _lost_by_lateness(self, commons: Commons, snapshot: Snapshot, rule: int, seen: Seen) -> NDArray[np.float32]:
        """The points that the dearest of the bills one has would cost if it were late."""
        borrows = (snapshot.state.loan_left > 0) | (snapshot.state.card_balance > 0)
        return np.maximum(_dearest(commons, rule, seen, LATE), borrows * _dearest(commons, rule, seen, LATE_BORROWING))

    def _lost_by_offence(self, commons: Commons, rule: int, seen: Seen) -> NDArray[np.float32]:
        """What an offence would cost: the step one stands on, and the sanctions that follow."""
        lost = _dearest(commons, rule, seen, OFFENCES)
        step = commons.ladders[rule].push(seen.scores.score, lost) if lost.any() else lost
        return step + np.float32(_sanctions_for(commons, rule))


def _dearest(commons: Commons, rule: int, seen: Seen, events: Sequence[Mapping[str, Any]]) -> NDArray[np.float32]:
    reading = commons.readings[rule]
    costs = [reading.lost(seen.scores.points, [one]) for one in events if one["type"] in reading.types]
    return np.max(costs, axis=0) if costs else np.zeros(commons.residents, np.float32)


def _sanctions_for(commons: Commons, rule: int) -> float:
    """The dearest sanction, a month, that rests on a list which one of the offences opens."""
    policy = commons.rules[rule].policy
    opened = {one.name for one in policy.lists if any(one.opened.matches(offence) for offence in OFFENCES)}
    costs = [cost_of(one, commons.parameters) for one in policy.sanctions if opened & set(one.on)]
    return max((cost.fixed + cost.travel for cost in costs), default=0.0)
