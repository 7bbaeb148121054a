"""What entries say of corrections: which event was corrected or taken back, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from goodstanding.record.ledger.entries.register import Body, register, told


@register
@dataclass(frozen=True, slots=True)
class CorrectionMade(Body):
    """An event was corrected or taken back by another one, which the entry before this one took."""

    KIND: ClassVar[str] = "correction.made"

    what: str = told("`corrected`, or `retracted`")
    changed: tuple[str, ...] = told("the columns in which the correcting event differs; none where it only takes back")
    event: str = told("the id of the event that was corrected, under the entry's source", personal=True)
    by: str = told("the id of the event that corrects it, under the same source", personal=True)
    reason: str = told("the reason that was given; its text lies in the vault", personal=True)
