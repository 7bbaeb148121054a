"""Segments of a batch that is underway: each is written in a thread of its own while the next rows are looked up."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.record.home import Home
from goodstanding.record.ingest.fingerprints import Hashes
from goodstanding.record.ingest.known import Known
from goodstanding.record.ingest.runs import Entries, Found, Memory
from goodstanding.record.ingest.writing import remove_segment, write
from goodstanding.record.segments import Sealed

UNDERWAY: Final = b"underway"
"""Where an event stands whose segment is being written."""


@dataclass(slots=True)
class Rest:
    """What is to be written of some rows.

    Attributes:
        table: the rows, in any order; gone once they are being written.
        slots: of each row's person.
        ids, contents: the rows' hashes, ascending by id.
    """

    table: Any
    slots: NDArray[np.int64]
    ids: Hashes
    contents: Hashes


class Underway:
    """What is written of a batch, and what is known of it meanwhile.

    Args:
        recorded: the moment that stands in the segments.
    """

    def __init__(self, home: Home, known: Known, source: str, recorded: int) -> None:
        self._home, self._known = home, known
        self._source, self._recorded = source, recorded
        self._pool = ThreadPoolExecutor(1, "seal")
        self._writing: tuple[Future[Sealed], Memory] | None = None
        self.sealed: list[Sealed] = []

    def begin(self, rest: Rest) -> None:
        """Write a segment of some rows, once the one before is written."""
        self.settle()
        entries = Entries(rest.ids, rest.contents, np.zeros(len(rest.ids), np.uint32))
        given, slots = [rest.table], rest.slots
        rest.table = None
        future = self._pool.submit(write, self._home, self._source, self._recorded, given, slots)
        self._writing = future, Memory(entries, [UNDERWAY])

    def settle(self) -> None:
        """Wait until everything so far is written, and known by the segments that it is in."""
        if self._writing is None:
            return
        (future, memory), self._writing = self._writing, None
        sealed = future.result()
        self.sealed.append(sealed)
        pa.default_memory_pool().release_unused()  # or what one segment left free would lie beside the next one's
        self._known.add(memory.entries.ids, memory.entries.contents, sealed.root)

    def look_up(self, ids: Hashes, contents: Hashes, found: Found) -> None:
        """Add to what is found of some ascending hashes."""
        self._known.look_up(ids, contents, found)
        if self._writing is not None:
            self._writing[1].look_up(ids, contents, found)

    def undo(self) -> None:
        """Remove whatever was written."""
        with suppress(Exception):  # what went wrong is said already, where it went wrong first
            self.settle()
        self._known.drop()
        for sealed in self.sealed:
            remove_segment(self._home, sealed.root)

    def close(self) -> None:
        """Let the thread go."""
        self._pool.shutdown()
