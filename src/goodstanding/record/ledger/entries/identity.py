"""What entries say of who is who: identifiers linked, two people found to be one, and that undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from goodstanding.record.ledger.entries.register import Body, register, told


@register
@dataclass(frozen=True, slots=True)
class PersonLinked(Body):
    """Identifiers were linked to people; they lie in the vault as keyed hashes, and nothing of them stands here."""

    KIND: ClassVar[str] = "person.linked"

    what: str = told("the kind of identifier, such as `national_id`")
    identifiers: int = told("how many that nobody had before")
    agreements: list[str] = told("the senders under whose agreed keys they are kept too")


@register
@dataclass(frozen=True, slots=True)
class PersonMerged(Body):
    """Two people were found to be one: the events of the first are the second's from now on, and not before."""

    KIND: ClassVar[str] = "person.merged"

    person: str = told("the one whose events move", personal=True)
    into: str = told("the one whose they are from now on", personal=True)
    reason: str = told("the reason that was given; its text lies in the vault", personal=True)
    rows: int = told("how many events moved, each by a correcting one; the entry before this took them, if any")


@register
@dataclass(frozen=True, slots=True)
class PersonSplit(Body):
    """Two people who had been merged are two again: what moved goes back from now on, and not before."""

    KIND: ClassVar[str] = "person.split"

    person: str = told("the one whose events go back", personal=True)
    out_of: str = told("the one who had them", personal=True)
    reason: str = told("the reason that was given; its text lies in the vault", personal=True)
    rows: int = told("how many events went back, each by a correcting one; the entry before this took them, if any")
