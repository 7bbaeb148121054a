"""Plots of what was measured: each difference with its interval, and a measure month by month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal, TypeAlias

import altair as alt
import pyarrow.compute as pc

from goodstanding.lab.report.numbers import axis_title, quantities, quantity, scaled
from goodstanding.lab.report.plot import (
    COLOURS,
    DASHES,
    HALO,
    INK,
    LINES,
    MARKS,
    Drawing,
    Plot,
    Rows,
    Shape,
    colour_of,
    data,
    name_of,
    wrapped,
)
from goodstanding.lab.report.run import Run, Side
from goodstanding.lab.report.telling import Told, headline, title_of, to_tell, told, unit_of
from goodstanding.lab.report.words import Lang, say

MOST_COURSES: Final = 4
ROW: Final = 46
EDGE: Final = 0.3

Align: TypeAlias = Literal["left", "center", "right"]
ALIGNED: Final[tuple[tuple[Align, int], ...]] = (("left", -7), ("center", 0), ("right", 7))


def differences(run: Run, lang: Lang) -> Plot | None:
    """Each difference that is told of, with its interval; None where nothing has one."""
    found = [told(run, one, lang) for one in to_tell(run) if one.is_known]
    if not found:
        return None
    clear = sum(bool(one.found.sign) for one in found)
    baselines = dict.fromkeys(one.baseline for one in found)
    return Plot(
        name="differences",
        title=say(lang, "plot_differences"),
        description=say(
            lang,
            "plot_differences_is",
            baseline=("”, “" if lang == "en" else "”、“").join(baselines),
            clear=clear,
            all=len(found),
        ),
        head=(
            say(lang, "measure"),
            say(lang, "side"),
            say(lang, "difference"),
            say(lang, "interval"),
            say(lang, "verdict"),
        ),
        rows=tuple(
            (
                one.measure,
                one.other,
                one.difference,
                say(lang, "to", low=one.low, high=one.high),
                say(lang, one.verdict),
            )
            for one in found
        ),
        chart=lambda shape: _forest(run, found, lang, shape),
    )


def _forest(run: Run, found: Sequence[Told], lang: Lang, shape: Shape) -> Drawing:
    rows = _forest_rows(run, found, lang, shape)
    base = alt.Chart(data(rows))
    order = [row["row"] for row in rows]
    y = alt.Y(
        "row:N",
        sort=order,
        axis=alt.Axis(
            title=None, labelExpr=LINES, labelLimit=600, ticks=False, domain=False, grid=True, labelPadding=8
        ),
    )
    x = alt.X(
        "at:Q",
        scale=alt.Scale(domain=[-1.1, 1.1]),
        axis=alt.Axis(title=say(lang, "low_high"), labels=False, ticks=False, grid=False),
    )
    side = _by_side(run, lang, {one.found.other for one in found})
    zero = alt.Chart(data([{"at": 0}])).mark_rule(color=INK).encode(x="at:Q")
    line = base.mark_rule(strokeWidth=2.5).encode(x=alt.X("low:Q", title=""), x2="high:Q", y=y, color=side.colour)
    mark = base.mark_point(size=110, strokeWidth=2.5, opacity=1).encode(
        x=x,
        y=y,
        stroke=side.colour,
        shape=side.mark,
        fill=alt.Fill("fill:N", scale=None),
        tooltip=["said:N", "difference:N"],
    )
    words = [
        base.transform_filter(f"datum.align == '{align}'")
        .mark_text(dy=-13, fontSize=12, align=align, dx=dx, **under)
        .encode(x=x, y=y, text="difference:N")
        for align, dx in ALIGNED
        for under in (HALO, {})
    ]
    return alt.layer(zero, line, mark, *words).properties(width=shape.width, height=alt.Step(ROW))


def _forest_rows(run: Run, found: Sequence[Told], lang: Lang, shape: Shape) -> list[dict[str, Any]]:
    reach: dict[str, float] = {}
    for one in found:
        reach[one.measure] = max(reach.get(one.measure, 0), abs(one.found.low), abs(one.found.high))
    several = len({one.other for one in found}) > 1
    room = 17 if shape.is_narrow else 34
    rows = []
    for one in found:
        label = f"{one.measure} · {one.other}" if several else one.measure
        by = reach[one.measure] or 1
        side = run.sides[one.found.other]
        rows.append(
            {
                "row": wrapped(label, room),
                "at": one.found.difference / by,
                "low": one.found.low / by,
                "high": one.found.high / by,
                "side": one.other,
                "fill": colour_of(side) if one.found.sign else "#ffffff",
                "difference": one.difference,
                "said": say(lang, one.verdict),
                "align": _align(one.found.difference / by),
            }
        )
    return rows


def _align(at: float) -> Align:
    """Which way words go from a mark, so that they stay on the plot."""
    return "right" if at > EDGE else "left" if at < -EDGE else "center"


class _by_side:  # noqa: N801 a bundle of encodings
    """How sides are told apart: by colour, by dash and by mark."""

    def __init__(self, run: Run, lang: Lang, keys: Iterable[str]) -> None:
        wanted = set(keys)
        self.sides: list[Side] = [side for side in run.sides.values() if side.key in wanted]
        self.lang = lang

    def _scale(self, values: Sequence[Any]) -> alt.Scale:
        return alt.Scale(
            domain=[side.title.in_(self.lang) for side in self.sides],
            range=[values[side.number % len(values)] for side in self.sides],
        )

    @property
    def _legend(self) -> alt.Legend | None:
        return alt.Legend() if len(self.sides) > 1 else None

    @property
    def colour(self) -> alt.Color:
        """By colour."""
        return alt.Color("side:N", scale=self._scale(COLOURS), legend=self._legend)

    @property
    def line(self) -> alt.Color:
        """By the colour of a line."""
        return alt.Color("side:N", scale=self._scale(COLOURS), legend=self._lines)

    @property
    def _lines(self) -> alt.Legend | None:
        return alt.Legend(symbolType="stroke") if len(self.sides) > 1 else None

    @property
    def dash(self) -> alt.StrokeDash:
        """By dash."""
        return alt.StrokeDash("side:N", scale=self._scale(DASHES), legend=self._lines)

    @property
    def mark(self) -> alt.Shape:
        """By mark."""
        return alt.Shape("side:N", scale=self._scale(MARKS), legend=self._legend)


def courses(run: Run, lang: Lang) -> tuple[Plot, ...]:
    """The measures of the answer month by month, one plot each, at most four; of everybody, by the first scorer."""
    names = [one.measure for one in (headline(run), *to_tell(run)) if one is not None and not one.group]
    plots = (_course(run, name, lang) for name in dict.fromkeys(names))
    return tuple(plot for plot in plots if plot is not None)[:MOST_COURSES]


def _course(run: Run, measure: str, lang: Lang) -> Plot | None:
    rows = _course_rows(run, measure, lang)
    months = {row["month"] for row in rows}
    if len(months) < 2:  # noqa: PLR2004 one month is no course
        return None
    unit, first, last = unit_of(measure), min(months), max(months)
    means = {(row["side"], row["month"]): row["mean"] for row in rows}
    sides = dict.fromkeys(row["side"] for row in rows)
    if len({tuple(means.get((side, month)) for month in months) for side in sides}) < min(len(sides), 2):
        return None  # all the same: the table of differences says so
    ends = " ".join(
        say(lang, "from_to", side=side, first=ends[0], last=ends[1])
        for side in sides
        if {(side, first), (side, last)} <= means.keys()
        for ends in [quantities(means[side, first], means[side, last], unit, lang)]
    )
    many = len(run.seeds)
    key = "plot_measure_is" if many > 1 else "plot_measure_once"
    return Plot(
        name=name_of("course", measure),
        title=_title(measure, lang),
        description=say(lang, key, seeds=many, ends=ends),
        head=(say(lang, "month"), *sides),
        rows=tuple(_month_row(month, sides, means, unit, lang) for month in sorted(months)),
        chart=lambda shape: _line(run, rows, unit, lang, shape),
    )


def _title(measure: str, lang: Lang) -> str:
    """What the measure is called, and what it counts in."""
    unit = axis_title(unit_of(measure), lang)
    return (
        title_of(measure, lang)
        if unit in {"", "%"}
        else say(lang, "in_unit", measure=title_of(measure, lang), unit=unit)
    )


def _month_row(
    month: int, sides: Iterable[str], means: dict[tuple[str, int], float], unit: str, lang: Lang
) -> tuple[str, ...]:
    cells = (means.get((side, month)) for side in sides)
    return (str(month), *("–" if cell is None else quantity(cell, unit, lang) for cell in cells))


def _course_rows(run: Run, measure: str, lang: Lang) -> Rows:
    """One row a side and month, of everybody; where several score, the first who has this measure."""
    table = run.table("summary")
    table = table.filter(pc.and_(pc.equal(table["measure"], measure), pc.equal(table["group"], "")))
    rows: list[dict[str, Any]] = []
    scorers: dict[str, str] = {}
    for row in table.to_pylist():
        key = f"{row['policy']}/{row['variant']}"
        if scorers.setdefault(key, row["scorer"]) != row["scorer"]:
            continue
        rows.append(
            {
                "side": run.sides[key].title.in_(lang),
                "key": key,
                "month": run.shown(row["month"]),
                "mean": row["mean"],
                "low": row["low"],
                "high": row["high"],
                "seeds": row["seeds"],
            }
        )
    return rows


def _line(run: Run, rows: Rows, unit: str, lang: Lang, shape: Shape) -> Drawing:
    shown = [
        {
            "side": row["side"],
            "month": row["month"],
            "colour": colour_of(run.sides[row["key"]]),
            **{name: scaled(row[name], unit) for name in ("mean", "low", "high") if row["seeds"] > 1 or name == "mean"},
        }
        for row in rows
    ]
    side = _by_side(run, lang, {row["key"] for row in rows})
    base = alt.Chart(data(shown))
    x = alt.X(
        "month:Q", axis=alt.Axis(title=say(lang, "month"), tickMinStep=1, grid=False), scale=alt.Scale(nice=False)
    )
    y = alt.Y("mean:Q", axis=_levels(unit, lang), scale=alt.Scale(zero=False))
    line = base.mark_line(strokeWidth=2.5).encode(
        x=x, y=y, color=side.line, strokeDash=side.dash, tooltip=["side:N", "month:Q", "mean:Q"]
    )
    parts: list[alt.Chart] = [line]
    if all("low" in row for row in shown):
        shade = base.mark_area(opacity=0.15).encode(
            x=x, y=alt.Y("low:Q", axis=_levels(unit, lang)), y2="high:Q", fill=alt.Fill("colour:N", scale=None)
        )
        parts.insert(0, shade)
    return alt.layer(*parts).properties(width=shape.width, height=200 if shape.is_narrow else 260)


def _levels(unit: str, lang: Lang) -> alt.Axis:
    """An axis of levels; what they count in stands in the title of the plot."""
    percents = axis_title(unit, lang) == "%"
    return alt.Axis(title=None, labelExpr="datum.label + '%'" if percents else "datum.label", tickCount=6)
