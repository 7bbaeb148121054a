"""What entries say of lists that were given: what was agreed with a sender, what came, and what a reviewer decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from goodstanding.record.ledger.entries.register import Body, register, told


@register
@dataclass(frozen=True, slots=True)
class ListAgreed(Body):
    """Something was agreed with a sender of lists; its key lies with the home's keys, and not here."""

    KIND: ClassVar[str] = "list.agreed"

    name: str = told("what the agreement is called")
    sender: str = told("the source of events with whom it was made")
    gives_back: str = told("what the sender may be told: `counts`, or `matched` for which of its rows were matched")


@register
@dataclass(frozen=True, slots=True)
class ListImported(Body):
    """A list was matched with the people on record; the entries of its batch before this one hold what came of it."""

    KIND: ClassVar[str] = "list.imported"

    name: str = told("the list")
    batch: str = told("the batch of events that was made of it")
    rows: int = told("how many rows it had")
    matched: int = told("how many rows are about somebody on record who may be listed")
    unconsented: int = told("how many rows are about somebody who did not consent to this source: nothing is kept")
    near: int = told("how many rows resemble somebody's identifier; nothing rests on that before a reviewer decides")
    unmatched: int = told("how many rows are about nobody on record")
    complete: bool = told("whether who is not on it any more was taken off")
    agreement: str | None = told("the agreement under which it was sent; null: none")


@register
@dataclass(frozen=True, slots=True)
class NearDecided(Body):
    """A reviewer looked at a row of a list that resembled somebody's identifier, and decided whether it is theirs."""

    KIND: ClassVar[str] = "near.decided"

    name: str = told("the list")
    decision: str = told("`confirmed`: it is, and the listing was taken; or `refused`: it is not, and is gone")
    near: str = told("hex; what the resemblance is called, a keyed hash")
    reason: str = told("the reason that was given; its text lies in the vault", personal=True)
