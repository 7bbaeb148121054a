"""`ledger trust`: whose signatures a home counts; `ledger witness`: to be such a witness, for others' ledgers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goodstanding.cli.clock import system_clock
from goodstanding.cli.home import HomeArgument
from goodstanding.cli.homes import opened
from goodstanding.cli.options import Json, examples, whole
from goodstanding.cli.outputs import print_json
from goodstanding.cli.tables import even
from goodstanding.errors import RecordError, UsageError, how_many

if TYPE_CHECKING:
    from goodstanding.record.home import Home
    from goodstanding.record.ledger.trust import Trust, Witness
    from goodstanding.record.ledger.witness import WitnessDesk
    from goodstanding.record.notes import Verifier

ALL = "all"
PORTS = 65_535

app = typer.Typer(no_args_is_help=True, help="Be a witness: remember the heads of others' ledgers, and sign them.")

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a witness.", show_default=False)]
Log = Annotated[
    list[str] | None,
    typer.Option(
        "--log",
        metavar="KEY",
        help="The verifier key of a ledger to follow, as `ledger head --json` tells it; may be given again.",
        show_default=False,
    ),
]


def register(ledger: typer.Typer) -> None:
    """Add `trust` to the ledger's commands."""
    ledger.command(
        "trust",
        epilog=examples(
            "goodstanding ledger trust home",
            "goodstanding ledger trust home court 'court.example/w+1f2e3d4c+BF…' --at https://court.example/w",
            "goodstanding ledger trust home office --at /srv/witness",
        ),
    )(trust)


def trust(
    home: HomeArgument,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="What the witness is called here.", show_default=False)
    ] = None,
    key: Annotated[
        str | None,
        typer.Argument(metavar="[KEY]", help="Its verifier key; of a folder it is read there.", show_default=False),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="URL|FOLDER", help="Where it is asked to sign.", show_default=False),
    ] = None,
    quorum: Annotated[
        int | None,
        typer.Option(
            "--quorum",
            metavar="N",
            parser=whole(1, 99),
            help="How many must sign; by default more than half.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Name a witness whose signature counts for this home; without a name, show those there are.

    What is kept (`witnesses.txt` in the home) is a policy as c2sp.org/tlog-policy has it, and may be written by hand.
    """
    with opened(home, read_only=name is None) as there:
        known = trusted(there.folder, there.signer.verifier)
        if name is not None:
            known = _with_witness(there, known, name, key, at, quorum)
    if json:
        print_json({"home": str(home), "witnesses": list(known.witnesses), "policy": str(known)})
    else:
        typer.echo(str(known), nl=False)


@app.command(
    "init",
    epilog=examples(
        "goodstanding ledger witness init court --name witness.example/court --log 'goodstanding/live/…+1f2e3d4c+AY…'"
    ),
)
def init(
    folder: Folder,
    name: Annotated[
        str,
        typer.Option(
            "--name",
            metavar="NAME",
            help="The name that it signs under: an address without https://, that no other witness has.",
            show_default=False,
        ),
    ],
    log: Log = None,
    json: Json = False,
) -> None:
    """Make a witness: a folder with a key of its own, and the ledgers that it follows."""
    from goodstanding.record.disk import RealDisk
    from goodstanding.record.ledger.witness import WitnessDesk

    logs = [read_key(one) for one in log or []]
    desk = WitnessDesk.create(folder, name, clock=system_clock, disk=RealDisk())
    for one in logs:
        desk.follow(one)
    _tell(desk, json=json)


@app.command("follow", epilog=examples("goodstanding ledger witness follow court 'goodstanding/live/…+1f2e3d4c+AY…'"))
def follow(
    folder: Folder,
    log: Annotated[str, typer.Argument(metavar="KEY", help="The verifier key of a ledger.", show_default=False)],
    json: Json = False,
) -> None:
    """Follow one more ledger: sign heads of it from now on."""
    desk = _desk(folder)
    desk.follow(read_key(log))
    _tell(desk, json=json)


@app.command(
    "show", epilog=examples("goodstanding ledger witness show court", "goodstanding ledger witness show court --json")
)
def show(folder: Folder, json: Json = False) -> None:
    """Show a witness's key, the ledgers that it follows, and the newest head of each that it signed."""
    _tell(_desk(folder), json=json)


@app.command("serve", epilog=examples("goodstanding ledger witness serve court --port 8077"))
def serve(
    folder: Folder,
    port: Annotated[
        int, typer.Option("--port", metavar="N", parser=whole(0, PORTS), help="0: any that is free.")
    ] = 8077,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="The address to listen at.")] = "127.0.0.1",
    json: Json = False,
) -> None:
    """Answer ledgers over HTTP (`POST /add-checkpoint`, c2sp.org/tlog-witness), until it is stopped."""
    from goodstanding.record.ledger.serving import serve as listen

    desk = _desk(folder)
    with listen(desk, host, port) as server:
        url = f"http://{host}:{server.server_port}"
        if json:
            print_json({"url": url, "key": desk.signer.witness.vkey})
        else:
            typer.echo(f"Witness {desk.signer.name} listens at {url}; stop it with Ctrl-C.")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            typer.echo("stopped", err=True)


