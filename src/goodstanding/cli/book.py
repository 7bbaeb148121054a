"""`book build` and `book info`: events put in order once, for scoring many times."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goodstanding.cli.inputs import UNDECLARED, counted, read_book
from goodstanding.cli.options import EVENT_FILES, Json, World, examples
from goodstanding.cli.outputs import checked_apart, print_json
from goodstanding.cli.tables import even
from goodstanding.errors import UsageError

if TYPE_CHECKING:
    from goodstanding.book import Book

app = typer.Typer(no_args_is_help=True, help="Put events in order once, to score them many times.")


@app.command(
    "build",
    epilog=examples(
        "goodstanding book build events.parquet --out book",
        "goodstanding book build 2016.csv 2017.csv --world synthetic --out book",
    ),
)
def build(
    events: Annotated[
        list[Path],
        typer.Argument(metavar="EVENTS", help=f"{EVENT_FILES}.", show_default=False),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to make.", show_default=False)],
    world: World = None,
    json: Json = False,
) -> None:
    """Make a book of events: a folder that opens at once, wherever a command takes events."""
    checked_apart("--out", out, events)
    if out.exists():
        raise UsageError(f"--out {out}: is there already; name a new folder")
    book = read_book(events, world=world)
    if book.world is None:
        raise UsageError(f"{UNDECLARED} by the files, and a book always has one: add --world live or --world synthetic")
    book.save(out)
    _tell(book, out, json=json)


@app.command("info", epilog=examples("goodstanding book info book", "goodstanding book info book --verify"))
def info(
    book: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a book.", show_default=False)],
    whole: Annotated[
        bool, typer.Option("--verify", help="Read all of it, and hold every file against the sum kept of it.")
    ] = False,
    json: Json = False,
) -> None:
    """Say what a book holds; with --verify, whether every byte is as it was saved."""
    from goodstanding.book import Book, verify

    read = {"verified_bytes": verify(book)} if whole else {}
    opened = Book.open(book)
    if whole:
        opened.require_sound()
    _tell(opened, book, json=json, more=read)
    if read and not json:
        typer.echo(f"Every file is as it was saved: {read['verified_bytes']:,} bytes were read.")


def described(book: Book) -> dict[str, Any]:
    """What there is to say of a book."""
    from goodstanding.events import format_moment

    times = book.columns.time
    return {
        "world": book.world,
        "people": len(book.people),
        "events": len(book),
        "first": format_moment(int(times.min())) if len(times) else None,
        "last": format_moment(int(times.max())) if len(times) else None,
        "unknown_corrections": book.corrections.unknown,
    }


def _tell(book: Book, folder: Path, *, json: bool, more: Mapping[str, int] | None = None) -> None:
    said = described(book)
    for line in counted(said["unknown_corrections"]):
        typer.echo(line, err=True)
    if json:
        print_json({"book": str(folder), **said, **(more or {})})
        return
    typer.echo(f"Book {folder}")
    rows = [["  world", str(said["world"])], ["  people", f"{said['people']:,}"], ["  events", f"{said['events']:,}"]]
    if said["first"] is not None:
        rows.append(["  from", f"{said['first'][:10]} to {said['last'][:10]}"])
    typer.echo(even(rows))
