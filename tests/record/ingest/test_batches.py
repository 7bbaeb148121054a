"""Batches from files: all or nothing, silence the second time, and errors that show both."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from goodstanding.errors import EventsError, RecordError, StoreError, WorldError
from goodstanding.record.clock import SetClock
from goodstanding.record.disk import Piece, RealDisk
from goodstanding.record.home import Home
from goodstanding.record.ingest import ingest, register, seal, take
from goodstanding.record.ingest.committing import UncertainError
from goodstanding.record.segments import read_segment
from tests.record.conftest import BEGINNING
from tests.record.ingest.conftest import DAY, PEOPLE, Event, Files, an_event

ALONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def on_record(home: Home) -> list[Event]:
    """All events in segments, as they were sent, by id."""
    events = []
    for entry in home.ledger.entries(kind="segment.sealed"):
        table = read_segment(home.folder / "segments", bytes.fromhex(entry.body["root"]))
        people = home.people.ids(table.column("slot").to_numpy()).to_pylist()
        for row, person in zip(table.to_pylist(), people, strict=True):
            kept = {key: value for key, value in row.items() if value is not None and key != "slot"}
            events.append(kept | {"person": person, "source": entry.source})
    return sorted(events, key=lambda event: str(event["id"]))


def files_of(home: Home) -> set[str]:
    """The files of a home that ingest writes."""
    return {path.name for name in ("segments", "known") for path in (home.folder / name).iterdir()}


def by_id(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda event: str(event["id"]))


# --- Taken -----------------------------------------------------------------------------------------------------------


def test_what_was_sent_is_on_record_to_the_letter(bank: Home, file: Files) -> None:
    events = [an_event(n, label="power", party="grid", matter=f"m{n % 3}", value=n % 4) for n in range(40)]
    events.append(an_event(40, type="loan.opened", amount=None, replaces="e3"))
    report = ingest(bank, [file(events)], source="bank", actor="ann")
    assert (report.new, report.known, report.quarantined, report.rows) == (41, 0, 0, 41)
    assert on_record(bank) == by_id(events)
    (entry,) = bank.ledger.entries(kind="segment.sealed")
    assert (entry.source, entry.actor, entry.body["rows"], entry.body["people"]) == ("bank", "ann", 41, 10)
    assert entry.body["people_known"] == bank.people.size == 10
    assert report.people_new == 10


def test_a_batch_sent_twice_is_silence(bank: Home, file: Files) -> None:
    path = file(an_event(n) for n in range(100))
    ingest(bank, [path], source="bank")
    before, head = files_of(bank), bank.ledger.head()
    report = ingest(bank, [path], source="bank")
    assert report.lines()[0] == "0 new, 100 known"
    assert (report.batch, report.segments) == ("", [])
    assert files_of(bank) == before
    assert bank.ledger.head() == head


@ALONE
def test_resending_in_any_order_and_cut_in_any_way_leaves_what_one_sending_leaves(bank: Home, file: Files) -> None:
    events = [an_event(n) for n in range(200)]
    rng = np.random.default_rng(3)
    for round_ in range(12):
        some = [events[place] for place in rng.permutation(200)[: rng.integers(1, 200)]]
        ingest(bank, [file([*some, *some[:3]], f"{round_}.jsonl")], source="bank")
    ingest(bank, [file(events)], source="bank")
    assert on_record(bank) == by_id(events)


@ALONE
def test_the_same_event_twice_in_a_batch_is_one(bank: Home, file: Files) -> None:
    report = ingest(bank, [file([an_event(1), an_event(2), an_event(1)])], source="bank")
    assert (report.new, report.known) == (2, 1)


@ALONE
def test_several_files_are_one_batch(bank: Home, file: Files, tmp_path: Path) -> None:
    table = pa.table({key: [an_event(n)[key] for n in range(5)] for key in an_event(0)})
    table = table.set_column(4, "time", table.column("time").cast(pa.timestamp("us", "UTC")))
    pq.write_table(table, tmp_path / "a.parquet")
    report = ingest(bank, [tmp_path / "a.parquet", file(an_event(n) for n in range(4, 9))], source="bank", batch="w 1")
    assert (report.new, report.known, report.batch) == (9, 1, "w 1")
    assert [entry.id for entry in bank.ledger.entries(kind="segment.sealed")] == ["w 1/1"]


@ALONE
def test_more_rows_than_a_segment_holds_make_several_segments_and_one_transaction(
    bank: Home, file: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goodstanding.record.ingest.stretches.STRETCH_ROWS", 64)
    events = [an_event(n) for n in range(200)]
    again = [events[0], events[70], events[199]]
    report = ingest(bank, [file([*events, *again])], source="bank", batch="b")
    assert (report.new, report.known, len(report.segments)) == (200, 3, 4)
    assert on_record(bank) == by_id(events)
    entries = list(bank.ledger.entries(kind="segment.sealed"))
    assert [entry.id for entry in entries] == ["b/1", "b/2", "b/3", "b/4"]
    assert {entry.body["people_known"] for entry in entries} == {10}


def test_late_events_are_taken_and_counted(bank: Home, file: Files) -> None:
    ingest(bank, [file([an_event(1, time=BEGINNING - DAY)])], source="bank")
    report = ingest(bank, [file(an_event(n, time=BEGINNING - n * DAY) for n in (0, 2, 3))], source="bank")
    assert (report.new, report.late) == (3, 2)
    assert "2 late" in report.lines()[1]


@ALONE
def test_nothing_at_all_is_a_batch_of_nothing(bank: Home, file: Files) -> None:
    report = ingest(bank, [file([])], source="bank")
    assert report.rows == 0
    assert bank.ledger.head().size == 2


# --- Refused ---------------------------------------------------------------------------------------------------------


def test_a_changed_event_under_a_known_id_is_shown_with_both_and_nothing_is_taken(bank: Home, file: Files) -> None:
    ingest(bank, [file([an_event(1), an_event(2)])], source="bank")
    before, head, people = files_of(bank), bank.ledger.head(), bank.people.size
    path = file([an_event(3, person="somebody new"), an_event(2, amount=7, label="rent")])
    with pytest.raises(RecordError) as caught:
        ingest(bank, [path], source="bank")
    assert str(caught.value).startswith(f"{path}:2: 'e2' of 'bank' again, with other content than the one in segment ")
    assert "amount 7 (before: 102), label 'rent' (before: nothing)" in str(caught.value)
    assert str(caught.value).endswith("to correct it, send an event of a new id with replaces: e2")
    assert (files_of(bank), bank.ledger.head(), bank.people.size) == (before, head, people)


@ALONE
def test_of_many_contradictions_twenty_are_shown_and_the_rest_is_counted(bank: Home, file: Files) -> None:
    ingest(bank, [file(an_event(n) for n in range(100))], source="bank")
    with pytest.raises(RecordError) as caught:
        ingest(bank, [file(an_event(n, amount=1) for n in range(100))], source="bank")
    assert len(caught.value.problems) == 20
    assert caught.value.more == 80
    assert [problem.line for problem in caught.value.problems] == list(range(1, 21))


@pytest.mark.parametrize("rows", [2, 64])
@ALONE
def test_two_events_of_one_id_in_one_batch_are_shown(
    bank: Home, file: Files, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the same stretch of rows, and in two."""
    monkeypatch.setattr("goodstanding.record.ingest.stretches.STRETCH_ROWS", rows)
    monkeypatch.setattr(
        "goodstanding.record.ingest.stretches._pieces",
        lambda batch: (batch.slice(at, 2) for at in range(0, len(batch), 2)),
    )
    path = file([an_event(1), an_event(2), an_event(3), an_event(1, value=5)])
    with pytest.raises(RecordError, match=r"4: 'e1' of 'bank' again.*value 5 \(before: nothing\)"):
        ingest(bank, [path], source="bank")
    assert on_record(bank) == []
    assert files_of(bank) == set()


