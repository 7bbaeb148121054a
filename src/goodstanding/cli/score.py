"""`score`: everybody's score and standing, into a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goodstanding.cli.inputs import Record, counted, metadata, read_record, require_one_record
from goodstanding.cli.options import (
    CLIENTS,
    RESIDENTS,
    AsOf,
    EventsArgument,
    HomeOption,
    Json,
    PeopleFile,
    PolicyArgument,
    RecordedBy,
    Threads,
    TiesFile,
    World,
    examples,
)
from goodstanding.cli.outputs import checked_table, print_json, write_table
from goodstanding.cli.running import Given, score_home
from goodstanding.cli.tables import counts_bars
from goodstanding.errors import how_many

if TYPE_CHECKING:
    from goodstanding.policy import Policy
    from goodstanding.scoring import Scores
    from goodstanding.standing import Standing


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "score",
        epilog=examples(
            f"goodstanding score consumer-credit {CLIENTS} --out scores.parquet",
            f"goodstanding score sesame {RESIDENTS} --out scores.csv",
            "goodstanding score consumer-credit --home HOME --as-of 2024-01-01T00:00:00Z --out scores.parquet",
            "goodstanding score my-policy.yaml book/ --as-of 2024-01-01T00:00:00Z --people people.csv --out all.jsonl",
        ),
    )(score_)


def score_(
    policy: PolicyArgument,
    as_of: AsOf,
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", help="Where to: .parquet, .csv or .jsonl.", show_default=False),
    ],
    events: EventsArgument = None,
    home: HomeOption = None,
    people: PeopleFile = None,
    ties: TiesFile = None,
    recorded_by: RecordedBy = None,
    world: World = None,
    threads: Threads = None,
    json: Json = False,
) -> None:
    """Score everybody under a policy: one row a person, with every factor's points and the standing.

    With --home the run itself is put on record: what it rested on, and the root of what came of it (see `runs`).
    """
    from goodstanding.events import format_moment
    from goodstanding.policy import load
    from goodstanding.standing import stand, to_table

    require_one_record(events, home)
    checked_table(out, [policy, *(events or []), home, people, ties])
    loaded = load(policy)
    given = Given(loaded, as_of, recorded_by, people, ties, threads)
    if home is None:
        record = read_record(events, world=world, people=people, ties=ties, keep_ids=False)
        scores, run = given.score(record), None
    else:
        record, scores, run = score_home(home, policy, given, world)
    standing = stand(scores)
    write_table(to_table(scores, standing), out, metadata(loaded, record, as_of, recorded_by))
    summary = summarised(loaded, record, scores, standing) | {"as_of": format_moment(as_of), "out": str(out)}
    summary |= {} if run is None else {"run": run}
    for said in counted(summary["unknown_corrections"], summary["events_about_others"]):
        typer.echo(said, err=True)
    if json:
        print_json(summary)
    else:
        _print(loaded, summary)


def summarised(policy: Policy, record: Record, scores: Scores, standing: Standing) -> dict[str, Any]:
    """How many people there are, how many have a score, and how many stand in each tier."""
    import numpy as np

    counts = np.bincount(standing.tier[standing.tier >= 0], minlength=len(policy.tiers))
    has = scores.given
    return {
        "people": len(scores),
        "scored": int(has.sum()),
        "policy": {"name": policy.name, "version": policy.version, "digest": policy.digest},
        "world": record.world,
        "unknown_corrections": record.book.corrections.unknown,
        "events_about_others": record.others,
        "scores": None
        if not has.any()
        else {
            "least": int(scores.score[has].min()),
            "mean": round(float(scores.score[has].mean()), 2),
            "most": int(scores.score[has].max()),
        },
        "tiers": {tier.name: int(count) for tier, count in zip(policy.tiers, counts, strict=True)},
    }


def _print(policy: Policy, summary: dict[str, Any]) -> None:
    title, version = policy.title.in_("en"), policy.version
    people = how_many(summary["people"], "person", "people")
    typer.echo(f"{people} under {title} ({policy.name} {version}), as of {summary['as_of']}")
    if not summary["people"]:
        typer.echo("Nobody to score: nobody is named; give files that hold events, or --people that names somebody.")
    unscored = summary["people"] - summary["scored"]
    if summary["scores"] is not None:
        least, mean, most = (summary["scores"][name] for name in ("least", "mean", "most"))
        typer.echo(f"Scores from {least} to {most}, {mean:.1f} on average")
    if unscored:
        typer.echo(f"Without a score, because there is not enough on record: {unscored:,}")
    if policy.tiers and summary["people"]:
        titles = {tier.name: tier.title.in_("en") for tier in policy.tiers}
        typer.echo(counts_bars([(titles[name], count) for name, count in summary["tiers"].items()]))
    typer.echo(f"Written to {summary['out']}")
    if "run" in summary:
        entry, root = summary["run"]["entry"], summary["run"]["root"][:16]
        typer.echo(f"On record as run {entry:,}, root {root}…; `goodstanding runs recompute` does it again")
