"""Writing events to files in each format that can be read: for examples, tests, and whoever makes a record."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
from pyarrow import ipc, parquet

from goodstanding.events.kinds import Moment
from goodstanding.events.moments import format_moment
from goodstanding.events.schema import EVENT, WORLD_KEY

MOMENTS = frozenset(column.name for column in EVENT.columns if isinstance(column.kind, Moment))
Events = Iterable[Mapping[str, Any]]


def write_events(events: Events, path: str | os.PathLike[str], *, world: str | None = None) -> None:
    """Write events to Parquet, Arrow, CSV or JSON Lines, by the file's ending.

    Args:
        events: by column; `time` and `recorded` in microseconds since 1970; what is left out is null.
        world: `live` or `synthetic`; Parquet and Arrow carry it in their metadata, the other formats cannot.

    Raises:
        ValueError: the ending is none of `WRITERS`.
        KeyError: an event has a column that the specification does not know.
    """
    target = Path(path)
    writer = WRITERS.get(target.suffix.lower())
    if writer is None:
        raise ValueError(f"{target}: expected a file that ends in one of {', '.join(WRITERS)}")
    writer(_known(events), target, world)


def _known(events: Events) -> Iterator[Mapping[str, Any]]:
    for event in events:
        if unknown := event.keys() - set(EVENT.names):
            raise KeyError(f"unknown column {min(unknown)!r}")
        yield event


def _written(event: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of an event that are not null, moments in words."""
    given = {name: event[name] for name in EVENT.names if event.get(name) is not None}
    return {name: format_moment(value) if name in MOMENTS else value for name, value in given.items()}


def _table(events: Events, world: str | None) -> Any:
    types = {"str": pa.string(), "int": pa.int64()}
    fields = [
        pa.field(
            column.name,
            pa.timestamp("us", "UTC") if column.name in MOMENTS else types[column.kind.json.__name__],
            column.null,
        )
        for column in EVENT.columns
    ]
    return pa.Table.from_pylist(list(events), pa.schema(fields, {WORLD_KEY: world} if world else None))


def _write_parquet(events: Events, path: Path, world: str | None) -> None:
    parquet.write_table(_table(events, world), path, compression="zstd")


def _write_arrow(events: Events, path: Path, world: str | None) -> None:
    table = _table(events, world)
    with ipc.new_file(str(path), table.schema) as sink:
        sink.write_table(table)


def _write_csv(events: Events, path: Path, _world: str | None) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, EVENT.names, lineterminator="\n")
        rows.writeheader()
        rows.writerows(map(_written, events))


def _write_json_lines(events: Events, path: Path, _world: str | None) -> None:
    with path.open("wb") as file:
        file.writelines(orjson.dumps(_written(event)) + b"\n" for event in events)


WRITERS: dict[str, Callable[[Events, Path, str | None], None]] = {
    ".arrow": _write_arrow,
    ".csv": _write_csv,
    ".feather": _write_arrow,
    ".json": _write_json_lines,
    ".jsonl": _write_json_lines,
    ".ndjson": _write_json_lines,
    ".parquet": _write_parquet,
}
