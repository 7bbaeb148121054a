"""The loops of friendships: who is tied to whom, which ties end, and whom the lonely find."""

from __future__ import annotations

from math import exp, log

import numpy as np

from goodstanding.lab.city.arrays import STILL
from goodstanding.lab.loops import loop
from goodstanding.lab.society.purposes import ACCEPTS, ASKS, CHOOSES, IS_DETECTED, REPLACES, SHOWS_SCORE, TIE_ENDS
from goodstanding.lab.streams import AT_BIRTH, uniform

FOR_ITSELF, FOR_THE_SCORE = 1, 2
"""Why a tie ends; 0 while it lasts."""

EVEN = 0.5
"""The chance to look among those who live on one side rather than on the other."""

DRAWS = 8
"""Draws for each whom somebody may ask, so that those of one do not move those of the next."""


@loop
def degrees(edges, bits, counts):
    """Add up at person + 1 how many ties of the kinds in `bits` everybody has that last."""
    for i in range(edges.a.size):
        if edges.until[i] == STILL and (bits >> edges.kind[i]) & 1:
            counts[edges.a[i] + 1] += 1
            counts[edges.b[i] + 1] += 1


@loop
def lay_out(edges, bits, cursor, neighbours):
    """Write each tie at both its ends."""
    for i in range(edges.a.size):
        if edges.until[i] == STILL and (bits >> edges.kind[i]) & 1:
            a, b = edges.a[i], edges.b[i]
            neighbours[cursor[a]] = b
            cursor[a] += 1
            neighbours[cursor[b]] = a
            cursor[b] += 1


@loop
def ending(first, last, key, month, edges, friend, slopes, score, heeds, ends):
    """Which ties of the kind `friend` end this month.

    Args:
        slopes: the chance without any score; of scores that are known; by how much the logarithm of the chance grows
            per 100 points that the other lies below.
        ends: uint8, FOR_ITSELF where the dice would have ended it anyway.
    """
    chance, known, drop = slopes
    ends[first:last] = 0
    if chance <= 0.0:  # then scores end none either: they only multiply it
        return
    for i in range(first, last):
        if edges.kind[i] != friend or edges.until[i] != STILL:
            continue
        a, b = edges.a[i], edges.b[i]
        die = uniform(key, a, month, TIE_ENDS, b)
        if die < chance:
            ends[i] = FOR_ITSELF
        elif drop > 0.0:
            gap = np.float64(score[a]) - np.float64(score[b])
            if (gap > 0.0 and heeds[a]) or (gap < 0.0 and heeds[b]):
                apart = chance * exp(drop * abs(gap) / 100.0)
                if die < apart and uniform(key, a, AT_BIRTH, SHOWS_SCORE, b) < known:
                    ends[i] = FOR_THE_SCORE


@loop
def knows(offsets, neighbours, one, other):
    """Whether two are tied."""
    for n in range(offsets[one], offsets[one + 1]):
        if neighbours[n] == other:
            return True
    return False


@loop
def candidate(key, month, one, n, offsets, neighbours, traits, through, same_district, same_group):
    """Somebody whom one might ask: a friend of a friend, or someone nearby who is alike; -1 where nobody comes up."""
    residents = traits.age.size
    if uniform(key, one, month, ASKS, n) < through:
        degree = offsets[one + 1] - offsets[one]
        if degree == 0:
            return -1
        between = neighbours[offsets[one] + np.int64(uniform(key, one, month, ASKS, n + 1) * degree)]
        other = neighbours[
            offsets[between]
            + np.int64(uniform(key, one, month, ASKS, n + 2) * (offsets[between + 1] - offsets[between]))
        ]
    else:
        far = np.int64(exp(uniform(key, one, month, ASKS, n + 1) * log(np.float64(residents))))
        other = one + far if uniform(key, one, month, ASKS, n + 2) < EVEN else one - far
        if other < 0 or other >= residents:
            return -1
        if traits.district[one] != traits.district[other] and uniform(key, one, month, ASKS, n + 3) < same_district:
            return -1
        if traits.minority[one] != traits.minority[other] and uniform(key, one, month, ASKS, n + 4) < same_group:
            return -1
    if other == one or other >= residents or knows(offsets, neighbours, one, other):
        return -1
    return np.int64(other)


@loop
def seeking(key, month, looking, offsets, neighbours, traits, ways, asks, score, heeds, found):
    """Whom those who lost a tie find.

    They think of some people, ask the one they like best, and if refused the next. Without scores chance alone decides
    whom they like best, and nobody refuses.

    Args:
        looking: who lost a tie, ascending, once for each tie.
        ways: the chance to look at all; the share of friends of friends; of others how many must be of the district,
            and of the group; per 100 points, how much somebody higher is liked more, and how much less often whoever is
            asked accepts.
        found: int32, two rows, written: the new pairs, the lesser first.

    Returns:
        How many pairs.
    """
    looks, through, same_district, same_group, seek, accept = ways
    many = 0
    times = 0
    thought_of = np.empty(asks, np.int64)
    liking = np.empty(asks, np.float64)
    for place in range(looking.size):
        one = looking[place]
        times = times + 1 if place > 0 and looking[place - 1] == one else 0
        if uniform(key, one, month, REPLACES, times) >= looks:
            continue
        for i in range(asks):
            n = (times * asks + i) * DRAWS
            other = candidate(key, month, one, n, offsets, neighbours, traits, through, same_district, same_group)
            thought_of[i] = other
            liking[i] = -np.inf
            if other >= 0:
                # The Gumbel trick: the greatest of these is each with a chance in proportion to exp(liking).
                above = (score[other] - score[one]) / 100.0 if heeds[one] else 0.0
                noise = -log(-log(uniform(key, one, month, CHOOSES, n) * 0.999998 + 1e-6))
                liking[i] = seek * above + noise
        for _ in range(asks):
            best = np.argmax(liking)
            if liking[best] == -np.inf:
                break
            liking[best] = -np.inf
            other = thought_of[best]
            below = (score[other] - score[one]) / 100.0 if heeds[other] else 0.0
            n = (times * asks + best) * DRAWS
            if below <= 0.0 or uniform(key, one, month, ACCEPTS, n) < exp(-accept * below):
                found[0, many] = min(one, other)
                found[1, many] = max(one, other)
                many += 1
                break
    return many


@loop
def around_some(some, offsets, neighbours, own, given, counts, totals, least, greatest):
    """For some people, over their ties to those with an own score: how many, the sum, the least, the greatest."""
    for i in range(some.size):
        count = 0
        total = np.int64(0)
        low, high = np.int64(2**40), -np.int64(2**40)
        for n in range(offsets[some[i]], offsets[some[i] + 1]):
            other = neighbours[n]
            if given[other]:
                count += 1
                total += own[other]
                low = min(low, own[other])
                high = max(high, own[other])
        counts[i], totals[i], least[i], greatest[i] = count, total, low, high


@loop
def silence_around(offsets, neighbours, voice, out):
    """How much quieter a resident's friends are than they would be: the mean of 1 - voice, 0 without friends."""
    for person in range(out.size):
        total = 0.0
        count = 0
        for n in range(offsets[person], offsets[person + 1]):
            if neighbours[n] < out.size:
                total += 1.0 - voice[neighbours[n]]
                count += 1
        out[person] = total / count if count > 0 else 0.0


@loop
def found_out(key, month, edges, rows, share, found):
    """Which of some false friendships are found out this month."""
    for i in range(rows.size):
        found[i] = uniform(key, edges.a[rows[i]], month, IS_DETECTED, edges.b[rows[i]]) < share
