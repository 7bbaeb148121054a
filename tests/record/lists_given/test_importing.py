"""A list is matched exactly, made into events once, and nothing of it stands anywhere in clear."""

from __future__ import annotations

import hmac
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from goodstanding.errors import InputError, RecordError
from goodstanding.record.home import Home
from goodstanding.record.identity import agree, link
from goodstanding.record.ingest import held, register
from tests.record.lists_given.giving import IDS, ORDER, SLIPPED, STRANGER, give, listed, row, settle
from tests.record.sending import START, event, moment, send

DAY = 86_400_000_000
COMPLETE = replace(ORDER, complete=True)


@pytest.fixture
def inhabited(home: Home) -> Home:
    settle(home)
    return home


def test_rows_become_events_of_whom_they_are_about(inhabited: Home, tmp_path: Path) -> None:
    done = give(inhabited, tmp_path, row(id=IDS["ada"], amount=5), row(id=SLIPPED), row(id=STRANGER))
    assert done.counts() == {"rows": 3, "matched": 1, "unconsented": 0, "near": 1, "unmatched": 1, "removed": 0}
    assert listed(inhabited) == [("ada", "court.listed", "case-1")]
    assert done.rows_matched.tolist() == [1]
    (entry,) = inhabited.ledger.entries(kind="list.imported")
    assert (entry.body["matched"], entry.body["near"], entry.body["batch"]) == (1, 1, done.taken.batch)


def test_the_same_list_again_is_silence(inhabited: Home, tmp_path: Path) -> None:
    rows = [row(id=IDS["ada"]), row(id=IDS["bob"], until=moment(START + DAY)), row(id=SLIPPED)]
    give(inhabited, tmp_path, *rows)
    size = inhabited.ledger.head().size
    again = give(inhabited, tmp_path, *reversed(rows))
    assert (again.taken.new, again.taken.known, inhabited.ledger.head().size) == (0, 3, size)


def test_a_listing_ends_on_its_day_and_not_before(inhabited: Home, tmp_path: Path) -> None:
    later = inhabited.recorder.now() + DAY
    give(inhabited, tmp_path, row(id=IDS["ada"], until=moment(START + DAY)), row(id=IDS["bob"], until=moment(later)))
    assert listed(inhabited) == [
        ("ada", "court.listed", "case-1"),
        ("ada", "court.settled", "case-1"),
        ("bob", "court.listed", "case-1"),
    ]


def test_who_is_on_a_complete_list_no_more_comes_off_once(inhabited: Home, tmp_path: Path) -> None:
    rows = [row(id=IDS["ada"]), row(id=IDS["bob"], case=None), row(id=IDS["eve"], until=moment(START + DAY))]
    give(inhabited, tmp_path, *rows)
    assert give(inhabited, tmp_path, rows[0], order=COMPLETE).removed == 1
    assert ("bob", "court.settled", None) in listed(inhabited)
    assert ("ada", "court.settled", "case-1") not in listed(inhabited)
    assert give(inhabited, tmp_path, rows[0], order=COMPLETE).removed == 0


def test_another_list_of_the_same_court_is_left_alone(inhabited: Home, tmp_path: Path) -> None:
    give(inhabited, tmp_path, row(id=IDS["ada"]))
    assert give(inhabited, tmp_path, order=replace(COMPLETE, name="other")).removed == 0


def test_hmacs_under_an_agreed_key_are_matched(inhabited: Home, tmp_path: Path) -> None:
    agree(inhabited, "court", sender="court", gives_back="counts", actor="test", key=bytes(32))
    link(inhabited, "national_id", pa.array(["bob"]), pa.array([IDS["bob"]]), agreed=["court"], actor="test")
    sent = hmac.digest(bytes(32), b"national_id\0" + IDS["bob"].replace("-", "").encode(), "sha256")
    order = replace(ORDER, agreement="court")
    done = give(inhabited, tmp_path, row(hmac=sent.hex()), row(hmac=bytes(32).hex()), order=order)
    assert (done.matched, done.near, done.unmatched) == (1, 0, 1)
    assert listed(inhabited) == [("bob", "court.listed", "case-1")]
    with pytest.raises(RecordError, match="is with source 'court', and not with 'bank'"):
        give(inhabited, tmp_path, row(hmac=sent.hex()), order=replace(order, source="bank"))
    assert give(inhabited, tmp_path, row(id=IDS["ada"]), order=order).matched == 1
    with pytest.raises(RecordError, match="row 1: column 'hmac' is empty"):
        give(inhabited, tmp_path, row(id=IDS["ada"]), row(hmac=sent.hex()), order=order)
    with pytest.raises(RecordError, match="row 1: column 'id' is given besides 'hmac'"):
        give(inhabited, tmp_path, row(id=IDS["ada"], hmac=sent.hex()), order=order)
    with pytest.raises(RecordError, match="64 hex digits"):
        give(inhabited, tmp_path, row(hmac="abc"), order=order)