def trusted(home: Path, log: Verifier) -> Trust:
    """Whom a home trusts as witnesses; nobody, where nothing was said."""
    from goodstanding.record.ledger.trust import FILE, Trust

    path = home / FILE
    return Trust.read(path) if path.is_file() else Trust.of(log, [])


def wanted(trust: Trust, named: Sequence[str]) -> list[Witness]:
    """The witnesses of a home that are named: by name, by address, or all that have one.

    Raises:
        UsageError: there is none of that name, or nobody knows where to ask it.
    """
    if ALL in named:
        return [one for one in trust.witnesses.values() if one.at]
    found = []
    for name in named:
        places = {name, str(Path(name).absolute())}
        fitting = [one for one in trust.witnesses.values() if one.at and (one.name == name or one.at in places)]
        if not fitting:
            raise UsageError(
                f"--witness {name}: none that this home can ask; name one with `goodstanding ledger trust`"
            )
        found += fitting
    return found


def read_key(written: str) -> Verifier:
    """A verifier key as it was handed on.

    Raises:
        RecordError: it is none.
    """
    from goodstanding.record.notes import NoteError, Verifier

    try:
        return Verifier.from_vkey(written)
    except NoteError as fault:
        raise RecordError(str(fault)) from fault


def _desk(folder: Path) -> WitnessDesk:
    from goodstanding.record.disk import RealDisk
    from goodstanding.record.ledger.witness import WitnessDesk

    return WitnessDesk(folder, clock=system_clock, disk=RealDisk())


def _with_witness(home: Home, known: Trust, name: str, key: str | None, at: str | None, quorum: int | None) -> Trust:
    from goodstanding.record.ledger.trust import FILE, Trust, Witness
    from goodstanding.record.ledger.witness import public_key

    folder = None if at is None or "://" in at else Path(at).absolute()
    if key is None and folder is None:
        raise UsageError("a witness's KEY is needed; only that of one in a folder (--at FOLDER) can be read there")
    read = read_key(key) if key is not None else public_key(folder or Path())
    place = str(folder) if folder is not None else at or ""
    made = Trust.of(home.signer.verifier, [*known.witnesses.values(), Witness(name, read, place)], quorum)
    home.disk.write(home.folder / FILE, [str(made).encode()])
    return made


def _tell(desk: WitnessDesk, *, json: bool) -> None:
    from goodstanding.record.notes import Checkpoint

    seen = {origin: desk.seen(origin) for origin in desk.logs}
    heads = {origin: None if note is None else Checkpoint.parse(note.text) for origin, note in seen.items()}
    if json:
        logs: list[dict[str, Any]] = [
            {
                "origin": origin,
                "size": None if head is None else head.size,
                "root": None if head is None else head.root.hex(),
            }
            for origin, head in heads.items()
        ]
        print_json({"witness": desk.signer.name, "key": desk.signer.witness.vkey, "logs": logs})
        return
    typer.echo(even([["Witness", desk.signer.name], ["  key", desk.signer.witness.vkey]]))
    for origin, head in heads.items():
        newest = "nothing signed yet" if head is None else how_many(head.size, "entry", "entries")
        typer.echo(even([["  follows", f"{origin}: {newest}"]]))
