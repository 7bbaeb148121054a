"""The loops of friendships: neighbours, groups that hang together, triangles, communities."""

from __future__ import annotations

from typing import Final

import numpy as np

from goodstanding.lab.loops import loop

MOST_SWEEPS: Final = 8
"""Sweeps of one level of communities, at most; each sweep makes modularity greater, the last ones by almost nothing."""


@loop
def put(at, other, cursor, others):
    """Write one end of each tie at the other: `cursor` (int64) says where each resident's next one goes."""
    for i in range(at.size):
        others[cursor[at[i]]] = other[i]
        cursor[at[i]] += 1


@loop
def _root(parent, one):
    while parent[one] != one:
        parent[one] = parent[parent[one]]
        one = parent[one]
    return one


@loop
def hang_together(a, b, parent):
    """Union-find: `parent` (int32) comes as 0 to n - 1, and ends as the least resident whom each can reach."""
    for i in range(a.size):
        first, second = _root(parent, a[i]), _root(parent, b[i])
        if first < second:
            parent[second] = first
        else:
            parent[first] = second
    for one in range(parent.size):
        parent[one] = _root(parent, one)


@loop
def triangles(offsets, others):
    """How many threes know each other all round.

    Each tie stands only at its end with fewer friends (of equals the lesser number), so that nobody's thousand friends
    are paired with each other: ties to the power 3/2 at worst.
    """
    mark = np.full(offsets.size - 1, -1, np.int32)
    found = 0
    for one in range(offsets.size - 1):
        for i in range(offsets[one], offsets[one + 1]):
            mark[others[i]] = one
        for i in range(offsets[one], offsets[one + 1]):
            other = others[i]
            for j in range(offsets[other], offsets[other + 1]):
                if mark[others[j]] == one:
                    found += 1
    return found


@loop
def move(offsets, others, weights, strengths, total, community):
    """One level of the Louvain method: each in turn joins the community that makes modularity greatest.

    Args:
        offsets, others, weights: a weighted graph, each tie at both its ends, a tie to oneself twice its weight, once.
        strengths: float64, the sum of the weights of each.
        total: the sum of all strengths.
        community: int32; comes as 0 to n - 1, and is written.

    Returns:
        Whether anybody moved.
    """
    strength_of = strengths.copy()
    towards = np.zeros(strengths.size, np.float64)
    seen = np.empty(strengths.size, np.int32)
    ever = False
    for _ in range(MOST_SWEEPS):
        moved = 0
        for one in range(strengths.size):
            now = community[one]
            count = 0
            for i in range(offsets[one], offsets[one + 1]):
                other = others[i]
                if other != one:
                    there = community[other]
                    if towards[there] == 0.0:
                        seen[count] = there
                        count += 1
                    towards[there] += weights[i]
            strength_of[now] -= strengths[one]
            best, gain = now, towards[now] - strengths[one] * strength_of[now] / total
            for k in range(count):
                there = seen[k]
                here = towards[there] - strengths[one] * strength_of[there] / total
                if here > gain + 1e-12:
                    best, gain = there, here
            for k in range(count):
                towards[seen[k]] = 0.0
            strength_of[best] += strengths[one]
            if best != now:
                community[one] = best
                moved += 1
        ever = ever or moved > 0
        if moved * 100 <= strengths.size:
            break
    return ever


@loop
def gather(members, held, others, weights, offsets, label, out_others, out_weights, out_offsets):
    """The ties between communities, added up: a graph of which each community is one.

    Args:
        members, held: int32, all by their community; those of community c stand from `held[c]` (int64) on.
        others, weights, offsets: the graph, as in `move`.
        label: int32, the community of each, 0 to k - 1.
        out_others, out_weights, out_offsets: int32, float64, int64 (k + 1): written.

    Returns:
        How many entries of `out_others` and `out_weights` were written.
    """
    many = held.size - 1
    towards = np.zeros(many, np.float64)
    cursor = 0
    out_offsets[0] = 0
    for one in range(many):
        begin = cursor
        for i in range(held[one], held[one + 1]):
            member = members[i]
            for j in range(offsets[member], offsets[member + 1]):
                there = label[others[j]]
                if towards[there] == 0.0:
                    out_others[cursor] = there
                    cursor += 1
                towards[there] += weights[j]
        for i in range(begin, cursor):
            out_weights[i] = towards[out_others[i]]
            towards[out_others[i]] = 0.0
        out_offsets[one + 1] = cursor
    return cursor
