"""`lab run` and `lab list`: an experiment run into a folder of tables, and what an experiment may name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from goodstanding.cli.options import Json, Lang, Language, Threads, examples
from goodstanding.cli.outputs import checked_apart, print_json
from goodstanding.cli.progress import progress
from goodstanding.cli.tables import even
from goodstanding.errors import UsageError

if TYPE_CHECKING:
    from goodstanding.lab.experiments.model import Experiment

ROWS_SHOWN = 12
NEEDED = ("scipy",)

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "head": "{title}: {question}",
        "size": "{cells} cities of {residents:,} residents, {months} months",
        "changes": "In the last month, of everybody, over {seeds} seeds (the other less the baseline; 95 %)",
        "one_seed": "One seed tells nothing of chance: give more for intervals.",
        "measure": "measure",
        "baseline": "baseline",
        "other": "other",
        "difference": "difference",
        "from": "from",
        "to": "to",
        "more": "… and {n} more; comparisons.parquet has all",
        "written": "Written to {out}; `goodstanding lab report {out}` tells it",
    },
    "zh": {
        "head": "{title}：{question}",
        "size": "{cells}座城市，每座{residents:,}名居民，{months}个月",
        "changes": "最后一个月、全体居民、{seeds}个种子（对照减基准；95%）",
        "one_seed": "一个种子说明不了偶然性：多给几个种子才有区间。",
        "measure": "指标",
        "baseline": "基准",
        "other": "对照",
        "difference": "差",
        "from": "从",
        "to": "到",
        "more": "……另有{n}行；comparisons.parquet 有全部",
        "written": "已写入{out}；用`goodstanding lab report {out}`讲述",
    },
}

Group = Literal["experiments", "scorers", "mechanisms", "measures", "parameters"]


def experiment_names(incomplete: str) -> list[str]:
    """Names of the shipped experiments, for shell completion."""
    folder = Path(__file__).parent.parent / "lab" / "experiments" / "shipped"
    return sorted(path.stem for path in folder.glob("*.yaml") if path.stem.startswith(incomplete))


ExperimentArgument = Annotated[
    str,
    typer.Argument(
        metavar="EXPERIMENT",
        help="An experiment file, or the name of a shipped one (see `goodstanding lab list`).",
        show_default=False,
        autocompletion=experiment_names,
    ),
]
OutFolder = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="The folder to make, or to take up.", show_default=False)
]
Resume = Annotated[bool, typer.Option("--resume", help="Take up the run that the folder holds, to the same bytes.")]
Residents = Annotated[
    int | None,
    typer.Option("--residents", min=10, metavar="N", help="In place of the document's own.", show_default=False),
]
Months = Annotated[
    int | None, typer.Option("--months", min=1, metavar="N", help="In place of the document's own.", show_default=False)
]
Seeds = Annotated[
    int | None, typer.Option("--seeds", min=1, metavar="N", help="In place of the document's own.", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "run",
        epilog=examples(
            "goodstanding lab run loyalty --out loyalty",
            "goodstanding lab run my-experiment.yaml --out results --resume",
            "goodstanding lab run friends --residents 1000 --months 12 --seeds 2 --out small",
        ),
    )(run_)
    app.command(
        "list",
        epilog=examples("goodstanding lab list", "goodstanding lab list measures --lang zh"),
    )(list_)


def run_(
    experiment: ExperimentArgument,
    out: OutFolder,
    resume: Resume = False,
    residents: Residents = None,
    months: Months = None,
    seeds: Seeds = None,
    threads: Threads = None,
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Run an experiment: every policy under every variant with every seed, then what differs, with its uncertainty.

    All of the document's faults are said before anything runs. The tables have the same bytes for any number of
    threads, and for a run that was killed and taken up again.
    """
    need_laboratory()
    from goodstanding.book import cores
    from goodstanding.lab.experiments.run import run
    from goodstanding.lab.experiments.shelf import found_experiment

    found = read_given(experiment, residents=residents, months=months, seeds=seeds)
    checked_apart("--out", out, [found_experiment(experiment)])
    with progress("Experiment", "resident-months") as step:
        run(found, out, cores=threads or cores(), step=step, resume=resume)
    if json:
        print_json(summary(found, out))
    else:
        typer.echo(told(found, out, lang))


def read_given(
    experiment: str, *, residents: int | None = None, months: int | None = None, seeds: int | None = None
) -> Experiment:
    """An experiment by its file or name, of another size where one is asked for.

    Raises:
        InputError: there is none, or it is at fault.
    """
    from goodstanding.errors import InputError, Problem
    from goodstanding.lab.experiments.known import known
    from goodstanding.lab.experiments.resolving import read_experiment
    from goodstanding.lab.experiments.shelf import found_experiment
    from goodstanding.lab.experiments.smaller import resized

    path = found_experiment(experiment)
    if (residents, months, seeds) == (None, None, None):
        return read_experiment(path, known())
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError([Problem(str(path), None, "it is not UTF-8", "a document in UTF-8")]) from error
    return read_experiment(
        resized(text, str(path), residents=residents, months=months, seeds=seeds), known(), file=str(path)
    )


def need_laboratory() -> None:
    """Say what to install where the laboratory's extra is not there.

    Raises:
        UsageError: it is not.
    """
    from importlib.util import find_spec

    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise UsageError(f"the laboratory needs {', '.join(missing)}; install goodstanding[lab]")


