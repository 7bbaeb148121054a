"""A ledger rewritten at random places and signed with its own key: run small here, and large in tests/faults."""

from __future__ import annotations

import random
from pathlib import Path

from goodstanding.record.clock import SetClock
from goodstanding.record.ledger.requests import Request
from goodstanding.record.merkle import Tree
from goodstanding.record.notes import Checkpoint
from tests.record.witness.towns import LOG, a_witness, leaves, request


def fork_faults(folder: Path, clock: SetClock, many: int, *, seed: int) -> list[str]:
    """Rewrite a ledger at random places and sign it with its own key: where a witness does not answer 409 or 422."""
    chance, wrong = random.Random(seed), []  # noqa: S311 the same forks again
    desk = a_witness(folder, clock)
    size = 200
    assert desk.answer(str(request(0, leaves(size)))).code == 200
    for _ in range(many):
        at, grown = chance.randrange(size), chance.choice([0, 0, 1, 2, 50])
        forked = leaves(size + grown, at)
        honest = Tree(leaves(size + grown)).consistency(size)
        proof = chance.choice([Tree(forked).consistency(size), honest, []])
        note = LOG.sign(Checkpoint(LOG.name, size + grown, Tree(forked).root()).text())
        code = desk.answer(str(Request(size, tuple(proof), note))).code
        if code not in {409, 422}:
            wrong.append(f"rewritten from {at}, grown by {grown}: {code}")
    if desk.answer(str(request(size, leaves(size + 1)))).code != 200:
        wrong.append("the true ledger is no longer signed")
    return wrong
