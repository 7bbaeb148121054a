"""`erase`: whatever a home has of people goes, when what that is was seen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goodstanding.cli.home import Actor, HomeArgument
from goodstanding.cli.homes import opened, whoever
from goodstanding.cli.options import Json, examples
from goodstanding.cli.outputs import print_json
from goodstanding.cli.progress import progress
from goodstanding.cli.tables import even
from goodstanding.errors import UsageError, how_many
from goodstanding.limits import MOST_LISTED

if TYPE_CHECKING:
    from goodstanding.record.erasing import Erased, Going


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "erase",
        epilog=examples(
            "goodstanding erase HOME p-000017 --why 'asked for it on 3 May'",
            "goodstanding erase HOME --people leaving.csv --why 'closed their accounts' --yes",
            "goodstanding erase HOME p-000017 --why 'asked for it' --dry-run --json",
            "goodstanding erase HOME --finish",
        ),
    )(erase)


def erase(
    home: HomeArgument,
    person: Annotated[
        list[str] | None, typer.Argument(metavar="PERSON", help="Whom: their public ids.", show_default=False)
    ] = None,
    people: Annotated[
        Path | None,
        typer.Option("--people", metavar="FILE", help="A file whose column `person` says whom.", show_default=False),
    ] = None,
    why: Annotated[
        str | None,
        typer.Option("--why", metavar="TEXT", help="A reason that names nobody: it stays.", show_default=False),
    ] = None,
    finish_only: Annotated[
        bool, typer.Option("--finish", help="Erase nobody else: finish what was cut off, as by a power cut.")
    ] = False,
    actor: Actor = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be gone.")] = False,
    json: Json = False,
) -> None:
    """Erase people: their events, keys, ids and texts go from every file, and cannot be brought back.

    Everybody else's scores and proofs stand. What is left of a person is an entry that names nobody, and the keyed hash
    by which the home refuses what is sent about them again. Backups that were made before hold them still.
    """
    if finish_only:
        _finish(home, json=json)
        return
    names = _named(person or [], people)
    if why is None and not dry_run:
        raise UsageError("--why is missing: the ledger says why somebody was erased; the reason must name nobody")
    _erase(home, names, why or "", actor or whoever(), _Asking(yes=yes, dry_run=dry_run, json=json))


class _Asking:
    """Whether it is to be done, and how it is told."""

    def __init__(self, *, yes: bool, dry_run: bool, json: bool) -> None:
        self.yes, self.dry_run, self.json = yes, dry_run, json

    def agreed(self, going: Sequence[Going]) -> bool:
        """Ask, unless the answer was given with the command.

        Raises:
            UsageError: nobody can be asked.
        """
        if self.dry_run or self.yes:
            return not self.dry_run
        if self.json:
            raise UsageError("with --json nobody is asked: add --yes, or --dry-run")
        return typer.confirm(f"Erase {how_many(len(going), 'person', 'people')} for ever?", default=False, err=True)


def _named(given: Sequence[str], file: Path | None) -> list[str]:
    from goodstanding.events import read_people

    names = [*given, *(read_people(file).to_pylist() if file else [])]
    if not names:
        raise UsageError("nobody is named: give PERSON, or --people FILE")
    return names


def _erase(folder: Path, names: list[str], why: str, actor: str, asking: _Asking) -> None:
    from goodstanding.record.erasing import erase as do
    from goodstanding.record.erasing import plan

    done = None
    with opened(folder, read_only=asking.dry_run) as home:
        with progress("reading segments", "segments") as step:
            going = plan(home, names, step)
        if not asking.json:
            _show(going)
        if asking.agreed(going):
            with progress("writing segments anew", "segments") as step:
                done = do(home, names, why=why, actor=actor, progress=step)
    if asking.json:
        print_json(_as_json(going, done))
    else:
        typer.echo(_told(done))


def _show(going: Sequence[Going]) -> None:
    heads = ["person", "events", "from", "held", "runs", "known by"]
    rows = [
        [
            one.person,
            f"{one.events.total():,}",
            ", ".join(sorted(one.events)) or "–",
            f"{one.held:,}",
            f"{one.runs:,}",
            ", ".join(one.identifiers) or "–",
        ]
        for one in going[:MOST_LISTED]
    ]
    typer.echo(even([heads, *rows], right=(1, 3, 4)))
    if len(going) > MOST_LISTED:
        typer.echo(f"… and {len(going) - MOST_LISTED:,} more")


def _told(done: Erased | None) -> str:
    if done is None:
        return "Nothing is done."
    people, rows = how_many(done.people, "person", "people"), how_many(done.rows, "event", "events")
    segments = how_many(done.segments, "segment was", "segments were")
    return f"Erased: {people}, {rows}; {segments} written anew, and every other proof stands."


def _as_json(going: Sequence[Going], done: Erased | None) -> dict[str, object]:
    return {
        "done": done is not None,
        "people": [one.to_json() for one in going],
        "entries": [entry.seq for entry in done.entries] if done else [],
        "segments": done.segments if done else 0,
    }


def _finish(folder: Path, *, json: bool) -> None:
    from goodstanding.cli.clock import system_clock
    from goodstanding.record.erasing import finish
    from goodstanding.record.home import Home

    with Home.open(folder, clock=system_clock) as home, progress("writing segments anew", "segments") as step:
        finished = finish(home, step)
    if json:
        print_json({"finished": finished})
    else:
        typer.echo(f"Finished: {how_many(finished, 'person', 'people')}." if finished else "Nothing was cut off.")
