"""Reading people and ties (specification sections 1 and 4)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from goodstanding.events.faults import Finding, Said, shown
from goodstanding.events.reader import TableReader
from goodstanding.events.schema import PERSON, TIE


def read_people(path: str | os.PathLike[str]) -> Any:
    """Read a table of people: its column `person`, in the file's order; other columns are left alone.

    Returns:
        A `pa.StringArray` of different names.

    Raises:
        EventsError: the file is at fault, or has somebody twice.
    """
    reader = TableReader([path], PERSON)
    batches = [batch.column("person") for batch in reader]
    people = pa.concat_arrays(batches) if batches else pa.array([], pa.string())
    first_line = 2 if Path(path).suffix.lower() == ".csv" else 1  # below the header; each row is one line by now
    reader.faults.take(Path(path), _doubled(people, first_line))
    reader.faults.raise_any()
    return people


def _doubled(people: Any, first_line: int) -> list[Finding]:
    """People who were there before: codes are given in the order of rows, so that a new one is above all earlier."""
    codes = people.dictionary_encode().indices.to_numpy()
    highest = np.maximum.accumulate(np.concatenate(([-1], codes)))[:-1]
    doubled = np.flatnonzero(codes <= highest)
    if not doubled.size:
        return []

    def explain(place: int) -> Said:
        row = int(doubled[place])
        earlier = int(np.flatnonzero(codes == codes[row])[0])
        return Said(f"person {shown(people[row].as_py())} again, first at {earlier + first_line}", "each person once")

    return [Finding(doubled + first_line, explain)]


def read_ties(paths: Sequence[str | os.PathLike[str]]) -> Any:
    """Read ties: one row per tie and file, as they stand; what counts twice or not at all is the score's matter.

    Returns:
        A `pa.Table`: `a`, `b` (strings), `since`, `until` (int64, microseconds since 1970; `until` null: still),
        `kind` (string, may be null).

    Raises:
        EventsError: a file is at fault.
    """
    return pa.Table.from_batches(TableReader(paths, TIE), TIE.schema)
