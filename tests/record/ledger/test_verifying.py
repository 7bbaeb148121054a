"""Whatever was altered is found and named; what was not, is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from goodstanding.record import merkle
from goodstanding.record.clock import SetClock
from goodstanding.record.ledger import Entry, Ledger
from goodstanding.record.ledger.entry import START, make
from goodstanding.record.ledger.findings import Fault
from goodstanding.record.ledger.heads import Heads
from goodstanding.record.ledger.verifying import Verdict, verify
from goodstanding.record.merkle import Frontier
from goodstanding.record.notes import Checkpoint
from goodstanding.record.store import Store
from tests.record.ledger.flipping import LOG, TRUST, WITNESSES, flip_bits
from tests.record.ledger.saying import add, ledger_of, said

ONE_STORE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def heads(store: Store, clock: SetClock) -> Heads:
    """Thirty entries; heads of ten and of all were signed, the first of them witnessed by two of three."""
    made = Heads(ledger_of(store, clock), LOG)
    add(made.ledger, *(said(f"batch {at}", rows=at) for at in range(10)))
    note = made.sign()
    for one in WITNESSES[:2]:
        made.add(note, one.witness, one.cosign(note.text, 5))
    add(made.ledger, *(said(f"batch {at}", rows=at) for at in range(10, 30)))
    made.sign()
    return made


def verdict(heads: Heads) -> Verdict:
    return verify(heads.ledger.store, LOG.verifier, trust=TRUST)


def altered(heads: Heads, *statements: str) -> Verdict:
    """The verdict after what an insider could do who owns the database."""
    with heads.ledger.store.writing() as connection:
        for table in ("entry", "checkpoint", "cosignature"):
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER {table}_no_{verb}"))
        for statement in statements:
            connection.execute(text(statement))
    return verdict(heads)


def rewrite(connection: Connection, ledger: Ledger, first: int, size: int) -> None:
    """Write the ledger anew from one entry on, so that it agrees with itself: other entries, chain, frontier, head."""
    old = list(ledger.entries(0, first - 1))
    frontier, chain = Frontier(), START
    for one in old:
        frontier.append(one.leaf)
        chain = one.chain
    connection.execute(text(f"DELETE FROM entry WHERE seq >= {first}"))
    new: list[Entry] = []
    for seq in range(first, size):
        new.append(make(said(f"other {seq}"), seq, 2_000_000_000_000_000 + seq, chain))
        chain = new[-1].chain
        frontier.append(new[-1].leaf)
    ledger._write(connection, new, frontier)


def test_what_is_as_it_was_written_is_said_to_be(heads: Heads) -> None:
    found = verdict(heads)
    assert found.faults == ()
    assert (found.ok, found.size, found.heads, found.cosignatures) == (True, 30, 2, 2)
    assert found.root == heads.ledger.head().root


def test_an_empty_ledger_is_as_it_was_written(store: Store) -> None:
    found = verify(store, LOG.verifier)
    assert (found.ok, found.size, found.root) == (True, 0, merkle.EMPTY)


@ONE_STORE
@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("kind = 'score.run'", "what it says was altered"),
        ("source = 'shop '", "what it says was altered"),
        ("id = 'x'", "what it says was altered"),
        ("actor = 'somebody'", "what it says was altered"),
        ("time = time - 1", "what it says was altered"),
        ("body = CAST(replace(CAST(body AS TEXT), '17', '18') AS BLOB)", "what it says was altered"),
        ("body = x'00'", "what it says was altered"),
        ("leaf = zeroblob(32)", "its leaf was altered"),
        ("leaf = x'00'", "its leaf was altered"),
        ("chain = zeroblob(32)", "the chain does not lead to it"),
    ],
)
def test_an_altered_entry_is_named_and_no_other(heads: Heads, change: str, what: str) -> None:
    found = altered(heads, f"UPDATE entry SET {change} WHERE seq = 17")
    assert [(one.where, one.seq, what in one.found) for one in found.faults] == [("entry 17", 17, True)]


@ONE_STORE
def test_entries_that_are_gone_are_named(heads: Heads) -> None:
    assert altered(heads, "DELETE FROM entry WHERE seq IN (17, 18)").faults[0].numbers == range(17, 19)


@ONE_STORE
def test_two_entries_that_changed_places_are_both_named(heads: Heads) -> None:
    swap = ("UPDATE entry SET seq = 99 WHERE seq = 3", "UPDATE entry SET seq = 3 WHERE seq = 8")
    found = altered(heads, *swap, "UPDATE entry SET seq = 8 WHERE seq = 99")
    assert {3, 8} <= {one.seq for one in found.faults} <= {3, 4, 8, 9, None}
    assert found.faults[0].seq == 3


@ONE_STORE
def test_an_end_that_was_cut_off_is_found_by_the_signed_head(heads: Heads) -> None:
    ledger, frontier = heads.ledger, Frontier()
    for at in range(20):
        frontier.append(ledger.entry(at).leaf)
    last = ledger.entry(19)
    fitting = f"size = 20, chain = x'{last.chain.hex()}', frontier = x'{frontier.to_bytes().hex()}'"
    found = altered(heads, "DELETE FROM entry WHERE seq > 19", f"UPDATE head SET {fitting}, recorded = {last.recorded}")
    assert [one.where for one in found.faults] == ["the signed head of 30 entries"]
    assert "the ledger ends after 20" in str(found.faults[0])


@ONE_STORE
@pytest.mark.parametrize("column", ["size = 29", "recorded = 1", "chain = zeroblob(32)", "frontier = zeroblob(128)"])
def test_an_altered_end_is_named(heads: Heads, column: str) -> None:
    found = altered(heads, f"UPDATE head SET {column}")
    assert {one.where for one in found.faults} == {"the head"}


@ONE_STORE
@pytest.mark.parametrize("first", [0, 9, 10, 29])
def test_a_ledger_written_anew_is_told_by_the_heads_that_were_signed(heads: Heads, first: int) -> None:
    altered(heads)
    with heads.ledger.store.writing() as connection:
        rewrite(connection, heads.ledger, first, 30)
    found = verdict(heads)
    where = "the signed head of 10 entries" if first < 10 else "the signed head of 30 entries"
    between = "entries 0 to 9" if first < 10 else "entries 10 to 29"
    assert found.faults[0].where == where
    assert between in found.faults[0].found


@ONE_STORE
def test_one_whose_heads_were_signed_anew_too_is_told_by_a_head_kept_elsewhere(heads: Heads) -> None:
    kept = heads.at(30)
    altered(heads, "DELETE FROM checkpoint", "DELETE FROM cosignature")
    with heads.ledger.store.writing() as connection:
        rewrite(connection, heads.ledger, 12, 30)
    Heads(heads.ledger, LOG).sign()
    assert verdict(heads).ok
    found = verify(heads.ledger.store, LOG.verifier, given=[kept])
    assert [one.where for one in found.faults] == ["the head of 30 entries that was brought along"]


@ONE_STORE
def test_a_head_of_somebody_else_is_not_taken(heads: Heads) -> None:
    other = WITNESSES[0].sign(Checkpoint(LOG.name, 30, heads.ledger.head().root).text())
    found = verify(heads.ledger.store, LOG.verifier, given=[other])
    assert "has not signed this" in str(found.faults[0])
    foreign = LOG.sign(Checkpoint("another/log", 30, heads.ledger.head().root).text())
    assert "it is a head of another/log" in str(verify(heads.ledger.store, LOG.verifier, given=[foreign]).faults[0])


def test_a_head_kept_elsewhere_counts_with_its_cosignatures(heads: Heads) -> None:
    found = verify(heads.ledger.store, LOG.verifier, trust=TRUST, given=[heads.at(10)])
    assert (found.ok, found.heads, found.cosignatures) == (True, 3, 4)


@ONE_STORE
@pytest.mark.parametrize(
    ("statement", "said_of_it"),
    [
        ("UPDATE checkpoint SET note = replace(note, '— goodstanding', '— badstanding')", "has not signed"),
        ("UPDATE checkpoint SET size = 11 WHERE size = 10", "it says 10 entries"),
        ("UPDATE checkpoint SET recorded = recorded + 1 WHERE size = 10", "kept with the moment"),
        ("UPDATE checkpoint SET note = note || note", ""),
        ("DELETE FROM checkpoint WHERE size = 10", "gone, and"),
        ("UPDATE cosignature SET line = replace(line, 'witness.example/w1', 'witness.example/w2')", "has not signed"),
        ("UPDATE cosignature SET line = line || ' '", ""),
        ("UPDATE cosignature SET witness = witness || 'x'", "base64"),
    ],
)
def test_an_altered_signature_is_named(heads: Heads, statement: str, said_of_it: str) -> None:
    found = altered(heads, statement)
    assert found.faults[0].where.startswith("the signed head of 1")
    assert said_of_it in str(found.faults[0])


@ONE_STORE
def test_what_an_entry_speaks_of_is_looked_at_by_its_check(heads: Heads) -> None:
    def check(one: Entry) -> list[Fault]:
        if one.seq == 7:
            raise OSError("the file is gone")
        return [Fault("segment ab", "another digest", "ab", one.seq)] if one.seq == 20 else []

    found = verify(heads.ledger.store, LOG.verifier, checks={"events.taken": check})
    assert [str(one) for one in found.faults] == [
        "entry 7: cannot be read: the file is gone; expected what was written",
        "segment ab: another digest; expected ab",
    ]


@ONE_STORE
def test_more_faults_than_can_be_listed_are_said_to_be_more(store: Store, clock: SetClock) -> None:
    heads = Heads(ledger_of(store, clock, 300), LOG)
    found = altered(heads, "UPDATE entry SET actor = 'somebody'")
    assert (len(found.faults), found.more) == (100, True)


@ONE_STORE
def test_progress_is_told(store: Store, clock: SetClock) -> None:
    told: list[tuple[int, int | None]] = []
    ledger_of(store, clock, 5000)
    assert verify(store, LOG.verifier, progress=lambda done, total=None: told.append((done, total))).ok
    assert told == [(4096, 5000)]


def test_no_turned_bit_changes_an_answer_unseen(tmp_path: Path) -> None:
    """The programme's 2,000 run as a fault, in tests/faults."""
    flips = flip_bits(tmp_path, 150, seed=1)
    assert (flips.silent, flips.unplaced) == ([], [])
    assert flips.outcomes["an entry named"] > 50
