"""The power fails while segments are written and people erased: what was acknowledged is there, whole."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from goodstanding.record.segments import Sealed, check_segment, remainder, write_segment
from goodstanding.testing.faulty_disk import FaultyDisk
from goodstanding.testing.platter import Platter
from tests.record.segments import drawn

CUTS = 150
GONE = (3, 5)


@pytest.mark.parametrize("seed", range(2))
def test_a_segment_that_was_acknowledged_is_whole_after_any_cut(seed: int, tmp_path: Path) -> None:
    folder = tmp_path / "segments"
    folder.mkdir()
    platter = Platter(folder)
    disk = FaultyDisk(platter)
    for number in range(3):
        rows = drawn.arranged(drawn.many(100, 20, seed=number))
        platter.told(write_segment(disk, folder, rows, drawn.KEYS, drawn.META))
    for number, cut in enumerate(platter.cuts(CUTS, random.Random(seed))):  # noqa: S311 moments of a test
        left = tmp_path / f"left {number}"
        cut.lay_out(left)
        assert [check_segment(left, sealed, drawn.KEYS) for sealed in cut.told] == [None] * len(cut.told)


def test_an_erasure_is_done_or_not_and_can_be_done_again_after_any_cut(tmp_path: Path) -> None:
    folder = tmp_path / "segments"
    folder.mkdir()
    platter = Platter(folder)
    disk = FaultyDisk(platter)
    sealed = write_segment(disk, folder, drawn.arranged(drawn.many(100, 20)), drawn.KEYS, drawn.META)
    written = len(platter.calls)
    rest = remainder(folder, sealed.root, GONE)
    rest.write(disk)
    platter.told("erased")
    after = replace(sealed, digest=rest.digest)
    for number, cut in enumerate(platter.cuts(CUTS, random.Random(4), written)):  # noqa: S311 moments of a test
        left = tmp_path / f"left {number}"
        cut.lay_out(left)
        is_done = check_segment(left, after, drawn.Keys(GONE)) is None
        assert is_done or (not cut.told and _as_before(left, sealed))
        again = remainder(left, sealed.root, GONE)
        assert again.digest == rest.digest


def _as_before(folder: Path, sealed: Sealed) -> bool:
    return check_segment(folder, sealed, drawn.KEYS) is None
