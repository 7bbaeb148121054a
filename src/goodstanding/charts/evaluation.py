"""An evaluation as one picture: the ROC curve, the scores of both outcomes, and the rate in each tier.

It is drawn from the plain values that `Evaluation.to_dict` gives and `goodstanding evaluate --json` prints, so that a
figure kept as JSON can be drawn later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from goodstanding.charts.drawing import EVENT, FAINT, INK, OTHER, SIDE, Panel, Point, picture, text

SIZE = (1080, 400)
TOP, LEFTS = 84, (66, 426, 786)
QUARTERS = (0, 0.25, 0.5, 0.75, 1)
RATE_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2)  # of which at most five go up to the highest rate
SIDE_BY_SIDE = 4  # names of tiers


Values: TypeAlias = Mapping[str, Any]
"""A part of `Evaluation.to_dict()`."""


class Evaluated(Protocol):
    """An evaluation, or whatever gives the same values."""

    def to_dict(self) -> dict[str, Any]:
        """As `Evaluation.to_dict`."""
        ...


def evaluation_svg(evaluation: Values, title: str = "Scores against outcomes") -> str:
    """The picture as SVG. Without tiers, the third panel says that there are none."""
    panels = (_roc, _scores, _tiers)
    marks = [mark for panel, left in zip(panels, LEFTS, strict=True) for mark in panel(evaluation, left)]
    return picture(SIZE, title, describe(evaluation), marks)


def describe(evaluation: Values) -> str:
    """What the picture shows, in words."""
    people, events = f"{evaluation['people']:,}", f"{evaluation['events']:,}"
    figures = f"AUC {_figure(evaluation['auc'])}, Gini {_figure(evaluation['gini'])}, KS {_figure(evaluation['ks'])}"
    said = [
        f"{people} people with a score and an outcome, {events} of them with outcome 1.",
        f"{figures} at score {evaluation['ks_score']}.",
        *(f"{tier['tier']}: {_rate(tier)}." for tier in evaluation["tiers"]),
    ]
    if evaluation["without_score"]:
        left_out, failed = f"{evaluation['without_score']:,}", f"{evaluation['without_score_events']:,}"
        said.append(f"Left out for want of a score: {left_out}, of whom {failed} with outcome 1.")
    return " ".join(said)


def _figure(figure: Values) -> str:
    if figure["low"] is None or figure["high"] is None:
        return f"{figure['value']:.3f}"
    return f"{figure['value']:.3f} ({figure['low']:.3f} to {figure['high']:.3f})"


def _rate(tier: Values) -> str:
    return "nobody" if tier["rate"] is None else f"{tier['rate']:.1%} ({tier['events']:,} of {tier['people']:,})"


def _roc(evaluation: Values, left: float) -> Iterator[str]:
    """The shares of both outcomes below each threshold; the ring is the threshold where KS is reached."""
    panel = Panel(left, TOP)
    ticks = [(f"{share:.0%}", place) for share in QUARTERS for place in ((share, 0), (0, share)) if place != (0, 0)]
    yield panel.frame(
        f"AUC {_figure(evaluation['auc'])}", "others with a lower score", "outcome 1 with a lower score", ticks
    )
    yield panel.line([(0, 0), (1, 1)], FAINT, dashes="4 4", width=1)
    yield panel.line(
        [(0, 0), *((point["others_share"], point["events_share"]) for point in evaluation["curve"])], EVENT
    )
    at = next(point for point in evaluation["curve"] if point["score"] == evaluation["ks_score"])
    yield panel.dot((at["others_share"], at["events_share"]))
    yield text(panel.x(0.97), panel.y(0.06), f"ring: KS {evaluation['ks']['value']:.3f} at {at['score']}", anchor="end")


def _scores(evaluation: Values, left: float) -> Iterator[str]:
    """Each outcome's people by score, as shares of that outcome."""
    bins, others = evaluation["histogram"], evaluation["people"] - evaluation["events"]
    tallest = max(max(each["events"] / evaluation["events"], each["others"] / others) for each in bins)
    panel = Panel(left, TOP, (bins[0]["start"], bins[-1]["stop"]), (0, tallest * 1.1))
    edges = [(f"{score:,}", (score, 0.0)) for score in _edges(bins)]
    yield panel.frame(
        "Scores", "score", "share of each outcome's people", [*edges, (f"{tallest:.0%}", (bins[0]["start"], tallest))]
    )
    for each in bins:
        yield panel.box((each["start"], 0), (each["stop"], each["events"] / evaluation["events"]), "url(#hatch)", EVENT)
    yield panel.line(_steps(bins, others), OTHER, dashes="7 3", width=2.5)
    yield text(left + 8, TOP + 8, "hatched: outcome 1; dashed line: others")


def _edges(bins: Sequence[Values]) -> Iterable[int]:
    """Where the axis is numbered: both ends, and the middle where it is not too near."""
    edges = [bins[0]["start"], *(each["stop"] for each in bins)]
    return dict.fromkeys((edges[0], edges[len(edges) // 2], edges[-1]))


def _steps(bins: Sequence[Values], others: int) -> Iterator[Point]:
    """The outline of the others' bars."""
    yield bins[0]["start"], 0
    for each in bins:
        yield each["start"], each["others"] / others
        yield each["stop"], each["others"] / others
    yield bins[-1]["stop"], 0


def _tiers(evaluation: Values, left: float) -> Iterator[str]:
    """The rate of outcome 1 in each tier with its interval, lowest tier on the left."""
    tiers = evaluation["tiers"]
    if not tiers:
        yield text(left, TOP - 14, "Tiers: none given", weight="bold")
        return
    highest = max((tier["high"] or 0 for tier in tiers), default=0) or 1
    panel = Panel(left, TOP, (0, len(tiers)), (0, highest * 1.1))
    step = next(step for step in RATE_STEPS if highest <= 5 * step)
    ticks = [(f"{step * number:.0%}", (0.0, step * number)) for number in range(1, 1 + int(highest / step))]
    yield panel.frame("Outcome 1 in each tier", "tier, with 95 % interval", "rate of outcome 1", ticks)
    for place, tier in enumerate(tiers):
        yield from _bar(panel, place, tier, crowded=len(tiers) > SIDE_BY_SIDE)


def _bar(panel: Panel, place: int, tier: Values, *, crowded: bool) -> Iterator[str]:
    """A bar, its interval, its rate, and its name; where there are many, every other name stands a line lower."""
    middle = place + 0.5
    x, bottom = panel.x(middle), TOP + SIDE
    lower = 13 * (crowded and place % 2)
    yield text(x, bottom + 17 + lower, tier["tier"].replace("_", " "), anchor="middle")
    if tier["rate"] is None:
        yield text(x, bottom - 6, "nobody", anchor="middle")
        return
    yield panel.box((place + 0.2, 0), (place + 0.8, tier["rate"]), "url(#hatch)", EVENT)
    yield panel.line([(middle, tier["low"]), (middle, tier["high"])], INK, width=1.5)
    yield text(x, panel.y(tier["high"]) - 5, f"{tier['rate']:.1%}", anchor="middle")
