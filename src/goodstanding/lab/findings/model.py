"""A published finding as a test of the model: what is compared, what was published, and how it is judged.

The rules are older than the first run. A verdict is never rounded up: what an interval leaves open is undecided, which
is a kind of missed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import Final, Literal, TypeAlias

from goodstanding.document.kinds import Text
from goodstanding.lab.measures import Interval, interval

Verdict: TypeAlias = Literal["reproduced", "undecided", "missed", "not_testable", "used", "shown"]

VERDICTS: Final[Mapping[Verdict, Text]] = {
    "reproduced": Text({"en": "reproduced", "zh": "已重现"}),
    "undecided": Text({"en": "undecided", "zh": "未决"}),
    "missed": Text({"en": "missed", "zh": "未重现"}),
    "not_testable": Text({"en": "not testable", "zh": "无法检验"}),
    "used": Text({"en": "used as an input", "zh": "已用作输入"}),
    "shown": Text({"en": "shown without a verdict", "zh": "仅列示，不作判定"}),
}
"""What they are called; of those that are judged, the better first."""


@dataclass(frozen=True, slots=True)
class Sign:
    """The interval lies on the published side of 0.

    Attributes:
        side: 1 or -1.
        least: the least effect that would matter: an interval around 0 that holds nothing greater is a miss.
    """

    side: int
    least: float = 0.0

    def judge(self, found: Interval) -> Verdict:
        """Reproduced, missed or undecided."""
        if found.sign == self.side:
            return "reproduced"
        if found.sign == -self.side or -self.least <= found.low <= found.high <= self.least:
            return "missed"
        return "undecided"


@dataclass(frozen=True, slots=True)
class Band:
    """The whole interval lies between two figures, both included."""

    low: float
    high: float

    def judge(self, found: Interval) -> Verdict:
        """Reproduced, missed or undecided."""
        if self.low <= found.low and found.high <= self.high:
            return "reproduced"
        return "missed" if found.high < self.low or found.low > self.high else "undecided"


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure beside the tests, without a verdict."""

    def judge(self, _found: Interval) -> Verdict:
        """Always shown."""
        return "shown"


Rule: TypeAlias = Sign | Band | Shown


class Table:
    """What the arms gave; one value an arm, seed and quantity."""

    def __init__(self, seeds: Sequence[int], values: Mapping[tuple[str, int], Mapping[str, float]]) -> None:
        self.seeds = tuple(seeds)
        self.values = values

    def of(self, arm: str, quantity: str) -> list[float]:
        """A value a seed, in the order of seeds; not a number where there is none."""
        return [self.values[arm, seed].get(quantity, nan) for seed in self.seeds]

    def mean(self, arm: str, quantity: str) -> Interval:
        """Of one arm."""
        return interval(self.of(arm, quantity))

    def difference(self, arm: str, baseline: str, quantity: str) -> Interval:
        """Of two arms that throw the same dice, seed by seed."""
        pairs = zip(self.of(arm, quantity), self.of(baseline, quantity), strict=True)
        return interval([one - other for one, other in pairs])

    def falls(self, arm: str, baseline: str, quantity: str) -> list[float]:
        """By what share an arm lies below the other, seed by seed."""
        pairs = zip(self.of(arm, quantity), self.of(baseline, quantity), strict=True)
        return [1 - one / other if other else nan for one, other in pairs]


Figure: TypeAlias = Callable[[Table], Interval]


@dataclass(frozen=True, slots=True)
class Trial:
    """One test of a finding: a figure of the model, and how it is judged.

    Attributes:
        published: the figure or sign that was published, in words.
        unit: "share", "points", … as it is written behind the figure.
    """

    name: str
    what: Text
    published: Text
    unit: str
    rule: Rule
    figure: Figure


@dataclass(frozen=True, slots=True)
class Finding:
    """One published finding.

    Attributes:
        source: who found it.
        compared: which runs are held against each other, and when.
        why: why a miss is no surprise, how much is built in, or why there is no test.
        arms: what has to be run.
        tests: none, where `untested` says so.
        untested: "not_testable" or "used"; None: it is tested.
        needs: what has to hold before anything is judged: a figure that is an input, and its band.
        check: raises where the model breaks a rule that no figure may break.
    """

    name: str
    title: Text
    source: str
    published: Text
    compared: Text
    why: Text
    arms: tuple[str, ...] = ()
    tests: tuple[Trial, ...] = ()
    untested: Verdict | None = None
    needs: tuple[Figure, Band] | None = None
    check: Callable[[Table], None] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one finding; one figure and verdict a test."""

    finding: Finding
    verdict: Verdict
    tests: tuple[tuple[Trial, Interval, Verdict], ...]


def judge(finding: Finding, table: Table) -> Outcome:
    """Hold a finding against what the arms gave; the verdict is the worst of its tests', what is shown aside.

    Raises:
        AssertionError: the model breaks a rule that no figure may break: a mistake of ours.
    """
    if finding.check is not None:
        finding.check(table)
    figures = [(test, test.figure(table)) for test in finding.tests]
    if finding.untested is not None or not _may_be_judged(finding, table):
        verdict = finding.untested or "not_testable"
        return Outcome(finding, verdict, tuple((test, found, _aside(test, verdict)) for test, found in figures))
    tests = tuple((test, found, test.rule.judge(found)) for test, found in figures)
    judged = [one for _, _, one in tests if one != "shown"]
    return Outcome(finding, max(judged, key=list(VERDICTS).index), tests)


def _may_be_judged(finding: Finding, table: Table) -> bool:
    if finding.needs is None:
        return True
    figure, band = finding.needs
    return band.low <= figure(table).mean <= band.high


def _aside(test: Trial, verdict: Verdict) -> Verdict:
    return "shown" if isinstance(test.rule, Shown) else verdict
