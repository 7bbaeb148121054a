"""What a sweep leaves behind: its points, and what became of each conclusion.

- `points.parquet`: one row a point and number: `point` int32, `name`, `value` float64. Point 0, the experiment as it
  is, has none.
- `points/<point>/`: `cells/`, `summary.parquet` and `comparisons.parquet` of the experiment at that point.
- `conclusions.parquet`: one row a conclusion: `baseline`, `other`, `month`, `scorer`, `measure`, `group`, `difference`
  (as it is), `draws` int32 (other points), `kept` (with the same direction), `clear` (of those, whose interval does not
  hold 0), `reversed` (with the other direction and an interval without 0), `hangs_on` (the number with which the
  difference goes most; null where it goes with none), `correlation` (of ranks, with that number).
- `influences.parquet`: one row a conclusion and number: `conclusion` int32 (its row), `name`, `correlation` (of ranks
  over points; null where the difference never moves).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isinf, isnan, nan
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from goodstanding.lab.experiments.cell import live_cell
from goodstanding.lab.experiments.comparing import KEY_FIELDS, write_comparisons
from goodstanding.lab.experiments.model import Experiment
from goodstanding.lab.experiments.run import CELLS, begin, described, documents
from goodstanding.lab.experiments.running import Job, Step, Work, run_cells
from goodstanding.lab.experiments.sweeping import Point
from goodstanding.lab.experiments.tables import write_table

ALIKE: Final = 1e-9
"""Differences that are the same but for so much of their size have not moved."""

Conclusion: TypeAlias = tuple[str, str, int, str, str, str]
"""Baseline, other, month, scorer, measure, group."""

Spread: TypeAlias = tuple[float, float, float]
"""A difference, and its interval."""

POINTS: Final = "points"
PLACE: Final = [("baseline", pa.string()), ("other", pa.string()), *KEY_FIELDS]
NAMES: Final = [name for name, _ in PLACE]
POINTS_SCHEMA: Final = pa.schema([("point", pa.int32()), ("name", pa.string()), ("value", pa.float64())])
CONCLUSIONS: Final = pa.schema(
    [
        *PLACE,
        ("difference", pa.float64()),
        ("draws", pa.int32()),
        ("kept", pa.int32()),
        ("clear", pa.int32()),
        ("reversed", pa.int32()),
        ("hangs_on", pa.string()),
        ("correlation", pa.float64()),
    ]
)
INFLUENCES: Final = pa.schema([("conclusion", pa.int32()), ("name", pa.string()), ("correlation", pa.float64())])


def sweep(
    experiment: Experiment,
    points: Sequence[Point],
    out: Path,
    *,
    cores: int,
    step: Step,
    resume: bool = False,
    work: Work = live_cell,
) -> None:
    """Run an experiment at every point, and say what became of its conclusions; arguments are those of `run`.

    Raises:
        UsageError: as `run`.
        GoodstandingError: as `run`.
    """
    told = described(experiment) | {
        "points": [{"digest": point.experiment.digest, "values": dict(point.values)} for point in points]
    }
    begin(out, told, documents(experiment), resume=resume)
    folders = [out / POINTS / point.name for point in points]
    placed = list(zip(points, folders, strict=True))
    jobs = [Job(cell, folder / CELLS / cell.name) for point, folder in placed for cell in point.experiment.cells()]
    run_cells(jobs, work, cores, step)
    for point, folder in placed:
        write_comparisons(point.experiment, folder / CELLS, folder)
    found = [_last(parquet.read_table(folder / "comparisons.parquet")) for folder in folders]
    for name, table in _tables(points, found).items():
        beside = out / f".{name}.parquet.part"
        write_table(table, beside, experiment.digest)
        beside.replace(out / f"{name}.parquet")


def _tables(points: Sequence[Point], found: Sequence[Mapping[Conclusion, Spread]]) -> dict[str, pa.Table]:
    names = list(points[1].values) if len(points) > 1 else []
    values = np.array([[point.values[name] for name in names] for point in points[1:]]).reshape(-1, len(names))
    rows = [
        {"point": point.number, "name": name, "value": value}
        for point in points
        for name, value in point.values.items()
    ]
    conclusions: list[dict[str, Any]] = []
    influences: list[dict[str, Any]] = []
    for place, spread in ((place, spread) for place, spread in found[0].items() if _is_clear(spread)):
        others = [one.get(place, (nan, nan, nan)) for one in found[1:]]
        going = _correlations(values, np.array([one[0] for one in others]))
        influences += [
            {"conclusion": len(conclusions), "name": name, "correlation": None if isnan(one) else one}
            for name, one in zip(names, going, strict=True)
        ]
        conclusions.append(_became(place, spread, others) | _hangs_on(names, going))
    return {
        "points": pa.Table.from_pylist(rows, POINTS_SCHEMA),
        "conclusions": pa.Table.from_pylist(conclusions, CONCLUSIONS),
        "influences": pa.Table.from_pylist(influences, INFLUENCES),
    }


def _last(table: pa.Table) -> dict[Conclusion, Spread]:
    """The differences of the last month and of everybody."""
    rows = [row for row in table.to_pylist() if not row["group"]]
    last = max((row["month"] for row in rows), default=0)
    return {
        tuple(row[name] for name in NAMES): (row["difference"], row["low"], row["high"])
        for row in rows
        if row["month"] == last
    }


def _is_clear(spread: Spread) -> bool:
    """Whether it says anything: its interval does not hold 0, or, with one seed, it is not 0."""
    difference, low, high = spread
    return difference != 0 and (isinf(low) or low > 0 or high < 0)


def _became(place: Conclusion, spread: Spread, others: Sequence[Spread]) -> dict[str, Any]:
    """How often a conclusion kept its direction."""
    same = [one for one in others if one[0] * spread[0] > 0]
    against = [one for one in others if one[0] * spread[0] < 0]
    return {
        **dict(zip(NAMES, place, strict=True)),
        "difference": spread[0],
        "draws": len(others),
        "kept": len(same),
        "clear": sum(map(_is_clear, same)),
        "reversed": sum(map(_is_clear, against)),
    }


def _hangs_on(names: Sequence[str], going: Sequence[float]) -> dict[str, Any]:
    known = [place for place, one in enumerate(going) if not isnan(one)]
    if not known:
        return {"hangs_on": None, "correlation": None}
    most = max(known, key=lambda place: abs(going[place]))
    return {"hangs_on": names[most], "correlation": going[most]}


def _correlations(values: NDArray[np.float64], differences: NDArray[np.float64]) -> list[float]:
    """Of ranks, over points: each number's with the difference; not a number where one of the two never moves."""
    known = ~np.isnan(differences)
    seen = differences[known]
    if not seen.size or np.ptp(seen) <= ALIKE * np.abs(seen).max():
        return [nan] * values.shape[1]
    ranked = _ranks(seen)
    return [_correlation(_ranks(column[known]), ranked) for column in values.T]


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return float(np.corrcoef(one, other)[0, 1]) if one.std() else nan


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Places among the sorted, the mean one where several are equal."""
    ordered = np.sort(values)
    ranks: NDArray[np.float64] = (np.searchsorted(ordered, values) + np.searchsorted(ordered, values, "right")) / 2
    return ranks
