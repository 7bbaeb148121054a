"""CSV (RFC 4180, UTF-8): a header, then one row a line, fields joined by commas, nothing for null.

Two ways, one outcome. A block whose quotes, line ends and fields are in order is read by Arrow, all at once. Any other
is read line by line, by hand, which finds the faulty lines and says why. Arrow's reader is too forgiving to be asked
alone (it takes `a"b`, and drops blank lines): it only sees blocks that `_is_regular` has passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import csv

from goodstanding.events.blocks import BYTE_ORDER_MARK, LONGEST_LINE, TOO_LONG, Block, blocks
from goodstanding.events.faults import Numbers, RefusedError, Said, finding, shown
from goodstanding.events.rows import Rows, one_chunk
from goodstanding.events.schema import Shape
from goodstanding.limits import MOST_LISTED

COMMA, QUOTE, LINE_FEED, RETURN = b',"\n\r'
BEFORE_QUOTES = np.isin(np.arange(256), (COMMA, QUOTE, LINE_FEED))
AFTER_QUOTES = np.isin(np.arange(256), (COMMA, QUOTE, LINE_FEED, RETURN))


@dataclass(slots=True)
class CsvFile:
    """An opened CSV file, its header read.

    Raises:
        RefusedError: there is no header, or it cannot be read.
    """

    path: Path
    shape: Shape
    names: list[str] = field(init=False)
    world: None = None
    row_count: None = None
    is_guarded = False

    def __post_init__(self) -> None:
        first = next(blocks(self.path), None)
        if first is None:
            raise RefusedError("an empty file", f"a header: {','.join(self.shape.names)}")
        try:
            self.names = split_record(next(_records(first))[1])
        except RefusedError as error:
            raise RefusedError(f"a header with {error.said.found}", error.said.expected) from error

    def header_faults(self) -> list[Said]:
        """What is wrong with the header."""
        said = self.shape.header_faults(self.names)
        if len(self.names) == 1 and said and any(mark in self.names[0] for mark in ";\t|"):
            return [Said(f"one column {shown(self.names[0])}", "columns divided by commas")]
        return said

    def rows(self) -> Iterator[Rows]:
        """The rows, block by block."""
        for block in blocks(self.path):
            first = block.first_line
            data = block.data
            if first == 1 and data:
                data = data[data.find(b"\n") + 1 :]
                first = 2
                if not data:
                    continue
            yield self._read(Block(first, data))

    def _read(self, block: Block) -> Rows:
        if _is_regular(block.data):
            try:
                return self._read_at_once(block)
            except pa.ArrowInvalid:  # a line with too few or too many fields, or a string that is not UTF-8
                pass
        return self._read_by_line(block)

    def _read_at_once(self, block: Block) -> Rows:
        wanted = [name for name in self.names if name in self.shape.names]
        table = csv.read_csv(
            pa.py_buffer(block.data),
            csv.ReadOptions(column_names=self._unique_names(), block_size=len(block.data) + 1),
            csv.ParseOptions(ignore_empty_lines=False),
            csv.ConvertOptions(
                include_columns=wanted,
                column_types=dict.fromkeys(wanted, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
            ),
        ).combine_chunks()
        columns = {name: one_chunk(table.column(name)) for name in wanted}
        lines = np.arange(block.first_line, block.first_line + table.num_rows)
        return Rows(table.num_rows, columns, lines)

    def _unique_names(self) -> list[str]:
        """The header, but columns that are left alone by their place, since they may bear the same name."""
        return [name if name in self.shape.names else f"\0{place}" for place, name in enumerate(self.names)]

    def _read_by_line(self, block: Block) -> Rows:
        records: list[list[str]] = []
        good: list[int] = []
        bad: list[int] = []
        said: list[Said] = []
        for line, record in _records(block):
            try:
                records.append(self._fields(record))
                good.append(line)
            except RefusedError as error:
                bad.append(line)
                said += [error.said] if len(said) < MOST_LISTED else []
        columns = {
            name: pa.array([record[place] or None for record in records], pa.string())
            for place, name in enumerate(self.names)
            if name in self.shape.names
        }
        return Rows(len(records), columns, np.array(good, np.int64), [finding(bad, said)] if bad else [])

    def _fields(self, record: bytes) -> list[str]:
        fields = split_record(record)
        if len(fields) != len(self.names):
            found = _said_fields(len(fields)) if record.strip(b"\r") else "a blank line"
            raise RefusedError(found, f"{_said_fields(len(self.names))}, as in the header")
        return fields


def _said_fields(number: int) -> str:
    return "1 field" if number == 1 else f"{number} fields"


def split_record(record: bytes) -> list[str]:
    """The fields of one line, by hand.

    Raises:
        RefusedError: the line is too long, not UTF-8, or its quotes are not those of RFC 4180.
    """
    if len(record) > LONGEST_LINE:
        raise RefusedError(*TOO_LONG)
    try:
        text = record.removesuffix(b"\r").decode()
    except UnicodeDecodeError as error:
        raise RefusedError(f"byte {error.start + 1} of the line is not UTF-8", "UTF-8") from error
    fields = []
    at = 0
    while True:
        value, at = _quoted(text, at) if text.startswith('"', at) else _bare(text, at)
        fields.append(value)
        if at == len(text):
            return fields
        at += 1  # the comma


def _bare(text: str, at: int) -> tuple[str, int]:
    end = text.find(",", at)
    value = text[at:] if end < 0 else text[at:end]
    if '"' in value:
        raise RefusedError(
            f"a quote inside the field {shown(value)}", "quotes around the whole field, doubled inside it"
        )
    return value, at + len(value)


def _quoted(text: str, at: int) -> tuple[str, int]:
    parts = []
    begin = at + 1
    while (end := text.find('"', begin)) >= 0:
        parts.append(text[begin:end])
        if not text.startswith('"', end + 1):
            break
        parts.append('"')
        begin = end + 2
    if end < 0:
        raise RefusedError(
            f"a quoted field without its end: {shown(text[at:])}", "a quote at its end, on the same line"
        )
    if end + 1 < len(text) and text[end + 1] != ",":
        raise RefusedError(f"{shown(text[end + 1 :])} after a quoted field", "a comma or the end of the line")
    return "".join(parts), end + 1


def _records(block: Block) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers; those over which a quoted field reaches are one record, which is then refused."""
    if not block.data:
        yield block.first_line, b"x" * (LONGEST_LINE + 1)
        return
    begin, open_lines, quotes = block.first_line, [], 0
    for line, text in enumerate(block.lines, block.first_line):
        open_lines.append(text)
        quotes += text.count(b'"')
        if quotes % 2 == 0:
            yield begin, b"\n".join(open_lines)
            begin, open_lines = line + 1, []
    yield from enumerate(open_lines, begin)  # never closed: each line is judged by itself


