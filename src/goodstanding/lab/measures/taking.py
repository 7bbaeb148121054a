"""All measures, and how they are taken of a month and of a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from math import isnan
from types import ModuleType
from typing import Final

from goodstanding.lab.city.arrays import Tally, Traits
from goodstanding.lab.measures import friends, gaps, lives, mistakes, mobility, payments, scores
from goodstanding.lab.measures.register import Measure, Row
from goodstanding.lab.measures.views import CityMonth, CityRun, ScorerMonth, ScorerRun
from goodstanding.lab.society.snapshot import History, Snapshot


def _by_name(*modules: ModuleType) -> dict[str, Measure]:
    """The measures of some modules; two of one name are a mistake of ours."""
    found = [
        one for one in chain.from_iterable(vars(module).values() for module in modules) if isinstance(one, Measure)
    ]
    by_name = {one.name: one for one in found}
    assert len(by_name) == len(found), "two measures have one name"
    return by_name


MEASURES: Final = _by_name(scores, mobility, gaps, payments, mistakes, friends, lives)
"""All of them, by name, in the order in which they are told."""


def of_month(snapshot: Snapshot, names: Iterable[str] | None = None, *, slow: bool = True) -> list[Row]:
    """The figures of a month, of each scorer and of the city as a whole.

    Args:
        names: of MEASURES; those of runs are passed over; all if left out.
        slow: also the slow ones.
    """
    city = CityMonth(snapshot)
    views: list[CityMonth | ScorerMonth] = [city, *(ScorerMonth(city, seen) for seen in snapshot.seen)]
    asked = [one for one in _named(names) if slow or not one.is_slow]
    return _rows(views, asked, snapshot.month)


def of_run(
    history: History, traits: Traits, tally: Tally, names: Iterable[str] | None = None, *, first_month: int = 0
) -> list[Row]:
    """The figures of a whole run.

    Args:
        names: as in `of_month`; those of months are passed over.
        first_month: the month of the history's first row.
    """
    city = CityRun(history, traits, tally, first_month)
    views: list[CityRun | ScorerRun] = [city, *(ScorerRun(city, name) for name in history.scores)]
    return _rows(views, _named(names), first_month + len(history.defaulted) - 1)


def _named(names: Iterable[str] | None) -> list[Measure]:
    """The measures of these names, in the order of the register."""
    wanted = set(MEASURES if names is None else names)
    assert wanted <= set(MEASURES), f"no measures: {', '.join(sorted(wanted - set(MEASURES)))}"
    return [one for one in MEASURES.values() if one.name in wanted]


def _rows(
    views: Sequence[CityMonth | ScorerMonth | CityRun | ScorerRun], asked: Sequence[Measure], month: int
) -> list[Row]:
    return [
        Row(month if figure.month is None else figure.month, view.scorer, one.name, figure.group, float(figure.value))
        for one in asked
        for view in views
        if isinstance(view, one.reads)
        for figure in one.of(view)
        if not isnan(figure.value)
    ]
