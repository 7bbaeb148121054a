"""`people`: who is who: identifiers linked, two who are one merged, and that undone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goodstanding.cli.home import Actor, HomeArgument
from goodstanding.cli.homes import derived, opened, whoever
from goodstanding.cli.options import Json, Person, examples
from goodstanding.cli.outputs import print_json
from goodstanding.cli.progress import progress
from goodstanding.cli.tables import even
from goodstanding.errors import RecordError, UsageError, how_many

if TYPE_CHECKING:
    from goodstanding.record.identity import Moved

app = typer.Typer(
    no_args_is_help=True, help="Say who is who: link identifiers to people, merge two who are one, split."
)

KIND = typer.Option("--kind", metavar="KIND", help="The kind of identifier: lower-case letters, digits and _.")
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept in the vault, sealed.", show_default=False)
]


@app.command(
    "link",
    epilog=examples(
        "goodstanding people link HOME people.parquet --kind national_id",
        "goodstanding people link HOME people.csv --kind national_id --agreement court",
        "goodstanding people link HOME --person p-1 --kind phone",
    ),
)
def link(
    home: HomeArgument,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="A file with the columns person and identifier.", show_default=False),
    ] = None,
    kind: Annotated[str, KIND] = "national_id",
    person: Annotated[
        str | None, typer.Option("--person", metavar="P", help="One person's public id.", show_default=False)
    ] = None,
    identifier: Annotated[
        str | None,
        typer.Option(
            "--identifier",
            metavar="X",
            help="Theirs; asked for, unseen, where it is left out, so that no shell remembers it.",
            show_default=False,
        ),
    ] = None,
    agreement: Annotated[
        list[str] | None,
        typer.Option(
            "--agreement",
            metavar="NAME",
            help="Keep them under the key agreed with a sender too, so that its lists of HMACs can be matched.",
            show_default=False,
        ),
    ] = None,
    actor: Actor = None,
    json: Json = False,
) -> None:
    """Link identifiers to people on record: kept as keyed hashes, in the vault alone.

    In a synthetic home an identifier begins with MADEUP: who lives there is made up.
    """
    import pyarrow as pa

    from goodstanding.record.identity import link as linked
    from goodstanding.record.identity.linking import read_links

    if (file is None) == (person is None):
        raise UsageError("give either a FILE or --person")
    if file is None:
        text = typer.prompt("Identifier", hide_input=True, err=True) if identifier is None else identifier
        people, texts = pa.array([person], pa.string()), pa.array([text], pa.string())
    else:
        with progress("Reading", "rows") as step:
            table = read_links(file, step)
        people, texts = (table.column(name).combine_chunks() for name in ("person", "identifier"))
        people, texts = (pa.concat_arrays(one.chunks) if hasattr(one, "chunks") else one for one in (people, texts))
    with opened(home, read_only=False) as record:
        done = linked(record, kind, people, texts, agreed=agreement or (), actor=actor or whoever())
    if json:
        print_json({"new": done.new, "known": done.known, "warnings": list(done.warnings)})
        return
    typer.echo(f"{done.new:,} new, {done.known:,} known")
    for warning in done.warnings:
        typer.echo(warning, err=True)


@app.command("show", epilog=examples("goodstanding people show HOME --person p-1"))
def show(home: HomeArgument, person: Person, json: Json = False) -> None:
    """Show what is known of who somebody is: kinds of identifiers, never the identifiers, and how many events."""
    import pyarrow as pa

    with opened(home, read_only=True) as record:
        slot = int(record.people.find(pa.array([person], pa.string()))[0])
        if slot < 0:
            raise RecordError(f"{person!r} is not on record")
        kinds = sorted(set(record.vault.identifiers.kinds(slot)))
        events = len(derived(record).book.events_of(person))
    if json:
        print_json({"person": person, "identifiers": kinds, "events": events})
        return
    typer.echo(even([["person", person], ["identifiers", ", ".join(kinds) or "none"], ["events", f"{events:,}"]]))


@app.command("merge", epilog=examples("goodstanding people merge HOME p-1 p-2 --reason 'one passport, seen'"))
def merge(
    home: HomeArgument,
    person: Annotated[str, typer.Argument(metavar="A", help="Whose events move.", show_default=False)],
    into: Annotated[str, typer.Argument(metavar="B", help="Whose they are from now on.", show_default=False)],
    reason: Reason,
    actor: Actor = None,
    json: Json = False,
) -> None:
    """Say that two are one: A's events and identifiers are B's from now on; what was known before stays true."""
    from goodstanding.record.identity import merge as merged

    with opened(home, read_only=False) as record:
        _tell(merged(record, person, into, reason=reason, actor=actor or whoever()), json=json)


@app.command("split", epilog=examples("goodstanding people split HOME p-1 p-2 --reason 'two passports after all'"))
def split(
    home: HomeArgument,
    person: Annotated[str, typer.Argument(metavar="A", help="Who had been merged.", show_default=False)],
    out_of: Annotated[str, typer.Argument(metavar="B", help="Into whom.", show_default=False)],
    reason: Reason,
    actor: Actor = None,
    json: Json = False,
) -> None:
    """Undo the merges of A into B: what moved is A's again from now on."""
    from goodstanding.record.identity import split as parted

    with opened(home, read_only=False) as record:
        _tell(parted(record, person, out_of, reason=reason, actor=actor or whoever()), json=json)


def _tell(moved: Moved, *, json: bool) -> None:
    told: dict[str, Any] = {"events": moved.events, "identifiers": moved.identifiers}
    if json:
        print_json(told)
    else:
        events, identifiers = how_many(moved.events, "event", "events"), moved.identifiers
        typer.echo(f"{events} and {how_many(identifiers, 'identifier', 'identifiers')} moved")
