"""Plots of one comparison: each difference with its interval, every row on a scale of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal, TypeAlias

import altair as alt

from goodstanding.lab.report.plot import HALO, INK, LINES, Drawing, Plot, Shape, colour_of, data, wrapped
from goodstanding.lab.report.run import Run
from goodstanding.lab.report.telling import Told
from goodstanding.lab.report.words import Lang, say

ROW: Final = 46
EDGE: Final = 0.3

Align: TypeAlias = Literal["left", "center", "right"]
ALIGNED: Final[tuple[tuple[Align, int], ...]] = (("left", -7), ("center", 0), ("right", 7))


def differences(run: Run, found: Sequence[Told], number: int, lang: Lang) -> Plot | None:
    """The differences of one comparison, each with its interval; None where nothing has one.

    Args:
        number: of the comparison among those of the run, from 1.
    """
    known = [one for one in found if one.low]
    if not known:
        return None
    return Plot(
        name=f"differences-{number}",
        title=say(lang, "plot_differences", other=known[0].other),
        description=say(
            lang,
            "plot_differences_is",
            baseline=known[0].baseline,
            clear=sum(bool(one.found.sign) for one in known),
            all=len(known),
        ),
        head=(say(lang, "measure"), say(lang, "difference"), say(lang, "interval"), say(lang, "verdict")),
        rows=tuple(
            (one.measure, one.difference, say(lang, "to", low=one.low, high=one.high), say(lang, one.verdict))
            for one in known
        ),
        chart=lambda shape: _forest(run, known, lang, shape),
    )


def _forest(run: Run, found: Sequence[Told], lang: Lang, shape: Shape) -> Drawing:
    rows = [_row(one, lang, shape) for one in found]
    colour = colour_of(run.sides[found[0].found.other])
    base = alt.Chart(data(rows))
    y = alt.Y(
        "row:N",
        sort=[row["row"] for row in rows],
        axis=alt.Axis(
            title=None, labelExpr=LINES, labelLimit=600, ticks=False, domain=False, grid=True, labelPadding=8
        ),
    )
    x = alt.X(
        "at:Q",
        scale=alt.Scale(domain=[-1.1, 1.1]),
        axis=alt.Axis(title=say(lang, "low_high"), labels=False, ticks=False, grid=False),
    )
    fill = alt.condition("datum.clear", alt.value(colour), alt.value("#ffffff"))
    zero = alt.Chart(data([{"at": 0}])).mark_rule(color=INK).encode(x="at:Q")
    line = base.mark_rule(strokeWidth=2.5, color=colour).encode(x=alt.X("low:Q", title=""), x2="high:Q", y=y)
    mark = base.mark_point(size=110, strokeWidth=2.5, opacity=1, stroke=colour).encode(
        x=x, y=y, fill=fill, tooltip=["said:N", "difference:N"]
    )
    words = [
        base.transform_filter(f"datum.align == '{align}'")
        .mark_text(dy=-13, fontSize=12, align=align, dx=dx, **under)
        .encode(x=x, y=y, text="difference:N")
        for align, dx in ALIGNED
        for under in (HALO, {})
    ]
    return alt.layer(zero, line, mark, *words).properties(width=shape.width, height=alt.Step(ROW))


def _row(one: Told, lang: Lang, shape: Shape) -> dict[str, Any]:
    """A difference as a share of the greater end of its interval, so that every row fits."""
    by = max(abs(one.found.low), abs(one.found.high)) or 1
    at = one.found.difference / by
    return {
        "row": wrapped(one.measure, 15 if shape.is_narrow else 34),
        "at": at,
        "low": one.found.low / by,
        "high": one.found.high / by,
        "clear": bool(one.found.sign),
        "difference": one.difference,
        "said": say(lang, one.verdict),
        "align": _align(at),
    }


def _align(at: float) -> Align:
    """Which way words go from a mark, so that they stay on the plot."""
    return "right" if at > EDGE else "left" if at < -EDGE else "center"
