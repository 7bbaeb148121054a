"""Three residents' months: what happened to them, what moved their score, and a picture of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt

from goodstanding.lab.report.numbers import whole
from goodstanding.lab.report.plot import COLOURS, INK, Drawing, Plot, Shape, data
from goodstanding.lab.report.run import Run, Side
from goodstanding.lab.report.telling import headline
from goodstanding.lab.report.words import Lang, say

WRONGED: Final = "wronged"
ROLES: Final = ("rose", "fell", WRONGED)
TURNS: Final = 4
"""So many months are told of in sentences; all of them are in the table."""

EVENTS_TOLD: Final = 6


@dataclass(frozen=True, slots=True)
class Turn:
    """A month that moved a score.

    Attributes:
        change: points since the month before, with their sign; empty where there is nothing to compare.
        events, lines: sentences.
        marks: lists and sanctions that hold in this month, and whether they rest on a wrong record.
    """

    month: int
    score: str
    change: str
    tier: str
    events: tuple[str, ...]
    lines: tuple[str, ...]
    marks: tuple[str, ...]
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class Story:
    """One resident's months in one language.

    Attributes:
        role: `rose`, `fell` or `wronged`.
        turns: the months that moved the score most, in order.
        months: all of them.
    """

    role: str
    title: str
    resident: str
    lead: str
    turns: tuple[Turn, ...]
    months: tuple[Turn, ...]
    plot: Plot | None

    @property
    def has_marks(self) -> bool:
        """Whether there was ever a list or a sanction."""
        return any(turn.marks for turn in self.months)


def stories(run: Run, lang: Lang) -> tuple[Story, ...]:
    """The stories of the first city of the side that the answer is about: who rose, who fell, who was wronged."""
    cells: dict[tuple[str, int], dict[str, list[dict[str, Any]]]] = {}
    for row in run.table("stories").to_pylist():
        cell = (f"{row['policy']}/{row['variant']}", row["seed"])
        cells.setdefault(cell, {}).setdefault(row["role"], []).append(row)
    chosen = _chosen(run, cells)
    return tuple(
        _story(run, run.sides[key], role, rows, lang)
        for role in ROLES
        for key, _, rows in [chosen.get(role, ("", 0, []))]
        if rows
    )


def _chosen(
    run: Run, cells: Mapping[tuple[str, int], Mapping[str, list[dict[str, Any]]]]
) -> dict[str, tuple[str, int, list[dict[str, Any]]]]:
    """One cell a role: of the side that the answer is about, else of any; the first seed that has such a resident."""
    found = headline(run)
    compared = () if found is None else (found.other,)
    order = sorted(cells, key=lambda cell: (cell[0] not in compared, run.sides[cell[0]].number, cell[1]))
    chosen: dict[str, tuple[str, int, list[dict[str, Any]]]] = {}
    for cell in order:
        for role, rows in cells[cell].items():
            chosen.setdefault(role, (*cell, sorted(rows, key=lambda row: row["month"])))
    return chosen


def _story(run: Run, side: Side, role: str, rows: Sequence[dict[str, Any]], lang: Lang) -> Story:
    months = tuple(_turn(run, side, row, lang) for row in rows)
    scores = [(run.shown(row["month"]), row["score"]) for row in rows if row["score"] is not None]
    number = whole_number(rows[0]["resident"])
    told = (
        say(lang, "story_unscored", side=side.title.in_(lang))
        if not scores
        else say(
            lang,
            "story_is",
            first=whole(scores[0][1]),
            last=whole(scores[-1][1]),
            months=scores[-1][0] - scores[0][0] + 1,
            side=side.title.in_(lang),
        )
    )
    return Story(
        role=role,
        title=say(lang, f"story_{role}"),
        resident=say(lang, "resident_n", number=number),
        lead=told,
        turns=_turning(rows, months),
        months=months,
        plot=_plot(role, number, scores, months, lang) if len(scores) > 1 else None,
    )


def whole_number(resident: str) -> str:
    """A resident's number as people say it."""
    return str(int(resident.lstrip("R")))


def _turning(rows: Sequence[dict[str, Any]], months: Sequence[Turn]) -> tuple[Turn, ...]:
    """The months with the greatest changes, and the first in which a list or a sanction holds in error."""
    order = sorted(range(len(rows)), key=lambda at: -abs(rows[at]["change"] or 0))
    chosen = {at for at in order[:TURNS] if rows[at]["change"]}
    wrong = [at for at, row in enumerate(rows) if row["wrongly"]][:1]
    return tuple(months[at] for at in sorted(chosen.union(wrong)))


