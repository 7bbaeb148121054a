"""The made-up world of the benchmark: which kinds of event there are, how often, and what they hold.

Numbers are chosen so that the work is that of a real policy: some fifty kinds (type, source and label together), one
event in seven read by no factor, about four operations an event, days on which several events of one person fall
together (their order then rests on source and id), and fields that are missing now and then. Nothing here describes
real people. This module imports the standard library alone, because the peers' environments hold little else.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

BEGIN: Final = datetime(2021, 1, 1, tzinfo=UTC)
AS_OF: Final = datetime(2024, 1, 1, tzinfo=UTC)
DAYS: Final = 1_106  # from BEGIN; the last eleven lie after AS_OF, so that about one event in a hundred is too late
STEPS_A_DAY: Final = 48  # times fall on half hours

DAYS_LATE: Final = (-5, -2, -1, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 20, 45, 90)
HOURS: Final = (1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 4, 6, 6, 8, 8, 12)
SEVERITY: Final = (1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event: what it is called, how often it comes (of all events, in thousandths) and what it carries."""

    type: str
    source: str
    label: str | None
    weight: int
    amount: tuple[int, int] | None = None  # from, to (excluded), in the minor unit
    value: tuple[int, ...] | None = None  # sixteen, from what a careful person shows to what a careless one does
    parties: str | None = None
    matters: bool = False
    dated: bool = False  # known to the day only: the time is midnight


PARTIES: Final = {"shop": 300, "employer": 200, "club": 50}
MATTERS_A_PERSON: Final = 3
MISSING_IN_A_HUNDRED: Final = 3  # how often an amount or a value that a kind could have is null


def _bills() -> list[Kind]:
    return [
        Kind("bill.paid", source, label, 20, (2_000, 60_000), DAYS_LATE, dated=True)
        for source in ("grid", "telecom")
        for label in ("gas", "phone", "power", "water")
    ]


def _purchases() -> list[Kind]:
    weights = {"books": 12, "food": 58, "games": 12, "nappies": 10, "other": 28, "travel": 10}
    return [
        Kind("purchase.made", source, label, weight, (500, 90_000), parties="shop")
        for source in ("bank_a", "market")
        for label, weight in weights.items()
    ]


def _bank() -> list[Kind]:
    return [
        kind
        for source in ("bank_a", "bank_b")
        for kind in (
            Kind("loan.opened", source, None, 6, (500_000, 9_000_000), matters=True, dated=True),
            Kind("loan.paid", source, None, 30, (20_000, 400_000), DAYS_LATE, matters=True, dated=True),
            Kind("salary.received", source, None, 40, (200_000, 2_500_000), parties="employer", dated=True),
            Kind("card.statement", source, None, 30, (0, 900_000)),
            Kind("card.limit", source, None, 9, (100_000, 2_000_000)),
        )
    ]


def _conduct() -> list[Kind]:
    return [
        Kind("court.judgment", "court", None, 5, (10_000, 5_000_000), matters=True, dated=True),
        Kind("court.settled", "court", None, 4, matters=True, dated=True),
        Kind("rail.fined", "railway", "seat", 5, (5_000, 50_000), SEVERITY),
        Kind("rail.fined", "railway", "smoking", 4, (5_000, 50_000), SEVERITY),
        Kind("rail.fined", "railway", "ticket", 7, (5_000, 50_000), SEVERITY),
        Kind("rail.travelled", "railway", None, 60, (1_000, 80_000)),
    ]


def _life() -> list[Kind]:
    degrees = {"bachelor": 4, "doctor": 1, "master": 2, "school": 7}
    return [
        Kind("volunteer.served", "city", None, 40, value=HOURS, parties="club"),
        Kind("address.changed", "city", None, 20, dated=True),
        *(Kind("degree.earned", "school", label, weight, dated=True) for label, weight in degrees.items()),
    ]


def _unread() -> list[Kind]:
    """Kinds that no factor reads; those of the second type the catalogue does not even hold."""
    return [
        *(Kind("app.visited", "market", label, 25) for label in ("help", "home", "search")),
        *(Kind("weather.seen", "city", label, 20) for label in ("cloud", "rain", "sun")),
    ]


KINDS: Final = (*_bills(), *_purchases(), *_bank(), *_conduct(), *_life(), *_unread())


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every string that is not an id, by its code; codes ascend with the strings' UTF-8 bytes."""

    types: list[str]
    sources: list[str]
    labels: list[str]
    parties: list[str]


def vocabulary() -> Vocabulary:
    """All strings of the world, each list sorted."""
    return Vocabulary(
        types=sorted({kind.type for kind in KINDS}),
        sources=sorted({kind.source for kind in KINDS}),
        labels=sorted({kind.label for kind in KINDS if kind.label is not None}),
        parties=sorted(f"{pool}-{number:03d}" for pool, size in PARTIES.items() for number in range(size)),
    )
