"""Strings: what they may hold and how long they may be (specification section 1), by hand and by whole columns.

Both must agree on every string. The columns' way reads raw bytes: where all lie between blank and `~`, which is what
nearly all identifiers are made of, two passes at memory speed settle the matter; only else are code points looked for.
"""

from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from goodstanding.events.faults import Numbers, Said, shown

BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
BLANK, DELETE = 0x20, 0x7F
# The same characters as UTF-8: first byte → for each second byte (None: any) the range of the last one.
MARKS: dict[int, tuple[tuple[int | None, int, int], ...]] = {
    0xC2: ((None, 0x80, 0x9F),),  # the controls U+0080 to U+009F
    0xD8: ((None, 0x9C, 0x9C),),
    0xE2: ((0x80, 0x8E, 0x8F), (0x80, 0xAA, 0xAE), (0x81, 0xA6, 0xA9)),
}
LONGEST_CHARACTER = 4  # bytes of UTF-8

Bytes = npt.NDArray[np.uint8]


def text_fault(value: str | bytes, most: int | None) -> Said | None:
    """What is wrong with one string, by hand: empty, too long, or with a character that no string may hold."""
    if isinstance(value, bytes):
        try:
            value = value.decode()
        except UnicodeDecodeError as error:
            return Said(f"{shown(value)} (byte {error.start + 1} is not UTF-8)", "UTF-8")
    if not value:
        return Said("an empty string", said_length(most))
    if most is not None and len(value) > most:
        return Said(f"{shown(value)} ({len(value)} characters)", said_length(most))
    for character in value:
        if unicodedata.category(character) == "Cc" or character in BIDIRECTIONAL:
            return Said(f"{shown(value)} (U+{ord(character):04X})", "no control and no bidirectional mark")
    return None


def said_length(most: int | None) -> str:
    """How long a string may be."""
    return "a string that is not empty" if most is None else f"a string of 1 to {most} characters"


def faulty_texts(array: Any, most: int | None) -> Numbers:
    """The rows of a `pa.StringArray` for which `text_fault` finds a fault; nulls have none."""
    if len(array) == 0:
        return np.empty(0, np.int64)
    offsets, data = text_buffers(array)
    lengths = np.diff(offsets)
    faulty = [] if _is_plain(data) else [_rows_of(offsets, _forbidden(data)), _undecodable(array)]
    if lengths.min() < 1:
        faulty.append(np.flatnonzero(lengths < 1))
    if most is not None and lengths.max() > most:
        faulty.append(_too_long(array, lengths, most))
    if not faulty:
        return np.empty(0, np.int64)
    rows = np.unique(np.concatenate(faulty))
    return rows if array.null_count == 0 else rows[valid_rows(array)[rows]]


def text_buffers(array: Any) -> tuple[npt.NDArray[np.int32], Bytes]:
    """The offsets of a `pa.StringArray`, beginning at 0, and its bytes, both without copying where they begin so."""
    _, offsets_buffer, data_buffer = array.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int32, len(array) + 1, array.offset * 4)
    data = np.frombuffer(data_buffer, np.uint8) if data_buffer else np.empty(0, np.uint8)
    data = data[offsets[0] : offsets[-1]]
    return (offsets if offsets[0] == 0 else offsets - offsets[0]), data


def valid_rows(array: Any) -> npt.NDArray[np.bool_]:
    """True where an array is not null."""
    valid: npt.NDArray[np.bool_] = array.is_valid().to_numpy(zero_copy_only=False)
    return valid


def _is_plain(data: Bytes) -> bool:
    return data.size == 0 or bool(data.min() >= BLANK and data.max() < DELETE)


def _forbidden(data: Bytes) -> Numbers:
    """Where in the bytes a control or a bidirectional mark stands."""
    places = [np.flatnonzero((data < BLANK) | (data == DELETE))]
    for first, tails in MARKS.items():
        at = np.flatnonzero(data == first)
        for second, low, high in tails:
            places.append(_with_tail(data, at, second, low, high))
    return np.concatenate(places)


def _with_tail(data: Bytes, at: Numbers, second: int | None, low: int, high: int) -> Numbers:
    length = 1 if second is None else 2
    at = at[at + length < data.size]  # what is cut off is not UTF-8, and found as that
    if second is not None:
        at = at[data[at + 1] == second]
    last = data[at + length]
    return at[(last >= low) & (last <= high)]


def _rows_of(offsets: npt.NDArray[np.int32], places: Numbers) -> Numbers:
    return np.searchsorted(offsets, places, side="right") - 1


def _undecodable(array: Any) -> Numbers:
    """The rows that are not UTF-8; the whole column is tried first, since it nearly always is."""
    try:
        array.validate(full=True)
    except pa.ArrowInvalid:
        values = array.cast(pa.binary())
        return np.array([row for row, value in enumerate(values) if not _decodes(value.as_py())], np.int64)
    return np.empty(0, np.int64)


def _decodes(value: bytes | None) -> bool:
    try:
        return value is None or bool(value.decode() or True)
    except UnicodeDecodeError:
        return False


def _too_long(array: Any, lengths: npt.NDArray[np.int32], most: int) -> Numbers:
    """Rows of more than `most` code points: bytes that do not continue a character are counted."""
    rows = np.flatnonzero(lengths > most)
    sure = rows[lengths[rows] > most * LONGEST_CHARACTER]
    unsure = rows[lengths[rows] <= most * LONGEST_CHARACTER]
    if unsure.size:
        characters = pc.utf8_length(array.take(pa.array(unsure))).fill_null(0).to_numpy()
        unsure = unsure[characters > most]
    return np.union1d(sure, unsure)
