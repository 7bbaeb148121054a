"""A ledger, witnesses in folders, and what they are asked with."""

from __future__ import annotations

from pathlib import Path

from goodstanding.record.clock import SetClock
from goodstanding.record.disk import RealDisk
from goodstanding.record.ledger.heads import Heads
from goodstanding.record.ledger.requests import Request
from goodstanding.record.ledger.witness import WitnessDesk
from goodstanding.record.merkle import Tree, leaf_hash
from goodstanding.record.notes import Checkpoint, Signer
from goodstanding.record.store import create_store
from tests.record.ledger.saying import add, ledger_of, said

LOG = Signer("goodstanding/live/town", bytes(range(32)))
DISK = RealDisk()


def a_witness(folder: Path, clock: SetClock, name: str = "witness.example/w1") -> WitnessDesk:
    """A new witness that follows the log."""
    desk = WitnessDesk.create(folder, name, clock=clock, disk=DISK)
    desk.follow(LOG.verifier)
    return desk


def a_log(folder: Path, clock: SetClock, count: int) -> Heads:
    """A ledger with so many entries."""
    folder.mkdir(parents=True, exist_ok=True)
    return Heads(ledger_of(create_store(folder / "record.db", {"world": "live"}), clock, count), LOG)


def grow(heads: Heads, many: int) -> None:
    """Add so many entries."""
    size = heads.ledger.head().size
    add(heads.ledger, *(said(f"batch {size + at}") for at in range(many)))


def leaves(count: int, other_from: int | None = None) -> list[bytes]:
    """Leaf hashes of entries; from a number on, of other ones."""
    return [
        leaf_hash(b"%s %d" % (b"other" if other_from is not None and at >= other_from else b"entry", at))
        for at in range(count)
    ]


def request(old: int, hashes: list[bytes], signer: Signer = LOG, origin: str = LOG.name) -> Request:
    """What a log asks a witness with."""
    tree = Tree(hashes)
    note = signer.sign(Checkpoint(origin, len(hashes), tree.root()).text())
    return Request(old, tuple(tree.consistency(old)) if old <= len(hashes) else (), note)
