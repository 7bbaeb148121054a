"""The few words that drawn policies and drawn events share, so that they meet: types, names, spans, numbers."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

DAY = 86_400_000_000
"""Microseconds in a day, as specification section 2 says: 86,400 s."""

AS_OF = 1_577_836_800_000_000
"""2020-01-01T00:00:00Z, the moment for which drawn events are scored unless another is drawn."""

EARLIEST, LATEST = -2_208_988_800_000_000, 7_258_118_400_000_000
"""1900-01-01 ≤ time < 2200-01-01: specification section 1."""

FIELD_LIMIT = 10**12
NUMBER_LIMIT = 10**18
POINTS_LIMIT = 10_000

PEOPLE = ("p2", "p10", "é")
"""Few, so that their events and ties collide; by UTF-8 bytes in another order than by number or by letter."""

STRANGER = "nobody"
"""Someone whom no drawn event names."""

SOURCES = ("bank", "court", "～bureau", "🚄rail")
"""By UTF-8 bytes `～` stands before `🚄`, by UTF-16 units after it."""

LABELS = ("games", "bachelor", "é")
PARTIES = ("shop", "landlord")
MATTERS = ("loan-1", "loan-2")
TIE_KINDS = ("friend", "family")

SPANS = (1, 2, 7, 30, 90, 365, 730, 36_500)
"""Days. Sums of two are where windows, `within`, `expires`, `closed_after` and notices have their edges."""

WHOLE_NUMBERS = (-FIELD_LIMIT, -12_000, -2, -1, 0, 1, 2, 3, 7, 100, 12_000, FIELD_LIMIT)
DECIMALS = tuple(Decimal(text) for text in ("-1.5", "-0.0001", "0.0001", "0.3333", "0.5", "0.8", "0.95", "1.5", "2.25"))
EXTREMES = (-NUMBER_LIMIT, NUMBER_LIMIT, Decimal("123456789012345678.1234"), Decimal("-999999999999.9999"))


def entry(type_: str, context: str, sensitivity: str) -> Mapping[str, Any]:
    """Describe one type of event as a catalogue does."""
    return {
        "type": type_,
        "title": f"Something happened: {type_}",
        "context": context,
        "amount": "CNY fen",
        "value": "days",
        "sensitivity": sensitivity,
    }


CATALOGUE = (
    entry("bill.paid", "finance", "financial"),
    entry("bill.missed", "finance", "financial"),
    entry("loan.opened", "finance", "financial"),
    entry("loan.repaid", "finance", "financial"),
    entry("rail", "rail", "ordinary"),
    entry("rail.smoking", "rail", "ordinary"),
    entry("rail.ticket.sold", "rail", "ordinary"),
    entry("rail.ticket.refused", "rail", "ordinary"),
    entry("railway.delayed", "rail", "ordinary"),
    entry("loyalty.praised", "government", "special"),
)
"""Types among which the prefixes `rail.*` and `rail.ticket.*` tell `rail` and `railway.delayed` from those below."""

UNKNOWN_TYPES = ("rail.ticket", "bill", "bill.paid.late", "court.listed")
"""Types that no drawn catalogue holds, near to those that some do."""


def catalogue(world: str) -> tuple[Mapping[str, Any], ...]:
    """Give the types that a policy for this world may read: in a live one, none that is special (section 7)."""
    return tuple(one for one in CATALOGUE if world == "synthetic" or one["sensitivity"] != "special")
