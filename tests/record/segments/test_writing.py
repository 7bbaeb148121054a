"""A segment's files say what was written, whole, the same for the same events, and under salted leaves."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from pyarrow import parquet

from goodstanding.errors import TamperError
from goodstanding.record import merkle
from goodstanding.record.disk import Piece, RealDisk
from goodstanding.record.segments import (
    MOST_ROWS,
    Rows,
    files_of,
    meta_of,
    read_leaves,
    read_segment,
    rows,
    write_segment,
    writing,
)
from goodstanding.record.segments.form import GROUP_ROWS, SCHEMA
from tests.record.segments import drawn

pytestmark = pytest.mark.kernel

EVENTS = drawn.many(400, 60)


def told(table: pa.Table) -> list[dict[str, Any]]:
    return [{name: row[name] for name in sorted(row)} for row in table.to_pylist()]


def expected(events: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: event[name] for name in sorted(SCHEMA.names)} for event in drawn.in_order(list(events))]


@given(drawn.events())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_what_was_written_is_read(tmp_path: Path, events: list[dict[str, Any]]) -> None:
    sealed = drawn.write(tmp_path, events)
    assert told(read_segment(tmp_path, sealed.root, digest=sealed.digest)) == expected(events)
    assert meta_of(tmp_path, sealed.root) == drawn.META
    assert (sealed.rows, sealed.people) == (len(events), len({event["slot"] for event in events}))
    assert (sealed.first, sealed.last) == (min(e["time"] for e in events), max(e["time"] for e in events))


def test_only_the_columns_that_are_asked_for_are_read_in_their_order(tmp_path: Path) -> None:
    sealed = drawn.write(tmp_path, EVENTS)
    assert read_segment(tmp_path, sealed.root, ["time", "slot"]).column_names == ["time", "slot"]


def test_any_reader_of_parquet_reads_a_segment(tmp_path: Path) -> None:
    sealed = drawn.write(tmp_path, EVENTS)
    path, _ = files_of(tmp_path, sealed.root)
    table = parquet.read_table(path)
    assert table.schema.remove_metadata() == SCHEMA
    assert told(table) == expected(EVENTS)
    assert (sealed.bytes, sealed.digest) == (path.stat().st_size, sha256(path.read_bytes()).digest())


def test_each_person_has_a_leaf_salted_by_key_and_nonce_and_the_root_is_over_them(tmp_path: Path) -> None:
    sealed = drawn.write(tmp_path, EVENTS)
    leaves = read_leaves(files_of(tmp_path, sealed.root)[1])
    slots = sorted({event["slot"] for event in EVENTS})
    hashes = [drawn.leaf(slot, [event for event in EVENTS if event["slot"] == slot]) for slot in slots]
    assert leaves.slots.tolist() == slots
    assert leaves.hashes.tobytes() == b"".join(hashes)
    assert sealed.root == merkle.root(hashes)


def test_the_same_events_in_any_order_and_pieces_give_the_same_bytes(tmp_path: Path) -> None:
    """Even where each piece numbers its strings anew, and one of them holds strings that occur in no row."""
    kept = drawn.write(tmp_path, EVENTS)
    shuffled = random.Random(3).sample(EVENTS, len(EVENTS))  # noqa: S311 only an order
    pieces = pa.concat_tables([drawn.table(shuffled[:150]), drawn.table(shuffled)[150:]])
    other = tmp_path / "other"
    other.mkdir()
    again = Rows.arranged(pieces, np.array([event["slot"] for event in shuffled]))
    assert write_segment(RealDisk(), other, again, drawn.KEYS, drawn.META) == kept
    for path, copy in zip(files_of(tmp_path, kept.root), files_of(other, kept.root), strict=True):
        assert path.read_bytes() == copy.read_bytes()


def test_another_nonce_gives_other_leaves_throughout(tmp_path: Path) -> None:
    one = drawn.write(tmp_path, EVENTS)
    two = drawn.write(tmp_path, EVENTS, replace(drawn.META, nonce=b"n" * 16))
    first, second = (read_leaves(files_of(tmp_path, sealed.root)[1]) for sealed in (one, two))
    assert (first.hashes != second.hashes).any(axis=1).all()


@pytest.mark.parametrize("few", [1, 5, 4096])
@pytest.mark.parametrize("near", [0, 1 << 14])
def test_strings_are_read_as_written_whether_they_are_few_or_many(
    few: int, near: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "FEW", few)
    monkeypatch.setattr(rows, "NEAR", near)
    monkeypatch.setattr(writing, "GROUP_ROWS", 64)
    sealed = drawn.write(tmp_path, EVENTS)
    assert told(read_segment(tmp_path, sealed.root)) == expected(EVENTS)
    (tmp_path / "again").mkdir()
    monkeypatch.setattr(rows, "NEAR", 1 << 14)
    assert drawn.write(tmp_path / "again", EVENTS) == sealed


def test_a_segment_that_is_not_there_is_refused(tmp_path: Path) -> None:
    sealed = drawn.write(tmp_path, EVENTS)
    for path in files_of(tmp_path, sealed.root):
        path.unlink()
    with pytest.raises(TamperError, match="missing"):
        read_segment(tmp_path, sealed.root)


def test_a_file_that_was_written_anew_is_refused_by_its_digest(tmp_path: Path) -> None:
    sealed = drawn.write(tmp_path, EVENTS)
    other = drawn.write(tmp_path, EVENTS[1:])
    files_of(tmp_path, other.root)[0].rename(files_of(tmp_path, sealed.root)[0])
    with pytest.raises(TamperError, match="its SHA-256 is"):
        read_segment(tmp_path, sealed.root, digest=sealed.digest)


class FullDisk(RealDisk):
    """A disk that has room for some files only."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def write(self, path: Path, chunks: Iterable[Piece]) -> None:
        if self.room == 0:
            raise OSError(28, "No space left on device")
        self.room -= 1
        super().write(path, chunks)


