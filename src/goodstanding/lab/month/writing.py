"""A city in files: events, people and ties as everything else in the house reads them, and what is wrong with them.

Parquet, written month by month, so that a city of millions takes no more memory than one of its months; a folder
appears whole or not at all. Beside the three files of the specification stand `errors.parquet`, which only an invented
world can have (which rows are wrong, about whom they truly are, and what is missing), and `city.yaml`, which says how
the city is made again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import parquet

from goodstanding.book import NULL
from goodstanding.errors import InputError
from goodstanding.events import WORLD_KEY
from goodstanding.lab.city import City, names
from goodstanding.lab.city.arrays import DEGREES, FRIEND, KIN, STILL, WORKS, Happened
from goodstanding.lab.city.calendar import month_label, month_start
from goodstanding.lab.city.kinds import KINDS, MATTERS, PARTIES
from goodstanding.lab.month.records import DOUBLED, LATE, MISPLACED, MISSED, RIGHT, Recorded

ROWS: Final = 1 << 19
"""Rows of a group, and of what is put together at a time."""

TIES_SINCE: Final = -12
"""The month since which ties last that were there at the start: the year before is on record too."""

WRONGS: Final = {DOUBLED: "doubled", MISPLACED: "somebody_else", LATE: "late", MISSED: "missed"}
"""What can be wrong with a row, as `errors.parquet` says it."""

MOMENT: Final = pa.timestamp("us", "UTC")
CODED: Final = pa.dictionary(pa.int32(), pa.string())
NUMBER: Final = pa.int64()
TEXT: Final = pa.large_string()


def _schema(nullable: Iterable[str], **columns: Any) -> pa.Schema:
    fields = [pa.field(name, type_, nullable=name in nullable) for name, type_ in columns.items()]
    return pa.schema(fields, {WORLD_KEY: "synthetic"})


EVENTS: Final = _schema(
    ("amount", "value", "label", "party", "matter"),
    id=TEXT, source=CODED, type=CODED, person=TEXT, time=MOMENT, amount=NUMBER, value=NUMBER, label=CODED, party=CODED,
    matter=CODED, recorded=MOMENT,
)  # fmt: skip
ERRORS: Final = _schema(
    ("id", "recorded"),
    id=TEXT, error=CODED, type=CODED, person=TEXT, about=TEXT, time=MOMENT, recorded=MOMENT,
)  # fmt: skip
TIES: Final = _schema(("until",), a=TEXT, b=TEXT, since=MOMENT, until=MOMENT, kind=CODED)


@dataclass(frozen=True, slots=True)
class Written:
    """How much was written: rows of each file."""

    people: int
    events: int
    ties: int
    errors: int


def write_city(
    folder: Path, city: City, months: Iterable[tuple[int, Recorded]], told: Callable[[int], None] = lambda _: None
) -> Written:
    """Write a city, and what stands on record of it, into a new folder.

    Args:
        months: each with its number, in order; -1 for what was on record before the first. Taken one by one.
        told: is told of each month that has been written.

    Raises:
        InputError: the folder is there already.
        OSError: it cannot be written; nothing is left of it.
    """
    if folder.exists():
        raise InputError(f"{folder}: is there already; name a new folder")
    beside = folder.with_name(f".{folder.name}-{os.getpid()}.part")
    beside.mkdir()
    try:
        called = names(city.residents)
        _write(beside / "people.parquet", people_table(city, called))
        events, errors, last = _write_months(beside, called, months, told)
        ties = _write(beside / "ties.parquet", ties_tables(city, called))
        written = Written(city.residents, events, ties, errors)
        (beside / "city.yaml").write_text(described(city, last + 1, written), encoding="utf-8")
        beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return written


def _write_months(
    folder: Path, called: pa.LargeStringArray, months: Iterable[tuple[int, Recorded]], told: Callable[[int], None]
) -> tuple[int, int, int]:
    """Write events and errors; how many there are of each, and the last month."""
    counts, last = [0, 0], -1
    with ExitStack() as open_files:
        files = [
            open_files.enter_context(parquet.ParquetWriter(folder / f"{name}.parquet", schema, **PACKED))
            for name, schema in (("events", EVENTS), ("errors", ERRORS))
        ]
        for month, recorded in months:
            for n, tables in enumerate((event_tables(recorded, month, called), error_tables(recorded, month, called))):
                for table in tables:
                    files[n].write_table(table)
                    counts[n] += len(table)
            last = max(last, month)
            told(month)
    return counts[0], counts[1], last


PACKED: Final[dict[str, Any]] = {"compression": "zstd", "compression_level": 1}


def _write(path: Path, tables: Iterable[pa.Table] | pa.Table) -> int:
    """Write tables one after another into one file; returns how many rows."""
    tables = [tables] if isinstance(tables, pa.Table) else tables
    rows = 0
    writer = None
    for table in tables:
        writer = writer or parquet.ParquetWriter(path, table.schema, **PACKED)
        writer.write_table(table, row_group_size=ROWS)
        rows += len(table)
    if writer is not None:
        writer.close()
    return rows


def event_ids(
    recorded: Recorded, month: int, called: pa.LargeStringArray, rows: slice, counted: NDArray[np.int64]
) -> pa.LargeStringArray:
    """`2018-03-R0000012-4`: the month of recording, of whom it is said, and which of theirs in that month."""
    return pc.binary_join_element_wise(
        pa.scalar(month_label(month), TEXT),
        called.take(pa.array(recorded.person[rows])),
        pa.array(counted[rows]).cast(TEXT),
        pa.scalar("-", TEXT),
    )


def numbered(person: NDArray[np.int32]) -> NDArray[np.int64]:
    """Which of a person's rows each is, from 1; rows of a person follow one another."""
    firsts = np.flatnonzero(np.concatenate([[True], person[1:] != person[:-1]])) if person.size else np.zeros(0, int)
    sizes = np.diff(np.append(firsts, person.size))
    return np.arange(1, person.size + 1) - np.repeat(firsts, sizes)


