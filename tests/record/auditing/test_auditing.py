"""An audit of a home goes through what the entries speak of too: segments, and events that lie in none yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from goodstanding.book import World
from goodstanding.errors import RecordError, StoreError
from goodstanding.record.auditing import audit
from goodstanding.record.clock import SetClock
from goodstanding.record.erasing import erase
from goodstanding.record.home import Home
from goodstanding.record.ingest import seal
from goodstanding.record.ledger.findings import Verdict
from goodstanding.record.ledger.heads import Heads
from tests.record.sending import event, send, send_file, welcome

PEOPLE = ("ada", "bo", "cy")
ONE_STORE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def world() -> World:
    """One in which a source may send whatever it likes."""
    return "synthetic"


@pytest.fixture
def filled(home: Home, tmp_path: Path) -> Home:
    """A batch in a segment, single events in the store, and a signed head."""
    welcome(home)
    send_file(home, tmp_path, [event(f"e{at}", person=PEOPLE[at % 3]) for at in range(30)])
    send(home, event("s1", person="ada"), event("s2", person="bo"))
    send(home, event("s3", person="cy", source="court"))
    Heads(home.ledger, home.signer).sign()
    return home


def found(home: Home, clock: SetClock, *, deep: bool = True) -> Verdict:
    """The verdict on a home that is open for writing besides."""
    return audit(home.folder, clock=clock, deep=deep)


def alter(home: Home, *statements: str) -> None:
    """What an insider could do who owns the database."""
    with home.store.writing() as connection:
        for table in ("entry", "single", "head", "source"):
            for (name,) in connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"), {"table": table}
            ).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            connection.execute(text(statement))


def test_a_home_that_is_as_it_was_written_is_said_to_be(filled: Home, clock: SetClock) -> None:
    verdict = found(filled, clock)
    assert verdict.faults == ()
    assert (verdict.size, verdict.heads) == (filled.ledger.head().size, 1)


def test_sealing_and_erasing_leave_nothing_to_find(filled: Home, clock: SetClock) -> None:
    erase(filled, ["bo"], why="asked to", actor="test")
    assert found(filled, clock).faults == ()
    seal(filled)
    assert found(filled, clock).faults == ()


@ONE_STORE
@pytest.mark.parametrize("deep", [True, False])
def test_a_segment_that_was_altered_is_named_with_its_entry(filled: Home, clock: SetClock, deep: bool) -> None:
    file = next((filled.folder / "segments").glob("*.parquet"))
    data = bytearray(file.read_bytes())
    data[len(data) // 3] ^= 1
    file.write_bytes(data)
    verdict = found(filled, clock, deep=deep)
    assert [one.where for one in verdict.faults] == [f"segment {file.stem[:16]}"]
    sealed = next(one for one in filled.ledger.entries(kind="segment.sealed"))
    assert verdict.faults[0].seq == sealed.seq


@ONE_STORE
def test_a_segment_that_is_gone_is_named(filled: Home, clock: SetClock) -> None:
    next((filled.folder / "segments").glob("*.parquet")).unlink()
    assert "missing" in str(found(filled, clock).faults[0])


@ONE_STORE
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE single SET packed = x'00' WHERE id = 's2'", "number 1 was altered"),
        ("UPDATE single SET recorded = recorded - 1 WHERE id = 's2'", "number 1 was altered"),
        ("UPDATE single SET slot = 0 WHERE id = 's2'", "number 1 was altered"),
        ("DELETE FROM single WHERE id = 's2'", "are 1; expected 2"),
        ("UPDATE single SET row = 3 - row WHERE seq = (SELECT seq FROM single WHERE id = 's2')", "are others than"),
    ],
)
def test_a_single_event_that_was_altered_is_named_with_its_entry(
    filled: Home, clock: SetClock, statement: str, words: str
) -> None:
    alter(filled, statement)
    verdict = found(filled, clock)
    assert words in str(verdict.faults[0])
    taken = next(one for one in filled.ledger.entries(kind="events.taken"))
    assert {one.seq for one in verdict.faults} == {taken.seq}


@ONE_STORE
@pytest.mark.parametrize(
    ("statement", "where", "words"),
    [
        ("UPDATE source SET recorded = 1 WHERE name = 'bank'", "source bank", "was altered"),
        (
            "UPDATE source SET body = (SELECT body FROM source WHERE name = 'court') WHERE name = 'bank'",
            "source bank",
            "",
        ),
        ("DELETE FROM source WHERE name = 'court'", "source court", "was altered"),
        ("INSERT INTO source SELECT 'x', replace(body, 'bank', 'x'), recorded FROM source WHERE name = 'bank'", "", ""),
    ],
)
def test_what_a_source_may_send_is_held_against_its_entry(
    filled: Home, clock: SetClock, statement: str, where: str, words: str
) -> None:
    alter(filled, statement.replace("replace(body, 'bank', 'x')", "CAST(replace(body, 'bank', 'x') AS BLOB)"))
    verdict = found(filled, clock)
    assert [one.where for one in verdict.faults] == [where or "source x"]
    assert words in str(verdict.faults[0])


@ONE_STORE
@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("UPDATE entry SET body = x'00' WHERE seq = 0", "entry 0"),
        ("UPDATE entry SET kind = 'x' WHERE seq = 0", "entry 0"),
        ("UPDATE entry SET body = x'00' WHERE kind = 'segment.sealed'", "entry 3"),
        ("UPDATE head SET frontier = x'00'", "the head"),
        ("DELETE FROM entry", "the signed head of 6 entries"),
    ],
)
def test_a_home_that_can_no_longer_be_opened_is_gone_through_all_the_same(
    filled: Home, clock: SetClock, statement: str, where: str
) -> None:
    alter(filled, statement)
    verdict = found(filled, clock)
    assert verdict.faults[0].where == where
    assert verdict.faults[-1].where == "the home"


@ONE_STORE
def test_where_no_home_is_there_is_nothing_to_audit(
    filled: Home, clock: SetClock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    looks: list[tuple[type[Exception], Callable[[], object]]] = [(RecordError, lambda: audit(tmp_path, clock=clock))]
    for error, look in looks:
        with pytest.raises(error, match="not a home"):
            look()
    filled.close()
    (filled.folder / "record.db").unlink()
    with pytest.raises(StoreError, match="not there"):
        audit(filled.folder, clock=clock)
    assert capsys.readouterr().out == ""
