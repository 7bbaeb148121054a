"""The tree is RFC 9162's: as its own definition, as other implementations, and no forged proof passes."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.record import merkle
from goodstanding.record.merkle import Frontier, Tree
from tests.record.merkle.forging import consistency_faults, leaves

DATA = [bytes.fromhex(one) for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
DATA.append(bytes(range(0x60, 0x70)))
ROOTS = [  # of the first one, two, … of these, as Certificate Transparency's own tests have them
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def by_definition(hashes: list[bytes]) -> bytes:
    """MTH of RFC 9162 section 2.1.1, word for word."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256(b"").digest()
    middle = 1
    while middle * 2 < len(hashes):
        middle *= 2
    return sha256(b"\x01" + by_definition(hashes[:middle]) + by_definition(hashes[middle:])).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert merkle.root([merkle.leaf_hash(one) for one in DATA[:size]]).hex() == ROOTS[size - 1]


def test_every_way_to_a_root_is_the_definition_for_all_small_sizes() -> None:
    frontier, hashes = Frontier(), leaves(130)
    for size in range(131):
        expected = by_definition(hashes[:size])
        packed = b"".join(hashes[:size])
        array = np.frombuffer(packed, np.uint8).reshape(size, 32)
        ways = [merkle.root(hashes[:size]), merkle.root(packed), merkle.root_of(array), Tree(packed).root()]
        assert [*ways, frontier.root()] == [expected] * 5
        if size < 130:
            frontier.append(hashes[size])


def test_a_frontier_kept_as_bytes_goes_on_as_if_it_had_never_been_put_down() -> None:
    frontier = Frontier()
    for size, leaf in enumerate(leaves(100)):
        frontier = Frontier.from_bytes(size, frontier.to_bytes())
        frontier.append(leaf)
    assert frontier.root() == merkle.root(leaves(100))


@pytest.mark.parametrize(("size", "kept"), [(0, b"x"), (1, b""), (3, bytes(32)), (4, bytes(33)), (-1, bytes(32))])
def test_what_is_no_frontier_is_refused(size: int, kept: bytes) -> None:
    with pytest.raises(ValueError, match="not the frontier of a tree"):
        Frontier.from_bytes(size, kept)


def as_written(hashes: list[bytes]) -> bytes:
    """The root, read off the definition (RFC 9162, section 2.1.1) word by word."""
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return sha256(b"\x01" + as_written(hashes[:k]) + as_written(hashes[k:])).digest()


def path_as_written(index: int, hashes: list[bytes]) -> list[bytes]:
    """The path of inclusion, read off the definition (section 2.1.3.1)."""
    if len(hashes) == 1:
        return []
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    if index < k:
        return [*path_as_written(index, hashes[:k]), as_written(hashes[k:])]
    return [*path_as_written(index - k, hashes[k:]), as_written(hashes[:k])]


def test_the_definition_read_word_by_word_has_the_same_roots_and_paths() -> None:
    hashes = leaves(33)
    for size in range(1, 34):
        assert merkle.root(hashes[:size]) == as_written(hashes[:size])
        for index in range(size):
            assert merkle.inclusion_proof(index, hashes[:size]) == path_as_written(index, hashes[:size])


@given(st.integers(1, 300), st.data())
def test_a_leaf_is_shown_to_be_in_the_tree_and_at_no_other_place(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(-1, size))
    proof, top = merkle.inclusion_proof(index, hashes), merkle.root(hashes)
    assert merkle.verify_inclusion(hashes[index], index, size, proof, top)
    assert merkle.verify_inclusion(hashes[index], other, size, proof, top) is (other == index)
    if size > 1:
        assert not merkle.verify_inclusion(hashes[index], index, size, proof[:-1], top)
    assert not merkle.verify_inclusion(hashes[index], index, size, [*proof, top], top)
    assert not merkle.verify_inclusion(merkle.leaf_hash(b"another"), index, size, proof, top)


def test_proofs_are_asked_only_of_leaves_that_are_there() -> None:
    with pytest.raises(IndexError, match="leaf 5 of a tree of 5"):
        merkle.inclusion_proof(5, leaves(5))
    with pytest.raises(IndexError, match="first 6 leaves of a tree of 5"):
        merkle.consistency_proof(6, leaves(5))


def test_an_old_tree_that_is_empty_or_the_same_needs_no_proof_and_takes_none() -> None:
    top = merkle.root(leaves(5))
    assert merkle.consistency_proof(0, leaves(5)) == merkle.consistency_proof(5, leaves(5)) == []
    assert merkle.verify_consistency(0, 5, [], merkle.EMPTY, top)
    assert not merkle.verify_consistency(0, 5, [], top, top)
    assert merkle.verify_consistency(5, 5, [], top, top)
    assert not merkle.verify_consistency(5, 5, [], merkle.EMPTY, top)
    assert not merkle.verify_consistency(5, 5, [top], top, top)
    assert not merkle.verify_consistency(6, 5, [], top, top)
    assert not merkle.verify_consistency(3, 5, [], top, top)


def test_consistency_holds_between_all_sizes_up_to_128_and_no_forgery_passes() -> None:
    proofs, forgeries, wrong = consistency_faults(128, seed=1)
    assert (proofs, wrong) == (128 * 129 // 2, [])
    assert forgeries > 5 * proofs
