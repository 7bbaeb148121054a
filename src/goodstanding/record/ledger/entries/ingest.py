"""What entries say of sources and of quarantine: who may send what, what was held back, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from goodstanding.record.ledger.entries.register import Body, register, told


@register
@dataclass(frozen=True, slots=True)
class SourceRegistered(Body):
    """A source may send events from now on; what was said of it before holds no longer."""

    KIND: ClassVar[str] = "source.registered"

    name: str = told("the source, as its events name it")
    types: list[str] = told("the types that it may send, and prefixes of types, such as `loan.*`; `*`: all")
    sensitivity: str = told("the highest sensitivity that it may send: `ordinary`, `financial` or `special`")
    people: int | None = told("how many people consented that it may send events about them; null: nobody was asked")
    consents: str | None = told("hex; SHA-256 of the file of their keyed hashes; null as above")


@register
@dataclass(frozen=True, slots=True)
class EventsHeld(Body):
    """Events were put into quarantine: they are kept, count for nothing, and wait for somebody to decide."""

    KIND: ClassVar[str] = "events.held"

    batch: str = told("the batch that they came in, as its sender calls it")
    rows: int = told("how many")
    reasons: list[str] = told("each reason why, with how many: `ahead: 3`")


@register
@dataclass(frozen=True, slots=True)
class QuarantineDecided(Body):
    """Somebody decided what becomes of events in quarantine, and said why."""

    KIND: ClassVar[str] = "quarantine.decided"

    decision: str = told("`released`: they were taken; or `refused`: they are gone")
    why: str = told("the reason that was given")
    rows: int = told("how many events")
    held: list[str] = told("hex; the names that they had in quarantine, which are keyed hashes")
