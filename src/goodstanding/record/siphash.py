"""SipHash-1-3 of strings, compiled: the hash under which a home looks up what others have named.

Its key is the home's secret, so whoever sends names cannot make many of them fall into one place on purpose. The form
with one round a word and three at the end (Aumasson and Bernstein 2012) is what Rust's and Python's own tables use.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from goodstanding.record.loops import loop, wrapping
from goodstanding.record.moving import word_at

WORD = 8
"""Bytes of one word."""


@loop
@wrapping
def turn(a, b, c, d):
    """One round over the four words of the state."""
    a += b
    b = (b << np.uint64(13)) | (b >> np.uint64(51))
    b ^= a
    a = (a << np.uint64(32)) | (a >> np.uint64(32))
    c += d
    d = (d << np.uint64(16)) | (d >> np.uint64(48))
    d ^= c
    a += d
    d = (d << np.uint64(21)) | (d >> np.uint64(43))
    d ^= a
    c += b
    b = (b << np.uint64(17)) | (b >> np.uint64(47))
    b ^= c
    c = (c << np.uint64(32)) | (c >> np.uint64(32))
    return a, b, c, d


@loop
def begun(key):
    """The four words of the state before the first word is taken in, for a key of two words."""
    return (
        key[0] ^ np.uint64(0x736F6D6570736575),
        key[1] ^ np.uint64(0x646F72616E646F6D),
        key[0] ^ np.uint64(0x6C7967656E657261),
        key[1] ^ np.uint64(0x7465646279746573),
    )


@loop
def ended(a, b, c, d):
    """The hash, when the last word was taken in."""
    c ^= np.uint64(0xFF)
    for _ in range(3):
        a, b, c, d = turn(a, b, c, d)
    return a ^ b ^ c ^ d


@loop
def siphash(data, start, stop, key):
    """The hash of data[start:stop], under a key of two words."""
    a, b, c, d = begun(key)
    last = np.uint64((stop - start) & 0xFF) << np.uint64(56)
    at = start
    while at + WORD <= stop:
        word = word_at(data, at)
        a, b, c, d = turn(a, b, c, d ^ word)
        a ^= word
        at += WORD
    if at < stop and stop - start >= WORD:  # the last bytes at one go, with some before them that are shifted out
        last |= word_at(data, stop - WORD) >> np.uint64(8 * (WORD - (stop - at)))
    else:
        for i in range(stop - at):
            last |= np.uint64(data[at + i]) << np.uint64(8 * i)
    a, b, c, d = turn(a, b, c, d ^ last)
    a ^= last
    return ended(a, b, c, d)


@loop
def siphash_of_word(word, key):
    """The hash of eight bytes, given as one number."""
    a, b, c, d = begun(key)
    last = np.uint64(WORD) << np.uint64(56)
    a, b, c, d = turn(a, b, c, d ^ word)
    a, b, c, d = turn(a ^ word, b, c, d ^ last)
    a ^= last
    return ended(a, b, c, d)


@loop
def hash_each(data, starts, key, out):
    """Hash strings that lie one after the other: that of number i from starts[i] to starts[i + 1]."""
    for i in range(out.size):
        out[i] = siphash(data, starts[i], starts[i + 1], key)


def sip_key(secret: bytes) -> NDArray[np.uint64]:
    """A key of two words out of sixteen secret bytes."""
    assert len(secret) == 2 * WORD
    return np.frombuffer(secret, "<u8").astype(np.uint64)
