"""What a measure is: its name, unit, which way is better, where it comes from, and the function that takes it.

A measure reads a month as it stands or a whole run, of one scorer or of the city as a whole. Where there is nothing to
measure (no tie, no debtor, nobody enrolled) there is no figure: never a 0 that nobody counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from goodstanding.document.kinds import Text
from goodstanding.lab.measures.views import CityMonth, ScorerMonth

Unit: TypeAlias = Literal[
    "points", "share", "ratio", "correlation", "ties", "groups", "months", "yuan", "yuan a month", "events",
    "effort",
]  # fmt: skip

UNITS: Final[Mapping[Unit, Text]] = {
    "points": Text({"en": "points", "zh": "分"}),
    "share": Text({"en": "share", "zh": "比例"}),
    "ratio": Text({"en": "ratio", "zh": "比值"}),
    "correlation": Text({"en": "correlation, −1 to 1", "zh": "相关系数（−1 至 1）"}),
    "ties": Text({"en": "ties a resident", "zh": "每人关系数"}),
    "groups": Text({"en": "groups per 1,000 residents", "zh": "每千人的群体数"}),
    "months": Text({"en": "months", "zh": "个月"}),
    "yuan": Text({"en": "yuan", "zh": "元"}),
    "yuan a month": Text({"en": "yuan a month", "zh": "元/月"}),
    "events": Text({"en": "a month per 1,000 residents", "zh": "每千人每月次数"}),
    "effort": Text({"en": "effort, −1 to 1", "zh": "努力程度（−1 至 1）"}),
}

Better: TypeAlias = Literal["higher", "lower", "neither"]


class Figure(NamedTuple):
    """One figure of a measure.

    Attributes:
        group: of whom, a name of `groups.GROUPS`, or of a tier, list or sanction; empty: of everybody.
        month: of a measure of runs, where it has a figure a month; None: the last one.
    """

    value: float
    group: str = ""
    month: int | None = None


Figures: TypeAlias = Iterator[Figure]


class Row(NamedTuple):
    """A figure with its place; one row a month, scorer (empty: the city as a whole), measure and group."""

    month: int
    scorer: str
    measure: str
    group: str
    value: float


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure.

    Attributes:
        about: how it is counted, in a sentence.
        source: who measures so; empty: ours.
        reads: what `of` is given: `CityMonth`, `ScorerMonth`, `CityRun` or `ScorerRun`.
        is_slow: takes seconds for a million residents; taken in the last month asked for only.
    """

    name: str
    title: Text
    unit: Unit
    better: Better
    about: Text
    source: str
    reads: type
    of: Callable[[Any], Figures]
    is_slow: bool = False

    @property
    def by_month(self) -> bool:
        """Whether it is taken of a month as it stands, not of a whole run."""
        return self.reads in {CityMonth, ScorerMonth}


def measure(
    name: str,
    reads: type,
    unit: Unit,
    better: Better,
    title: tuple[str, str],
    about: tuple[str, str],
    *,
    source: str = "",
    is_slow: bool = False,
) -> Callable[[Callable[[Any], Figures]], Measure]:
    """Make a measure of the function that takes it.

    Args:
        title, about: in English and Chinese.
    """

    def made(of: Callable[[Any], Figures]) -> Measure:
        return Measure(name, _text(title), unit, better, _text(about), source, reads, of, is_slow)

    return made


def _text(said: tuple[str, str]) -> Text:
    return Text({"en": said[0], "zh": said[1]})
