"""Proofs of consistency between all sizes, and forgeries of each: run small here, and large in tests/faults."""

from __future__ import annotations

import random

from goodstanding.record import merkle
from goodstanding.record.merkle import Tree


def leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(b"entry %d" % at) for at in range(count)]


def forgeries_of(proof: list[bytes], chance: random.Random) -> list[list[bytes]]:
    """The same proof with one bit turned, one step less, one more, and two the other way round."""
    at, bit = chance.randrange(len(proof)), chance.randrange(256)
    turned = (int.from_bytes(proof[at], "big") ^ (1 << bit)).to_bytes(32, "big")
    forged = [[*proof[:at], turned, *proof[at + 1 :]], proof[:-1], [*proof, turned]]
    return [*forged, proof[::-1]] if len(proof) > 1 else forged


def consistency_faults(most: int, *, seed: int) -> tuple[int, int, list[str]]:
    """All proofs between sizes up to the greatest, and forgeries of each: how many of both, and what went wrong."""
    chance, hashes = random.Random(seed), leaves(most)  # noqa: S311 the same forgeries again from a seed
    roots = [merkle.root(hashes[:size]) for size in range(most + 1)]
    proofs, forgeries, wrong = 0, 0, []
    for size in range(1, most + 1):
        tree = Tree(b"".join(hashes[:size]))
        for old in range(1, size + 1):
            proof = tree.consistency(old)
            proofs += 1
            if not merkle.verify_consistency(old, size, proof, roots[old], roots[size]):
                wrong.append(f"a true proof was refused: {old} to {size}")
            tries = [(proof, roots[old - 1], roots[size]), (proof, roots[old], roots[size - 1])]
            tries += [(forged, roots[old], roots[size]) for forged in (forgeries_of(proof, chance) if proof else ())]
            forgeries += len(tries)
            if any(merkle.verify_consistency(old, size, *one) for one in tries):
                wrong.append(f"a forged proof was taken: {old} to {size}")
    return proofs, forgeries, wrong
