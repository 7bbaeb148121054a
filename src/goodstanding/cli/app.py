"""The application: its groups of commands, and how a fault leaves it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from goodstanding import __version__
from goodstanding.cli import (
    announce,
    backup,
    book,
    compare,
    correct,
    demo,
    erase,
    evaluate,
    explain,
    home,
    ingest,
    lab,
    ledger,
    list_import,
    people,
    policy,
    quarantine,
    reach,
    runs,
    score,
    sources,
)
from goodstanding.cli.options import CLIENTS, examples
from goodstanding.errors import GoodstandingError


class FrontDesk(TyperGroup):
    """Says what went wrong, and leaves with the exit code of specification section 9."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; faults of the input leave with 1, of the command line with 2, a closed pipe in silence.

        What the system refuses (a folder that may not be written to, a name too long) is the input's fault too, and is
        said in the system's words.
        """
        try:
            return super().invoke(ctx)
        except GoodstandingError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(error.exit_code) from error
        except BrokenPipeError:
            raise _hushed() from None
        except OSError as error:
            where = "" if error.filename is None else f"{error.filename}: "
            typer.echo(f"{where}{error.strerror or error}", err=True)
            raise typer.Exit(GoodstandingError.exit_code) from error


app = typer.Typer(
    name="goodstanding",
    cls=FrontDesk,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples(
        "goodstanding demo",
        "goodstanding policy list",
        f"goodstanding score consumer-credit {CLIENTS} --out scores.parquet",
        f"goodstanding explain consumer-credit {CLIENTS} --person taiwan-00002",
    ),
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"goodstanding {__version__}")
        raise typer.Exit


@app.callback()
def goodstanding(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Scores by published rules: every point names the rule and the events it came from."""


def main() -> None:
    """Run the command line, and leave quietly when whoever reads the output has gone."""
    if sys.stdout is None:  # what was closed before the start (`>&-`) is as good as nowhere
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 lasts as long as the process
    try:
        app()
    finally:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            _hushed()


def _hushed() -> typer.Exit:
    """Nobody reads any more: whatever is still to be flushed goes nowhere, so that Python does not complain of it.

    That is no fault, and leaves with 0 as it does where all was written before the reader went: which of the two comes
    first is chance.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return typer.Exit(0)


app.add_typer(policy.app, name="policy")
score.register(app)
explain.register(app)
reach.register(app)
compare.register(app)
evaluate.register(app)
announce.register(app)
correct.register(app)
erase.register(app)
app.add_typer(runs.app, name="runs")
app.add_typer(book.app, name="book")
home.register(app)
backup.register(app)
app.add_typer(sources.app, name="sources")
ingest.register(app)
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(people.app, name="people")
app.add_typer(list_import.app, name="list")
app.add_typer(ledger.app, name="ledger")
app.add_typer(lab.app, name="lab")
demo.register(app)
