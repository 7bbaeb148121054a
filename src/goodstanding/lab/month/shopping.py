"""Purchases, games, nappies, gifts, bookings, and play."""

from __future__ import annotations

from typing import Final

import numpy as np

from goodstanding.lab.loops import loop
from goodstanding.lab.month.dice import (
    BOOKING,
    BOUGHT,
    BUYING,
    GAME,
    GIFT,
    NAPPIES,
    PLAY,
    RECEIPT,
    SLOTS,
    ZERO,
    four,
    lasting,
    looked_up,
    many,
    moment,
)
from goodstanding.lab.month.sheet import NONE, first_of, kind, note

FOOD: Final = kind("purchase.made", "food")
CLOTHES: Final = kind("purchase.made", "clothes")
ELECTRONICS: Final = kind("purchase.made", "electronics")
GAMES: Final = kind("purchase.made", "games")
NAPPY_PACK: Final = kind("purchase.made", "nappies")
UNCONFIRMED: Final = kind("receipt.unconfirmed")
GIVEN: Final = kind("donation.given")
HOTEL: Final = kind("booking.made", "hotel")
INSURANCE_BOOKED: Final = kind("booking.made", "insurance")
PLAYED: Final = kind("game.played")
FIRST_SHOP: Final = first_of("shop")
SHOPS: Final = 60
UP_TO_FOOD, UP_TO_CLOTHES = 0.55, 0.85
"""Of purchases that are neither games nor nappies: food, then clothes, then electronics. No policy tells them apart."""


@loop
def shopping(first, size, when, key, traits, state, dispositions, tally, rates, tables, sheet):
    """A month's purchases and play. What belongs to a life is paid out of what is lived on; what is added is extra."""
    rate = rates.purchases * rates.recorded
    played = rates.gamers > 0.0
    for who in range(size):
        i = first + who
        buying, games_bought, days, unconfirmed = four(key, i, when.month, BUYING, ZERO)
        bought = many(rate * (1.0 - rates.games_share), buying)
        for n in range(bought):
            what, how_much, time, where = four(key, i, when.month, BOUGHT, n)
            kind = FOOD if what < UP_TO_FOOD else CLOTHES if what < UP_TO_CLOTHES else ELECTRONICS
            amount = np.int64(rates.amount * looked_up(tables.purchase, how_much))
            note(
                sheet,
                who,
                moment(when, time, BOUGHT * SLOTS + n),
                kind,
                amount,
                NONE,
                FIRST_SHOP + np.int64(where * SHOPS),
                ZERO,
            )
        careless = looked_up(tables.careless, float(traits.honesty[i]))
        if unconfirmed < rates.unconfirmed * bought * careless:
            note(
                sheet, who, moment(when, unconfirmed * 7.0 % 1.0, RECEIPT * SLOTS), UNCONFIRMED, NONE, NONE, ZERO, ZERO
            )
        if played and float(traits.liking_games[i]) >= 1.0 - rates.gamers:
            liking = float(dispositions.games[i])
            for n in range(many(rate * rates.games_share / rates.gamers * liking, games_bought)):
                how_much, time, where, _ = four(key, i, when.month, GAME, n)
                amount = np.int64(rates.game_price * looked_up(tables.purchase, how_much))
                shop = FIRST_SHOP + np.int64(where * SHOPS)
                note(sheet, who, moment(when, time, GAME * SLOTS + n), GAMES, amount, NONE, shop, ZERO)
            for n in range(many(rates.days, days)):
                long, time, _, _ = four(key, i, when.month, PLAY, n)
                hours = np.int64(min(lasting(rates.hours * liking, long) + 0.5, 20.0))
                if hours > 0:
                    note(sheet, who, moment(when, time, PLAY * SLOTS + n), PLAYED, NONE, hours, ZERO, ZERO)
        own = rates.nappies if traits.parent[i] else 0.0
        nappies, giving = float(dispositions.nappies[i]), float(dispositions.giving[i])
        extra = _for_the_score(who, i, when, key, own, nappies, giving, rates, tables.purchase, sheet)
        if extra > 0:
            state.savings[i] -= extra
            tally.spent_on_score[i] += extra
            tally.welfare[i] -= extra
        hotel, insurance, time, where = four(key, i, when.month, BOOKING, ZERO)
        if hotel < rates.hotel:
            amount = np.int64(2 * rates.amount * (0.5 + where))
            note(sheet, who, moment(when, time, BOOKING * SLOTS), HOTEL, amount, NONE, ZERO, ZERO)
        if insurance < rates.insurance:
            amount = np.int64(rates.amount * (0.5 + where))
            note(sheet, who, moment(when, time, BOOKING * SLOTS + 1), INSURANCE_BOOKED, amount, NONE, ZERO, ZERO)


@loop
def _for_the_score(who, i, when, key, own_rate, nappies, giving, rates, sizes, sheet):
    """Note nappies and gifts, one's own and those that a score calls forth; returns what the latter cost.

    That is money which would not be spent; one's own belong to what is lived on.
    """
    chance, given, _, _ = four(key, i, when.month, NAPPIES, MANY)
    own = many(own_rate, chance)
    bought = many(own_rate + nappies, chance)
    for n in range(bought):
        time, where, _, _ = four(key, i, when.month, NAPPIES, n)
        amount = np.int64(rates.nappies_price)
        shop = FIRST_SHOP + np.int64(where * SHOPS)
        note(sheet, who, moment(when, time, NAPPIES * SLOTS + n), NAPPY_PACK, amount, NONE, shop, ZERO)
    extra = max(bought - own, 0) * np.int64(rates.nappies_price)
    own = many(rates.gifts, given)
    for n in range(many(rates.gifts + giving, given)):
        time, how_much, _, _ = four(key, i, when.month, GIFT, n)
        amount = np.int64(rates.gift * looked_up(sizes, how_much))
        note(sheet, who, moment(when, time, GIFT * SLOTS + n), GIVEN, amount, NONE, ZERO, ZERO)
        if n >= own:
            extra += amount
    return extra


MANY: Final = 63
"""The throw that says how many there are, after those that say what each is like."""
