"""Residents side by side: the same people with the same dice under two sides, and the groups that they belong to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodstanding.lab.measures import Interval, interval
from goodstanding.lab.report.run import Run, Side

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

THIRTY, SIXTY = 30, 60
LEAST_MOVE: Final = 1.0
"""Of 100 places: what counts as a move where scores of two rule books are compared by place."""


LEAST_BINS, MOST_BINS = 12, 40
OUTERMOST: Final = 200
"""One resident in so many stands lower, and one higher, than the bins reach; both are put into the last bins."""


class Change(NamedTuple):
    """How one group fares on the other side.

    Attributes:
        group: a key of `words`.
        mean: over seeds, of the mean change of its residents' scores or places.
        rise, fall: shares of them, all seeds together.
        residents: how many there are in a city, on average over seeds.
    """

    group: str
    mean: Interval
    rise: float
    fall: float
    residents: float


@dataclass(frozen=True, slots=True)
class Changes:
    """How every group fares; the first entry is everybody.

    Attributes:
        in_points: whether scores are compared; if not, places among 100, since two rule books count differently.
    """

    baseline: Side
    other: Side
    in_points: bool
    groups: tuple[Change, ...]


def groups_of(table: pa.Table) -> Mapping[str, Flags]:
    """Who belongs where, by the name of a text; everybody first."""
    income, outspoken, honesty = (_ranks(_floats(table[name])) for name in ("income", "outspoken", "honesty"))
    age = _floats(table["age"])
    minority = table["minority"].to_numpy().astype(np.bool_)
    return {
        "all_residents": np.ones(age.size, np.bool_),
        "income_1": income < 1 / 5,
        "income_5": income >= 4 / 5,
        "age_young": age < THIRTY,
        "age_middle": (age >= THIRTY) & (age < SIXTY),
        "age_old": age >= SIXTY,
        "minority_yes": minority,
        "minority_no": ~minority,
        "outspoken_high": outspoken >= 3 / 4,
        "outspoken_low": outspoken < 1 / 4,
        "honesty_high": honesty >= 3 / 4,
        "honesty_low": honesty < 1 / 4,
    }


def changes(run: Run, baseline: Side, other: Side) -> Changes | None:
    """What a change of side does to whom; None where nobody has a score under both."""
    in_points = run.same_scale(baseline, other)
    before, after = (_by_seed(run.residents_of(side)) for side in (baseline, other))
    found: dict[str, list[Floats]] = {}
    for seed in sorted(before.keys() & after.keys()):
        moved = _places_apart if not in_points else _points_apart
        change = moved(_floats(before[seed]["last_score"]), _floats(after[seed]["last_score"]))
        for name, flags in groups_of(before[seed]).items():
            found.setdefault(name, []).append(change[flags & ~np.isnan(change)])
    least = 0.0 if in_points else LEAST_MOVE
    groups = tuple(_change(name, values, least) for name, values in found.items() if all(one.size for one in values))
    return Changes(baseline, other, in_points, groups) if groups else None


def _change(name: str, values: Sequence[Floats], least: float) -> Change:
    together = np.concatenate(values)
    return Change(
        group=name,
        mean=interval([one.mean() for one in values]),
        rise=float((together > least).mean()),
        fall=float((together < -least).mean()),
        residents=together.size / len(values),
    )


def _by_seed(table: pa.Table) -> dict[int, pa.Table]:
    return {
        seed: table.filter(pc.equal(table["seed"], seed)).sort_by("resident")
        for seed in pc.unique(table["seed"]).to_pylist()
    }


def _points_apart(before: Floats, after: Floats) -> Floats:
    return after - before


def _places_apart(before: Floats, after: Floats) -> Floats:
    return 100 * (_ranks(after) - _ranks(before))


def _ranks(values: Floats) -> Floats:
    """The share of those known who are below, half of the equal ones counted."""
    known = np.sort(values[~np.isnan(values)])
    below, upto = np.searchsorted(known, values, "left"), np.searchsorted(known, values, "right")
    return np.where(np.isnan(values), np.nan, (below + upto) / (2 * max(1, known.size)))


def _floats(column: pa.ChunkedArray) -> Floats:
    floats: Floats = column.cast(pa.float64()).fill_null(np.nan).to_numpy()
    return floats


class Spread(NamedTuple):
    """Scores of one side in the end: shares of residents by bin, and the middle score."""

    side: Side
    edges: Floats
    shares: Floats
    middle: float


def spreads(run: Run) -> Iterator[Spread]:
    """How scores are spread at the end, side by side, on the same bins."""
    last = {key: _known(run.residents_of(side)["last_score"]) for key, side in run.sides.items()}
    known = [values for values in last.values() if values.size]
    if not known:
        return
    bins = int(min(MOST_BINS, max(LEAST_BINS, max(one.size for one in known) ** 0.5)))
    low, high = np.quantile(np.concatenate(known), [1 / OUTERMOST, 1 - 1 / OUTERMOST])
    edges = np.linspace(np.floor(low), max(np.ceil(high), np.floor(low) + 1), bins + 1)
    for key, values in last.items():
        if values.size:
            shares = np.histogram(values.clip(edges[0], edges[-1]), edges)[0] / values.size
            yield Spread(run.sides[key], edges, shares, float(np.median(values)))


def _known(column: pa.ChunkedArray) -> Floats:
    values = _floats(column)
    return values[~np.isnan(values)]


class Moves(NamedTuple):
    """Who went from which tier to which.

    Attributes:
        counts: tier at first by tier in the end, residents of all seeds.
    """

    tiers: tuple[str, ...]
    counts: NDArray[np.int64]


def moves(run: Run, side: Side) -> Moves | None:
    """From which tier to which, under one side; None where there are fewer than two tiers."""
    table = run.residents_of(side)
    table = table.filter(pc.and_(pc.is_valid(table["first_tier"]), pc.is_valid(table["last_tier"])))
    tiers = _in_order(table, tuple(run.tier_titles(side, "en")))
    if len(tiers) < 2:  # noqa: PLR2004 nowhere to go
        return None
    code = {name: number for number, name in enumerate(tiers)}
    counts = np.zeros((len(tiers), len(tiers)), np.int64)
    pairs = table.group_by(["first_tier", "last_tier"]).aggregate([([], "count_all")]).to_pylist()
    for pair in pairs:
        counts[code[pair["first_tier"]], code[pair["last_tier"]]] = pair["count_all"]
    return Moves(tiers, counts)


def _in_order(table: pa.Table, known: tuple[str, ...]) -> tuple[str, ...]:
    """The tiers that anybody is on, the lowest first: as the policy has them, else by the scores of those on them."""
    on = {name for when in ("first", "last") for name in pc.unique(table[f"{when}_tier"]).to_pylist()}
    if on <= set(known):
        return tuple(name for name in known if name in on)
    scores = table.group_by("last_tier").aggregate([("last_score", "mean")]).to_pylist()
    means = {row["last_tier"]: row["last_score_mean"] for row in scores}
    return tuple(sorted(on, key=lambda name: means.get(name, -float("inf"))))
