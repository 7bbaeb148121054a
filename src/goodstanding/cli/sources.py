"""`sources`: who may send which events to a home, and in a live one about whom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from goodstanding.cli.home import Actor, HomeArgument
from goodstanding.cli.homes import opened, whoever
from goodstanding.cli.options import Json, examples
from goodstanding.cli.outputs import print_json
from goodstanding.cli.tables import even
from goodstanding.errors import how_many

if TYPE_CHECKING:
    from goodstanding.record.ingest import Source

app = typer.Typer(no_args_is_help=True, help="Say who may send which events to a home, and see who may.")


@app.command(
    "register",
    epilog=examples(
        "goodstanding sources register HOME bank --types bill.paid,loan.* --people consented.csv",
        "goodstanding sources register TOWN everything --types '*'",
    ),
)
def register(
    home: HomeArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The source, as its events name it.", show_default=False)],
    types: Annotated[
        str,
        typer.Option(
            "--types",
            metavar="TYPE,…",
            help="What it may send: types, and prefixes such as loan.*; in a synthetic home also *, for all.",
            show_default=False,
        ),
    ],
    people: Annotated[
        Path | None,
        typer.Option(
            "--people",
            metavar="FILE",
            help="Who consented that it may: a file with the column person. A live home needs one.",
            show_default=False,
        ),
    ] = None,
    sensitivity: Annotated[
        Literal["ordinary", "financial", "special"],
        typer.Option("--sensitivity", help="The most sensitive that it may send; nothing special in a live home."),
    ] = "financial",
    actor: Actor = None,
    json: Json = False,
) -> None:
    """Let a source send events, or change what it may send and about whom.

    What is said here takes the place of what was said of the source before: whoever is no longer named in --people has
    withdrawn, and what comes in about them from now on waits in quarantine.
    """
    from goodstanding.events import read_people
    from goodstanding.record import ingest

    consented = None if people is None else read_people(people)
    wanted = [one.strip() for one in types.split(",") if one.strip()]
    with opened(home, read_only=False) as there:
        source = ingest.register(
            there, name, types=wanted, sensitivity=sensitivity, people=consented, actor=actor or whoever()
        )
    if json:
        print_json(_as_json(source))
    else:
        typer.echo(f"{source.name} may send {', '.join(source.types)}, {_about(source)}.")


@app.command("list", epilog=examples("goodstanding sources list HOME", "goodstanding sources list HOME --json"))
def listed(home: HomeArgument, json: Json = False) -> None:
    """Show the sources of a home."""
    from goodstanding.record.ingest import sources

    with opened(home, read_only=True) as there, there.store.reading() as connection:
        known = sources(connection)
    if json:
        print_json([_as_json(each) for each in known])
    elif not known:
        typer.echo(f"Nobody may send events yet: goodstanding sources register {home} NAME --types …")
    else:
        rows = [[each.name, ", ".join(each.types), each.sensitivity, _about(each)] for each in known]
        typer.echo(even([["source", "types", "at most", "about"], *rows]))


def _about(source: Source) -> str:
    if source.people is None:
        return "about anybody"
    return f"about {how_many(source.people, 'person', 'people')} who consented"


def _as_json(source: Source) -> dict[str, Any]:
    from goodstanding.events import format_moment

    return {
        "source": source.name,
        "types": list(source.types),
        "sensitivity": source.sensitivity,
        "people": source.people,
        "since": format_moment(source.recorded),
    }
