"""Events as two keyed hashes each: of the id with its source, and of all that the event says (but `recorded`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.events.texts import text_buffers
from goodstanding.record.ingest.hashing import hash_rows
from goodstanding.record.moving import settled
from goodstanding.record.siphash import hash_each, sip_key

Hashes = NDArray[np.uint64]

CODED: Final = ("type", "label", "party", "matter", "replaces")
KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """The hashes of some rows, in their order."""

    ids: Hashes
    contents: Hashes

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def joined(cls, parts: Sequence[Fingerprints]) -> Fingerprints:
        """Those of several stretches of rows, one after the other."""
        if len(parts) == 1:
            return parts[0]
        return cls(np.concatenate([part.ids for part in parts]), np.concatenate([part.contents for part in parts]))


class Hasher:
    """Hashes under a home's key for them; each use of it has a key of its own, made of that one.

    Args:
        key: the home's, `KEY_BYTES` random bytes.
    """

    def __init__(self, key: bytes) -> None:
        assert len(key) == KEY_BYTES
        self._key = key
        self._keys: dict[str, NDArray[np.uint64]] = {}

    @property
    def check(self) -> int:
        """What tells this key from others and says nothing of it."""
        return int(self._texts("check", pa.array([""]))[0])

    def people(self, people: Any) -> Hashes:
        """The hashes of people's public ids, a `pa.StringArray`."""
        return self._texts("person", people)

    def ids(self, source: str, ids: Any) -> Hashes:
        """The hashes of ids of one source, a `pa.StringArray`."""
        return self._texts(f"id of {source}", ids)

    def rows(self, source: str, batch: Any, people: Hashes | None = None) -> Fingerprints:
        """The hashes of a batch of events of one source, in the columns in which a reader gives them.

        Args:
            people: the hashes of each row's person, where somebody has them already.
        """
        people = self.people(batch.column("person")) if people is None else people
        ids = self.ids(source, batch.column("id"))
        codes, starts, hashes = self._coded([batch.column(name) for name in CODED], len(batch))
        contents = np.empty(len(batch), np.uint64)
        hash_rows(self._of("content"), ids, people, _numbers(batch), codes, starts, hashes, contents)
        return Fingerprints(ids, contents)

    def _coded(self, columns: list[Any], rows: int) -> tuple[NDArray[np.int32], NDArray[np.int64], Hashes]:
        codes = np.empty((len(columns), rows), np.int32)
        tables: list[Hashes] = []
        for number, column in enumerate(columns):
            codes[number] = column.indices.fill_null(-1).to_numpy()
            tables += [np.zeros(1, np.uint64), self._texts(f"word of column {number}", column.dictionary)]
        sizes = [len(nothing) + len(words) for nothing, words in zip(tables[::2], tables[1::2], strict=True)]
        return codes, np.cumsum([0, *sizes[:-1]]), np.concatenate(tables)

    def _texts(self, use: str, texts: Any) -> Hashes:
        hashes = np.empty(len(texts), np.uint64)
        if len(texts):
            offsets, data = text_buffers(texts)
            hash_each(data, settled(offsets), self._of(use), hashes)
        return hashes

    def _of(self, use: str) -> NDArray[np.uint64]:
        """The key for one use."""
        if use not in self._keys:
            self._keys[use] = sip_key(blake2b(use.encode(), key=self._key, digest_size=KEY_BYTES // 2).digest())
        return self._keys[use]


def _numbers(batch: Any) -> NDArray[np.int64]:
    """What stands in the columns of whole numbers, and in the first row which of it is nothing."""
    numbers = np.zeros((4, len(batch)), np.int64)
    numbers[1] = batch.column("time").to_numpy()
    for place, name in enumerate(("amount", "value")):
        column = batch.column(name)
        numbers[2 + place] = column.fill_null(0).to_numpy()
        if column.null_count:
            numbers[0] |= column.is_null().to_numpy(zero_copy_only=False).astype(np.int64) << place
    return numbers
