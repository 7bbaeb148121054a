"""What entries say of events: that they were taken, and where they lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from goodstanding.record.ledger.entries.register import Body, register, told


@register
@dataclass(frozen=True, slots=True)
class SegmentSealed(Body):
    """A batch of events, or a part of one, lies in a segment: a file that only an erasure ever writes again."""

    KIND: ClassVar[str] = "segment.sealed"

    batch: str = told("the batch, as its sender calls it")
    rows: int = told("how many events")
    people: int = told("how many people they are about")
    root: str = told("hex; the root of the tree whose leaves are each person's salted rows: the name of the segment")
    digest: str = told("hex; SHA-256 of the file as it was written first")
    nonce: str = told("hex; what the leaves' salts are made of, together with each person's key")
    bytes: int = told("the size of the file as it was written first")
    first: int = told("the earliest time of an event, in microseconds since 1970")
    last: int = told("the latest time of an event, in microseconds since 1970")
    people_known: int = told("how many people the home knew when this was written: so many slots of the vault count")


@register
@dataclass(frozen=True, slots=True)
class EventsTaken(Body):
    """Single events were taken together; they lie in the database until they are sealed into a segment."""

    KIND: ClassVar[str] = "events.taken"

    rows: int = told("how many events")
    root: str = told("hex; the root of the tree whose leaves are the salted rows, in order")
    people_known: int = told("how many people the home knew when this was written: so many slots of the vault count")


@register
@dataclass(frozen=True, slots=True)
class EventsSealed(Body):
    """Single events were moved into a segment; what was said when they were taken stands."""

    KIND: ClassVar[str] = "events.sealed"

    root: str = told("hex; the segment that they lie in now")
    taken: list[int] = told("the numbers of the entries that said they were taken")
    rows: int = told("how many events")
