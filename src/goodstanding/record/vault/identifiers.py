"""National ids, telephone numbers and the like: kept as keyed hashes, so that one who is asked about can be found.

An HMAC under a key that lies outside of every database: whoever copies the vault cannot try out all telephone numbers.
Two people never share an identifier; nobody is ever found, or merged, by name.
"""

from __future__ import annotations

import hmac
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, select, update

from goodstanding.errors import RecordError
from goodstanding.record.digests import SIZE
from goodstanding.record.store.database import Database
from goodstanding.record.store.sqlite import WRITING
from goodstanding.record.vault.hashing import digests_of, leading, normalised, normalised_all
from goodstanding.record.vault.matching import FOLDER, Table
from goodstanding.record.vault.nearness import Near, Nearness
from goodstanding.record.vault.tables import identifier, of_slot

Slots: TypeAlias = NDArray[np.int64]
NONE_AGREED: Mapping[str, bytes] = MappingProxyType({})
TOGETHER = 500
"""How many are looked up in one statement."""
INSERT = "INSERT INTO identifier (kind, hmac, slot, near) VALUES (?, ?, ?, ?)"
KIND = re.compile(r"[a-z0-9_]{1,64}(@[a-z0-9_-]{1,64})?")
"""A kind, or one under the key agreed with a sender."""
AT_ONCE = 100_000
"""How many are written in one statement; from so many on, the index of slots is made anew rather than kept up."""


