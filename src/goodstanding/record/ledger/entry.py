"""One entry of the ledger: what was said, and the two hashes that hold it in its place.

`leaf` is SHA-256(0x00 ‖ the entry's canonical bytes): a leaf of the ledger's tree. `chain` is SHA-256(the chain before
‖ leaf), and before the first entry there stand 32 zeros: it ties each entry to all that went before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, TypeVar

import orjson
from sqlalchemy import Row

from goodstanding.record import canonical, merkle
from goodstanding.record.ledger.entries import Body, read

START: Final = bytes(32)
"""The chain before the first entry."""

Kind = TypeVar("Kind", bound=Body)


@dataclass(frozen=True, slots=True)
class Said:
    """What is to become an entry.

    Attributes:
        source: who says it; together with `id` it is said once and never again.
        actor: on whose word it was done: the name of an operator, a source, a reviewer.
        time: when it happened, in microseconds since 1970; None: now.
    """

    body: Body
    source: str
    id: str
    actor: str
    time: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, as it stands in the ledger.

    Attributes:
        seq: its number, from 0 and without a gap.
        time: when it happened, as whoever said it has it; `recorded`: when it reached the record; both microseconds.
        written: the canonical bytes of its body.
    """

    seq: int
    kind: str
    source: str
    id: str
    actor: str
    time: int
    recorded: int
    written: bytes
    leaf: bytes
    chain: bytes

    @property
    def body(self) -> dict[str, Any]:
        """What it says."""
        said: dict[str, Any] = orjson.loads(self.written)
        return said

    def read(self, kind: type[Kind]) -> Kind:
        """What it says, as the class of its kind."""
        assert self.kind == kind.KIND
        return read(kind, self.body)

    def to_bytes(self) -> bytes:
        """The canonical bytes that are hashed."""
        return _bytes(self.seq, self.kind, self.source, self.id, self.actor, self.time, self.recorded, self.written)

    def to_json(self) -> dict[str, Any]:
        """As it is handed to people: what is hashed, and the hashes."""
        said = orjson.loads(self.to_bytes())
        return {"entry": said, "leaf": self.leaf.hex(), "chain": self.chain.hex()}


def make(said: Said, seq: int, recorded: int, chain: bytes) -> Entry:
    """The entry of a number and moment, after the chain so far.

    Raises:
        ValueError: its body has no canonical form.
    """
    written = canonical.encode(said.body.to_body())
    time = recorded if said.time is None else said.time
    kind = said.body.KIND
    leaf = merkle.leaf_hash(_bytes(seq, kind, said.source, said.id, said.actor, time, recorded, written))
    after = step(chain, leaf)
    return Entry(seq, kind, said.source, said.id, said.actor, time, recorded, written, leaf, after)


def of_row(row: Row[Any]) -> Entry:
    """The entry that a row of the store holds."""
    columns: Sequence[Any] = row
    return Entry(*columns)


def step(chain: bytes, leaf: bytes) -> bytes:
    """The chain after one more entry."""
    return sha256(chain + leaf).digest()


def _bytes(seq: int, kind: str, source: str, id_: str, actor: str, time: int, recorded: int, written: bytes) -> bytes:
    """The keys in their canonical order; the body as it was written, so that no byte of it can change unseen."""
    return orjson.dumps(
        {
            "actor": actor,
            "body": orjson.Fragment(written),
            "id": id_,
            "kind": kind,
            "recorded": recorded,
            "seq": seq,
            "source": source,
            "time": time,
        }
    )
