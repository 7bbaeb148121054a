"""Sources and quarantine: who may send what about whom, and what becomes of the rest."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from goodstanding.errors import RecordError
from goodstanding.record.clock import SetClock
from goodstanding.record.home import Home
from goodstanding.record.ingest import Held, held, ingest, refuse, register, release, sources, take, waiting
from goodstanding.record.ingest.walls import is_allowed, sensitivities, special_below
from tests.record.conftest import BEGINNING
from tests.record.ingest.conftest import DAY, PEOPLE, Files, an_event

ALONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
SYNTHETIC = pytest.mark.parametrize("world", ["synthetic"])
MINUTE = 60_000_000


def reasons(home: Home) -> dict[str, str]:
    return {each.event["id"]: each.reason for each in held(home) if each.event}


# --- Sources ---------------------------------------------------------------------------------------------------------


def test_what_a_source_may_send_is_an_entry_and_the_newest_holds(home: Home) -> None:
    register(home, "bank", types=["bill.paid"], people=pa.array(PEOPLE), actor="ann")
    register(home, "bank", types=["bill.paid", "loan.*"], people=pa.array(PEOPLE[:3]), actor="ben")
    same = register(home, "bank", types=["bill.paid", "loan.*"], people=pa.array(PEOPLE[:3]), actor="ann")
    entries = list(home.ledger.entries(kind="source.registered"))
    assert [(entry.actor, entry.body["people"]) for entry in entries] == [("ann", 10), ("ben", 3)]
    with home.store.reading() as connection:
        (known,) = sources(connection)
    assert known == same
    assert (known.types, known.people, known.recorded) == (("bill.paid", "loan.*"), 3, entries[1].recorded)
    assert len(list((home.folder / "vault" / "consents").iterdir())) == 1


@ALONE
def test_no_public_id_of_those_who_consented_stands_in_the_file_of_them(home: Home) -> None:
    register(home, "bank", types=["bill.paid"], people=pa.array(["somebody-with-a-name"]), actor="ann")
    (path,) = (home.folder / "vault" / "consents").iterdir()
    assert b"somebody" not in path.read_bytes()
    assert path.stat().st_size == 8


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "nobody asked": ({"people": None}, "in a live home people are asked first"),
    "no types": ({"types": []}, "no types; name those that it may send"),
    "a name of blanks": ({"name": " "}, "expected a name of 1 to 128 visible characters"),
    "our own name": ({"name": "goodstanding"}, "the home itself is called so"),
    "everything": ({"types": ["*"]}, r"type '\*': expected a type such as bill.paid, or a prefix"),
    "no type": ({"types": ["Bill Paid"]}, "expected a type such as bill.paid"),
    "loyalty": ({"types": ["loyalty.*"]}, "it is loyalty, which no live record holds"),
    "special by a catalogue": ({"types": ["birth.*"]}, "of special sensitivity, which no live record holds"),
    "special": ({"sensitivity": "special"}, "no live record holds anything special"),
    "no sensitivity": ({"sensitivity": "secret"}, "expected ordinary, financial or special"),
}


@pytest.mark.parametrize("why", WRONG)
@ALONE
def test_what_a_live_home_may_not_hear_cannot_be_registered(home: Home, why: str) -> None:
    changed, said = WRONG[why]
    given = {"name": "bank", "types": ["bill.paid"], "people": pa.array(PEOPLE)} | changed
    with pytest.raises(RecordError, match=said):
        register(home, given.pop("name"), actor="ann", **given)
    assert home.ledger.head().size == 1


@ALONE
@SYNTHETIC
def test_in_a_synthetic_home_a_source_may_send_everything_about_anybody(home: Home, world: str, file: Files) -> None:
    register(home, "bank", types=["*"], sensitivity="special", actor="ann")
    report = ingest(home, [file([an_event(1, type="loyalty.speech", person="anybody")])], source="bank")
    assert report.new == 1


def test_a_type_is_allowed_by_its_name_or_a_prefix_and_by_its_sensitivity() -> None:
    assert is_allowed("loan.opened", ["loan.*"], "financial")
    assert not is_allowed("loans.opened", ["loan.*"], "financial")
    financial = next(type_ for type_, sensitivity in sensitivities().items() if sensitivity == "financial")
    assert is_allowed(financial, [financial], "financial")
    assert not is_allowed(financial, [financial], "ordinary")
    assert not is_allowed("loyalty.speech", ["*"], "financial")
    assert is_allowed("retracted", ["loan.*"], "ordinary")
    assert is_allowed("made.up", ["made.up"], "ordinary")
    assert special_below("loan.*") is None


@ALONE
def test_a_file_of_those_who_consented_that_was_changed_is_found(bank: Home, file: Files) -> None:
    (path,) = (bank.folder / "vault" / "consents").iterdir()
    path.write_bytes(bytes(80))
    with pytest.raises(RecordError, match=r"not as it was written; restore it, or register 'bank' again"):
        ingest(bank, [file([an_event(1)])], source="bank")
    path.unlink()
    with pytest.raises(RecordError, match=r"missing; restore it from a backup of the vault"):
        ingest(bank, [file([an_event(1)])], source="bank")


# --- Held ------------------------------------------------------------------------------------------------------------


def test_what_is_in_doubt_is_held_with_its_reason_and_the_rest_is_taken(bank: Home, file: Files) -> None:
    events = [
        an_event(1),
        an_event(2, time=BEGINNING + 5 * MINUTE),
        an_event(3, time=BEGINNING + 5 * MINUTE + 1),
        an_event(4, type="card.used"),
        an_event(5, person="a stranger"),
    ]
    report = ingest(bank, [file(events)], source="bank", batch="b")
    assert (report.new, report.held) == (2, {"ahead": 1, "type": 1, "consent": 1})
    assert reasons(bank) == {"e3": "ahead", "e4": "type", "e5": "consent"}
    (entry,) = bank.ledger.entries(kind="events.held")
    assert entry.body == {"batch": "b", "rows": 3, "reasons": ["ahead: 1", "consent: 1", "type: 1"]}
    assert bank.people.find(pa.array(["a stranger"])).tolist() == [-1]
    again = ingest(bank, [file(events)], source="bank", batch="b")
    assert (again.new, again.known, again.quarantined) == (0, 5, 0)
    assert {each.batch for each in held(bank)} == {"b"}


@ALONE
def test_exactly_those_rows_of_a_large_batch_are_held_that_are_about_others(bank: Home, file: Files) -> None:
    events = [an_event(n, **({"person": f"x{n}"} if n % 100 == 0 else {})) for n in range(10_000)]
    report = ingest(bank, [file(events)], source="bank")
    assert (report.new, report.held) == (9_900, {"consent": 100})
    assert set(reasons(bank)) == {f"e{n}" for n in range(0, 10_000, 100)}


@ALONE
def test_who_is_no_longer_among_those_who_consented_has_withdrawn(bank: Home, file: Files) -> None:
    register(bank, "bank", types=["bill.paid"], people=pa.array(PEOPLE[1:]), actor="ann")
    report = ingest(bank, [file(an_event(n) for n in range(10))], source="bank")
    assert (report.new, report.held) == (9, {"consent": 1})
    register(bank, "bank", types=["bill.paid"], people=pa.array([], pa.string()), actor="ann")
    assert ingest(bank, [file([an_event(11)])], source="bank").held == {"consent": 1}


@ALONE
def test_an_event_that_contradicts_one_in_quarantine_is_shown_with_it(bank: Home, file: Files) -> None:
    late = an_event(1, time=BEGINNING + DAY)
    ingest(bank, [file([late])], source="bank")
    with pytest.raises(RecordError, match=r"than the one in quarantine \(held\): amount 5 \(before: 101\)"):
        ingest(bank, [file([late | {"amount": 5}])], source="bank")
    with pytest.raises(RecordError, match=r"than the one in quarantine \(held\)"):
        take(bank, [late | {"amount": 5}])


@ALONE
def test_two_that_contradict_each_other_are_not_both_held(
    bank: Home, file: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goodstanding.record.ingest.stretches.STRETCH_ROWS", 1)
    late = an_event(1, time=BEGINNING + DAY)
    with pytest.raises(RecordError, match="than one earlier in this batch: amount 5"):
        ingest(bank, [file([late, late | {"amount": 5}])], source="bank")
    assert held(bank) == []


@ALONE
def test_a_batch_that_would_fill_quarantine_is_refused(
    bank: Home, file: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goodstanding.record.ingest.quarantine.MOST", 3)
    with pytest.raises(RecordError, match=r"more than 3 events of this batch would go to quarantine.*did not consent"):
        ingest(bank, [file(an_event(n, person=f"x{n}") for n in range(4))], source="bank")
    assert held(bank) == []


# --- Decided ---------------------------------------------------------------------------------------------------------


def one_held(home: Home) -> list[Held]:
    return waiting(home, [each.name[:10] for each in held(home)])


def test_what_is_released_is_taken_as_of_then_and_what_is_refused_is_gone(bank: Home, clock: SetClock) -> None:
    receipts = take(bank, [an_event(1, time=BEGINNING + DAY), an_event(2, type="card.used"), an_event(3)])
    assert [(one.state, one.reason) for one in receipts] == [("held", "ahead"), ("held", "type"), ("taken", None)]
    clock.go(days=2)
    by_reason = {each.reason: each for each in held(bank)}
    (released,) = release(bank, [by_reason["ahead"]], why="its clock was wrong", actor="ben")
    assert (released.state, released.id, released.recorded) == ("taken", "e1", clock())
    refuse(bank, [by_reason["type"]], why="nobody may send this", actor="ann")
    entries = list(bank.ledger.entries(kind="quarantine.decided"))
    assert [(entry.actor, entry.body["decision"], entry.body["why"]) for entry in entries] == [
        ("ben", "released", "its clock was wrong"),
        ("ann", "refused", "nobody may send this"),
    ]
    decided = held(bank, state=None)
    assert {(each.state, each.event) for each in decided} == {("released", None), ("refused", None)}
    again = [an_event(1, time=BEGINNING + DAY), an_event(2, type="card.used")]
    assert [one.state for one in take(bank, again)] == ["known", "known"]
    with pytest.raises(RecordError, match=r"than the one in quarantine \(refused\): what it held is gone"):
        take(bank, [an_event(2, type="card.used", amount=1)])


@ALONE
def test_a_decision_is_made_once_and_with_a_reason(bank: Home) -> None:
    take(bank, [an_event(1, type="card.used"), an_event(2, type="card.used")])
    one, two = one_held(bank)
    with pytest.raises(RecordError, match="no reason is given"):
        refuse(bank, [one], why=" ", actor="ann")
    refuse(bank, [one], why="no", actor="ann")
    with pytest.raises(RecordError, match="somebody else decided it meanwhile; nothing was changed"):
        release(bank, [two, one], why="yes", actor="ben")
    assert [each.name for each in held(bank)] == [two.name]
    with pytest.raises(RecordError, match=f"{one.name[:8]}' in quarantine: refused already, at 2026-01-01"):
        waiting(bank, [one.name[:8]])
    with pytest.raises(RecordError, match="nothing is called so"):
        waiting(bank, ["zzz"])
    with pytest.raises(RecordError, match="2 events are called so"):
        waiting(bank, [""])


@ALONE
def test_what_came_to_be_known_otherwise_meanwhile_cannot_be_released(
    bank: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(bank, [an_event(1, type="card.used"), an_event(2, type="card.used")])
    release(bank, [each for each in one_held(bank) if each.event and each.event["id"] == "e1"], why="yes", actor="ann")
    (other,) = one_held(bank)
    assert other.event is not None
    forged = Held(**{**{name: getattr(other, name) for name in Held.__slots__}, "event": other.event | {"id": "e1"}})
    with pytest.raises(RecordError, match="'e1' of 'bank' again"):
        release(bank, [forged], why="yes", actor="ann")
