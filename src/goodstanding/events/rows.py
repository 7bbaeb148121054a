"""Stretches of rows as a file holds them, and the step from there to checked Arrow batches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from goodstanding.events.faults import Finding, Numbers, Said
from goodstanding.events.kinds import CODES, Taken
from goodstanding.events.moments import format_moment
from goodstanding.events.schema import Column, Shape


@dataclass(slots=True)
class Rows:
    """A stretch of rows as read.

    Attributes:
        columns: Arrow columns by name, typed or written; those that the file lacks are left out.
        lines: the line (in typed files the row) at which each row stands.
        findings: what was found at fault while reading; such rows are left out.
        wrong: rows, by column, whose value was found at fault while reading, and stands as null.
    """

    count: int
    columns: dict[str, Any]
    lines: Numbers
    findings: list[Finding] = field(default_factory=list)
    wrong: dict[str, Numbers] = field(default_factory=dict)


class Checked(NamedTuple):
    """A stretch of rows after the checks: a batch, or faults; and the lines at which its rows stand."""

    batch: Any
    findings: list[Finding]
    lines: Numbers


def check(shape: Shape, rows: Rows) -> Checked:
    """Check all that the specification says of single rows, and bring the columns into their canonical types."""
    findings = list(rows.findings)
    arrays = []
    faulty = dict(rows.wrong)
    for column in shape.columns:
        taken = _take(column, rows)
        faulty[column.name] = np.union1d(taken.faulty, rows.wrong.get(column.name, taken.faulty))
        if taken.faulty.size:
            findings.append(Finding(rows.lines[taken.faulty], _with_column(column, taken)))
        if not column.null and taken.array.null_count:
            findings += _missing(column, rows, taken)
        arrays.append(taken.array)
    columns = dict(zip(shape.names, arrays, strict=True))
    findings += [*_idle_retractions(columns, rows), *_backward_ties(columns, rows, faulty)]
    if findings:
        return Checked(None, findings, rows.lines)
    return Checked(pa.RecordBatch.from_arrays(arrays, schema=shape.schema), findings, rows.lines)


def _take(column: Column, rows: Rows) -> Taken:
    array = rows.columns.get(column.name)
    if array is None or types.is_null(array.type):
        nulls = pa.nulls(rows.count, CODES if column.encoded else column.kind.arrow)
        return Taken(nulls, np.empty(0, np.int64), lambda _row: Said("", ""))
    return column.kind.take(array)


def _with_column(column: Column, taken: Taken) -> Any:
    def explain(place: int) -> Said:
        said = taken.explain(int(taken.faulty[place]))
        return said._replace(found=f"{column.name} {said.found}")

    return explain


def _missing(column: Column, rows: Rows, taken: Taken) -> list[Finding]:
    """Nulls where none may be, but for values that stand as null since they are at fault already."""
    nulls = np.flatnonzero(taken.array.is_null().to_numpy(zero_copy_only=False))
    nulls = np.setdiff1d(nulls, rows.wrong.get(column.name, np.empty(0, np.int64)))
    said = Said(f"no {column.name}", column.kind.expected)
    return [Finding(rows.lines[nulls], lambda _place: said)] if nulls.size else []


def _idle_retractions(columns: Mapping[str, Any], rows: Rows) -> list[Finding]:
    """Events of type `retracted` that replace nothing (specification section 1, corrections)."""
    if "replaces" not in columns:
        return []
    retracts = pc.equal(columns["type"].dictionary, "retracted")
    if not pc.any(retracts).as_py():
        return []
    idle = pc.and_(retracts.take(columns["type"].indices), columns["replaces"].is_null())
    places = np.flatnonzero(pc.fill_null(idle, False).to_numpy(zero_copy_only=False))  # noqa: FBT003 - Arrow's own
    places = np.setdiff1d(places, rows.wrong.get("replaces", np.empty(0, np.int64)))
    said = Said("a 'retracted' that replaces nothing", "replaces: the id of the event that it removes")
    return [Finding(rows.lines[places], lambda _place: said)] if places.size else []


def _backward_ties(columns: Mapping[str, Any], rows: Rows, faulty: Mapping[str, Numbers]) -> list[Finding]:
    """Ties that end before they begin: at no moment would they count, so that the two times are likely swapped."""
    if "until" not in columns:
        return []
    backward = pc.fill_null(pc.less(columns["until"], columns["since"]), False)  # noqa: FBT003 - Arrow's own
    places = np.flatnonzero(backward.to_numpy(zero_copy_only=False))
    places = np.setdiff1d(places, np.union1d(faulty["since"], faulty["until"]))

    def explain(place: int) -> Said:
        since, until = (format_moment(columns[name][int(places[place])].as_py()) for name in ("since", "until"))
        return Said(f"until {until} before since {since}", "a tie that begins before it ends")

    return [Finding(rows.lines[places], explain)] if places.size else []


def one_chunk(column: Any) -> Any:
    """A chunked column as one array."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
