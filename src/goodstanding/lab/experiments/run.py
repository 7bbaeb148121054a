"""A run: every cell of an experiment in a folder, and what follows from them.

The folder holds `experiment.yaml` (the document as it was) with the policies that stood beside it, `run.json` (digests
and versions: what the tables hang on), `cells/` (four tables of each cell) and the tables of all cells. A run that was
killed is taken up where it was, to the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from platform import python_version
from typing import Any, Final

import numpy as np
import pyarrow as pa
import scipy

from goodstanding import __version__
from goodstanding.errors import GoodstandingError, UsageError
from goodstanding.lab.experiments.cell import live_cell
from goodstanding.lab.experiments.comparing import write_comparisons
from goodstanding.lab.experiments.model import Experiment
from goodstanding.lab.experiments.running import Job, Step, Work, run_cells
from goodstanding.lab.experiments.tables import combine

CELLS: Final = "cells"
DOCUMENT: Final = "experiment.yaml"
DIGESTS: Final = "run.json"


def run(
    experiment: Experiment, out: Path, *, cores: int, step: Step, resume: bool = False, work: Work = live_cell
) -> None:
    """Run an experiment into a folder.

    Args:
        cores: how many processes may work at once.
        resume: take up the run that the folder holds.
        work: what lives through a cell; another for tests.

    Raises:
        UsageError: the folder holds something, and is not to be taken up; or another experiment, or another program's.
        GoodstandingError: a process died.
    """
    begin(out, described(experiment), documents(experiment), resume=resume)
    run_cells(jobs(experiment, out), work, cores, step)
    finish(experiment, out)


def begin(out: Path, run_: Mapping[str, Any], texts: Mapping[str, str], *, resume: bool) -> None:
    """Make the folder ready: an empty one for a new run, or the one whose run is taken up.

    Raises:
        UsageError: as `run`.
    """
    told = json.dumps(run_, indent=2, ensure_ascii=False) + "\n"
    there = out / DIGESTS
    if resume and there.is_file():
        if there.read_text(encoding="utf-8") != told:
            raise UsageError(f"--resume {out}: {_otherwise(json.loads(there.read_bytes()), run_)}; name another folder")
    elif out.is_dir() and any(out.iterdir()):
        hint = (
            "there is no run in it to take up" if resume else "give --resume to take up its run, or name another folder"
        )
        raise UsageError(f"--out {out}: the folder holds something; {hint}")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in {DIGESTS: told, **texts}.items():  # the digests first: with them it can be taken up
            _keep(out / name, text)
    except OSError as error:
        raise GoodstandingError(f"{out}: cannot be written: {error.strerror or error}") from error


def _keep(path: Path, text: str) -> None:
    """Write a text, whole or not at all, unless it is there."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.part")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)


def documents(experiment: Experiment) -> dict[str, str]:
    """The documents to keep, by name: with them the run can be done again from its own folder.

    Policies that stand outside the experiment's folder stay where they are.
    """
    inside = {
        name: text
        for name, text in experiment.files.items()
        if not Path(name).is_absolute() and ".." not in Path(name).parts
    }
    return {**inside, DOCUMENT: experiment.text}


def jobs(experiment: Experiment, out: Path) -> list[Job]:
    """The cells, each with its folder."""
    return [Job(cell, out / CELLS / cell.name) for cell in experiment.cells()]


def finish(experiment: Experiment, out: Path) -> None:
    """Put the tables of all cells together, and compare."""
    combine(experiment, out / CELLS, out)
    write_comparisons(experiment, out / CELLS, out)


def described(experiment: Experiment) -> dict[str, Any]:
    """What the tables hang on: the experiment by its digests, and the programs that make them."""
    return {
        "experiment": experiment.name,
        "digest": experiment.digest,
        "residents": experiment.residents,
        "months": experiment.months,
        "warm_up": experiment.warm_up,
        "seeds": list(experiment.seeds),
        "parameters": experiment.parameters.digest,
        "policies": {plan.name: {one.name: one.policy.digest for one in plan.scorings} for plan in experiment.policies},
        "cells": {cell.name: cell.digest for cell in experiment.cells()},
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    """The programs on which bytes hang."""
    return {
        "goodstanding": __version__,
        "python": ".".join(python_version().split(".")[:2]),
        "numpy": np.__version__,
        "pyarrow": pa.__version__,
        "scipy": scipy.__version__,
    }


def _otherwise(there: Mapping[str, Any], ours: Mapping[str, Any]) -> str:
    """In what a folder's run differs from ours."""
    if there.get("digest") != ours["digest"]:
        return f"it holds a run of another experiment ({there.get('experiment')}), or of other numbers"
    old, new = there.get("versions", {}), ours["versions"]
    return "it was begun with " + ", ".join(_changed(old, new))


def _changed(old: Mapping[str, str], new: Mapping[str, str]) -> Sequence[str]:
    return [f"{name} {old.get(name)}, and this is {new[name]}" for name in new if old.get(name) != new[name]]
