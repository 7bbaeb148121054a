"""Very many identifiers are kept and found as few are, and a table of them is believed only as it was written."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.errors import RecordError
from goodstanding.record.vault.hashing import digests_of, leading, normalised, normalised_all
from goodstanding.record.vault.identifiers import Identifiers
from goodstanding.record.vault.matching import Table
from goodstanding.record.vault.tables import make_file

KEY = bytes(range(32))
TEXTS = st.text("0189AbXx-./ ·é１", min_size=1, max_size=40).filter(lambda text: any(sign.isalnum() for sign in text))


@pytest.fixture
def identifiers(tmp_path: Path) -> Iterator[Identifiers]:
    database = make_file(tmp_path)
    yield Identifiers(database, KEY)
    database.close()


def texts(*given: str) -> pa.StringArray:
    return pa.array(given, pa.string())


def keep(identifiers: Identifiers, given: dict[str, int], **agreed: bytes) -> int:
    return identifiers.write(identifiers.noted("phone", texts(*given), np.array([*given.values()]), agreed))


@given(st.lists(TEXTS, max_size=5), st.binary(max_size=64))
def test_many_are_hashed_as_hmac_of_the_standard_library_does(given: list[str], key: bytes) -> None:
    plain = normalised_all(pa.array(given, pa.string()))
    assert plain.to_pylist() == [normalised(text) for text in given]
    expected = [hmac.digest(key, f"phone\0{normalised(text)}".encode(), "sha256") for text in given]
    assert [one.tobytes() for one in digests_of(key, "phone", plain)] == expected


def test_many_are_found_as_each_is(identifiers: Identifiers) -> None:
    assert keep(identifiers, {"555 1001": 3, "555-1002": 4, "555 9": 3}) == 3
    asked = ["5551002", "555/1001", "555 1003", "5559"]
    slots, near = identifiers.find_all("phone", texts(*asked))
    assert slots.tolist() == identifiers.find("phone", asked).tolist() == [4, 3, -1, 3]
    assert [one.row for one, _ in near] == [2]
    assert near[0][1] in {3, 4}
    assert near[0][0].others == 1


def test_what_was_kept_is_not_kept_twice_and_nobody_takes_it_over(identifiers: Identifiers) -> None:
    keep(identifiers, {"1": 3})
    assert keep(identifiers, {"1": 3, "2": 5}) == 1
    with pytest.raises(RecordError, match="belongs to somebody else already; nothing was noted"):
        keep(identifiers, {"3": 3, "2": 4})
    with pytest.raises(RecordError, match="belongs to somebody else"):
        identifiers.noted("phone", texts("7", " 7"), np.array([1, 2]))
    assert identifiers.find("phone", ["1", "2", "3"]).tolist() == [3, 5, -1]


def test_hmacs_under_an_agreed_key_find_whom_the_identifier_finds(identifiers: Identifiers) -> None:
    agreed = bytes(reversed(range(32)))
    keep(identifiers, {"555 1": 3, "555 2": 4}, court=agreed)
    sent = [hmac.digest(agreed, b"phone\0" + text, "sha256") for text in (b"5552", b"5553", b"5551")]
    hashes = np.frombuffer(b"".join(sent), np.uint8).reshape(-1, 32)
    assert identifiers.find_hashes("phone", "court", hashes).tolist() == [4, -1, 3]
    assert identifiers.kinds(3) == ["phone", "phone@court"]


def test_a_table_that_was_touched_is_made_anew(identifiers: Identifiers, tmp_path: Path) -> None:
    keep(identifiers, {"1": 3, "2": 4})
    identifiers.table("phone")
    slots = tmp_path / "identifiers" / "phone" / "slots"
    swapped = np.fromfile(slots, np.uint32)[::-1].copy()
    swapped.tofile(slots)
    assert Table.load(tmp_path / "identifiers" / "phone", KEY) is None
    assert identifiers.find_all("phone", texts("1", "2"))[0].tolist() == [3, 4]


def test_who_is_forgotten_is_in_no_table(identifiers: Identifiers, tmp_path: Path) -> None:
    keep(identifiers, {"1": 3, "2": 4})
    identifiers.table("phone")
    identifiers.remove([3])
    assert not (tmp_path / "identifiers").exists()
    assert identifiers.find_all("phone", texts("1", "2"))[0].tolist() == [-1, 4]


def test_what_is_given_to_another_can_be_given_back(identifiers: Identifiers) -> None:
    keep(identifiers, {"1": 3, "2": 4})
    moved = identifiers.of(3)
    identifiers.give(3, 4)
    assert identifiers.find("phone", ["1", "2"]).tolist() == [4, 4]
    identifiers.give(4, 3, moved)
    assert identifiers.find("phone", ["1", "2"]).tolist() == [3, 4]


def test_hashes_that_begin_alike_are_told_apart() -> None:
    hashes = np.zeros((3, 32), np.uint8)
    hashes[1, 31], hashes[2, 31] = 1, 2
    nothing = np.zeros(0, np.uint64), np.zeros(0, np.uint32)
    table = Table(hashes[:2], np.array([7, 8], np.uint32), *nothing)
    assert leading(hashes).tolist() == [0, 0, 0]
    assert table.find(hashes[[1, 2, 0]]).tolist() == [8, -1, 7]
