"""The rows of a segment as arrays: of one source and batch, sorted by slot, time and id.

Grain: one row an event. Numbers that are null stand as NULL, moments of recording that are the segment's own as
UNRECORDED; strings that repeat are codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodstanding.book.coding import buffers
from goodstanding.book.columns import NULL, UNRECORDED
from goodstanding.record.moving import settled
from goodstanding.record.segments import loops

WORDS: Final = ("type", "label", "party", "matter", "replaces")
"""The columns of strings that repeat."""

NUMBERS: Final = ("slot", "time", "amount", "value", "recorded")

MOST_SLOT: Final = 2**32 - 1
NEAR: Final = 1 << 14
"""Different strings that still lie near when they are looked up in any order."""

LONGEST: Final = 2**16 - 1
"""Bytes of the longest string that can be packed; events' are shorter (specification section 1)."""


@dataclass(frozen=True, slots=True)
class Words:
    """A column of strings as codes; code 0 is null, code c the string data[starts[c - 1]:starts[c]].

    One string may have several codes.
    """

    codes: NDArray[np.uint32]
    data: NDArray[np.uint8]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, column: pa.Array | pa.ChunkedArray) -> Words:
        """The codes of an Arrow column of strings, plain or dictionary-coded, in one piece or several."""
        codes, dictionaries, before = [np.zeros(0, np.uint32)], [], 0
        for chunk in column.chunks if isinstance(column, pa.ChunkedArray) else [column]:
            coded = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
            part = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.uint32)
            part += 1  # null, which is the greatest number now, becomes 0
            np.add(part, before, out=part, where=part > 0)
            codes.append(part)
            dictionaries.append(coded.dictionary.cast(pa.large_string()))
            before += len(coded.dictionary)
        data, starts = buffers(pa.chunked_array(dictionaries, pa.large_string()).combine_chunks())
        return cls(settled(np.concatenate(codes)), settled(data), settled(starts))

    def take(self, rows: NDArray[np.int64]) -> Words:
        """The same strings for other rows."""
        taken = Words(settled(np.take(self.codes, rows)), self.data, self.starts)
        return taken._spelt() if self.starts.size > NEAR else taken

    def _spelt(self) -> Words:
        """Each row's string in its place: looked up in far memory once, and never again."""
        ends = np.empty(self.codes.size + 1, np.int64)
        loops.ends_of(self.codes, self.starts, ends)
        data = np.empty(int(ends[-1]), np.uint8)
        loops.spell(self.codes, self.data, self.starts, ends, data)
        codes = np.arange(1, ends.size, dtype=np.uint32)
        codes *= self.codes > 0
        return Words(settled(codes), settled(data), settled(ends))

    def strings(self) -> pa.LargeStringArray:
        """The string of each code, that of code 1 first."""
        return pa.LargeStringArray.from_buffers(
            self.starts.size - 1, pa.py_buffer(self.starts), pa.py_buffer(self.data)
        )


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in order.

    Attributes:
        id_data, id_starts: the bytes of all ids, by row; one bound more than rows.
    """

    slot: NDArray[np.uint32]
    time: NDArray[np.int64]
    amount: NDArray[np.int64]
    value: NDArray[np.int64]
    recorded: NDArray[np.int64]
    id_data: NDArray[np.uint8]
    id_starts: NDArray[np.int64]
    words: tuple[Words, ...]

    @classmethod
    def arranged(cls, events: Any, slot: NDArray[Any]) -> Rows:
        """Rows in order, from events in any.

        Args:
            events: a table or batch with the columns of `goodstanding.events` but `source` and `person`, of events
                whose ids all differ.
            slot: of each event's person.
        """
        assert len(slot) == events.num_rows
        assert not len(slot) or (slot.min() >= 0 and slot.max() <= MOST_SLOT)
        unsorted = cls.read(events, slot.astype(np.uint32))
        del events  # as large as what is made of it: where nobody else holds it, it goes now
        return unsorted.take(_order(unsorted))

    @classmethod
    def read(cls, table: Any, slot: NDArray[np.uint32]) -> Rows:
        """Rows in the order in which a table holds them."""
        id_data, id_starts = buffers(_one_piece(table.column("id")))
        words = tuple(Words.of(table.column(name)) for name in WORDS)
        assert max(_longest(starts) for starts in (id_starts, *(column.starts for column in words))) <= LONGEST
        return cls(
            slot=settled(slot),
            time=settled(_one_piece(table.column("time")).cast(pa.int64()).to_numpy(zero_copy_only=False)),
            amount=_numbers(table.column("amount"), NULL),
            value=_numbers(table.column("value"), NULL),
            recorded=_numbers(table.column("recorded"), UNRECORDED),
            id_data=settled(id_data),
            id_starts=settled(id_starts),
            words=words,
        )

    def __len__(self) -> int:
        """How many."""
        return self.slot.size

    def take(self, rows: NDArray[np.int64]) -> Rows:
        """Some of these rows, or all in another order."""
        ends = np.zeros(rows.size + 1, np.int64)
        np.cumsum(np.take(np.diff(self.id_starts), rows), out=ends[1:])
        ids = np.empty(int(ends[-1]), np.uint8)
        loops.gather(self.id_data, self.id_starts, rows, ends, ids)
        taken = {name: settled(np.take(getattr(self, name), rows)) for name in NUMBERS}
        words = tuple(words.take(rows) for words in self.words)
        return Rows(**taken, id_data=settled(ids), id_starts=settled(ends), words=words)

    def firsts(self) -> NDArray[np.int64]:
        """Where each person's rows begin, and where the last one's end."""
        begins = np.flatnonzero(np.diff(self.slot, prepend=np.int64(-1)))
        return np.append(begins, len(self)).astype(np.int64)

    def first_fault(self) -> int | None:
        """The first row that is not in its place; None where all are in order and no two are one event."""
        row = int(loops.out_of_order(self.slot, self.time, self.id_data, self.id_starts))
        return None if row < 0 else row


def _order(rows: Rows) -> NDArray[np.int64]:
    """The order of rows by slot, time and id."""
    order = np.arange(len(rows), dtype=np.uint32)
    spare = np.empty_like(order)
    counts = np.empty(1 << loops.DIGIT, np.int64)
    for shift in range(0, int(rows.slot.max(initial=0)).bit_length(), loops.DIGIT):
        loops.count_by(rows.slot, shift, order, spare, counts)
        order, spare = spare, order
    slot, moments = rows.slot[order], rows.time[order]
    loops.sort_within(slot, order, spare, moments, rows.time, rows.id_data, rows.id_starts)
    return order.astype(np.int64)


def _one_piece(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _numbers(column: pa.Array | pa.ChunkedArray, null: np.int64) -> NDArray[np.int64]:
    whole = _one_piece(column)
    if whole.null_count:
        whole = pc.fill_null(whole.cast(pa.int64()), int(null))
    return settled(whole.to_numpy(zero_copy_only=False))


def _longest(starts: NDArray[np.int64]) -> int:
    return int(np.diff(starts).max(initial=0))
