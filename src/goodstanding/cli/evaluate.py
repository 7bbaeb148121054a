"""`evaluate`: how well scores foretold what became of people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goodstanding.cli.options import Json, examples, policy_names, whole
from goodstanding.cli.outputs import checked_apart, print_json, whole_or_nothing
from goodstanding.cli.scored import read_scores
from goodstanding.cli.tables import bar, even
from goodstanding.errors import UsageError

if TYPE_CHECKING:
    from goodstanding.evaluation import Evaluation, Figure

PLOTS = (".svg", ".png")


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


ScoresFile = Annotated[
    Path, typer.Argument(metavar="SCORES", help="A file that `goodstanding score` wrote.", show_default=False)
]
OutcomesFile = Annotated[
    Path,
    typer.Argument(
        metavar="OUTCOMES",
        help="What became of people: person, and outcome (1 where it happened, else 0); .csv or .parquet.",
        show_default=False,
    ),
]
TiersOf = Annotated[
    str | None,
    typer.Option(
        "--policy",
        metavar="POLICY",
        help="The order of the tiers; otherwise they stand by their rate.",
        autocompletion=policy_names,
        show_default=False,
    ),
]
Bootstrap = Annotated[
    int,
    typer.Option(
        "--bootstrap", metavar="N", parser=whole(0, 100_000), help="Samples for the intervals, up to 100,000; 0: none."
    ),
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", parser=whole(0, 2**32 - 1), help="Of the samples.")]
PlotFile = Annotated[
    Path | None, typer.Option("--plot", metavar="FILE", help="Draw it: .svg or .png.", show_default=False)
]


def evaluate_(
    scores: ScoresFile,
    outcomes: OutcomesFile,
    policy: TiersOf = None,
    bootstrap: Bootstrap = 1000,
    seed: Seed = 1,
    plot: PlotFile = None,
    json: Json = False,
) -> None:
    """Hold scores against what became of people: AUC, KS, Gini, and the rate by tier, with 95 % intervals."""
    from goodstanding.evaluation import evaluate, read_outcomes
    from goodstanding.policy import load

    if plot is not None:
        _check_plot(plot, [scores, outcomes, policy])
    loaded = None if policy is None else load(policy)
    table, known = read_scores(scores), read_outcomes(outcomes)
    order = None if loaded is None else [tier.name for tier in loaded.tiers]
    became = known.of(table["person"])
    found = evaluate(table["score"], became, tiers=table["tier"], order=order, bootstrap=bootstrap, seed=seed)
    if plot is not None:
        draw(found, plot)
    unknown = known.unknown(table["person"])
    if json:
        print_json({**found.to_dict(), "outcomes_of_nobody_scored": unknown})
        return
    typer.echo(evaluation_text(found, unknown))
    if plot is not None:
        typer.echo(f"\nDrawn in {plot}")


def _check_plot(plot: Path, inputs: list[Path | str | None]) -> None:
    """A path to draw to: of a known ending, and apart from what is read."""
    if plot.suffix not in PLOTS:
        raise UsageError(f"--plot {plot}: the ending says the format: write one of {', '.join(PLOTS)}")
    checked_apart("--plot", plot, inputs)


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
