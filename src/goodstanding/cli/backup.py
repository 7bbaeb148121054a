"""`backup` and `restore`: a home copied while it runs, and a home made again from such a copy."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goodstanding.cli.clock import system_clock
from goodstanding.cli.home import Actor, HomeArgument
from goodstanding.cli.homes import whoever
from goodstanding.cli.ledger_told import read_note
from goodstanding.cli.options import Json, examples
from goodstanding.cli.outputs import print_json
from goodstanding.cli.progress import progress
from goodstanding.errors import UsageError, how_many

if TYPE_CHECKING:
    from goodstanding.record.backup import Made, Restored

VaultFolder = Annotated[
    Path | None,
    typer.Option(
        "--vault",
        metavar="FOLDER",
        help="Where the part lies that says who is who, to be kept for a shorter time; by default `vault` within.",
        show_default=False,
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "backup",
        epilog=examples(
            "goodstanding backup home --to /backups/record --vault /backups-short/vault",
            "goodstanding backup home --to /backups/record --vault /backups-short/vault --keys /safe/keys",
        ),
    )(backup)
    app.command(
        "restore",
        epilog=examples(
            "goodstanding restore /backups/record --to home2 --vault /backups-short/vault --keys /safe/keys "
            "--erasures home/vault/erased.jsonl",
            "goodstanding restore /backups/record/20260101T031500-000123 --to home2 --keys /safe/keys --erasures home",
            "goodstanding restore /backups/record --to home2 --keys /safe/keys --no-later-erasures "
            "--database postgresql://admin@db.example/empty",
        ),
    )(restore)


def backup(
    home: HomeArgument,
    to: Annotated[
        Path,
        typer.Option("--to", metavar="FOLDER", help="Where backups of this home are kept.", show_default=False),
    ],
    vault: VaultFolder = None,
    keys: Annotated[
        Path | None,
        typer.Option(
            "--keys",
            metavar="FOLDER",
            help="Copy the keys too, into a folder of their own; by default they are not copied.",
            show_default=False,
        ),
    ] = None,
    actor: Actor = None,
    json: Json = False,
) -> None:
    """Make a backup of a home, which may be in use meanwhile.

    Segments that are in the folder already are not copied again. Whoever is erased later is still in it: throw the
    parts that say who is who away early, and with them goes what the others say of anybody.
    """
    from goodstanding.record.backup import Folders, Work
    from goodstanding.record.backup import backup as make

    with progress("Backup", "bytes") as step:
        made = make(home, Folders(to, vault, keys), Work(actor or whoever(), system_clock, progress=step))
    if json:
        print_json(_as_json(made))
        return
    new = made.segments - made.there
    typer.echo(f"Backup {made.name}: {how_many(made.size, 'entry', 'entries')}, {made.people:,} people known")
    typer.echo(f"  {made.segments:,} segments, {new:,} of them new in the folder ({made.copied:,} bytes)")
    typer.echo(f"  record  {made.folder}\n  vault   {made.vault}")
    typer.echo(f"  keys    {'not copied: without them it cannot be restored' if keys is None else keys}")


def restore(
    source: Annotated[
        Path,
        typer.Argument(metavar="BACKUP", help="A backup, or a folder of them: the newest.", show_default=False),
    ],
    to: Annotated[
        Path, typer.Option("--to", metavar="HOME", help="The home to make; nothing may be there.", show_default=False)
    ],
    keys: Annotated[
        Path, typer.Option("--keys", metavar="FOLDER", help="The folder of the home's keys.", show_default=False)
    ],
    vault: VaultFolder = None,
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            metavar="URL",
            help="An empty database of PostgreSQL for the ledger; by default SQLite in the folder, whatever it was.",
            show_default=False,
        ),
    ] = None,
    erasures: Annotated[
        list[Path] | None,
        typer.Option(
            "--erasures",
            metavar="FILE|HOME",
            help="Who was erased since: the home's `vault/erased.jsonl` (a newer backup of the vault has one too), the "
            "home itself, or what `ledger export` wrote. Can be given several times.",
            show_default=False,
        ),
    ] = None,
    no_later_erasures: Annotated[
        bool, typer.Option("--no-later-erasures", help="On your word, nobody was erased since the backup was made.")
    ] = False,
    head: Annotated[
        list[Path] | None,
        typer.Option(
            "--head",
            metavar="FILE",
            help="A signed head that was kept elsewhere, from before the backup; what is restored must come to it.",
            show_default=False,
        ),
    ] = None,
    actor: Actor = None,
    json: Json = False,
) -> None:
    """Make a home again from a backup, whole or not at all.

    All of it is verified before anybody can read it, and whoever was erased since is erased again. What the ledger said
    after the backup is lost: witnesses that have signed a longer one will not sign this one before they are told.
    """
    from goodstanding.record.backup import Folders, Work
    from goodstanding.record.backup import restore as make

    if erasures and no_later_erasures:
        raise UsageError("--erasures and --no-later-erasures: either somebody was erased since, or nobody was")
    with progress("Verify", "entries") as step:
        work = Work(actor or whoever(), system_clock, progress=step)
        done = make(
            Folders(source, vault, keys),
            to,
            work,
            database=database,
            erasures=None if no_later_erasures else erasures or (),
            heads=[read_note(one) for one in head or []],
        )
    if json:
        print_json(_as_json(done))
        return
    typer.echo(f"{to}: restored from the backup {done.name}, {how_many(done.size, 'entry', 'entries')}")
    typer.echo(f"  verified: the ledger and {how_many(done.segments, 'segment', 'segments')}; root {done.root}")
    typer.echo(f"  erased again: {done.erased:,}; erased since and not known to the backup: {done.refused:,}")


def _as_json(said: Made | Restored) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Path) else value for name, value in asdict(said).items()}
