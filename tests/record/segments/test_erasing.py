"""Whoever is erased from a segment is gone from its file; root, leaves and everybody's proofs stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from goodstanding.errors import TamperError
from goodstanding.record.disk import RealDisk
from goodstanding.record.segments import (
    check_segment,
    files_of,
    prove_person,
    read_segment,
    remainder,
    without,
    writing,
)
from goodstanding.record.segments.proving import salt_of
from tests.record.segments import drawn

EVENTS = [
    {**event, "id": f"id of {event['slot']:02d}, {i}", "matter": f"loan of {event['slot']:02d}, {i}"}
    for i, event in enumerate(drawn.many(300, 40))
]
GONE = (3, 17, 39)
STAY = [event for event in EVENTS if event["slot"] not in GONE]


@pytest.fixture(autouse=True)
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "GROUP_ROWS", 50)


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is compressed, so that what a file holds can be looked for in its bytes."""
    monkeypatch.setitem(writing.OPTIONS, "compression", "none")
    monkeypatch.setitem(writing.OPTIONS, "compression_level", None)


def test_root_and_leaves_stay_and_the_rest_of_the_rows(tmp_path: Path) -> None:
    sealed = drawn.write(tmp_path, EVENTS)
    leaves = files_of(tmp_path, sealed.root)[1].read_bytes()
    rest = without(RealDisk(), tmp_path, sealed.root, GONE, digest=sealed.digest)
    assert (rest.rows, rest.gone) == (len(STAY), len(EVENTS) - len(STAY))
    assert files_of(tmp_path, sealed.root)[1].read_bytes() == leaves
    found = read_segment(tmp_path, sealed.root, ["slot", "id"], digest=rest.digest).to_pylist()
    assert found == [{"slot": event["slot"], "id": event["id"]} for event in drawn.in_order(STAY)]


def test_a_check_agrees_once_the_ledger_has_the_new_digest(tmp_path: Path) -> None:
    sealed = drawn.write(tmp_path, EVENTS)
    rest = without(RealDisk(), tmp_path, sealed.root, GONE)
    erased = drawn.Keys(GONE)
    assert check_segment(tmp_path, sealed, erased) is not None
    told: Any = {name: getattr(sealed, name) for name in sealed.__slots__}
    assert check_segment(tmp_path, type(sealed)(**{**told, "digest": rest.digest}), erased) is None


def test_everybody_else_can_still_prove_their_rows(tmp_path: Path) -> None:
    sealed = drawn.write(tmp_path, EVENTS)
    before = {slot: prove_person(tmp_path, sealed.root, slot, drawn.key(slot)) for slot in range(40)}
    without(RealDisk(), tmp_path, sealed.root, GONE)
    for slot, proof in before.items():
        now = prove_person(tmp_path, sealed.root, slot, drawn.key(slot))
        assert proof is not None
        assert now == (None if slot in GONE else proof)


def test_no_byte_of_the_erased_is_left(plain: None, tmp_path: Path) -> None:
    sealed = drawn.write(tmp_path, EVENTS)
    path = files_of(tmp_path, sealed.root)[0]
    texts = [(event["slot"], event[name].encode()) for event in EVENTS for name in ("id", "matter")]
    salts = [salt_of(drawn.key(slot), sealed.nonce) for slot in GONE]
    assert all(text in path.read_bytes() for _, text in texts)
    without(RealDisk(), tmp_path, sealed.root, GONE)
    assert [slot for slot, text in texts if text in path.read_bytes()] == [s for s, _ in texts if s not in GONE]
    files = [each.read_bytes() for each in tmp_path.iterdir()]
    assert not any(salt in file for salt in salts for file in files)
    assert len(files) == 2


@pytest.mark.parametrize("few", [10, 4096])
def test_no_dictionary_keeps_a_string_of_the_erased(few: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "FEW", few)
    sealed = drawn.write(tmp_path, EVENTS)
    without(RealDisk(), tmp_path, sealed.root, GONE)
    matters = read_segment(tmp_path, sealed.root).column("matter")
    held = {text for chunk in matters.chunks for text in chunk.dictionary.to_pylist()}
    assert held == {event["matter"] for event in STAY}
    assert pa.types.is_dictionary(matters.type)


def test_erasing_again_changes_nothing(tmp_path: Path) -> None:
    sealed = drawn.write(tmp_path, EVENTS)
    rest = without(RealDisk(), tmp_path, sealed.root, GONE)
    kept = rest.path.read_bytes()
    again = without(RealDisk(), tmp_path, sealed.root, GONE, digest=rest.digest)
    assert (again.digest, again.gone, rest.path.read_bytes()) == (rest.digest, 0, kept)


def test_one_after_the_other_is_as_all_at_once(tmp_path: Path) -> None:
    sealed = drawn.write(tmp_path, EVENTS)
    at_once = remainder(tmp_path, sealed.root, GONE).digest
    for slot in GONE:
        last = without(RealDisk(), tmp_path, sealed.root, [slot])
    assert last.digest == at_once


def test_the_new_digest_is_known_before_anything_is_written(tmp_path: Path) -> None:
    sealed = drawn.write(tmp_path, EVENTS)
    rest = remainder(tmp_path, sealed.root, GONE)
    assert read_segment(tmp_path, sealed.root, digest=sealed.digest).num_rows == len(EVENTS)
    rest.write(RealDisk())
    assert read_segment(tmp_path, sealed.root, digest=rest.digest).num_rows == len(STAY)


def test_a_segment_of_which_nobody_is_left_is_still_whole(tmp_path: Path) -> None:
    sealed = drawn.write(tmp_path, EVENTS)
    rest = without(RealDisk(), tmp_path, sealed.root, range(40))
    told: Any = {name: getattr(sealed, name) for name in sealed.__slots__}
    assert check_segment(tmp_path, type(sealed)(**{**told, "digest": rest.digest}), drawn.Keys(range(40))) is None
    assert read_segment(tmp_path, sealed.root).num_rows == 0


def test_a_file_that_is_not_the_ledgers_is_not_made_into_one(tmp_path: Path) -> None:
    sealed = drawn.write(tmp_path, EVENTS)
    with pytest.raises(TamperError, match="its SHA-256 is"):
        without(RealDisk(), tmp_path, sealed.root, GONE, digest=bytes(32))
    assert read_segment(tmp_path, sealed.root).num_rows == len(EVENTS)
