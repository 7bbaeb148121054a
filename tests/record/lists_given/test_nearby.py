"""What resembles somebody's identifier changes nothing before a reviewer says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from goodstanding.errors import RecordError
from goodstanding.record.home import Home
from goodstanding.record.lists_given import confirm, refuse, waiting
from tests.record.lists_given.giving import SLIPPED, give, listed, row, settle


@pytest.fixture
def resembling(home: Home, tmp_path: Path) -> Home:
    """A home with one row that is one digit away from Ada's."""
    settle(home)
    give(home, tmp_path, row(id="MADEUP-0"), row(id=SLIPPED, amount=5))
    return home


def test_it_waits_sealed_and_is_shown_without_an_identifier(resembling: Home) -> None:
    (found,) = waiting(resembling)
    assert (found.list_name, found.row, found.slip, found.others, found.person) == (
        "defaulter",
        2,
        "one digit",
        0,
        "ada",
    )
    assert listed(resembling) == []
    assert SLIPPED not in repr(found)


def test_confirmed_it_is_a_listing_and_the_list_again_is_silence(resembling: Home, tmp_path: Path) -> None:
    (found,) = waiting(resembling)
    confirm(resembling, found.name[:8], reason="asked the court", actor="rita")
    assert listed(resembling) == [("ada", "court.listed", "case-1")]
    assert not waiting(resembling)
    (entry,) = resembling.ledger.entries(kind="near.decided")
    assert (entry.actor, entry.body["decision"]) == ("rita", "confirmed")
    give(resembling, tmp_path, row(id=SLIPPED, amount=5))
    assert not waiting(resembling)


def test_refused_it_is_gone_and_does_not_come_back(resembling: Home, tmp_path: Path) -> None:
    (found,) = waiting(resembling)
    refuse(resembling, found.name, reason="another family", actor="rita")
    give(resembling, tmp_path, row(id=SLIPPED, amount=5))
    assert not waiting(resembling)
    assert listed(resembling) == []


def test_nothing_is_decided_without_a_name_and_a_reason(resembling: Home) -> None:
    (found,) = waiting(resembling)
    for name, reason, said in (("", "x", "nothing that waits"), (found.name, " ", "no reason")):
        with pytest.raises(RecordError, match=said):
            confirm(resembling, name, reason=reason, actor="rita")
    assert len(waiting(resembling)) == 1
