"""JSON Lines (UTF-8): one object a line, a column a key; or CloudEvents, see `cloudevents`.

Read by orjson, which refuses what is not JSON (NaN, bare words, more than 1,024 brackets deep) but keeps the last of
doubled keys in silence. A flat object whose line has no backslash has exactly two quotes for each key and string: where
the count is right no key is doubled; else the standard library's reader, five times as slow, looks at each pair.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from goodstanding.errors import nearest
from goodstanding.events.blocks import LONGEST_LINE, TOO_LONG, Block, blocks
from goodstanding.events.cloudevents import from_cloudevent, is_cloudevent
from goodstanding.events.faults import LISTED, Finding, RefusedError, Said, finding, shown
from goodstanding.events.rows import Rows
from goodstanding.events.schema import EVENT, Column, Shape

LONG = 2**63  # int64 lies within ± this
Record = dict[str, Any]


@dataclass(slots=True)
class JsonLinesFile:
    """An opened JSON Lines file."""

    path: Path
    shape: Shape
    world: None = None
    row_count: None = None
    is_guarded = False

    def header_faults(self) -> list[Said]:
        """Nothing: there is no header, each line names its columns."""
        return []

    def rows(self) -> Iterator[Rows]:
        """The rows, block by block."""
        for block in blocks(self.path):
            yield self._read(block)

    def _read(self, block: Block) -> Rows:
        records: list[Record] = []
        good: list[int] = []
        bad: list[int] = []
        said: list[Said] = []
        lines = block.lines if block.data else [b" " * (LONGEST_LINE + 1)]
        for line, text in enumerate(lines, block.first_line):
            try:
                records.append(self._record(text))
                good.append(line)
            except RefusedError as error:
                bad.append(line)
                said += [error.said] if len(said) < LISTED else []
        rows = Rows(len(records), {}, np.array(good, np.int64), [finding(bad, said)] if bad else [])
        for column in self.shape.columns:
            _take_column(column, records, rows)
        return rows

    def _record(self, text: bytes) -> Record:
        record = parse_object(text)
        if self.shape is EVENT and is_cloudevent(record):
            return from_cloudevent(record)
        if not self.shape.is_open and not record.keys() <= set(self.shape.names):
            raise RefusedError(*_unknown(record, self.shape))
        return record


def parse_object(text: bytes) -> Record:
    """One line as an object without doubled keys.

    Raises:
        RefusedError: it is not JSON, not an object, too long, or has a key twice.
    """
    if len(text) > LONGEST_LINE:
        raise RefusedError(*TOO_LONG)
    try:
        record = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise RefusedError(*_not_json(text, error)) from error
    if not isinstance(record, dict):
        raise RefusedError(shown(record), "an object")
    if b"\\" in text or text.count(b'"') != 2 * _count_strings(record):
        _refuse_doubled_keys(text)
    return record


def _count_strings(record: Record) -> int:
    """How many strings an object holds, keys among them; within it only objects of one level more are looked into."""
    kinds = [*map(type, record.values())]
    count = len(kinds) + kinds.count(str)
    if dict in kinds:
        count += sum(
            len(value) + [*map(type, value.values())].count(str) for value in record.values() if type(value) is dict
        )
    return count


def _refuse_doubled_keys(text: bytes) -> None:
    try:
        json.loads(text, object_pairs_hook=_unique)
    except RecursionError as error:
        raise RefusedError("an object nested too deep", "an object of plain values") from error


def _unique(pairs: list[tuple[str, Any]]) -> Record:
    record: Record = {}
    for key, value in pairs:
        if key in record:
            raise RefusedError(f"key {shown(key)} twice", "each key once")
        record[key] = value
    return record


def _not_json(text: bytes, error: orjson.JSONDecodeError) -> Said:
    if not text.strip():
        return Said("a blank line", "an object")
    try:
        text.decode()
    except UnicodeDecodeError as unreadable:
        return Said(f"byte {unreadable.start + 1} of the line is not UTF-8", "UTF-8")
    return Said(f"no JSON at character {error.pos + 1} ({error.msg.split(':')[0]})", "an object in JSON")


def _unknown(record: Record, shape: Shape) -> Said:
    name = next(key for key in record if key not in shape.names)
    near = nearest(name, shape.names)
    hint = f"did you mean {near!r}?" if near else ""
    return Said(f"unknown column {shown(name)}", f"one of {', '.join(shape.names)}", hint)


def _take_column(column: Column, records: list[Record], rows: Rows) -> None:
    """Make an Arrow column out of one key's values; a value of another type stands as null, and is found at fault."""
    name, allowed = column.name, column.kind.json
    values = [record.get(name) for record in records]
    if not set(map(type, values)) <= {allowed, type(None)}:
        _take_out(
            column, values, rows, [row for row, value in enumerate(values) if type(value) not in (allowed, type(None))]
        )
    kind = pa.int64() if allowed is int else pa.string()
    try:
        rows.columns[name] = pa.array(values, kind)
    except OverflowError:
        _take_out(
            column, values, rows, [row for row, value in enumerate(values) if value and not -LONG <= value < LONG]
        )
        rows.columns[name] = pa.array(values, kind)


def _take_out(column: Column, values: list[Any], rows: Rows, places: list[int]) -> None:
    wrong = np.array(places, np.int64)
    said = [Said(f"{column.name} {_said_value(values[row])}", column.kind.expected) for row in places[:LISTED]]
    rows.findings.append(Finding(rows.lines[wrong], said.__getitem__))
    rows.wrong[column.name] = np.union1d(wrong, rows.wrong.get(column.name, wrong))
    for row in places:
        values[row] = None


def _said_value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else shown(value)
