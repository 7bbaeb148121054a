"""`ledger`: what is on record in a home, its signed heads, proofs of both, and whether all is as it was written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goodstanding.cli import ledger_witness
from goodstanding.cli.clock import system_clock
from goodstanding.cli.home import HomeArgument
from goodstanding.cli.homes import opened
from goodstanding.cli.ledger_told import (
    about,
    print_csv,
    print_table,
    read_note,
    tell_verdict,
    verdict_as_json,
    with_quorum,
)
from goodstanding.cli.ledger_witness import trusted, wanted
from goodstanding.cli.options import Json, examples, whole
from goodstanding.cli.outputs import checked_apart, print_json, whole_or_nothing
from goodstanding.cli.progress import progress
from goodstanding.errors import GoodstandingError, UsageError, how_many

if TYPE_CHECKING:
    from goodstanding.record.home import Home
    from goodstanding.record.ledger.asking import Asked
    from goodstanding.record.ledger.heads import Heads
    from goodstanding.record.ledger.trust import Trust, Witness
    from goodstanding.record.notes import Note

MOST = 2**53
"""Beyond any number of an entry."""

app = typer.Typer(no_args_is_help=True, help="What is on record in a home, and whether it is as it was written.")
app.add_typer(ledger_witness.app, name="witness")
ledger_witness.register(app)

Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it to a file.", show_default=False)]
TrustFile = Annotated[
    Path | None,
    typer.Option(
        "--trust",
        metavar="FILE",
        help="Whose signatures count (c2sp.org/tlog-policy), and how many a head given with --head must have; by "
        "default the home's own witnesses are counted, and no number is asked for.",
        show_default=False,
    ),
]


@app.command(
    "show",
    epilog=examples(
        "goodstanding ledger show home",
        "goodstanding ledger show home --kind segment.sealed --json",
        "goodstanding ledger show home --person 7f3a --csv",
    ),
)
def show(
    home: HomeArgument,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help="Only entries of this kind.", show_default=False)
    ] = None,
    person: Annotated[
        str | None,
        typer.Option("--person", metavar="ID", help="Only entries about this person.", show_default=False),
    ] = None,
    first: Annotated[int, typer.Option("--first", metavar="N", parser=whole(0, MOST), help="From this number on.")] = 0,
    last: Annotated[
        int | None,
        typer.Option("--last", metavar="N", parser=whole(0, MOST), help="Up to this number.", show_default=False),
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV, for another program.")] = False,
    json: Json = False,
) -> None:
    """Show entries, in order: what each says, who said it, when it happened and when it reached the record."""
    from goodstanding.record.ledger import kinds

    if kind is not None and kind not in kinds():
        raise UsageError(f"--kind {kind}: no kind of entry; docs/ledger-entries.md lists them: {', '.join(kinds())}")
    with opened(home, read_only=True) as there:
        entries = there.ledger.entries(first, last, kind)
        chosen = entries if person is None else about(there, person, entries)
        if json:
            print_json([one.to_json() for one in chosen])
        elif csv:
            print_csv(chosen)
        else:
            print_table(chosen)


@app.command(
    "head",
    epilog=examples(
        "goodstanding ledger head home",
        "goodstanding ledger head home --witness all --out head.txt",
        "goodstanding ledger head home --signed",
    ),
)
def head(
    home: HomeArgument,
    witness: Annotated[
        list[str] | None,
        typer.Option(
            "--witness",
            metavar="NAME",
            help="Ask a witness of this home to sign it too, by name, URL or folder; `all`: all of them.",
            show_default=False,
        ),
    ] = None,
    signed: Annotated[
        bool, typer.Option("--signed", help="Show the newest head that was signed, and sign none.")
    ] = False,
    out: Out = None,
    json: Json = False,
) -> None:
    """Sign the head of the ledger: its size and root, for which the home stands from now on.

    Hand it to others: whoever keeps it can tell later whether anything that it covers was altered.
    """
    with opened(home, read_only=signed) as there:
        heads = _heads(there)
        trust = trusted(there.folder, heads.log)
        asked: list[Asked] = []
        note = heads.at() if signed else heads.sign()
        if witness:
            asked = _ask(heads, note, wanted(trust, witness))
            note = heads.at()
        if out is not None:
            _write_text(str(note), out, home)
        _tell_head(there, note, trust, asked, json=json, shown=out is None)


@app.command(
    "prove",
    epilog=examples(
        "goodstanding ledger prove home 17 --out entry-17.tlog-proof",
        "goodstanding ledger prove home --from 20 --to 90",
    ),
)
def prove(
    home: HomeArgument,
    seq: Annotated[
        int | None,
        typer.Argument(metavar="[NUMBER]", parser=whole(0, MOST), help="The number of an entry.", show_default=False),
    ] = None,
    old: Annotated[
        int | None,
        typer.Option("--from", metavar="N", parser=whole(0, MOST), help="An earlier size.", show_default=False),
    ] = None,
    size: Annotated[
        int | None,
        typer.Option(
            "--to",
            metavar="N",
            parser=whole(0, MOST),
            help="The size of a signed head; by default of the newest.",
            show_default=False,
        ),
    ] = None,
    out: Out = None,
    json: Json = False,
) -> None:
    """Prove that an entry is in the ledger; or, with --from, that the ledger of then is how that of now begins.

    A proof ends in a signed head, and can be checked by whoever has the home's key and nothing else of it.
    """
    if (seq is None) == (old is None):
        raise UsageError("name one of the two: the NUMBER of an entry, or --from SIZE")
    with opened(home, read_only=True) as there:
        heads = _heads(there)
        note = heads.at(size)
        proof = heads.receipt(seq, note) if seq is not None else heads.grown(old or 0, note)
        if out is not None:
            _write_text(str(proof), out, home)
    if json:
        hashes = [one.hex() for one in proof.proof]
        print_json({"entry": seq, "from": old, "proof": hashes, "head": _described(note)})
    elif out is None:
        typer.echo(str(proof), nl=False)


@app.command(
    "export",
    epilog=examples("goodstanding ledger export home ledger.jsonl", "python3 docs/verify.py ledger.jsonl head.txt KEY"),
)
def export(
    home: HomeArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.", show_default=False)],
    json: Json = False,
) -> None:
    """Write all entries to a file, a line each, for an auditor: docs/verify.py checks it, and uses nothing of ours."""
    import orjson

    checked_apart("FILE", file, [home])
    with opened(home, read_only=True) as there, progress("Export", "entries") as step:
        size = there.ledger.head().size
        with whole_or_nothing(file) as beside, beside.open("wb") as written:
            for one in there.ledger.entries(0, size - 1):
                written.write(orjson.dumps(one.to_json(), option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE))
                step(one.seq + 1, size)
    if json:
        print_json({"file": str(file), "entries": size})
    else:
        typer.echo(f"{how_many(size, 'entry', 'entries')} written to {file}")


@app.command(
    "verify",
    epilog=examples(
        "goodstanding ledger verify home",
        "goodstanding ledger verify home --head head.txt --trust trusted.txt",
    ),
)
def verify(
    home: HomeArgument,
    kept: Annotated[
        list[Path] | None,
        typer.Option("--head", metavar="FILE", help="A signed head that you kept; may be given again."),
    ] = None,
    trust: TrustFile = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Hold segments against their sums only, and do not read their rows.")
    ] = False,
    json: Json = False,
) -> None:
    """Go through all entries, signed heads, segments and single events, and name what is not as it was written.

    Leaves with 1 where something is not.
    """
    from goodstanding.record.auditing import audit
    from goodstanding.record.ledger.trust import FILE, Trust

    own = home / FILE
    theirs = Trust.read(trust or own) if trust is not None or own.is_file() else Trust()
    given = {str(path): read_note(path) for path in kept or []}
    with progress("Verify", "entries") as step:
        notes = list(given.values())
        verdict = audit(home, trust=theirs, given=notes, deep=not quick, clock=system_clock, progress=step)
    if trust is not None:
        verdict = with_quorum(verdict, given, theirs)
    if json:
        print_json(verdict_as_json(verdict))
    else:
        tell_verdict(verdict)
    if not verdict.ok:
        raise typer.Exit(GoodstandingError.exit_code)


# --- Heads and witnesses ---------------------------------------------------------------------------------------------


def _heads(home: Home) -> Heads:
    from goodstanding.record.ledger.heads import Heads

    return Heads(home.ledger, home.signer)


def _ask(heads: Heads, note: Note, witnesses: Sequence[Witness]) -> list[Asked]:
    from goodstanding.record.disk import RealDisk
    from goodstanding.record.ledger.asking import ask_all

    asked = ask_all(heads, note, witnesses, clock=system_clock, disk=RealDisk())
    for one in asked:
        if one.why:
            typer.echo(f"witness {one.witness} did not sign: {one.why}", err=True)
    return asked


def _described(note: Note) -> dict[str, Any]:
    from goodstanding.record.notes import Checkpoint

    said = Checkpoint.parse(note.text)
    return {"origin": said.origin, "size": said.size, "root": said.root.hex(), "note": str(note)}


def _tell_head(home: Home, note: Note, trust: Trust, asked: Sequence[Asked], *, json: bool, shown: bool) -> None:
    from goodstanding.record.ledger.heads import standing

    stands = standing(note, trust)
    if json:
        refused = {one.witness: one.why for one in asked if one.why}
        witnessed = {"witnesses": list(stands.by), "quorum": stands.enough, "refused": refused}
        print_json({**_described(note), "key": home.signer.verifier.vkey, **witnessed})
        return
    if shown:
        typer.echo(str(note), nl=False)
    if trust.witnesses:
        enough = "which is a quorum" if stands.enough else "which is no quorum"
        typer.echo(f"signed by {len(stands.by)} of {len(trust.witnesses)} witnesses, {enough}", err=True)


def _write_text(said: str, out: Path, home: Path) -> None:
    checked_apart("--out", out, [home])
    with whole_or_nothing(out) as beside:
        beside.write_text(said, encoding="utf-8")
