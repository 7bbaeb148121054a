"""JSON Lines (UTF-8): one object a line, a column a key; or CloudEvents, see `cloudevents`.

Read by orjson, which refuses what is not JSON (NaN, bare words, more than 1,024 brackets deep) but keeps the last of
doubled keys in silence. A flat object whose line has no backslash has exactly two quotes a key and string: where the
count is right no key is doubled; else the standard library's reader, which is slower, looks at each pair.

Blocks of flat events, one a line, go through Arrow's reader, a column at a time. It is strict where a schema is given:
it takes no doubled and no unknown key, and no number for a string or fraction for a whole number. It does not
check UTF-8 (the columns are checked afterwards), and does not care for lines (see `_is_regular`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
from pyarrow import json as arrow_json

from goodstanding.errors import nearest
from goodstanding.events.blocks import LONGEST_LINE, TOO_LONG, Block, blocks
from goodstanding.events.cloudevents import from_cloudevent, is_cloudevent
from goodstanding.events.faults import Finding, RefusedError, Said, finding, shown, shown_json
from goodstanding.events.rows import Rows, one_chunk
from goodstanding.events.schema import EVENT, Column, Shape
from goodstanding.limits import MOST_LISTED

LONG = 2**63  # int64 lies within ± this
LINE_FEED = 0x0A
Record = dict[str, Any]


@dataclass(slots=True)
class JsonLinesFile:
    """An opened JSON Lines file."""

    path: Path
    shape: Shape
    known: frozenset[str] = field(init=False)
    world: None = None
    row_count: None = None
    is_guarded = False

    def __post_init__(self) -> None:
        self.known = frozenset(self.shape.names)

    def header_faults(self) -> list[Said]:
        """Nothing: there is no header, each line names its columns."""
        return []

    def rows(self) -> Iterator[Rows]:
        """The rows, block by block."""
        for block in blocks(self.path):
            yield self._read(block)

    def _read(self, block: Block) -> Rows:
        if not self.shape.is_open and _is_regular(block.data):
            try:
                rows = self._read_at_once(block)
            except pa.ArrowInvalid:  # whatever it is: by line it is found, and said
                rows = None
            if rows is not None:
                return rows
        return self._read_by_line(block)

    def _read_at_once(self, block: Block) -> Rows | None:
        """All lines by Arrow's reader; None where they do not hold one object each."""
        kinds = [(column.name, pa.int64() if column.kind.json is int else pa.string()) for column in self.shape.columns]
        table = arrow_json.read_json(
            pa.BufferReader(block.data),
            arrow_json.ReadOptions(block_size=len(block.data) + 1),
            arrow_json.ParseOptions(pa.schema(kinds), unexpected_field_behavior="error"),
        )
        if table.num_rows != block.data.count(b"\n"):
            return None
        columns = {name: one_chunk(table.column(name)) for name, _ in kinds}
        return Rows(table.num_rows, columns, np.arange(block.first_line, block.first_line + table.num_rows))

    def _read_by_line(self, block: Block) -> Rows:
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
                said += [error.said] if len(said) < MOST_LISTED else []
        rows = Rows(len(records), {}, np.array(good, np.int64), [finding(bad, said)] if bad else [])
        for column in self.shape.columns:
            take_column(column, records, rows, column.kind.json)
        return rows

    def _record(self, text: bytes) -> Record:
        record = parse_object(text)
        if self.shape is EVENT and is_cloudevent(record):
            return from_cloudevent(record)
        if not record.keys() <= self.known and not self.shape.is_open:
            raise RefusedError(*unknown_column(record, self.shape))
        return record


def _is_regular(data: bytes) -> bool:
    """Whether each line, none too long, begins with `{` and ends with `}`.

    A line break inside a string is not JSON, and no value of ours has brackets of its own: so each line holds whole
    objects, and as many objects as lines are one a line.
    """
    codes = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(codes == LINE_FEED)
    if not ends.size or ends[-1] + 1 != codes.size:
        return False
    begins = np.concatenate(([0], ends[:-1] + 1))
    is_short = (ends - begins).max() <= LONGEST_LINE
    return bool(is_short and (codes[begins] == ord("{")).all() and (codes[ends - 1] == ord("}")).all())


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
        raise RefusedError(shown_json(record), "an object")
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


def unknown_column(record: Record, shape: Shape) -> Said:
    """The first key of an object that names no column, in words."""
    name = next(key for key in record if key not in shape.names)
    near = nearest(name, shape.names)
    hint = f"did you mean {near!r}?" if near else ""
    return Said(f"unknown column {shown(name)}", f"one of {', '.join(shape.names)}", hint)


def take_column(column: Column, records: list[Record], rows: Rows, allowed: type) -> None:
    """Make an Arrow column out of one key's values; a value of another type stands as null, and is found at fault."""
    name = column.name
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
    said = [Said(f"{column.name} {shown_json(values[row])}", column.kind.expected) for row in places[:MOST_LISTED]]
    rows.findings.append(Finding(rows.lines[wrong], said.__getitem__))
    rows.wrong[column.name] = np.union1d(wrong, rows.wrong.get(column.name, wrong))
    for row in places:
        values[row] = None
