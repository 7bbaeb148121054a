"""Paying off: who is listed by a court readies to pay by what the sanction costs them and what they can afford."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.society.commons import Commons
from goodstanding.lab.society.mechanisms.base import Mechanism, register
from goodstanding.lab.society.purposes import FINDS_OUT, JUDGES
from goodstanding.lab.society.reading import event
from goodstanding.lab.society.snapshot import Seen, Snapshot
from goodstanding.lab.society.stakes import cost_of
from goodstanding.lab.society.waning import deviations
from goodstanding.measures import OnList
from goodstanding.policy import Policy, Sanction
from goodstanding.standing import IN_FORCE, NOT_DUE

LISTED: Final = event("court.listed", amount=1)
TEN_WEEKS_MONTHS: Final = 2.5
NEVER: Final = np.int16(-1)


@register
class PayingOff(Mechanism):
    """Means decide first: whoever cannot lay hands on enough of the debt cannot pay, however dear the sanction."""

    name: ClassVar[str] = "payoff"
    title: ClassVar[Mapping[str, str]] = {"en": "Paying off", "zh": "清偿"}
    about: ClassVar[Mapping[str, str]] = {
        "en": (
            "A listed person who knows of it weighs what sanctions and lost points cost over the time of the entry "
            "against the debt; a notice adds a little, to small debts more."
        ),
        "zh": "知情的被列名者权衡惩戒与失分在列名期内的代价和债务；收到通知略有促进，小额债务更明显。",
    }
    parameters: ClassVar[tuple[str, ...]] = (
        *(f"behaviour_payoff.{name}" for name in ("attention", "means_needed", "horizon", "noise", "found_out")),
        *(f"behaviour_notice.{name}" for name in ("small_debts", "large_debts", "small_below", "reminder")),
        "behaviour_effort.present_bias",
        "behaviour_effort.discount_month",
        "consequences.shame",
        "people.income_median",
        "events.travel_income_elasticity",
    )

    def __init__(self, commons: Commons) -> None:
        """Nobody knows of a listing yet."""
        self.told_in = np.full(commons.residents, NEVER, np.int16)
        self._sanctions = [_for_debts(rule.policy) for rule in commons.rules]
        self._regains = [_points_of_listing(rule.policy) for rule in commons.rules]
        ratio = commons.traits.income / commons.number("people.income_median")
        self._travels = ratio ** commons.number("events.travel_income_elasticity")
        delta, months = commons.number("behaviour_effort.discount_month"), commons.number("behaviour_payoff.horizon")
        self._months = commons.number("behaviour_effort.present_bias") * (1.0 - delta**months) / (1.0 - delta)

    def act(self, commons: Commons, snapshot: Snapshot) -> None:
        """Ready those to pay for whom the sanction is dearer than the debt."""
        debt = snapshot.state.case_debt
        owes = np.flatnonzero((debt > 0) & (snapshot.state.case_months >= 0))
        self._learn(commons, snapshot)
        knows = owes[self.told_in[owes] != NEVER]
        dear = self._cost(commons, snapshot)[knows] * self._months
        means = snapshot.state.savings[knows] >= debt[knows] * commons.number("behaviour_payoff.means_needed")
        noise = commons.number("behaviour_payoff.noise") * deviations(commons.drawn(JUDGES, snapshot.month)[knows])
        weighs = means & (dear > debt[knows] * (1.0 + noise))
        settling = commons.dispositions.settling
        settling[knows] += weighs * np.float32(commons.number("behaviour_payoff.attention"))
        settling[knows] += self._of_notice(commons, snapshot.month, debt, knows)

    def _learn(self, commons: Commons, snapshot: Snapshot) -> None:
        """Who is told, or finds out at the counter; once nothing is due any more, it is forgotten."""
        due = np.zeros(commons.residents, np.bool_)
        told = np.zeros(commons.residents, np.bool_)
        for rule, seen in enumerate(snapshot.seen):
            for place, sanction in self._sanctions[rule]:
                here = (seen.standing.sanctions[place] != NOT_DUE) & commons.enrolled[rule]
                due |= here
                if commons.variant.notice and (sanction.notice_days or sanction.notice_working_days):
                    told |= here
        finds_out = commons.drawn(FINDS_OUT, snapshot.month) < commons.number("behaviour_payoff.found_out")
        learns = due & (told | finds_out) & (self.told_in == NEVER)
        self.told_in[learns] = snapshot.month
        self.told_in[~due] = NEVER

    def _cost(self, commons: Commons, snapshot: Snapshot) -> NDArray[np.float64]:
        """What being listed costs everybody, a month: sanctions, being seen, and the step that the points would win."""
        cost = np.zeros(commons.residents)
        shamed = np.zeros(commons.residents, np.bool_)
        for rule, seen in enumerate(snapshot.seen):
            for place, sanction in self._sanctions[rule]:
                under = (seen.standing.sanctions[place] != NOT_DUE) & commons.enrolled[rule]
                one = cost_of(sanction, commons.parameters)
                cost += under * (one.fixed + one.travel * self._travels)
                shamed |= under & (seen.standing.sanctions[place] == IN_FORCE)
            cost += self._points(commons, snapshot, rule, seen)
        return cost + shamed * commons.number("consequences.shame")

    def _points(self, commons: Commons, snapshot: Snapshot, rule: int, seen: Seen) -> NDArray[np.float64]:
        listed, regained = self._regains[rule]
        on = seen.standing.listed[listed].any(axis=0) & commons.heeding(snapshot, rule)
        score, ladder = seen.scores.score, commons.ladders[rule]
        worth = ladder.standing_at(score + regained) - ladder.standing_at(score)
        return np.where(on, worth, 0.0)

    def _of_notice(
        self, commons: Commons, month: int, debt: NDArray[np.int64], knows: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """What a notice adds in the ten weeks after it; without notices there is none."""
        if not commons.variant.notice:
            return np.zeros(knows.size, np.float32)
        small = debt[knows] < commons.number("behaviour_notice.small_below")
        within = np.where(
            small, commons.number("behaviour_notice.small_debts"), commons.number("behaviour_notice.large_debts")
        )
        fresh = month - self.told_in[knows] < TEN_WEEKS_MONTHS
        return (fresh * (within + commons.number("behaviour_notice.reminder")) / TEN_WEEKS_MONTHS).astype(np.float32)


def _lists(policy: Policy) -> set[str]:
    """The lists that a court's listing opens."""
    return {rule.name for rule in policy.lists if "court.listed" in policy.catalogue and rule.opened.matches(LISTED)}


def _for_debts(policy: Policy) -> list[tuple[int, Sanction]]:
    """The sanctions that paying would end, with their places."""
    lists = _lists(policy)
    return [(place, sanction) for place, sanction in enumerate(policy.sanctions) if lists & set(sanction.on)]


def _points_of_listing(policy: Policy) -> tuple[list[int], int]:
    """Which of a policy's lists these are, and how many points being on them costs."""
    lists = _lists(policy)
    cost = sum(
        factor.points.most(False) - factor.points.least(False)  # noqa: FBT003 being on a list is never nothing
        for factor in policy.factors
        if isinstance(factor.measure, OnList) and factor.measure.list in lists
    )
    return [place for place, rule in enumerate(policy.lists) if rule.name in lists], cost
