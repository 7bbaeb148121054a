"""A head is signed once for each size, contradicts none before it, and says who has witnessed it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from goodstanding.errors import RecordError, TamperError
from goodstanding.record import merkle
from goodstanding.record.clock import SetClock
from goodstanding.record.ledger.heads import Heads, standing
from goodstanding.record.ledger.requests import Receipt, Request
from goodstanding.record.ledger.trust import Trust, Witness
from goodstanding.record.notes import Checkpoint, NoteError, Signer
from goodstanding.record.store import Store
from tests.record.ledger.saying import add, ledger_of, said

LOG = Signer("goodstanding/live/town", bytes(range(32)))
W1, W2, W3 = (Signer(f"witness.example/w{at}", bytes([at] * 32)) for at in (1, 2, 3))
TRUST = Trust.of(LOG.verifier, [Witness(f"w{at}", one.witness) for at, one in enumerate((W1, W2, W3), 1)])
NEW = Signer("witness.example/new", bytes([9] * 32))
ONE_STORE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def heads_of(store: Store, clock: SetClock, count: int) -> Heads:
    return Heads(ledger_of(store, clock, count), LOG)


def rewrite(store: Store, seq: int) -> None:
    """What an insider who owns the database can do: drop the trigger, and alter an entry with its leaf."""
    with store.writing() as connection:
        connection.execute(text("DROP TRIGGER entry_no_update"))
        connection.execute(text(f"UPDATE entry SET leaf = zeroblob(32) WHERE seq = {seq}"))


def test_a_head_is_signed_for_the_size_and_root_there_are(store: Store, clock: SetClock) -> None:
    heads = heads_of(store, clock, 5)
    note = heads.sign()
    note.signed_by(LOG.verifier)
    assert Checkpoint.parse(note.text) == Checkpoint(LOG.name, 5, heads.ledger.head().root)
    assert heads.at() == heads.at(5) == note


def test_signing_again_is_the_same_head_and_another_one_stands_beside_it(store: Store, clock: SetClock) -> None:
    heads = heads_of(store, clock, 3)
    first = heads.sign()
    assert heads.sign() == first
    add(heads.ledger, said("more"))
    second = heads.sign()
    assert list(heads.signed()) == list(Heads(heads.ledger, LOG).signed()) == [first, second]
    assert (heads.at(), heads.at(3)) == (second, first)


def test_the_head_of_an_empty_ledger_can_be_signed(store: Store, clock: SetClock) -> None:
    assert Checkpoint.parse(heads_of(store, clock, 0).sign().text).root == merkle.EMPTY


@ONE_STORE
def test_no_head_is_there_before_one_was_signed(store: Store, clock: SetClock) -> None:
    heads = heads_of(store, clock, 2)
    with pytest.raises(RecordError, match="no head was signed; sign one with `goodstanding ledger head`"):
        heads.at()
    heads.sign()
    with pytest.raises(RecordError, match="no head of 1 entries was signed"):
        heads.at(1)


@ONE_STORE
@pytest.mark.parametrize("at", [1, 6])
def test_no_head_is_signed_over_entries_that_were_altered(at: int, store: Store, clock: SetClock) -> None:
    heads = heads_of(store, clock, 4)
    heads.sign()
    add(heads.ledger, said("5"), said("6"), said("7"))
    rewrite(store, at)
    with pytest.raises(TamperError, match="rewritten" if at < 4 else "do not come to the head"):
        Heads(heads.ledger, LOG).sign()


@ONE_STORE
def test_no_head_is_signed_beside_another_one_that_was_kept_for_its_size(store: Store, clock: SetClock) -> None:
    heads = heads_of(store, clock, 4)
    other = Signer(LOG.name, bytes(32)).sign(heads.sign().text)
    with store.writing() as connection:
        connection.execute(text("DROP TRIGGER checkpoint_no_update"))
        connection.execute(text("UPDATE checkpoint SET note = :note"), {"note": str(other)})
    with pytest.raises(TamperError, match="another head of 4 entries was signed before"):
        Heads(heads.ledger, LOG).sign()


@ONE_STORE
def test_no_head_is_signed_over_a_ledger_that_was_cut(store: Store, clock: SetClock) -> None:
    heads = heads_of(store, clock, 4)
    small = heads.ledger.head()
    add(heads.ledger, said("5"))
    heads.sign()
    with store.writing() as connection:
        connection.execute(text("DROP TRIGGER entry_no_delete"))
        connection.execute(text("DELETE FROM entry WHERE seq = 4"))
        connection.execute(
            text("UPDATE head SET size = 4, chain = :c, frontier = :f"), {"c": small.chain, "f": small.root}
        )
    with pytest.raises(TamperError, match="entries were cut off"):
        Heads(heads.ledger, LOG).sign()


def test_cosignatures_are_kept_and_counted_by_those_whom_one_trusts(store: Store, clock: SetClock) -> None:
    heads = heads_of(store, clock, 3)
    note = heads.sign()
    assert standing(note, TRUST).by == ()
    note = heads.add(note, W1.witness, W1.cosign(note.text, 10))
    assert (standing(note, TRUST).by, standing(note, TRUST).enough) == (("w1",), False)
    stranger = Signer.generate("stranger")
    note = heads.add(note, stranger.witness, stranger.cosign(note.text, 10))
    assert (standing(note, TRUST).by, standing(note, TRUST).enough) == (("w1",), False)
    note = heads.add(note, W3.witness, W3.cosign(note.text, 10))
    assert (standing(note, TRUST).by, standing(note, TRUST).enough) == (("w1", "w3"), True)
    assert heads.at() == note
    assert (heads.last_of(W1.witness), heads.last_of(W2.witness)) == (3, 0)


@ONE_STORE
def test_a_witness_that_signs_twice_is_kept_once(store: Store, clock: SetClock) -> None:
    heads = heads_of(store, clock, 3)
    note = heads.sign()
    first = heads.add(note, W1.witness, W1.cosign(note.text, 10))
    assert heads.add(note, W1.witness, W1.cosign(note.text, 99)) == first


@ONE_STORE
def test_a_cosignature_of_another_head_is_not_kept(store: Store, clock: SetClock) -> None:
    heads = heads_of(store, clock, 3)
    note = heads.sign()
    with pytest.raises(NoteError, match="does not hold"):
        heads.add(note, W1.witness, W1.cosign(note.text.replace("\n3\n", "\n4\n"), 10))
    assert heads.at() == note


@ONE_STORE
def test_a_receipt_shows_an_entry_to_whoever_has_the_key(store: Store, clock: SetClock) -> None:
    heads = heads_of(store, clock, 9)
    heads.sign()
    receipt = Receipt.parse(str(heads.receipt(4)))
    assert receipt.require(LOG.verifier).size == 9
    assert receipt.said == heads.ledger.entry(4).to_bytes()
    with pytest.raises(NoteError, match="has not signed"):
        receipt.require(W1.verifier)
    for forged in (
        Receipt(receipt.said + b" ", 4, receipt.proof, receipt.note),
        Receipt(receipt.said, 5, receipt.proof, receipt.note),
        Receipt(receipt.said, 4, receipt.proof[1:], receipt.note),
    ):
        with pytest.raises(NoteError, match="the entry is not number"):
            forged.require(LOG.verifier)


@ONE_STORE
def test_a_receipt_of_the_only_entry_has_no_proof_and_holds(store: Store, clock: SetClock) -> None:
    heads = heads_of(store, clock, 1)
    heads.sign()
    receipt = Receipt.parse(str(heads.receipt(0)))
    assert receipt.proof == ()
    assert receipt.require(LOG.verifier).size == 1


@ONE_STORE
def test_growth_is_shown_from_any_size_to_a_signed_head(store: Store, clock: SetClock) -> None:
    heads = heads_of(store, clock, 9)
    heads.sign()
    for old in range(10):
        request = Request.parse(str(heads.grown(old)))
        assert request.holds(merkle.root(heads.ledger.leaves(old)))
        assert old == 0 or not request.holds(merkle.EMPTY)


@pytest.mark.parametrize(
    "written",
    ["", "old 1\n", "old 01\n\ntext\n\n— n AAAAAAAA\n", "old 1\nAAAA\n\ntext\n\n— n AAAAAAAA\n", "new 1\n\ntext\n"],
)
def test_what_is_no_request_is_refused(written: str) -> None:
    with pytest.raises(NoteError):
        Request.parse(written)


@pytest.mark.parametrize("written", ["", "c2sp.org/tlog-proof@v1\nindex 1\n\ntext\n\n— n AAAAAAAA\n", "extra AA==\n\n"])
def test_what_is_no_receipt_is_refused(written: str) -> None:
    with pytest.raises(NoteError):
        Receipt.parse(written)


def test_trust_reads_back_and_asks_for_more_than_half(tmp_path: Path) -> None:
    (tmp_path / "witnesses.txt").write_text(f"# ours\n\n{TRUST}", encoding="utf-8")
    read = Trust.read(tmp_path / "witnesses.txt")
    assert read == TRUST
    assert [read.enough(some) for some in ((), ("w1",), ("w1", "w2"), ("w3", "w2"), ("w1", "x"))] == [
        False,
        False,
        True,
        True,
        False,
    ]
    assert Trust.of(LOG.verifier, []).enough(())
    assert Trust.of(LOG.verifier, TRUST.witnesses.values(), 3).groups["most"].least == 3


def test_groups_of_groups_are_counted_as_c2sp_says() -> None:
    lines = [f"witness {name} {Signer.generate(name).witness.vkey}" for name in ("X1", "X2", "X3", "Y1", "Y2")]
    lines += ["group X 2 X1 X2 X3", "group Y any Y1 Y2", "group both all X Y", "quorum both"]
    trust = Trust.parse("\n".join([*lines, ""]), "f")
    assert trust.enough({"X1", "X3", "Y2"})
    assert not trust.enough({"X1", "X2", "X3"})
    assert not trust.enough({"X1", "Y1", "Y2"})


@pytest.mark.parametrize(
    ("line", "said_of_it"),
    [
        ("wittness a b", "begins no line"),
        ("log", "without a key"),
        (f"log {W1.witness.vkey}", "a witness's key, or here twice"),
        ("witness a", "a name and a key"),
        (f"witness a {LOG.verifier.vkey}", "a log's key, or here twice"),
        (f"witness w9 {W1.witness.vkey}", "here twice"),
        (f"witness w1 {NEW.witness.vkey}", "the name w1 is taken"),
        (f"witness none {NEW.witness.vkey}", "the name none is taken"),
        ("group g 2 w1", "'2' of 1"),
        ("group g 0 w1", "'0' of 1"),
        ("group g any w9", "w9 is named on no line above"),
        ("group g any w1 w1", "w1 is in a group already"),
        ("group g any", "a name, how many, and members"),
        ("quorum w1", "one line `quorum`"),
    ],
    ids=range(14),
)
def test_every_line_that_says_nothing_is_told_with_its_number(line: str, said_of_it: str) -> None:
    before = str(TRUST).replace("group most 2 w1 w2 w3\nquorum most", "quorum none")
    with pytest.raises(RecordError) as caught:
        Trust.parse(before + line, "witnesses.txt")
    assert caught.value.problems[0].line == 6
    assert said_of_it in str(caught.value)


def test_a_file_without_a_quorum_is_refused() -> None:
    with pytest.raises(RecordError, match="no line `quorum`"):
        Trust.parse(f"log {LOG.verifier.vkey}\n", "witnesses.txt")
