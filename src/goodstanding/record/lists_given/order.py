"""What is asked for when a list is imported."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done with a list.

    Attributes:
        name: the list. source: who sends it.
        opens, closes: the types of event that open and end a listing; without the second nothing ends by itself.
        by: the kind of identifier.
        complete: whether who is on record as listed, and not in the file, comes off.
        agreement: the one under which it is sent, and under whose key its HMACs, if it holds them, were made.
    """

    name: str
    source: str
    opens: str
    closes: str | None
    actor: str
    by: str = "national_id"
    complete: bool = False
    agreement: str | None = None
