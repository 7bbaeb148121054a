"""How `ledger` tells of entries and of verdicts: tables, CSV, JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from goodstanding.cli.tables import even
from goodstanding.errors import RecordError, how_many

if TYPE_CHECKING:
    from goodstanding.record.home import Home
    from goodstanding.record.ledger import Entry
    from goodstanding.record.ledger.trust import Trust
    from goodstanding.record.ledger.verifying import Verdict
    from goodstanding.record.notes import Note

SHOWN = 60
"""Characters of a body in a table."""
PAGE = 500
"""Rows of a table whose columns are made even together."""
SECONDS = 19
"""Characters of a moment, to the second."""
FIRST = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"
"""What a spreadsheet takes for the beginning of a formula; the last four are wide."""


def about(home: Home, person: str, entries: Iterable[Entry]) -> Iterator[Entry]:
    """Entries about one person: those that name the number of the vault, or a commitment to the public id.

    Raises:
        RecordError: nobody of that id is known, or they were erased.
    """
    import pyarrow as pa

    from goodstanding.record.ledger import commit, salt_of

    slot = int(home.people.find(pa.array([person], pa.string()))[0])
    if slot < 0:
        raise RecordError(f"--person {person}: not known in this home; whoever was erased cannot be found any more")
    key = home.people.key(slot)
    for one in entries:
        committed = commit(person, salt_of(key, one.source, one.id))
        if one.body.get("slot") == slot or committed in one.body.values():
            yield one


def print_table(entries: Iterable[Entry]) -> None:
    """A line an entry; what it says is cut short."""
    from itertools import islice

    rows = (_row(one) for one in entries)
    heads = [["entry", "recorded", "kind", "source", "id", "by", "says"]]
    while page := list(islice(rows, PAGE)):
        typer.echo(even([*heads, *page], right=(0,)))
        heads = []
    if heads:
        typer.echo("No such entry is on record.")


def print_csv(entries: Iterable[Entry]) -> None:
    """A row an entry, with the hashes; a text that a spreadsheet would take for a formula has a quote before it."""
    typer.echo("seq,recorded,time,kind,source,id,actor,body,leaf,chain")
    for one in entries:
        line = io.StringIO()
        texts = [_plain(text) for text in (one.kind, one.source, one.id, one.actor, one.written.decode())]
        moments = [_moment(one.recorded), _moment(one.time)]
        row = [str(one.seq), *moments, *texts, one.leaf.hex(), one.chain.hex()]
        csv.writer(line, lineterminator="\n").writerow(row)
        typer.echo(line.getvalue(), nl=False)


def read_note(path: Path) -> Note:
    """A signed head that somebody kept.

    Raises:
        RecordError: it is none.
    """
    from goodstanding.record.notes import Note, NoteError

    try:
        return Note.parse(path.read_text(encoding="utf-8"))
    except (NoteError, UnicodeDecodeError) as fault:
        raise RecordError(f"{path}: no signed head, as `goodstanding ledger head` writes it: {fault}") from fault


def with_quorum(verdict: Verdict, kept: Mapping[str, Note], trust: Trust) -> Verdict:
    """The verdict, with a fault for each head that was kept and has not the signatures that a trust asks for."""
    from goodstanding.record.ledger.findings import Fault
    from goodstanding.record.ledger.heads import standing
    from goodstanding.record.notes import NoteError

    faults = []
    for file, note in kept.items():
        try:
            stands = standing(note, trust)
        except NoteError:  # a signature that does not hold is a fault of the verdict already
            continue
        if not stands.enough:
            signed = f"signed by {len(stands.by)} of {len(trust.witnesses)} witnesses"
            faults.append(Fault(file, signed, "a quorum of those who are trusted"))
    return replace(verdict, faults=(*verdict.faults, *faults))


def verdict_as_json(verdict: Verdict) -> dict[str, Any]:
    """All that was found."""
    faults = [
        {"where": one.where, "found": one.found, "expected": one.expected, "entry": one.seq} for one in verdict.faults
    ]
    return {
        "ok": verdict.ok,
        "entries": verdict.size,
        "root": verdict.root.hex(),
        "heads": verdict.heads,
        "cosignatures": verdict.cosignatures,
        "faults": faults,
        "more": verdict.more,
    }


def tell_verdict(verdict: Verdict) -> None:
    """What was found, the first of it first; or that there is nothing."""
    heads = how_many(verdict.heads, "signed head", "signed heads")
    if verdict.ok:
        entries = how_many(verdict.size, "entry", "entries")
        typer.echo(f"All is as it was written: {entries}, held against {heads}.")
        cosigned = how_many(verdict.cosignatures, "signature of a witness", "signatures of witnesses")
        typer.echo(even([["  root", verdict.root.hex()], ["  witnessed", cosigned]]))
        return
    many = how_many(len(verdict.faults), "thing is", "things are")
    typer.echo(f"{many}{' (and more)' if verdict.more else ''} not as written:")
    for one in verdict.faults:
        typer.echo(f"  {one}")


def _row(one: Entry) -> list[str]:
    said = ", ".join(f"{name} {_short(value)}" for name, value in one.body.items())
    cut = said if len(said) <= SHOWN else said[: SHOWN - 1] + "…"
    return [f"{one.seq:,}", _moment(one.recorded)[:SECONDS], one.kind, one.source, one.id, one.actor, cut]


def _short(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _plain(said: str) -> str:
    return f"'{said}" if said.startswith(tuple(FIRST)) else said


def _moment(time_us: int) -> str:
    from goodstanding.events import format_moment

    return format_moment(time_us)
