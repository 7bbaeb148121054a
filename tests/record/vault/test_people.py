"""A public id has one slot and one key, for good; until it is erased, and then has neither."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodstanding.book.coding import buffers
from goodstanding.errors import TamperError
from goodstanding.record.disk import Piece, RealDisk
from goodstanding.record.vault import finding
from goodstanding.record.vault.people import People
from goodstanding.testing.faulty_disk import FaultyDisk
from goodstanding.testing.platter import Platter

pytestmark = pytest.mark.kernel

SECRET = bytes(range(32))
FILES = ("people.ids", "people.ends", "people.keys")
ANN, BOB, LONG = "ann", "bob-0123", "书" * 128
SOME = [ANN, BOB, LONG, *(f"person-{i:03d}" for i in range(60))]
NAMES = st.lists(st.sampled_from([*SOME[:12], "a", "ab", "b", "person-0", "person-00"]), max_size=8)


def opened(folder: Path, size: int, **options: Any) -> People:
    return People(folder, RealDisk(), SECRET, size, **options)


def names(several: Iterable[str]) -> pa.Array:
    return pa.array(list(several), pa.string())


def filled(folder: Path) -> People:
    people = opened(folder, 0)
    people.enrol(names(SOME))
    people.commit()
    return people


def test_slots_are_given_in_order_of_first_sight_and_once(tmp_path: Path) -> None:
    people = opened(tmp_path, 0)
    assert people.enrol(names([ANN, BOB, ANN, LONG])).tolist() == [0, 1, 0, 2]
    assert people.enrol(names(["new", LONG])).tolist() == [3, 2]
    assert people.size == 4
    assert people.find(names([LONG, "nobody", "new", BOB])).tolist() == [2, -1, 3, 1]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_a_slice_of_any_array_of_strings_can_be_asked_for(kind: Any, tmp_path: Path) -> None:
    people = filled(tmp_path)
    assert people.find(pa.array(["x", *SOME], kind)[2:5]).tolist() == [1, 2, 3]
    assert people.find(pa.array([], kind)).tolist() == []


@given(
    steps=st.lists(st.tuples(st.sampled_from(["enrol", "commit", "cut", "open", "find", "save"]), NAMES), max_size=14)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_people_are_as_a_plain_list_of_them(steps: list[tuple[str, list[str]]], tmp_path: Path) -> None:
    """Enrolled, kept, forgotten and opened in any order; what was not kept is gone when a home is opened."""
    for path in tmp_path.iterdir():
        path.unlink()
    people, plain, kept = opened(tmp_path, 0), list[str](), list[str]()
    keys: dict[int, bytes] = {}
    for step, several in steps:
        if step == "enrol":
            plain += [name for name in dict.fromkeys(several) if name not in plain]
            assert people.enrol(names(several)).tolist() == [plain.index(name) for name in several]
        elif step == "commit":
            people.commit()
            kept = list(plain)
        elif step == "cut":
            del plain[len(several) :]
            people.cut(len(several))
            kept = kept[: len(several)]
        elif step == "open":
            people = opened(tmp_path, len(kept))
            plain = list(kept)
        elif step == "save":
            people.save_table()
        keys = {slot: key for slot, key in keys.items() if slot < len(plain)}
        assert people.size == len(plain)
        assert people.ids(np.arange(people.size)).to_pylist() == plain
        wanted = [plain.index(name) if name in plain else -1 for name in several]
        assert people.find(names(several)).tolist() == wanted
        for slot in range(len(plain)):
            assert people.key(slot) == keys.setdefault(slot, people.key(slot))


def test_keys_are_random_and_stay(tmp_path: Path) -> None:
    people = opened(tmp_path, 0)
    people.enrol(names(SOME))
    before = people.keys_of(np.arange(len(SOME)))
    assert len({key.tobytes() for key in before}) == len(SOME)
    people.commit()
    people.enrol(names(["one more"]))
    found = people.keys_of(np.array([2, len(SOME), 0]))
    assert [found[0].tobytes(), found[2].tobytes()] == [before[2].tobytes(), before[0].tobytes()]
    assert people.key(len(SOME)) == found[1].tobytes()
    assert (opened(tmp_path, len(SOME)).keys_of(np.arange(len(SOME))) == before).all()


def test_the_files_are_flat(tmp_path: Path) -> None:
    filled(tmp_path)
    ids, ends, keys = ((tmp_path / name).read_bytes() for name in FILES)
    assert ids == "".join(SOME).encode()
    assert np.frombuffer(ends, "<u8").tolist() == np.cumsum([len(name.encode()) for name in SOME]).tolist()
    assert len(keys) == 32 * len(SOME)


def test_what_no_entry_knows_is_cut_off_when_a_home_opens(tmp_path: Path) -> None:
    filled(tmp_path)
    assert opened(tmp_path, 2, read_only=True).find(names([BOB, LONG])).tolist() == [1, -1]
    assert (tmp_path / "people.keys").stat().st_size == 32 * len(SOME), "a reader changes nothing"
    people = opened(tmp_path, 2)
    assert [(tmp_path / name).stat().st_size for name in FILES] == [len(ANN + BOB), 16, 64]
    assert people.enrol(names(["other", LONG])).tolist() == [2, 3]


@pytest.mark.parametrize("name", FILES)
def test_files_that_hold_fewer_than_the_ledger_knows_are_refused(name: str, tmp_path: Path) -> None:
    filled(tmp_path)
    path = tmp_path / name
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(TamperError, match=f"{name}: .* bytes; expected .*, for 63 people; restore the vault"):
        opened(tmp_path, len(SOME))
    path.unlink()
    with pytest.raises(TamperError, match=f"{name}: 0 bytes"):
        opened(tmp_path, len(SOME))


def test_who_is_erased_has_neither_id_nor_key_and_is_not_found(tmp_path: Path) -> None:
    people = filled(tmp_path)
    key = people.key(1)
    people.erase([1])
    people.erase([1])
    for again in (people, opened(tmp_path, len(SOME))):
        assert again.find(names([ANN, BOB, LONG])).tolist() == [0, -1, 2]
        assert again.ids(np.array([0, 1, 2])).to_pylist() == [ANN, None, LONG]
        assert (again.key(1), again.size) == (bytes(32), len(SOME))
    assert not any(each in path.read_bytes() for each in (key, BOB.encode()) for path in tmp_path.iterdir())
    assert people.enrol(names([BOB])).tolist() == [len(SOME)], "the tombstones keep them out, not this file"


def test_the_table_spares_building_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path).save_table()

    def never(*_: Any) -> None:
        raise AssertionError("built anew")

    people = opened(tmp_path, len(SOME))
    monkeypatch.setattr(finding, "take_in", never)
    assert people.find(names(SOME)).tolist() == list(range(len(SOME)))


@pytest.mark.parametrize("spoil", ["absent", "short", "empty", "flipped", "another secret"])
def test_a_table_that_is_not_right_is_built_anew(spoil: str, tmp_path: Path) -> None:
    filled(tmp_path).save_table()
    path = tmp_path / "people.table"
    whole = path.read_bytes()
    rng = np.random.default_rng(4)
    for _ in range(20 if spoil in {"short", "flipped"} else 1):
        if spoil == "absent":
            path.unlink()
        elif spoil != "another secret":
            at = int(rng.integers(len(whole)))
            flipped = whole[:at] + bytes([whole[at] ^ 1 << int(rng.integers(8))]) + whole[at + 1 :]
            path.write_bytes({"short": whole[:at], "empty": b"", "flipped": flipped}[spoil])
        secret = b"s" * 32 if spoil == "another secret" else SECRET
        people = People(tmp_path, RealDisk(), secret, len(SOME), read_only=True)
        assert people.find(names([*SOME, "nobody"])).tolist() == [*range(len(SOME)), -1]


def test_a_table_of_people_who_were_forgotten_is_not_believed_for_those_after_them(tmp_path: Path) -> None:
    """Power fails after the table was saved and before the ledger's entry; other people get the same slots."""
    filled(tmp_path).save_table()
    people = opened(tmp_path, 0)
    others = [f"other {i}" for i in range(len(SOME))]
    people.enrol(names(others))
    people.commit()
    again = opened(tmp_path, len(SOME))
    assert again.find(names([*others, ANN])).tolist() == [*range(len(SOME)), -1]


