"""What decoding a Parquet column will take, read from its page headers before anything is decoded.

The file's footer may say anything of sizes (tests/faults makes files of a few hundred bytes whose footer owns to 100
bytes a column, and whose pages decode to gigabytes); the headers of the pages are what the decoder itself goes by:
https://parquet.apache.org/docs/file-format/ and the `PageHeader` of parquet.thrift.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from goodstanding.events.footer import ChunkPlace
from goodstanding.events.thrift import INT32, STRUCT, CutError, DamagedError, Struct, number, read_struct

HEADER = 1 << 9
LONGEST_HEADER = 1 << 20  # headers carry the least and greatest value of a page, which may be long
OPENED = 64 << 20
DICTIONARY_PAGE, DATA_PAGE_V2 = 2, 3
DELTA_ENCODINGS = frozenset({5, 6, 7})  # DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY


@dataclass(slots=True)
class Chunk:
    """One column of one row group.

    Attributes:
        decompressed: bytes of all its pages.
        largest, dictionary: bytes of its largest data page, and of its dictionary.
        values: how many its data pages hold, nulls among them.
        longest: the longest string in its dictionary, in bytes.
    """

    decompressed: int = 0
    largest: int = 0
    dictionary: int = 0
    longest: int = 0
    values: int = 0
    encodings: set[int] = field(default_factory=set)


def survey(file: int, place: ChunkPlace, *, of_strings: bool) -> Chunk:
    """Go through the page headers of one column chunk.

    Args:
        file: a descriptor to read from.
        of_strings: look into the dictionary for its longest string.

    Raises:
        DamagedError: the headers cannot be read.
    """
    chunk = Chunk()
    at, end = place.begin, place.begin + place.length
    while at < end:
        header, size = _header(file, at)
        compressed, decompressed = _sizes(header)
        chunk.decompressed += decompressed
        if number(header, 1, INT32) == DICTIONARY_PAGE:
            chunk.dictionary = decompressed
            if of_strings:  # a dictionary that is too large is refused for that, there is no need to open it
                page = os.pread(file, compressed if decompressed <= OPENED else 0, at + size)
                chunk.longest = _longest(page, decompressed, place.codec) if page else decompressed
        else:
            chunk.largest = max(chunk.largest, decompressed)
            values, encoding = _values(header)
            chunk.values += values
            chunk.encodings.add(encoding)
        at += size + compressed
    return chunk


def _header(file: int, at: int) -> tuple[Struct, int]:
    length = HEADER
    while True:
        data = os.pread(file, length, at)
        try:
            return read_struct(data)
        except CutError:
            if len(data) < length or length > LONGEST_HEADER:
                raise DamagedError from None
            length *= 8


def _sizes(header: Struct) -> tuple[int, int]:
    """The bytes of a page as it stands in the file, and decompressed."""
    compressed, decompressed = number(header, 3, INT32), number(header, 2, INT32)
    if compressed < 0 or decompressed < 0:
        raise DamagedError
    return compressed, decompressed


def _values(header: Struct) -> tuple[int, int]:
    """How many values a data page holds, and in which encoding; none and -1 of what is no data page."""
    is_second = header[1, INT32] == DATA_PAGE_V2
    inner = header.get((8 if is_second else 5, STRUCT))
    if inner is None:
        return 0, -1
    return number(inner, 1, INT32), number(inner, 4 if is_second else 2, INT32)


def _longest(page: bytes, decompressed: int, codec: str) -> int:
    """The longest string of a dictionary page; where it cannot be told, as long as the page."""
    try:
        data = page if codec == "UNCOMPRESSED" else pa.decompress(page, decompressed, codec.lower(), asbytes=True)
    except (pa.ArrowException, ValueError, OSError):  # Hadoop's LZ4; or damage, which the decoder will name
        return decompressed
    return _longest_string(data)


def _longest_string(data: bytes) -> int:
    """The longest of strings that each stand behind their length in four bytes."""
    if len(data) < 4:  # noqa: PLR2004 - bytes of a length
        return len(data)
    first = int.from_bytes(data[:4], "little")
    if len(data) % (first + 4) == 0:  # identifiers are often of one length: one look at all of them
        lengths = np.frombuffer(data, np.uint8).reshape(-1, first + 4)[:, :4].copy().view("<u4")
        if (lengths == first).all():
            return first
    longest = at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "little")
        at += 4 + length
        longest = max(longest, length)
    return longest