def arrived(recorded: Recorded) -> NDArray[np.int64]:
    """When rows reached the record: a wrong row's moment lies up to a second after that of the event behind it."""
    return np.maximum(recorded.recorded, recorded.time)


def event_tables(recorded: Recorded, month: int, called: pa.LargeStringArray) -> Iterator[pa.Table]:
    """A month of the record as the specification has it, piece by piece."""
    counted = numbered(recorded.person)
    for begin in range(0, recorded.time.size, ROWS):
        rows = slice(begin, begin + ROWS)
        kind = recorded.kind[rows]
        columns = {
            "id": event_ids(recorded, month, called, rows, counted),
            "source": SOURCES.of(kind),
            "type": TYPES.of(kind),
            "person": called.take(pa.array(recorded.person[rows])),
            "time": _moments(recorded.time[rows]),
            "amount": _numbers(recorded.amount[rows]),
            "value": _numbers(recorded.value[rows]),
            "label": LABELS.of(kind),
            "party": PARTY.of(recorded.party[rows]),
            "matter": MATTER.of(recorded.matter[rows]),
            "recorded": _moments(arrived(recorded)[rows]),
        }
        yield pa.table(columns, EVENTS)


def error_tables(recorded: Recorded, month: int, called: pa.LargeStringArray) -> Iterator[pa.Table]:
    """What is wrong with that month of the record; what it lacks has no id and was never recorded."""
    counted = numbered(recorded.person)
    rows = np.flatnonzero(recorded.wrong != RIGHT)
    wrong = Recorded._make([*(column[rows] for column in recorded[:-1]), recorded.missed])
    missed = recorded.missed
    fates = np.concatenate([wrong.wrong, np.full(missed.time.size, MISSED, np.uint8)])
    persons, abouts = np.concatenate([wrong.person, missed.person]), np.concatenate([wrong.about, missed.person])
    columns = {
        "id": pa.concat_arrays([event_ids(wrong, month, called, slice(None), counted[rows]), missing(missed, TEXT)]),
        "error": ERROR.of(fates),
        "type": TYPES.of(np.concatenate([wrong.kind, missed.kind])),
        "person": called.take(pa.array(persons)),
        "about": called.take(pa.array(abouts)),
        "time": _moments(np.concatenate([wrong.time, missed.time])),
        "recorded": pa.concat_arrays([_moments(arrived(wrong)), missing(missed, MOMENT)]),
    }
    yield pa.table(columns, ERRORS)


