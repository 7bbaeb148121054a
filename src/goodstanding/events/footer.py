"""Where the columns of a Parquet file lie, read from its footer by ourselves.

Arrow reads the footer too, and first. But it looks at what the footer says of a column only when asked, and where that
makes no sense (a compression that nobody knows, a histogram of the wrong size) it ends the whole process instead of
raising: so it is never asked. Names of fields: `FileMetaData` in parquet.thrift.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from goodstanding.events.thrift import INT32, INT64, LIST, STRUCT, DamagedError, Struct, number, read_struct, structs

TAIL = 8  # bytes: the footer's length, and four letters
CODECS = ("UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW")


class ChunkPlace(NamedTuple):
    """Where one column of one row group lies, how it is compressed and in which encodings."""

    begin: int
    length: int
    codec: str
    encodings: frozenset[int]


class Group(NamedTuple):
    """A row group: its rows, and its columns in the order of the schema."""

    rows: int
    columns: tuple[ChunkPlace, ...]


def read_footer(path: Path, columns: int) -> list[Group]:
    """The row groups of a file whose footer Arrow has accepted, each of so many columns.

    Raises:
        CutError, DamagedError: it makes no sense all the same.
    """
    with path.open("rb") as file:
        file.seek(-TAIL, os.SEEK_END)
        length = int.from_bytes(file.read(4), "little")
        file.seek(-TAIL - length, os.SEEK_END)
        footer, _ = read_struct(file.read(length))
    groups = [_group(group) for group in structs(footer, 4)]
    if any(len(group.columns) != columns for group in groups):
        raise DamagedError
    return groups


def _group(group: Struct) -> Group:
    return Group(number(group, 3, INT64), tuple(_place(chunk) for chunk in structs(group, 1)))


def _place(chunk: Struct) -> ChunkPlace:
    column = chunk.get((3, STRUCT))
    if column is None:
        raise DamagedError
    begin, dictionary = number(column, 9, INT64), column.get((11, INT64), 0)
    codec, length = number(column, 4, INT32), number(column, 7, INT64)
    if not 0 <= codec < len(CODECS) or length < 0 or begin < 0:
        raise DamagedError
    return ChunkPlace(dictionary if 0 < dictionary < begin else begin, length, CODECS[codec], _encodings(column))


def _encodings(column: Struct) -> frozenset[int]:
    items = column.get((2, LIST))
    if items is None or (items.values and items.kind != INT32):
        raise DamagedError
    return frozenset(items.values)
