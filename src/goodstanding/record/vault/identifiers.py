"""National ids, telephone numbers and the like: kept as keyed hashes, so that one who is asked about can be found.

An HMAC under a key that lies outside of every database: whoever copies the vault cannot try out all telephone numbers.
Two people never share an identifier; nobody is ever found, or merged, by name.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, select, update

from goodstanding.errors import RecordError
from goodstanding.record.store.database import Database
from goodstanding.record.store.sqlite import WRITING
from goodstanding.record.vault.tables import identifier

KIND = re.compile(r"[a-z0-9_]{1,64}")
SEPARATORS = re.compile(r"[\s\-./()·]+")
TOGETHER = 500
"""How many are looked up in one statement."""


class Identifiers:
    """Who has which identifier.

    Args:
        key: the home's key for identifiers.
    """

    def __init__(self, database: Database, key: bytes) -> None:
        self._database = database
        self._key = key

    def digest(self, kind: str, text: str) -> bytes:
        """What is kept of an identifier.

        Raises:
            RecordError: no kind, or nothing is left of the identifier.
        """
        if not KIND.fullmatch(kind):
            raise RecordError(f"{kind!r} is no kind of identifier: lower-case letters, digits and _ were expected")
        return hmac.digest(self._key, f"{kind}\0{normalised(text)}".encode(), "sha256")

    def add(self, given: Iterable[tuple[str, str, int]]) -> int:
        """Note identifiers (their kind, what they are, whose slot), all or none; how many were new.

        Raises:
            RecordError: one belongs to somebody else.
        """
        wanted: dict[tuple[str, bytes], int] = {}
        for kind, text, slot in given:
            _require_same(kind, wanted.setdefault((kind, self.digest(kind, text)), slot), slot)
        with self._database.transaction({WRITING: True}) as connection:
            known = _known(connection, list(wanted))
            for (kind, _), slot in known.items():
                _require_same(kind, slot, wanted[kind, _])
            rows = [
                {"kind": kind, "hmac": digest, "slot": slot}
                for (kind, digest), slot in wanted.items()
                if (kind, digest) not in known
            ]
            if rows:
                connection.execute(identifier.insert(), rows)
        return len(rows)

    def find(self, kind: str, texts: Sequence[str]) -> NDArray[np.int64]:
        """Whose they are: slots, −1 where nobody's."""
        digests = [self.digest(kind, text) for text in texts]
        with self._database.reading() as connection:
            known = _known(connection, [(kind, digest) for digest in digests])
        return np.array([known.get((kind, digest), -1) for digest in digests], np.int64)

    def kinds(self, slot: int) -> list[str]:
        """Which kinds of identifiers somebody has, one for each."""
        asked = select(identifier.c.kind).where(identifier.c.slot == slot).order_by(identifier.c.kind)
        with self._database.reading() as connection:
            return list(connection.scalars(asked))

    def remove(self, slots: Iterable[int]) -> None:
        """Forget whatever identifies them."""
        with self._database.transaction({WRITING: True}) as connection:
            for slot in slots:
                connection.execute(delete(identifier).where(identifier.c.slot == slot))

    def give(self, slot: int, to: int) -> None:
        """What identified one slot identifies another from now on: two were one person."""
        with self._database.transaction({WRITING: True}) as connection:
            connection.execute(update(identifier).where(identifier.c.slot == slot).values(slot=to))


def normalised(text: str) -> str:
    """An identifier without what people put between its signs, in one case and one width.

    Raises:
        RecordError: nothing is left.
    """
    left = SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not left:
        raise RecordError(f"{text!r} is no identifier: a sign besides spaces and hyphens was expected")
    return left


def _require_same(kind: str, owner: int, slot: int) -> None:
    if owner != slot:
        raise RecordError(f"an identifier of the kind {kind} belongs to somebody else already; nothing was noted")


def _known(connection: Connection, wanted: Sequence[tuple[str, bytes]]) -> dict[tuple[str, bytes], int]:
    """The slots of those identifiers that are known."""
    kinds: dict[str, list[bytes]] = {}
    for kind, digest in wanted:
        kinds.setdefault(kind, []).append(digest)
    found: dict[tuple[str, bytes], int] = {}
    for kind, digests in kinds.items():
        for start in range(0, len(digests), TOGETHER):
            asked = select(identifier.c.hmac, identifier.c.slot).where(
                identifier.c.kind == kind, identifier.c.hmac.in_(digests[start : start + TOGETHER])
            )
            found.update({(kind, bytes(row.hmac)): row.slot for row in connection.execute(asked)})
    return found
