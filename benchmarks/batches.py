"""Batches of events of one source, drawn from a seed, for taking them into a record."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from benchmarks.generator import BEGIN_US, SCHEMA, fixed_width
from benchmarks.world import MATTERS_A_PERSON

SOURCE: Final = "bank"
TYPES: Final = ("bill.paid", "loan.opened", "loan.repaid", "loan.missed", "card.used", "deposit.made")
WITH_MATTER: Final = 4
"""So many of the types have a matter."""
LABELS: Final = ("power", "water", "rent", "games", "food", "travel")
PARTIES: Final = 5_000
SPAN_US: Final = 3 * 365 * 86_400_000_000


def batch(number: int, rows: int, people: int) -> pa.Table:
    """One batch: as many events as rows, of all people alike; ids of different batches differ."""
    rng = np.random.default_rng([number, rows, people])
    ids = (np.arange(rows, dtype=np.uint64) + np.uint64(number * 1_000_000_000)) * np.uint64(0x9E3779B97F4A7C15)
    kind, person = rng.integers(0, len(TYPES), rows), rng.integers(0, people, rows)
    parties = pa.array([f"party-{one:05d}" for one in range(PARTIES)])
    amount = pa.array(rng.integers(100, 1_000_000, rows), mask=rng.random(rows) < 0.2)
    value = pa.array(rng.integers(0, 90, rows), mask=rng.random(rows) < 0.5)
    return pa.table(
        [
            fixed_width("", ids, 16, base=16),
            pa.array([SOURCE]).take(pa.array(np.zeros(rows, np.int64))),
            pa.array(TYPES).take(pa.array(kind)),
            fixed_width("P", person, 8, base=10),
            pa.array(BEGIN_US + rng.integers(0, SPAN_US, rows)).cast(SCHEMA.field("time").type),
            amount,
            value,
            pa.array(LABELS).take(pa.array(rng.integers(0, len(LABELS), rows), mask=rng.random(rows) < 0.3)),
            parties.take(pa.array(rng.integers(0, PARTIES, rows), mask=rng.random(rows) < 0.3)),
            _matters(rng, kind, person),
        ],
        schema=SCHEMA.remove_metadata(),  # a home of either world takes them
    )


def _matters(rng: np.random.Generator, kind: Any, person: Any) -> pa.Array:
    """Of bills and loans: one of the person's few."""
    names = fixed_width("M", person * MATTERS_A_PERSON + rng.integers(0, MATTERS_A_PERSON, len(kind)), 9, base=10)
    return names.take(pa.array(np.arange(len(kind)), mask=kind >= WITH_MATTER))


def batch_files(
    folder: Path, first: int, count: int, rows: int, people: int, ending: str = "parquet"
) -> Iterator[Path]:
    """The files of so many batches, made where they are missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        path = folder / f"batch-{number}-{rows}-{people}.{ending}"
        if not path.is_file():
            _write(batch(number, rows, people), path)
        yield path


def _write(table: Any, path: Path) -> None:
    part = path.with_suffix(f".part{path.suffix}")
    if path.suffix == ".csv":
        times = pc.strftime(table.column("time"), format="%Y-%m-%dT%H:%M:%SZ")
        pa_csv.write_csv(table.set_column(4, "time", times), part)
    else:
        pq.write_table(table, part, compression="zstd")
    part.replace(path)
