"""What entries say of erasures: that a person is gone, and which files were written anew without them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from goodstanding.record.ledger.entries.register import Body, register, told


@register
@dataclass(frozen=True, slots=True)
class PersonErased(Body):
    """A person was erased: rows, key, ids and texts are gone for ever, and cannot be worked out from what stays."""

    KIND: ClassVar[str] = "person.erased"

    slot: int = told("the number that the person had, and that nobody will have again")
    tombstone: str = told("hex; the keyed hash of the public id, under which what is sent again is refused")
    why: str = told("the reason that was given; it names nobody")
    rows: int = told("how many events went")
    segments: list[str] = told("each segment that was written anew: its root, a space, and the SHA-256 of its new file")