@ALONE
def test_two_ids_of_one_hash_are_two_events(bank: Home, file: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    """By chance it does not happen in a billion; here every id has the same."""
    monkeypatch.setattr(
        "goodstanding.record.ingest.fingerprints.Hasher.ids",
        lambda _self, _source, ids: np.full(len(ids), 7, np.uint64),
    )
    events = [an_event(n) for n in range(6)]
    assert ingest(bank, [file(events[:3])], source="bank").new == 3
    report = ingest(bank, [file(events)], source="bank")
    assert (report.new, report.known) == (3, 3)
    assert on_record(bank) == events


@ALONE
def test_events_of_another_source_are_refused(bank: Home, file: Files) -> None:
    path = file([an_event(1), an_event(2, source="court")])
    with pytest.raises(
        EventsError, match=r":2: source 'court'; expected source 'bank', as these events are sent by it"
    ):
        ingest(bank, [path], source="bank")


@ALONE
def test_when_an_event_was_recorded_is_not_said_from_outside(bank: Home, file: Files) -> None:
    path = file([an_event(1), an_event(2, recorded=BEGINNING)])
    with pytest.raises(EventsError, match=r":2: a moment in the column 'recorded'; expected none"):
        ingest(bank, [path], source="bank")
    assert bank.ledger.head().size == 2


@ALONE
def test_a_fault_in_one_file_takes_nothing_of_the_others(bank: Home, file: Files, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("id,source,type,person,time\nx,bank,bill.paid,p1,yesterday\n")
    with pytest.raises(EventsError, match=r"bad.csv:2: time 'yesterday'"):
        ingest(bank, [file(an_event(n) for n in range(5)), tmp_path / "bad.csv"], source="bank")
    assert files_of(bank) == set()
    assert bank.people.size == 0


@ALONE
def test_a_source_that_is_not_registered_is_told_how(home: Home, file: Files) -> None:
    with pytest.raises(
        RecordError, match=r"source 'bank': not registered.*goodstanding sources register .* bank --types"
    ):
        ingest(home, [file([an_event(1)])], source="bank")


@ALONE
def test_a_misspelt_source_is_told_which_it_may_be(bank: Home, file: Files) -> None:
    with pytest.raises(RecordError, match="did you mean 'bank'"):
        ingest(bank, [file([an_event(1)])], source="bnk")


@ALONE
@pytest.mark.parametrize("type_", ["loyalty.speech", "religion.joined", "health", "birth.unplanned"])
@pytest.mark.parametrize("world", ["live", "synthetic"])
def test_special_events_are_refused_at_the_door_of_a_live_home_and_of_no_other(
    home: Home, world: str, type_: str, file: Files
) -> None:
    live = world == "live"
    types = ["bill.paid"] if live else ["*"]
    register(
        home, "bank", types=types, sensitivity="financial" if live else "special", people=pa.array(PEOPLE), actor="a"
    )
    path = file([an_event(1), an_event(2, type=type_)])
    if not live:
        assert ingest(home, [path], source="bank").new == 2
        return
    with pytest.raises(EventsError, match=rf":2: type '{type_}': it is .*charter, clause 1"):
        ingest(home, [path], source="bank")
    with pytest.raises(EventsError, match="charter, clause 1"):
        take(home, [an_event(2, type=type_)])


@ALONE
def test_a_file_of_another_world_is_refused(bank: Home, tmp_path: Path) -> None:
    schema = pa.schema(
        [(name, pa.string()) for name in ("id", "source", "type", "person")] + [("time", pa.timestamp("us", "UTC"))],
        metadata={"goodstanding.world": "synthetic"},
    )
    pq.write_table(schema.empty_table(), tmp_path / "made_up.parquet")
    with pytest.raises(WorldError, match="events of the world synthetic; expected of the world live"):
        ingest(bank, [tmp_path / "made_up.parquet"], source="bank")


def test_a_batch_of_a_known_name_with_other_events_is_refused(bank: Home, file: Files) -> None:
    path = file([an_event(1)])
    ingest(bank, [path], source="bank", batch="monday")
    assert ingest(bank, [path], source="bank", batch="monday").known == 1
    before = files_of(bank)
    with pytest.raises(RecordError, match=r"batch 'monday' of source 'bank' is on record already \(entry 2\)"):
        ingest(bank, [file([an_event(1), an_event(2)])], source="bank", batch="monday")
    assert files_of(bank) == before


# --- When something breaks -------------------------------------------------------------------------------------------


class FullDisk(RealDisk):
    """A disk on which files of one ending find no room."""

    ending = ""

    def write(self, path: Path, chunks: Iterable[Piece]) -> None:
        if self.ending and path.suffix == self.ending:
            raise OSError(28, "No space left on device", str(path))
        super().write(path, chunks)


@pytest.mark.parametrize("ending", [".parquet", ".leaves", ".run"])
@ALONE
def test_a_full_disk_leaves_the_record_as_it_was_and_afterwards_all_goes_on(
    bank: Home, file: Files, ending: str
) -> None:
    path = file(an_event(n) for n in range(50))
    disk = FullDisk()
    bank.disk = disk
    disk.ending = ending
    with pytest.raises(OSError, match="No space left"):
        ingest(bank, [path], source="bank")
    assert on_record(bank) == []
    assert bank.people.size == 0
    disk.ending = ""
    assert ingest(bank, [path], source="bank").new == 50


def test_a_store_that_cannot_be_written_leaves_nothing_behind(
    bank: Home, file: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: Any) -> Any:
        raise StoreError("the store is gone")

    path = file(an_event(n) for n in range(5))
    with monkeypatch.context() as patched:
        patched.setattr(bank.ledger, "append", broken)
        with pytest.raises(StoreError, match="the store is gone"):
            ingest(bank, [path], source="bank")
    assert files_of(bank) == set()
    assert ingest(bank, [path], source="bank").new == 5


def test_a_transaction_whose_answer_is_lost_counts_if_it_is_done(
    bank: Home, file: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing = bank.store.writing

    class Lost:
        def __enter__(self) -> Any:
            self.inner = writing()
            return self.inner.__enter__()

        def __exit__(self, *raised: object) -> None:
            self.inner.__exit__(*raised)  # type: ignore[arg-type]
            raise StoreError("the connection was lost")

    path = file(an_event(n) for n in range(5))
    with monkeypatch.context() as patched:
        patched.setattr(bank.store, "writing", Lost)
        assert ingest(bank, [path], source="bank").new == 5
    assert len(on_record(bank)) == 5


def test_where_nobody_can_say_whether_it_is_done_nothing_is_taken_away(
    bank: Home, file: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_given: Any) -> Any:
        raise StoreError("no answer")

    path = file([an_event(1)])
    with monkeypatch.context() as patched:
        patched.setattr(bank.ledger, "append", silent)
        patched.setattr("goodstanding.record.ingest.committing.find", silent)
        with pytest.raises(UncertainError, match="open the home again and send the same"):
            ingest(bank, [path], source="bank")
    assert any(name.endswith(".parquet") for name in files_of(bank))


@ALONE
def test_what_is_known_is_derived_anew_from_segments_and_singles(bank: Home, file: Files, clock: SetClock) -> None:
    path = file(an_event(n) for n in range(30))
    ingest(bank, [path], source="bank")
    take(bank, [an_event(100), an_event(101)])
    seal(bank)
    take(bank, [an_event(102)])
    bank.close()
    shutil.rmtree(bank.folder / "known")
    told: list[tuple[int, int | None]] = []
    with Home.open(bank.folder, clock=clock) as again:
        more = file([*(an_event(n) for n in range(30)), *(an_event(n) for n in (100, 101, 102, 103))])
        report = ingest(again, [more], source="bank", rebuilding=lambda done, total: told.append((done, total)))
        assert (report.new, report.known) == (1, 33)
    assert told == [(30, 32), (32, 32)]


@ALONE
def test_a_segment_holds_what_its_entry_says(bank: Home, file: Files) -> None:
    ingest(bank, [file(an_event(n) for n in range(30))], source="bank")
    (entry,) = bank.ledger.entries(kind="segment.sealed")
    body = entry.body
    assert body["bytes"] == (bank.folder / "segments" / f"{body['root']}.parquet").stat().st_size
    assert (body["first"], body["last"]) == (BEGINNING - 30 * DAY, BEGINNING - DAY)
    with pytest.raises(EventsError, match="no such file"):
        ingest(bank, [bank.folder / "no such file.csv"], source="bank")