class Identifiers:
    """Who has which identifier.

    Args:
        folder: where the tables for finding many at once lie; None: wherever the database does.
        key: the home's key for identifiers.
    """

    def __init__(self, database: Database, key: bytes, folder: Path | None = None) -> None:
        self._database = database
        self._key = key
        self._nearness = Nearness(key)
        self._folder = (folder or Path(database.place).parent) / FOLDER

    def digest(self, kind: str, text: str) -> bytes:
        """What is kept of an identifier.

        Raises:
            RecordError: no kind, or nothing is left of the identifier.
        """
        _require_kind(kind)
        return hmac.digest(self._key, f"{kind}\0{normalised(text)}".encode(), "sha256")

    def add(self, given: Iterable[tuple[str, str, int]]) -> int:
        """Note identifiers (their kind, what they are, whose slot), all or none; how many were new.

        Raises:
            RecordError: one belongs to somebody else.
        """
        kinds: dict[str, list[tuple[str, int]]] = {}
        for kind, text, slot in given:
            kinds.setdefault(kind, []).append((text, slot))
        noted = [
            self.noted(kind, pa.array([text for text, _ in of], pa.string()), np.array([slot for _, slot in of]))
            for kind, of in kinds.items()
        ]
        return self.write([rows for one in noted for rows in one])

    def noted(self, kind: str, texts: Any, slots: Slots, agreed: Mapping[str, bytes] = NONE_AGREED) -> list[Noted]:
        """What is to be kept of many identifiers of one kind.

        Args:
            texts: a `pa.StringArray`. slots: whose each is.
            agreed: keys agreed with senders, by name: kept under each of these too.

        Raises:
            RecordError: no kind; nothing is left of an identifier; one has two owners.
        """
        _require_kind(kind)
        plain = normalised_all(texts)
        rows = [_noted(kind, digests_of(self._key, kind, plain), slots, self._nearness.prints(plain))]
        return rows + [
            _noted(f"{kind}@{name}", digests_of(key, kind, plain), slots, np.zeros(len(plain), np.uint64))
            for name, key in agreed.items()
        ]

    def write(self, noted: Sequence[Noted]) -> int:
        """Keep what was noted, all or none; how many identifiers were new.

        Raises:
            RecordError: one belongs to somebody else.
        """
        new = [one.without(self._known(one)) for one in noted]
        rows = sum(len(one.slots) for one in new)
        if not rows:
            return 0
        self.forget_tables()
        with self._database.transaction({WRITING: True}) as connection:
            if rows >= AT_ONCE:
                of_slot.drop(connection, checkfirst=True)
            for one in new:
                for some in one.rows(AT_ONCE):
                    connection.exec_driver_sql(INSERT, some)
            of_slot.create(connection, checkfirst=True)
        return sum(len(one.slots) for one in new if "@" not in one.kind)

    def _known(self, noted: Noted) -> NDArray[np.bool_]:
        """Which of them are kept already.

        Raises:
            RecordError: one is somebody else's.
        """
        owners = self._owners(noted.kind, noted.hashes)
        if ((owners >= 0) & (owners != noted.slots)).any():
            raise _is_taken(noted.kind)
        return owners >= 0

    def _owners(self, kind: str, hashes: NDArray[np.uint8]) -> Slots:
        if len(hashes) >= AT_ONCE:
            return self.table(kind).find(hashes)
        with self._database.reading() as connection:
            known = _known(connection, kind, [one.tobytes() for one in hashes])
        return np.array([known.get(one.tobytes(), -1) for one in hashes], np.int64)

    def find(self, kind: str, texts: Sequence[str]) -> Slots:
        """Whose they are: slots, −1 where nobody's."""
        _require_kind(kind)
        with self._database.reading() as connection:
            digests = [self.digest(kind, text) for text in texts]
            known = _known(connection, kind, digests)
        return np.array([known.get(digest, -1) for digest in digests], np.int64)

    def find_all(self, kind: str, texts: Any) -> tuple[Slots, list[tuple[Near, int]]]:
        """Whose very many are, and whom those that are nobody's resemble.

        Args:
            texts: a `pa.StringArray`.

        Returns:
            Slots, −1 where nobody's; and resemblances with the slot of each, on which nothing may rest unseen.

        Raises:
            RecordError: no kind, or nothing is left of an identifier.
        """
        _require_kind(kind)
        plain = normalised_all(texts)
        table = self.table(kind)
        slots = table.find(digests_of(self._key, kind, plain))
        near = self._nearness.look(plain, np.flatnonzero(slots < 0), table.near)
        return slots, [(one, int(table.near_slots[one.at])) for one in near]

    def find_hashes(self, kind: str, agreement: str, hashes: NDArray[np.uint8]) -> Slots:
        """Whose identifiers are behind HMACs, n × 32, under the key agreed with a sender; −1 where nobody's."""
        _require_kind(f"{kind}@{agreement}")
        return self.table(f"{kind}@{agreement}").find(hashes)

    def table(self, kind: str) -> Table:
        """All identifiers of a kind, as a table in which many are found at once; made where it is missing."""
        made = Table.load(self._folder / kind, self._key)
        if made is None:
            made = Table.made(self._rows_of(kind))
            if len(made):
                made.save(self._folder / kind, self._key)
        return made

    def _rows_of(self, kind: str) -> Iterator[Sequence[Any]]:
        """All of a kind, ascending, past SQLAlchemy's rows, which would take longer than everything else together."""
        with self._database.reading() as connection:
            cursor = connection.connection.cursor()
            cursor.execute("SELECT hmac, slot, near FROM identifier WHERE kind = ? ORDER BY hmac", (kind,))
            while some := cursor.fetchmany(AT_ONCE):
                yield some

    def forget_tables(self) -> None:
        """Take away the tables: they hold what is about to change."""
        shutil.rmtree(self._folder, ignore_errors=True)
        if self._folder.exists():
            raise RecordError(f"{self._folder}: cannot be removed; remove it, it is derived")

    def kinds(self, slot: int) -> list[str]:
        """Which kinds of identifiers somebody has, one for each."""
        return [kind for kind, _ in self.of(slot)]

    def of(self, slot: int) -> list[tuple[str, bytes]]:
        """What is kept of somebody's identifiers: the kind and HMAC of each."""
        asked = select(identifier.c.kind, identifier.c.hmac).where(identifier.c.slot == slot)
        with self._database.reading() as connection:
            return [(row.kind, bytes(row.hmac)) for row in connection.execute(asked.order_by(identifier.c.kind))]

    def remove(self, slots: Iterable[int]) -> None:
        """Forget whatever identifies them."""
        self.forget_tables()
        with self._database.transaction({WRITING: True}) as connection:
            for slot in slots:
                connection.execute(delete(identifier).where(identifier.c.slot == slot))

    def give(self, slot: int, to: int, only: Iterable[tuple[str, bytes]] | None = None) -> None:
        """What identified one slot identifies another from now on: two were one person; or some of it alone."""
        self.forget_tables()
        some = self.of(slot) if only is None else only
        with self._database.transaction({WRITING: True}) as connection:
            for kind, digest in some:
                whose = (identifier.c.kind == kind, identifier.c.hmac == digest, identifier.c.slot == slot)
                connection.execute(update(identifier).where(*whose).values(slot=to))


