"""An event on record is corrected or taken back by another one; what was known before stays true of that time."""

from __future__ import annotations

from pathlib import Path

import pytest

from goodstanding.book import Book
from goodstanding.errors import EventsError, RecordError
from goodstanding.record import correcting
from goodstanding.record.correcting import corrected, preview, retracted
from goodstanding.record.deriving import book_of
from goodstanding.record.home import Home
from goodstanding.record.ledger import commit, salt_of
from goodstanding.record.ledger.entries.correcting import CorrectionMade
from goodstanding.scoring import score
from tests.record.policies import policy
from tests.record.sending import DAY, START, event, send_file, welcome

AS_OF = START + 30 * DAY
EVENTS = [event("1", amount=5, label="x"), event("2"), event("3", person="bo")]


@pytest.fixture
def sent(home: Home, tmp_path: Path) -> Home:
    welcome(home)
    send_file(home, tmp_path, EVENTS)
    return home


def scores(book: Book, recorded_by: int | None = None) -> dict[str, int]:
    """Everybody's score."""
    found = score(policy(), book, as_of=AS_OF, recorded_by=recorded_by)
    return dict(zip(found.people.to_pylist(), found.score.tolist(), strict=True))


def test_a_corrected_event_counts_as_corrected_and_what_was_known_stays_true(sent: Home) -> None:
    known = sent.ledger.head().recorded
    correction = corrected(book_of(sent), "bank", "1", {"type": "b", "amount": None, "label": "x"})
    assert correction.changed == ("type", "amount")
    receipt = correcting.make(sent, correction, reason="another loan", actor="op")
    assert receipt.state == "taken"
    book = book_of(sent)
    assert scores(book) == {"ada": 110, "bo": 110}
    assert scores(book, known) == {"ada": 120, "bo": 110}
    (event_,) = [one for one in book.events_of("ada") if one["replaces"] == "1"]
    assert (event_["id"], event_["type"], event_["amount"], event_["label"]) == (receipt.id, "b", None, "x")


def test_an_event_that_was_taken_back_counts_for_nothing_from_then_on(sent: Home) -> None:
    known = sent.ledger.head().recorded
    correcting.make(sent, retracted(book_of(sent), "bank", "2"), reason="never happened", actor="op")
    book = book_of(sent)
    assert scores(book) == {"ada": 110, "bo": 110}
    assert scores(book, known) == {"ada": 120, "bo": 110}


def test_what_a_correction_changes_is_shown_before_and_is_what_comes_of_it(sent: Home) -> None:
    book = book_of(sent)
    size = sent.ledger.head().size
    correction = retracted(book, "bank", "1")
    (seen,) = preview(policy(), book, correction, as_of=AS_OF)
    assert (seen.before.score, seen.after.score, [moved.line for moved in seen.moved]) == (120, 110, ["paid"])
    assert sent.ledger.head().size == size
    correcting.make(sent, correction, reason="r", actor="op")
    assert scores(book_of(sent))["ada"] == seen.after.score


@pytest.mark.parametrize("other", ["bo", "newcomer"])
def test_an_event_that_moves_to_another_person_is_shown_for_both(sent: Home, other: str) -> None:
    book = book_of(sent)
    correction = corrected(book, "bank", "1", {"person": other})
    seen = {found.before.person: found for found in preview(policy(), book, correction, as_of=AS_OF)}
    correcting.make(sent, correction, reason="another of that name", actor="op")
    after = scores(book_of(sent))
    assert {person: found.after.score for person, found in seen.items()} == {"ada": after["ada"], other: after[other]}
    assert after["ada"] == 110


def test_the_ledger_says_that_it_was_done_and_the_vault_why(sent: Home) -> None:
    receipt = correcting.make(sent, retracted(book_of(sent), "bank", "1"), reason="a slip", actor="op")
    (entry,) = sent.ledger.entries(kind=CorrectionMade.KIND)
    said = entry.read(CorrectionMade)
    salt = salt_of(sent.people.key(0), entry.source, entry.id)
    assert (entry.actor, said.what, said.changed) == ("op", "retracted", ())
    assert (said.event, said.by) == (commit("1", salt), commit(receipt.id, salt))
    assert said.reason == commit("a slip", salt)
    assert sent.vault.texts.open(f"{entry.source}/{entry.id}") == "a slip"
    assert b"a slip" not in entry.written


def test_an_event_is_corrected_once_and_then_its_correction_is(sent: Home) -> None:
    first = correcting.make(sent, corrected(book_of(sent), "bank", "1", {"amount": 6}), reason="r", actor="op")
    with pytest.raises(RecordError, match=f"was corrected already, by '{first.id}'; correct that one"):
        corrected(book_of(sent), "bank", "1", {"amount": 7})
    correcting.make(sent, retracted(book_of(sent), "bank", first.id), reason="r", actor="op")
    assert [one["amount"] for one in book_of(sent).events_of("ada") if one["id"] == "1"] == [5]


@pytest.mark.parametrize(("source", "id_"), [("bank", "nowhere"), ("nobody", "1"), ("court", "1")])
def test_what_is_not_on_record_cannot_be_corrected(sent: Home, source: str, id_: str) -> None:
    with pytest.raises(RecordError, match="is not on record"):
        retracted(book_of(sent), source, id_)


def test_a_correction_that_changes_nothing_is_refused(sent: Home) -> None:
    with pytest.raises(RecordError, match="is like that already"):
        corrected(book_of(sent), "bank", "1", {"amount": 5})


def test_a_retraction_is_not_corrected(sent: Home) -> None:
    done = correcting.make(sent, retracted(book_of(sent), "bank", "1"), reason="r", actor="op")
    with pytest.raises(RecordError, match="takes another one back"):
        retracted(book_of(sent), "bank", done.id)


def test_an_event_that_breaks_the_rules_is_refused_and_nothing_is_on_record(sent: Home) -> None:
    size = sent.ledger.head().size
    with pytest.raises(EventsError):
        correcting.make(sent, corrected(book_of(sent), "bank", "1", {"amount": 10**13}), reason="r", actor="op")
    assert sent.ledger.head().size == size


def test_a_correction_is_corrected_itself_and_the_event_counts_once(sent: Home) -> None:
    first = correcting.make(sent, corrected(book_of(sent), "bank", "1", {"amount": 6}), reason="a slip", actor="op")
    correcting.make(sent, corrected(book_of(sent), "bank", first.id, {"amount": 7}), reason="another", actor="op")
    book = book_of(sent)
    counted = [one["amount"] or 0 for one in book.events_of("ada") if one["type"] != "retracted"]
    assert sorted(counted) == [0, 7]
    assert scores(book) == {"ada": 120, "bo": 110}


@pytest.mark.parametrize("changes", [{"type": "b"}, {"person": "bo"}])
def test_what_the_correction_of_a_correction_changes_is_what_was_shown(sent: Home, changes: dict[str, str]) -> None:
    first = correcting.make(sent, corrected(book_of(sent), "bank", "1", {"amount": 6}), reason="a slip", actor="op")
    correction = corrected(book_of(sent), "bank", first.id, changes)
    shown = preview(policy(), book_of(sent), correction, as_of=AS_OF)
    correcting.make(sent, correction, reason="another", actor="op")
    found = scores(book_of(sent))
    assert {one.after.person: one.after.score for one in shown}.items() <= found.items()
    assert found == ({"ada": 110, "bo": 110} if "type" in changes else {"ada": 110, "bo": 120})
