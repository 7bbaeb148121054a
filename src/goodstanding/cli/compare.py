"""`compare`: two policies over the same people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goodstanding.cli.inputs import read_record
from goodstanding.cli.options import (
    RESIDENTS,
    AsOf,
    EventsArgument,
    Json,
    Language,
    PeopleFile,
    RecordedBy,
    TiesFile,
    World,
    examples,
    policy_names,
)
from goodstanding.cli.outputs import checked_table, print_json, write_table
from goodstanding.cli.tables import even

if TYPE_CHECKING:
    from goodstanding.comparison import Comparison
    from goodstanding.policy import Policy

LINES_SHOWN = 12


def register(app: typer.Typer) -> None:
    """Add the command."""
    when = "--as-of 2018-01-01T00:00:00Z"
    app.command(
        "compare",
        epilog=examples(
            f"goodstanding compare sesame national {RESIDENTS}",
            f"goodstanding compare old.yaml new.yaml book/ {when} --out moves.csv",
            f"goodstanding compare old.yaml new.yaml book/ {when} --json",
        ),
    )(compare_)


def compare_(
    before: Annotated[
        str,
        typer.Argument(metavar="OLD", help="A policy.", autocompletion=policy_names, show_default=False),
    ],
    after: Annotated[
        str, typer.Argument(metavar="NEW", help="Another.", autocompletion=policy_names, show_default=False)
    ],
    events: EventsArgument,
    as_of: AsOf,
    people: PeopleFile = None,
    ties: TiesFile = None,
    recorded_by: RecordedBy = None,
    world: World = None,
    lang: Language = "en",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="One row a person: .parquet, .csv or .jsonl.", show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """Compare two policies over the same people: who moves between tiers, by how much, and which rules did it."""
    from goodstanding.comparison import compare
    from goodstanding.events import format_moment
    from goodstanding.policy import load

    if out is not None:
        checked_table(out, [before, after, *events, people, ties])
    policies = load(before), load(after)
    record = read_record(events, world=world, people=people, ties=ties, keep_ids=False)
    found = compare(
        *policies,
        record.book,
        as_of=as_of,
        recorded_by=recorded_by,
        people=record.people,
        ties=record.ties,
        lang=lang,
    )
    if out is not None:
        said = {
            f"goodstanding.{name}": f"{one.name} {one.digest}"
            for name, one in zip(("before", "after"), policies, strict=True)
        }
        when = {"goodstanding.world": record.world, "goodstanding.as_of": format_moment(as_of)}
        write_table(found.to_table(), out, when | said)
    if json:
        print_json(found.as_json())
    else:
        typer.echo(comparison_text(found, lang))
        if out is not None:
            typer.echo(f"\nWritten to {out}")


def comparison_text(found: Comparison, lang: str) -> str:
    """The comparison as text: the changes, the table of tiers, the lines that did most."""
    before, after = found.before.policy, found.after.policy
    blocks = [
        f"{found.people:,} people: {' → '.join(_policy(one, lang) for one in (before, after))}",
    ]
    if found.both:
        blocks += [_changes(found), _lines(found)]
    if before.tiers or after.tiers:
        blocks.insert(2, _matrix(found, lang))
    return "\n\n".join(blocks)


def _changes(found: Comparison) -> str:
    up, down = int((found.changes > 0).sum()), int((found.changes < 0).sum())
    middle = found.as_json()["change"]
    return (
        f"Up {up:,}, down {down:,}, the same {found.both - up - down:,}; the mean change is {middle['mean']:+.1f}, "
        f"half of all lie between {middle['p25']:+d} and {middle['p75']:+d}"
    )


def _matrix(found: Comparison, lang: str) -> str:
    """People by tier before (rows) and after (columns)."""
    heads = [{tier.name: tier.title.in_(lang) for tier in one.policy.tiers} for one in (found.before, found.after)]
    columns = [heads[1].get(name, name) for name in found.after.tiers]
    rows = [
        [f"  {heads[0].get(name, name)}", *(f"{count:,}" if count else "·" for count in counts)]
        for name, counts in zip(found.before.tiers, found.matrix.tolist(), strict=True)
        if sum(counts)
    ]
    kept = [0, *(at for at, total in enumerate(found.matrix.sum(axis=0).tolist(), 1) if total)]
    table = [[row[at] for at in kept] for row in [["  from ↓ to →", *columns], *rows]]
    return "Tiers\n" + even(table, right=tuple(range(1, len(kept))))


def _lines(found: Comparison) -> str:
    moved = [line for line in found.lines if line.moved]
    if not moved:
        return "No line differs."
    rows = [["  mean change", "mean size", "people", "line"]]
    rows += [
        [
            f"{line.total / found.both:+.2f}",
            f"{line.total_size / found.both:.2f}",
            f"{line.moved:,}",
            _titled(line.name, line.title),
        ]
        for line in moved[:LINES_SHOWN]
    ]
    more = f"\n  … and {len(moved) - LINES_SHOWN} more lines; --json has all" if len(moved) > LINES_SHOWN else ""
    return "What did it\n" + even(rows, right=(0, 1, 2)) + more


def _policy(policy: Policy, lang: str) -> str:
    return f"{policy.title.in_(lang)} ({policy.name} {policy.version})"


def _titled(name: str, title: str) -> str:
    return f"{title} ({name})" if title else name
