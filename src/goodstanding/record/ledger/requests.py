"""What a log asks of a witness, and what a proof is handed on as: texts in C2SP's forms.

Sources: c2sp.org/tlog-witness (a request: the old size, a consistency proof, a signed head), c2sp.org/tlog-proof (an
entry, its place, an inclusion proof, a signed head).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from goodstanding.record import merkle
from goodstanding.record.notes import Checkpoint, Note, NoteError, Verifier, decoded, encoded

MOST_LINES: Final = 63
"""Of a proof: enough for any tree of fewer than 2**63 leaves."""
OLD: Final = re.compile(r"old (0|[1-9][0-9]{0,15})")
INDEX: Final = re.compile(r"index (0|[1-9][0-9]{0,15})")
PROOF: Final = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Request:
    """A proof that a ledger only grew: from a size, to a signed head.

    It is what witnesses are asked with, and what `ledger prove --from` hands on.
    """

    old: int
    proof: tuple[bytes, ...]
    note: Note

    def __str__(self) -> str:
        """As it is sent."""
        return "\n".join([f"old {self.old}", *map(encoded, self.proof), "", str(self.note)])

    @classmethod
    def parse(cls, text: str) -> Request:
        """What was sent.

        Raises:
            NoteError: it is not of this form.
        """
        lines, found, note = text.partition("\n\n")
        first, *proof = lines.split("\n")
        old = OLD.fullmatch(first)
        if not found or old is None or len(proof) > MOST_LINES:
            raise NoteError("no request: a line `old SIZE`, up to 63 lines of a proof, an empty line and a signed head")
        return cls(int(old[1]), _hashes(proof), Note.parse(note))

    @property
    def head(self) -> Checkpoint:
        """The head that it leads to; nobody's word is checked here.

        Raises:
            NoteError: the note is no head.
        """
        return Checkpoint.parse(self.note.text)

    def holds(self, old_root: bytes) -> bool:
        """Whether the proof leads from the old root to the head."""
        head = self.head
        return merkle.verify_consistency(self.old, head.size, self.proof, old_root, head.root)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A proof that an entry is in a ledger: the entry itself, its number, and a signed head.

    Attributes:
        said: the canonical bytes of the entry; the form calls them `extra`.
    """

    said: bytes
    seq: int
    proof: tuple[bytes, ...]
    note: Note

    def __str__(self) -> str:
        """As it is handed on."""
        head = [PROOF, f"extra {encoded(self.said)}", f"index {self.seq}"]
        return "\n".join([*head, *map(encoded, self.proof), "", str(self.note)])

    @classmethod
    def parse(cls, text: str) -> Receipt:
        """What was handed on.

        Raises:
            NoteError: it is not of this form.
        """
        lines, found, note = text.partition("\n\n")
        first, extra, index, *proof = [*lines.split("\n"), "", ""]
        seq = INDEX.fullmatch(index)
        if not found or first != PROOF or not extra.startswith("extra ") or seq is None:
            raise NoteError(f"no proof: lines `{PROOF}`, `extra ENTRY`, `index NUMBER`, a proof, and a signed head")
        hashes = _hashes([line for line in proof if line])
        return cls(decoded(extra.removeprefix("extra ")), int(seq[1]), hashes, Note.parse(note))

    def require(self, log: Verifier) -> Checkpoint:
        """The head, after all of it was checked.

        Raises:
            NoteError: the log has not signed this head, or the entry is not in the ledger that it stands for.
        """
        self.note.signed_by(log)
        head = Checkpoint.parse(self.note.text)
        leaf = merkle.leaf_hash(self.said)
        if head.origin != log.name or not merkle.verify_inclusion(leaf, self.seq, head.size, self.proof, head.root):
            raise NoteError(f"the entry is not number {self.seq:,} of the ledger that {head.origin} signed")
        return head


def _hashes(lines: list[str]) -> tuple[bytes, ...]:
    hashes = tuple(map(decoded, lines))
    if any(len(one) != merkle.SIZE for one in hashes):
        raise NoteError("a line of the proof is no SHA-256 hash")
    return hashes
