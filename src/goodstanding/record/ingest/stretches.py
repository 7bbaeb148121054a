"""Events as they come from files, in stretches of as many rows as go into one segment, checked row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.events import EventReader
from goodstanding.record.home import Home
from goodstanding.record.ingest.checks import Checks, Codes
from goodstanding.record.ingest.fingerprints import Fingerprints, Hasher
from goodstanding.record.segments import MOST_ROWS

STRETCH_ROWS: Final = MOST_ROWS


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows that follow each other.

    Attributes:
        first: the number of the first row, counted from 0 through all that is sent.
        doubts: by row, why it would be held back.
    """

    first: int
    batches: list[Any]
    prints: Fingerprints
    doubts: Codes

    def __len__(self) -> int:
        return len(self.prints)

    def given_up(self, taken: Any) -> Any:
        """The rows that are taken, as one table; afterwards nothing else is to be asked of the stretch."""
        whole = pa.Table.from_batches(self.batches)
        self.batches.clear()
        return whole if taken.all() else whole.filter(pa.array(taken))

    def people(self) -> Any:
        """Everybody's public id, by row."""
        return pa.concat_arrays([batch.column("person") for batch in self.batches])

    def event(self, row: int) -> dict[str, Any]:
        """One row as a dictionary, moments in microseconds since 1970."""
        for batch in self.batches:
            if row < len(batch):
                return dict(batch.slice(row, 1).to_pylist()[0])
            row -= len(batch)
        raise AssertionError("a row beyond the last")


@dataclass(frozen=True, slots=True)
class _Part:
    batch: Any
    prints: Fingerprints
    doubts: Codes


def stretches(reader: EventReader, checks: Checks, hasher: Hasher, source: str) -> Iterator[Stretch]:
    """All rows of a reader; after the first fault it reads on, to count, and yields no more.

    Raises:
        EventsError: any file is at fault.
    """
    parts: list[_Part] = []
    first = read = 0
    for batch in reader:
        for piece in _pieces(batch):
            faults, count = checks.faults(piece)
            for row, said in faults:
                file, line = reader.place(read + row)
                reader.faults.add(Path(file), said, line)
            reader.faults.count += count - len(faults)
            read += len(piece)
            if reader.faults:
                continue
            if read - first > STRETCH_ROWS:
                yield _joined(first, parts)
                first = read - len(piece)
            parts.append(_part(piece, checks, hasher, source))
    if parts:
        yield _joined(first, parts)


def _pieces(batch: Any) -> Iterator[Any]:
    for at in range(0, len(batch), STRETCH_ROWS):
        yield batch.slice(at, STRETCH_ROWS)


def _part(batch: Any, checks: Checks, hasher: Hasher, source: str) -> _Part:
    people = hasher.people(batch.column("person"))
    return _Part(batch, hasher.rows(source, batch, people), checks.doubts(batch, people))


def _joined(first: int, parts: list[_Part]) -> Stretch:
    """The parts as one; the list is emptied, so that nobody holds rows longer than whoever gets them."""
    batches, prints, doubts = zip(*((part.batch, part.prints, part.doubts) for part in parts), strict=True)
    parts.clear()
    return Stretch(first, list(batches), Fingerprints.joined(prints), np.concatenate(doubts))


def single_stretch(batch: Any, checks: Checks, hasher: Hasher, source: str) -> Stretch:
    """A few events that were checked for faults already."""
    return _joined(0, [_part(batch, checks, hasher, source)])


def erased_among(home: Home, stretch: Stretch, slots: NDArray[np.int64]) -> NDArray[np.bool_]:
    """By row: whether it is about somebody who was erased, and so has no slot."""
    erased = np.zeros(len(stretch), np.bool_)
    unknown = np.flatnonzero(slots < 0)
    if unknown.size and len(home.vault.tombstones):
        coded = stretch.people().take(pa.array(unknown)).dictionary_encode()
        erased[unknown] = home.vault.tombstones.among(coded.dictionary.to_pylist())[coded.indices.to_numpy()]
    return erased