def missing(missed: Happened, type_: Any) -> pa.Array:
    """A null for each event that reached no record."""
    return pa.nulls(missed.time.size, type_)


def people_table(city: City, called: pa.LargeStringArray) -> pa.Table:
    """One row a resident: the name, and what they are; words where the columns hold codes."""
    traits = city.traits
    columns: dict[str, Any] = {"person": called}
    for name, column in zip(traits._fields, traits, strict=True):
        codes: Any = column
        columns[name] = WORDS[name].of(codes) if name in WORDS else pa.array(codes)
    columns["household"] = called.take(pa.array(traits.household))
    return pa.table(columns, metadata={WORLD_KEY: "synthetic"})


def ties_tables(city: City, called: pa.LargeStringArray) -> Iterator[pa.Table]:
    """One row a tie that is there at the start, piece by piece."""
    edges = city.edges
    for begin in range(0, max(edges.a.size, 1), ROWS):
        rows = slice(begin, begin + ROWS)
        since = np.array([month_start(TIES_SINCE)], np.int64).repeat(edges.a[rows].size)
        lasting = edges.until[rows] == STILL
        until = pa.array(since, NUMBER, mask=lasting).cast(MOMENT)
        ends = [called.take(pa.array(end[rows])) for end in (edges.a, edges.b)]
        yield pa.table([*ends, _moments(since), until, TIE_KINDS.of(edges.kind[rows])], TIES)


def described(city: City, months: int, written: Written) -> str:
    """How a city was made: what stands in `city.yaml`."""
    parameters = city.parameters
    lines = [
        "# A made-up city. The same seed, residents, months and parameters make it again, to the byte.",
        f"made_by: goodstanding {version('goodstanding')}",
        "world: synthetic",
        f"seed: {city.seed}",
        f"residents: {city.residents}",
        f"months: {months}",
        f'from: "{month_label(0)}"',
        f"events: {written.events}",
        f"ties: {written.ties}",
        f"errors: {written.errors}",
        f"digest: {parameters.digest}",
        "parameters:",
        *(f"  {parameter.name}: {parameter.said}" for parameter in parameters.each()),
    ]
    return "\n".join(lines) + "\n"


class Words:
    """Codes as words: a dictionary of the different ones, null for those that are empty."""

    def __init__(self, words: Iterable[str]) -> None:
        words = tuple(words)
        different = sorted({word for word in words if word})
        places = [different.index(word) if word else -1 for word in words]
        self._places = np.array(places, np.int32)
        self._words = pa.array(different, pa.string())

    def of(self, codes: NDArray[Any]) -> pa.DictionaryArray:
        """The words of codes."""
        places = self._places[codes]
        return pa.DictionaryArray.from_arrays(pa.array(places, pa.int32(), mask=places < 0), self._words)


TYPES, SOURCES, LABELS = (Words(column) for column in zip(*KINDS, strict=True))
PARTY, MATTER = Words(PARTIES), Words(MATTERS)
ERROR: Final = Words(WRONGS.get(code, "") for code in range(MISSED + 1))
TIE_KINDS: Final = Words({FRIEND: "friend", KIN: "kin"}.get(code, "friend") for code in range(KIN + 2))
WORDS: Final = {"education": Words(("none", *DEGREES[1:])), "work": Words(WORKS)}


def _moments(times: NDArray[np.int64]) -> pa.Array:
    return pa.array(times, NUMBER).cast(MOMENT)


def _numbers(values: NDArray[np.int64]) -> pa.Array:
    return pa.array(values, NUMBER, mask=values == NULL)
