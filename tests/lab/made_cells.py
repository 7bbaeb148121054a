"""Cells that are made up in a moment, for what has to be shown of running, combining, comparing and sweeping.

They are functions of a module, so that other processes find them.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from goodstanding.errors import InputError
from goodstanding.lab.experiments.model import Cell
from goodstanding.lab.experiments.running import Lived
from goodstanding.lab.experiments.tables import MEASURES, STORIES, CellTables
from goodstanding.lab.streams import key_of, uniforms

PLACE = 999
"""The purpose of the dice."""


def made(cell: Cell, threads: int, lived: Lived) -> CellTables:
    """Tables as of a cell: the seed draws a number a resident, policies and parameters move it."""
    experiment = cell.experiment
    luck = uniforms(key_of(cell.seed), experiment.residents, 0, PLACE)
    shift = 10 * len(cell.policy.name) + 1000 * cell.parameters.number("people.minority_share")
    rows = []
    for month in range(experiment.months):
        lived(experiment.residents)
        mean = float(luck.mean()) + shift + month
        rows += [(month, cell.scorings[0].name, "scores.mean", "", mean)]
        rows += [(month, cell.scorings[0].name, "scores.mean", "minority_yes", mean / 2)]
        rows += [(month, "", "speech.critical", "", float(luck.max()))]
    columns = list(zip(*rows, strict=True))
    return CellTables(
        measures=pa.table(dict(zip(MEASURES.names, columns, strict=True)), schema=MEASURES),
        residents=pa.table(
            {
                "resident": [f"R{number:07d}" for number in range(experiment.residents)],
                "last_score": pa.array((100 * luck + shift).astype(np.int32), mask=luck < 0.01),
            }
        ),
        history=pa.table({"resident": ["R0000000"], f"points.{cell.policy.name}": [1]}),
        stories=STORIES.empty_table(),
    )


def slow(cell: Cell, threads: int, lived: Lived) -> CellTables:
    """The same, with time to be killed in."""
    time.sleep(0.3)
    return made(cell, threads, lived)


def dying(cell: Cell, threads: int, lived: Lived) -> CellTables:
    """A process that is gone while it lives through the second seed."""
    if cell.seed > 1:
        os._exit(9)
    return made(cell, threads, lived)


def failing(cell: Cell, threads: int, lived: Lived) -> CellTables:
    """A cell in which something is wrong."""
    raise InputError(f"{cell.name} cannot be lived through")


def counting(cell: Cell, threads: int, lived: Lived) -> CellTables:
    """Leaves a trace of every cell that is lived through, in the folder that the environment names."""
    (Path(os.environ["COUNTED"]) / f"{cell.name}-{threads}-{os.getpid()}").touch()
    return made(cell, threads, lived)
