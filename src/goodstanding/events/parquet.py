"""Parquet, row group by row group, in bounded memory whatever the file says of itself.

Strings that repeat (source, type, label, party, matter, replaces) are read as codes, so that only dictionaries are
checked; `id` and `person` are read as they are. Before a row group is decoded, the headers of its pages tell what that
will take: a file that decodes to more than 250 times its size and 64 MiB is refused by name. The delta encodings can
promise more than their pages' sizes tell, so a file that has them is read under a ceiling on memory (see `memory`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from goodstanding.events.faults import RefusedError, Said
from goodstanding.events.footer import Group, read_footer
from goodstanding.events.kinds import Text
from goodstanding.events.memory import ceiling
from goodstanding.events.pages import DELTA_ENCODINGS, Chunk, survey
from goodstanding.events.rows import Rows
from goodstanding.events.schema import Shape, world_of
from goodstanding.events.thrift import CutError, DamagedError

BATCH_ROWS = 1 << 19
GUARDED_ROWS = 1 << 16
BATCH_TEXT = 64 << 20  # bytes of strings of one column in one batch
MOST_PAGES = 128 << 20  # bytes of pages open at the same time, unless the file itself is larger
MOST_TIMES, ALWAYS = 250, 64 << 20
READ_AHEAD = 1 << 20
# What Arrow raises on damage; ValueError where a name is not UTF-8.
UNREADABLE = (pa.ArrowException, OSError, ValueError, CutError, DamagedError)
MOST_ELEMENTS = 200_000  # row groups, columns, schema elements in a footer


@dataclass(slots=True)
class ParquetFile:
    """An opened Parquet file: footer read, nothing decoded.

    Attributes:
        is_guarded: it may need more memory than its page headers tell, since it has delta encodings.

    Raises:
        RefusedError: it is not Parquet, it is damaged, or `goodstanding.world` is neither live nor synthetic.
    """

    path: Path
    shape: Shape
    size: int = field(init=False)
    metadata: Any = field(init=False)
    schema: Any = field(init=False)
    groups: list[Group] = field(init=False)
    world: str | None = field(init=False)
    is_guarded: bool = field(init=False)
    decoded: int = field(default=0, init=False)
    _places: dict[str, int] = field(init=False)
    _faults: list[Said] = field(init=False)

    def __post_init__(self) -> None:
        self.size = self.path.stat().st_size
        try:
            with ceiling(self.size), closing(self._open([])) as file:
                self.metadata, self.schema = file.metadata, file.schema_arrow
                paths = {self.metadata.schema.column(place).path: place for place in range(self.metadata.num_columns)}
                self.groups = read_footer(self.path, self.metadata.num_columns)
                self._places = {name: paths[name] for name in self.shape.names if name in paths}
                self.is_guarded = self._has_delta_encodings()
                self._faults = self.shape.typed_faults(self.schema)
        except (*UNREADABLE, MemoryError) as error:
            raise RefusedError(f"not readable as Parquet ({said_error(error)})", "a whole Parquet file") from error
        self.world = world_of(self.metadata.metadata)

    @property
    def row_count(self) -> int:
        """How many rows the file says it has."""
        return int(self.metadata.num_rows)

    def _has_delta_encodings(self) -> bool:
        """Whether it may need more memory than its page headers tell."""
        columns = (group.columns[place] for group in self.groups for place in self._places.values())
        return any(not DELTA_ENCODINGS.isdisjoint(column.encodings) for column in columns)

    def header_faults(self) -> list[Said]:
        """What is wrong with the columns' names and types."""
        return self._faults

    def rows(self) -> Iterator[Rows]:
        """The rows, in batches of at most half a million."""
        first_row = 1
        with self.path.open("rb") as raw, closing(self._open(self._coded())) as file:
            for group in range(len(self.groups)):
                try:
                    for batch in self._batches(file, group, raw.fileno()):
                        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
                        yield Rows(len(batch), columns, np.arange(first_row, first_row + len(batch)))
                        first_row += len(batch)
                except RefusedError as error:
                    raise _in_group(group, error.said.found, error.said.expected) from error
                except UNREADABLE as error:
                    raise _in_group(group, said_error(error), "a whole Parquet file") from error

    def _batches(self, file: Any, group: int, raw: int) -> Iterator[Any]:
        """The batches of one row group; none where it says it has no rows, whose pages need not be in order."""
        if self.groups[group].rows == 0:
            return
        size, threads = self._batch_rows(group, raw), not self.is_guarded
        plain = [name for name in self._places if name not in self._coded()]
        for batch in file.iter_batches(size, row_groups=[group], columns=list(self._places), use_threads=threads):
            self._count(sum(batch.column(name).nbytes for name in plain))
            yield batch

    def _open(self, coded: list[str]) -> Any:
        return parquet.ParquetFile(
            self.path,
            read_dictionary=coded,
            buffer_size=READ_AHEAD,
            thrift_container_size_limit=MOST_ELEMENTS,
            page_checksum_verification=True,
        )

    def _coded(self) -> list[str]:
        return [column.name for column in self.shape.columns if column.encoded and column.name in self._places]

    def _batch_rows(self, group: int, raw: int) -> int:
        """How many rows of a row group to decode at once.

        Raises:
            RefusedError: the row group would take too much memory.
        """
        chunks = [self._survey(group, name, raw) for name in self._places]
        rows = self.groups[group].rows
        widths = sum(
            4 if isinstance(column.kind, Text) else 8 for column in self.shape.columns if column.name in self._places
        )
        self._count(sum(chunk.decompressed for chunk in chunks) + rows * widths)
        pages = sum(chunk.largest + chunk.dictionary for chunk in chunks)
        if pages > max(MOST_PAGES, self.size):
            raise RefusedError(
                f"pages of {pages >> 20} MiB", f"pages of at most {MOST_PAGES >> 20} MiB in all columns together"
            )
        longest = max(chunk.longest for chunk in chunks)
        return max(1, min(GUARDED_ROWS if self.is_guarded else BATCH_ROWS, BATCH_TEXT // (longest + 4)))

    def _survey(self, group: int, name: str, raw: int) -> Chunk:
        rows, place = self.groups[group].rows, self.groups[group].columns[self._places[name]]
        plain = {each.name for each in self.shape.columns if each.plain}
        chunk = survey(raw, place, of_strings=name in plain)
        if chunk.values != rows:
            raise RefusedError(f"{chunk.values} values of {name} in {rows} rows", "a whole Parquet file")
        if (chunk.encodings & DELTA_ENCODINGS) - place.encodings:
            raise RefusedError(f"pages of {name} in an encoding that the footer does not name", "a whole Parquet file")
        return chunk

    def _count(self, decoded: int) -> None:
        self.decoded += decoded
        refuse_bomb(self.decoded, self.size)


def refuse_bomb(decoded: int, size: int) -> None:
    """Refuse a file that decodes to far more than it is.

    Raises:
        RefusedError: it decodes to more than 250 times its size and 64 MiB.
    """
    if decoded > MOST_TIMES * size + ALWAYS:
        raise RefusedError(
            f"{size} bytes that decode to {decoded} or more",
            f"at most {MOST_TIMES} times the size of the file and {ALWAYS >> 20} MiB",
        )


def said_error(error: BaseException) -> str:
    """An error of Arrow's, or of what we read ourselves, on one line."""
    if isinstance(error, CutError | DamagedError):
        return "its footer or a page header is damaged"
    if isinstance(error, MemoryError):
        return "it needs more memory than a file of its size may"
    return " ".join(str(error).split())[:200]


def _in_group(group: int, found: str, expected: str) -> RefusedError:
    return RefusedError(f"row group {group + 1}: {found}", expected)
