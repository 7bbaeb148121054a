"""`evaluate`: how well scores foretold what became of people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goodstanding.cli.options import Json, examples, policy_names
from goodstanding.cli.outputs import ENDINGS, checked_apart, print_json, whole_or_nothing
from goodstanding.cli.tables import bar, even
from goodstanding.errors import InputError, Problem, UsageError, nearest

if TYPE_CHECKING:
    import pyarrow as pa

    from goodstanding.evaluation import Evaluation, Figure

PLOTS = (".svg", ".png")
HEADED = 2
"""The line of the first row under a header."""

WHOLE = "^[+-]?[0-9]+$"
SCORED = ("person", "score", "tier")
"""What is read of a file of scores."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "evaluate",
        epilog=examples(
            "goodstanding evaluate scores.parquet outcomes.csv",
            "goodstanding evaluate scores.parquet outcomes.csv --policy consumer-credit --plot evaluation.svg",
            "goodstanding evaluate scores.csv outcomes.parquet --bootstrap 0 --json",
        ),
    )(evaluate_)


def evaluate_(
    scores: Annotated[
        Path, typer.Argument(metavar="SCORES", help="A file that `goodstanding score` wrote.", show_default=False)
    ],
    outcomes: Annotated[
        Path,
        typer.Argument(
            metavar="OUTCOMES",
            help="What became of people: person, and outcome (1 where it happened, else 0); .csv or .parquet.",
            show_default=False,
        ),
    ],
    policy: Annotated[
        str | None,
        typer.Option(
            "--policy",
            metavar="POLICY",
            help="The order of the tiers; otherwise they stand by their rate.",
            autocompletion=policy_names,
            show_default=False,
        ),
    ] = None,
    bootstrap: Annotated[
        int, typer.Option("--bootstrap", min=0, max=100_000, metavar="N", help="Samples for the intervals; 0: none.")
    ] = 1000,
    seed: Annotated[int, typer.Option("--seed", min=0, metavar="N", help="Of the samples.")] = 1,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Draw it: .svg or .png.", show_default=False)
    ] = None,
    json: Json = False,
) -> None:
    """Hold scores against what became of people: AUC, KS, Gini, and the rate by tier, with 95 % intervals."""
    from goodstanding.evaluation import evaluate, read_outcomes
    from goodstanding.policy import load

    if plot is not None and plot.suffix not in PLOTS:
        raise UsageError(f"--plot {plot}: the ending says the format: write one of {', '.join(PLOTS)}")
    if plot is not None:
        checked_apart("--plot", plot, [scores, outcomes, policy])
    loaded = None if policy is None else load(policy)
    table, known = read_scores(scores), read_outcomes(outcomes)
    found = evaluate(
        table["score"],
        known.of(table["person"]),
        tiers=table["tier"],
        order=None if loaded is None else [tier.name for tier in loaded.tiers],
        bootstrap=bootstrap,
        seed=seed,
    )
    if plot is not None:
        draw(found, plot)
    unknown = known.unknown(table["person"])
    if json:
        print_json({**found.to_dict(), "outcomes_of_nobody_scored": unknown})
    else:
        typer.echo(evaluation_text(found, unknown))
        if plot is not None:
            typer.echo(f"\nDrawn in {plot}")


def read_scores(path: Path) -> pa.Table:
    """The columns person, score and tier of a file of scores.

    Raises:
        InputError: it cannot be read, lacks a column, names somebody twice, or holds a score that is no whole number.
    """
    import pyarrow as pa

    readers: Mapping[str, Callable[[Path], pa.Table]] = {
        ".parquet": _read_parquet,
        ".csv": _read_csv,
        ".jsonl": _read_json_lines,
    }
    if path.suffix not in readers:
        raise InputError([Problem(str(path), None, f"a file ending in {path.suffix!r}", " or ".join(ENDINGS))])
    try:
        return _each_once(path, readers[path.suffix](path))
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError([Problem(str(path), None, f"cannot be read: {error}", "a file of scores")]) from error


def _read_parquet(path: Path) -> pa.Table:
    from pyarrow import parquet

    _check_columns(path, parquet.read_schema(path).names)
    return parquet.read_table(path, columns=list(SCORED))


