"""One person's rows can be proved to stand under a segment's root, and nothing else can."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from goodstanding.errors import TamperError
from goodstanding.record.segments import Proof, files_of, prove_person, writing
from tests.record.segments import drawn

EVENTS = [{**event, "replaces": None} for event in drawn.many(300, 41)]


@pytest.fixture
def proofs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[int, Proof]:
    monkeypatch.setattr(writing, "GROUP_ROWS", 50)
    sealed = drawn.write(tmp_path, EVENTS)
    made = {slot: prove_person(tmp_path, sealed.root, slot, drawn.key(slot)) for slot in range(41)}
    return {slot: proof for slot, proof in made.items() if proof}


def test_everybodys_rows_are_proved_and_told(proofs: dict[int, Proof]) -> None:
    assert sorted(proofs) == sorted({event["slot"] for event in EVENTS})
    for slot, proof in proofs.items():
        mine = [event for event in drawn.in_order(EVENTS) if event["slot"] == slot]
        assert proof.holds()
        assert [{**event, "slot": slot} for event in proof.events()] == mine


def test_a_proof_can_be_followed_by_hand(proofs: dict[int, Proof]) -> None:
    """In a dozen lines and with nothing of ours, as an auditor would."""
    for proof in proofs.values():
        node, at, last = sha256(b"\0" + proof.salt + proof.packed).digest(), proof.index, proof.size - 1
        for sibling in proof.path:
            if at & 1 or at == last:
                node = sha256(b"\1" + sibling + node).digest()
                while not at & 1 and at:
                    at, last = at >> 1, last >> 1
            else:
                node = sha256(b"\1" + node + sibling).digest()
            at, last = at >> 1, last >> 1
        assert node == proof.root


def test_no_other_rows_salt_place_or_root_are_proved(proofs: dict[int, Proof]) -> None:
    one, two = proofs[0], proofs[1]
    others = [
        replace(one, packed=two.packed),
        replace(one, packed=one.packed[:-1] + bytes([one.packed[-1] ^ 1])),
        replace(one, salt=two.salt),
        replace(one, index=1),
        replace(one, size=one.size + 1, index=one.size),
        replace(one, path=one.path[:-1]),
        replace(one, path=(*one.path, one.path[0])),
        replace(one, root=bytes(32)),
    ]
    assert [other.holds() for other in others] == [False] * len(others)


def test_a_proof_shows_the_words_of_nobody_else(proofs: dict[int, Proof]) -> None:
    for slot, proof in proofs.items():
        told = proof.packed + proof.salt + b"".join(proof.path)
        assert not [event for event in EVENTS if event["slot"] != slot and event["id"].encode() in told]


def test_who_has_no_rows_has_no_proof(tmp_path: Path) -> None:
    sealed = drawn.write(tmp_path, EVENTS)
    assert prove_person(tmp_path, sealed.root, 1_000, drawn.key(1_000)) is None


def test_a_segment_without_its_leaves_proves_nothing(tmp_path: Path) -> None:
    sealed = drawn.write(tmp_path, EVENTS)
    files_of(tmp_path, sealed.root)[1].unlink()
    with pytest.raises(TamperError, match="missing"):
        prove_person(tmp_path, sealed.root, 0, drawn.key(0))
