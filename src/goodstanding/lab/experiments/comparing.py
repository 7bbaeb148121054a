"""What follows from the tables of all cells: means over seeds with their intervals, and paired comparisons.

- `summary.parquet`: one row a policy, variant, observed month, scorer, measure and group: `mean`, `low`, `high` (95 %,
  Student's t over seeds; infinite for one seed), `seeds` (how many gave a value).
- `comparisons.parquet`: one row a comparison, observed month, scorer (of the other side), measure and group: `baseline`
  and `other` (`policy/variant`), `baseline_mean`, `other_mean`, `difference` (the other less the baseline, seed by
  seed), `low`, `high` (95 %), `p` (two-sided, paired; not a number for one seed), `seeds`.

Two measures of `comparisons` stand in no table of cells, since they are about each resident under both sides:
`share_rising` and `share_falling`, of residents whose last score by the first scorer is higher, or lower, on the other
side. Where the two first scorers count in other ranges, it is the place among all residents that is compared, and a
hundredth of all of them is the least that counts as a move.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from goodstanding.lab.experiments.model import Cell, Comparison, Experiment, Side
from goodstanding.lab.experiments.tables import write_table
from goodstanding.lab.measures.intervals import interval, paired

Key: TypeAlias = tuple[int, str, str, str]
"""Month, scorer, measure, group."""

Values: TypeAlias = Mapping[Key, NDArray[np.float64]]
"""By key one value a seed, not a number where there is none."""

LEAST_MOVE: Final = 0.01
"""Of all residents: what counts as a move where scores of two ranges are compared by place."""

KEY_FIELDS: Final = [("month", pa.int16()), ("scorer", pa.string()), ("measure", pa.string()), ("group", pa.string())]
SPREAD: Final = [("low", pa.float64()), ("high", pa.float64())]
SUMMARY: Final = pa.schema(
    [
        ("policy", pa.string()),
        ("variant", pa.string()),
        *KEY_FIELDS,
        ("mean", pa.float64()),
        *SPREAD,
        ("seeds", pa.int32()),
    ]
)
COMPARISONS: Final = pa.schema(
    [
        ("baseline", pa.string()),
        ("other", pa.string()),
        *KEY_FIELDS,
        ("baseline_mean", pa.float64()),
        ("other_mean", pa.float64()),
        ("difference", pa.float64()),
        *SPREAD,
        ("p", pa.float64()),
        ("seeds", pa.int32()),
    ]
)


def write_comparisons(experiment: Experiment, cells: Path, out: Path) -> None:
    """Write both tables beside those of all cells."""
    seen = {side: Seen.read(experiment, side, cells) for side in sides(experiment)}
    for name, rows, schema in (
        ("summary", _summary(seen), SUMMARY),
        ("comparisons", _comparisons(experiment, seen), COMPARISONS),
    ):
        beside = out / f".{name}.parquet.part"
        write_table(pa.Table.from_pylist(list(rows), schema), beside, experiment.digest)
        beside.replace(out / f"{name}.parquet")


def sides(experiment: Experiment) -> tuple[Side, ...]:
    """Every policy under every variant, in the order of cells."""
    return tuple(dict.fromkeys(cell.side for cell in experiment.cells()))


@dataclass(frozen=True, slots=True)
class Seen:
    """What the cells of one side say, seed by seed.

    Attributes:
        scorers: their names, the first first.
        reach: the first scorer's range.
        last: one row a seed, one column a resident: the last score by the first scorer, not a number where there is
            none.
    """

    values: Values
    scorers: tuple[str, ...]
    reach: tuple[int, int]
    last: NDArray[np.float64]

    @staticmethod
    def read(experiment: Experiment, side: Side, cells: Path) -> Seen:
        """Read the tables of a side's cells."""
        ours: list[Cell] = [cell for cell in experiment.cells() if cell.side == side]
        values: dict[Key, NDArray[np.float64]] = {}
        for place, cell in enumerate(ours):
            for key, value in _measured(parquet.read_table(cells / cell.name / "measures.parquet")):
                values.setdefault(key, np.full(len(ours), nan))[place] = value
        column = [parquet.read_table(cells / cell.name / "residents.parquet", columns=["last_score"]) for cell in ours]
        last = np.stack([_floats(table["last_score"]) for table in column])
        first = ours[0].scorings[0].policy
        scorers = tuple(one.name for one in ours[0].scorings)
        return Seen(values, scorers, (first.least, first.most), last)


