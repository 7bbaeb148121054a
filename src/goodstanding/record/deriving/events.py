"""The events of a home that came since its ledger had some size, as batches of which a book is built."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from goodstanding.events import EVENT_SCHEMA
from goodstanding.record.home import SEGMENTS, Home
from goodstanding.record.ledger import Entry
from goodstanding.record.ledger.entries.events import EventsSealed, SegmentSealed
from goodstanding.record.ledger.entry import of_row
from goodstanding.record.ledger.ledger import in_chunks
from goodstanding.record.segments import PARQUET, path_of, unpack
from goodstanding.record.segments.reading import Content
from goodstanding.record.store import entry, single

AHEAD: Final = 2
"""Segments that are read before they are asked for."""

ERASED: Final = "person.erased"
TAKEN_UP: Final = EventsSealed.KIND
TELLING: Final = (SegmentSealed.KIND, TAKEN_UP, ERASED)
"""The kinds of entry that are looked at; single events themselves say which entry took them."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some events that lie together.

    Attributes:
        rows: how many there are, at most.
        read: gives them, in the schema of `goodstanding.events`.
    """

    rows: int
    read: Callable[[], Any]


@dataclass(slots=True)
class News:
    """What came since.

    Attributes:
        last: the last entry of the ledger then; None: nothing came.
        erased: slots of people who were erased since.
    """

    parts: list[Part] = field(default_factory=list)
    erased: list[int] = field(default_factory=list)
    last: Entry | None = None

    def pieces(self, most: int) -> list[Piece]:
        """All events in pieces of not many more than so many."""
        pieces: list[list[Part]] = []
        room = 0
        for part in self.parts:
            if part.rows > room:
                pieces.append([])
                room = most
            pieces[-1].append(part)
            room -= part.rows
        return [Piece(parts) for parts in pieces]


class Piece:
    """Parts that go into one book, read a little ahead of whoever takes them."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.total = sum(part.rows for part in parts)

    def __iter__(self) -> Iterator[Any]:
        with ThreadPoolExecutor(AHEAD) as pool:
            reading = [pool.submit(part.read) for part in self.parts[:AHEAD]]
            for part in [*self.parts[AHEAD:], *[None] * len(reading)]:
                batch = reading.pop(0).result()
                if part is not None:
                    reading.append(pool.submit(part.read))
                yield batch


def news_since(home: Home, size: int, recorded: int, without: frozenset[str] = frozenset()) -> News:
    """The events that entries from a number on speak of, as they are at one moment.

    Args:
        recorded: when the last entry before them reached the record: single events that a segment took up from before
            then are known already.
        without: roots of segments to leave out.
    """
    news = News()
    with home.store.reading() as connection:  # one moment: what is sealed meanwhile lies here or there, and not nowhere
        last = select(entry).order_by(entry.c.seq.desc()).limit(1)
        news.last = next((one for one in map(of_row, connection.execute(last)) if one.seq >= size), None)
        told = select(entry).where(entry.c.kind.in_(TELLING)).order_by(entry.c.seq)
        taken_up = {one.read(EventsSealed).root for one in in_chunks(connection, told, size) if one.kind == TAKEN_UP}
        for one in in_chunks(connection, told, size):
            if one.kind == SegmentSealed.KIND:
                said = one.read(SegmentSealed)
                if said.root not in without:
                    since = recorded if said.root in taken_up else None
                    news.parts.append(Part(said.rows, partial(_segment, home, one.source, said.root, since)))
            elif one.kind == ERASED:
                news.erased.append(int(one.body["slot"]))
        news.parts += _singles(home, connection, size)
    return news


def _segment(home: Home, source: str, root: str, since: int | None) -> Any:
    """The events of a segment, or those of them that were recorded since."""
    content = Content.of(path_of(home.folder / SEGMENTS, bytes.fromhex(root), PARQUET))
    table = content.table()
    recorded = pc.fill_null(table.column("recorded"), content.notes.meta.recorded)
    table = table.set_column(table.column_names.index("recorded"), "recorded", recorded)
    if since is not None:
        table = table.filter(pc.greater(table.column("recorded"), since))
    return _batch(home, table.append_column("source", [_same(source, len(table))]))


def _singles(home: Home, connection: Connection, size: int) -> Iterator[Part]:
    """The single events that came since and lie in no segment yet; those of erased people are gone."""
    rows = connection.execute(select(single).where(single.c.seq >= size).order_by(single.c.seq, single.c.row)).all()
    if rows:
        events = [
            next(unpack(row.packed)) | {"slot": row.slot, "source": row.source, "recorded": row.recorded}
            for row in rows
        ]
        yield Part(len(events), lambda: _batch(home, pa.Table.from_pylist(events, schema=SINGLES)))


def _plain(kind: Any) -> Any:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


SINGLES: Final = pa.schema(
    [
        pa.field("slot", pa.uint32()),
        *(pa.field(one.name, _plain(one.type)) for one in EVENT_SCHEMA if one.name != "person"),
    ]
)


def _batch(home: Home, table: Any) -> Any:
    """Events as a book takes them: people by name, in place of their slots, and without those who are erased."""
    slots, indices = np.unique(table.column("slot").to_numpy(), return_inverse=True)
    keys = home.people.keys_of(slots.astype(np.uint32))
    here: NDArray[np.bool_] = np.asarray(keys.any(axis=1))
    if not here.all():
        table = table.filter(pa.array(here[indices]))
        return _batch(home, table)
    people = pa.DictionaryArray.from_arrays(pa.array(indices.astype(np.int32)), home.people.ids(slots))
    columns = {name: table.column(name).combine_chunks() for name in EVENT_SCHEMA.names if name != "person"}
    return pa.RecordBatch.from_pydict({**columns, "person": people})


def _same(word: str, many: int) -> Any:
    """One word for many rows."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(many, np.int32)), pa.array([word], pa.string()))
