"""`lab findings`: what was published of such scores, held against what the laboratory's people do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from goodstanding.cli.options import Json, Threads, examples
from goodstanding.cli.outputs import print_json, whole_or_nothing
from goodstanding.cli.progress import progress
from goodstanding.cli.tables import even
from goodstanding.errors import UsageError

LANGUAGES = ("en", "zh")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "findings",
        epilog=examples(
            "goodstanding lab findings --out findings",
            "goodstanding lab findings --out findings --residents 2000 --seeds 3",
        ),
    )(findings_)


def findings_(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write to.", show_default=False)],
    residents: Annotated[
        int,
        typer.Option("--residents", min=100, metavar="N", help="Of a city; ten times as many where listings count."),
    ] = 20_000,
    seeds: Annotated[int, typer.Option("--seeds", min=1, metavar="N", help="How many cities: seeds 1 to N.")] = 20,
    threads: Threads = None,
    json: Json = False,
) -> None:
    """Hold the laboratory against published findings: reproduced, missed, or not testable, and why.

    Writes findings.json (everything), findings.md and findings.zh.md. No parameter was ever tried against a finding;
    whether the parameters are those that were committed before the first run, it says.
    """
    from goodstanding.book import cores
    from goodstanding.lab.findings import document_of, judged, markdown, run

    if out.exists() and not out.is_dir():
        raise UsageError(f"--out {out}: is no folder; name a folder, which is made where it is missing")
    out.mkdir(parents=True, exist_ok=True)
    with progress("living", "resident-months") as step:
        table = run(residents, range(1, seeds + 1), workers=threads or cores(), step=step)
    document = document_of(judged(table), table, residents)
    _write(out, document, {language: markdown(document, language) for language in LANGUAGES})
    if json:
        print_json(document)
    else:
        typer.echo(told(document))
        typer.echo(f"\nWritten to {out}")


def _write(out: Path, document: Mapping[str, Any], texts: Mapping[str, str]) -> None:
    import orjson

    with whole_or_nothing(out / "findings.json") as beside:
        beside.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    for language, text in texts.items():
        with whole_or_nothing(out / ("findings.md" if language == "en" else f"findings.{language}.md")) as beside:
            beside.write_text(text, encoding="utf-8")


def told(document: Mapping[str, Any]) -> str:
    """The outcome as a table for the terminal."""
    from goodstanding.lab.findings import VERDICTS, figure, summary

    rows = [["", "", "published", "the model, 95 % interval", ""]]
    for finding in document["findings"]:
        verdict = VERDICTS[finding["verdict"]].in_("en")
        rows.append([finding["name"], finding["title"]["en"], "", "", verdict])
        for test in finding["tests"]:
            said = VERDICTS[test["verdict"]].in_("en")
            rows.append(["", f"  {test['what']['en']}", test["published"]["en"], figure(test), f"  {said}"])
    as_committed = "" if document["parameters_as_committed"] else NOT_AS_COMMITTED
    return f"{even(rows)}\n\n{summary(document)}{as_committed}"


NOT_AS_COMMITTED = "\nThe parameters are not those that were committed before the first run of the findings."
