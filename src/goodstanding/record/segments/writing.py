"""Writing a segment: leaves in one thread, Parquet in another, then both files, each whole or not at all.

Equal rows and an equal nonce give equal bytes, in whatever order and pieces the rows came: strings that repeat are
numbered in their own order, row group by row group. The ledger's entry is what commits; files that no entry names are
swept away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import parquet

from goodstanding.book.columns import NULL, UNRECORDED
from goodstanding.record.disk import Disk
from goodstanding.record.segments import loops
from goodstanding.record.segments.form import GROUP_ROWS, MOST_ROWS, NOTES, SCHEMA, Group, Meta, Notes, Sealed
from goodstanding.record.segments.leaves import KeysOf, Leaves, leaves_of
from goodstanding.record.segments.rows import WORDS, Rows, Words

FEW: Final = 4_096
"""Different strings of a column that are still written as a dictionary; others would repeat it in each row group."""

OPTIONS: Final = {
    "compression": "zstd",
    "compression_level": 1,
    "write_statistics": ["slot", "time"],
    "write_page_checksum": True,
    "store_schema": False,
    "column_encoding": {  # in half the room of plain numbers, and faster, as there is less to compress
        "slot": "DELTA_BINARY_PACKED",
        "amount": "BYTE_STREAM_SPLIT",
        "value": "BYTE_STREAM_SPLIT",
    },
    "data_page_size": 1 << 22,
    "dictionary_pagesize_limit": 1 << 22,
}

PARQUET, LEAVES = ".parquet", ".leaves"


def write_segment(disk: Disk, folder: Path, rows: Rows, keys_of: KeysOf, meta: Meta) -> Sealed:
    """Write the two files of a segment; they are on the disk when this returns.

    Args:
        keys_of: of everybody who has rows, none of them erased.

    Raises:
        OSError: as the disk does.
    """
    assert 0 < len(rows) <= MOST_ROWS
    assert rows.first_fault() is None
    with ThreadPoolExecutor(1) as pool:
        hashing = pool.submit(_rooted, rows, keys_of, meta.nonce)
        file = File(rows, meta)
        leaves, root = hashing.result()
    disk.write(path_of(folder, root, LEAVES), [leaves.to_bytes()])
    disk.write(path_of(folder, root, PARQUET), file.pieces)
    return Sealed(
        root=root,
        digest=file.digest,
        rows=len(rows),
        people=leaves.slots.size,
        bytes=file.size,
        first=int(rows.time.min()),
        last=int(rows.time.max()),
        nonce=meta.nonce,
    )


def path_of(folder: Path, root: bytes, ending: str) -> Path:
    """The file of a segment."""
    return folder / f"{root.hex()}{ending}"


def files_of(folder: Path, root: bytes) -> tuple[Path, Path]:
    """Both files of a segment."""
    return path_of(folder, root, PARQUET), path_of(folder, root, LEAVES)


def _rooted(rows: Rows, keys_of: KeysOf, nonce: bytes) -> tuple[Leaves, bytes]:
    leaves = leaves_of(rows, keys_of, nonce)
    return leaves, leaves.root()


def slots_sum(slots: NDArray[np.uint32]) -> str:
    """The sum over the slots of all leaves, as the notes hold it."""
    return hashlib.sha256(slots.astype("<u4").tobytes()).hexdigest()


class _Sink:
    """Where Parquet writes: keeps the pieces, and sums them up, each row group by itself and all together."""

    closed = False

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.size = 0
        self.whole = hashlib.sha256()
        self.group = hashlib.sha256()

    def write(self, piece: bytes) -> int:
        """Take a piece in."""
        kept = bytes(piece)
        self.pieces.append(kept)
        self.size += len(kept)
        self.whole.update(kept)
        self.group.update(kept)
        return len(kept)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is held open."""


class File:
    """The Parquet file of a segment, as pieces of bytes.

    Args:
        slots: those of the leaves; by default those of the rows, which are the same until somebody is erased.
    """

    def __init__(self, rows: Rows, meta: Meta, slots: str | None = None) -> None:
        sink = _Sink()
        people = slots_sum(rows.slot[rows.firsts()[:-1]]) if slots is None else slots
        columns = {name: _Column(words) for name, words in zip(WORDS, rows.words, strict=True)}
        few = [name for name, column in columns.items() if column.ranks is not None]
        schema = _coded(few)
        with parquet.ParquetWriter(pa.PythonFile(sink, "w"), schema, use_dictionary=few, **OPTIONS) as writer:
            groups = tuple(_write_groups(writer, sink, rows, columns))
            writer.add_key_value_metadata({NOTES: Notes(meta, people, groups).to_bytes()})
        self.pieces = sink.pieces
        self.size = sink.size
        self.digest = sink.whole.digest()


