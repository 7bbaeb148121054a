"""Who falls by how much is counted; a wrong listing ends from its correction on, and what was known stays true."""

from __future__ import annotations

from pathlib import Path

import pytest

from goodstanding.book import Book
from goodstanding.errors import RecordError, WorldError
from goodstanding.policy import load
from goodstanding.record.correcting import make, retracted
from goodstanding.record.deriving import book_of
from goodstanding.record.home import Home
from goodstanding.record.lists_given import falls, types_of
from goodstanding.scoring import score
from tests.record.lists_given.giving import IDS, UNDER_POLICY, give, policy, row, settle
from tests.record.sending import START, event


@pytest.fixture
def inhabited(home: Home) -> Home:
    settle(home)
    return home


def scores(home: Home, recorded_by: int | None = None) -> list[int]:
    found: list[int] = score(policy(), book_of(home), as_of=START + 1, recorded_by=recorded_by).score.tolist()
    return found


def test_falls_are_those_of_everybody_scored_anew(inhabited: Home, tmp_path: Path) -> None:
    before = book_of(inhabited)
    done = give(inhabited, tmp_path, row(id=IDS["ada"]), row(id=IDS["eve"]), order=UNDER_POLICY)
    found = falls(policy(), before, done.people, done.new(inhabited), as_of=START + 1)
    assert found.to_json() == {"people": 2, "same": 0, "rose": 0, "fell": {"50-99": 2}, "tiers": {"high > low": 2}}
    assert scores(inhabited) == [20, 100, 20]


def test_the_same_list_again_moves_nobody(inhabited: Home, tmp_path: Path) -> None:
    give(inhabited, tmp_path, row(id=IDS["ada"]), order=UNDER_POLICY)
    before = book_of(inhabited)
    done = give(inhabited, tmp_path, row(id=IDS["ada"]), order=UNDER_POLICY)
    found = falls(policy(), before, done.people, done.new(inhabited), as_of=START + 1)
    assert (found.people, found.same, found.fell) == (1, 1, {})


def test_who_was_listed_wrongly_never_was_from_the_correction_on(inhabited: Home, tmp_path: Path) -> None:
    give(inhabited, tmp_path, row(id=IDS["ada"]), order=UNDER_POLICY)
    known = inhabited.ledger.head().recorded
    book = book_of(inhabited)
    (listing,) = [one for one in book.events_of("ada") if one["type"] == "b"]
    make(inhabited, retracted(book, "court", listing["id"]), reason="another of that name", actor="test")
    assert scores(inhabited) == [100, 100, 100]
    assert scores(inhabited, known) == [20, 100, 100]
    give(inhabited, tmp_path, row(id=IDS["ada"]), order=UNDER_POLICY)
    assert scores(inhabited) == [100, 100, 100]


def test_a_policy_says_which_types_open_and_end_its_lists() -> None:
    assert types_of(policy(), "defaulter") == ("b", "c")
    assert types_of(load("national"), "defaulter") == ("court.listed", "court.settled")
    assert types_of(load("national"), "watched") == ("state.watched", None)
    with pytest.raises(RecordError, match="several types of event do this"):
        types_of(load("national"), "train_conduct")
    with pytest.raises(RecordError, match="did you mean 'defaulter'"):
        types_of(policy(), "defaulters")


def test_a_live_home_is_not_scored_under_a_policy_for_made_up_people() -> None:
    book = Book.of([event("1")], world="live")
    with pytest.raises(WorldError):
        falls(load("national"), book, book.people, [], as_of=START)
