"""`lab sweep`: an experiment over and over with other numbers, and which of its conclusions survive."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from goodstanding.cli.lab_run import (
    ExperimentArgument,
    Months,
    OutFolder,
    Residents,
    Resume,
    Seeds,
    need_laboratory,
    read_given,
    title_of,
)
from goodstanding.cli.options import Json, Lang, Language, Threads, examples
from goodstanding.cli.outputs import checked_apart, print_json
from goodstanding.cli.progress import progress
from goodstanding.cli.tables import even
from goodstanding.errors import UsageError

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "head": "{title}: {points} points besides the experiment as it is",
        "none": "As it is, nothing differs for certain: there is no conclusion that could survive.",
        "survive": "{kept} of {all} conclusions kept their direction at every point",
        "conclusion": "conclusion",
        "difference": "difference",
        "kept": "kept",
        "clear": "clearly",
        "reversed": "reversed",
        "hangs_on": "hangs most on",
        "written": "Written to {out}",
    },
    "zh": {
        "head": "{title}：除原样外，另取{points}组数值",
        "none": "原样之下没有确定的差别，也就没有可供检验的结论。",
        "survive": "{all}个结论中有{kept}个在所有数值下方向不变",
        "conclusion": "结论",
        "difference": "差",
        "kept": "不变",
        "clear": "其中确定",
        "reversed": "相反",
        "hangs_on": "最取决于",
        "written": "已写入{out}",
    },
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "sweep",
        epilog=examples(
            "goodstanding lab sweep loyalty --latin 40 --residents 2000 --seeds 4 --out sweep",
            "goodstanding lab sweep loyalty --over behaviour_silence.watched=0.05:0.4:4 --out sweep",
            "goodstanding lab sweep friends --over d-friends:dimensions.circle.max=0:160:5 --out sweep",
        ),
    )(sweep_)


def sweep_(
    experiment: ExperimentArgument,
    out: OutFolder,
    over: Annotated[
        list[str] | None,
        typer.Option(
            "--over",
            metavar="NAME=LOW:HIGH:STEPS",
            help="A parameter (group.name) or a number of a policy (POLICY:path) over a range; several make a grid.",
            show_default=False,
        ),
    ] = None,
    latin: Annotated[
        int | None,
        typer.Option(
            "--latin",
            min=2,
            max=10_000,
            metavar="N",
            help="Draws of a Latin hypercube over every assumption, each over its range.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, metavar="S", help="Of the draws.")] = 1,
    resume: Resume = False,
    residents: Residents = None,
    months: Months = None,
    seeds: Seeds = None,
    threads: Threads = None,
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Run an experiment with other numbers, and say which of its conclusions survive, and what they hang on."""
    need_laboratory()
    from goodstanding.book import cores
    from goodstanding.lab.experiments.shelf import found_experiment
    from goodstanding.lab.experiments.surviving import sweep
    from goodstanding.lab.experiments.sweeping import Over
    from goodstanding.lab.experiments.sweeping import grid as of_grid
    from goodstanding.lab.experiments.sweeping import latin as of_latin

    if bool(over) == (latin is not None):
        raise UsageError("give --over NAME=low:high:steps, or --latin N, and not both")
    overs = [Over.read(text) for text in over or ()]
    found = read_given(experiment, residents=residents, months=months, seeds=seeds)
    checked_apart("--out", out, [found_experiment(experiment)])
    points = of_grid(found, overs) if latin is None else of_latin(found, latin, seed)
    with progress("Sweep", "resident-months") as step:
        sweep(found, points, out, cores=threads or cores(), step=step, resume=resume)
    conclusions = _conclusions(out)
    if json:
        print_json({"experiment": found.name, "points": len(points) - 1, "out": str(out), "conclusions": conclusions})
    else:
        words = WORDS[lang]
        head = words["head"].format(title=found.title.in_(lang), points=len(points) - 1)
        typer.echo("\n\n".join([head, _told(conclusions, lang), words["written"].format(out=out)]))


def _conclusions(out: Path) -> list[dict[str, Any]]:
    from pyarrow import parquet

    rows: list[dict[str, Any]] = parquet.read_table(out / "conclusions.parquet").to_pylist()
    return rows


def _told(conclusions: list[dict[str, Any]], lang: Lang) -> str:
    words = WORDS[lang]
    if not conclusions:
        return words["none"]
    kept = sum(one["kept"] == one["draws"] for one in conclusions)
    columns = ("conclusion", "difference", "kept", "clear", "reversed", "hangs_on")
    rows = [["  " + words["conclusion"], *(words[word] for word in columns[1:])]]
    rows += [_row(one, lang) for one in conclusions]
    return words["survive"].format(kept=kept, all=len(conclusions)) + "\n" + even(rows, right=(1, 2, 3, 4))


def _row(one: Mapping[str, Any], lang: Lang) -> list[str]:
    scorer = f" ({one['scorer']})" if one["scorer"] else ""
    said = f"  {title_of(one['measure'], lang)}{scorer}: {one['baseline']} → {one['other']}"
    counts = [f"{one[name]}/{one['draws']}" for name in ("kept", "clear", "reversed")]
    hangs = "–" if one["hangs_on"] is None else f"{one['hangs_on']} ({one['correlation']:+.2f})"
    return [said, f"{one['difference']:+.4g}", *counts, hangs]
