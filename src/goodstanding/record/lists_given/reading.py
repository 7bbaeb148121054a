"""Files of lists: one row a listing. What stands in a faulty row is not shown, as it may identify somebody."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodstanding.errors import RecordError
from goodstanding.events.kinds import Moment, Text, Whole
from goodstanding.events.reader import TableReader
from goodstanding.events.schema import Column, Shape
from goodstanding.record.digests import SIZE
from goodstanding.record.identity.linking import unshown

LIST: Final = Shape(
    "row",
    (
        Column("id", Text(), null=True),
        Column("hmac", Text(), null=True),
        Column("since", Moment()),
        Column("until", Moment(), null=True),
        Column("case", Text(), null=True),
        Column("amount", Whole(), null=True),
        Column("ground", Text(encoded=True), null=True),
    ),
)
HEX: Final = rf"^[0-9a-fA-F]{{{2 * SIZE}}}$"

Progress = Callable[[int, int | None], None]


def read_list(path: str | os.PathLike[str], *, agreed: bool, progress: Progress | None = None) -> tuple[Any, str]:
    """The rows of a list, as a `pa.Table`, and the column that says whom they are about: `id`, or `hmac` in every row.

    Args:
        agreed: whether HMACs can be matched, under a key that was agreed.

    Raises:
        RecordError: a row is at fault.
    """
    table = unshown(TableReader([path], LIST, progress), LIST)
    hashed = len(table) - table.column("hmac").null_count
    if hashed and not agreed:
        raise RecordError(f"{path}: holds HMACs; name the agreement under whose key they were made; nothing was taken")
    column, other = ("hmac", "id") if hashed else ("id", "hmac")
    for name, wrong, said in (
        (column, pc.is_null(table.column(column)), "is empty"),
        (other, pc.is_valid(table.column(other)), f"is given besides {column!r}"),
    ):
        if pc.any(wrong, min_count=0).as_py():
            first = pc.index(wrong, pa.scalar(value=True)).as_py() + 1
            raise RecordError(f"{path}: row {first:,}: column {name!r} {said}; nothing was taken")
    return table, column


def hashes_of(path: str | os.PathLike[str], column: Any) -> NDArray[np.uint8]:
    """HMACs in hex as bytes, n × 32.

    Raises:
        RecordError: one is none.
    """
    if not pc.all(pc.match_substring_regex(column, HEX), min_count=0).as_py():
        raise RecordError(f"{path}: column 'hmac': {2 * SIZE} hex digits were expected in every row; nothing was taken")
    text = "".join(column.to_pylist())
    return np.frombuffer(bytes.fromhex(text), np.uint8).reshape(-1, SIZE)
