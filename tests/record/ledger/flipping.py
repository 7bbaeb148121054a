"""A ledger's database with one bit turned, over and over: run small here, and large in tests/faults."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from goodstanding.errors import GoodstandingError
from goodstanding.record.clock import SetClock
from goodstanding.record.ledger.heads import Heads
from goodstanding.record.ledger.trust import Trust, Witness
from goodstanding.record.ledger.verifying import Verdict, verify
from goodstanding.record.notes import Signer
from goodstanding.record.store import create_store, open_store
from tests.record.ledger.saying import add, ledger_of, said

LOG = Signer("goodstanding/live/flipped", bytes(range(32)))
WITNESSES = [Signer(f"witness.example/w{at}", bytes([at] * 32)) for at in range(1, 4)]
TRUST = Trust.of(LOG.verifier, [Witness(f"w{at}", one.witness) for at, one in enumerate(WITNESSES)])

ANSWERS = (
    "SELECT seq, kind, source, id, actor, time, recorded, body, leaf, chain FROM entry ORDER BY seq",
    "SELECT size, chain, frontier, recorded FROM head",
    "SELECT size, note, recorded FROM checkpoint ORDER BY size",
    "SELECT size, witness, line FROM cosignature ORDER BY size, witness",
)
"""All that the ledger can be asked for."""


@dataclass
class Flips:
    """What became of turned bits: how many of each kind, and those that changed an answer unseen or unplaced."""

    outcomes: Counter[str] = field(default_factory=Counter)
    silent: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)


def a_database(folder: Path, entries: int = 120) -> bytes:
    """The bytes of a ledger's database, with a few signed heads, one of them witnessed."""
    store = create_store(folder / "flipped.db", {"world": "live"})
    ledger = ledger_of(store, SetClock(1_767_225_600_000_000))
    heads = Heads(ledger, LOG)
    for at in range(0, entries, 40):
        add(ledger, *(said(f"batch {at + more}", rows=at + more) for more in range(40)))
        note = heads.sign()
    for one in WITNESSES[:2]:
        heads.add(note, one.witness, one.cosign(note.text, 1_767_225_600))
    store.close()
    with sqlite3.connect(folder / "flipped.db") as connection:
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()  # what lies in memory has no log beside it
    connection.close()
    return (folder / "flipped.db").read_bytes()


def in_memory(image: bytes) -> Callable[[Path], sqlite3.Connection]:
    """Opens the bytes of a database, whatever the file."""

    def connect(_file: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        connection.deserialize(image)
        return connection

    return connect


def answers(image: bytes) -> list[object]:
    """All that can be read, query by query; what cannot be is an answer too."""
    connection = in_memory(image)(Path())
    try:
        return [_answer(connection, query) for query in ANSWERS]
    finally:
        connection.close()


def _answer(connection: sqlite3.Connection, query: str) -> object:
    try:
        return connection.execute(query).fetchall()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return type(error)


def verdict_on(image: bytes, file: Path) -> Verdict | None:
    """What the verifier says; None: the store is refused before it begins.

    Args:
        file: any that is there; it is not read.
    """
    try:
        store = open_store(file, connect=in_memory(image))
    except GoodstandingError:
        return None
    try:
        return verify(store, LOG.verifier, trust=TRUST)
    finally:
        store.close()


def flip_bits(folder: Path, many: int, *, seed: int) -> Flips:
    """Turn so many bits, one at a time, and hold the verifier's word against what can be read.

    Most of them where something is written: the zeros of half empty pages are nobody's answer.
    """
    image, chance, flips = a_database(folder), random.Random(seed), Flips()  # noqa: S311 the same bits again
    written, before = [at for at, byte in enumerate(image) if byte], answers(image)
    for turn in range(many):
        at, bit = chance.choice(written) if turn % 5 else chance.randrange(len(image)), chance.randrange(8)
        turned = image[:at] + bytes([image[at] ^ (1 << bit)]) + image[at + 1 :]
        after, verdict = answers(turned), verdict_on(turned, folder / "flipped.db")
        flips.outcomes[_outcome(changed=after != before, verdict=verdict)] += 1
        if after != before and verdict is not None:
            if verdict.ok:
                flips.silent.append(f"byte {at:,}, bit {bit}")
            elif not _placed(altered(before[0], after[0]), verdict):
                flips.unplaced.append(f"byte {at:,}, bit {bit}: {verdict.faults[0]}")
    return flips


def _placed(entries: set[int], verdict: Verdict) -> bool:
    """By the number of the entry; or by the page, where it is the way to the entries that is damaged."""
    named = {seq for one in verdict.faults for seq in one.numbers}
    return entries <= named or any("tree page" in one.found for one in verdict.faults)


def altered(before: object, after: object) -> set[int]:
    """The number of the first entry that reads otherwise; none where the entries cannot be read as a whole."""
    if not isinstance(before, list) or not isinstance(after, list):
        return set()
    pairs = zip(before, [*after, *[None] * len(before)], strict=False)
    return set(next(([old[0]] for old, new in pairs if old != new), []))


def _outcome(*, changed: bool, verdict: Verdict | None) -> str:
    if verdict is None:
        return "refused on opening"
    if verdict.ok:
        return "changed in silence" if changed else "dead bytes"
    return (
        "an entry named" if verdict.faults[0].seq is not None else f"found: {verdict.faults[0].where.split(' of ')[0]}"
    )
