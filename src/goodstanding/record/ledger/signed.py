"""The signed heads that a ledger is held against: those it kept, with their cosignatures, and those brought along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Row, select

from goodstanding.record.ledger.findings import Fault, tried
from goodstanding.record.ledger.trust import Trust
from goodstanding.record.notes import Checkpoint, Note, NoteError, Signature, Verifier, witnessed
from goodstanding.record.store import Store, checkpoint, cosignature


@dataclass(frozen=True, slots=True)
class SignedHead:
    """One head that the ledger must come to.

    Attributes:
        recorded: when its last entry reached the record, as was kept beside it; None: it was brought along.
    """

    where: str
    head: Checkpoint
    recorded: int | None = None


@dataclass(slots=True)
class SignedHeads:
    """All of them, and what is wrong with them by themselves."""

    log: Verifier
    trust: Trust
    heads: list[SignedHead] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    cosignatures: int = 0

    def read(self, store: Store) -> None:
        """Take up those that the store keeps."""
        rows: list[Row[tuple[object, ...]]] = []
        lines: list[Row[tuple[object, ...]]] = []

        def load() -> Iterable[Fault]:
            with store.reading() as connection:
                rows.extend(connection.execute(select(checkpoint).order_by(checkpoint.c.size)))
                lines.extend(connection.execute(select(cosignature).order_by(*cosignature.primary_key)))
            return ()

        self.faults += tried("the signed heads", load)
        notes: dict[int, str] = {}
        for row in rows:
            self.faults += tried(_called(row.size), lambda: self._stored(row, notes))  # noqa: B023 called at once
        for line in lines:
            self.faults += tried(_called(line.size), lambda: self._cosigned(line, notes))  # noqa: B023 called at once

    def bring(self, given: Sequence[Note]) -> None:
        """Take up those that somebody kept elsewhere."""
        for at, note in enumerate(given, 1):
            self.faults += tried(f"head {at} that was brought along", lambda: self._given(note))  # noqa: B023 at once

    def _stored(self, row: Row[tuple[object, ...]], notes: dict[int, str]) -> Iterator[Fault]:
        note = Note.parse(row.note)
        head = self._head(note)
        if head.size != row.size:
            yield Fault(_called(row.size), f"it says {head.size:,} entries", "the size that it was kept under")
        if str(Note(note.text, note.signatures[:1])) != row.note:
            yield Fault(_called(row.size), "signatures besides the ledger's own", "one signature")
        notes[row.size] = note.text
        self.heads.append(SignedHead(_called(head.size), head, row.recorded))

    def _given(self, note: Note) -> Iterable[Fault]:
        head = self._head(note)
        self.heads.append(SignedHead(f"the head of {head.size:,} entries that was brought along", head))
        self.cosignatures += len(witnessed(note, [one.key for one in self.trust.witnesses.values()]))
        return ()

    def _head(self, note: Note) -> Checkpoint:
        note.signed_by(self.log)
        head = Checkpoint.parse(note.text)
        if head.origin != self.log.name:
            raise NoteError(f"it is a head of {head.origin}, and this is {self.log.name}")
        return head

    def _cosigned(self, row: Row[tuple[object, ...]], notes: dict[int, str]) -> Iterator[Fault]:
        """Under the key that stands beside it; only those of trusted keys count."""
        key = Verifier.from_vkey(row.witness)
        signature = Signature.parse(row.line.removesuffix("\n"))
        if row.size not in notes:
            yield Fault(_called(row.size), f"gone, and {key.name} has signed it", "the head that was signed")
            return
        Note(notes[row.size], (signature,)).signed_by(key)
        if signature.line() != row.line or key.vkey != row.witness:
            yield Fault(_called(row.size), "a line that nobody writes so", "a cosignature")
        self.cosignatures += key in {one.key for one in self.trust.witnesses.values()}


def _called(size: object) -> str:
    return f"the signed head of {size:,} entries" if isinstance(size, int) else "a signed head"
