"""Many messages at once are hashed as one is, with the processor's instructions or without."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest

from goodstanding.book.coding import buffers
from goodstanding.record import digests, merkle
from goodstanding.record.siphash import hash_each, sip_key

pytestmark = pytest.mark.kernel


@pytest.fixture(params=["as this processor can", "plainly"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "plainly":
        monkeypatch.setattr(digests, "IN_HARDWARE", False)


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
