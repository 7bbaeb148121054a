"""Reading what became of people: a file with the columns `person` and `outcome`.

CSV with a header, or Parquet, by the file's ending; other columns are left alone. A person occurs once, and an outcome
is 0 or 1. All faults of a file are found before it is refused, and the first twenty are told.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from goodstanding.errors import InputError, Problem, nearest
from goodstanding.events.faults import shown, shown_json
from goodstanding.limits import MOST_LISTED

COLUMNS = ("person", "outcome")
VALUES = {"0": 0, "1": 1, 0: 0, 1: 1}  # True and False equal 1 and 0

Row = tuple[int, object, object]  # the line (CSV) or row (Parquet), the person, the outcome


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of people; one entry a person in each array.

    Attributes:
        people: unique ids.
        values: 1 where it has happened, else 0.
    """

    people: pa.Array
    values: pa.Array

    def __len__(self) -> int:
        """How many people there are."""
        return len(self.people)

    def of(self, people: pa.Array | pa.ChunkedArray) -> pa.Array:
        """The outcomes of these people, in their order; null where it is not known."""
        return self.values.take(pc.index_in(_one(people), self.people))

    def unknown(self, people: pa.Array | pa.ChunkedArray) -> int:
        """How many of the outcomes are about nobody among these people."""
        return len(self) - int(pc.sum(pc.is_in(self.people, _one(people))).as_py() or 0)


def _one(people: pa.Array | pa.ChunkedArray) -> pa.Array:
    whole = people.combine_chunks() if isinstance(people, pa.ChunkedArray) else people
    return whole.cast(pa.string())


def read_outcomes(path: str | PathLike[str]) -> Outcomes:
    """Read a file of outcomes.

    Raises:
        InputError: the file cannot be read, lacks a column, names somebody twice, or holds what is no outcome.
    """
    file = str(path)
    readers = {".csv": _csv_rows, ".parquet": _parquet_rows}
    reader = readers.get(Path(path).suffix.lower())
    if reader is None:
        raise InputError([Problem(file, None, f"found a file ending in {Path(path).suffix!r}", ".csv or .parquet")])
    try:
        return _checked(file, reader(file))
    except OSError as error:
        raise InputError(
            [Problem(file, None, f"cannot be read: {error.strerror or error}", "a file of outcomes")]
        ) from error
    except (UnicodeDecodeError, csv.Error, pa.ArrowInvalid) as error:
        raise InputError([Problem(file, None, f"cannot be read: {error}", "a file of outcomes")]) from error


def _csv_rows(file: str) -> Iterator[Row]:
    with Path(file).open(encoding="utf-8-sig", newline="") as text:
        rows = csv.reader(text, strict=True)
        person, outcome = _places(file, next(rows, []), 1)
        for row in rows:
            cells = [*row, *[""] * max(0, 1 + max(person, outcome) - len(row))]
            yield rows.line_num, cells[person], cells[outcome]


def _parquet_rows(file: str) -> Iterator[Row]:
    with pq.ParquetFile(file) as parquet:
        _places(file, parquet.schema_arrow.names, None)
        number = 0
        for batch in parquet.iter_batches(columns=list(COLUMNS)):
            columns = (batch.column(name).to_pylist() for name in COLUMNS)
            for person, outcome in zip(*columns, strict=True):
                number += 1
                yield number, person, outcome


def _places(file: str, header: list[str], line: int | None) -> tuple[int, ...]:
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        near = nearest(missing[0], header)
        hint = f"did you mean {near!r} as {missing[0]!r}?" if near else ""
        found = f"found the columns {', '.join(header) or 'of an empty file'}"
        raise InputError([Problem(file, line, found, f"a column {missing[0]!r}", hint=hint)])
    return tuple(header.index(name) for name in COLUMNS)


def _checked(file: str, rows: Iterable[Row]) -> Outcomes:
    seen: dict[str, int] = {}
    values: list[int] = []
    problems: list[Problem] = []
    for line, person, outcome in rows:
        problem = _problem(file, line, person, outcome, seen)
        if problem is not None:
            problems.append(problem)
        else:
            seen[str(person)] = line
            values.append(VALUES[outcome])
    if problems:
        raise InputError(problems[:MOST_LISTED], more=max(0, len(problems) - MOST_LISTED))
    return Outcomes(pa.array(list(seen), pa.string()), pa.array(values, pa.int64()))


def _found(value: object) -> str:
    """A cell as found: a string in quotes, all else (Parquet has it) as JSON writes it, `null` and `true` too."""
    return shown(value) if isinstance(value, str) else shown_json(value)


def _problem(file: str, line: int, person: object, outcome: object, seen: dict[str, int]) -> Problem | None:
    """What is wrong with a row, if anything."""
    if not isinstance(person, str) or not person:
        return Problem(file, line, f"found the person {_found(person)}", "an id")
    if person in seen:
        return Problem(file, line, f"found {person!r} again", f"each person once; it stands at {seen[person]} too")
    if not isinstance(outcome, str | int) or outcome not in VALUES:
        return Problem(file, line, f"found the outcome {_found(outcome)}", "0 or 1")
    return None
