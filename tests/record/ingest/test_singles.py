"""Single events: taken in groups, by one caller or many, and sealed into segments later."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from goodstanding.errors import EventsError, RecordError, StoreError
from goodstanding.record.clock import SetClock
from goodstanding.record.home import Home
from goodstanding.record.ingest import Queue, Receipt, ingest, seal, take, taken_leaf
from goodstanding.record.merkle import root
from goodstanding.record.segments import read_segment
from goodstanding.record.store import single
from tests.record.ingest.conftest import DAY, Files, an_event

ALONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def singles(home: Home) -> list[Any]:
    with home.store.reading() as connection:
        return list(connection.execute(select(single).order_by(single.c.seq, single.c.row)))


def test_single_events_are_taken_by_one_entry_and_known_from_then_on(bank: Home, clock: SetClock) -> None:
    clock.go(seconds=5)
    receipts = take(bank, [an_event(1), an_event(2)], actor="ann")
    assert [(one.state, one.seq, one.row) for one in receipts] == [("taken", 2, 0), ("taken", 2, 1)]
    (entry,) = bank.ledger.entries(kind="events.taken")
    assert (entry.actor, entry.recorded, entry.body["rows"]) == ("ann", receipts[0].recorded, 2)
    assert [one.state for one in take(bank, [an_event(2), an_event(1), an_event(3)])] == ["known", "known", "taken"]
    assert [row.id for row in singles(bank)] == ["e1", "e2", "e3"]


@ALONE
def test_what_an_entry_says_of_single_events_can_be_worked_out_from_their_peoples_keys(bank: Home) -> None:
    take(bank, [an_event(n) for n in range(5)])
    (entry,) = bank.ledger.entries(kind="events.taken")
    leaves = [taken_leaf(bank.people.key(row.slot), row.seq, row.packed) for row in singles(bank)]
    assert leaves == [row.leaf for row in singles(bank)]
    assert root(leaves).hex() == entry.body["root"]
    assert taken_leaf(bytes(32), 2, b"") != taken_leaf(bytes(32), 3, b"")


@ALONE
def test_a_moment_may_be_a_datetime_with_a_zone(bank: Home) -> None:
    take(bank, [an_event(1, time=datetime(2020, 1, 1, tzinfo=UTC))])
    assert singles(bank)[0].time == 1_577_836_800_000_000


@ALONE
def test_taking_is_all_or_nothing_and_says_every_fault(bank: Home) -> None:
    take(bank, [an_event(1)])
    wrong = [an_event(5), an_event(1, amount=3), an_event(6, recorded=7 * 10**14)]
    with pytest.raises(EventsError) as caught:
        take(bank, wrong)
    first, second = caught.value.problems
    assert str(first).startswith(
        "events:2: 'e1' of 'bank' again, with other content than the one recorded at 2026-01-01"
    )
    assert str(second).startswith("events:3: a moment in the column 'recorded'")
    with pytest.raises(EventsError, match="events:1: no type"):
        take(bank, [an_event(7, type=None)])
    with pytest.raises(RecordError, match="source 'court': not registered"):
        take(bank, [an_event(8), an_event(9, source="court")])
    assert [row.id for row in singles(bank)] == ["e1"]
    assert take(bank, []) == []


@ALONE
def test_events_in_segments_are_known_to_single_ones_and_the_other_way_round(bank: Home, file: Files) -> None:
    ingest(bank, [file([an_event(1), an_event(2)])], source="bank")
    assert [one.state for one in take(bank, [an_event(2), an_event(3)])] == ["known", "taken"]
    report = ingest(bank, [file(an_event(n) for n in (1, 3, 4))], source="bank")
    assert (report.new, report.known) == (1, 2)
    with pytest.raises(RecordError, match="'e3' of 'bank' again, with other content than the one recorded at"):
        ingest(bank, [file([an_event(3, amount=1)])], source="bank")
    with pytest.raises(RecordError, match="'e4' of 'bank' again, with other content than the one in segment"):
        take(bank, [an_event(4, amount=1)])


@ALONE
def test_an_event_is_late_against_single_events_too(bank: Home, file: Files) -> None:
    take(bank, [an_event(1, time=an_event(1)["time"] + DAY)])
    assert ingest(bank, [file([an_event(2)])], source="bank").late == 1


def test_sealing_moves_single_events_into_segments_with_their_own_moments(bank: Home, clock: SetClock) -> None:
    first = take(bank, [an_event(3), an_event(1)])
    clock.go(days=1)
    second = take(bank, [an_event(2)])
    moments = {one.id: one.recorded for one in (*first, *second)}
    (moved,) = seal(bank, actor="ann")
    assert (moved.source, moved.rows) == ("bank", 3)
    rows = read_segment(bank.folder / "segments", bytes.fromhex(moved.root)).to_pylist()
    assert {row["id"]: row["recorded"] for row in rows} == moments
    sealed, said = list(bank.ledger.entries())[-2:]
    assert (sealed.kind, sealed.body["root"], sealed.body["batch"]) == ("segment.sealed", moved.root, "singles")
    assert (said.kind, said.body) == ("events.sealed", {"root": moved.root, "taken": [2, 3], "rows": 3})
    assert singles(bank) == []
    assert [one.state for one in take(bank, [an_event(n) for n in (1, 2, 3)])] == ["known"] * 3
    assert seal(bank) == []


@ALONE
def test_what_could_not_be_sealed_stays_where_it_was(bank: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: Any) -> Any:
        raise StoreError("the store is gone")

    take(bank, [an_event(1)])
    with monkeypatch.context() as patched:
        patched.setattr(bank.ledger, "append", broken)
        with pytest.raises(StoreError, match="the store is gone"):
            seal(bank)
    assert list((bank.folder / "segments").iterdir()) == []
    assert [row.id for row in singles(bank)] == ["e1"]
    assert seal(bank)[0].rows == 1


# --- The queue -------------------------------------------------------------------------------------------------------


def test_a_queue_takes_what_many_clients_send_and_each_gets_its_own_answer(bank: Home) -> None:
    answers: dict[str, Receipt] = {}

    def client(number: int) -> None:
        for one in range(10):
            receipt = queue.submit(an_event(100 * number + one)).result(60)
            answers[receipt.id] = receipt

    with Queue(bank, actor="door") as queue:
        threads = [threading.Thread(target=client, args=[number]) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    kept = {row.id: (row.seq, row.row, row.recorded) for row in singles(bank)}
    assert kept == {id_: (one.seq, one.row, one.recorded) for id_, one in answers.items()}
    assert len(kept) == 80
    assert {entry.actor for entry in bank.ledger.entries(kind="events.taken")} == {"door"}


def together(home: Home, events: list[Any]) -> list[Future[Receipt]]:
    """Send events so that one group has them all: the queue's thread cannot begin before they are there."""
    from goodstanding.record.ingest.intake import intake_of  # noqa: PLC0415 beside its use

    with Queue(home) as queue:
        with intake_of(home).lock:
            first = queue.submit(an_event(999))
            sent = [queue.submit(event) for event in events]
        first.result(60)
    return sent


