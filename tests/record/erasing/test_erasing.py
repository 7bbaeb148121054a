"""Who is erased is gone from every file, stays gone, and takes nobody's proof along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sqlalchemy import select

from goodstanding.errors import RecordError, UnknownPersonError
from goodstanding.record import deriving, runs
from goodstanding.record.clock import SetClock
from goodstanding.record.disk import Piece, RealDisk
from goodstanding.record.erasing import digests_after, erase, finish, plan
from goodstanding.record.home import SEGMENTS, Home
from goodstanding.record.ingest import held, seal, take
from goodstanding.record.ledger.entries.events import SegmentSealed
from goodstanding.record.segments import Sealed, check_segment, prove_person
from goodstanding.record.store.schema import metadata
from goodstanding.scoring import score
from tests.record.policies import DOCUMENT, policy
from tests.record.sending import DAY, START, event, send, send_file, welcome

ZEBULON = "zebulon"
"""Stands in everything that is only about the one who goes."""


def of_zebulon(number: int, **more: object) -> dict[str, object]:
    return event(f"{ZEBULON}-{number}", person=ZEBULON, matter=f"{ZEBULON}-matter", party=f"{ZEBULON}-party", **more)


@pytest.fixture
def full(home: Home, tmp_path: Path, clock: SetClock) -> Home:
    """A home with everything of everybody: segments, single events, quarantine, a run, a book, identifiers, a text."""
    welcome(home)
    send_file(home, tmp_path, [event("a1"), of_zebulon(1), event("b1", person="bob")])
    send(home, of_zebulon(2, time=START + DAY), event("a2", time=START + DAY))
    seal(home, actor="test")
    send(home, of_zebulon(3), event("a3"))
    clock.time = START
    send(home, of_zebulon(4, time=START + DAY))
    clock.time = START + 1000 * DAY
    slot = slot_of(home, ZEBULON)
    home.vault.identifiers.add([("phone", f"{ZEBULON}55512345", slot)])
    home.vault.texts.seal("text-1", slot, f"{ZEBULON} said so")
    run(home)
    return home


def slot_of(home: Home, person: str) -> int:
    return plan(home, [person])[0].slot


def run(home: Home) -> None:
    """Score everybody, on record."""
    book = deriving.book_of(home)
    scores = score(policy(), book, as_of=START + 500 * DAY)
    runs.record_run(home, policy(), DOCUMENT, scores, home.ledger.head().size, runs.Asked(), "test")


def everything(home: Home) -> Iterator[tuple[Path, bytes]]:
    """Every byte of a home, and what is packed into its files."""
    for path in sorted(home.folder.rglob("*")):
        if path.is_file():
            yield path, path.read_bytes()
            if path.suffix == ".parquet":
                yield path, repr(pq.read_table(path).to_pydict()).encode()
    with home.store.reading() as connection:
        for table in metadata.sorted_tables:
            yield Path(table.name), repr(connection.execute(select(table)).all()).encode()


def mentions(home: Home) -> list[str]:
    return sorted({path.name for path, data in everything(home) if ZEBULON.encode() in data})


def sealed_as(home: Home) -> Iterable[Sealed]:
    digests = digests_after(home)
    for entry in home.ledger.entries(kind=SegmentSealed.KIND):
        said = entry.read(SegmentSealed)
        yield Sealed(
            root=bytes.fromhex(said.root),
            digest=bytes.fromhex(digests[said.root]),
            nonce=bytes.fromhex(said.nonce),
            rows=said.rows,
            people=said.people,
            bytes=said.bytes,
            first=said.first,
            last=said.last,
        )


def test_before_it_is_done_it_is_told_what_will_be_gone(full: Home) -> None:
    (going,) = plan(full, [ZEBULON])
    assert going.events == {"bank": 3}
    assert (going.held, going.runs, going.identifiers) == (1, 1, ("phone",))


def test_nothing_of_them_is_left_in_any_file(full: Home) -> None:
    assert len(mentions(full)) > 5, "the test must see them where they are"
    done = erase(full, [ZEBULON], why="asked for it", actor="test")
    assert (done.people, done.rows) == (1, 3)
    assert mentions(full) == []


def test_everybody_else_is_there_as_before(full: Home) -> None:
    before = {person: deriving.book_of(full).events_of(person) for person in ("ada", "bob")}
    proofs = [prove_person(full.folder / SEGMENTS, one.root, 0, full.people.key(0)) for one in sealed_as(full)]
    erase(full, [ZEBULON], why="asked for it", actor="test")
    book = deriving.book_of(full)
    assert {person: book.events_of(person) for person in ("ada", "bob")} == before
    assert book.events_of(ZEBULON) == []
    assert proofs == [prove_person(full.folder / SEGMENTS, one.root, 0, full.people.key(0)) for one in sealed_as(full)]


def test_every_segment_is_as_the_ledger_says(full: Home) -> None:
    erase(full, [ZEBULON], why="asked for it", actor="test")
    for sealed in sealed_as(full):
        assert check_segment(full.folder / SEGMENTS, sealed, full.people.keys_of) is None
        spoiled = replace(sealed, digest=bytes(32))
        assert check_segment(full.folder / SEGMENTS, spoiled, full.people.keys_of) is not None


def test_a_run_is_recomputed_for_all_the_others(full: Home) -> None:
    erase(full, [ZEBULON], why="asked for it", actor="test")
    again = runs.recompute(full, runs.find_run(full, "last"), runs.Asked())
    assert again.holds
    assert (again.alike, again.erased) == (2, 1)


def test_what_is_sent_again_does_not_bring_them_back(full: Home, tmp_path: Path) -> None:
    erase(full, [ZEBULON], why="asked for it", actor="test")
    send_file(full, tmp_path, [event("a1"), of_zebulon(1), event("b1", person="bob")], "again")
    (receipt,) = take(full, [of_zebulon(9)])
    assert receipt.state == "erased"
    (tmp_path / "again.csv").unlink()
    assert mentions(full) == []


def test_it_is_done_once(full: Home) -> None:
    erase(full, [ZEBULON], why="asked for it", actor="test")
    with pytest.raises(UnknownPersonError, match="does not know 'zebulon', or not any more"):
        erase(full, [ZEBULON], why="asked for it", actor="test")


def test_nobody_is_erased_where_one_is_unknown_or_no_reason_is_given(full: Home) -> None:
    before = mentions(full)
    with pytest.raises(UnknownPersonError, match="nobody"):
        erase(full, [ZEBULON, "nobody"], why="asked for it", actor="test")
    with pytest.raises(RecordError, match="a reason"):
        erase(full, [ZEBULON], why=" ", actor="test")
    with pytest.raises(RecordError, match="nobody to erase"):
        erase(full, [], why="asked for it", actor="test")
    assert mentions(full) == before


def test_several_go_at_once_and_the_events_of_others_stay_in_quarantine(full: Home) -> None:
    send(full, event("bob-ahead", person="bob", time=START + 2000 * DAY))
    done = erase(full, [ZEBULON, "ada"], why="asked for it", actor="test")
    assert (done.people, done.rows) == (2, 6)
    assert [one.event["person"] for one in held(full) if one.event] == ["bob"]
    assert deriving.book_of(full).people.to_pylist() == ["bob"]


class Stopped(BaseException):
    """The process ends here."""


class StoppingDisk(RealDisk):
    """A disk at which the process ends before the change of a number."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.left = after

    def _count(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Stopped

    def write(self, path: Path, chunks: Iterable[Piece]) -> None:
        self._count()
        super().write(path, chunks)

    def overwrite(self, path: Path, at: int, data: Piece) -> None:
        self._count()
        super().overwrite(path, at, data)

    def remove(self, path: Path) -> None:
        self._count()
        super().remove(path)


@pytest.mark.parametrize("after", range(8))
def test_what_was_cut_off_is_finished_when_the_home_is_opened_next(full: Home, clock: SetClock, after: int) -> None:
    database = _url(full)
    disk = full.disk = full.people._disk = StoppingDisk(after)
    with suppress(Stopped):
        erase(full, [ZEBULON], why="asked for it", actor="test")
    disk.left = 10**6
    full.close()
    with Home.open(full.folder, clock=clock, database=database) as again:
        finish(again)
        assert finish(again) == 0
        assert mentions(again) == []
        assert deriving.book_of(again).events_of(ZEBULON) == []
        for sealed in sealed_as(again):
            assert check_segment(again.folder / SEGMENTS, sealed, again.people.keys_of) is None


def _url(home: Home) -> str | None:
    url = home.store.engine.url
    return None if home.store.kind == "sqlite" else url.render_as_string(hide_password=False)