def _read_csv(path: Path) -> pa.Table:
    """Nothing is guessed from what a cell looks like: the people `007`, `NA` and `2018-01-01` keep their names."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    with csv.open_csv(path) as head:
        _check_columns(path, head.schema.names)
    words = dict.fromkeys(SCORED, pa.string())
    options = csv.ConvertOptions(column_types=words, include_columns=SCORED, null_values=[""], strings_can_be_null=True)
    table = csv.read_csv(path, convert_options=options)
    scores = table["score"]
    wrong = pc.fill_null(pc.invert(pc.match_substring_regex(scores, WHOLE)), fill_value=False)
    first = pc.index(wrong, value=True).as_py()
    if first >= 0:
        raise InputError(
            [
                Problem(
                    str(path),
                    HEADED + first,
                    f"found the score {scores[first].as_py()!r}",
                    "a whole number, or nothing",
                )
            ]
        )
    return table.set_column(1, "score", scores.cast(pa.int64()))


def _each_once(path: Path, table: pa.Table) -> pa.Table:
    """The table, in which each person stands once.

    Raises:
        InputError: somebody stands there twice, and would count twice.
    """
    import numpy as np
    import pyarrow.compute as pc

    people = table["person"].combine_chunks()
    if pc.count_distinct(people, mode="all").as_py() == len(people):
        return table
    codes = pc.fill_null(people.dictionary_encode().indices, -1).to_numpy(zero_copy_only=False)
    _, firsts, places = np.unique(codes, return_index=True, return_inverse=True)
    again = int(np.flatnonzero(firsts[places] != np.arange(len(codes)))[0])
    start = HEADED if path.suffix == ".csv" else 1
    earlier = start + int(firsts[places[again]])
    found = f"found the person {people[again].as_py()!r} again"
    raise InputError([Problem(str(path), start + again, found, f"each person once; it stands at {earlier} too")])


def _read_json_lines(path: Path) -> pa.Table:
    """As for CSV; which columns there are, the first line says, since `score` writes all of them in every line."""
    import orjson
    import pyarrow as pa
    from pyarrow import json

    with path.open("rb") as lines:
        try:
            first = orjson.loads(next(lines, b"{}"))
        except orjson.JSONDecodeError as error:
            raise pa.ArrowInvalid(f"line 1: no JSON: {error}") from error
    _check_columns(path, list(first) if isinstance(first, dict) else [])
    options = json.ParseOptions(explicit_schema=pa.schema(_types()), unexpected_field_behavior="ignore")
    return json.read_json(path, parse_options=options)


def _types() -> dict[str, pa.DataType]:
    import pyarrow as pa

    return dict(zip(SCORED, (pa.string(), pa.int64(), pa.string()), strict=True))


def _check_columns(path: Path, names: Sequence[str]) -> None:
    missing = [name for name in SCORED if name not in names]
    if missing:
        near = nearest(missing[0], names)
        found = f"no column {missing[0]!r} among {', '.join(names)}" if names else "no columns"
        hint = f"did you mean {near!r}?" if near else ""
        raise InputError([Problem(str(path), None, found, "a file that `goodstanding score` wrote", hint=hint)])


def draw(found: Evaluation, path: Path) -> None:
    """Draw the evaluation as SVG or PNG."""
    from goodstanding import charts

    with whole_or_nothing(path) as beside:
        charts.draw(found, beside, path.suffix)


def evaluation_text(found: Evaluation, unknown: int = 0) -> str:
    """The figures with their intervals, and the rate of outcome 1 in each tier."""
    lines = [
        f"{found.people:,} people with a score and an outcome; outcome 1 for {_part(found.events, found.people)}",
        "",
        even(
            [
                ["  AUC", f"{found.auc.value:.3f}", _interval(found.auc)],
                ["  Gini", f"{found.gini.value:.3f}", _interval(found.gini)],
                ["  KS", f"{found.ks.value:.3f}", _interval(found.ks), f"at a score of {found.ks_score}"],
            ]
        ),
    ]
    if found.tiers:
        lines += ["", "Outcome 1 by tier", even(_rates(found), right=(1, 2))]
        in_order = (
            "Tiers are in order." if found.tiers_in_order else "Tiers are not in order: a higher one has a higher rate."
        )
        lines += ["", in_order]
    if found.without_score:
        lines.append(f"Without a score: {found.without_score:,}, outcome 1 for {found.without_score_events:,}")
    if found.without_outcome:
        lines.append(f"Without an outcome, left out: {found.without_outcome:,}")
    if unknown:
        lines.append(f"Outcomes of people who were not scored, left out: {unknown:,}")
    return "\n".join(lines)


def _part(some: int, all_: int) -> str:
    return f"{some:,} ({some / all_:.1%})"


def _interval(figure: Figure) -> str:
    return "" if figure.low is None or figure.high is None else f"95 %: {figure.low:.3f} to {figure.high:.3f}"


def _rates(found: Evaluation) -> list[list[str]]:
    most = max((tier.rate or 0.0 for tier in found.tiers), default=0.0)
    return [
        [
            f"  {tier.tier}",
            f"{tier.people:,}",
            "–" if tier.rate is None else f"{tier.rate:.1%}",
            bar(round((tier.rate or 0.0) * 10_000), round(most * 10_000)),
        ]
        for tier in found.tiers
    ]
