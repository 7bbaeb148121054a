"""Reading Thrift structures in compact form, as Parquet's footer and page headers are.

Only whole numbers, lists and structures are kept, each under its kind too: like the readers that are generated from
parquet.thrift, ours does not find a field that is of another kind than it should be.
https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

from __future__ import annotations

from typing import Any, NamedTuple

Struct = dict[tuple[int, int], Any]  # by field and kind: int, Items, or Struct

TRUE, FALSE, BYTE, INT16, INT32, INT64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
DEEPEST = 16
MOST_BITS = 63


class Items(NamedTuple):
    """A list, and the kind of what is in it."""

    kind: int
    values: list[Any]


class CutError(Exception):
    """The bytes end within the structure."""


class DamagedError(Exception):
    """The bytes are no structure."""


def read_struct(data: bytes, at: int = 0, depth: int = 0) -> tuple[Struct, int]:
    """A structure, and where it ends.

    Raises:
        CutError: more bytes are needed.
        DamagedError: no bytes that follow could make it whole.
    """
    if depth > DEEPEST:
        raise DamagedError
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
            fields[name, kind & 15] = value


def structs(struct: Struct, name: int) -> list[Struct]:
    """The structures in a list.

    Raises:
        DamagedError: there is no such list.
    """
    items = struct.get((name, LIST))
    if items is None or (items.values and items.kind != STRUCT):
        raise DamagedError
    values: list[Struct] = items.values
    return values


def number(struct: Struct, name: int, kind: int) -> int:
    """A whole number.

    Raises:
        DamagedError: there is none.
    """
    value = struct.get((name, kind))
    if value is None:
        raise DamagedError
    return int(value)


def _value(data: bytes, at: int, kind: int, depth: int) -> tuple[Any, int]:
    if kind in {INT16, INT32, INT64}:
        return _zigzag(data, at)
    if kind == BINARY:
        length, at = _varint(data, at)
        return None, _within(data, at + length)
    if kind == STRUCT:
        return read_struct(data, at, depth + 1)
    if kind in {LIST, SET}:
        return _list(data, at, depth)
    if kind in {TRUE, FALSE}:  # in a structure they stand in the kind itself
        return None, at
    if kind in {BYTE, DOUBLE}:
        return None, _within(data, at + (1 if kind == BYTE else 8))
    raise DamagedError  # Parquet has no maps


def _list(data: bytes, at: int, depth: int) -> tuple[Items, int]:
    if depth > DEEPEST:  # a list may hold lists: each is a level, as a structure is
        raise DamagedError
    head = _byte(data, at)
    at += 1
    kind, length = head & 15, head >> 4
    if length == 15:  # noqa: PLR2004 - four bits full: the length follows
        length, at = _varint(data, at)
    if kind in {TRUE, FALSE}:  # a byte each
        return Items(kind, []), _within(data, at + length)
    values = []
    for _ in range(length):
        value, at = _value(data, at, kind, depth + 1)
        values.append(value)
    return Items(kind, values), at


def _within(data: bytes, at: int) -> int:
    if at > len(data):
        raise CutError
    return at


def _byte(data: bytes, at: int) -> int:
    if at >= len(data):
        raise CutError
    return data[at]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = _byte(data, at)
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - the last byte has no continuation bit
            return value, at
        shift += 7
        if shift > MOST_BITS:
            raise DamagedError


def _zigzag(data: bytes, at: int) -> tuple[int, int]:
    value, at = _varint(data, at)
    return (value >> 1) ^ -(value & 1), at
