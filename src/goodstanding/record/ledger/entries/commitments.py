"""Commitments: what is personal in an entry, checked by those who may know it, and erased by losing a key.

An entry can never be taken back. So nothing personal stands in one, only the hash of it together with a salt, and the
salt is worked out from the person's key, which lies in the vault. Whoever has the key can show what was meant; when the
key is gone, no one can, and there is nothing left to guess at.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

SALT: Final = 16
"""Bytes of a salt."""


def commit(text: str, salt: bytes) -> str:
    """The commitment to a text: hex of SHA-256(salt ‖ text)."""
    assert len(salt) == SALT
    return sha256(salt + text.encode()).hexdigest()


def salt_of(key: bytes, source: str, entry_id: str) -> bytes:
    """The salt for a person in one entry, worked out from the person's key.

    No two entries share a salt: nobody can tell from the ledger alone which of them are about the same person.
    """
    assert any(key), "an erased person has no salt"
    return sha256(b"\0".join([key, b"entry", source.encode(), entry_id.encode()])).digest()[:SALT]
