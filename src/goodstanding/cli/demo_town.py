"""The end of the demo: a made-up town, two small experiments on it, each on a page of its own, and its record."""

from __future__ import annotations

import shutil
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from goodstanding.cli import demo_record
from goodstanding.cli.lab_run import read_given
from goodstanding.cli.progress import Step, progress
from goodstanding.errors import UsageError

if TYPE_CHECKING:
    from goodstanding.lab.report import Run

RESIDENTS, MONTHS, SEED = 10_000, 12, 1
"""The town."""

EXPERIMENTS: Final = ("loyalty", "friends")
SMALL: Final = {"residents": 1_000, "months": 12, "seeds": 3}
"""The experiments, smaller than they are shipped."""

OURS: Final = {"town", *EXPERIMENTS, *(f"{name}.html" for name in EXPERIMENTS), *demo_record.OURS}
"""All that a demo leaves in its folder."""


def clear(out: Path) -> None:
    """Make room for a demo's files, where only an earlier demo's are.

    Raises:
        UsageError: the folder holds something else.
    """
    if out.exists() and (not out.is_dir() or {one.name for one in out.iterdir()} - OURS):
        raise UsageError(f"--out {out}: holds something that no demo made; name another folder")
    if out.exists():
        shutil.rmtree(out)
    out.mkdir(parents=True)


def town(out: Path) -> dict[str, int]:
    """Build the town; what it holds, counted."""
    from goodstanding.book import cores
    from goodstanding.cli.lab_city import lived
    from goodstanding.lab.city import found
    from goodstanding.lab.month.writing import write_city
    from goodstanding.lab.parameters import load

    total = RESIDENTS * (MONTHS + 1)
    with _shown("Town") as step:
        city = found(RESIDENTS, SEED, load(), cores())
        written = write_city(
            out / "town", city, lived(city, MONTHS, cores()), lambda month: step(RESIDENTS * (month + 2), total)
        )
    return {"residents": RESIDENTS, "months": MONTHS, "events": written.events, "ties": written.ties}


def experiment(name: str, out: Path) -> Run:
    """Run one experiment, and write its page beside it."""
    from goodstanding.book import cores
    from goodstanding.lab.experiments.run import run
    from goodstanding.lab.report import page, read_run

    with _shown(name.capitalize()) as step:
        run(read_given(name, **SMALL), out / name, cores=cores(), step=step)
    found = read_run(out / name)
    (out / f"{name}.html").write_text(page(found), encoding="utf-8")
    return found


def lines(out: Path) -> Iterator[str]:
    """Parts five to seven of the demo, each when it is done."""
    from goodstanding.lab.report.telling import answer

    built = town(out)
    yield from _headed(f"5  A made-up town of {built['residents']:,}, whom nobody has scored yet")
    yield f"{built['months']} months, {built['events']:,} events, {built['ties']:,} ties, in {out / 'town'}"
    yield from _headed("6  What a score does to such a town, before anyone lives under it")
    for name in EXPERIMENTS:
        question = read_given(name).question.in_("en")
        first, second = answer(experiment(name, out), "en")
        yield f"{question}\n  {first}\n  {second}\n  The whole page: {out / f'{name}.html'}\n"
    yield from demo_record.put_on_record(out / "town", out).lines()


def summary(out: Path) -> dict[str, Any]:
    """The same for programs."""
    from goodstanding.lab.report.telling import answer

    built = town(out)
    answers = {name: list(answer(experiment(name, out), "en")) for name in EXPERIMENTS}
    return {
        "town": built,
        "experiments": answers,
        "pages": [str(out / f"{name}.html") for name in EXPERIMENTS],
        "record": asdict(demo_record.put_on_record(out / "town", out)),
    }


def show(out: Path) -> None:
    """Open the first page in the browser."""
    webbrowser.open((out / f"{EXPERIMENTS[0]}.html").absolute().as_uri())


def _shown(what: str) -> AbstractContextManager[Step]:
    """A bar for whoever watches; a log has the parts of the demo themselves to go by."""
    return progress(what, "resident-months") if sys.stderr.isatty() else nullcontext(_untold)


def _untold(done: int, total: int | None = None) -> None:
    """Nobody watches."""


def _headed(text: str) -> Iterator[str]:
    yield f"\n{text}\n{'─' * len(text)}"
