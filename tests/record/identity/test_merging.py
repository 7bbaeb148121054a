"""Two who are one are scored as one from then on, and what was known before stays true; a split undoes it."""

from __future__ import annotations

import pyarrow as pa
import pytest

from goodstanding.errors import RecordError
from goodstanding.record.deriving import book_of
from goodstanding.record.home import Home
from goodstanding.record.identity import link, merge, split
from goodstanding.record.ingest import register
from goodstanding.scoring import score
from tests.record.policies import policy
from tests.record.sending import START, event, send, welcome

REASON = "one passport, seen by the desk"


@pytest.fixture
def two(home: Home) -> Home:
    """Ada has two loans paid, Bob one."""
    welcome(home)
    send(home, event("1"), event("2"), event("3", person="bob"))
    link(home, "national_id", pa.array(["ada"]), pa.array(["MADEUP1"]), actor="test")
    return home


def scores(home: Home, recorded_by: int | None = None) -> dict[str, int]:
    found = score(policy(), book_of(home), as_of=START + 1, recorded_by=recorded_by)
    return dict(zip(found.people.to_pylist(), found.score.tolist(), strict=True))


def test_a_merge_moves_events_from_then_on_and_not_before(two: Home) -> None:
    before = two.ledger.head().recorded
    moved = merge(two, "ada", "bob", reason=REASON, actor="test")
    assert (moved.events, moved.identifiers) == (2, 1)
    assert scores(two) == {"ada": 100, "bob": 130}
    assert scores(two, before) == {"ada": 120, "bob": 110}
    assert two.vault.identifiers.find("national_id", ["MADEUP1"]).tolist() == [1]


def test_a_merge_says_nothing_of_whom_in_the_ledger(two: Home) -> None:
    merge(two, "ada", "bob", reason=REASON, actor="test")
    (entry,) = two.ledger.entries(kind="person.merged")
    assert entry.body["rows"] == 2
    assert not any(word in entry.to_bytes() for word in (b"ada", b"bob", REASON.encode()))


def test_a_split_gives_back_what_moved_and_nothing_else(two: Home) -> None:
    merge(two, "ada", "bob", reason=REASON, actor="test")
    send(two, event("4", person="bob"))
    merged = two.ledger.head().recorded
    moved = split(two, "ada", "bob", reason="two passports after all", actor="test")
    assert (moved.events, moved.identifiers) == (2, 1)
    assert scores(two) == {"ada": 120, "bob": 120}
    assert scores(two, merged) == {"ada": 100, "bob": 140}
    assert two.vault.identifiers.find("national_id", ["MADEUP1"]).tolist() == [0]


def test_what_came_later_is_moved_by_the_same_merge_again(two: Home) -> None:
    merge(two, "ada", "bob", reason=REASON, actor="test")
    send(two, event("5"))
    assert merge(two, "ada", "bob", reason=REASON, actor="test").events == 1
    assert scores(two)["bob"] == 140
    assert split(two, "ada", "bob", reason="no", actor="test").events == 3


def test_a_correction_moves_alone_and_a_split_gives_it_back(two: Home) -> None:
    send(two, event("5", replaces="1", amount=7))
    assert merge(two, "ada", "bob", reason=REASON, actor="test").events == 2
    assert scores(two) == {"ada": 100, "bob": 130}
    assert sorted(str(one["amount"]) for one in book_of(two).events_of("bob")) == ["7", "None", "None", "None"]
    split(two, "ada", "bob", reason="no", actor="test")
    assert scores(two) == {"ada": 120, "bob": 110}
    send(two, event("6", type="retracted", replaces="5"))
    assert [one["id"] for one in book_of(two).events_of("ada") if one["type"] != "retracted"] == ["1", "2"]


def test_what_was_corrected_between_goes_back_as_it_was(two: Home) -> None:
    merge(two, "ada", "bob", reason=REASON, actor="test")
    came = next(one for one in book_of(two).events_of("bob") if one["replaces"] == "1")
    send(two, {**came, "id": "corrected", "replaces": came["id"], "amount": 7, "recorded": None})
    split(two, "ada", "bob", reason="no", actor="test")
    assert scores(two) == {"ada": 120, "bob": 110}


def test_they_can_be_merged_and_split_again(two: Home) -> None:
    for _ in range(2):
        merge(two, "ada", "bob", reason=REASON, actor="test")
        assert scores(two) == {"ada": 100, "bob": 130}
        assert split(two, "ada", "bob", reason="no", actor="test").events == 2
        assert scores(two) == {"ada": 120, "bob": 110}


def test_nobody_is_merged_by_mistake(two: Home) -> None:
    for person, into, reason, said in (
        ("ada", "ada", REASON, "twice"),
        ("ada", "Bob", REASON, "not on record"),
        ("ada", "bob", " ", "no reason"),
    ):
        with pytest.raises(RecordError, match=said):
            merge(two, person, into, reason=reason, actor="test")
    with pytest.raises(RecordError, match="was not merged"):
        split(two, "ada", "bob", reason=REASON, actor="test")
    assert scores(two) == {"ada": 120, "bob": 110}


@pytest.mark.parametrize("world", ["live"])
def test_in_a_live_home_nothing_moves_to_whom_did_not_consent(home: Home) -> None:
    register(home, "bank", types=["bill.paid"], people=pa.array(["ada"]), actor="test")
    register(home, "shop", types=["bill.paid"], people=pa.array(["bob"]), actor="test")
    send(home, event("1", type="bill.paid"), event("2", type="bill.paid", person="bob", source="shop"))
    with pytest.raises(RecordError, match="'bob' did not consent to source 'bank'"):
        merge(home, "ada", "bob", reason=REASON, actor="test")
    assert not list(home.ledger.entries(kind="person.merged"))
