"""What is known: keyed hashes, runs of them, and what becomes of runs when something goes wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.record.disk import RealDisk
from goodstanding.record.ingest.columns import from_dictionaries
from goodstanding.record.ingest.fingerprints import Hasher, Hashes
from goodstanding.record.ingest.known import TOGETHER, Known
from goodstanding.record.ingest.members import Members
from goodstanding.record.ingest.probing import KNOWN, NEW, OTHER, find, judge_repeats
from goodstanding.record.ingest.runs import BLOCK_ROWS, DamagedRunError, Found, Memory, Run, in_order

KEY = bytes(range(32))
CHECK = 77
WHOLE = st.integers(0, 2**64 - 1)


def hashes(*numbers: int) -> Hashes:
    return np.array(numbers, np.uint64)


def a_root(number: int) -> bytes:
    return number.to_bytes(32, "little")


def known(folder: Path) -> Known:
    return Known(folder / "known", RealDisk(), CHECK)


def states(known: Known, ids: Hashes, contents: Hashes) -> list[int]:
    order = in_order(ids)
    found = Found.nothing(len(ids))
    known.look_up(ids[order], contents[order], found)
    rows = np.empty_like(found.states)
    rows[order] = found.states
    return [int(state) for state in rows]


# --- Hashes ----------------------------------------------------------------------------------------------------------

EVENT = {
    "id": "b-17",
    "source": "bank",
    "type": "bill.paid",
    "person": "p1",
    "time": 1_500_000_000_000_000,
    "amount": 12_000,
    "value": 7,
    "label": "power",
    "party": "grid",
    "matter": "m-1",
    "replaces": "b-16",
}


def content(**changed: object) -> int:
    return int(Hasher(KEY).rows("bank", from_dictionaries([EVENT | changed])).contents[0])


@pytest.mark.kernel
@pytest.mark.parametrize("column", [name for name in EVENT if name != "source"])
def test_each_column_is_part_of_what_an_event_says(column: str) -> None:
    other = EVENT[column] + 1 if isinstance(EVENT[column], int) else f"{EVENT[column]}x"  # type: ignore[operator]
    assert content(**{column: other}) != content()
    if column not in {"id", "type", "person", "time"}:
        assert content(**{column: None}) != content()


@pytest.mark.kernel
def test_when_an_event_was_recorded_is_no_part_of_what_it_says() -> None:
    assert content(recorded=1_600_000_000_000_000) == content()


@pytest.mark.kernel
def test_nothing_and_nought_are_two_things_and_so_are_two_columns_that_changed_places() -> None:
    assert content(amount=None, value=0) != content(amount=0, value=None) != content(amount=0, value=0)
    assert content(label="grid", party="power") != content()


@pytest.mark.kernel
def test_ids_of_two_sources_are_two_ids_and_another_key_hashes_otherwise() -> None:
    ids = pa.array(["b-17", "b-17"])
    hasher = Hasher(KEY)
    one, same = hasher.ids("bank", ids)
    assert one == same
    assert one != hasher.ids("court", ids)[0]
    assert one != hasher.people(ids)[0]
    assert one != Hasher(KEY[::-1]).ids("bank", ids)[0]
    assert hasher.check != Hasher(KEY[::-1]).check


# --- Sorting and finding ---------------------------------------------------------------------------------------------


@pytest.mark.kernel
@given(st.lists(WHOLE | st.integers(0, 3), max_size=60))
def test_rows_are_ordered_by_their_hashes_and_equal_ones_stay_as_they_came(numbers: list[int]) -> None:
    given_hashes = np.array(numbers, np.uint64)
    assert in_order(given_hashes).tolist() == np.argsort(given_hashes, kind="stable").tolist()


@pytest.mark.kernel
@given(st.lists(WHOLE, max_size=300), st.lists(WHOLE, max_size=4))
def test_a_hash_is_found_where_it_stands_whether_few_or_many_are_looked_up(run: list[int], others: list[int]) -> None:
    there = np.sort(np.array(run, np.uint64))
    for wanted in (there, np.sort(np.array([*others, *run[:1]], np.uint64))):
        places = np.empty(len(wanted), np.int64)
        find(there, wanted, places)
        assert places.tolist() == np.searchsorted(there, wanted).tolist()


@pytest.mark.kernel
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), max_size=12))
def test_in_one_batch_the_first_event_of_an_id_counts(events: list[tuple[int, int]]) -> None:
    events = sorted(events, key=lambda event: event[0])
    ids, contents = (np.array([event[part] for event in events], np.uint64) for part in (0, 1))
    found, firsts = np.zeros(len(events), np.uint8), np.empty(len(events), np.int64)
    judge_repeats(ids, contents, found, firsts)
    for place, event in enumerate(events):
        before = [other for other in events[:place] if other[0] == event[0]]
        assert found[place] == (NEW if not before else KNOWN if event in before else OTHER)
        assert firsts[place] == [other[0] for other in events].index(event[0])


@pytest.mark.kernel
@given(st.sets(WHOLE, max_size=40), st.sets(WHOLE, max_size=10))
def test_members_are_those_that_were_put_in(inside: set[int], others: set[int]) -> None:
    asked = [*inside, *others]
    members = Members(np.array(sorted(inside), np.uint64))
    assert members.hold(np.array(asked, np.uint64)).tolist() == [one in inside for one in asked]
    assert len(members) == len(inside)


# --- Runs ------------------------------------------------------------------------------------------------------------


def test_what_was_added_is_known_with_its_content_and_other_with_another(tmp_path: Path) -> None:
    here = known(tmp_path)
    here.add(hashes(1, 5, 9), hashes(10, 50, 90), a_root(1))
    assert states(here, hashes(9, 5, 4, 1), hashes(90, 51, 40, 10)) == [KNOWN, OTHER, NEW, KNOWN]
    here.keep()
    again = known(tmp_path)
    assert states(again, hashes(9, 5, 4, 1), hashes(90, 51, 40, 10)) == [KNOWN, OTHER, NEW, KNOWN]
    assert again.reconcile({a_root(1)}) == set()


def test_what_was_dropped_is_not_known(tmp_path: Path) -> None:
    here = known(tmp_path)
    here.add(hashes(1), hashes(10), a_root(1))
    here.drop()
    assert states(here, hashes(1), hashes(10)) == [NEW]
    assert list((tmp_path / "known").iterdir()) == []


def test_a_run_of_a_segment_that_was_never_sealed_counts_for_nothing(tmp_path: Path) -> None:
    known(tmp_path).add(hashes(1), hashes(10), a_root(1))  # and here the process dies
    again = known(tmp_path)
    assert again.reconcile({a_root(2)}) == {a_root(2)}
    assert states(again, hashes(1), hashes(10)) == [NEW]
    assert len(again) == 0


@pytest.mark.parametrize("extra", [0, 3])
def test_many_runs_of_one_size_become_one_and_know_the_same(tmp_path: Path, extra: int) -> None:
    here = known(tmp_path)
    rng = np.random.default_rng(1)
    parts = []
    for number in range(TOGETHER + extra):
        ids = np.sort(rng.integers(0, 2**64, 500, np.uint64))
        parts.append((ids, ids ^ np.uint64(7)))
        here.add(*parts[-1], a_root(number))
    here.keep()
    assert len(list((tmp_path / "known").iterdir())) == 1 + extra
    again = known(tmp_path)
    assert again.reconcile({a_root(number) for number in range(TOGETHER + extra)}) == set()
    for number, (ids, contents) in enumerate(parts):
        assert set(states(again, ids, contents)) == {KNOWN}
        found = Found.nothing(1)
        again.look_up(ids[:1], contents[:1] + np.uint64(1), found)
        assert found.roots[found.segments[0]] == a_root(number)


def test_runs_longer_than_a_block_are_searched_in_every_block(tmp_path: Path) -> None:
    here = known(tmp_path)
    rows = 2 * BLOCK_ROWS + 17
    ids = np.sort(np.random.default_rng(2).integers(0, 2**64, rows, np.uint64))
    for number in range(TOGETHER):
        here.add(ids[number::TOGETHER], ids[number::TOGETHER] + np.uint64(1), a_root(number))
    assert set(states(here, ids, ids + np.uint64(1))) == {KNOWN}
    assert set(states(here, ids + np.uint64(1), ids)) == {NEW}
    assert states(here, ids[BLOCK_ROWS : BLOCK_ROWS + 1], hashes(0)) == [OTHER]


def test_two_ids_of_one_hash_are_both_remembered(tmp_path: Path) -> None:
    here = known(tmp_path)
    here.add(hashes(5, 5), hashes(1, 2), a_root(1))
    assert states(here, hashes(5, 5, 5), hashes(1, 2, 3)) == [KNOWN, KNOWN, OTHER]


def test_a_merge_that_was_cut_off_before_its_runs_were_removed_leaves_the_greater_one(tmp_path: Path) -> None:
    here = known(tmp_path)
    for number in range(TOGETHER - 1):
        here.add(hashes(number), hashes(number), a_root(number))
    small = {path.name: path.read_bytes() for path in (tmp_path / "known").iterdir()}
    here.add(hashes(99), hashes(99), a_root(99))
    for name, data in small.items():
        (tmp_path / "known" / name).write_bytes(data)
    again = known(tmp_path)
    roots = {*map(a_root, range(TOGETHER - 1)), a_root(99)}
    assert again.reconcile(roots) == set()
    assert len(again) == TOGETHER
    assert len(list((tmp_path / "known").iterdir())) == 1


@pytest.mark.parametrize("harm", ["cut", "empty", "frame", "another key", "no run"])
def test_a_damaged_run_is_removed_and_its_segments_are_missing(tmp_path: Path, harm: str) -> None:
    here = known(tmp_path)
    here.add(hashes(1, 2), hashes(3, 4), a_root(1))
    here.keep()
    (path,) = (tmp_path / "known").iterdir()
    data = bytearray(path.read_bytes())
    if harm == "frame":
        data[-6] ^= 1  # of the sums
    other = {"cut": bytes(data[:-1]), "empty": b"", "no run": b"x" * 100}
    path.write_bytes(other.get(harm, bytes(data)))
    check = CHECK + 1 if harm == "another key" else CHECK
    again = Known(tmp_path / "known", RealDisk(), check)
    assert again.reconcile({a_root(1)}) == {a_root(1)}
    assert not path.exists()


def test_a_flipped_bit_in_a_block_is_not_merged_on(tmp_path: Path) -> None:
    here = known(tmp_path)
    for number in range(TOGETHER):
        if number == TOGETHER - 1:
            path = sorted((tmp_path / "known").iterdir())[3]
            data = bytearray(path.read_bytes())
            data[40 + 32 + 3] ^= 4  # past the header and one root: within the block
            path.write_bytes(data)
            here = known(tmp_path)
            assert here.reconcile({a_root(each) for each in range(number)}) == set()
        here.add(hashes(number), hashes(number), a_root(number))
        here.keep()
    assert not here.is_whole
    assert here.reconcile({a_root(each) for each in range(TOGETHER)}) == {a_root(3)}
    assert here.is_whole


def test_a_run_says_which_block_is_not_as_it_was_written(tmp_path: Path) -> None:
    here = known(tmp_path)
    here.add(hashes(1), hashes(2), a_root(1))
    (path,) = (tmp_path / "known").iterdir()
    data = bytearray(path.read_bytes())
    data[80] ^= 1
    path.write_bytes(data)
    with pytest.raises(DamagedRunError, match="block 0 is not as it was written"):
        Run(path, CHECK).check_blocks()


def test_everything_can_be_forgotten(tmp_path: Path) -> None:
    here = known(tmp_path)
    here.add(hashes(1), hashes(2), a_root(1))
    here.keep()
    here.add(hashes(3), hashes(4), a_root(2))
    here.forget()
    assert list((tmp_path / "known").iterdir()) == []
    assert states(here, hashes(1, 3), hashes(2, 4)) == [NEW, NEW]


@pytest.mark.kernel
def test_what_lies_in_memory_is_looked_up_as_runs_are() -> None:
    memory = Memory.of(hashes(9, 2), hashes(1, 2), b"here")
    found = Found.nothing(3)
    memory.look_up(hashes(2, 5, 9), hashes(2, 2, 2), found)
    assert found.states.tolist() == [KNOWN, NEW, OTHER]
    assert found.roots[found.segments[2]] == b"here"
