"""What commands leave behind: a table in a file, whole or not at all, or JSON on standard output."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from goodstanding.errors import GoodstandingError, UsageError

if TYPE_CHECKING:
    import pyarrow as pa

ENDINGS = (".parquet", ".csv", ".jsonl")
SPECIAL = '[",\r\n]'


def checked_table(path: Path, inputs: Iterable[Path | str | None]) -> Path:
    """A path for `--out`, with an ending that says one of the formats, and apart from what is read.

    Raises:
        UsageError: another ending, a folder that is not there, or an input's own place.
    """
    checked_apart("--out", path, inputs)
    if path.suffix not in ENDINGS:
        raise UsageError(f"--out {path}: the ending says the format: write one of {', '.join(ENDINGS)}")
    if not path.parent.is_dir():
        raise UsageError(f"--out {path}: there is no folder {path.parent}; make it first")
    return path


def checked_apart(option: str, path: Path, inputs: Iterable[Path | str | None]) -> Path:
    """A path to write to that is none of the inputs, under whatever name, and in none that is a folder.

    What is written takes the place of what was there, so that a slip of the hand would cost the record itself.

    Raises:
        UsageError: it is.
    """
    target = Path(os.path.realpath(path))
    for given in inputs:
        if given is not None and target.is_relative_to(os.path.realpath(given)):
            raise UsageError(f"{option} {path}: this would take the place of the input {given}; name another file")
    return path


@contextmanager
def whole_or_nothing(path: Path) -> Iterator[Path]:
    """A file beside the target to write to, which takes its place at the end if all went well.

    Raises:
        GoodstandingError: it cannot be written.
    """
    beside = path.with_name(f".goodstanding-{os.getpid()}.part{path.suffix}")  # fits wherever the name itself does
    try:
        yield beside
        beside.replace(path)
    except OSError as error:
        raise GoodstandingError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):  # where nothing can be written, there is nothing to take away
            beside.unlink(missing_ok=True)


def write_table(table: pa.Table, path: Path, metadata: Mapping[str, str]) -> None:
    """Write a table in the format of the path's ending; metadata go into Parquet."""
    writers: Mapping[str, Callable[[pa.Table, Path], None]] = {
        ".parquet": _write_parquet,
        ".csv": _write_csv,
        ".jsonl": _write_json_lines,
    }
    with whole_or_nothing(path) as beside:
        writers[path.suffix](table.replace_schema_metadata(dict(metadata)), beside)


def print_json(answer: object) -> None:
    """Print one JSON document, readable, in UTF-8; whole numbers of any size (a sum of scores may pass 64 bits)."""
    typer.echo(json.dumps(answer, indent=2, ensure_ascii=False, allow_nan=False))


def _write_parquet(table: pa.Table, path: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(table, path, compression="zstd", compression_level=1)


def _write_csv(table: pa.Table, path: Path) -> None:
    """Lists are joined by `;`, and quotes stand only where a text needs them."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    flat = pa.table({name: _joined(table[name]) for name in table.column_names})
    texts = [flat[name] for name in flat.column_names if _is_text(flat.schema.field(name).type)]
    special = any(pc.any(pc.match_substring_regex(text, SPECIAL)).as_py() for text in texts)
    style = "needed" if special else "none"
    csv.write_csv(flat, path, csv.WriteOptions(quoting_style=style, quoting_header="none"))


def _is_text(type_: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))


def _joined(column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return pc.binary_join(column, ";") if pa.types.is_list(column.type) else column


def _write_json_lines(table: pa.Table, path: Path) -> None:
    import orjson

    with path.open("wb") as file:
        for batch in table.to_batches(max_chunksize=50_000):
            rows: list[dict[str, Any]] = batch.to_pylist()
            file.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