@ALONE
def test_a_fault_reaches_the_one_who_sent_it_and_nobody_else(bank: Home) -> None:
    events = [
        an_event(1),
        an_event(2, type=None),
        an_event(1, amount=5),
        an_event(3, source="court"),
        {"id": "x", "time": "yesterday"},
        an_event(4),
        an_event(1),
    ]
    good, no_type, other, foreign, no_time, four, again = together(bank, events)
    assert good.result().state == four.result().state == "taken"
    assert again.result().state == "known"
    assert isinstance(no_type.exception(), EventsError)
    assert isinstance(no_time.exception(), TypeError)
    assert "not registered" in str(foreign.exception())
    assert str(other.exception()).startswith("the event: 'e1' of 'bank' again")
    assert [row.id for row in singles(bank)] == ["e999", "e1", "e4"]


@ALONE
def test_a_store_that_fails_is_told_to_everybody_in_the_group_and_the_queue_goes_on(
    bank: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: Any) -> Any:
        raise StoreError("the store is gone")

    with Queue(bank) as queue:
        with monkeypatch.context() as patched:
            patched.setattr(bank.ledger, "append", broken)
            with pytest.raises(StoreError, match="the store is gone"):
                queue.submit(an_event(1)).result(60)
        assert queue.submit(an_event(1)).result(60).state == "taken"


@ALONE
def test_closing_takes_what_waits_and_then_nothing_more(bank: Home) -> None:
    queue = Queue(bank)
    sent = [queue.submit(an_event(n)) for n in range(50)]
    queue.close()
    queue.close()
    assert {one.result(0).state for one in sent} == {"taken"}
    with pytest.raises(RecordError, match="the queue is closed; the event was not taken"):
        queue.submit(an_event(99))


@ALONE
def test_a_full_queue_says_so(bank: Home) -> None:
    from goodstanding.record.ingest.intake import intake_of  # noqa: PLC0415 beside its use

    with Queue(bank, most_waiting=1) as queue:
        with intake_of(bank).lock:
            sent = [queue.submit(an_event(1))]
            sent.append(queue.submit(an_event(2)))  # once the queue's thread has the first, there is room for one
            with pytest.raises(RecordError, match="1 events wait already; send it again later"):
                queue.submit(an_event(3), timeout=0.01)
        assert {one.result(60).state for one in sent} == {"taken"}


@ALONE
def test_past_a_size_single_events_are_sealed_by_themselves(bank: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("goodstanding.record.ingest.sealing.MANY", 10)
    with Queue(bank) as queue:
        for future in [queue.submit(an_event(n)) for n in range(25)]:
            future.result(60)
    assert len(singles(bank)) < 10
    sealed = sum(entry.body["rows"] for entry in bank.ledger.entries(kind="segment.sealed"))
    assert sealed + len(singles(bank)) == 25


@ALONE
def test_what_cannot_be_sealed_is_said_when_the_queue_is_closed(bank: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("goodstanding.record.ingest.sealing.MANY", 1)
    monkeypatch.setattr("goodstanding.record.ingest.sealing.write", full)
    queue = Queue(bank)
    assert queue.submit(an_event(1)).result(60).state == "taken"
    with pytest.raises(OSError, match="No space left"):
        queue.close()
    assert len(singles(bank)) == 1
