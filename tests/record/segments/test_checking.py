"""Whatever differs in a segment from what the ledger says is found, and its place is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodstanding.errors import TamperError
from goodstanding.record.segments import Sealed, check_segment, files_of, read_leaves, read_segment, writing
from goodstanding.record.segments.form import Notes
from goodstanding.record.segments.leaves import Leaves
from goodstanding.record.segments.writing import File
from tests.record.segments import drawn

EVENTS = drawn.many(300, 40)
FLIPS = 2_000


@dataclass
class Written:
    """A segment on the disk, in row groups of 50."""

    folder: Path
    sealed: Sealed

    @property
    def rows(self) -> Path:
        return files_of(self.folder, self.sealed.root)[0]

    @property
    def leaves(self) -> Path:
        return files_of(self.folder, self.sealed.root)[1]

    def check(self, keys: drawn.Keys = drawn.KEYS, *, deep: bool = True) -> Any:
        return check_segment(self.folder, self.sealed, keys, deep=deep)

    def rewrite(self, events: list[dict[str, Any]]) -> None:
        """What somebody does who may write files, and the ledger's digest too."""
        file = File(drawn.arranged(events), drawn.META, Notes.find(self.rows.read_bytes()).slots)  # type: ignore[union-attr] # it is there
        self.rows.write_bytes(b"".join(file.pieces))
        self.sealed = replace(self.sealed, digest=file.digest)


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Written:
    monkeypatch.setattr(writing, "GROUP_ROWS", 50)
    return Written(tmp_path, drawn.write(tmp_path, EVENTS))


@pytest.mark.parametrize("deep", [True, False])
def test_a_segment_as_it_was_written_has_no_fault(written: Written, deep: bool) -> None:
    assert written.check(deep=deep) is None


