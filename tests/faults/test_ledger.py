"""What an insider, a bad disk or a forger may try on the ledger, as often as the programme says: all of it is found."""

from __future__ import annotations

import os
from pathlib import Path

from goodstanding.record.clock import SetClock
from tests.record.ledger.flipping import flip_bits
from tests.record.merkle.forging import consistency_faults
from tests.record.witness.forking import fork_faults

LONG = os.environ.get("GOODSTANDING_FAULTS") == "long"
SEED = int.from_bytes(os.urandom(4), "big") if LONG else 20_261_124


def test_consistency_is_shown_between_all_sizes_and_no_forgery_is_taken() -> None:
    most = 2048 if LONG else 512
    proofs, forgeries, wrong = consistency_faults(most, seed=SEED)
    assert (proofs, wrong) == (most * (most + 1) // 2, []), SEED
    assert forgeries > 5 * proofs


def test_no_turned_bit_of_the_database_changes_an_answer_unseen(tmp_path: Path) -> None:
    flips = flip_bits(tmp_path, 50_000 if LONG else 2000, seed=SEED)
    assert (flips.silent, flips.unplaced) == ([], []), SEED


def test_no_witness_signs_a_ledger_that_was_rewritten(tmp_path: Path) -> None:
    clock = SetClock(1_767_225_600_000_000)
    assert fork_faults(tmp_path / "witness", clock, 20_000 if LONG else 1000, seed=SEED) == [], SEED
