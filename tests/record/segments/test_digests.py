"""Many messages at once are hashed as one is, with the processor's instructions or without."""

from __future__ import annotations

import hashlib
import os
import struct
import subprocess
import sys
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numba import njit
from numba.core import config

from goodstanding.book.coding import buffers
from goodstanding.record import digests, merkle, moving
from goodstanding.record.siphash import hash_each, sip_key

pytestmark = pytest.mark.kernel


def rotated(word: int, bits: int) -> int:
    return (word >> bits | word << (32 - bits)) & 0xFFFFFFFF


def plain_fold(state: Any, data: Any, at: int) -> None:
    """What the processor's instructions do, as FIPS 180-4 section 6.2.2 tells it."""
    words = list(struct.unpack(">16I", data[at : at + 64].tobytes()))
    for i in range(16, 64):
        first, last = words[i - 15], words[i - 2]
        sigma_0 = rotated(first, 7) ^ rotated(first, 18) ^ first >> 3
        sigma_1 = rotated(last, 17) ^ rotated(last, 19) ^ last >> 10
        words.append((sigma_1 + words[i - 7] + sigma_0 + words[i - 16]) & 0xFFFFFFFF)
    a, b, c, d, e, f, g, h = begun = [int(word) for word in state]
    for word, constant in zip(words, digests.ROUNDS, strict=True):
        choice, most = e & f ^ ~e & g, a & b ^ a & c ^ b & c
        one = h + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + choice + constant + word
        two = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + most
        a, b, c, d, e, f, g, h = (one + two) & 0xFFFFFFFF, a, b, c, (d + one) & 0xFFFFFFFF, e, f, g
    state[:] = [(old + new) & 0xFFFFFFFF for old, new in zip(begun, (a, b, c, d, e, f, g, h), strict=True)]


@pytest.fixture(params=["as this processor can", "by hashlib"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where loops run as plain Python, there are no instructions: they are followed by hand."""
    if request.param == "by hashlib":
        monkeypatch.setattr(digests, "IN_HARDWARE", False)
    elif vars(config)["DISABLE_JIT"]:
        monkeypatch.setattr(digests, "_fold", plain_fold)
        monkeypatch.setattr(digests, "IN_HARDWARE", True)


@pytest.mark.compiled
def test_one_block_is_folded_as_the_standard_tells_it() -> None:
    """Compiled here, and not taken from the folder of compiled loops."""
    assert digests._has_instructions() == digests.IN_HARDWARE

    @njit
    def fold(state: Any, data: Any, at: int) -> None:
        digests._fold(state, data, at)

    data = np.frombuffer(np.random.default_rng(3).bytes(100), np.uint8)
    found, expected = digests.BEGIN.copy(), digests.BEGIN.copy()
    (fold if digests.IN_HARDWARE else plain_fold)(found, data, 30)
    plain_fold(expected, data, 30)
    assert found.tolist() == expected.tolist()


@pytest.mark.compiled
def test_bytes_are_moved_read_and_written_as_plain_python_does_it() -> None:
    @njit
    def moved(data: Any, out: Any) -> Any:
        moving.ask_for(data, 3)
        moving.move(out, 2, data, 5, 9)
        moving.put_whole(out, 13, -5)
        return moving.word_at(data, 3)

    data = np.arange(32, dtype=np.uint8)
    out = np.zeros(24, np.uint8)
    assert moved(data, out) == int.from_bytes(data[3:11].tobytes(), "little")
    assert out.tobytes() == bytes(2) + data[5:14].tobytes() + bytes(2) + (-5).to_bytes(
        8, "little", signed=True
    ) + bytes(3)


def test_a_message_of_any_length_has_the_digest_that_hashlib_gives(either_way: None) -> None:
    data = np.frombuffer(np.random.default_rng(1).bytes(300), np.uint8)
    starts, stops = (part.reshape(-1) for part in np.meshgrid([0, 1, 7], np.arange(7, 300), indexing="ij"))
    found = digests.digests(data, starts, stops)
    for start, stop, digest in zip(starts, stops, found, strict=True):
        assert digest.tobytes() == hashlib.sha256(data[start:stop].tobytes()).digest()


def test_no_message_has_no_digest(either_way: None) -> None:
    nothing = np.zeros(0, np.int64)
    assert digests.digests(np.zeros(0, np.uint8), nothing, nothing).shape == (0, 32)


@pytest.mark.parametrize("size", [*range(1, 18), 100])
def test_levels_lead_to_the_root_of_the_tree(size: int, either_way: None) -> None:
    leaves = np.frombuffer(np.random.default_rng(size).bytes(size * 32), np.uint8).reshape(size, 32)
    level = leaves
    while len(level) > 1:
        level = digests.nodes_above(level)
    assert level.tobytes() == merkle.root(leaves.tobytes())


def test_strings_are_hashed_as_python_hashes_them() -> None:
    """Python's own hash is SipHash-1-3; under seed 0 its key is all zeros."""
    assert sys.hash_info.algorithm == "siphash13"
    words = ["x" * 3 + "abcdefgh"[: i % 8] * i for i in range(40)]
    asked = f"import sys; sys.stdout.write(' '.join(str(hash(w.encode())) for w in {words!r}))"
    command = [sys.executable, "-S", "-c", asked]
    environment = {**{k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")}, "PYTHONHASHSEED": "0"}
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    found = np.empty(len(words), np.uint64)
    data, starts = buffers(pa.array(words))
    hash_each(data, starts, sip_key(bytes(16)), found)
    assert found.view(np.int64).tolist() == [int(number) for number in said.split()]
