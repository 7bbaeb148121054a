"""`lab report`: what a run found, as one page that can be mailed, as Markdown, and its plots as files."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goodstanding.cli.options import Json, Lang, examples
from goodstanding.cli.outputs import print_json, whole_or_nothing
from goodstanding.errors import UsageError

if TYPE_CHECKING:
    from goodstanding.lab.report import Beside, Run

PAGE, PLOTS = "report.html", "plots"
NEEDED = ("altair", "jinja2", "scipy", "vl_convert")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "report",
        epilog=examples(
            "goodstanding lab report loyalty",
            "goodstanding lab report loyalty --findings findings --sweep sweep --out loyalty.html",
            "goodstanding lab report loyalty --lang zh --markdown --plots plots",
        ),
    )(report)


def report(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder that `goodstanding lab run` wrote.", show_default=False)
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE.html", help="The page; DIR/report.html without it.", show_default=False),
    ] = None,
    lang: Annotated[
        Lang, typer.Option("--lang", help="The language of the Markdown, and the one that the page shows first.")
    ] = "en",
    markdown: Annotated[bool, typer.Option("--markdown", help="Also write it as Markdown, beside the page.")] = False,
    plots: Annotated[
        Path | None,
        typer.Option(
            "--plots",
            metavar="DIR",
            help="Also write every plot there, as SVG and PNG in both languages.",
            show_default=False,
        ),
    ] = None,
    findings: Annotated[
        Path | None,
        typer.Option(
            "--findings",
            metavar="DIR",
            help="What `goodstanding lab findings` wrote; the last whole run, which comes with this, without it.",
            show_default=False,
        ),
    ] = None,
    sweep: Annotated[
        Path | None,
        typer.Option(
            "--sweep",
            metavar="DIR",
            help="What `goodstanding lab sweep` wrote: how much hangs on what is assumed.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Make a report of a run: one page without outside parts, in English and Chinese, to mail and to print."""
    _need_laboratory()
    from goodstanding.lab.report import page, read_beside, read_run

    run = read_run(folder)
    target = _checked(folder / PAGE if out is None else out)
    told = read_beside(findings, sweep)
    text = page(run, lang, told)
    with whole_or_nothing(target) as beside:
        beside.write_text(text, encoding="utf-8")
    written: dict[str, Any] = {"page": str(target), "bytes": len(text.encode())}
    pictures = plots or (target.parent / PLOTS if markdown else None)
    if pictures is not None:
        written["plots"] = _draw(run, pictures)
    if markdown and pictures is not None:
        written["markdown"] = _write_markdown(run, lang, told, target.with_suffix(".md"), pictures)
    if json:
        print_json(written)
    else:
        typer.echo("\n".join(_lines(written)))


def _need_laboratory() -> None:
    """Say what to install where what draws and fills pages is not there.

    Raises:
        UsageError: it is not.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise UsageError(f"the report needs {', '.join(missing)}; install goodstanding[lab]")


def _checked(path: Path) -> Path:
    """A path for the page, which cannot be one of the run's own files.

    Raises:
        UsageError: another ending, or a folder that is not there.
    """
    if path.suffix != ".html":
        raise UsageError(f"--out {path}: the report is a page: name a file that ends in .html")
    if not path.parent.is_dir():
        raise UsageError(f"--out {path}: there is no folder {path.parent}; make it first")
    return path


def _draw(run: Run, folder: Path) -> list[str]:
    from goodstanding.lab.report import save_plots

    folder.mkdir(parents=True, exist_ok=True)
    return [str(path) for path in save_plots(run, folder)]


def _write_markdown(run: Run, lang: Lang, told: Beside, path: Path, pictures: Path) -> str:
    from goodstanding.lab.report import markdown

    text = markdown(run, lang, Path(os.path.relpath(pictures, path.parent)).as_posix(), told)
    with whole_or_nothing(path) as beside:
        beside.write_text(text, encoding="utf-8")
    return str(path)


def _lines(written: dict[str, Any]) -> list[str]:
    """What was written, in words."""
    lines = [f"{written['page']}: {written['bytes'] / 1e6:.1f} MB, opens anywhere, offline"]
    if "markdown" in written:
        lines.append(f"{written['markdown']}: the same as Markdown")
    if "plots" in written:
        lines.append(f"{Path(written['plots'][0]).parent}: {len(written['plots'])} pictures")
        if not any(path.endswith(".zh.png") for path in written["plots"]):
            lines.append(
                "No font with Chinese letters is installed here, so there is no PNG in Chinese; SVG needs none."
            )
    return lines
