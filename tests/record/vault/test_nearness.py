"""A misspelt identifier is told from all others, and leads to the one that was meant."""

from __future__ import annotations

import os
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.record.vault.nearness import LONGEST, Nearness

pytestmark = pytest.mark.kernel

KEY = bytes(range(32))
NEARNESS = Nearness(KEY)
IDENTIFIERS = st.text("0123456789X", min_size=2, max_size=18)


def neighbours(identifier: str) -> set[str]:
    """Read plainly: what is one digit away, or has two neighbours swapped."""
    changed = {
        identifier[:at] + digit + identifier[at + 1 :]
        for at, here in enumerate(identifier)
        if here.isdigit()
        for digit in "0123456789"
    }
    swapped = {
        identifier[:at] + identifier[at + 1] + identifier[at] + identifier[at + 2 :]
        for at in range(len(identifier) - 1)
    }
    return (changed | swapped) - {identifier}


def look(asked: list[str], stored: list[str]) -> dict[str, set[str]]:
    """For each identifier that was asked about, the stored one that it leads to."""
    prints = NEARNESS.prints(pa.array(stored, pa.string()))
    order = np.argsort(prints)
    near = NEARNESS.look(pa.array(asked, pa.string()), np.arange(len(asked)), prints[order])
    return {asked[one.row]: {one.instead_of(asked[one.row]), stored[int(order[one.at])]} for one in near}


@given(IDENTIFIERS, st.lists(IDENTIFIERS, min_size=1, max_size=20, unique=True))
def test_who_is_one_slip_away_is_found_and_nobody_else(asked: str, stored: list[str]) -> None:
    found = look([asked], stored)
    meant = neighbours(asked) & set(stored)
    assert bool(found) == bool(meant)
    for one in found.values():
        assert len(one) == 1  # the slip that is told leads to the identifier that is stored
        assert one <= meant


@given(st.text("0123456789", min_size=3, max_size=LONGEST), st.data())
def test_every_slip_leads_back(stored: str, data: st.DataObject) -> None:
    slipped = data.draw(st.sampled_from(sorted(neighbours(stored))))
    assert look([slipped], [stored]) == {slipped: {stored}}


def test_how_many_others_are_as_near_is_told() -> None:
    prints = np.sort(NEARNESS.prints(pa.array(["1230", "1231", "1232", "9999"])))
    (near,) = NEARNESS.look(pa.array(["1234"]), np.arange(1), prints)
    assert near.others == 2


def test_one_that_is_equal_is_not_near() -> None:
    assert look(["1234"], ["1234"]) == {}


def test_nobody_is_near_where_nobody_is_known_or_asked_about() -> None:
    assert NEARNESS.look(pa.array(["1234"]), np.arange(1), np.empty(0, np.uint64)) == []
    assert NEARNESS.look(pa.array(["1234"]), np.arange(0), np.ones(1, np.uint64)) == []


def test_what_is_too_long_has_no_fingerprint_and_is_near_to_nobody() -> None:
    long = "7" * (LONGEST + 1)
    assert NEARNESS.prints(pa.array([long, "7"])).tolist()[0] == 0
    assert look([long], ["8" + long[1:], "7"]) == {}


def test_another_home_has_other_fingerprints() -> None:
    same = pa.array(["110101199003070011"])
    assert NEARNESS.prints(same)[0] != Nearness(os.urandom(32)).prints(same)[0]
    assert NEARNESS.prints(same)[0] == Nearness(KEY).prints(same)[0]


def test_fingerprints_of_neighbours_have_nothing_in_common() -> None:
    alike = [f"11010119900307{last:04d}" for last in range(1000)]
    prints = NEARNESS.prints(pa.array(alike))
    ones = [(int(a) ^ int(b)).bit_count() for a, b in pairwise(prints)]
    assert 31 < np.mean(ones) < 33
    assert len(set(prints.tolist())) == len(alike)
