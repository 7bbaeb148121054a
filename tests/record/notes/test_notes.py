"""Notes, checkpoints and cosignatures are C2SP's, to the byte, and nothing else passes for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.record.notes import COSIGNED, Checkpoint, Note, NoteError, Signature, Signer, Verifier, witnessed
from tests.record.notes import published

# The example of Go's golang.org/x/mod/sumdb/note, where the format comes from.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# Of C2SP's own example of a signed note, and of a witness's key in transparency-dev's tests.
FOO_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
WITNESS_KEY = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
SUM_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"

LOG = Signer("goodstanding.example/town", bytes(range(32)))
WITNESSES = [Signer(f"witness.example/w{at}", bytes([at] * 32)) for at in range(1, 4)]
HEAD = Checkpoint("goodstanding.example/town", 20_852_163, bytes(range(32)))


def test_a_note_signed_by_go_is_read_and_holds() -> None:
    key = Verifier.from_vkey(GO_KEY)
    note = Note.parse(GO_NOTE)
    assert note.signed_by(key).name == "PeterNeumann"
    assert note.text.endswith("what your problem is.\n")
    assert str(note) == GO_NOTE


def test_a_head_of_a_public_log_and_its_witnesses_holds() -> None:
    note = Note.parse(published.HEAD)
    note.signed_by(Verifier.from_vkey(published.LOG))
    assert Checkpoint.parse(note.text).size == 1_432_088_532
    cosigned = witnessed(note, map(Verifier.from_vkey, published.WITNESSES))
    assert [one.time for one in cosigned] == [1_779_573_024] * 4
    assert str(note) == published.HEAD


@pytest.mark.parametrize("vkey", [GO_KEY, FOO_KEY, WITNESS_KEY, SUM_KEY])
def test_keys_made_elsewhere_have_the_ids_that_we_compute(vkey: str) -> None:
    assert Verifier.from_vkey(vkey).vkey == vkey


def test_a_witness_key_is_of_another_kind_and_so_has_another_id() -> None:
    signer = WITNESSES[0]
    assert Verifier.from_vkey(signer.witness.vkey).kind == COSIGNED
    assert signer.witness.public == signer.verifier.public
    assert signer.witness.key_id != signer.verifier.key_id


def test_a_checkpoint_is_three_lines_and_reads_back() -> None:
    assert HEAD.text() == "goodstanding.example/town\n20852163\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    assert Checkpoint.parse(HEAD.text()) == HEAD
    assert Checkpoint.parse(HEAD.text() + "an extension\n") == HEAD


def test_a_signature_holds_for_its_text_alone() -> None:
    note = LOG.sign(HEAD.text())
    assert note.signed_by(LOG.verifier) == note.signatures[0]
    other = Note(note.text.replace("20852163", "20852164"), note.signatures)
    with pytest.raises(NoteError, match="does not hold"):
        other.signed_by(LOG.verifier)
    with pytest.raises(NoteError, match="has not signed"):
        note.signed_by(WITNESSES[0].verifier)


def test_a_seed_is_the_whole_key() -> None:
    made = Signer.generate("somebody")
    assert Signer("somebody", made.seed).verifier == made.verifier
    assert Signer.generate("somebody").seed != made.seed


def test_cosignatures_say_when_and_are_counted_only_where_they_are_known() -> None:
    note = LOG.sign(HEAD.text())
    lines = [one.cosign(note.text, 1_679_315_147 + at) for at, one in enumerate(WITNESSES)]
    note = Note.parse(str(Note(note.text, (*note.signatures, *lines))))
    assert [one.time for one in witnessed(note, [one.witness for one in WITNESSES[:2]])] == [1679315147, 1679315148]
    assert note.signatures[0].time is None
    assert witnessed(LOG.sign(HEAD.text()), [WITNESSES[0].witness]) == []


def test_a_cosignature_with_another_time_does_not_hold() -> None:
    line = WITNESSES[0].cosign(HEAD.text(), 1000)
    later = Signature(line.name, line.key_id, (1001).to_bytes(8, "big") + line.signed[8:])
    note = Note(HEAD.text(), (later,))
    with pytest.raises(NoteError, match="does not hold"):
        witnessed(note, [WITNESSES[0].witness])


def test_a_log_signature_does_not_pass_for_a_cosignature_nor_the_reverse() -> None:
    signer = WITNESSES[0]
    signed = signer.sign(HEAD.text()).signatures[0].signed
    assert not signer.witness.holds(HEAD.text(), Signature(signer.name, signer.witness.key_id, signed))
    cosigned = signer.cosign(HEAD.text(), 5).signed
    assert not signer.verifier.holds(HEAD.text(), Signature(signer.name, signer.verifier.key_id, cosigned))


@given(st.data())
def test_a_note_with_any_character_changed_is_no_longer_that_note(data: st.DataObject) -> None:
    written = str(LOG.sign(HEAD.text()))
    at = data.draw(st.integers(0, len(written) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda one: one != written[at]))
    with pytest.raises(NoteError):
        Note.parse(written[:at] + other + written[at + 1 :]).signed_by(LOG.verifier)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\n— name\n",
        "text\n\n— name AAAAAAAA",
        "text\n\n- name AAAAAAAA\n",
        "text\n\n— na me AAAAAAAA\n",
        "text\n\n— na+me AAAAAAAA\n",
        "text\n\n— name AAAA\n",
        "text\n\n— name AAAAAAAB=\n",
        "text\n\n— name AAAAAAA\n",
        "te\txt\n\n— name AAAAAAAA\n",
        "text\n\n" + "— name AAAAAAAA\n" * 101,
    ],
)
def test_what_is_no_note_is_refused(written: str) -> None:
    with pytest.raises(NoteError):
        Note.parse(written)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        "a\n01\nAAAA\n",
        "a\n1\nAAAA\n",
        f"{HEAD.text()}\n",
        HEAD.text()[:-1],
        "\n" + HEAD.text(),
        "a\n-1\nA\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        Checkpoint.parse(text)


@pytest.mark.parametrize(
    "vkey",
    ["", "name", "name+12345678", GO_KEY.replace("c74f20a3", "c74f20a4"), GO_KEY[:-4], "a b" + GO_KEY, FOO_KEY + "AA"],
)
def test_what_is_no_key_is_refused(vkey: str) -> None:
    with pytest.raises(NoteError):
        Verifier.from_vkey(vkey)


@pytest.mark.parametrize("text", ["", "no line end", "a tab\tin it\n"])
def test_what_could_not_be_read_back_is_not_signed(text: str) -> None:
    with pytest.raises(NoteError):
        LOG.sign(text)