def _is_regular(data: bytes) -> bool:
    """Whether lines end alike and are neither blank nor too long, and quotes stand where RFC 4180 lets them."""
    if not data or data.startswith(BYTE_ORDER_MARK):  # in the middle of a file it is a character, which Arrow drops
        return False
    codes = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(codes == LINE_FEED)
    begins = np.concatenate(([0], ends[ends < len(data) - 1] + 1))
    lengths = np.diff(np.append(begins, len(data) + (data[-1] != LINE_FEED)))
    if lengths.max() > LONGEST_LINE or (codes[begins] == LINE_FEED).any():
        return False
    returns = np.flatnonzero(codes == RETURN)
    if returns.size and (
        returns[-1] + 1 == len(data) or (codes[returns + 1] != LINE_FEED).any() or np.isin(returns, begins).any()
    ):
        return False
    return b'"' not in data or _are_quotes_regular(codes, begins)


def _are_quotes_regular(codes: npt.NDArray[np.uint8], begins: Numbers) -> bool:
    """Whether in each line the quotes open and close in turn.

    An opening quote follows a comma, the beginning of the line or, doubled inside a field, a closing quote; a closing
    one is followed by a comma, the end of the line or an opening quote.
    """
    quotes = np.flatnonzero(codes == QUOTE)
    if quotes.size % 2 or (np.searchsorted(quotes, begins) % 2).any():
        return False
    opening, closing = quotes[0::2], quotes[1::2]
    before = np.where(opening == 0, LINE_FEED, codes[opening - 1])
    after = np.where(closing + 1 == codes.size, LINE_FEED, codes[np.minimum(closing + 1, codes.size - 1)])
    return bool(BEFORE_QUOTES[before].all() and AFTER_QUOTES[after].all())
