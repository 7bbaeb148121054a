"""The tree of RFC 9162: one root over many leaves, and short proofs that a leaf is in it, or that it only grew.

A leaf's hash is SHA-256(0x00 ‖ data), a node's SHA-256(0x01 ‖ left ‖ right); what is a leaf can so never pass for a
node. All functions here take leaf hashes, 32 bytes each: one after the other in one piece (*packed*), or as a sequence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

SIZE: Final = 32
"""Bytes of a hash."""
EMPTY: Final = sha256(b"").digest()
"""The root of no leaves (RFC 9162 section 2.1.1)."""

Leaves: TypeAlias = bytes | Sequence[bytes]
"""Leaf hashes: packed, or one by one."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf's data."""
    return sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children."""
    return sha256(b"\1" + left + right).digest()


def root(leaves: Leaves) -> bytes:
    """The root over leaf hashes."""
    level = _packed(leaves)
    while len(level) > SIZE:
        level = _above(level)
    return level or EMPTY


def root_of(hashes: NDArray[np.uint8]) -> bytes:
    """The root over leaf hashes that are the rows of an array, n × 32."""
    assert hashes.dtype == np.uint8
    assert hashes.shape[1:] == (SIZE,)
    return root(hashes.tobytes())


def inclusion_proof(index: int, leaves: Leaves) -> list[bytes]:
    """What must be hashed with one leaf, from below to above, to come to the root over all of them."""
    return Tree(leaves).inclusion(index)


def consistency_proof(old: int, leaves: Leaves) -> list[bytes]:
    """What shows that the tree over the first so many leaves is the beginning of the tree over all of them."""
    return Tree(leaves).consistency(old)


class Tree:
    """All nodes over some leaves, for making many proofs; 64 bytes a leaf."""

    def __init__(self, leaves: Leaves) -> None:
        self.levels = [_packed(leaves)]
        while len(self.levels[-1]) > SIZE:
            self.levels.append(_above(self.levels[-1]))

    def __len__(self) -> int:
        """How many leaves."""
        return len(self.levels[0]) // SIZE

    def root(self) -> bytes:
        """The root over all leaves."""
        return self.levels[-1] or EMPTY

    def inclusion(self, index: int) -> list[bytes]:
        """The proof that a leaf is in the tree (RFC 9162 section 2.1.3.1).

        Raises:
            IndexError: there is no such leaf.
        """
        if not 0 <= index < len(self):
            raise IndexError(f"leaf {index:,} of a tree of {len(self):,}")
        siblings = [(level, (index >> height) ^ 1) for height, level in enumerate(self.levels[:-1])]
        return [_node(level, at) for level, at in siblings if at * SIZE < len(level)]

    def consistency(self, old: int) -> list[bytes]:
        """The proof that the tree over the first leaves is the beginning of this one (RFC 9162 section 2.1.4.1).

        Nothing needs to be shown of the empty tree, and of this tree itself.

        Raises:
            IndexError: there are not so many leaves.
        """
        if not 0 <= old <= len(self):
            raise IndexError(f"the first {old:,} leaves of a tree of {len(self):,}")
        if old in {0, len(self)}:
            return []
        return self._part(old, 0, len(self), known=True)

    def _part(self, old: int, start: int, end: int, *, known: bool) -> list[bytes]:
        """SUBPROOF of the RFC, over leaves from `start` to `end`; `known`: the verifier has the old root of these."""
        if old == end:
            return [] if known else [self._over(start, end)]
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        if old <= middle:
            return [*self._part(old, start, middle, known=known), self._over(middle, end)]
        return [*self._part(old, middle, end, known=False), self._over(start, middle)]

    def _over(self, start: int, end: int) -> bytes:
        """The node over leaves from `start` to `end`, which lie as the tree divides them."""
        height = (end - start - 1).bit_length()
        return _node(self.levels[height], start >> height)


class Frontier:
    """The roots of the whole subtrees of a tree that grows: enough to append to it, and to know its root.

    They are as many as the size has ones in binary, the greatest first. An append costs two hashes on average.
    """

    def __init__(self, size: int = 0, nodes: Iterable[bytes] = ()) -> None:
        self.size, self.nodes = size, list(nodes)
        assert len(self.nodes) == size.bit_count()

    def append(self, leaf: bytes) -> None:
        """Add one leaf's hash."""
        size = self.size
        while size & 1:  # a whole subtree of the same height stands to the left
            leaf, size = node_hash(self.nodes.pop(), leaf), size >> 1
        self.nodes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.nodes:
            return EMPTY
        over = self.nodes[-1]
        for node in reversed(self.nodes[:-1]):
            over = node_hash(node, over)
        return over

    def to_bytes(self) -> bytes:
        """The nodes, one after the other; the size is kept beside them."""
        return b"".join(self.nodes)

    @classmethod
    def from_bytes(cls, size: int, kept: bytes) -> Frontier:
        """What `to_bytes` made, of a tree of this size.

        Raises:
            ValueError: a tree of this size has another number of nodes.
        """
        if size < 0 or len(kept) != size.bit_count() * SIZE:
            raise ValueError(f"{len(kept)} bytes are not the frontier of a tree of {size:,} leaves")
        return cls(size, [kept[at : at + SIZE] for at in range(0, len(kept), SIZE)])


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], top: bytes) -> bool:
    """Whether a proof shows that the leaf of a number is in the tree of a size and root (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, over = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            over = node_hash(sibling, over)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            over = node_hash(over, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and over == top


def verify_consistency(old: int, size: int, proof: Sequence[bytes], old_top: bytes, top: bytes) -> bool:
    """Whether a proof shows that the tree of one size and root begins that of another (RFC 9162 section 2.1.4.2)."""
    if not 0 <= old <= size:
        return False
    if old in {0, size}:
        return not proof and old_top == (top if old == size else EMPTY)
    path = list(proof) if old & (old - 1) else [old_top, *proof]
    return bool(path) and _both(old - 1, size - 1, path) == (old_top, top)


def _both(at: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The roots of the old and the new tree that a path comes to; None where it has not the right length."""
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for node in path[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            old, new = node_hash(node, old), node_hash(node, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, node)
        at, last = at >> 1, last >> 1
    return (old, new) if last == 0 else None


def _packed(leaves: Leaves) -> bytes:
    packed = leaves if isinstance(leaves, bytes) else b"".join(leaves)
    assert len(packed) % SIZE == 0
    return packed


def _above(level: bytes) -> bytes:
    """The level above: nodes over pairs; one left over moves up as it is, which is how the RFC divides a tree."""
    whole = len(level) - len(level) % (2 * SIZE)
    nodes = [sha256(b"\1" + level[at : at + 2 * SIZE]).digest() for at in range(0, whole, 2 * SIZE)]
    return b"".join(nodes) + level[whole:]


def _node(level: bytes, at: int) -> bytes:
    return level[at * SIZE : (at + 1) * SIZE]
