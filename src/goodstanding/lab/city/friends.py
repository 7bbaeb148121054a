"""Who knows whom from the start: kin within and between households, friends met, and friends' friends.

A resident looks for friends among those of lower numbers only, meets some of them, and one becomes a friend, the
likelier the more alike the two are in age, schooling, sociability and honesty. Some friends are found among the
friends of those who were met so. No draw hangs on how many residents there are, so that a newcomer adds ties and
changes none.
"""

from __future__ import annotations

from math import exp, log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from goodstanding.book import in_ranges
from goodstanding.lab.city.arrays import FRIEND, KIN, STILL, Edges, Traits
from goodstanding.lab.city.likeness import DOORS, choosing
from goodstanding.lab.city.normal import deviation_of
from goodstanding.lab.city.people import NEIGHBOURHOOD
from goodstanding.lab.city.purposes import CLOSING, KEEPING, MEETING, PICKS, RELATIVE, RELATIVES
from goodstanding.lab.loops import loop
from goodstanding.lab.parameters import Parameters
from goodstanding.lab.streams import AT_BIRTH, philox, poisson, uniform

NOBODY: Final = -1
MOST_PICKS: Final = 60
MOST_RELATIVES: Final = 4
"""Households of relatives that a household looks for among earlier ones; further ones find it."""
MOST_MET: Final = 96
MOST_ASKED: Final = 32
"""So many are looked at before somebody goes without: of those met, and of friends' friends."""
ONE: Final = 1.0 / 4294967296.0
"""A word of 32 bits, as a part of 1."""


@loop
def nearby(resident, chance):
    """Somebody of a lower number in the same neighbourhood, of which there must be one; near numbers are likelier."""
    there = resident % NEIGHBOURHOOD
    return resident - 1 - min(int(DOORS * (exp(chance * log(there / DOORS + 1.0)) - 1.0)), there - 1)


@loop
def faraway(resident, chance):
    """Somebody of an earlier neighbourhood, of which there must be one; near ones are likelier."""
    begin = resident - resident % NEIGHBOURHOOD
    return begin - 1 - min(int(NEIGHBOURHOOD * (exp(chance * log(begin / NEIGHBOURHOOD + 1.0)) - 1.0)), begin - 1)


@loop
def earlier(resident, is_near, chance):
    """Somebody of a lower number, in the neighbourhood or elsewhere; NOBODY for the very first."""
    there = resident % NEIGHBOURHOOD
    if resident == 0:
        return NOBODY
    if there == resident or (is_near and there >= DOORS):
        return nearby(resident, chance)
    return faraway(resident, chance)


@loop
def find_relatives(key, chosen, head, traits, relatives):
    """The first members of a household's relatives' households, into `relatives`; how many there are."""
    wanted = min(poisson(chosen.relatives, uniform(key, head, AT_BIRTH, RELATIVES, 0)), MOST_RELATIVES)
    found = 0
    for n in range(wanted * MOST_ASKED):
        c0, c1, _, _ = philox(key[0], key[1], head, AT_BIRTH + 1, RELATIVE, n)
        met = earlier(head, c1 * ONE < chosen.near, c0 * ONE)
        if found == wanted or met == NOBODY:
            break
        there = traits.household[met]
        if traits.minority[met] != traits.minority[head] or is_among(there, relatives, found):
            continue
        relatives[found] = there
        found += 1
    return found


@loop
def is_among(one, several, size):
    """Whether a number is among the first `size`."""
    for i in range(size):
        if several[i] == one:
            return True
    return False


@loop
def likeness(chosen, traits, i, j):
    """How readily two residents become friends, 1 for those who are alike."""
    apart = chosen.age * abs(traits.age[i] - traits.age[j])
    apart += chosen.education * abs(np.int64(traits.education[i]) - np.int64(traits.education[j]))
    apart += chosen.sociable * abs(traits.sociable[i] - traits.sociable[j])
    apart += chosen.honest * abs(traits.honesty[i] - traits.honesty[j])
    return exp(-apart)


