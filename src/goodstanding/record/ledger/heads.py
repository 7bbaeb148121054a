"""Signed heads: what the ledger's owner stands for at one size, with the signatures of those who witnessed it.

No head is signed that contradicts an earlier one (c2sp.org/tlog-checkpoint): before each signature the leaves are gone
through since the last one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from goodstanding.errors import RecordError, TamperError
from goodstanding.record.ledger.ledger import CHUNK, Ledger
from goodstanding.record.ledger.requests import Receipt, Request
from goodstanding.record.ledger.trust import Trust
from goodstanding.record.merkle import SIZE, Frontier
from goodstanding.record.notes import Checkpoint, Note, Signature, Signer, Verifier, witnessed
from goodstanding.record.store import checkpoint, cosignature


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a head is witnessed.

    Attributes:
        by: the names of the witnesses that signed it, as the trust has them.
        enough: whether they are a quorum.
    """

    by: tuple[str, ...]
    enough: bool


class Heads:
    """The signed heads of a ledger.

    Args:
        signer: the ledger's key; its name is the ledger's.
    """

    def __init__(self, ledger: Ledger, signer: Signer) -> None:
        self.ledger = ledger
        self.signer = signer
        self._gone_through = Frontier()

    @property
    def log(self) -> Verifier:
        """The key that heads are signed with."""
        return self.signer.verifier

    def sign(self) -> Note:
        """The head as it is now, signed and kept, with the cosignatures that it has.

        Raises:
            TamperError: the ledger is not what was signed before, or does not come to its own root.
        """
        now = self.ledger.head()
        self._require_grown(now.size, now.root)
        note = self.signer.sign(Checkpoint(self.signer.name, now.size, now.root).text())
        with self.ledger.store.writing() as connection:
            kept = connection.scalar(select(checkpoint.c.note).where(checkpoint.c.size == now.size))
            if kept is None:
                values = {"size": now.size, "note": str(note), "recorded": now.recorded}
                connection.execute(checkpoint.insert().values(values))
            elif kept != str(note):
                raise TamperError(f"another head of {now.size:,} entries was signed before: the ledger was rewritten")
            return _with_cosignatures(connection, now.size, note)

    def signed(self) -> Iterator[Note]:
        """All heads that were signed, the smallest first, with their cosignatures."""
        with self.ledger.store.reading() as connection:
            for row in connection.execute(select(checkpoint).order_by(checkpoint.c.size)).all():
                yield _with_cosignatures(connection, row.size, Note.parse(row.note))

    def at(self, size: int | None = None) -> Note:
        """The signed head of a size; None: the newest.

        Raises:
            RecordError: none was signed.
        """
        rows = select(checkpoint).order_by(checkpoint.c.size.desc())
        with self.ledger.store.reading() as connection:
            row = connection.execute(rows if size is None else rows.where(checkpoint.c.size == size)).first()
            if row is None:
                what = "head" if size is None else f"head of {size:,} entries"
                raise RecordError(f"no {what} was signed; sign one with `goodstanding ledger head`")
            return _with_cosignatures(connection, row.size, Note.parse(row.note))

    def add(self, note: Note, key: Verifier, line: Signature) -> Note:
        """Keep a witness's signature under a signed head.

        Raises:
            NoteError: it does not hold.
        """
        size = Checkpoint.parse(note.text).size
        Note(note.text, (line,)).signed_by(key)
        there = select(cosignature.c.line).where(cosignature.c.size == size, cosignature.c.witness == key.vkey)
        with self.ledger.store.writing() as connection:
            if connection.scalar(there) is None:
                connection.execute(cosignature.insert().values(size=size, witness=key.vkey, line=line.line()))
            return _with_cosignatures(connection, size, note)

    def last_of(self, key: Verifier) -> int:
        """The size of the newest head that a witness signed; 0: none."""
        sizes = select(cosignature.c.size).where(cosignature.c.witness == key.vkey).order_by(cosignature.c.size.desc())
        with self.ledger.store.reading() as connection:
            return connection.scalar(sizes.limit(1)) or 0

    def receipt(self, seq: int, note: Note | None = None) -> Receipt:
        """The proof that an entry is in the ledger of a signed head; None: the newest.

        Raises:
            RecordError: the head is older than the entry, or none was signed.
        """
        note = note or self.at()
        size = Checkpoint.parse(note.text).size
        proof = self.ledger.prove(seq, size)
        return Receipt(self.ledger.entry(seq).to_bytes(), seq, tuple(proof), note)

    def grown(self, old: int, note: Note | None = None) -> Request:
        """The proof that the ledger of a size is the beginning of that of a signed head; None: the newest.

        Raises:
            RecordError: the head is smaller, or none was signed.
        """
        note = note or self.at()
        return Request(old, tuple(self.ledger.consistency(old, Checkpoint.parse(note.text).size)), note)

    def _require_grown(self, size: int, root: bytes) -> None:
        """The leaves come to the root that is to be signed, and on the way to every root that was signed before."""
        signed = {head.size: head.root for note in self.signed() for head in [Checkpoint.parse(note.text)]}
        frontier = Frontier(self._gone_through.size, self._gone_through.nodes)
        for leaf in self._leaves(frontier.size, size):
            frontier.append(leaf)
            if frontier.size in signed and signed[frontier.size] != frontier.root():
                raise TamperError(
                    f"another head of {frontier.size:,} entries was signed before: the ledger was rewritten"
                )
        if frontier.size != size or frontier.root() != root:
            raise TamperError("the entries do not come to the head; run `goodstanding ledger verify`")
        if any(other > size for other in signed):
            raise TamperError("a head with more entries was signed before: entries were cut off")
        self._gone_through = frontier

    def _leaves(self, first: int, size: int) -> Iterator[bytes]:
        for at in range(first, size, CHUNK):
            packed = self.ledger.leaves(min(at + CHUNK, size), at)
            yield from (packed[start : start + SIZE] for start in range(0, len(packed), SIZE))


def standing(note: Note, trust: Trust) -> Standing:
    """How far a signed head is witnessed, by those whom one trusts.

    Raises:
        NoteError: a signature of one of them does not hold.
    """
    signed = {(one.name, one.key_id) for one in witnessed(note, [one.key for one in trust.witnesses.values()])}
    by = tuple(name for name, one in trust.witnesses.items() if (one.key.name, one.key.key_id) in signed)
    return Standing(by, trust.enough(by))


def _with_cosignatures(connection: Connection, size: int, note: Note) -> Note:
    rows = select(cosignature.c.line).where(cosignature.c.size == size).order_by(cosignature.c.witness)
    lines = [Signature.parse(line.rstrip("\n")) for line in connection.scalars(rows)]
    return Note(note.text, (*note.signatures[:1], *lines))
