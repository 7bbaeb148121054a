"""The two readers of raw bytes: blocks of lines, and page headers of Parquet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from goodstanding.events.blocks import BLOCK, LONGEST_LINE, blocks
from goodstanding.events.footer import ChunkPlace, Group, read_footer
from goodstanding.events.pages import Chunk, survey
from goodstanding.events.thrift import DamagedError

LONG_LINE = b"x" * (BLOCK + 5)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", []),
        (b"\n\r\n", []),
        (b"a", [(1, [b"a"])]),
        (b"a\n\nb\n\n\n", [(1, [b"a", b"", b"b"])]),
        (b"\xef\xbb\xbfa\nb\n", [(1, [b"a", b"b"])]),
        (LONG_LINE, [(1, [])]),
        (LONG_LINE + b"\nb\nc\n", [(1, []), (2, [b"b", b"c"])]),
        (b"a\n" + LONG_LINE * 2 + b"\nb", [(1, [b"a"]), (2, []), (3, [b"b"])]),
    ],
)
def test_a_file_is_cut_into_whole_lines(
    tmp_path: Path, content: bytes, expected: list[tuple[int, list[bytes]]]
) -> None:
    path = tmp_path / "lines"
    path.write_bytes(content)
    assert [(block.first_line, block.lines if block.data else []) for block in blocks(path)] == expected


def test_no_block_is_larger_than_two_and_no_line_is_lost(tmp_path: Path) -> None:
    lines = [b"%d" % number * 50 for number in range(60_000)]
    (tmp_path / "lines").write_bytes(b"\n".join(lines))
    found = list(blocks(tmp_path / "lines"))
    assert [line for block in found for line in block.lines] == lines
    assert max(len(block.data) for block in found) <= BLOCK + LONGEST_LINE
    assert [block.first_line for block in found] == [
        1 + sum(len(b.lines) for b in found[:place]) for place in range(len(found))
    ]


@pytest.fixture
def file(tmp_path: Path) -> Iterator[int]:
    descriptor = os.open(tmp_path / "pages", os.O_RDWR | os.O_CREAT)
    yield descriptor
    os.close(descriptor)


def look(file: int, content: bytes, codec: str = "UNCOMPRESSED") -> Chunk:
    os.pwrite(file, content, 0)
    return survey(file, ChunkPlace(0, len(content), codec, frozenset()), of_strings=True)


DATA = b"\x15\x00\x15\x08\x15\x08\x2c\x15\x02\x15\x00\x00\x00abcd"  # a data page: 4 bytes, 1 value, plain


def test_a_page_header_tells_sizes_values_and_encoding(file: int) -> None:
    chunk = look(file, DATA * 2)
    assert (chunk.decompressed, chunk.largest, chunk.values, chunk.encodings) == (8, 4, 2, {0})


def test_fields_that_are_not_needed_are_passed_over(file: int) -> None:
    others = b"\x01\x0f\x12\x13\x07\x18\x03abc\x19\x25\x02\x04\x19\x21\x01\x02\x17" + b"d" * 8  # of each kind one
    assert look(file, DATA[:-5] + others + DATA[-5:]).values == 1


def test_a_header_may_be_longer_than_one_look(file: int) -> None:
    assert look(file, DATA[:-5] + b"\x18\xd0\x0f" + b"m" * 2000 + DATA[-5:]).values == 1


def test_pages_of_an_index_hold_no_values(file: int) -> None:
    assert look(file, b"\x15\x02\x15\x08\x15\x08\x00abcd").values == 0


@pytest.mark.parametrize(
    "content",
    [
        b"\x15\x00\x15\x08",  # cut
        b"\x15\x00\x15\x08\x00",  # no compressed size
        b"\x15\x00\x15\x07\x15\x08\x00abcd",  # a negative size
        b"\x1b\x00" + DATA,  # a map
        b"\x15" + b"\xff" * 10 + b"\x00" + DATA,  # a number without end
        b"\x1c" * 20 + DATA,  # structures within structures
        b"\x19" * 4000,  # lists within lists
        b"\x15\x00\x15\x08\x15\x08\x2c\x15\x02\x00\x00abcd",  # no encoding
        b"\x19\xf5\xff\xff\xff\x0f" + DATA,  # a list that is longer than the file
        b"\x18\xff\xff\xff\xff\x0f" + DATA,  # bytes far beyond the end
    ],
)
def test_a_damaged_header_is_refused(file: int, content: bytes) -> None:
    with pytest.raises(DamagedError):
        look(file, content)


def dictionary(*words: bytes, codec: str = "UNCOMPRESSED") -> bytes:
    page = b"".join(len(word).to_bytes(4, "little") + word for word in words)
    size = bytes([len(page) << 1]) if len(page) < 64 else bytes([(len(page) << 1) & 0x7F | 0x80, len(page) >> 6])
    packed = page if codec == "UNCOMPRESSED" else pa.compress(page, codec, asbytes=True)
    return b"\x15\x04\x15" + size + b"\x15" + bytes([len(packed) << 1]) + b"\x00" + packed


@pytest.mark.parametrize(
    ("words", "longest"),
    [((b"ab", b"cd"), 2), ((b"a", b"bcd", b""), 3), ((b"abc", b"d", b"efgh"), 4), ((), 0), ((b"",), 0)],
)
def test_the_longest_string_of_a_dictionary_is_found(file: int, words: tuple[bytes, ...], longest: int) -> None:
    assert look(file, dictionary(*words)).longest == longest
    assert look(file, dictionary(b"z" * 9, b"z" * 80, codec="zstd"), "ZSTD").longest == 80


@pytest.mark.parametrize("codec", ["LZ4_HADOOP", "GZIP"])
def test_a_dictionary_that_cannot_be_opened_counts_as_one_string(file: int, codec: str) -> None:
    assert look(file, dictionary(b"ab", b"cde"), codec).longest == 13


def test_a_string_that_says_it_is_longer_than_its_page_counts_as_it_says(file: int) -> None:
    assert look(file, b"\x15\x04\x15\x0a\x15\x0a\x00\xff\xff\xff\x00x").longest == 0xFFFFFF


def footer(
    path: Path, encodings: bytes = b"\x29\x15\x00", codec: bytes = b"\x25\x0c", length: bytes = b"\x36\x14"
) -> Path:
    """A footer of one row group of one column: 3 rows, 10 bytes from place 4."""
    column = encodings + codec + length + b"\x26\x08\x00"
    content = b"\x49\x1c" + b"\x19\x1c" + b"\x3c" + column + b"\x00" + b"\x26\x06\x00" + b"\x00"
    path.write_bytes(content + len(content).to_bytes(4, "little") + b"PAR1")
    return path


def test_a_footer_tells_where_columns_lie(tmp_path: Path) -> None:
    assert read_footer(footer(tmp_path / "f"), 1) == [Group(3, (ChunkPlace(4, 10, "ZSTD", frozenset({0})),))]


@pytest.mark.parametrize(
    "given",
    [
        {"codec": b"\x25\x5e"},  # a compression that nobody knows
        {"codec": b"\x26\x0c"},  # of the wrong kind
        {"length": b"\x36\x13"},  # a negative length
        {"encodings": b"\x29\x16\x00"},  # of the wrong kind
        {"encodings": b""},
    ],
)
def test_a_footer_without_sense_is_refused(tmp_path: Path, given: dict[str, bytes]) -> None:
    with pytest.raises(DamagedError):
        read_footer(footer(tmp_path / "f", **given), 1)


def test_a_footer_of_more_or_fewer_columns_than_the_schema_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DamagedError):
        read_footer(footer(tmp_path / "f"), 2)


@pytest.mark.parametrize("content", [b"\x00", b"\x49\x15\x02\x00", b"\x49\x1c\x19\x1c\x00\x26\x06\x00\x00"])
def test_a_footer_without_row_groups_or_columns_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "f").write_bytes(content + len(content).to_bytes(4, "little") + b"PAR1")
    with pytest.raises(DamagedError):
        read_footer(tmp_path / "f", 1)
