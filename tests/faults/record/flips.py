"""Bits that turn, and forgeries: in the ledger, in segments, in a whole home; proofs and heads that lie."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

from goodstanding.errors import GoodstandingError
from goodstanding.record.auditing import audit
from goodstanding.record.clock import SetClock
from goodstanding.record.home import Home
from goodstanding.record.segments import check_segment, files_of
from goodstanding.record.segments.form import Notes
from tests.faults.record.homes import BEGINNING, a_clock, a_home, contents, send, some_events
from tests.record.ledger.flipping import flip_bits
from tests.record.merkle.forging import consistency_faults
from tests.record.segments import drawn
from tests.record.witness.forking import fork_faults

LEDGER_FLIPS = 250
SEGMENT_FLIPS = 100
HOME_FLIPS = 20
FORKS = 100


def flip_ledger(seed: int, folder: Path) -> None:
    """One round: bits of a ledger's database; what changes an answer is named by row."""
    flips = flip_bits(folder, LEDGER_FLIPS, seed=seed)
    assert (flips.silent, flips.unplaced) == ([], [])


def flip_segment(seed: int, folder: Path) -> None:
    """One round: bits of a segment's two files; each is found, those of rows in their row group."""
    chance = random.Random(seed)  # noqa: S311 the same again from a seed
    sealed = drawn.write(folder, drawn.many(chance.randrange(50, 400), chance.randrange(2, 60)))
    for _ in range(SEGMENT_FLIPS):
        path = chance.choice(files_of(folder, sealed.root))
        whole = path.read_bytes()
        bit = chance.randrange(8 * len(whole))
        path.write_bytes(_turned(whole, bit))
        fault = check_segment(folder, sealed, drawn.KEYS, deep=chance.random() < 1 / 2)
        assert fault is not None, f"{path.name}: bit {bit} of {8 * len(whole)} was not found"
        if path.suffix == ".parquet":
            assert fault.file == path, f"{path.name}: bit {bit} was told of {fault.file.name}"
            groups = Notes.find(whole)
            assert groups is not None
            within = [at for at, group in enumerate(groups.groups) if group.start <= bit // 8 < group.stop]
            assert fault.group == (within[0] if within else None), f"bit {bit} was told to row group {fault.group}"
        path.write_bytes(whole)


def flip_home(seed: int, folder: Path) -> None:
    """One round: bits anywhere in the store, the segments and the people's keys of a home.

    Either the audit finds it, or nothing that can be read has changed. The names of people are not among it: nothing in
    the ledger speaks of them.
    """
    chance = random.Random(seed)  # noqa: S311 the same again from a seed
    place = folder / "home"
    with a_home(place) as home:
        for number in range(6):
            send(home, some_events(chance, 30, f"b{number}"), folder / "batch.jsonl" if number % 2 else None)
        before = contents(home)
    files = [place / "record.db", *place.glob("segments/*"), place / "vault" / "people.keys"]
    for _ in range(HOME_FLIPS):
        path = chance.choice(files)
        whole = path.read_bytes()
        bit = chance.randrange(8 * len(whole))
        path.write_bytes(_turned(whole, bit))
        assert _is_found(place) or _reads(place, before), f"{path.name}: bit {bit} changed an answer unseen"
        path.write_bytes(whole)


def _is_found(place: Path) -> bool:
    try:
        return not audit(place, clock=a_clock()).ok
    except GoodstandingError:
        return True


def _reads(place: Path, before: object) -> bool:
    """Whether all can be read as ever."""
    with suppress(Exception), Home.open(place, clock=a_clock(), read_only=True) as home:
        return contents(home) == before
    return False


def _turned(data: bytes, bit: int) -> bytes:
    at = bit // 8
    return data[:at] + bytes([data[at] ^ (1 << bit % 8)]) + data[at + 1 :]


def forge_proofs(seed: int, _folder: Path) -> None:
    """One round: all proofs of consistency up to a size, and forgeries of each."""
    most = 512
    proofs, forgeries, wrong = consistency_faults(most, seed=seed)
    assert (proofs, wrong) == (most * (most + 1) // 2, [])
    assert forgeries > 5 * proofs


def fork(seed: int, folder: Path) -> None:
    """One round: a ledger rewritten at random places and signed with its own key; no witness signs it."""
    assert fork_faults(folder / "witness", SetClock(BEGINNING), FORKS, seed=seed) == []