def flipped(data: bytes, bit: int) -> bytes:
    spoiled = bytearray(data)
    spoiled[bit // 8] ^= 1 << bit % 8
    return bytes(spoiled)


@pytest.mark.parametrize("deep", [True, False])
def test_every_flipped_bit_of_the_rows_is_found_and_told_to_the_row_group(written: Written, deep: bool) -> None:
    whole = written.rows.read_bytes()
    groups = Notes.find(whole).groups  # type: ignore[union-attr] # it is there
    for bit in np.random.default_rng(5).integers(8 * len(whole), size=FLIPS // 2).tolist():
        written.rows.write_bytes(flipped(whole, bit))
        fault = written.check(deep=deep)
        within = [place for place, group in enumerate(groups) if group.start <= bit // 8 < group.stop]
        assert fault is not None
        assert fault.group == (within[0] if within else None)
        assert fault.file == written.rows


def test_every_flipped_bit_of_the_leaves_is_found(written: Written) -> None:
    whole = written.leaves.read_bytes()
    count = int.from_bytes(whole[8:12], "little")
    slots = read_leaves(written.leaves).slots
    for bit in np.random.default_rng(6).integers(8 * len(whole), size=FLIPS // 2).tolist():
        written.leaves.write_bytes(flipped(whole, bit))
        assert written.check(deep=False) is not None
        in_hashes = bit // 8 - 12 - 4 * count
        if in_hashes < 0:
            assert written.check() is not None
        elif bit % 8 == 0:  # the others are as these, and slower
            assert (written.check().file, written.check().slot) == (written.leaves, slots[in_hashes // 32])


def test_no_flipped_bit_of_the_rows_is_read_as_something_else(written: Written) -> None:
    whole = written.rows.read_bytes()
    before = read_segment(written.folder, written.sealed.root)
    for bit in np.random.default_rng(7).integers(8 * len(whole), size=300).tolist():
        written.rows.write_bytes(flipped(whole, bit))
        with pytest.raises(TamperError):
            read_segment(written.folder, written.sealed.root, digest=written.sealed.digest)
        pages = Notes.find(whole).groups[-1].stop  # type: ignore[union-attr] # it is there
        if bit // 8 < pages:  # without a digest, Parquet's own sums of its pages are asked
            try:
                assert read_segment(written.folder, written.sealed.root).equals(before)
            except TamperError:
                continue


@pytest.mark.parametrize("size", [0, 1, 100, -1])
def test_a_file_that_was_cut_is_found(written: Written, size: int) -> None:
    for path in (written.rows, written.leaves):
        whole = path.read_bytes()
        path.write_bytes(whole[:size])
        assert written.check() is not None
        path.write_bytes(whole)
    assert written.check() is None


@pytest.mark.parametrize("which", ["rows", "leaves"])
def test_a_missing_file_is_named(written: Written, which: str) -> None:
    path = getattr(written, which)
    path.unlink()
    fault = written.check()
    assert "missing" in str(fault)
    assert str(path) in str(fault)


CHANGES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "an amount": lambda event: {**event, "amount": 77},
    "an id": lambda event: {**event, "id": event["id"] + "0"},
    "a moment of recording": lambda event: {**event, "recorded": 5},
    "a label that is gone": lambda event: {**event, "label": None if event["label"] else "label0"},
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_row_is_found_under_any_digest_and_its_person_named(written: Written, what: str) -> None:
    at = 123
    order = drawn.in_order(EVENTS)
    written.rewrite([*order[:at], CHANGES[what](order[at]), *order[at + 1 :]])
    fault = written.check()
    first = next(i for i, event in enumerate(order) if event["slot"] == order[at]["slot"])
    assert (fault.slot, fault.group, fault.file) == (order[at]["slot"], first // 50, written.rows)


def test_a_dropped_row_and_a_dropped_person_are_found_under_any_digest(written: Written) -> None:
    slot = EVENTS[0]["slot"]
    written.rewrite(EVENTS[1:])
    assert written.check().slot == slot
    written.rewrite([event for event in EVENTS if event["slot"] != slot])
    assert (written.check().slot, written.check().found) == (slot, "no rows")


def test_rows_out_of_order_are_found_under_any_digest(written: Written) -> None:
    order = np.arange(len(EVENTS))
    order[[120, 121]] = order[[121, 120]]
    turned = drawn.arranged(EVENTS).take(order)
    file = File(turned, drawn.META, Notes.find(written.rows.read_bytes()).slots)  # type: ignore[union-attr] # it is there
    written.rows.write_bytes(b"".join(file.pieces))
    written.sealed = replace(written.sealed, digest=file.digest)
    assert (written.check().found, written.check().group) == ("a row out of order", 2)


def test_a_row_of_a_person_who_has_no_leaf_is_found_under_any_digest(written: Written) -> None:
    written.rewrite([*EVENTS, {**EVENTS[0], "id": "new", "slot": 1_000}])
    assert (written.check().slot, written.check().group) == (1_000, 6)


def test_an_erased_person_may_have_no_rows_and_must_not_have_any(written: Written) -> None:
    slot = EVENTS[0]["slot"]
    erased = drawn.Keys([slot])
    assert written.check(erased).slot == slot
    written.rewrite([event for event in EVENTS if event["slot"] != slot])
    assert written.check(erased) is None


@pytest.mark.parametrize("deep", [True, False])
def test_the_leaf_of_an_erased_person_cannot_be_changed_either(written: Written, deep: bool) -> None:
    slot = EVENTS[0]["slot"]
    written.rewrite([event for event in EVENTS if event["slot"] != slot])
    leaves = read_leaves(written.leaves)
    hashes, slots = leaves.hashes.copy(), leaves.slots.copy()
    hashes[leaves.place(slot), 3] ^= 1
    written.leaves.write_bytes(Leaves(slots, hashes).to_bytes())
    assert written.check(drawn.Keys([slot]), deep=deep).file == written.leaves
    slots[-1] += 1
    written.leaves.write_bytes(Leaves(slots, leaves.hashes).to_bytes())
    assert "other slots" in written.check(drawn.Keys([slot]), deep=deep).found


def test_a_file_that_is_no_segment_is_found_even_under_its_own_digest(written: Written) -> None:
    written.rows.write_bytes(b"PAR1 and nothing else PAR1")
    written.sealed = replace(written.sealed, digest=sha256(written.rows.read_bytes()).digest())
    assert "not a segment" in str(written.check())


def test_another_whole_segment_in_its_place_is_found(written: Written) -> None:
    other = drawn.write(written.folder, EVENTS[:200])
    for mine, others in zip(
        files_of(written.folder, written.sealed.root), files_of(written.folder, other.root), strict=True
    ):
        others.rename(mine)
    assert "row groups as their sums say" in written.check().found
    written.sealed = replace(written.sealed, digest=other.digest)
    assert written.check().expected == written.sealed.root.hex()
