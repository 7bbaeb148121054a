"""`quarantine`: events that wait for somebody to decide about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from goodstanding.cli.home import Actor, HomeArgument
from goodstanding.cli.homes import opened, whoever
from goodstanding.cli.options import Json, examples
from goodstanding.cli.outputs import print_json
from goodstanding.cli.tables import even
from goodstanding.errors import UsageError, how_many
from goodstanding.limits import MOST_LISTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from goodstanding.record.home import Home
    from goodstanding.record.ingest import Held

app = typer.Typer(no_args_is_help=True, help="See events that wait for a decision, and decide: release or refuse.")

NAME_SHOWN = 12
"""Letters of a name that are shown; enough to tell a few thousand events apart."""

Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="NAME…", help="Events, by the first letters of the names that list shows.", show_default=False
    ),
]
Of = Annotated[
    str | None,
    typer.Option("--source", metavar="NAME", help="All that wait of one source.", show_default=False),
]
Reason = Annotated[
    Literal["ahead", "type", "consent"] | None,
    typer.Option("--reason", help="All that wait for one reason.", show_default=False),
]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason; the ledger keeps it.", show_default=False)]


@app.command(
    "list", epilog=examples("goodstanding quarantine list HOME", "goodstanding quarantine list HOME --state all --json")
)
def listed(
    home: HomeArgument,
    source: Of = None,
    state: Annotated[
        Literal["held", "released", "refused", "all"], typer.Option("--state", help="What became of them.")
    ] = "held",
    json: Json = False,
) -> None:
    """Show what waits in quarantine, and why."""
    from goodstanding.record.ingest import held

    with opened(home, read_only=True) as there:
        found = held(there, source=source, state=None if state == "all" else state)
    if json:
        print_json([each.to_json() for each in found])
    elif not found:
        typer.echo("Nothing is in quarantine.")
    else:
        _tell(found)


def _tell(found: Sequence[Held]) -> None:
    from goodstanding.events import format_moment
    from goodstanding.record.ingest import WHY

    rows = [["name", "source", "id", "type", "person", "time", "reason"]]
    for each in found[:MOST_LISTED]:
        event = each.event or {}
        time = format_moment(event["time"]) if "time" in event else ""
        said = [str(event.get(key, "")) for key in ("id", "type", "person")]
        rows.append([each.name[:NAME_SHOWN], each.source, *said, time, each.reason])
    typer.echo(even(rows))
    if len(found) > MOST_LISTED:
        typer.echo(f"… and {len(found) - MOST_LISTED:,} more (--json shows all)")
    typer.echo("")
    for reason in sorted({each.reason for each in found}):
        typer.echo(f"{reason}: {WHY[reason]}")


@app.command(
    "release",
    epilog=examples(
        "goodstanding quarantine release HOME 3f81c2 --why 'the clock of the bank was wrong'",
        "goodstanding quarantine release HOME --source bank --reason type --why 'they may send refunds now'",
    ),
)
def release(
    home: HomeArgument,
    why: Why,
    names: Names = None,
    source: Of = None,
    reason: Reason = None,
    actor: Actor = None,
    json: Json = False,
) -> None:
    """Take events out of quarantine into the record, as of now."""
    from goodstanding.record import ingest

    with opened(home, read_only=False) as there:
        chosen = _chosen(there, names, source, reason)
        receipts = ingest.release(there, chosen, why=why, actor=actor or whoever())
    taken = sum(receipt.state == "taken" for receipt in receipts)
    if json:
        print_json({"released": len(receipts), "taken": taken})
    else:
        others = len(receipts) - taken
        beside = f" ({others:,} were known already, or about people who were erased)" if others else ""
        typer.echo(f"{how_many(len(receipts), 'event is', 'events are')} released; {taken:,} taken{beside}.")


@app.command("refuse", epilog=examples("goodstanding quarantine refuse HOME 3f81c2 --why 'not about this person'"))
def refuse(
    home: HomeArgument,
    why: Why,
    names: Names = None,
    source: Of = None,
    reason: Reason = None,
    actor: Actor = None,
    json: Json = False,
) -> None:
    """Throw events in quarantine away; sent again, they are passed over."""
    from goodstanding.record import ingest

    with opened(home, read_only=False) as there:
        chosen = _chosen(there, names, source, reason)
        ingest.refuse(there, chosen, why=why, actor=actor or whoever())
    if json:
        print_json({"refused": len(chosen)})
    else:
        typer.echo(f"{how_many(len(chosen), 'event is', 'events are')} refused, and gone.")


def _chosen(home: Home, names: list[str] | None, source: str | None, reason: str | None) -> Sequence[Held]:
    """The events that are meant: by name, or all of a source or reason.

    Raises:
        UsageError: both ways, or neither.
    """
    from goodstanding.record.ingest import held, waiting

    if bool(names) == bool(source or reason):
        raise UsageError("name events, or say --source or --reason for all that wait; not both")
    if names:
        return waiting(home, names)
    return [each for each in held(home, source=source) if reason in {None, each.reason}]
