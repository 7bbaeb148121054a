"""Gaming: a few buy what a policy pays for, nappies without a child or gifts for the receipt, where it pays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from goodstanding.lab.society.commons import Commons
from goodstanding.lab.society.mechanisms.base import Mechanism, register
from goodstanding.lab.society.purposes import IS_GAMER
from goodstanding.lab.society.reading import monthly
from goodstanding.lab.society.snapshot import Snapshot

TRIED_MONTHS: Final = 12
"""Points are reckoned for doing it once a month for a year."""


@dataclass(frozen=True, slots=True)
class Trick:
    """Something to buy for points: which disposition it moves, which event it makes, and what it costs."""

    disposition: str
    type: str
    fields: Mapping[str, Any]
    price: str


TRICKS: Final = (
    Trick("nappies", "purchase.made", {"label": "nappies"}, "events.nappies_price"),
    Trick("giving", "donation.given", {}, "month.gift_amount"),
)


@register
class Gaming(Mechanism):
    """Whether it pays is reckoned as anybody can: the price of a month against the worth of the points."""

    name: ClassVar[str] = "gaming"
    title: ClassVar[Mapping[str, str]] = {"en": "Gaming", "zh": "钻空子"}
    about: ClassVar[Mapping[str, str]] = {
        "en": "Some buy nappies or give gifts, once a month, where the points given for them are worth more.",
        "zh": "部分人在加分所值高于花费时，每月购买纸尿裤或捐赠。",
    }
    parameters: ClassVar[tuple[str, ...]] = (
        "behaviour_gaming.gamers_of_score",
        *(trick.price for trick in TRICKS),
    )

    def __init__(self, commons: Commons) -> None:
        """Who games at all, and who buys what by now."""
        self.games = commons.drawn(IS_GAMER) < commons.number("behaviour_gaming.gamers_of_score")
        self.buys = [np.zeros(commons.residents, np.bool_) for _ in TRICKS]
        self._prices = [commons.number(trick.price) for trick in TRICKS]
        self._events = [
            monthly(TRIED_MONTHS, trick.type, amount=round(price), **trick.fields)
            for trick, price in zip(TRICKS, self._prices, strict=True)
        ]

    def act(self, commons: Commons, snapshot: Snapshot) -> None:
        """Buy for a month what pays; who already buys asks whether the step they stand on is worth it."""
        for trick, price, events, buys in zip(TRICKS, self._prices, self._events, self.buys, strict=True):
            worth = np.zeros(commons.residents, np.float32)
            for rule, seen in enumerate(snapshot.seen):
                reading, ladder = commons.readings[rule], commons.ladders[rule]
                most = float(np.maximum(reading.change(events), 0).sum())
                if most <= 0.0:
                    continue
                more = ladder.pull(seen.scores.score, reading.gained(seen.scores.points, events))
                keeps = ladder.push(seen.scores.score, most)
                worth += commons.heeding(snapshot, rule) * np.where(buys, keeps, more)
            buys[:] = self.games & (worth > price)
            getattr(commons.dispositions, trick.disposition)[:] += buys
            commons.tally.spent_on_score[:] += (buys * price).astype(np.int64)
