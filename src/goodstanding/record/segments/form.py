"""The form of a segment's file: Parquet whose row groups are small, and whose foot names the sum of each of them.

Anybody's tools can read it. What tells a damaged file apart from a whole one stands in our own notes in its foot,
guarded by a sum of their own, and is found without asking Parquet: what is damaged is never decoded.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any, Final

import orjson
import pyarrow as pa

FORMAT: Final = 1
NOTES: Final = "goodstanding.segment"
MARK: Final = b"GSSEGMENT1 "
"""What the notes begin with, wherever they stand in the file."""
SUM: Final = 64
"""Characters of their sum, which follows the mark."""

GROUP_ROWS: Final = 65_536
MOST_ROWS: Final = 1_048_576

SCHEMA: Final = pa.schema(
    [
        pa.field("slot", pa.uint32(), nullable=False),
        pa.field("id", pa.string(), nullable=False),
        pa.field("type", pa.string(), nullable=False),
        pa.field("time", pa.int64(), nullable=False),
        *(pa.field(name, pa.int64()) for name in ("amount", "value")),
        *(pa.field(name, pa.string()) for name in ("label", "party", "matter", "replaces")),
        pa.field("recorded", pa.int64()),
    ]
)
"""One row an event, by slot, time and id; `recorded` is null where it is the segment's."""


@dataclass(frozen=True, slots=True)
class Meta:
    """What is said of all rows of a segment.

    Attributes:
        recorded: the moment of those that have none of their own, in microseconds since 1970.
        nonce: 16 random bytes, of which the salts are made.
    """

    world: str
    source: str
    recorded: int
    nonce: bytes


@dataclass(frozen=True, slots=True)
class Group:
    """One row group.

    Attributes:
        start, stop: the bytes of the file where its columns lie.
        first, last: the slots of its first and last row.
        sum: SHA-256 of those bytes, as text.
    """

    start: int
    stop: int
    rows: int
    first: int
    last: int
    sum: str


@dataclass(frozen=True, slots=True)
class Notes:
    """What a file says of itself.

    Attributes:
        slots: SHA-256 over the slots in its `.leaves`, as text: the root is over the hashes alone.
    """

    meta: Meta
    slots: str
    groups: tuple[Group, ...]

    def to_bytes(self) -> bytes:
        """With the mark and their sum before them."""
        meta = {**asdict(self.meta), "nonce": self.meta.nonce.hex()}
        told = {"format": FORMAT, **meta, "slots": self.slots, "groups": [asdict(group) for group in self.groups]}
        body = orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
        return MARK + hashlib.sha256(body).hexdigest().encode() + b" " + body

    @classmethod
    def find(cls, file: bytes) -> Notes | None:
        """Those of a file; None where they are missing, or not as they were written."""
        at = file.rfind(MARK)
        begin = at + len(MARK) + SUM + 1
        if at < 0:
            return None
        # Whatever Parquet put behind them: they end where their sum says, with the last of the closing brackets.
        said, end = file[at + len(MARK) : begin - 1], len(file)
        while (end := file.rfind(b"}", begin, end)) > 0:
            body = file[begin : end + 1]
            if hashlib.sha256(body).hexdigest().encode() == said:
                return cls._read(orjson.loads(body))
        return None

    @classmethod
    def _read(cls, told: dict[str, Any]) -> Notes:
        meta = Meta(told["world"], told["source"], told["recorded"], bytes.fromhex(told["nonce"]))
        return cls(meta, told["slots"], tuple(Group(**group) for group in told["groups"]))


@dataclass(frozen=True, slots=True)
class Sealed:
    """What the ledger says of a segment.

    Attributes:
        root: over its leaves; the name of its files.
        digest: SHA-256 of the Parquet file, which changes when somebody is erased.
        people: how many have rows in it; those erased since included.
        bytes: of the Parquet file.
        first, last: the earliest and latest `time`.
    """

    root: bytes
    digest: bytes
    nonce: bytes
    rows: int
    people: int
    bytes: int
    first: int
    last: int
