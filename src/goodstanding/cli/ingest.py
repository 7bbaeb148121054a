"""`ingest` takes files of events into a home; `seal` moves single events into segments."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goodstanding.cli.home import Actor, HomeArgument
from goodstanding.cli.homes import opened, whoever
from goodstanding.cli.options import EVENT_FILES, Json, examples
from goodstanding.cli.outputs import print_json
from goodstanding.cli.progress import progress
from goodstanding.errors import how_many

if TYPE_CHECKING:
    from goodstanding.record.ingest import Report


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "ingest",
        epilog=examples(
            "goodstanding sources register HOME bank --types bill.paid,loan.* --people consented.csv",
            "goodstanding ingest HOME events.parquet --source bank",
            "goodstanding ingest HOME monday.csv tuesday.csv --source bank --batch week-17 --json",
        ),
    )(ingest)
    app.command("seal", epilog=examples("goodstanding seal HOME"))(seal)


def ingest(
    home: HomeArgument,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help=f"{EVENT_FILES}; all or none.", show_default=False)
    ],
    source: Annotated[
        str, typer.Option("--source", metavar="NAME", help="Who sends them; all must name it.", show_default=False)
    ],
    batch: Annotated[
        str | None,
        typer.Option(
            "--batch",
            metavar="ID",
            help="What the source calls the batch; by default a number made of what is in it.",
            show_default=False,
        ),
    ] = None,
    actor: Actor = None,
    json: Json = False,
) -> None:
    """Take events into a home, all or nothing; what is on record already is passed over in silence.

    An event that contradicts what is known under its id is an error, and nothing is taken. What its source may not
    send, or what lies ahead of our clock, waits in quarantine.
    """
    from goodstanding.record import ingest as record

    _have_one_heap()
    began = time.monotonic()
    with opened(home, read_only=False) as there, progress("Ingesting", "events") as step:
        report = record.ingest(
            there, files, source=source, batch=batch, actor=actor or whoever(), progress=step, rebuilding=step
        )
    seconds = time.monotonic() - began
    if json:
        rate = round(report.rows / seconds) if seconds else None
        print_json({**report.to_json(), "seconds": round(seconds, 3), "events_a_second": rate})
    else:
        _tell(report, seconds)


def _tell(report: Report, seconds: float) -> None:
    first, *rest = report.lines()
    typer.echo(f"{first} ({seconds:.1f} s, {report.rows / max(seconds, 1e-9):,.0f} events a second)")
    for line in rest:
        typer.echo(f"  {line}")


def seal(home: HomeArgument, actor: Actor = None, json: Json = False) -> None:
    """Move the events that came one by one into segments, a source at a time.

    It is done by itself once there are 65,536; nothing that anybody reads changes.
    """
    from goodstanding.record.ingest import seal as sealed

    with opened(home, read_only=False) as there, progress("Sealing", "events") as step:
        moved = sealed(there, actor=actor or whoever(), progress=step)
    if json:
        print_json([{"source": each.source, "events": each.rows, "segment": each.root} for each in moved])
    elif not moved:
        typer.echo("No single events wait to be sealed.")
    for each in moved if not json else ():
        typer.echo(f"{each.source}: {how_many(each.rows, 'event', 'events')} in segment {each.root}")


def _have_one_heap() -> None:
    """Let all threads take their memory from one place, which gives back more than many do: a fifth less in all.

    Millions of events pass through three threads, and what one of them leaves free no other one would use.
    """
    import ctypes

    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())
    tell = getattr(ctypes.CDLL(None), "mallopt", None)
    if tell is not None:
        tell(-8, 1)  # M_ARENA_MAX of glibc
