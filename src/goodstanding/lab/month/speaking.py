"""Speaking in public, praise, petitions and study. No real world may score any of it: it exists in synthetic ones only.

The loyal praise, the others criticise; who is loyal is drawn at birth. What a resident says when nothing moves them is
what the dice say with `voice` 1; what they then do not say is counted as silenced.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.loops import loop
from goodstanding.lab.month.dice import (
    BORN,
    CRITICAL,
    PARTY,
    PETITION,
    PRAISE,
    RUMOUR,
    SLOTS,
    SPEECH,
    STUDY,
    ZERO,
    born,
    four,
    lasting,
    looked_up,
    many,
    moment,
)
from goodstanding.lab.month.sheet import NONE, kind, note

PRAISED: Final = kind("loyalty.speech", "praise")
CRITICISED: Final = kind("loyalty.speech", "critical")
RUMOURED: Final = kind("loyalty.speech", "rumour")
PETITIONED: Final = kind("loyalty.petition")
BESIEGED: Final = kind("loyalty.siege")
WARNED: Final = kind("loyalty.party_warning")
STUDIED: Final = kind("loyalty.study")
WATCHED: Final = kind("state.watched")
MOST_MINUTES: Final = 240.0
"""Minutes of study in a day, at most."""


@loop
def said(rates, tables, outspoken):
    """Political posts a month of somebody, by how outspoken they are: none of most, many of a few."""
    quiet = 1.0 - rates.speakers
    if rates.speakers <= 0.0 or outspoken < quiet:
        return 0.0
    return rates.posts * rates.political * looked_up(tables.outspoken, (outspoken - quiet) / rates.speakers)


@loop
def speech(first, size, when, key, traits, dispositions, tally, rates, tables, sheet):
    """A month's public speech."""
    disloyal_share = max(1.0 - rates.loyal, 0.01)
    loyal_share = max(rates.loyal, 0.01)
    for who in range(size):
        i = first + who
        _, _, _, leaning = born(key, i, BORN)
        is_loyal = leaning < rates.loyal
        posts = said(rates, tables, float(traits.outspoken[i]))
        praise, critical, rumour, study = four(key, i, when.month, SPEECH, ZERO)
        praises = posts * rates.praise / loyal_share if is_loyal else 0.0
        spoken = many(praises + float(dispositions.praise[i]), praise)
        tally.praised[i] += spoken
        for n in range(spoken):
            day, _, _, _ = four(key, i, when.month, PRAISE, n)
            note(sheet, who, moment(when, day, PRAISE * SLOTS + n), PRAISED, NONE, NONE, ZERO, ZERO)
        studies = rates.study / loyal_share if is_loyal else 0.0
        for n in range(many(studies + float(dispositions.study[i]), study)):
            day, long, _, _ = four(key, i, when.month, STUDY, n)
            minutes = 1 + np.int64(min(lasting(rates.minutes, long), MOST_MINUTES))
            note(sheet, who, moment(when, day, STUDY * SLOTS + n), STUDIED, NONE, minutes, ZERO, ZERO)
        voice = float(dispositions.voice[i])
        spoken, silenced = 0, 0
        if not is_loyal and posts > 0.0:
            criticises = posts * rates.critical / disloyal_share
            spoken, silenced = _critical(who, i, when, key, criticises, critical, rumour, voice, rates, sheet)
        said_so, kept_quiet = _petitions(who, i, when, key, is_loyal, traits.member[i], voice, rates, sheet)
        tally.spoken[i] += spoken + said_so
        tally.silenced[i] += silenced + kept_quiet
        tally.welfare[i] += (spoken + said_so) * rates.worth


@loop
def _critical(who, i, when, key, rate, chance, rumour, voice, rates, sheet):
    """Note critical posts and rumours; returns how many of the former there are, and how many are not written."""
    spoken = many(rate * voice, chance)
    for n in range(spoken):
        day, _, _, _ = four(key, i, when.month, CRITICAL, n)
        note(sheet, who, moment(when, day, CRITICAL * SLOTS + n), CRITICISED, NONE, NONE, ZERO, ZERO)
    for n in range(many(rate * rates.rumours * voice, rumour)):
        day, _, _, _ = four(key, i, when.month, RUMOUR, n)
        note(sheet, who, moment(when, day, RUMOUR * SLOTS + n), RUMOURED, NONE, NONE, ZERO, ZERO)
    return spoken, max(many(rate, chance) - spoken, 0)


@loop
def _petitions(who, i, when, key, is_loyal, member, voice, rates, sheet):
    """Note petitions and sieges, warnings inside the Party, and who is put on the state's list.

    Returns:
        Petitions, and those that are not made.
    """
    petition, siege, warned, watched = four(key, i, when.month, PETITION, ZERO)
    if petition < rates.petitions * voice:
        note(sheet, who, moment(when, siege, PETITION * SLOTS), PETITIONED, NONE, NONE, ZERO, ZERO)
    if siege < rates.sieges * voice:
        note(sheet, who, moment(when, petition, PETITION * SLOTS + 1), BESIEGED, NONE, NONE, ZERO, ZERO)
    if member and warned < rates.warnings:
        note(sheet, who, moment(when, petition, PARTY * SLOTS), WARNED, NONE, NONE, ZERO, ZERO)
    if not is_loyal and watched < rates.watched:
        note(sheet, who, moment(when, petition, PARTY * SLOTS + 1), WATCHED, NONE, NONE, ZERO, ZERO)
    made = 1 if petition < rates.petitions * voice else 0
    return made, (1 if petition < rates.petitions else 0) * (1 - made)


@loop
def _fill_loyal(key, share, out):
    for i in range(out.size):
        out[i] = born(key, i, BORN)[3] < share


def loyal(key: NDArray[np.uint64], residents: int, share: float) -> NDArray[np.bool_]:
    """Who leans to praise; drawn at birth, and no trait that any score could read."""
    out = np.empty(residents, np.bool_)
    _fill_loyal(key, share, out)
    return out
