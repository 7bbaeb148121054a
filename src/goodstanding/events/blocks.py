"""Text files in blocks of whole lines, of bounded size whatever the file holds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from goodstanding.events.faults import Said

BLOCK = 4 << 20
LONGEST_LINE = 1 << 20
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
TOO_LONG = Said(f"a line of more than {LONGEST_LINE} bytes", "shorter lines")


class Block(NamedTuple):
    """Whole lines, the last perhaps without its end; no bytes: one line far too long, which was passed over."""

    first_line: int
    data: bytes

    @property
    def lines(self) -> list[bytes]:
        """The lines, without the line feed that ends each."""
        lines = self.data.split(b"\n")
        return lines[:-1] if self.data.endswith(b"\n") else lines


def blocks(path: Path) -> Iterator[Block]:
    """Read a file block by block, without a byte order mark at its beginning and blank lines at its end."""
    with path.open("rb") as file:
        if file.read(len(BYTE_ORDER_MARK)) != BYTE_ORDER_MARK:
            file.seek(0)
        held: Block | None = None
        for block in _split(file):
            if held is not None:
                yield held
            held = block
        if held is not None and held.data:
            held = Block(held.first_line, held.data.rstrip(b"\r\n") + b"\n")
        if held is not None and held.data != b"\n":
            yield held


def _split(file: BinaryIO) -> Iterator[Block]:
    line, rest = 1, b""
    while chunk := file.read(BLOCK):
        end = chunk.rfind(b"\n") + 1
        if end:
            data = rest + chunk[:end]
            yield Block(line, data)
            line += data.count(b"\n")
            rest = chunk[end:]
        elif len(rest) + len(chunk) > LONGEST_LINE:
            yield Block(line, b"")
            _pass_over(file)
            line, rest = line + 1, b""
        else:
            rest += chunk
    if rest:
        yield Block(line, rest)


def _pass_over(file: BinaryIO) -> None:
    """Read on to the end of a line that is too long."""
    while chunk := file.read(BLOCK):
        end = chunk.find(b"\n") + 1
        if end:
            file.seek(end - len(chunk), os.SEEK_CUR)
            return
