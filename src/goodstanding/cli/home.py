"""`init` makes a home; `db upgrade` and `db check` look after its tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from goodstanding.cli.clock import system_clock
from goodstanding.cli.homes import whoever
from goodstanding.cli.options import Json, examples
from goodstanding.cli.outputs import print_json
from goodstanding.cli.tables import even
from goodstanding.errors import RecordError

if TYPE_CHECKING:
    from goodstanding.record.home import Home
    from goodstanding.record.upgrading import Plan

HomeArgument = Annotated[
    Path, typer.Argument(metavar="HOME", help="The folder of a home (see `goodstanding init`).", show_default=False)
]
Actor = Annotated[
    str | None,
    typer.Option(
        "--actor",
        metavar="NAME",
        help="On whose word, as the ledger will say; who is logged in by default.",
        show_default=False,
    ),
]

db = typer.Typer(no_args_is_help=True, help="Look after the tables of a home: bring them up to date, check them.")


def register(app: typer.Typer) -> None:
    """Add `init` and `db`."""
    app.command(
        "init",
        epilog=examples(
            "goodstanding init home --world live",
            "goodstanding init town --world synthetic",
            "goodstanding init home --world live --database postgresql://admin@db.example/goodstanding",
        ),
    )(init)
    app.add_typer(db, name="db")


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="HOME", help="The folder to make; nothing may be in it.", show_default=False)
    ],
    world: Annotated[
        Literal["live", "synthetic"],
        typer.Option("--world", help="Real people, or made-up ones; for ever.", show_default=False),
    ],
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            metavar="URL",
            help="An empty database of PostgreSQL for the ledger: postgresql://USER@HOST/DATABASE. A password is best "
            "left to ~/.pgpass or PGPASSWORD; it is never kept. By default SQLite in the folder.",
            show_default=False,
        ),
    ] = None,
    actor: Actor = None,
    json: Json = False,
) -> None:
    """Make a home: the folder where one world's record lives, with its ledger and keys."""
    from goodstanding.record.home import Home

    with Home.create(folder, world=world, database=database, clock=system_clock, actor=actor or whoever()) as home:
        said = _made(home)
    if json:
        print_json(said)
        return
    typer.echo(f"A home of the world {world}: {folder}")
    typer.echo(even([[f"  {name}", str(said[name])] for name in ("ledger", "origin", "verifier", "keys")]))
    typer.echo("\nBack up, each apart from the others:")
    typer.echo(even([[f"  {one['what']}", one["why"]] for one in said["back_up"]]))
    for line in said["roles"]:
        typer.echo(line)


def _made(home: Home) -> dict[str, Any]:
    from goodstanding.record.home import RECORD

    store = home.store
    ledger = str(home.folder / RECORD) if store.kind == "sqlite" else store.place
    return {
        "home": str(home.folder),
        "world": home.world,
        "ledger": ledger,
        "origin": home.origin,
        "verifier": home.signer.verifier.vkey,
        "keys": str(home.folder / "keys"),
        "back_up": [
            {"what": str(home.folder / "keys"), "why": "who has these can sign in this home's name; lost, nobody can"},
            {
                "what": str(home.folder / "vault"),
                "why": "who is who; keep copies for a short time, or erasing is in vain",
            },
            {
                "what": f"{ledger}, {home.folder / 'segments'}",
                "why": "the record itself; `goodstanding backup` copies both",
            },
        ],
        "roles": [] if store.roles is None else _roles(store.roles),
    }


def _roles(roles: Any) -> list[str]:
    """What whoever looks after the database does next."""
    return [
        "",
        f"A service connects as a user of its own, who may add and not alter: GRANT {roles.quoted('writer')} TO …",
        f"One that only reads: GRANT {roles.quoted('reader')} TO …",
        "Its URL is taken from GOODSTANDING_DATABASE_URL where that is set, else from home.yaml.",
    ]


@db.command(
    "upgrade",
    epilog=examples("goodstanding db upgrade home --dry-run", "goodstanding db upgrade home"),
)
def upgrade(
    folder: HomeArgument,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and the SQL; do nothing.")
    ] = False,
    actor: Actor = None,
    json: Json = False,
) -> None:
    """Bring a home's tables to this version's schema; make a backup first."""
    from goodstanding.record import upgrading

    if dry_run:
        _tell(upgrading.plan(folder), "would be", json=json, sql=True)
    else:
        _tell(upgrading.upgrade(folder, clock=system_clock, actor=actor or whoever()), "was", json=json, sql=False)


def _tell(plan: Plan, done: str, *, json: bool, sql: bool) -> None:
    steps = [{"revision": step.revision, "does": step.does} for step in plan.steps]
    if json:
        said = {"store": plan.place, "before": plan.before, "after": plan.after, "steps": steps}
        print_json({**said, "sql": plan.sql} if sql else said)
        return
    if not steps:
        typer.echo(f"{plan.place}: schema {plan.before}, which is this version's; there is nothing to do")
        return
    typer.echo(f"{plan.place}: schema {plan.before} {done} brought to {plan.after}")
    typer.echo(even([[f"  {step['revision']}", step["does"]] for step in steps]))
    if sql:
        typer.echo(f"\n{plan.sql.strip()}")


@db.command("check", epilog=examples("goodstanding db check home", "goodstanding db check home --json"))
def check(folder: HomeArgument, json: Json = False) -> None:
    """See whether a home's tables, triggers and rights are as this version made them; exit 1 where not.

    Whether what they hold was changed is another question: `goodstanding ledger verify` answers it.
    """
    from goodstanding.record import upgrading

    found = upgrading.check(folder)
    if json:
        print_json({"home": str(folder), "sound": not found, "differences": found})
    elif not found:
        typer.echo(f"{folder}: tables, triggers and rights are as they were made")
    if found and not json:
        raise RecordError("\n".join(f"{folder}: {one}" for one in found))
    if found:
        raise typer.Exit(RecordError.exit_code)
