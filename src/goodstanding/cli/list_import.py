"""`list`: lists that somebody sends, matched with who is on record; and what merely resembles, for a reviewer."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from goodstanding.cli.home import Actor, HomeArgument
from goodstanding.cli.homes import derived, opened, whoever
from goodstanding.cli.options import Json, examples, moment, policy_names
from goodstanding.cli.outputs import checked_table, print_json, write_table
from goodstanding.cli.progress import progress
from goodstanding.cli.tables import even
from goodstanding.errors import UsageError

if TYPE_CHECKING:
    from goodstanding.record.home import Home
    from goodstanding.record.lists_given import Falls, Imported, Order, Waiting

app = typer.Typer(no_args_is_help=True, help="Import lists that a source sends, and review what resembles somebody.")
near = typer.Typer(no_args_is_help=True, help="Review rows that resemble somebody's identifier; nothing rests on them.")
app.add_typer(near, name="near")

Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept in the vault, sealed.", show_default=False)
]
NearName = Annotated[
    str, typer.Argument(metavar="NAME", help="What `list near list` calls it, or its beginning.", show_default=False)
]


def _text(name: str, metavar: str, what: str) -> Any:
    return typer.Option(f"--{name}", metavar=metavar, help=what, show_default=False)


@app.command(
    "import",
    epilog=examples(
        "goodstanding list import HOME list.csv --list defaulter --source court --policy sesame",
        "goodstanding list import HOME list.csv --list d --source court --opens court.listed --closes court.settled",
        "goodstanding list import HOME list.csv --list d --source court --policy p.yaml --agreement court --complete",
        "goodstanding list import HOME list.csv --list d --source court --policy sesame --rescore sesame "
        "--as-of 2024-01-01T00:00:00Z",
    ),
)
def import_(
    home: HomeArgument,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="With id or hmac, since, until, case, amount and ground.", show_default=False
        ),
    ],
    name: Annotated[str, _text("list", "NAME", "The list.")],
    source: Annotated[str, _text("source", "NAME", "Who sends it.")],
    by: Annotated[str, typer.Option("--by", metavar="KIND", help="The kind of identifier.")] = "national_id",
    opens: Annotated[str | None, _text("opens", "TYPE", "The type of event that opens a listing.")] = None,
    closes: Annotated[str | None, _text("closes", "TYPE", "The one that ends it.")] = None,
    policy: Annotated[
        str | None,
        typer.Option(
            "--policy",
            metavar="POLICY",
            help="A policy that has the list, and says both types.",
            autocompletion=policy_names,
            show_default=False,
        ),
    ] = None,
    complete: Annotated[
        bool, typer.Option("--complete", help="Whoever is not in the file comes off the list.")
    ] = False,
    agreement: Annotated[str | None, _text("agreement", "NAME", "Under which it is sent (see `list agree`).")] = None,
    give_back: Annotated[
        Literal["counts", "matched"] | None,
        typer.Option(
            "--give-back", help="What to write for the sender; the agreement must allow it.", show_default=False
        ),
    ] = None,
    out: Annotated[Path | None, _text("out", "FILE", "Where to write it: .parquet, .csv or .jsonl.")] = None,
    rescore: Annotated[
        str | None,
        typer.Option(
            "--rescore",
            metavar="POLICY",
            help="Say how many of those matched fell by how much.",
            autocompletion=policy_names,
            show_default=False,
        ),
    ] = None,
    as_of: Annotated[
        int | None,
        typer.Option("--as-of", metavar="TIME", parser=moment, help="For which moment.", show_default=False),
    ] = None,
    actor: Actor = None,
    json: Json = False,
) -> None:
    """Import a list, all of it or nothing; no identifier is kept, told or written.

    A row is about somebody only where its identifier is theirs exactly. In a live home nothing is kept of a row about
    somebody who did not consent to the source.
    """
    from goodstanding.record.lists_given import Order, import_list

    if (rescore is None) != (as_of is None) or (give_back is None) != (out is None):
        raise UsageError("--rescore goes with --as-of, and --give-back with --out")
    if out is not None:
        checked_table(out, [file, home])
    opening, closing = _types(name, opens, closes, policy)
    order = Order(name, source, opening, closing, actor or whoever(), by, complete, agreement)
    with opened(home, read_only=False) as record:
        _require_agreed(record, agreement, give_back)
        before = derived(record).book if rescore is not None else None
        with progress("Reading", "rows") as step:
            done = import_list(record, file, order, progress=step)
        found = None if before is None or rescore is None else _falls(record, rescore, before, done, as_of or 0)
    if out is not None and give_back is not None:
        _give_back(done, give_back, out)
    if json:
        told = {**done.counts(), "taken": done.taken.to_json()}
        print_json(told | ({} if found is None else {"falls": found.to_json()}))
    else:
        _print(done, order, found)


def _types(name: str, opens: str | None, closes: str | None, policy: str | None) -> tuple[str, str | None]:
    from goodstanding.policy import load
    from goodstanding.record.lists_given import types_of

    if opens is not None:
        return opens, closes
    if policy is None:
        raise UsageError("say what a row becomes: --opens TYPE, or --policy POLICY whose list of that name says it")
    found = types_of(load(policy), name)
    return found[0], closes or found[1]


def _require_agreed(home: Home, name: str | None, give_back: str | None) -> None:
    """Before anything is done: what is given back must be agreed.

    Raises:
        UsageError: it is not.
    """
    from goodstanding.record.identity import agreement

    if give_back is None:
        return
    if name is None:
        raise UsageError("--give-back: nothing is given back without an --agreement")
    if give_back == "matched" and agreement(home, name).gives_back != "matched":
        raise UsageError(f"--give-back matched: agreement {name!r} allows counts only; nothing was taken")


def _falls(home: Home, policy: str, before: Any, done: Imported, as_of: int) -> Falls:
    from goodstanding.policy import load
    from goodstanding.record.lists_given import falls

    return falls(load(policy), before, done.people, done.new(home), as_of=as_of)


def _give_back(done: Imported, what: str, out: Path) -> None:
    import pyarrow as pa

    back = done.given_back()
    table = pa.table({"row": done.rows_matched}) if what == "matched" else pa.table({k: [v] for k, v in back.items()})
    write_table(table, out, {})


def _print(done: Imported, order: Order, found: Falls | None) -> None:
    rows = [[f"  {name}", f"{count:,}"] for name, count in done.counts().items() if count or name != "removed"]
    typer.echo(f"List {order.name} of {order.source}\n" + even(rows, right=[1]))
    for line in done.taken.lines():
        typer.echo(line)
    if done.near:
        typer.echo("Rows that resemble somebody wait for a reviewer: goodstanding list near list")
    if found is not None:
        sizes = [[f"  by {size}", f"{many:,}"] for size, many in found.fell.items()]
        tiers = [[f"  {moved}", f"{many:,}"] for moved, many in found.tiers.items()]
        head = [["fell or moved", ""], ["  same", f"{found.same:,}"], ["  rose", f"{found.rose:,}"]]
        typer.echo(even([*head, *sizes, *tiers], right=[1]))


@app.command("agree", epilog=examples("goodstanding list agree HOME court --source court --gives-back counts"))
def agree(
    home: HomeArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call the agreement.", show_default=False)],
    source: Annotated[str, _text("source", "NAME", "With whom.")],
    gives_back: Annotated[
        Literal["counts", "matched"], typer.Option("--gives-back", help="What the sender may be told.")
    ] = "counts",
    key: Annotated[Path | None, _text("key", "FILE", "The key that was agreed, 32 bytes; else one is drawn.")] = None,
    actor: Actor = None,
    json: Json = False,
) -> None:
    """Put an agreement with a sender of lists on record; its key lies in HOME/keys/agreements."""
    from goodstanding.record.identity import agree as agreed

    given = None if key is None else key.read_bytes()
    with opened(home, read_only=False) as record:
        agreed(record, name, sender=source, gives_back=gives_back, actor=actor or whoever(), key=given)
    told = {"agreement": name, "source": source, "gives_back": gives_back}
    if json:
        print_json(told)
    else:
        typer.echo(f"Agreed with {source}: {name}, which gives back {gives_back}")


@app.command("show", epilog=examples("goodstanding list show HOME", "goodstanding list show HOME --json"))
def show(home: HomeArgument, json: Json = False) -> None:
    """Show which lists were imported, and what came of them."""
    from goodstanding.events import format_moment
    from goodstanding.record.ledger.entries.lists import ListImported

    with opened(home, read_only=True) as record:
        entries = list(record.ledger.entries(kind=ListImported.KIND))
    if json:
        print_json([{"entry": one.seq, "recorded": format_moment(one.recorded), **one.body} for one in entries])
        return
    names = ("name", "rows", "matched", "unconsented", "near", "unmatched")
    rows = [[str(one.seq), format_moment(one.recorded), *(str(one.body[name]) for name in names)] for one in entries]
    typer.echo(even([["entry", "recorded", *names], *rows]))


@near.command("list", epilog=examples("goodstanding list near list HOME"))
def near_list(home: HomeArgument, json: Json = False) -> None:
    """List the rows that wait, without any identifier: the sender's file says what stands in a row."""
    from goodstanding.record.lists_given import waiting

    with opened(home, read_only=True) as record:
        found = waiting(record)
    if json:
        print_json([asdict(one) for one in found])
        return
    head = ["name", "list", "row", "what differs", "others", "person"]
    rows = [[one.name[:12], one.list_name, str(one.row), one.slip, str(one.others), one.person] for one in found]
    typer.echo(even([head, *rows]) if rows else "Nothing waits.")


@near.command("confirm", epilog=examples("goodstanding list near confirm HOME 4f1c --reason 'asked the court'"))
def near_confirm(home: HomeArgument, name: NearName, reason: Reason, actor: Actor = None, json: Json = False) -> None:
    """Say that a row is about the person whom it resembles: the listing is taken."""
    from goodstanding.record.lists_given import confirm

    with opened(home, read_only=False) as record:
        _decided(confirm(record, name, reason=reason, actor=actor or whoever()), "confirmed", json=json)


@near.command("refuse", epilog=examples("goodstanding list near refuse HOME 4f1c --reason 'another family'"))
def near_refuse(home: HomeArgument, name: NearName, reason: Reason, actor: Actor = None, json: Json = False) -> None:
    """Say that a row is not about the person whom it resembles: it is gone, and does not come back."""
    from goodstanding.record.lists_given import refuse

    with opened(home, read_only=False) as record:
        _decided(refuse(record, name, reason=reason, actor=actor or whoever()), "refused", json=json)


def _decided(found: Waiting, what: str, *, json: bool) -> None:
    if json:
        print_json({"name": found.name, "list": found.list_name, "decision": what})
    else:
        typer.echo(f"Row {found.row:,} of list {found.list_name}: {what}")
