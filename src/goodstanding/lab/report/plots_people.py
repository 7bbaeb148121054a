"""Plots of residents: where scores stand in the end, who gains and who loses, and from which step to which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np

from goodstanding.lab.report.numbers import change, of_100, percent, plain, whole
from goodstanding.lab.report.people import Change, Changes, Moves, Spread, changes, moves, spreads
from goodstanding.lab.report.plot import COLOURS, HALO, INK, LINES, Drawing, Plot, Shape, colour_of, data, wrapped
from goodstanding.lab.report.run import Run, Side
from goodstanding.lab.report.telling import headline
from goodstanding.lab.report.words import Lang, say

BAND, ROW, CELL = 110, 38, 52


def spread(run: Run, lang: Lang) -> Plot | None:
    """Scores in the end, one row a side; None where nobody has one."""
    found = list(spreads(run))
    if not found:
        return None
    middles = " ".join(say(lang, "middle_is", side=one.side.title.in_(lang), score=whole(one.middle)) for one in found)
    edges = found[0].edges
    return Plot(
        name="scores",
        title=say(lang, "plot_spread"),
        description=say(lang, "plot_spread_is", months=run.shown(run.last_month), middles=middles),
        head=(say(lang, "score"), *(one.side.title.in_(lang) for one in found)),
        rows=tuple(
            (
                f"{edges[at]:.0f}–{edges[at + 1]:.0f}",
                *(percent(float(one.shares[at])) for one in found),
            )
            for at in range(len(edges) - 1)
            if any(one.shares[at] for one in found)
        ),
        chart=lambda shape: _hills(found, lang, shape),
    )


def _hills(found: Sequence[Spread], lang: Lang, shape: Shape) -> Drawing:
    """One hill above another, each on a line of its own; the first side on top."""
    titles = [one.side.title.in_(lang) for one in found]
    colours = alt.Scale(domain=titles, range=[colour_of(one.side) for one in found])
    scale = alt.Scale(domain=[float(found[0].edges[0]), float(found[0].edges[-1])], nice=False)
    x = alt.X("from:Q", scale=scale, axis=alt.Axis(title=say(lang, "score"), grid=False, tickCount=6))
    y = alt.Y("foot:Q", scale=alt.Scale(domain=[0, len(found)], nice=False), axis=None)
    hill = (
        alt.Chart(data(_bars(found, lang)))
        .mark_rect(stroke="#ffffff", strokeWidth=0.5)
        .encode(
            x=x,
            x2="to:Q",
            y=y,
            y2="head:Q",
            color=alt.Color("side:N", scale=colours, legend=None),
            tooltip=["side:N", "from:Q", "to:Q", "share:N"],
        )
    )
    middle = alt.Chart(data(_middles(found, lang)))
    foot = middle.mark_rule(color=INK).encode(y="foot:Q")
    rule = middle.mark_rule(color=INK, strokeWidth=2).encode(x="at:Q", y="foot:Q", y2="head:Q")
    words = [
        middle.mark_text(align="left", dx=5, fontWeight="bold", **under).encode(x="at:Q", y="head:Q", text="said:N")
        for under in (HALO, {})
    ]
    names = middle.mark_text(align="left", fontWeight="bold", x=0).encode(y="name:Q", text="side:N")
    return alt.layer(hill, foot, rule, *words, names).properties(width=shape.width, height=BAND * len(found))


def _bars(found: Sequence[Spread], lang: Lang) -> list[dict[str, Any]]:
    """A bar a bin and side, on the line of its side; the greatest of all bars is two thirds of the way to the next."""
    top = max(float(one.shares.max()) for one in found)
    return [
        {
            "side": one.side.title.in_(lang),
            "from": float(one.edges[at]),
            "to": float(one.edges[at + 1]),
            "foot": row,
            "head": row + 0.66 * float(share) / top,
            "share": percent(float(share)),
        }
        for row, one in enumerate(reversed(found))
        for at, share in enumerate(one.shares)
        if share
    ]


def _middles(found: Sequence[Spread], lang: Lang) -> list[dict[str, Any]]:
    """The middle score of each side, and where its name stands."""
    return [
        {
            "side": one.side.title.in_(lang),
            "at": one.middle,
            "said": whole(one.middle),
            "foot": row,
            "head": row + 0.72,
            "name": row + 0.88,
        }
        for row, one in enumerate(reversed(found))
    ]


def who(run: Run, lang: Lang) -> Plot | None:
    """Who gains and who loses between the two sides of the answer; None where there are no two."""
    found = headline(run)
    if found is None:
        return None
    changed = changes(run, run.sides[found.baseline], run.sides[found.other])
    if changed is None:
        return None
    unit = "points" if changed.in_points else "places"
    return Plot(
        name="who",
        title=say(lang, "plot_who", other=changed.other.title.in_(lang)),
        description=_who_in_words(changed, lang),
        head=(
            say(lang, "group"),
            say(lang, f"change_{unit}"),
            say(lang, "interval"),
            say(lang, "higher"),
            say(lang, "lower"),
            say(lang, "residents"),
        ),
        rows=tuple(
            (
                say(lang, one.group),
                plain(one.mean.mean, signed=True),
                _to(one, lang),
                percent(one.rise),
                percent(one.fall),
                whole(one.residents),
            )
            for one in changed.groups
        ),
        chart=lambda shape: _groups(changed, lang, shape),
    )


def _to(one: Change, lang: Lang) -> str:
    if not np.isfinite(one.mean.low):
        return "–"
    return say(lang, "to", low=plain(one.mean.low, signed=True), high=plain(one.mean.high, signed=True))


def _who_in_words(changed: Changes, lang: Lang) -> str:
    everybody, *groups = changed.groups
    ranked = sorted(groups or [everybody], key=lambda one: one.mean.mean)
    unit = "points" if changed.in_points else "places"
    worst, best = ranked[0], ranked[-1]
    return say(
        lang,
        f"plot_who_{unit}",
        baseline=changed.baseline.title.in_(lang),
        other=changed.other.title.in_(lang),
        best=_within(say(lang, best.group), lang),
        best_by=change(best.mean.mean, unit, lang),
        worst=_within(say(lang, worst.group), lang),
        worst_by=change(worst.mean.mean, unit, lang),
        rise=percent(everybody.rise),
        fall=percent(everybody.fall),
    )


def _within(name: str, lang: Lang) -> str:
    return name[:1].lower() + name[1:] if lang == "en" else name


def _groups(changed: Changes, lang: Lang, shape: Shape) -> Drawing:
    room = 16 if shape.is_narrow else 40
    rows: list[dict[str, Any]] = []
    for one in changed.groups:
        known = bool(np.isfinite(one.mean.low))
        rows.append(
            {
                "row": wrapped(say(lang, one.group), room),
                "mean": one.mean.mean,
                "said": plain(one.mean.mean, signed=True),
                "low": one.mean.low if known else one.mean.mean,
                "high": one.mean.high if known else one.mean.mean,
                "way": "up" if one.mean.mean > 0 else "down",
            }
        )
    base = alt.Chart(data(rows))
    order = [row["row"] for row in rows]
    y = alt.Y(
        "row:N", sort=order, axis=alt.Axis(title=None, labelExpr=LINES, ticks=False, domain=False, labelPadding=8)
    )
    unit = "change_points" if changed.in_points else "change_places"
    x = alt.X("mean:Q", axis=alt.Axis(title=say(lang, unit), grid=True, tickCount=6))
    colour = alt.Color("way:N", scale=alt.Scale(domain=["down", "up"], range=[COLOURS[1], COLOURS[2]]), legend=None)
    mark = alt.Shape(
        "way:N", scale=alt.Scale(domain=["down", "up"], range=["triangle-down", "triangle-up"]), legend=None
    )
    zero = alt.Chart(data([{"mean": 0}])).mark_rule(color=INK).encode(x="mean:Q")
    line = base.mark_rule(strokeWidth=2.5).encode(x="low:Q", x2="high:Q", y=y, color=colour)
    point = base.mark_point(size=110, filled=True, opacity=1).encode(
        x=x, y=y, color=colour, shape=mark, tooltip=["said:N"]
    )
    words = [
        base.mark_text(dy=-14, fontSize=12, **under).encode(x="mean:Q", y=y, text="said:N") for under in (HALO, {})
    ]
    return alt.layer(zero, line, point, *words).properties(width=shape.width, height=alt.Step(ROW))


def steps(run: Run, lang: Lang) -> tuple[Plot, ...]:
    """From which step to which: of both sides of the answer, or of the first side where nothing is compared."""
    found = headline(run)
    keys = list(run.sides)[:1] if found is None else [found.baseline, found.other]
    plots = (_step_plot(run, run.sides[key], lang) for key in keys)
    return tuple(plot for plot in plots if plot is not None)


def _step_plot(run: Run, side: Side, lang: Lang) -> Plot | None:
    found = moves(run, side)
    if found is None:
        return None
    titles = run.tier_titles(side, lang)
    names = [titles.get(name, name) for name in found.tiers]
    counts, everybody = found.counts, found.counts.sum()
    shares = 100 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    months = run.shown(run.last_month) - 1
    return Plot(
        name=f"steps-{side.number + 1}",
        title=say(lang, "plot_moves", side=side.title.in_(lang)),
        description=say(
            lang,
            "plot_moves_is",
            months=months,
            stay=percent(float(np.trace(counts)) / everybody),
            up=percent(float(np.triu(counts, 1).sum()) / everybody),
            down=percent(float(np.tril(counts, -1).sum()) / everybody),
        ),
        head=(say(lang, "began_on"), *names),
        rows=tuple((name, *map(of_100, row)) for name, row in zip(names, shares, strict=True)),
        chart=lambda shape: _squares(names, shares, found, months, lang, shape),
    )


def _squares(names: Sequence[str], shares: Any, found: Moves, months: int, lang: Lang, shape: Shape) -> Drawing:
    width = min(shape.width, 190 + 92 * len(names))
    labels = [wrapped(name, 12) for name in names]
    rows = [
        {"from": labels[at], "to": labels[to], "of": float(shares[at, to]), "said": of_100(float(shares[at, to]))}
        for at in range(len(names))
        for to in range(len(names))
        if found.counts[at].sum()
    ]
    base = alt.Chart(data(rows))
    x = alt.X(
        "to:N",
        sort=labels,
        axis=alt.Axis(
            title=say(lang, "ended_on", months=months),
            labelExpr=LINES,
            labelAngle=-90 if shape.is_narrow else 0,
            ticks=False,
            domain=False,
        ),
    )
    y = alt.Y(
        "from:N",
        sort=labels[::-1],
        axis=alt.Axis(title=say(lang, "began_on"), labelExpr=LINES, ticks=False, domain=False),
    )
    square = base.mark_rect(stroke="#ffffff", strokeWidth=2).encode(
        x=x,
        y=y,
        color=alt.Color("of:Q", scale=alt.Scale(domain=[0, 100], range=["#eef2f6", COLOURS[2]]), legend=None),
    )
    words = base.mark_text(fontSize=14).encode(
        x=x, y=y, text="said:N", color=alt.condition("datum.of > 55", alt.value("#ffffff"), alt.value(INK))
    )
    return alt.layer(square, words).properties(width=width, height=CELL * len({row["from"] for row in rows}))
