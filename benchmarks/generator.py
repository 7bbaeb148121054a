"""Draws the benchmark's events from a seed: once as raw, unsorted Parquet with string ids, once coded and sorted.

Both hold the same events. The raw file is what the whole commands start from. The coded one is what a peer is given
where we start from a saved book: integers for every string (in the order of their UTF-8 bytes), rows in the order of
specification section 1. Files are kept under `build/benchmarks/` and drawn again only when the sizes or these modules
change.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.world import (
    BEGIN,
    DAYS,
    KINDS,
    MATTERS_A_PERSON,
    MISSING_IN_A_HUNDRED,
    PARTIES,
    STEPS_A_DAY,
    vocabulary,
)

CHUNK: Final = 1_000_000  # rows drawn at a time, and rows in a row group
STEP_US: Final = 86_400_000_000 // STEPS_A_DAY
BEGIN_US: Final = int(BEGIN.timestamp()) * 1_000_000
NONE: Final = np.iinfo(np.int64).min

Ints = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Size:
    """How many people there are, how many events they have between them, and the seed."""

    people: int
    events: int
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Files:
    """Where the events of one size lie: as they come from outside, and as coded and sorted columns."""

    raw: Path
    coded: Path


@dataclass(frozen=True, slots=True)
class Drawn:
    """The columns of some events as numbers: one row per event; NONE stands for null."""

    person: Ints
    step: Ints
    kind: Ints
    id: Ints
    amount: Ints
    value: Ints
    party: Ints
    matter: Ints


def generate(size: Size, folder: Path) -> Files:
    """Write the raw and the coded file of this size, unless they are there already."""
    home = folder / f"{size.people}x{size.events}-{_fingerprint(size)}"
    files = Files(home / "events.parquet", home / "coded.parquet")
    if not (files.raw.exists() and files.coded.exists()):
        home.mkdir(parents=True, exist_ok=True)
        drawn = _write_raw(size, files.raw)
        _write_coded(drawn, files.coded)
    return files


def _fingerprint(size: Size) -> str:
    here = Path(__file__)
    said = [here.read_text(), here.with_name("world.py").read_text(), f"{size}", json.dumps(np.__version__)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]


# --- Drawing ---------------------------------------------------------------------------------------------------------


def draw(size: Size, first: int, rows: int) -> Drawn:
    """Draw the events from row `first` on; what a row holds rests on the seed and on its chunk alone."""
    rng = np.random.default_rng([size.seed, first])
    weights = np.array([kind.weight for kind in KINDS], dtype=np.int64)
    kind = np.searchsorted(np.cumsum(weights), rng.integers(0, weights.sum(), rows), side="right")
    person = rng.integers(0, size.people, rows)
    dated = np.array([kind.dated for kind in KINDS])[kind]
    step = rng.integers(0, DAYS * STEPS_A_DAY, rows)
    step -= np.where(dated, step % STEPS_A_DAY, 0)
    return Drawn(
        person=person,
        step=step,
        kind=kind,
        id=_mixed(np.arange(first, first + rows, dtype=np.uint64)),
        amount=_amounts(rng, kind),
        value=_values(rng, kind, person),
        party=_parties(rng, kind),
        matter=_matters(rng, kind, person),
    )


def _mixed(numbers: Ints) -> Ints:
    """Different 64-bit numbers for different 64-bit numbers (the finish of splitmix64), in no order."""
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _missing(rng: np.random.Generator, rows: int) -> Ints:
    return rng.integers(0, 100, rows) < MISSING_IN_A_HUNDRED


def _amounts(rng: np.random.Generator, kind: Ints) -> Ints:
    ranges = np.array([kind.amount or (0, 0) for kind in KINDS], dtype=np.int64)[kind]
    low, high = ranges[:, 0], ranges[:, 1]
    amount = low + rng.integers(0, 1 << 40, len(kind)) % np.maximum(high - low, 1)
    return np.where((high == 0) | _missing(rng, len(kind)), NONE, amount)


def _values(rng: np.random.Generator, kind: Ints, person: Ints) -> Ints:
    """Values by the person's carelessness, which is a number from 0 to 127 and stays the same over the years."""
    table = np.array([kind.value or (NONE,) * 16 for kind in KINDS], dtype=np.int64)
    careless = (_mixed(person.astype(np.uint64)) & np.uint64(127)).astype(np.int64)
    place = (rng.integers(0, 256, len(kind)) * (128 + careless)) >> 12
    value = table[kind, np.minimum(place, 15)]
    return np.where(_missing(rng, len(kind)), NONE, value)


def _parties(rng: np.random.Generator, kind: Ints) -> Ints:
    names = vocabulary().parties
    pools = [kind.parties for kind in KINDS]
    first = np.array([names.index(f"{pool}-000") if pool else NONE for pool in pools], dtype=np.int64)[kind]
    size = np.array([PARTIES[pool] if pool else 1 for pool in pools], dtype=np.int64)[kind]
    return np.where(first == NONE, NONE, first + rng.integers(0, 1 << 40, len(kind)) % size)


def _matters(rng: np.random.Generator, kind: Ints, person: Ints) -> Ints:
    has = np.array([kind.matters for kind in KINDS])[kind]
    matter = person * MATTERS_A_PERSON + rng.integers(0, MATTERS_A_PERSON, len(kind))
    return np.where(has, matter, NONE)


# --- The raw file ----------------------------------------------------------------------------------------------------

