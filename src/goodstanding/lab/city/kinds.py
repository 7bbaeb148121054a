"""The kinds of event that happen in a city: type, source, label. The first entry is VOID, as in every book.

Types are those of the shipped policies' catalogues, and a few that no policy reads (wages, journeys), because a city
holds more than is scored. Parties and matters are small dictionaries: a matter's name is one's own ("loan-2" is the
second loan of whoever is meant).
"""

from __future__ import annotations

from typing import Final

from goodstanding.lab.city.arrays import DEGREES, WORKS

SPEECH: Final = ("praise", "critical", "rumour")
GOODS: Final = ("food", "clothes", "electronics", "games", "nappies")
BOOKINGS: Final = ("hotel", "flight", "insurance")

PLAIN: Final = {
    "employer": ("salary.paid", "insurance.paid", "fund.paid"),
    "tax-office": ("tax.paid",),
    "utility": ("bill.paid", "water_bill.unpaid", "service_fee.late"),
    "bank": (
        "credit.limit", "credit.balance", "card.limit", "card.statement", "card.payment", "card.status",
        "loan.taken", "loan.repaid", "loan.overdue", "loan.defaulted", "contract.breached",
    ),
    "shop": ("receipt.unconfirmed",),
    "charity": ("donation.given",),
    "hire-firm": ("service.ended", "service.broken"),
    "game-server": ("game.played",),
    "railway": (
        "journey.rail", "fare.unpaid", "fare.paid",
        "rail.disorder", "rail.smoking", "rail.scalping", "rail.other_offence",
    ),
    "airline": ("journey.air", "air.dangerous_goods", "air.disorder", "air.hindering"),
    "police": ("traffic.ticket", "traffic.red_light", "traffic.drunk_driving"),
    "city-office": (
        "volunteer.served", "brave.act", "commendation.received", "hero.nominated", "residence.registered",
        "parents.neglected", "birth.unplanned",
    ),
    "blood-bank": ("blood.donated",),
    "platform": ("profile.completed", "contact.phone_changed", "contact.address_changed"),
    "registry": ("property.registered",),
    "court": ("court.listed", "court.settled"),
    "network": ("loyalty.petition", "loyalty.siege", "loyalty.party_warning", "loyalty.study"),
    "state-office": ("state.watched",),
}  # fmt: skip
"""By source, the types that carry no label."""

LABELLED: Final = (
    ("work.recorded", "employer", WORKS),
    ("degree.earned", "school", DEGREES[1:]),
    ("purchase.made", "shop", GOODS),
    ("booking.made", "platform", BOOKINGS),
    ("loyalty.speech", "network", SPEECH),
)
"""Types whose events carry one of some labels."""

SCORERS: Final = ("a", "b", "c", "d", "e", "f", "g", "h")
"""The eight scorers, whose scores may be fed into another: events `platform.score` of the source `scorer-a` and on."""

KINDS: Final = (
    ("", "", ""),
    *((type_, source, "") for source, types in PLAIN.items() for type_ in types),
    *((type_, source, label) for type_, source, labels in LABELLED for label in labels),
    *(("platform.score", f"scorer-{letter}", "") for letter in SCORERS),
)
"""Type, source and label of each kind."""


def kind_of(type_: str, label: str = "", source: str | None = None) -> int:
    """The number of a kind."""
    fits = [
        number
        for number, (type_of, source_of, label_of) in enumerate(KINDS)
        if (type_of, label_of) == (type_, label) and source in {None, source_of}
    ]
    return fits[0]


PARTIES: Final = ("", *(f"{who}-{number:02d}" for who, many in (
    ("employer", 40), ("utility", 3), ("shop", 60), ("bank", 6), ("court", 4), ("hire-firm", 5), ("carrier", 4),
) for number in range(1, many + 1)))  # fmt: skip
"""The other sides of events, by code."""

MOST_MATTERS: Final = 1_000
MATTERS: Final = (
    "",
    *(f"{what}-{number}" for what in ("loan", "case", "fare", "property") for number in range(1, MOST_MATTERS + 1)),
)
"""Matters, by code: those of the first kind of thing come first, numbered from 1."""


def party(who: str, number: int = 1) -> int:
    """The code of a party."""
    return PARTIES.index(f"{who}-{number:02d}")


def first_matter(what: str) -> int:
    """The code before the first matter of a kind: add the number of the loan, the case, the fare."""
    return MATTERS.index(f"{what}-1") - 1
