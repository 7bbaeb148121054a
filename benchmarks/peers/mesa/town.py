"""The town of the benchmark in Mesa: residents as agents, each with a record, a score, and an answer to it.

A second reading of the laboratory's rules, with chance of its own. It was written from what the parameters, the
docstrings and the loops say, and shares no line with them. Money is fen, times are seconds since 1970.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import exp
from types import SimpleNamespace
from typing import Any, Final

from mesa import Model  # type: ignore[import-not-found,unused-ignore]  # it lives in an environment of its own

from benchmarks.peers.mesa import scoring
from benchmarks.peers.mesa.life import Living
from benchmarks.peers.mesa.scoring import DAY

YEAR_BEFORE: Final = 12
TIERS: Final = (575, 650, 725)
LADDER: Final = ((575, "pride"), (600, "hire"), (650, "pride"), (725, "both"))
NOTICE_DAYS: Final = 45


def month_start(month: int) -> int:
    """The first second of a month; month 0 is January 2018."""
    return int(datetime(2018 + month // 12, month % 12 + 1, 1, tzinfo=UTC).timestamp())


class Resident(Living):
    """Somebody of the town, with a score and an answer to it."""

    def __init__(self, model: Town, traits: Mapping[str, Any]) -> None:
        super().__init__(model, traits)
        effort, silence = model.p.effort, model.p.silence
        self.friends: list[Resident] = []
        self.slope = self.paying = self.next_chill = 0.0
        if traits["honesty"] < effort.responsive:
            self.slope = exp(self.normal(0, effort.spread)) * effort.slope * effort.present_bias / 10_000
        self.feels = 1.0 if self.chance() < silence.justified else silence.opponents
        self.points: list[int] = []
        self.own = self.total = self.score = 0
        self.noticed: int | None = None
        self.is_sanctioned = False

    def add_up(self) -> None:
        """The own score."""
        self.points = scoring.points_of(self.record, self.model.end)
        self.total = scoring.total_of(self.points)
        self.own = scoring.held(self.total)

    def look_around(self) -> None:
        """The score, to which friends' own scores count, and what follows from it."""
        friends = self.friends
        more = scoring.of_friends(sum(one.own for one in friends) / len(friends)) if friends else 0
        self.score = scoring.held(self.total + more)
        since, end = self.record.listed_since, self.model.end
        self.is_sanctioned = False
        if since is not None and self.is_listed:
            counts = since if self.noticed is None else max(self.noticed, since)
            self.is_sanctioned = end - counts >= NOTICE_DAYS * DAY
            self.noticed = end if self.noticed is None else self.noticed
            self.sanctioned_months += self.is_sanctioned
        else:
            self.noticed = None

    @property
    def is_listed(self) -> bool:
        """Whether the court's list holds them."""
        return self.record.is_listed(self.model.end)

    @property
    def tier(self) -> int:
        """0 to 3; who is listed is not of the highest."""
        tier = bisect_right(TIERS, self.score)
        return 2 if tier == 3 and self.is_listed else tier

    def lost(self, changes: Sequence[tuple[int, int]]) -> int:
        """What the factors would still take, of what they take from a steady file."""
        points, least = self.points, scoring.LEAST_POINTS
        return sum(min(-change, points[factor] - least[factor]) for factor, change in changes)

    def take_care(self) -> None:
        """Effort: a part of the way, each month, to what the points at stake are worth."""
        if self.slope:
            p, model = self.model.p, self.model
            stake = self.lost(model.by_bill)
            if self.left > 0:
                stake = max(stake, self.lost(model.by_instalment), self.lost(model.by_missing))
            self.paying += (self.slope * model.worth(self.score, stake) - self.paying) / p.effort.memory_months
            self.care = 1 - exp(-self.paying)
            self.welfare -= p.effort.cost / p.people.honesty_effect * self.paying

    def listen(self) -> None:
        """Silence: by what a post would cost now, and by how silent friends are."""
        p, friends = self.model.p, self.friends
        target = p.silence.watched + p.silence.stake * self.lost(self.model.by_critic) / 100
        if target > 0 and friends:
            target += p.silence.spiral * sum(one.chill for one in friends) / len(friends)
        self.next_chill = min(max(target * self.feels, self.chill * (1 - p.silence.recovery)), 1.0)
        if self.speaks:
            room = scoring.MOST_POINTS[scoring.PRAISE] - self.points[scoring.PRAISE]
            self.more_praise = p.silence.praise_forced * min(self.model.by_praise, room) / 100

    def fall_silent(self) -> None:
        """From now on, all at once."""
        self.chill = self.next_chill


