"""One way to write a value down: JSON as RFC 8785 has it, so that equal values are equal bytes, and equal hashes.

Only values that every reader writes alike are taken: keys of ASCII, whole numbers that a double holds exactly, no
floats. Strings stay as they are (RFC 8785 section 3.1: no normalization): a source's ids are kept as it sent them.
"""

from __future__ import annotations

from typing import Any, Final

import orjson

MOST: Final = 2**53 - 1
"""The greatest whole number that everyone reads alike (RFC 8785 section 3.2.2.3)."""


def encode(value: object) -> bytes:
    """The canonical bytes of a value.

    Raises:
        ValueError: it holds something that has none (a float, a key that is not ASCII, a lone surrogate), and what.
    """
    _check(value, "the value")
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError as error:  # a lone surrogate; nesting beyond what orjson follows
        raise ValueError(str(error)) from None


def decode(written: bytes) -> Any:
    """The value of canonical bytes.

    Raises:
        ValueError: they are no JSON, or not how `encode` would write what they say.
    """
    value = orjson.loads(written)
    if encode(value) != written:  # spaces, keys twice or out of order, escapes where none are needed
        raise ValueError("the JSON is not in its canonical form (RFC 8785)")
    return value


def _check(value: object, where: str) -> None:
    match value:
        case None | bool() | str():
            return
        case int():
            if abs(value) > MOST:
                raise ValueError(f"{where} is {value}, beyond ±{MOST}, what every reader of JSON can hold")
        case dict():
            for key, inner in value.items():
                if not isinstance(key, str) or not key.isascii():
                    raise ValueError(f"{where} has the key {key!r}, which is not an ASCII string")
                _check(inner, key)
        case list():
            for inner in value:
                _check(inner, where)
        case _:
            raise ValueError(f"{where} is a {type(value).__name__}, which canonical JSON does not hold")
