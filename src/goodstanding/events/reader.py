"""Reading events: files of any format, one after the other, checked, as one stream of Arrow batches."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from goodstanding.events.delimited import CsvFile
from goodstanding.events.faults import FaultLog, Numbers, RefusedError, Said
from goodstanding.events.ipc import ArrowFile
from goodstanding.events.jsonlines import JsonLinesFile
from goodstanding.events.memory import ceiling
from goodstanding.events.parquet import ParquetFile, said_error
from goodstanding.events.rows import Checked, Rows, check
from goodstanding.events.schema import EVENT, Shape

Item = TypeVar("Item")
Progress = Callable[[int, int | None], None]

AHEAD = 2
"""Stretches of rows that are read before they are asked for: a long one then keeps nobody waiting."""


class Source(Protocol):
    """One opened file, of whatever format."""

    path: Path
    shape: Shape

    @property
    def world(self) -> str | None:
        """The world that the file declares, if it does."""

    @property
    def row_count(self) -> int | None:
        """How many rows it has, where it says so beforehand."""

    @property
    def is_guarded(self) -> bool:
        """Whether it is to be read under a ceiling on memory, and so not ahead of its use."""

    def header_faults(self) -> list[Said]:
        """What is wrong with the columns' names and types."""

    def rows(self) -> Iterator[Rows]:
        """The rows, in stretches of bounded size."""


FORMATS: dict[str, Callable[[Path, Shape], Source]] = {
    ".arrow": ArrowFile,
    ".csv": CsvFile,
    ".feather": ArrowFile,
    ".json": JsonLinesFile,
    ".jsonl": JsonLinesFile,
    ".ndjson": JsonLinesFile,
    ".parquet": ParquetFile,
}


class _Origin(NamedTuple):
    """Where a stretch of rows came from; lines are kept one by one only where some were left out between them."""

    first: int
    path: Path
    lines: int | Numbers

    @classmethod
    def of(cls, first: int, path: Path, lines: Numbers) -> _Origin:
        """Note a stretch whose first row is row `first` of all."""
        in_a_row = lines.size == 0 or lines[-1] - lines[0] + 1 == lines.size
        return cls(first, path, int(lines[0]) if lines.size and in_a_row else lines)

    def line(self, row: int) -> int:
        """The line of one row."""
        at = row - self.first
        return self.lines + at if isinstance(self.lines, int) else int(self.lines[at])


class TableReader:
    """A stream of checked batches from several files of one shape; a file given twice is read once.

    Iterating yields record batches of `shape.schema`. After the first fault nothing more is yielded, but all files are
    read to their end, so that every fault is counted; then `EventsError` is raised. Whoever takes the batches must
    not make anything of them that lasts before the stream has ended: nothing of a faulty file is taken.
    """

    def __init__(self, paths: Iterable[str | os.PathLike[str]], shape: Shape, progress: Progress | None = None) -> None:
        self.faults = FaultLog()
        self.rows = 0
        self.worlds: dict[Path, str | None] = {}
        self._progress = progress
        self._origins: list[_Origin] = []
        unique = {os.path.realpath(path): Path(path) for path in paths}
        self._sources = [source for path in unique.values() if (source := self._open(path, shape))]
        counts = [source.row_count for source in self._sources]
        self.total = None if None in counts else sum(count for count in counts if count is not None)

    def __iter__(self) -> Iterator[Any]:
        """Yield the batches.

        Raises:
            EventsError: any file is at fault.
        """
        for source in self._sources:
            for checked in self._checked(source):
                self.faults.take(source.path, checked.findings)
                if self.faults:
                    continue
                self._origins.append(_Origin.of(self.rows, source.path, checked.lines))
                self.rows += len(checked.batch)
                if self._progress:
                    self._progress(self.rows, self.total)
                yield checked.batch
        self.faults.raise_any()

    def place(self, row: int) -> tuple[str, int]:
        """The file and the line (in typed files the row) of a row, counted through all that was yielded from 0."""
        origin = self._origins[bisect_right(self._origins, row, key=lambda one: one.first) - 1]
        return str(origin.path), origin.line(row)

    def _open(self, path: Path, shape: Shape) -> Source | None:
        """Open a file, and note its world; None, and a fault, where it cannot be."""
        try:
            source = open_source(path, shape)
            faults = source.header_faults()
        except RefusedError as error:
            self.faults.add(path, error.said)
            return None
        for said in faults:
            self.faults.add(path, said)
        self.worlds[path] = source.world
        return None if faults else source

    def _checked(self, source: Source) -> Iterator[Checked]:
        batches = (check(source.shape, rows) for rows in source.rows())
        kept = _guarded(batches, source.path.stat().st_size) if source.is_guarded else _ahead(batches)
        try:
            yield from kept
        except RefusedError as error:
            self.faults.stop(source.path, error.said)
        except (MemoryError, OSError) as error:
            self.faults.stop(source.path, Said(f"not readable ({said_error(error)})", "a whole file of its size"))


def read_events(
    paths: Sequence[str | os.PathLike[str]] | str | os.PathLike[str], *, progress: Progress | None = None
) -> TableReader:
    """Read events from files, by their ending: Parquet, Arrow, CSV, JSON Lines (or CloudEvents).

    Nothing is decoded before the stream is iterated; what the files declare of their world is known at once.

    Args:
        paths: one, or several.
        progress: told rows read and rows in all (None where files do not say) after each batch.
    """
    return TableReader([paths] if isinstance(paths, str | os.PathLike) else paths, EVENT, progress)


def open_source(path: Path, shape: Shape) -> Source:
    """Open one file by its ending.

    Raises:
        RefusedError: there is no such file, its ending is unknown, or it cannot be opened.
    """
    opener = FORMATS.get(path.suffix.lower())
    if path.is_dir():
        raise RefusedError("a folder", "a file")
    if not path.exists():
        raise RefusedError("no such file", "a file of events, people or ties")
    if opener is None:
        raise RefusedError(f"a file that ends in {path.suffix!r}", f"one of {', '.join(FORMATS)}")
    try:
        return opener(path, shape)
    except OSError as error:
        raise RefusedError(f"not readable ({error.strerror})", "a file that may be read") from error


def _ahead(items: Iterator[Item]) -> Iterator[Item]:
    """Work out the next items in a thread of its own, while the last one is in use."""
    end: Any = object()
    with ThreadPoolExecutor(1, "read-ahead") as pool:
        futures = deque(pool.submit(next, items, end) for _ in range(AHEAD))
        while (item := futures.popleft().result()) is not end:
            futures.append(pool.submit(next, items, end))
            yield item


def _guarded(items: Iterator[Item], size: int) -> Iterator[Item]:
    """Work out each item under a ceiling on memory, which does not stand while an item is in use."""
    end: Any = object()
    while True:
        with ceiling(size):
            item = next(items, end)
        if item is end:
            return
        yield item
