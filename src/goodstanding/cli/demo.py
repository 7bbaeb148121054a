"""`demo`: the main job in a minute: real clients scored, the score tried against what became of them, one explained."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goodstanding.cli.evaluate import evaluation_text
from goodstanding.cli.inputs import read_record
from goodstanding.cli.options import Json, examples, moment
from goodstanding.cli.outputs import print_json
from goodstanding.cli.tables import counts_bars, even
from goodstanding.errors import UsageError

if TYPE_CHECKING:
    from goodstanding.comparison import Outcome
    from goodstanding.evaluation import Evaluation
    from goodstanding.explanation import Explanation
    from goodstanding.policy import Policy

CHECKOUT = Path(__file__).resolve().parents[3] / "examples"
CREDIT, CREDIT_AS_OF = "consumer-credit", "2005-10-01T00:00:00Z"
CLIENT = "taiwan-00003"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo", epilog=examples("goodstanding demo", "goodstanding demo --copy examples"))(demo)


def demo(
    folder: Annotated[
        Path | None,
        typer.Option("--examples", metavar="DIR", help="The folder of examples; a checkout has one.", show_default=False),
    ] = None,
    copy: Annotated[
        Path | None,
        typer.Option(
            "--copy", metavar="DIR", help="Only copy the example files there, to try commands on.", show_default=False
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Show in a minute what it does: 30,000 real clients, one of them explained, and a dozen made-up residents."""
    found = examples_folder(folder)
    if copy is not None:
        _copy(found, copy)
        return


def examples_folder(given: Path | None) -> Path:
    """Where the example files are.

    Raises:
        UsageError: they are not there.
    """
    found = given or CHECKOUT
    if not (found / "taiwan" / "events.parquet").is_file():
        hint = "name the folder `examples` of a checkout with --examples" if given is None else "it holds no taiwan/events.parquet"
        raise UsageError(f"no examples in {found}: {hint}")
    return found


def _copy(found: Path, target: Path) -> None:
    if target.exists():
        raise UsageError(f"--copy {target}: is there already; name a new folder")
    shutil.copytree(found, target)
    typer.echo(f"Copied to {target}")
