"""Plots of measures month by month: how far the sides are apart, or, where nothing is compared, how high each is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import altair as alt
import pyarrow.compute as pc

from goodstanding.lab.report.numbers import axis_title, change, quantities, quantity, reach, scaled
from goodstanding.lab.report.plot import COLOURS, DASHES, INK, Drawing, Plot, Shape, data, name_of
from goodstanding.lab.report.run import Difference, Run
from goodstanding.lab.report.telling import headline, title_of, to_tell, unit_of
from goodstanding.lab.report.words import Lang, say

MOST_COURSES: Final = 4
MOST_SHADES: Final = 3
"""With more lines than this their intervals would only hide one another."""


@dataclass(frozen=True, slots=True)
class Course:
    """One line of a plot.

    Attributes:
        number: of the side; colour and dash go by it.
        points: by month, as people count them: the value, and its interval where there is one.
    """

    title: str
    number: int
    points: Mapping[int, tuple[float, float | None, float | None]]


def courses(run: Run, lang: Lang) -> tuple[Plot, ...]:
    """The measures of the answer month by month, of everybody: one plot each, at most four."""
    if run.differences:
        told = (headline(run), *to_tell(run))
        names = dict.fromkeys(one.measure for one in told if one is not None and not one.group)
        plots = [_apart(run, name, lang) for name in names]
    else:
        plots = [_levels(run, name, lang) for name in run.asked or _measured(run)]
    return tuple(plot for plot in plots if plot is not None)[:MOST_COURSES]


def _measured(run: Run) -> list[str]:
    names: list[str] = pc.unique(run.table("summary", ["measure"])["measure"]).to_pylist()
    return names


def _apart(run: Run, measure: str, lang: Lang) -> Plot | None:
    """How far the other sides are from their baselines; None where they never differ, or in one month only."""
    found = _of_everybody(run, measure)
    months = sorted({run.shown(one.month) for each in found for one in each})
    if len(months) < 2 or all(one.difference == 0 for each in found for one in each):  # noqa: PLR2004 no course
        return None
    unit = unit_of(measure)
    lines = [_line_of(run, each, unit, lang) for each in found]
    baselines = dict.fromkeys(run.sides[each[0].baseline].title.in_(lang) for each in found)
    ends = dict.fromkeys(said for each in found for said in _ends(run, each, unit, lang))
    key = "plot_apart_is" if found[0][0].is_known else "plot_apart_once"
    return Plot(
        name=name_of("months", measure),
        title=say(lang, "apart", measure=_title(measure, lang)),
        description=say(lang, key, baseline=say(lang, "quotes").join(baselines), ends=" ".join(ends)),
        head=(say(lang, "month"), *_heads(run, found, lang)),
        rows=tuple(_row(run, month, found, unit, lang) for month in months),
        chart=lambda shape: _draw(lines, unit, lang, shape, zero=True),
    )


def _of_everybody(run: Run, measure: str) -> list[list[Difference]]:
    """The months of each comparison; where several score, of the first who has this measure."""
    found: dict[tuple[str, str], list[Difference]] = {}
    for one in run.differences:
        if one.measure == measure and not one.group:
            months = found.setdefault((one.baseline, one.other), [])
            if not months or months[0].scorer == one.scorer:
                months.append(one)
    return [sorted(each, key=lambda one: one.month) for each in found.values()]


def _line_of(run: Run, months: Sequence[Difference], unit: str, lang: Lang) -> Course:
    side = run.sides[months[0].other]
    points = {
        run.shown(one.month): (
            scaled(one.difference, unit),
            scaled(one.low, unit) if one.is_known else None,
            scaled(one.high, unit) if one.is_known else None,
        )
        for one in months
    }
    return Course(side.title.in_(lang), side.number, points)


def _ends(run: Run, months: Sequence[Difference], unit: str, lang: Lang) -> list[str]:
    """Where both sides begin and end."""
    first, last = months[0], months[-1]
    sides = ((first.baseline, "baseline_mean"), (first.other, "other_mean"))
    return [
        say(lang, "from_to", side=run.sides[key].title.in_(lang), first=begins, last=ends)
        for key, mean in sides
        for begins, ends in [quantities(getattr(first, mean), getattr(last, mean), unit, lang)]
    ]


def _heads(run: Run, found: Sequence[Sequence[Difference]], lang: Lang) -> list[str]:
    heads = []
    for each in found:
        baseline, other = (run.sides[key].title.in_(lang) for key in (each[0].baseline, each[0].other))
        heads += [
            say(lang, "with", side=baseline),
            say(lang, "with", side=other),
            say(lang, "difference"),
            say(lang, "interval"),
        ]
    return heads


def _row(run: Run, month: int, found: Sequence[Sequence[Difference]], unit: str, lang: Lang) -> tuple[str, ...]:
    cells = [str(month)]
    for each in found:
        one = next((one for one in each if run.shown(one.month) == month), None)
        cells += ["–"] * 4 if one is None else _cells(one, unit, lang)
    return tuple(cells)


def _cells(one: Difference, unit: str, lang: Lang) -> list[str]:
    ends = reach(one.low, one.high, unit, lang) if one.is_known else None
    return [
        quantity(one.baseline_mean, unit, lang),
        quantity(one.other_mean, unit, lang),
        change(one.difference, unit, lang),
        "–" if ends is None else say(lang, "to", low=ends[0], high=ends[1]),
    ]


def _levels(run: Run, measure: str, lang: Lang) -> Plot | None:
    """How high each side is; None where it was measured in one month only."""
    lines = _levels_of(run, measure, lang)
    months = sorted({month for line in lines for month in line.points})
    if len(months) < 2:  # noqa: PLR2004 one month is no course
        return None
    unit, many = unit_of(measure), len(run.seeds)
    ends = [
        say(lang, "from_to", side=line.title, first=begins, last=ends)
        for line in lines
        for begins, ends in [quantities(line.points[min(line.points)][0], line.points[max(line.points)][0], unit, lang)]
    ]
    key = "plot_measure_is" if many > 1 else "plot_measure_once"
    return Plot(
        name=name_of("months", measure),
        title=_title(measure, lang),
        description=say(lang, key, seeds=many, ends=" ".join(ends)),
        head=(say(lang, "month"), *(line.title for line in lines)),
        rows=tuple(
            (
                str(month),
                *("–" if month not in line.points else quantity(line.points[month][0], unit, lang) for line in lines),
            )
            for month in months
        ),
        chart=lambda shape: _draw(_scaled(lines, unit), unit, lang, shape, zero=False),
    )


def _levels_of(run: Run, measure: str, lang: Lang) -> list[Course]:
    """The months of each side; where several score, of the first who has this measure."""
    table = run.table("summary")
    table = table.filter(pc.and_(pc.equal(table["measure"], measure), pc.equal(table["group"], "")))
    points: dict[str, dict[int, tuple[float, float | None, float | None]]] = {}
    scorers: dict[str, str] = {}
    for row in table.to_pylist():
        key = f"{row['policy']}/{row['variant']}"
        if scorers.setdefault(key, row["scorer"]) == row["scorer"]:
            ends = (row["low"], row["high"]) if row["seeds"] > 1 else (None, None)
            points.setdefault(key, {})[run.shown(row["month"])] = (row["mean"], *ends)
    return [Course(run.sides[key].title.in_(lang), run.sides[key].number, months) for key, months in points.items()]


def _scaled(lines: Iterable[Course], unit: str) -> list[Course]:
    return [
        Course(line.title, line.number, {month: _all_scaled(ends, unit) for month, ends in line.points.items()})
        for line in lines
    ]


def _all_scaled(point: tuple[float, float | None, float | None], unit: str) -> tuple[float, float | None, float | None]:
    value, low, high = point
    return scaled(value, unit), None if low is None else scaled(low, unit), None if high is None else scaled(high, unit)


def _title(measure: str, lang: Lang) -> str:
    """What the measure is called, and what it counts in."""
    unit = axis_title(unit_of(measure), lang)
    title = title_of(measure, lang)
    return title if unit in {"", "%"} else say(lang, "in_unit", measure=title, unit=unit)


def _draw(lines: Sequence[Course], unit: str, lang: Lang, shape: Shape, *, zero: bool) -> Drawing:
    """Lines told apart by colour and dash, with shades for their intervals and a rule at no difference."""
    rows = [
        {"line": line.title, "month": month, "value": value, "low": low, "high": high, "colour": _colour(line)}
        for line in lines
        for month, (value, low, high) in line.points.items()
    ]
    titles = [line.title for line in lines]
    legend = alt.Legend(symbolType="stroke") if len(lines) > 1 else None
    base = alt.Chart(data(rows))
    x = alt.X(
        "month:Q", axis=alt.Axis(title=say(lang, "month"), tickMinStep=1, grid=False), scale=alt.Scale(nice=False)
    )
    sign = "%" if axis_title(unit, lang) == "%" else ""
    axis = alt.Axis(title=None, labelExpr=f"datum.label + '{sign}'", tickCount=6)
    line = base.mark_line(strokeWidth=2.5).encode(
        x=x,
        y=alt.Y("value:Q", axis=axis, scale=alt.Scale(zero=zero)),
        color=alt.Color("line:N", scale=alt.Scale(domain=titles, range=[_colour(one) for one in lines]), legend=legend),
        strokeDash=alt.StrokeDash(
            "line:N",
            scale=alt.Scale(domain=titles, range=[DASHES[one.number % len(DASHES)] for one in lines]),
            legend=legend,
        ),
        tooltip=["line:N", "month:Q", "value:Q"],
    )
    layers: list[alt.Chart] = [line]
    if len(lines) <= MOST_SHADES and all(row["low"] is not None for row in rows):
        shade = base.mark_area(opacity=0.15).encode(
            x=x, y=alt.Y("low:Q", axis=axis), y2="high:Q", fill=alt.Fill("colour:N", scale=None)
        )
        layers.insert(0, shade)
    if zero:
        layers.append(alt.Chart(data([{"value": 0}])).mark_rule(color=INK, strokeWidth=1.5).encode(y="value:Q"))
    return alt.layer(*layers).properties(width=shape.width, height=200 if shape.is_narrow else 260)


def _colour(line: Course) -> str:
    return COLOURS[line.number % len(COLOURS)]