def summary(experiment: Experiment, out: Path) -> dict[str, Any]:
    """What was run, for programs."""
    from goodstanding.lab.experiments.run import described

    tables = sorted(path.name for path in out.glob("*.parquet"))
    return {**described(experiment), "out": str(out), "tables": tables}


def told(experiment: Experiment, out: Path, lang: Lang) -> str:
    """What was run and what differs, as text."""
    words = WORDS[lang]
    cells = len(list(experiment.cells()))
    months = experiment.warm_up + experiment.months
    blocks = [
        words["head"].format(title=experiment.title.in_(lang), question=experiment.question.in_(lang)),
        words["size"].format(cells=cells, residents=experiment.residents, months=months),
    ]
    return "\n\n".join(["\n".join(blocks), *_differences(experiment, out, lang), words["written"].format(out=out)])


def _differences(experiment: Experiment, out: Path, lang: Lang) -> list[str]:
    """Those of the last month and of everybody, in the order in which measures are told."""
    import pyarrow.compute as pc
    from pyarrow import parquet

    words = WORDS[lang]
    table = parquet.read_table(out / "comparisons.parquet")
    if not table.num_rows:
        return []
    last = pc.equal(table["month"], pc.max(table["month"]))
    rows = table.filter(pc.and_(last, pc.equal(table["group"], ""))).to_pylist()
    head = [f"  {words['measure']}", *(words[word] for word in ("baseline", "other", "difference", "from", "to"))]
    plain = len(experiment.variants) == 1
    shown = [head, *(_row(row, lang, plain=plain) for row in rows[:ROWS_SHOWN])]
    more = [f"  {words['more'].format(n=len(rows) - ROWS_SHOWN)}"] if len(rows) > ROWS_SHOWN else []
    seeds = len(experiment.seeds)
    said = [words["changes"].format(seeds=seeds), even(shown, right=(3, 4, 5)), *more]
    return ["\n".join(said), *([words["one_seed"]] if seeds == 1 else [])]


def _row(row: Mapping[str, Any], lang: Lang, *, plain: bool) -> list[str]:
    """One difference; with `plain`, the sides go by their policies, since there is but one variant."""
    title = title_of(row["measure"], lang)
    scorer = f" ({row['scorer']})" if row["scorer"] else ""
    numbers = [f"{row[key]:+.4g}" for key in ("difference", "low", "high")]
    sides = [row[side].partition("/")[0] if plain else row[side] for side in ("baseline", "other")]
    return [f"  {title}{scorer}", *sides, *numbers]


def title_of(measure: str, lang: Lang) -> str:
    """What a measure is called, also those of comparisons alone."""
    from goodstanding.lab.measures import MEASURES

    return MEASURES[measure].title.in_(lang) if measure in MEASURES else MOVES[measure][lang]


MOVES: Mapping[str, Mapping[str, str]] = {
    "share_rising": {"en": "Residents who stand higher", "zh": "分数更高的居民比例"},
    "share_falling": {"en": "Residents who stand lower", "zh": "分数更低的居民比例"},
}
"""Measures of comparisons alone."""


def list_(
    group: Annotated[
        Group, typer.Argument(metavar="GROUP", help="experiments, scorers, mechanisms, measures or parameters.")
    ] = "experiments",
    lang: Language = "en",
    json: Json = False,
) -> None:
    """List what an experiment may name: shipped experiments, scorers, mechanisms, measures, parameters."""
    need_laboratory()
    rows = LISTS[group](lang)
    if json:
        print_json(rows)
    else:
        typer.echo(even([list(row.values()) for row in rows]))


def _experiments(lang: Lang) -> list[dict[str, str]]:
    from goodstanding.lab.experiments.known import known
    from goodstanding.lab.experiments.resolving import read_experiment
    from goodstanding.lab.experiments.shelf import shipped

    read = [read_experiment(path, known()) for path in shipped().values()]
    return [{"name": one.name, "title": one.title.in_(lang), "question": one.question.in_(lang)} for one in read]


def _scorers(lang: Lang) -> list[dict[str, str]]:
    from goodstanding.lab.experiments.shelf import scorers
    from goodstanding.policy import load

    read = [load(path) for path in scorers().values()]
    return [{"name": one.name, "title": one.title.in_(lang)} for one in read]


def _mechanisms(lang: Lang) -> list[dict[str, str]]:
    from goodstanding.lab.society import MECHANISMS

    return [{"name": name, "title": one.title[lang], "about": one.about[lang]} for name, one in MECHANISMS.items()]


def _measures(lang: Lang) -> list[dict[str, str]]:
    from goodstanding.lab.measures import MEASURES, UNITS

    return [
        {"name": name, "unit": UNITS[one.unit].in_(lang), "title": one.title.in_(lang)}
        for name, one in MEASURES.items()
    ]


def _parameters(_: Lang) -> list[dict[str, str]]:
    """What they are is told in the document of parameters alone, in one language."""
    from goodstanding.lab.parameters import load

    return [
        {
            "name": one.name,
            "value": one.said,
            "range": f"{one.low:.15g} … {one.high:.15g}",
            "from": "assumption" if one.source is None else "source",
            "unit": one.unit,
        }
        for one in load().each()
    ]


LISTS: Mapping[str, Callable[[Lang], list[dict[str, str]]]] = {
    "experiments": _experiments,
    "scorers": _scorers,
    "mechanisms": _mechanisms,
    "measures": _measures,
    "parameters": _parameters,
}
