"""What an experiment leaves behind: four tables of each cell, and the same of all cells together.

Every table says in its metadata that its people are made up (`goodstanding.world`), and of which cell or experiment it
is (`goodstanding.digest`). In the tables of all cells the columns `policy`, `variant` and `seed` come first.

- `measures.parquet`: one row a measure, group, scorer and observed month. `month` int16 (the city's, from 0), `scorer`
  (empty where the measure is of the city), `measure`, `group` (empty: everybody), `value` float64.
- `residents.parquet`: one row a resident. `resident` ("R0000000"), the traits as they were at the start (see
  `goodstanding.lab.city.arrays.Traits`; `education` and `work` by name), `first_score`, `last_score` int32 (null: none)
  and `first_tier`, `last_tier` (null: none) of the first scorer in the first and last observed month, and all that
  befell them until then (`Tally`).
- `history.parquet`: one row a month of each of at most 2,000 residents. `resident`, `month`, `scorer` (the first),
  `score` int32, `tier`, `sanctioned`, `wrongly`, and `points.<dimension>` int32 (what the dimension gave; of all
  policies; null where the policy has no such dimension).
- `stories.parquet`: one row a month of three residents. `role` (`rose`, `fell`, `wronged`: punished by error, whose
  story may begin in the month before, and who need not be among those of the history), `resident`,
  `month`, `score`, `change` (since the month before), `tier`, `lists`, `sanctions` (`name:state`), `wrongly`,
  `events` (list of {`type`, `count`, `amount`, `value`, `label`, `en`, `zh`}) and `lines` (list of {`factor`, `points`,
  `change`, `en`, `zh`}: the lines whose points moved in that month).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa
from pyarrow import parquet

from goodstanding.lab.experiments.model import Cell, Experiment

WORLD: Final = {"goodstanding.world": "synthetic"}
DIGEST: Final = b"goodstanding.digest"

MEASURES: Final = pa.schema(
    [
        ("month", pa.int16()),
        ("scorer", pa.string()),
        ("measure", pa.string()),
        ("group", pa.string()),
        ("value", pa.float64()),
    ]
)

EVENT: Final = pa.struct(
    [
        ("type", pa.string()),
        ("count", pa.int32()),
        ("amount", pa.int64()),
        ("value", pa.int64()),
        ("label", pa.string()),
        ("en", pa.string()),
        ("zh", pa.string()),
    ]
)
LINE: Final = pa.struct(
    [
        ("factor", pa.string()),
        ("points", pa.int32()),
        ("change", pa.int32()),
        ("en", pa.string()),
        ("zh", pa.string()),
    ]
)
STORIES: Final = pa.schema(
    [
        ("role", pa.string()),
        ("resident", pa.string()),
        ("month", pa.int16()),
        ("score", pa.int32()),
        ("change", pa.int32()),
        ("tier", pa.string()),
        ("lists", pa.list_(pa.string())),
        ("sanctions", pa.list_(pa.string())),
        ("wrongly", pa.bool_()),
        ("events", pa.list_(EVENT)),
        ("lines", pa.list_(LINE)),
    ]
)

CELL_COLUMNS: Final = pa.schema([("policy", pa.string()), ("variant", pa.string()), ("seed", pa.int64())])
"""What tells cells apart, before the columns of each table of all cells."""


class CellTables(NamedTuple):
    """The four tables of a cell."""

    measures: pa.Table
    residents: pa.Table
    history: pa.Table
    stories: pa.Table


def write_cell(folder: Path, cell: Cell, tables: CellTables) -> None:
    """Write a cell's tables into its folder, whole or not at all.

    A folder of that name that is there already stays as it is: the same cell has the same bytes.
    """
    beside = part_of(folder)
    beside.mkdir(parents=True)
    for name, table in zip(tables._fields, tables, strict=True):
        write_table(table, beside / f"{name}.parquet", cell.digest)
    try:
        beside.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        remove(beside)


def part_of(folder: Path) -> Path:
    """The folder in which a cell is written until it is whole."""
    return folder.with_name(f".{folder.name}.part-{os.getpid()}")


def remove(folder: Path) -> None:
    """Remove a folder of files."""
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


def write_table(table: pa.Table, path: Path, digest: str) -> None:
    """Write one table, and wait until it is on the disk."""
    labelled = table.replace_schema_metadata(WORLD | {DIGEST.decode(): digest})
    with path.open("wb") as file:
        parquet.write_table(labelled, file, compression="zstd")
        file.flush()
        os.fsync(file.fileno())


def is_whole(folder: Path, cell: Cell) -> bool:
    """Whether a folder holds this cell: not another's of the same name."""
    if not folder.is_dir():
        return False
    digests = [
        (parquet.read_schema(folder / f"{name}.parquet").metadata or {}).get(DIGEST) for name in CellTables._fields
    ]
    return set(digests) == {cell.digest.encode()}


def combine(experiment: Experiment, cells: Path, out: Path) -> None:
    """Put the tables of all cells together, one row group a cell, in the order of cells."""
    for name in CellTables._fields:
        paths = [(cell, cells / cell.name / f"{name}.parquet") for cell in experiment.cells()]
        schema = _together([parquet.read_schema(path) for _, path in paths])
        labelled = schema.with_metadata(WORLD | {DIGEST.decode(): experiment.digest})
        beside = out / f".{name}.parquet.part"
        with parquet.ParquetWriter(beside, labelled, compression="zstd") as writer:
            for cell, path in paths:
                writer.write_table(_with_cell(parquet.read_table(path), cell, schema), row_group_size=2**31 - 1)
        beside.replace(out / f"{name}.parquet")


def _together(schemas: Iterable[pa.Schema]) -> pa.Schema:
    """The columns of any, in the order of first mention, after those that tell cells apart."""
    fields = {field.name: field for schema in schemas for field in schema}
    return pa.schema([*CELL_COLUMNS, *fields.values()])


def _with_cell(table: pa.Table, cell: Cell, schema: pa.Schema) -> pa.Table:
    """A cell's table with the cell's columns; what other cells have and it has not is null."""
    told: Mapping[str, object] = {"policy": cell.policy.name, "variant": cell.variant.name, "seed": cell.seed}
    return pa.table([_column(table, told, field) for field in schema], schema=schema)


def _column(table: pa.Table, told: Mapping[str, object], field: pa.Field) -> pa.Array:
    if field.name in told:
        return pa.repeat(pa.scalar(told[field.name], field.type), table.num_rows)
    if field.name in table.column_names:
        return table[field.name]
    return pa.nulls(table.num_rows, field.type)
