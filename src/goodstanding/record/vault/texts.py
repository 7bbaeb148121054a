"""Sealed texts: what is said of somebody in words, readable only while their key is there.

AES-256-GCM under a key that is derived from the person's; the text's id and whose it is are authenticated with it, so
that a row cannot be put in another's place.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Sequence
from secrets import token_bytes
from typing import TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, select

from goodstanding.errors import RecordError, TamperError
from goodstanding.record.store.database import Database
from goodstanding.record.store.sqlite import WRITING
from goodstanding.record.vault.tables import sealed_text

PURPOSE = b"goodstanding: sealed texts"
NONCE = 12
"""Bytes; drawn at random, for far fewer texts a person than the 2**32 that one key is good for."""

KeyOf: TypeAlias = Callable[[int], bytes]
"""The key of a person, by slot; zeros once they are erased."""


class SealedTexts:
    """Texts under their people's keys."""

    def __init__(self, database: Database, key_of: KeyOf) -> None:
        self._database = database
        self._key_of = key_of

    def seal(self, name: str, slot: int, text: str) -> None:
        """Keep a text under a name that no other one has.

        Raises:
            RecordError: the person is erased.
            sqlalchemy.exc.IntegrityError: a text of that name is there.
        """
        self.seal_all([(name, slot, text)])

    def seal_all(self, texts: Sequence[tuple[str, int, str]]) -> None:
        """Keep several (the name, whose, what is said), all or none.

        Raises:
            RecordError: a person is erased.
            sqlalchemy.exc.IntegrityError: a text of such a name is there.
        """
        rows = []
        for name, slot, text in texts:
            nonce = token_bytes(NONCE)
            cipher = self._cipher(slot).encrypt(nonce, text.encode(), _bound(name, slot))
            rows.append({"id": name, "slot": slot, "nonce": nonce, "cipher": cipher})
        if rows:
            with self._database.transaction({WRITING: True}) as connection:
                connection.execute(sealed_text.insert(), rows)

    def named(self, prefix: str) -> list[tuple[str, int]]:
        """The names of all texts that begin so, in order, and whose they are."""
        asked = select(sealed_text.c.id, sealed_text.c.slot).where(sealed_text.c.id.startswith(prefix, autoescape=True))
        with self._database.reading() as connection:
            rows = connection.execute(asked.order_by(sealed_text.c.id))
            return [(row.id, row.slot) for row in rows if row.id.startswith(prefix)]  # LIKE makes no odds of case

    def take_away(self, name: str) -> None:
        """Forget one text."""
        with self._database.transaction({WRITING: True}) as connection:
            connection.execute(delete(sealed_text).where(sealed_text.c.id == name))

    def open(self, name: str) -> str:
        """What was said.

        Raises:
            RecordError: there is no such text, or its person is erased.
            TamperError: it is not as it was sealed.
        """
        with self._database.reading() as connection:
            row = connection.execute(select(sealed_text).where(sealed_text.c.id == name)).one_or_none()
        if row is None:
            raise RecordError(f"{self._database.place}: holds no text {name!r}")
        try:
            text = self._cipher(row.slot).decrypt(row.nonce, row.cipher, _bound(name, row.slot))
        except InvalidTag:
            raise TamperError(f"{self._database.place}: the text {name!r} is not as it was sealed") from None
        return text.decode()

    def remove(self, slots: Iterable[int]) -> None:
        """Take away what was said of them; without their keys nobody could read it anyway."""
        with self._database.transaction({WRITING: True}) as connection:
            for slot in slots:
                connection.execute(delete(sealed_text).where(sealed_text.c.slot == slot))

    def _cipher(self, slot: int) -> AESGCM:
        key = self._key_of(slot)
        if not any(key):
            raise RecordError(f"{self._database.place}: the person of slot {slot:,} is erased")
        return AESGCM(hmac.digest(key, PURPOSE, "sha256"))


def _bound(name: str, slot: int) -> bytes:
    return f"{slot}\0{name}".encode()