def test_a_table_grows_and_finds_everybody(tmp_path: Path) -> None:
    people = opened(tmp_path, 0)
    everybody = [f"p{i}" for i in range(3_000)]
    for first in range(0, 3_000, 700):
        people.enrol(names(everybody[first : first + 700]))
        people.commit()
    assert people.find(names(everybody)).tolist() == list(range(3_000))
    assert opened(tmp_path, 3_000).find(names(everybody)).tolist() == list(range(3_000))


def test_ids_of_one_hash_are_told_apart(tmp_path: Path) -> None:
    """The hash decides nothing: here all ids have the same, and lie in one run from place 5."""
    data, starts = buffers(names([*SOME[:20], "nobody"]))
    some = int(starts[20])
    entries = np.zeros(1 << 10, np.uint64)
    entries[5:25] = 7 << 32 | np.arange(1, 21)
    none = (np.zeros(1, np.int64), np.zeros(0, np.uint8))
    for row, (start, stop) in enumerate(pairwise(starts.tolist())):
        asked = (np.uint64(7), 5, entries, data, start, stop - start, starts[1:21], data[:some], *none)
        assert finding._seek(*asked) == ((row, 5 + row) if row < 20 else (-1, 25))


class FullDisk(RealDisk):
    """A disk on which so many appends succeed."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def append(self, path: Path, data: Piece, at: int) -> None:
        if self.room == 0:
            super().append(path, bytes(data)[:3], at)
            raise OSError(28, "No space left on device")
        self.room -= 1
        super().append(path, data, at)


@pytest.mark.parametrize("room", [0, 1, 2])
def test_a_commit_that_fails_can_be_tried_again_and_leaves_nothing_behind(room: int, tmp_path: Path) -> None:
    filled(tmp_path)
    disk = FullDisk(room)
    people = People(tmp_path, disk, SECRET, len(SOME))
    people.enrol(names(["one", "two"]))
    with pytest.raises(OSError, match="No space"):
        people.commit()
    assert opened(tmp_path, len(SOME), read_only=True).find(names(["one", LONG])).tolist() == [-1, 2]
    disk.room = 3
    people.commit()
    assert opened(tmp_path, len(SOME) + 2).find(names([ANN, "one", "two"])).tolist() == [0, 63, 64]


def test_who_was_acknowledged_is_there_after_any_cut_of_power(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    folder.mkdir()
    platter = Platter(folder)
    people = People(folder, FaultyDisk(platter), SECRET, 0)
    for first in range(0, 60, 10):
        people.enrol(names(SOME[first : first + 10]))
        people.commit()
        platter.told([key.tobytes() for key in people.keys_of(np.arange(people.size))])
        people.save_table()
    for number, cut in enumerate(platter.cuts(60, random.Random(6))):  # noqa: S311 moments of a test
        left = tmp_path / f"left {number}"
        cut.lay_out(left)
        keys = cut.told[-1] if cut.told else []
        again = opened(left, len(keys))
        assert again.find(names(SOME)).tolist() == [*range(len(keys)), *[-1] * (len(SOME) - len(keys))]
        assert [key.tobytes() for key in again.keys_of(np.arange(again.size))] == keys
        again.enrol(names(SOME))
        again.commit()
        assert opened(left, len(SOME)).find(names(SOME)).tolist() == list(range(len(SOME)))


@pytest.mark.compiled
def test_a_million_people_are_found_again(tmp_path: Path) -> None:
    ids = pa.array(np.random.default_rng(8).permutation(1_000_000)).cast(pa.string())
    people = opened(tmp_path, 0)
    people.enrol(ids)
    people.commit()
    people.save_table()
    again = opened(tmp_path, 1_000_000)
    assert (again.find(ids) == np.arange(1_000_000)).all()
    assert (again.find(pa.array(np.arange(1_000_000, 1_100_000)).cast(pa.string())) == -1).all()
    some = np.arange(0, 1_000_000, 9)
    assert again.ids(some).equals(ids.cast(pa.large_string()).take(pa.array(some)))
