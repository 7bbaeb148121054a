"""Events of other forms (a segment's rows, dictionaries) as batches in the columns in which a reader gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

from goodstanding.events import EVENT_SCHEMA
from goodstanding.events.kinds import as_codes
from goodstanding.events.rows import one_chunk

CODED: Final = tuple(field.name for field in EVENT_SCHEMA if pa.types.is_dictionary(field.type))
NUMBERS: Final = ("time", "amount", "value", "recorded")


def from_table(table: Any, source: str, people: Any) -> Any:
    """The rows of a segment, or some of them.

    Args:
        table: with the columns of a segment.
        people: the public id of each row's person, a `pa.StringArray` or one of large strings.
    """
    columns = {name: one_chunk(table.column(name)) for name in table.column_names if name != "slot"}
    columns["person"] = people
    columns["source"] = constant(source, table.num_rows)
    return _batch(columns)


def from_dictionaries(events: Sequence[Mapping[str, Any]]) -> Any:
    """Events that were checked before, their times in microseconds since 1970."""
    columns = {
        name: pa.array([event.get(name) for event in events], pa.int64() if name in NUMBERS else pa.string())
        for name in EVENT_SCHEMA.names
    }
    return _batch(columns)


def constant(word: str, rows: int) -> Any:
    """A column in which one word stands everywhere."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array([word], pa.string()))


def _batch(columns: Mapping[str, Any]) -> Any:
    arrays = [as_codes(columns[name]) if name in CODED else columns[name] for name in EVENT_SCHEMA.names]
    typed = [array.cast(field.type) for array, field in zip(arrays, EVENT_SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(typed, schema=EVENT_SCHEMA)
