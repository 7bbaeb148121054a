"""`lab city`: a made-up city, its events, people and ties, in files that every other command reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goodstanding.cli.options import Json, Threads, examples
from goodstanding.cli.outputs import checked_apart, print_json
from goodstanding.cli.progress import progress
from goodstanding.errors import UsageError

if TYPE_CHECKING:
    from goodstanding.lab.city import City
    from goodstanding.lab.month import Recorded

FEWEST_MONTHS, MOST_MONTHS = 0, 600


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "city",
        epilog=examples(
            "goodstanding lab city --residents 10000 --months 24 --seed 1 --out town",
            "goodstanding score sesame town/events.parquet --people town/people.parquet --ties town/ties.parquet "
            "--as-of 2020-01-01T00:00:00Z --out scores.parquet",
            "goodstanding lab city --residents 500 --out village --parameters my-parameters.yaml",
        ),
    )(city_)


def city_(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to make.", show_default=False)],
    residents: Annotated[int, typer.Option("--residents", min=1, metavar="N", help="How many live there.")] = 10_000,
    months: Annotated[
        int,
        typer.Option(
            "--months", min=FEWEST_MONTHS, max=MOST_MONTHS, metavar="M", help="How many months they live, from 2018 on."
        ),
    ] = 24,
    seed: Annotated[int, typer.Option("--seed", min=0, metavar="S", help="Which of all cities it is.")] = 1,
    parameters: Annotated[
        Path | None,
        typer.Option(
            "--parameters", metavar="FILE", help="Numbers to put in the place of the shipped ones.", show_default=False
        ),
    ] = None,
    threads: Threads = None,
    json: Json = False,
) -> None:
    """Make up a city, with nobody scoring it: events.parquet, people.parquet, ties.parquet, errors.parquet, city.yaml.

    The same residents, months, seed and parameters make the same bytes, on however many threads.
    """
    from goodstanding.book import cores
    from goodstanding.lab.city import found
    from goodstanding.lab.month.writing import write_city
    from goodstanding.lab.parameters import load

    checked_apart("--out", out, [parameters])
    if out.exists():
        raise UsageError(f"--out {out}: is there already; name a new folder")
    if not out.absolute().parent.is_dir():
        raise UsageError(f"--out {out}: there is no folder {out.absolute().parent}; make it first")
    numbers = load(parameters)
    threads = threads or cores()
    with progress("City", "resident-months") as step:
        city = found(residents, seed, numbers, threads)
        total = residents * (months + 1)
        written = write_city(
            out, city, lived(city, months, threads), lambda month: step(residents * (month + 2), total)
        )
    summary: dict[str, Any] = {
        "residents": residents,
        "months": months,
        "seed": seed,
        "digest": numbers.digest,
        "events": written.events,
        "ties": written.ties,
        "errors": written.errors,
        "out": str(out),
    }
    if json:
        print_json(summary)
    else:
        _tell(summary)


def lived(city: City, months: int, threads: int) -> Iterator[tuple[int, Recorded]]:
    """What stands on record of each month, and before the first; nobody is scored, and so nothing moves anybody."""
    from goodstanding.lab.city.arrays import nothing_yet, unmoved
    from goodstanding.lab.month import Recorder, begin, live

    recorder = Recorder(city, threads)
    state, before = begin(city, threads)
    yield -1, recorder.record(before, -1)
    dispositions, tally = unmoved(city.residents), nothing_yet(city.residents)
    for month in range(months):
        yield month, recorder.record(live(city, month, state, dispositions, tally, threads), month)


def _tell(summary: dict[str, Any]) -> None:
    typer.echo(f"A city of {summary['residents']:,} residents, {summary['months']} months, seed {summary['seed']}")
    typer.echo(
        f"{summary['events']:,} events on record, {summary['ties']:,} ties; "
        f"{summary['errors']:,} late, doubled, misplaced or missed"
    )
    typer.echo(f"Parameters {summary['digest'][:12]}")
    typer.echo(f"Written to {summary['out']}: events, people, ties, errors (.parquet) and city.yaml")