class Town(Model):  # type: ignore[misc,unused-ignore]  # mesa is not here when types are checked
    """A town under its policy.

    Args:
        given: `people` (mappings of traits), `friends` (pairs of numbers), `parameters` (by group and name).
    """

    def __init__(self, given: Mapping[str, Any], seed: int) -> None:
        super().__init__(seed=seed)
        self.p = SimpleNamespace(**{name: SimpleNamespace(**of) for name, of in given["parameters"].items()})
        residents = [Resident(self, traits) for traits in given["people"]]
        for a, b in given["friends"]:
            residents[a].friends.append(residents[b])
            residents[b].friends.append(residents[a])
        self.may_give = sum(18 <= one.age <= 55 for one in residents) / len(residents)  # blood is a rate of all adults
        self._read_policy()
        self.keeps_daily, self.events = False, 0
        for month in range(-YEAR_BEFORE, 0):
            self._live(month)
        self.keeps_daily = True
        self.agents.do("forget")
        self.month, self.events = -1, 0

    def _read_policy(self) -> None:
        """What one more late bill, missed instalment, post would change in a steady file; and the worth of steps."""
        now = 20_000 * DAY
        before = scoring.points_of(scoring.steady(now), now)

        def change(event: str, *read: int, months: int = 1) -> list[tuple[int, int]]:
            file = scoring.steady(now)
            kept = getattr(file, event)
            for month in reversed(range(months)):
                time = now - (1 + 30 * month) * DAY
                kept.append(time) if isinstance(kept, list) else kept(time, *read)
            after = scoring.points_of(file, now)
            return [(factor, after[factor] - was) for factor, was in enumerate(before) if after[factor] != was]

        self.by_bill, self.by_instalment, self.by_missing, self.by_critic = (
            [(factor, by) for factor, by in change(*event) if by < 0]
            for event in (("bill", 12), ("instalment", 12), ("missed",), ("critical",))
        )
        self.by_praise = dict(change("praise", months=12))[scoring.PRAISE]
        worths = {
            "pride": self.p.consequences.tier_pride,
            "hire": self.p.consequences.goods_hire,
            "both": self.p.consequences.tier_pride + self.p.consequences.cheaper_loan,
        }
        self.rungs = [at for at, _ in LADDER]
        self.worths = [worths[what] for _, what in LADDER]

    def worth(self, score: int, points: int) -> float:
        """What so many points are worth, a month: on the way to the next step, and off the step one stands on."""
        above = bisect_right(self.rungs, score)
        total = 0.0
        if above < len(self.rungs):
            total = min(points / (self.rungs[above] - score), 1) * self.worths[above]
        if above > 0:
            total += min(points / (score - self.rungs[above - 1] + 1), 1) * self.worths[above - 1]
        return total

    def _live(self, month: int) -> None:
        self.start, self.end = month_start(month), month_start(month + 1)
        self.seconds, self.month = self.end - self.start, month
        self.happened: list[tuple[Any, ...]] = []
        self.agents.do("live")
        self.events += len(self.happened)

    def step(self) -> None:
        """A month: people answer the last one, live, and are scored."""
        if self.month >= 0:
            self.agents.do("take_care")
            self.agents.do("listen")
            self.agents.do("fall_silent")
        self._live(self.month + 1)
        self.agents.do("add_up")
        self.agents.do("look_around")
