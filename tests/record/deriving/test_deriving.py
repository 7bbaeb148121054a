"""The book of a home: what files of the same events would make, brought up to date by what is new alone."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from goodstanding.book import Book, saving
from goodstanding.record.clock import SetClock
from goodstanding.record.deriving import book_before, book_of, book_of_some, books, derive, forget
from goodstanding.record.deriving import events as reading
from goodstanding.record.home import Home
from goodstanding.record.ingest import seal
from goodstanding.record.ledger import Said
from goodstanding.record.ledger.entries.erasing import PersonErased
from tests.book.same import everything
from tests.record.sending import event, send, send_file, unrecorded, welcome

FIRST = [event("1"), event("2", person="bo", amount=5, label="x"), event("3", person="cy", party="ada", matter="m")]
SECOND = [event("4", replaces="2", person="bo", amount=7), event("5", person="aa"), event("6", value=-3)]


@pytest.fixture
def sent(home: Home, tmp_path: Path) -> Home:
    """A home to which the first events were sent in a file."""
    welcome(home)
    send_file(home, tmp_path, FIRST)
    return home


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each book was built of, whenever one is built."""
    rows: list[int] = []
    build = Book.build

    def counted(batches: Any, **more: Any) -> Book:
        book = build(batches, **more)
        rows.append(len(book))
        return book

    monkeypatch.setattr(Book, "build", counted)
    return rows


def test_a_new_home_has_an_empty_book_of_its_world(home: Home) -> None:
    book = book_of(home)
    assert (len(book), len(book.people), book.world) == (0, 0, "synthetic")


def test_the_book_of_a_home_is_that_of_the_files_and_says_when_each_event_was_recorded(sent: Home) -> None:
    book = book_of(sent)
    assert everything(unrecorded(book)) == everything(Book.of(FIRST, world="synthetic"))
    (sealed,) = sent.ledger.entries(kind="segment.sealed")
    recorded = book.columns.recorded
    assert recorded is not None
    assert all(moment <= sealed.recorded for moment in recorded.tolist())


@pytest.mark.parametrize("how", ["file", "singles", "sealed"])
def test_what_is_new_is_added_and_nothing_else_read_again(
    sent: Home, tmp_path: Path, built: list[int], how: str
) -> None:
    book_of(sent)
    if how == "file":
        send_file(sent, tmp_path, SECOND, "more")
    else:
        send(sent, *SECOND)
    if how == "sealed":
        seal(sent)
    built.clear()
    book = book_of(sent)
    assert built == [len(SECOND)]
    assert everything(unrecorded(book)) == everything(Book.of([*FIRST, *SECOND], world="synthetic"))


def test_single_events_count_once_when_they_are_sealed_later(sent: Home) -> None:
    send(sent, *SECOND)
    before = everything(book_of(sent))
    seal(sent)
    assert everything(book_of(sent)) == before


def test_of_a_segment_of_single_events_only_those_count_that_came_since(sent: Home) -> None:
    send(sent, SECOND[0])
    book_of(sent)
    send(sent, *SECOND[1:])
    seal(sent)
    assert everything(unrecorded(book_of(sent))) == everything(Book.of([*FIRST, *SECOND], world="synthetic"))


def test_a_book_that_is_up_to_date_is_opened_and_not_written(sent: Home, built: list[int]) -> None:
    book_of(sent)
    (folder,) = (sent.folder / "book").iterdir()
    built.clear()
    again = book_of(sent)
    assert built == []
    assert list((sent.folder / "book").iterdir()) == [folder]
    assert everything(again) == everything(Book.open(folder))


def test_entries_that_are_no_events_only_move_the_cover_on(sent: Home, built: list[int]) -> None:
    book_of(sent)
    welcome(sent, "tax")
    built.clear()
    assert derive(sent).cover.size == sent.ledger.head().size
    assert built == []


def test_a_book_that_was_deleted_is_built_again(sent: Home) -> None:
    before = everything(book_of(sent))
    shutil.rmtree(sent.folder / "book")
    assert everything(book_of(sent)) == before


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "event_time.npy").unlink(),
        lambda folder: (folder / "book.json").write_bytes(b"{"),
        lambda folder: (folder / "cover.json").unlink(),
        lambda folder: (folder / "cover.json").write_bytes(b"[1]"),
        lambda folder: (folder / "event_kind.npy").write_bytes((folder / "event_kind.npy").read_bytes()[:-1] + b"\xff"),
    ],
    ids=["a column is gone", "contents", "no cover", "cover", "a code"],
)
def test_a_damaged_book_is_built_again_with_a_word(sent: Home, damage: Any) -> None:
    before = everything(book_of(sent))
    (folder,) = (sent.folder / "book").iterdir()
    damage(folder)
    said: list[str] = []
    assert everything(book_of(sent, said.append)) == before
    assert len(said) == 1
    assert "damaged" in said[0]


