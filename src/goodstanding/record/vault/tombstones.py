"""Tombstones: the public ids that were erased, as keyed hashes, so that nothing that is sent again brings them back."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from goodstanding.record.store.database import Database
from goodstanding.record.store.sqlite import WRITING
from goodstanding.record.vault.tables import tombstone

PURPOSE = b"person\0"


class Tombstones:
    """Who was erased. There are few, and all are held in memory.

    Args:
        key: the home's key for identifiers.
    """

    def __init__(self, database: Database, key: bytes) -> None:
        self._database = database
        self._key = key
        with database.reading() as connection:
            self._erased = {bytes(one) for one in connection.scalars(select(tombstone.c.hmac))}

    def __len__(self) -> int:
        """How many."""
        return len(self._erased)

    def digest(self, person: str) -> bytes:
        """What is kept of a public id; the ledger's entry of an erasure says it too."""
        return hmac.digest(self._key, PURPOSE + person.encode(), "sha256")

    def add(self, people: Iterable[str], moment: int) -> None:
        """Never let them in again; on the disk when this returns."""
        self.add_digests((self.digest(person) for person in people), moment)

    def add_digests(self, digests: Iterable[bytes], moment: int) -> None:
        """The same, by what is kept of them: as when erasures are done again on what was restored."""
        rows = [{"hmac": digest, "erased": moment} for digest in digests]
        if rows:
            with self._database.transaction({WRITING: True}) as connection:
                connection.execute(insert(tombstone).on_conflict_do_nothing(), rows)
            self._erased.update(row["hmac"] for row in rows)  # type: ignore[misc] # bytes, the other one is a number

    def among(self, people: Sequence[str]) -> NDArray[np.bool_]:
        """Which of them were erased."""
        if not self._erased:
            return np.zeros(len(people), np.bool_)
        return np.array([self.digest(person) in self._erased for person in people], np.bool_)