SCHEMA: Final = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("type", pa.string(), nullable=False),
        pa.field("person", pa.string(), nullable=False),
        pa.field("time", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("amount", pa.int64()),
        pa.field("value", pa.int64()),
        pa.field("label", pa.string()),
        pa.field("party", pa.string()),
        pa.field("matter", pa.string()),
    ],
    metadata={"goodstanding.world": "synthetic"},
)


def _write_raw(size: Size, path: Path) -> Drawn:
    """Write the events as they are drawn, which is in no order; give their columns back, chunk after chunk."""
    chunks = []
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for first in range(0, size.events, CHUNK):
            chunk = draw(size, first, min(CHUNK, size.events - first))
            writer.write_table(raw_table(chunk), row_group_size=CHUNK)
            chunks.append(_narrow(chunk))
    return Drawn(*(np.concatenate([getattr(chunk, name) for chunk in chunks]) for name in Drawn.__slots__))


def _narrow(drawn: Drawn) -> Drawn:
    return replace(
        drawn,
        person=drawn.person.astype(np.uint32),
        step=drawn.step.astype(np.int32),
        kind=drawn.kind.astype(np.uint8),
    )


def raw_table(drawn: Drawn) -> pa.Table:
    """The events as specification section 1 has them, one row per event."""
    words = vocabulary()
    columns = [
        fixed_width("", drawn.id, 16, base=16),
        _taken([kind.source for kind in KINDS], drawn.kind),
        _taken([kind.type for kind in KINDS], drawn.kind),
        fixed_width("P", drawn.person, 8, base=10),
        pa.array(BEGIN_US + drawn.step.astype(np.int64) * STEP_US).cast(SCHEMA.field("time").type),
        _nullable(drawn.amount),
        _nullable(drawn.value),
        _taken([kind.label for kind in KINDS], drawn.kind),
        pa.array(words.parties).take(_nullable(drawn.party)),
        _matter_names(drawn.matter),
    ]
    return pa.table(columns, schema=SCHEMA)


def _taken(words: list[str | None] | list[str], codes: Ints) -> pa.Array:
    return pa.array(words, pa.string()).take(pa.array(codes))


def _nullable(numbers: Ints) -> pa.Array:
    return pa.array(numbers, mask=numbers == NONE)


def fixed_width(prefix: str, numbers: Ints, digits: int, *, base: int) -> pa.Array:
    """Strings of one length: the prefix, then the number with leading zeros."""
    width = len(prefix) + digits
    text = np.empty((len(numbers), width), dtype=np.uint8)
    text[:, : len(prefix)] = np.frombuffer(prefix.encode(), dtype=np.uint8)
    alphabet = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
    rest = numbers.astype(np.uint64)
    for place in range(width - 1, len(prefix) - 1, -1):
        text[:, place] = alphabet[rest % np.uint64(base)]
        rest //= np.uint64(base)
    offsets = np.arange(len(numbers) + 1, dtype=np.int32) * np.int32(width)
    return pa.StringArray.from_buffers(len(numbers), pa.py_buffer(offsets), pa.py_buffer(text))


def _matter_names(matter: Ints) -> pa.Array:
    known = matter != NONE
    names = fixed_width("M", matter[known], 9, base=10)
    place = np.where(known, np.cumsum(known) - 1, NONE)
    return names.take(_nullable(place))


# --- The coded file --------------------------------------------------------------------------------------------------


def _write_coded(drawn: Drawn, path: Path) -> None:
    pq.write_table(coded_table(drawn, ordered(drawn)), path, compression="zstd", row_group_size=CHUNK)


def ordered(drawn: Drawn) -> Ints:
    """The rows' places in the order of specification section 1: by person, time, source and id."""
    key = drawn.person.astype(np.int64) * (DAYS * STEPS_A_DAY) + drawn.step
    order = np.argsort(key, kind="stable")
    key = key[order]
    source = _codes([kind.source for kind in KINDS], vocabulary().sources)
    same = np.flatnonzero(key[1:] == key[:-1])
    for first in same[np.concatenate(([True], np.diff(same) > 1))[: len(same)]]:
        last = int(np.searchsorted(key, key[first], side="right"))
        run = order[first:last]
        order[first:last] = run[np.lexsort((drawn.id[run], source[drawn.kind[run]]))]
    return order


def _codes(words: list[str | None] | list[str], vocabulary_: list[str]) -> Ints:
    return np.array([NONE if word is None else vocabulary_.index(word) for word in words], dtype=np.int64)


def coded_table(drawn: Drawn, order: Ints) -> pa.Table:
    """The events as whole numbers in the given order, one row per event."""
    words = vocabulary()
    kind = drawn.kind[order]
    columns = {
        "person": pa.array(drawn.person[order].astype(np.uint32)),
        "time": pa.array(BEGIN_US + drawn.step[order].astype(np.int64) * STEP_US),
        "type": pa.array(_codes([kind.type for kind in KINDS], words.types)[kind].astype(np.uint8)),
        "source": pa.array(_codes([kind.source for kind in KINDS], words.sources)[kind].astype(np.uint8)),
        "label": _nullable(_codes([kind.label for kind in KINDS], words.labels)[kind]).cast(pa.uint8()),
        "amount": _nullable(drawn.amount[order]),
        "value": _nullable(drawn.value[order]),
        "party": _nullable(drawn.party[order]).cast(pa.uint16()),
        "matter": _nullable(drawn.matter[order]).cast(pa.uint32()),
    }
    return pa.table(columns)