def _measured(table: pa.Table) -> Iterator[tuple[Key, float]]:
    columns = [table[name].to_pylist() for name in ("month", "scorer", "measure", "group", "value")]
    for month, scorer, measure, group, value in zip(*columns, strict=True):
        yield (month, scorer, measure, group), value


def _floats(scores: pa.ChunkedArray) -> NDArray[np.float64]:
    return scores.cast(pa.float64()).fill_null(nan).to_numpy()


def _summary(seen: Mapping[Side, Seen]) -> Iterator[dict[str, Any]]:
    for side, found in seen.items():
        for key, values in found.values.items():
            over = interval(values)
            yield {
                "policy": side.policy,
                "variant": side.variant,
                **_named(key),
                "mean": over.mean,
                "low": over.low,
                "high": over.high,
                "seeds": over.seeds,
            }


def _named(key: Key) -> dict[str, Any]:
    return dict(zip(("month", "scorer", "measure", "group"), key, strict=True))


def _comparisons(experiment: Experiment, seen: Mapping[Side, Seen]) -> Iterator[dict[str, Any]]:
    for comparison in experiment.comparisons:
        baseline, other = seen[comparison.baseline], seen[comparison.other]
        for key, values in other.values.items():
            before = baseline.values.get((key[0], counterpart(key[1], baseline, other), *key[2:]))
            if before is not None:
                yield _compared(comparison, key, before, values)
        yield from _moved(comparison, baseline, other)


def counterpart(scorer: str, baseline: Seen, other: Seen) -> str:
    """Whom of the baseline a scorer of the other side is held against: its namesake; for the first, else the first."""
    no_namesake = scorer not in baseline.scorers
    return baseline.scorers[0] if no_namesake and scorer == other.scorers[0] else scorer


def _compared(
    comparison: Comparison, key: Key, before: NDArray[np.float64], after: NDArray[np.float64]
) -> dict[str, Any]:
    found = paired(before, after)
    return {
        "baseline": str(comparison.baseline),
        "other": str(comparison.other),
        **_named(key),
        "baseline_mean": interval(before).mean,
        "other_mean": interval(after).mean,
        "difference": found.difference.mean,
        "low": found.difference.low,
        "high": found.difference.high,
        "p": found.p,
        "seeds": found.difference.seeds,
    }


def _moved(comparison: Comparison, baseline: Seen, other: Seen) -> Iterator[dict[str, Any]]:
    """Residents who stand higher, and lower, on the other side: the same people, with the same luck."""
    month = max((key[0] for key in other.values), default=0)
    least = 0.0
    before, after = baseline.last, other.last
    if baseline.reach != other.reach:
        before, after, least = _places(before), _places(after), LEAST_MOVE
    change = after - before
    nobody = np.zeros(len(change))
    for measure, moved in (("share_rising", change > least), ("share_falling", change < -least)):
        key = (month, other.scorers[0], measure, "")
        yield _compared(comparison, key, nobody, moved.mean(axis=1))


def _places(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """In each row the share of those with a score who are below, half of the equal ones counted."""
    places = np.full(scores.shape, nan)
    for row, one in zip(places, scores, strict=True):
        known = ~np.isnan(one)
        ordered = np.sort(one[known])
        below, upto = np.searchsorted(ordered, one[known], "left"), np.searchsorted(ordered, one[known], "right")
        row[known] = (below + upto) / (2 * max(1, ordered.size))
    return places