def _turn(run: Run, side: Side, row: Mapping[str, Any], lang: Lang) -> Turn:
    tiers = run.tier_titles(side, lang)
    moved = row["change"]
    return Turn(
        month=run.shown(row["month"]),
        score="–" if row["score"] is None else whole(row["score"]),
        change="" if not moved else whole(moved, signed=True),
        tier=tiers.get(row["tier"], row["tier"] or "–"),
        events=_sentences(row["events"], lang),
        lines=tuple(line[lang] for line in row["lines"] or ()),
        marks=_marks(run, side, row, lang),
        is_wrong=bool(row["wrongly"]),
    )


def _sentences(events: Sequence[Mapping[str, Any]] | None, lang: Lang) -> tuple[str, ...]:
    given = list(events or ())
    said = [one[lang] for one in given[:EVENTS_TOLD]]
    more = len(given) - len(said)
    return (*said, say(lang, "more_events", count=more)) if more else tuple(said)


def _marks(run: Run, side: Side, row: Mapping[str, Any], lang: Lang) -> tuple[str, ...]:
    titles = run.standing_titles(side, lang)
    lists = (say(lang, "is_on", name=titles.get(name, name)) for name in row["lists"] or ())
    states = (state.partition(":") for state in row["sanctions"] or ())
    return (*lists, *(say(lang, f"sanction_{state}", name=titles.get(name, name)) for name, _, state in states))


def _plot(role: str, number: str, scores: Sequence[tuple[int, int]], months: Sequence[Turn], lang: Lang) -> Plot:
    least, most = min(scores, key=lambda one: one[1]), max(scores, key=lambda one: one[1])
    return Plot(
        name=f"story-{role}",
        title=say(lang, "story_plot", number=number),
        description=say(
            lang,
            "story_plot_is",
            first=whole(scores[0][1]),
            last=whole(scores[-1][1]),
            least=whole(least[1]),
            at_least=least[0],
            most=whole(most[1]),
            at_most=most[0],
        ),
        head=(say(lang, "month"), say(lang, "score")),
        rows=tuple((str(month), whole(score)) for month, score in scores),
        chart=lambda shape: _walk(scores, {turn.month for turn in months if turn.marks}, lang, shape),
    )


def _walk(scores: Sequence[tuple[int, int]], marked: set[int], lang: Lang, shape: Shape) -> Drawing:
    """The score as steps; months with a list or a sanction are marked at the foot."""
    rows = [{"month": month, "score": score, "marked": month in marked} for month, score in scores]
    base = alt.Chart(data(rows))
    x = alt.X(
        "month:Q",
        axis=alt.Axis(title=say(lang, "month"), tickMinStep=1, grid=False),
        scale=alt.Scale(domain=[scores[0][0] - 0.5, scores[-1][0] + 0.5], nice=False),
    )
    y = alt.Y("score:Q", scale=alt.Scale(zero=False, padding=20), axis=alt.Axis(title=None, tickCount=5))
    line = base.mark_line(color=COLOURS[2], strokeWidth=2.5, interpolate="step-after").encode(x=x, y=y)
    dots = base.mark_point(size=60, filled=True, opacity=1).encode(
        x=x,
        y=y,
        shape=alt.Shape("marked:N", scale=alt.Scale(domain=[False, True], range=["circle", "square"]), legend=None),
        color=alt.Color("marked:N", scale=alt.Scale(domain=[False, True], range=[COLOURS[2], COLOURS[1]]), legend=None),
        tooltip=["month:Q", "score:Q"],
    )
    first, last = rows[0], rows[-1]
    words = [
        alt.Chart(data([{**row, "said": whole(row["score"])}]))
        .mark_text(dy=-13 if above else 17, fontWeight="bold", color=INK, align="left" if row is first else "right")
        .encode(x="month:Q", y="score:Q", text="said:N")
        for row, above in ((first, first["score"] >= rows[1]["score"]), (last, last["score"] >= rows[-2]["score"]))
    ]
    return alt.layer(line, dots, *words).properties(width=shape.width, height=160 if shape.is_narrow else 190)