def test_a_book_of_another_ledger_is_not_used(sent: Home, tmp_path: Path, clock: SetClock) -> None:
    book_of(sent)
    with Home.create(tmp_path / "other", world="synthetic", clock=clock) as other:
        welcome(other)
        send_file(other, tmp_path, [event("elsewhere", person="zoe")], "other")
        shutil.copytree(sent.folder / "book", other.folder / "book")
        said: list[str] = []
        assert book_of(other, said.append).people.to_pylist() == ["zoe"]
        assert "another ledger" in said[0]


def test_a_book_of_many_events_is_put_together_of_pieces(
    sent: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, built: list[int]
) -> None:
    send_file(sent, tmp_path, SECOND, "more")
    send(sent, event("7", person="zoe"))
    monkeypatch.setattr(books, "AT_ONCE", 3)
    whole = Book.of([*FIRST, *SECOND, event("7", person="zoe")], world="synthetic")
    built.clear()
    assert everything(unrecorded(book_of(sent))) == everything(whole)
    assert built == [3, 3, 1]
    assert len(list((sent.folder / "book").iterdir())) == 1


def test_a_book_that_was_not_finished_is_not_taken_for_a_whole_one(
    sent: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_file(sent, tmp_path, SECOND, "more")
    monkeypatch.setattr(books, "AT_ONCE", 3)
    monkeypatch.setattr(books, "merge_into", _stopped)
    with pytest.raises(KeyboardInterrupt):
        book_of(sent)
    monkeypatch.undo()
    assert len(book_of(sent)) == len(FIRST) + len(SECOND)


def _stopped(*_given: Any) -> Book:
    raise KeyboardInterrupt


def test_a_book_that_cannot_be_kept_is_used_from_memory(sent: Home, tmp_path: Path) -> None:
    (sent.folder / "book").write_text("a file where the folder would be")
    said: list[str] = []
    assert len(book_of(sent, said.append)) == len(FIRST)
    assert "cannot be kept" in said[0]


def test_who_is_forgotten_is_in_no_saved_book_and_the_others_are(sent: Home) -> None:
    book_of(sent)
    slots = sent.people.find(pa.array(["ada"]))
    (sent.folder / "book" / ".stopped").mkdir()
    forget(sent, slots.tolist(), pa.array(["ada"]))
    (folder,) = (sent.folder / "book").iterdir()
    assert Book.open(folder).people.to_pylist() == ["bo", "cy"]
    assert saving.verify(folder) > 0


def test_a_book_that_somebody_left_whom_it_still_holds_is_built_again_without_them(sent: Home) -> None:
    book_of(sent)
    slot = int(sent.people.find(pa.array(["ada"]))[0])
    sent.people.erase([slot])
    said = PersonErased(slot=slot, tombstone="", why="asked for", rows=1, segments=[])
    with sent.store.writing() as connection:
        sent.ledger.append(connection, [Said(said, "test", "erased", "test")])
    others = [row for row in FIRST if row["person"] != "ada"]
    assert everything(unrecorded(book_of(sent))) == everything(Book.of(others, world="synthetic"))
    (folder,) = (sent.folder / "book").iterdir()
    assert Book.open(folder).people.to_pylist() == ["bo", "cy"]


def test_a_segment_that_began_before_and_was_sealed_after_is_left_out_of_what_was_known(
    sent: Home, tmp_path: Path
) -> None:
    head = sent.ledger.head()
    send_file(sent, tmp_path, SECOND, "more")
    assert len(book_before(sent, head.size, head.recorded)) == len(FIRST) + len(SECOND)
    late = head.recorded + 10**15  # as if the batch had begun before: its moment lies before that of the head asked for
    assert len(book_before(sent, head.size, late)) == len(FIRST)


def test_some_peoples_events_are_read_without_bringing_the_book_up_to_date(sent: Home) -> None:
    before = derive(sent).cover
    send(sent, *SECOND, event("7", person="cy", replaces="1"))
    some = book_of_some(sent, pa.array(["ada", "bo"]))
    (folder,) = (sent.folder / "book").iterdir()
    assert len(Book.open(folder)) == len(FIRST)
    assert before.size < sent.ledger.head().size
    whole = book_of(sent)
    for person in ("ada", "bo"):
        assert some.events_of(person) == whole.events_of(person)
    assert "aa" not in some.people.to_pylist()


def test_some_peoples_events_are_read_where_no_book_is_saved(sent: Home) -> None:
    assert book_of_some(sent, pa.array(["bo"])).people.to_pylist() == ["bo"]


def test_segments_are_read_ahead_in_their_order() -> None:
    parts = [reading.Part(1, lambda number=number: number) for number in range(7)]  # type: ignore[misc] # a default holds it
    assert list(reading.Piece(parts)) == list(range(7))
