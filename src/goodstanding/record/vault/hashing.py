"""Identifiers, many at once: normalised, as HMACs, and as the words that these begin with."""

from __future__ import annotations

import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from goodstanding.book.sharing import cores
from goodstanding.errors import RecordError
from goodstanding.record.digests import BLOCK, SIZE, digests

SEPARATORS: Final = re.compile(r"[\s\-./()·]+")
BETWEEN: Final = r"[\t-\r\x1c-\x20\-./()]+"
"""The same where all is ASCII."""
TOGETHER: Final = 1 << 16
"""Identifiers that one thread hashes at a time."""


def normalised(text: str) -> str:
    """An identifier without what people put between its signs, in one case and one width.

    Raises:
        RecordError: nothing is left; what there was is not shown.
    """
    left = SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not left:
        raise RecordError("an identifier holds nothing but spaces and hyphens; another sign was expected")
    return left


def normalised_all(texts: Any) -> Any:
    """The same for a `pa.StringArray`; where all is ASCII, in two passes over all of them.

    Raises:
        RecordError: nothing is left of one.
    """
    if not pc.all(pc.string_is_ascii(texts), min_count=0).as_py():
        return pa.array([normalised(text) for text in texts.to_pylist()], pa.string())
    left = pc.ascii_upper(pc.replace_substring_regex(texts, BETWEEN, ""))
    if pc.any(pc.equal(left, ""), min_count=0).as_py():
        raise RecordError("an identifier holds nothing but spaces and hyphens; another sign was expected")
    return left


def digests_of(key: bytes, kind: str, texts: Any) -> NDArray[np.uint8]:
    """HMAC-SHA256 (RFC 2104) of `kind`, a zero and each normalised identifier, n × 32."""
    assert len(key) <= BLOCK
    padded = np.frombuffer(key.ljust(BLOCK, b"\0"), np.uint8)
    inner, outer = (padded ^ np.uint8(0x36)).tobytes() + kind.encode() + b"\0", padded ^ np.uint8(0x5C)
    out = np.empty((len(texts), SIZE), np.uint8)

    def some(first: int) -> None:
        part = texts.slice(first, TOGETHER)
        out[first : first + len(part)] = _digests(inner, outer, part)

    with ThreadPoolExecutor(cores()) as pool:
        list(pool.map(some, range(0, len(texts), TOGETHER)))
    return out


def _digests(inner: bytes, outer: NDArray[np.uint8], texts: Any) -> NDArray[np.uint8]:
    prefix, nothing = pa.scalar(inner, pa.large_binary()), pa.scalar(b"", pa.large_binary())
    joined = pc.binary_join_element_wise(prefix, texts.cast(pa.large_binary()), nothing)
    _, bounds, bytes_ = joined.buffers()
    starts = np.frombuffer(bounds, np.int64)[joined.offset : joined.offset + len(joined) + 1]
    data = np.frombuffer(bytes_ or b"", np.uint8)
    messages = np.empty((len(texts), BLOCK + SIZE), np.uint8)
    messages[:, :BLOCK] = outer
    messages[:, BLOCK:] = digests(data, starts[:-1], starts[1:])
    begins = np.arange(len(texts), dtype=np.int64) * messages.shape[1]
    return digests(messages.reshape(-1), begins, begins + messages.shape[1])


def leading(hashes: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The first eight bytes of each hash as a number that sorts as the hashes do."""
    return hashes[:, :8].copy().view(">u8").reshape(-1).astype(np.uint64)