def _coded(few: list[str]) -> Any:
    """The schema in which rows are handed to Parquet: some columns as codes, which no reader of the file sees."""
    codes = pa.dictionary(pa.int32(), pa.string())
    return pa.schema([field.with_type(codes) if field.name in few else field for field in SCHEMA])


def _write_groups(writer: Any, sink: _Sink, rows: Rows, columns: dict[str, _Column]) -> Iterator[Group]:
    for first in range(0, len(rows), GROUP_ROWS):
        last = min(first + GROUP_ROWS, len(rows))
        start, sink.group = sink.size, hashlib.sha256()
        arrays = _arrays(rows, columns, first, last)
        writer.write_table(pa.Table.from_arrays(arrays, schema=writer.schema), last - first)
        ends = int(rows.slot[first]), int(rows.slot[last - 1])
        yield Group(start, sink.size, last - first, *ends, sink.group.hexdigest())


def _arrays(rows: Rows, columns: dict[str, _Column], first: int, last: int) -> list[pa.Array]:
    ids = pa.LargeStringArray.from_buffers(
        last - first, pa.py_buffer(rows.id_starts[first : last + 1]), pa.py_buffer(rows.id_data)
    )
    arrays = {
        "slot": pa.array(rows.slot[first:last]),
        "id": ids.cast(pa.string()),
        "time": pa.array(rows.time[first:last]),
        "amount": _numbers(rows.amount[first:last], NULL),
        "value": _numbers(rows.value[first:last], NULL),
        "recorded": _numbers(rows.recorded[first:last], UNRECORDED),
        **{name: column.part(first, last) for name, column in columns.items()},
    }
    return [arrays[name] for name in SCHEMA.names]


def _numbers(column: NDArray[np.int64], null: np.int64) -> pa.Array:
    missing = column == null
    return pa.array(column, mask=missing if missing.any() else None)


class _Column:
    """A column of strings on its way into Parquet.

    Attributes:
        ranks: by code, the place of its string among those that occur, in their own order, -1 for null; None: there are
            too many different ones.
    """

    def __init__(self, words: Words) -> None:
        self.words = words
        self.ranks: NDArray[np.int32] | None = None
        marks = np.zeros(words.starts.size, np.uint8)
        loops.used(words.codes, marks)
        occurring = np.flatnonzero(marks[1:])
        different = _different(words.strings(), occurring)
        self.is_empty = not occurring.size
        if 0 < len(different) <= FEW:
            self.strings = different.take(pc.sort_indices(different))
            self.ranks = np.full(marks.size, -1, np.int32)
            strings = words.strings().take(pa.array(occurring))
            self.ranks[1 + occurring] = pc.index_in(strings, self.strings).to_numpy()

    def part(self, first: int, last: int) -> pa.Array:
        """Some rows as Parquet takes them."""
        codes = self.words.codes[first:last]
        if self.is_empty:
            return pa.nulls(last - first, pa.string())
        if self.ranks is None:
            return _plain(self.words, codes)
        order, numbers = np.empty(len(self.strings), np.int64), np.empty(codes.size, np.int32)
        many = loops.narrow(codes, self.ranks, order, numbers)
        indices = pa.array(numbers, mask=numbers < 0)
        return pa.DictionaryArray.from_arrays(indices, self.strings.take(pa.array(order[:many])).cast(pa.string()))


def _different(strings: pa.LargeStringArray, occurring: NDArray[np.int64]) -> pa.LargeStringArray:
    """The different ones of those strings that occur; where they are more than few, perhaps not all."""
    found = strings[:0]
    for first in range(0, occurring.size, 4 * FEW):
        part = strings.take(pa.array(occurring[first : first + 4 * FEW]))
        found = pc.unique(pa.concat_arrays([found, part]))
        if len(found) > FEW:
            break
    return found


def _plain(words: Words, codes: NDArray[np.uint32]) -> pa.Array:
    ends = np.empty(codes.size + 1, np.int32)
    loops.ends_of(codes, words.starts, ends)
    data = np.empty(int(ends[-1]), np.uint8)
    loops.spell(codes, words.data, words.starts, ends, data)
    given = pa.py_buffer(np.packbits(codes != 0, bitorder="little"))
    return pa.StringArray.from_buffers(codes.size, pa.py_buffer(ends), pa.py_buffer(data), given)