@loop
def picks_of(key, chosen, traits, i):
    """How many friends somebody looks for, and how many of them among friends' friends."""
    many = chosen.picks * exp(chosen.spread * deviation_of(traits.sociable[i]) - chosen.spread**2 / 2.0)
    c0, c1, _, _ = philox(key[0], key[1], i, AT_BIRTH + 1, PICKS, 0)
    wanted = min(int(many + c0 * ONE), MOST_PICKS)
    return wanted, int(wanted * chosen.closing + c1 * ONE)


@loop
def count_picks(key, chosen, first, last, traits, picks, met):
    """For residents `first` to `last`: how many friends they look for, and how many of them by meeting people."""
    for i in range(first, last):
        wanted, closing = picks_of(key, chosen, traits, i)
        picks[i] = wanted
        met[i] = wanted - closing


@loop
def may_befriend(i, j, keeps, traits, relatives, kin, found, begin, end):
    """Whether somebody could become a new friend: neither kin nor known, and of the own group where one keeps to it."""
    if j in (NOBODY, i) or (keeps and traits.minority[i] != traits.minority[j]):
        return False
    there = traits.household[j]
    if there == traits.household[i] or is_among(there, relatives, kin):
        return False
    for slot in range(begin, end):
        if found[slot] == j:
            return False
    return True


@loop
def meet_one(key, chosen, i, number, traits, relatives, kin, found, begin, end):
    """Whom somebody befriends of those they meet; NOBODY where nobody would do.

    Args:
        number: which of their friends it is.
        begin, end: where in `found` those stand whom they know already.
    """
    c0, c1, _, _ = philox(key[0], key[1], i, AT_BIRTH + 1, KEEPING, number)
    is_near, keeps = c0 * ONE < chosen.near, c1 * ONE < chosen.own_group
    friend, total, seen = NOBODY, 0.0, 0
    for n in range(MOST_MET):
        if n == MOST_MET // 2 and seen == 0:
            is_near = False  # who finds nobody of their own group next door looks further
        c0, c1, _, _ = philox(key[0], key[1], i, AT_BIRTH + 1, MEETING, number * MOST_MET + n)
        j = earlier(i, is_near, c0 * ONE)
        if not may_befriend(i, j, keeps, traits, relatives, kin, found, begin, end):
            continue
        seen += 1
        weight = likeness(chosen, traits, i, j)
        total += weight
        if c1 * ONE * total < weight:
            friend = j
        if seen >= chosen.meets:
            break
    return friend


@loop
def close_one(key, chosen, i, number, traits, relatives, kin, found, offsets, met, end):
    """Whom somebody befriends of the friends of those they met; NOBODY where nobody would do."""
    begin = offsets[i]
    keeps = uniform(key, i, AT_BIRTH, KEEPING, number) < chosen.own_group
    friend, total, seen = NOBODY, 0.0, 0
    for n in range(MOST_ASKED):
        c0, c1, c2, _ = philox(key[0], key[1], i, AT_BIRTH + 1, CLOSING, number * MOST_ASKED + n)
        between = found[begin + int(c0 * ONE * met[i])]
        if between == NOBODY or met[between] == 0:
            continue
        j = found[offsets[between] + int(c1 * ONE * met[between])]
        if not may_befriend(i, j, keeps, traits, relatives, kin, found, begin, end):
            continue
        seen += 1
        weight = likeness(chosen, traits, i, j)
        total += weight
        if c2 * ONE * total < weight:
            friend = j
        if seen >= chosen.meets_friends:
            break
    return friend


@loop
def meet(key, chosen, first, last, traits, offsets, met, found):
    """The friends whom residents `first` to `last` meet, into their first slots of `found`."""
    relatives = np.empty(MOST_RELATIVES, np.int64)
    for i in range(first, last):
        kin = find_relatives(key, chosen, traits.household[i], traits, relatives)
        begin = offsets[i]
        for slot in range(begin, begin + met[i]):
            found[slot] = meet_one(key, chosen, i, slot - begin, traits, relatives, kin, found, begin, slot)