def test_no_identifier_stands_in_clear_anywhere(inhabited: Home, tmp_path: Path) -> None:
    give(inhabited, tmp_path, row(id=IDS["ada"]), row(id=SLIPPED), row(id=STRANGER))
    words = [name.partition("-")[2].encode() for name in (*IDS.values(), SLIPPED, STRANGER)]
    for path in inhabited.folder.rglob("*"):
        if path.is_file():
            assert not any(word in path.read_bytes() for word in words), path
    assert not any(word in one.to_bytes() for one in inhabited.ledger.entries() for word in words)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("given", "said"),
    [
        (row(id=f"{STRANGER}\u202e"), "not as expected"),
        (row(id=STRANGER, since="yesterday"), "not as expected"),
        (row(id=STRANGER, since=moment(START + DAY), until=moment(START)), "a row that begins before it ends"),
        (row(id=STRANGER, hmac="00"), "holds HMACs; name the agreement"),
        (row(), "column 'id' is empty"),
    ],
)
def test_a_faulty_row_is_told_without_what_stands_in_it(
    inhabited: Home, tmp_path: Path, given: dict[str, str], said: str
) -> None:
    with pytest.raises(InputError, match=said) as raised:
        give(inhabited, tmp_path, row(id=IDS["ada"]), given)
    assert STRANGER not in str(raised.value)
    assert listed(inhabited) == []


def test_a_listing_that_says_something_else_refuses_the_whole_list(inhabited: Home, tmp_path: Path) -> None:
    give(inhabited, tmp_path, row(id=IDS["ada"], amount=5))
    with pytest.raises(RecordError) as raised:
        give(inhabited, tmp_path, row(id=IDS["ada"], amount=6), row(id=IDS["bob"]))
    assert IDS["ada"] not in str(raised.value)
    assert listed(inhabited) == [("ada", "court.listed", "case-1")]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("world", ["live"])
def test_in_a_live_home_nothing_is_kept_of_who_did_not_consent(home: Home, tmp_path: Path) -> None:
    people = pa.array(["ada", "bob"])
    register(home, "bank", types=["bill.paid"], people=people, actor="test")
    send(home, *(event(name, type="bill.paid", person=name) for name in ("ada", "bob")))
    link(home, "national_id", people, pa.array(["314159", "271828"]), actor="test")
    register(home, "court", types=["court.*"], people=pa.array(["ada"]), actor="test")
    done = give(home, tmp_path, row(id="314159"), row(id="271828"), row(id="271829"))
    assert done.counts() == {"rows": 3, "matched": 1, "unconsented": 1, "near": 0, "unmatched": 1, "removed": 0}
    assert done.given_back() == {"rows": 3, "matched": 1, "unmatched": 2}
    assert listed(home) == [("ada", "court.listed", "case-1")]
    assert not list(held(home))
    assert not home.vault.texts.named("near/")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("world", ["live"])
def test_a_live_home_takes_no_list_from_whom_may_not_send_it(home: Home, tmp_path: Path) -> None:
    register(home, "court", types=["bill.*"], people=pa.array(["ada"]), actor="test")
    with pytest.raises(RecordError, match=r"is not registered to send 'court\.listed'"):
        give(home, tmp_path, row(id="314159"))
    with pytest.raises(RecordError, match="loyalty"):
        register(home, "office", types=["loyalty.*"], people=pa.array(["ada"]), actor="test")
