"""`runs`: what was scored in a home, and the same done again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from goodstanding.cli.home import HomeArgument
from goodstanding.cli.homes import opened
from goodstanding.cli.inputs import read_people_and_ties
from goodstanding.cli.options import Json, PeopleFile, TiesFile, examples
from goodstanding.cli.outputs import print_json
from goodstanding.cli.running import asked_of
from goodstanding.cli.tables import even
from goodstanding.errors import how_many
from goodstanding.limits import MOST_LISTED

if TYPE_CHECKING:
    from goodstanding.record.ledger import Entry
    from goodstanding.record.runs import Recomputed

SHOWN = 16
"""Characters of a root or a digest in a table."""

app = typer.Typer(no_args_is_help=True, help="Runs of scoring that are on record in a home, and the same done again.")

RunArgument = Annotated[
    str,
    typer.Argument(metavar="RUN", help="A run: the number of its entry, the beginning of its root, or `last`."),
]


@app.command("list", epilog=examples("goodstanding runs list HOME", "goodstanding runs list HOME --json"))
def list_(home: HomeArgument, json: Json = False) -> None:
    """List the runs that are on record, the oldest first."""
    from goodstanding.record.runs import runs

    with opened(home, read_only=True) as there:
        said = [_described(entry) for entry in runs(there)]
    if json:
        print_json(said)
        return
    if not said:
        typer.echo("No run is on record; `goodstanding score --home` puts one there.")
        return
    heads = ["run", "done", "as of", "policy", "people", "root"]
    rows = [
        [
            f"{run['entry']:,}",
            run["recorded"][:SHOWN],
            run["as_of"][:SHOWN],
            run["policy"][:SHOWN],
            f"{run['people']:,}",
            run["root"][:SHOWN],
        ]
        for run in said
    ]
    typer.echo(even([heads, *rows], right=(0, 4)))


@app.command("show", epilog=examples("goodstanding runs show HOME last", "goodstanding runs show HOME 12 --json"))
def show(home: HomeArgument, run: RunArgument = "last", json: Json = False) -> None:
    """Show what a run rested on, and the root of what came of it."""
    from goodstanding.record.runs import find_run

    with opened(home, read_only=True) as there:
        said = _described(find_run(there, run))
    if json:
        print_json(said)
        return
    typer.echo(even([[f"  {name.replace('_', ' ')}", _shown(value)] for name, value in said.items()]))


@app.command(
    "recompute",
    epilog=examples(
        "goodstanding runs recompute HOME",
        "goodstanding runs recompute HOME 12 --ties ties.csv",
        "goodstanding runs recompute HOME 1f2e3d4c --json",
    ),
)
def recompute_(
    home: HomeArgument,
    run: RunArgument = "last",
    people: PeopleFile = None,
    ties: TiesFile = None,
    json: Json = False,
) -> None:
    """Do a run again, as everything was known then, and hold everybody's score against it, bit for bit.

    Whoever was erased since is left out: their part is taken from what was kept of the run. If anybody differs, they
    are named, and the command leaves with 1. People and ties that were given to the run are given again.
    """
    from goodstanding.record.runs import find_run, recompute

    with opened(home, read_only=True) as there:
        asked = asked_of(*read_people_and_ties(people, ties), None, people, ties)
        found = recompute(there, find_run(there, run), asked)
    if json:
        print_json(_outcome(found))
    else:
        typer.echo(_outcome_text(found))
    if not found.holds:
        raise typer.Exit(1)


def _described(entry: Entry) -> dict[str, Any]:
    """A run, in words and numbers."""
    from goodstanding.events import format_moment
    from goodstanding.record.ledger.entries.runs import ScoreRun

    run = entry.read(ScoreRun)
    return {
        "entry": entry.seq,
        "recorded": format_moment(entry.recorded),
        "actor": entry.actor,
        "ledger_size": run.size,
        "policy": run.policy,
        "as_of": format_moment(run.as_of),
        "recorded_by": None if run.recorded_by is None else format_moment(run.recorded_by),
        "people_file": run.people_digest,
        "ties_file": run.ties_digest,
        "code": run.code,
        "people": run.people,
        "strangers": run.strangers,
        "root": run.root,
    }


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _outcome(found: Recomputed) -> dict[str, Any]:
    return {
        "entry": found.run.seq,
        "holds": found.holds,
        "alike": found.alike,
        "erased": found.erased,
        "changed": {"count": len(found.changed), "people": found.changed[:MOST_LISTED]},
        "differing": {"count": len(found.differing), "people": found.differing[:MOST_LISTED]},
        "code": found.code,
    }


def _outcome_text(found: Recomputed) -> str:
    people = how_many(found.alike, "person", "people")
    lines = [f"Run {found.run.seq:,} again: {people} came out as then, bit for bit"]
    if found.erased:
        lines.append(f"erased: {found.erased:,}; what stands for them is taken from the tree that was kept")
    if found.changed:
        lines.append(f"Changed since the run, in the result that is kept: {_listed(found.changed)}")
    if found.differing:
        lines.append(f"Differing from what the run came to: {_listed(found.differing)}")
        lines.append(f"The run was done by version {found.code}; where versions differ, the code may be the reason")
    return "\n".join(lines)


def _listed(people: list[str]) -> str:
    more = len(people) - MOST_LISTED
    return ", ".join(people[:MOST_LISTED]) + (f" … and {more:,} more" if more > 0 else "")
