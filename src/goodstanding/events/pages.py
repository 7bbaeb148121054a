"""What decoding a Parquet column will take, read from its page headers before anything is decoded.

The file's footer may say anything of sizes (463 bytes that decode to 200 MB were seen to declare 1 MB); the headers of
the pages are what the decoder itself goes by. They are Thrift structures in compact form, of which we read the numbers
we need: https://parquet.apache.org/docs/file-format/ and the `PageHeader` of parquet.thrift.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from goodstanding.events.faults import RefusedError

HEADER = 1 << 9
LONGEST_HEADER = 1 << 20  # headers carry the least and greatest value of a page, which may be long
DEEPEST = 8
OPENED = 64 << 20
DICTIONARY_PAGE, DATA_PAGE_V2 = 2, 3
DELTA_ENCODINGS = {5: "DELTA_BINARY_PACKED", 6: "DELTA_LENGTH_BYTE_ARRAY", 7: "DELTA_BYTE_ARRAY"}

Struct = dict[int, "int | Struct"]


class _HeaderCutError(Exception):
    """More bytes are needed to read a header."""


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


def survey(file: int, begin: int, length: int, codec: str, *, of_strings: bool) -> Chunk:
    """Go through the page headers of one column chunk.

    Args:
        file: a descriptor to read from.
        codec: the compression, as the footer names it.
        of_strings: look into the dictionary for its longest string.

    Raises:
        RefusedError: the headers cannot be read.
    """
    chunk = Chunk()
    at, end = begin, begin + length
    while at < end:
        header, size = _header(file, at)
        compressed, decompressed = _size(header, 3), _size(header, 2)
        chunk.decompressed += decompressed
        if header.get(1) == DICTIONARY_PAGE:
            chunk.dictionary = decompressed
            if of_strings:  # a dictionary that is too large is refused for that, there is no need to open it
                page = os.pread(file, compressed if decompressed <= OPENED else 0, at + size)
                chunk.longest = _longest(page, decompressed, codec) if page else decompressed
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
            return _struct(data, 0, 0)
        except _HeaderCutError:
            if len(data) < length or length > LONGEST_HEADER:
                raise _damaged() from None
            length *= 8


def _size(header: Struct, key: int) -> int:
    size = header.get(key)
    if not isinstance(size, int) or size < 0:
        raise _damaged()
    return size


def _values(header: Struct) -> tuple[int, int]:
    """How many values a data page holds, and in which encoding; none and -1 of what is no data page."""
    inner, key = (header.get(8), 4) if header.get(1) == DATA_PAGE_V2 else (header.get(5), 2)
    if not isinstance(inner, dict):
        return 0, -1
    values, encoding = inner.get(1), inner.get(key)
    if not isinstance(values, int) or not isinstance(encoding, int):
        raise _damaged()
    return values, encoding


def _damaged() -> RefusedError:
    return RefusedError("a damaged page header", "a whole Parquet file")


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


def _struct(data: bytes, at: int, depth: int) -> tuple[Struct, int]:
    """A Thrift structure in compact form: whole numbers and structures by field, all else passed over."""
    fields: Struct = {}
    name = 0
    while True:
        kind = _byte(data, at)
        at += 1
        if kind == 0:
            return fields, at
        if kind >> 4:
            name += kind >> 4
        else:
            name, at = _zigzag(data, at)
        value, at = _value(data, at, kind & 15, depth)
        if value is not None:
            fields[name] = value


def _value(data: bytes, at: int, kind: int, depth: int) -> tuple[int | Struct | None, int]:
    if kind in {1, 2}:  # true and false stand in the kind itself
        return None, at
    if kind == 3:  # noqa: PLR2004 - a byte
        return None, at + 1
    if kind in {4, 5, 6}:
        return _zigzag(data, at)
    if kind == 8:  # noqa: PLR2004 - bytes
        length, at = _varint(data, at)
        return None, at + length
    if kind == 12 and depth < DEEPEST:  # noqa: PLR2004 - a structure
        return _struct(data, at, depth + 1)
    raise _damaged()  # page headers hold no number with a point, no list, no map


def _byte(data: bytes, at: int) -> int:
    try:
        return data[at]
    except IndexError:
        raise _HeaderCutError from None


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = _byte(data, at)
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - the last byte has no continuation bit
            return value, at
        shift += 7
        if shift > 63:  # noqa: PLR2004 - bits
            raise _damaged()


def _zigzag(data: bytes, at: int) -> tuple[int, int]:
    value, at = _varint(data, at)
    return (value >> 1) ^ -(value & 1), at
