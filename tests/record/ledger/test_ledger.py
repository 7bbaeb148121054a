"""Entries are numbered without a gap, chained, leaves of one tree, and added all or none."""

from __future__ import annotations

from hashlib import sha256

import pytest

from goodstanding.errors import RecordError, TamperError
from goodstanding.record import canonical, merkle
from goodstanding.record.clock import Recorder, SetClock
from goodstanding.record.ledger import Ledger
from goodstanding.record.ledger.entries.events import EventsTaken
from goodstanding.record.store import Store, head
from tests.record.ledger.saying import add, ledger_of, said

ONE_STORE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_an_empty_ledger_has_the_root_of_nothing(store: Store, clock: SetClock) -> None:
    empty = ledger_of(store, clock).head()
    assert (empty.size, empty.root, empty.chain) == (0, merkle.EMPTY, bytes(32))


def test_entries_are_there_in_order_with_what_was_said(store: Store, clock: SetClock) -> None:
    ledger = ledger_of(store, clock)
    first = add(ledger, said("a", time=5), said("b"))
    second = add(ledger, said("c", source="bank", rows=9))
    assert [*first, *second] == list(ledger.entries())
    assert [(one.seq, one.source, one.id, one.actor) for one in ledger.entries()] == [
        (0, "shop", "a", "operator"),
        (1, "shop", "b", "operator"),
        (2, "bank", "c", "operator"),
    ]
    assert [one.time for one in first] == [5, first[1].recorded]
    assert second[0].read(EventsTaken) == EventsTaken(9, "ab" * 32, 5)
    assert second[0].body == {"rows": 9, "root": "ab" * 32, "people_known": 5}


def test_what_is_hashed_is_the_canonical_form_of_the_whole_entry(store: Store, clock: SetClock) -> None:
    chain, leaves, ledger = bytes(32), [], ledger_of(store, clock, 5)
    for one in ledger.entries():
        names = ("actor", "body", "id", "kind", "recorded", "seq", "source", "time")
        whole = canonical.encode({name: getattr(one, name) for name in names})
        assert one.to_bytes() == whole
        leaves.append(sha256(b"\0" + whole).digest())
        chain = sha256(chain + leaves[-1]).digest()
        assert (one.leaf, one.chain) == (leaves[-1], chain)
    assert (ledger.head().root, ledger.head().chain) == (merkle.root(leaves), chain)
    assert ledger.leaves(5) == b"".join(leaves)


def test_moments_go_up_although_the_clock_goes_back(store: Store, clock: SetClock) -> None:
    ledger = ledger_of(store, clock)
    for days in (0, -400, 3, -1, 0):
        clock.go(days=days)
        add(ledger, said(f"{days} {clock.time}"))
    moments = [one.recorded for one in ledger.entries()]
    assert moments == sorted(set(moments))
    assert ledger.head().recorded == moments[-1]


def test_a_ledger_opened_again_goes_on_after_the_last_moment_on_record(store: Store, clock: SetClock) -> None:
    last = add(ledger_of(store, clock), said("a"))[0].recorded
    clock.go(days=-30)
    assert add(Ledger(store, Recorder(clock, 0)), said("b"))[0].recorded == last + 1


def test_an_id_said_twice_is_refused_and_nothing_of_its_transaction_stays(store: Store, clock: SetClock) -> None:
    ledger = ledger_of(store, clock, 2)
    before = ledger.head()
    with pytest.raises(RecordError, match=r"shop/batch 1: an entry of this source and id is on record already"):
        add(ledger, said("new"), said("batch 1"))
    assert ledger.head() == before
    assert add(ledger, said("new"), said("batch 1", source="bank"))[-1].seq == 3


def test_nothing_said_is_nothing_added(store: Store, clock: SetClock) -> None:
    assert add(ledger_of(store, clock)) == []


def test_a_transaction_that_fails_leaves_no_entry_and_no_gap(store: Store, clock: SetClock) -> None:
    ledger = ledger_of(store, clock, 1)

    def fail() -> None:
        with store.writing() as connection:
            ledger.append(connection, [said("lost")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [one.seq for one in [*ledger.entries(), *add(ledger, said("kept"))]] == [0, 1]


def test_entries_are_found_by_number_kind_and_name(store: Store, clock: SetClock) -> None:
    ledger = ledger_of(store, clock, 10)
    assert [one.seq for one in ledger.entries(3, 5)] == [3, 4, 5]
    assert list(ledger.entries(kind="score.run")) == []
    assert len(list(ledger.entries(kind="events.taken"))) == 10
    assert ledger.entry(7).id == "batch 7"
    found = ledger.find("shop", "batch 7")
    assert found == ledger.entry(7)
    assert ledger.find("bank", "batch 7") is None
    with pytest.raises(RecordError, match="there is no entry 10; the last is 9"):
        ledger.entry(10)


@ONE_STORE
def test_more_entries_than_are_read_at_a_time_come_whole(store: Store, clock: SetClock) -> None:
    ledger = ledger_of(store, clock, 10_000)
    assert [one.seq for one in ledger.entries()] == list(range(10_000))
    assert len(ledger.leaves(10_000)) == 320_000


def test_proofs_come_to_the_head_and_to_every_head_before(store: Store, clock: SetClock) -> None:
    ledger = ledger_of(store, clock)
    heads = [ledger.head()]
    for at in range(20):
        add(ledger, said(str(at)))
        heads.append(ledger.head())
    for old in heads:
        assert merkle.verify_consistency(old.size, 20, ledger.consistency(old.size), old.root, heads[-1].root)
        assert old.size < 2 or merkle.verify_inclusion(
            ledger.entry(1).leaf, 1, old.size, ledger.prove(1, old.size), old.root
        )


def test_no_proof_is_made_of_what_is_not_there(store: Store, clock: SetClock) -> None:
    ledger = ledger_of(store, clock, 3)
    with pytest.raises(RecordError, match="entry 3 is not among the first 3"):
        ledger.prove(3)
    with pytest.raises(RecordError, match="has 3 entries, and 4 were asked for"):
        ledger.prove(0, 4)
    with pytest.raises(RecordError, match="4 entries is not the beginning of one of 3"):
        ledger.consistency(4)


@ONE_STORE
@pytest.mark.parametrize("name", ["", "a\nb", "nul\0", "x" * 513])
def test_names_that_no_line_could_hold_are_refused(name: str, store: Store, clock: SetClock) -> None:
    with pytest.raises(RecordError, match="1 to 512 characters were expected"):
        add(ledger_of(store, clock), said(name))


@ONE_STORE
def test_a_head_that_we_did_not_write_is_told(store: Store, clock: SetClock) -> None:
    ledger = ledger_of(store, clock, 3)
    with store.writing() as connection:
        connection.execute(head.update().values(size=4))
    with pytest.raises(TamperError, match="ledger verify"):
        ledger.head()
    with pytest.raises(TamperError, match="ledger verify"):
        add(ledger, said("more"))
    with pytest.raises(TamperError, match="missing below 4"):
        ledger.leaves(4)