@loop
def close(key, chosen, first, last, traits, offsets, met, found):
    """The friends whom residents `first` to `last` find among friends' friends, into their further slots of `found`.

    It reads whom others met, not whom they found so: nobody waits for anybody. Who finds none meets somebody instead.
    """
    relatives = np.empty(MOST_RELATIVES, np.int64)
    for i in range(first, last):
        kin = find_relatives(key, chosen, traits.household[i], traits, relatives)
        begin = offsets[i]
        for slot in range(begin + met[i], offsets[i + 1]):
            n, friend = slot - begin, NOBODY
            if met[i] > 0:
                friend = close_one(key, chosen, i, n, traits, relatives, kin, found, offsets, met, slot)
            if friend == NOBODY:
                friend = meet_one(key, chosen, i, n, traits, relatives, kin, found, begin, slot)
            found[slot] = friend


@loop
def count_kin(key, chosen, first, last, traits, many):
    """How many kin of lower numbers residents `first` to `last` have."""
    relatives = np.empty(MOST_RELATIVES, np.int64)
    for i in range(first, last):
        head = traits.household[i]
        many[i] = i - head
        for n in range(find_relatives(key, chosen, head, traits, relatives)):
            other = relatives[n]
            while traits.household[other] == relatives[n]:
                many[i] += 1
                other += 1


@loop
def fill_kin(key, chosen, first, last, traits, offsets, kin):
    """Those kin, into `kin`: one's own household's, then the relatives'."""
    relatives = np.empty(MOST_RELATIVES, np.int64)
    for i in range(first, last):
        head = traits.household[i]
        slot = offsets[i]
        for other in range(head, i):
            kin[slot] = other
            slot += 1
        for n in range(find_relatives(key, chosen, head, traits, relatives)):
            other = relatives[n]
            while traits.household[other] == relatives[n]:
                kin[slot] = other
                slot += 1
                other += 1


def edges_of(parameters: Parameters, key: NDArray[np.uint64], traits: Traits, threads: int | None = None) -> Edges:
    """Everybody's ties at the start, kin before friends, each by the later of the two."""
    chosen = choosing(parameters)
    residents = traits.age.size
    even = np.arange(residents + 1, dtype=np.int64)
    picks, met, many = (np.zeros(residents, np.int32) for _ in range(3))
    in_ranges(even, lambda a, b: count_picks(key, chosen, a, b, traits, picks, met), threads)
    in_ranges(even, lambda a, b: count_kin(key, chosen, a, b, traits, many), threads)
    offsets, kin_offsets = (np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]) for sizes in (picks, many))
    found, kin = np.full(offsets[-1], NOBODY, np.int32), np.empty(kin_offsets[-1], np.int32)
    in_ranges(offsets, lambda a, b: meet(key, chosen, a, b, traits, offsets, met, found), threads)
    in_ranges(offsets, lambda a, b: close(key, chosen, a, b, traits, offsets, met, found), threads)
    in_ranges(even, lambda a, b: fill_kin(key, chosen, a, b, traits, kin_offsets, kin), threads)
    numbers = np.arange(residents, dtype=np.int32)
    return _edges(np.repeat(numbers, many), kin, np.repeat(numbers, picks)[found != NOBODY], found[found != NOBODY])


def _edges(
    kin_of: NDArray[np.int32], kin: NDArray[np.int32], friend_of: NDArray[np.int32], friends: NDArray[np.int32]
) -> Edges:
    size = kin.size + friends.size
    kind = np.full(size, FRIEND, np.uint8)
    kind[: kin.size] = KIN
    return Edges(
        a=np.concatenate([kin, friends]),
        b=np.concatenate([kin_of, friend_of]),
        kind=kind,
        since=np.full(size, AT_BIRTH, np.int16),
        until=np.full(size, STILL, np.int16),
    )