@dataclass(frozen=True, slots=True)
class Noted:
    """Identifiers of one kind as they are kept: ascending by HMAC, each once."""

    kind: str
    hashes: NDArray[np.uint8]
    slots: Slots
    near: NDArray[np.uint64]

    def without(self, known: NDArray[np.bool_]) -> Noted:
        """Those that are not known."""
        return self if not known.any() else Noted(self.kind, self.hashes[~known], self.slots[~known], self.near[~known])

    def rows(self, most: int) -> Iterator[list[tuple[str, bytes, int, int]]]:
        """As they are written, so many at a time."""
        for at in range(0, len(self.slots), most):
            part = slice(at, at + most)
            packed = self.hashes[part].tobytes()
            slots, near = self.slots[part].tolist(), self.near[part].view(np.int64).tolist()
            hashes = [packed[i : i + SIZE] for i in range(0, len(packed), SIZE)]
            yield list(zip([self.kind] * len(slots), hashes, slots, near, strict=True))


def _noted(kind: str, hashes: NDArray[np.uint8], slots: Slots, near: NDArray[np.uint64]) -> Noted:
    """In order, and each once.

    Raises:
        RecordError: one has two owners.
    """
    order = _ascending(hashes)
    hashes, slots, near = hashes[order], slots[order].astype(np.int64), near[order]
    again = np.zeros(len(order), np.bool_)
    again[1:] = (hashes[1:] == hashes[:-1]).all(axis=1)
    if (again[1:] & (slots[1:] != slots[:-1])).any():
        raise _is_taken(kind)
    return Noted(kind, hashes[~again], slots[~again], near[~again])


def _ascending(hashes: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Their order; by the first eight bytes, which tell nearly all apart, and by the rest only where they do not."""
    words = leading(hashes)
    order = np.argsort(words, kind="stable")
    same = words[order[1:]] == words[order[:-1]]
    if (hashes[order[1:][same]] == hashes[order[:-1][same]]).all():
        return order
    return np.lexsort(hashes.T[::-1])


def _is_taken(kind: str) -> RecordError:
    return RecordError(f"an identifier of the kind {kind} belongs to somebody else already; nothing was noted")


def _require_kind(kind: str) -> None:
    if not KIND.fullmatch(kind):
        raise RecordError(f"{kind!r} is no kind of identifier: lower-case letters, digits and _ were expected")


def _known(connection: Connection, kind: str, digests: Sequence[bytes]) -> dict[bytes, int]:
    """The slots of those identifiers that are known."""
    found: dict[bytes, int] = {}
    for start in range(0, len(digests), TOGETHER):
        asked = select(identifier.c.hmac, identifier.c.slot).where(
            identifier.c.kind == kind, identifier.c.hmac.in_(digests[start : start + TOGETHER])
        )
        found.update({bytes(row.hmac): row.slot for row in connection.execute(asked)})
    return found
