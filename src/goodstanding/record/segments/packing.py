"""The canonical bytes of events: what is hashed, whatever file they lie in and whoever wrote it.

A packed row is little-endian: time (8 bytes), flags (1), amount (8), value (8), then id, type, label, party, matter and
replaces, each as a length in two bytes and its UTF-8; where flag 64 is set, the event's own moment of recording
follows (8). Flags 1, 2, 4, 8, 16, 32 say that amount, value, label, party, matter, replaces are given; what is not
given is zero, or empty. Source and person stand nowhere: the segment has one source, and a leaf one person.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from goodstanding.record.segments import loops
from goodstanding.record.segments.rows import Rows

GIVEN: Final = ("amount", "value", "label", "party", "matter", "replaces", "recorded")
"""The columns that may be null, by their flags."""

STRINGS: Final = ("id", "type", "label", "party", "matter", "replaces")

_HEAD: Final = struct.Struct("<qBqq")
_LENGTH: Final = struct.Struct("<H")
_MOMENT: Final = struct.Struct("<q")


@dataclass(frozen=True, slots=True)
class Packed:
    """Some rows, packed one after the other: row i is data[starts[i]:stops[i]]."""

    data: NDArray[np.uint8]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]


def pack(rows: Rows, first: int = 0, last: int | None = None, gaps: NDArray[np.int64] | None = None) -> Packed:
    """Pack rows from `first` to `last`.

    Args:
        gaps: bytes to leave free before each row; none by default.
    """
    last = len(rows) if last is None else last
    codes, data, starts = (tuple(getattr(w, part) for w in rows.words) for part in ("codes", "data", "starts"))
    sizes = np.empty(last - first, np.int64)
    loops.sizes(first, last, rows.id_starts, rows.recorded, codes, starts, sizes)
    stops = np.cumsum(sizes if gaps is None else sizes + gaps)
    places = stops - sizes
    out = np.empty(int(stops[-1]) if stops.size else 0, np.uint8)
    numbers = (rows.time, rows.amount, rows.value, rows.recorded)
    loops.pack(first, last, places, numbers, rows.id_data, rows.id_starts, codes, data, starts, out)
    return Packed(out, places, stops)


def pack_event(event: Mapping[str, Any]) -> bytes:
    """Pack one event, given by its columns, moments as whole microseconds; what is left out is null."""
    flags = sum(1 << place for place, name in enumerate(GIVEN) if event.get(name) is not None)
    parts = [_HEAD.pack(event["time"], flags, event.get("amount") or 0, event.get("value") or 0)]
    for name in STRINGS:
        text = (event.get(name) or "").encode()
        parts += [_LENGTH.pack(len(text)), text]
    if event.get("recorded") is not None:
        parts.append(_MOMENT.pack(event["recorded"]))
    return b"".join(parts)


def unpack(packed: bytes) -> Iterator[dict[str, Any]]:
    """The events of packed rows, one after the other, each with all columns but `source` and `person`.

    Raises:
        ValueError: these are not packed rows.
    """
    at = 0
    while at < len(packed):
        event, at = _unpack_one(packed, at)
        yield event


def _unpack_one(packed: bytes, at: int) -> tuple[dict[str, Any], int]:
    begin = at
    try:
        time, flags, amount, value = _HEAD.unpack_from(packed, at)
        at += _HEAD.size
        event: dict[str, Any] = {"time": time, "amount": amount, "value": value, "recorded": None}
        for name in STRINGS:
            (size,) = _LENGTH.unpack_from(packed, at)
            at += _LENGTH.size + size
            event[name] = packed[at - size : at].decode()
        if flags >> GIVEN.index("recorded") & 1:
            (event["recorded"],) = _MOMENT.unpack_from(packed, at)
            at += _MOMENT.size
    except (struct.error, UnicodeDecodeError) as error:
        raise ValueError(f"byte {begin}: {error}") from error
    event |= {name: None for place, name in enumerate(GIVEN) if not flags >> place & 1}
    if packed[begin:at] != pack_event(event):
        raise ValueError(f"byte {begin}: not a packed row")
    return event, at