@pytest.mark.parametrize("room", [0, 1])
def test_where_the_disk_is_full_no_rows_stand_without_their_leaves(room: int, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        write_segment(FullDisk(room), tmp_path, drawn.arranged(EVENTS), drawn.KEYS, drawn.META)
    assert not list(tmp_path.glob("*.parquet"))


def test_rows_out_of_order_are_never_written(tmp_path: Path) -> None:
    turned = drawn.arranged(EVENTS).take(np.arange(len(EVENTS))[::-1].copy())
    with pytest.raises(AssertionError):
        write_segment(RealDisk(), tmp_path, turned, drawn.KEYS, drawn.META)


def test_nobody_who_is_erased_gets_a_leaf(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="an erased person has no rows"):
        write_segment(RealDisk(), tmp_path, drawn.arranged(EVENTS), drawn.Keys([EVENTS[0]["slot"]]), drawn.META)


@pytest.mark.compiled
def test_a_segment_holds_as_many_rows_as_it_may_and_not_one_more(tmp_path: Path) -> None:
    size = MOST_ROWS + 1
    words = pa.DictionaryArray.from_arrays(pa.array(np.zeros(size, np.int32)), pa.array(["loan.opened"]))
    nothing = pa.nulls(size, pa.int64())
    columns = {
        "id": pa.array(np.arange(size)).cast(pa.string()),
        "time": pa.array(np.arange(size)),
        **dict.fromkeys(("amount", "value", "recorded"), nothing),
        **dict.fromkeys(("type", "label", "party", "matter", "replaces"), words),
    }
    several = Rows.arranged(pa.table(columns), np.arange(size) // 1000)
    key = np.full(32, 7, np.uint8)

    def keys_of(slots: Any) -> Any:
        return np.tile(key, (slots.size, 1))

    with pytest.raises(AssertionError):
        write_segment(RealDisk(), tmp_path, several, keys_of, drawn.META)
    sealed = write_segment(RealDisk(), tmp_path, several.take(np.arange(MOST_ROWS)), keys_of, drawn.META)
    assert parquet.ParquetFile(files_of(tmp_path, sealed.root)[0]).num_row_groups == MOST_ROWS // GROUP_ROWS
    assert read_segment(tmp_path, sealed.root, ["id"]).num_rows == MOST_ROWS
