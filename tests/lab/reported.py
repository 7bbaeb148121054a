"""A run folder for the tests of the report: the tables that a run leaves, with figures that are drawn here.

The experiment is read, and its cells are put together and compared, by the laboratory's own code; only what happens in
a cell is made up, so that every claim about a report can be made of figures that are known beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from goodstanding.lab.experiments.comparing import write_comparisons
from goodstanding.lab.experiments.known import known
from goodstanding.lab.experiments.model import Cell
from goodstanding.lab.experiments.resolving import read_experiment
from goodstanding.lab.experiments.tables import MEASURES, STORIES, CellTables, combine, write_cell

LOYALTY = """
goodstanding: 1
experiment: loyalty-small
title: {en: "Loyalty, small", zh: "忠诚（小）"}
question: {en: What does a loyalty factor do to speech?, zh: 忠诚因素对言论有什么影响？}
about: {en: Two rule books score the same city., zh: 两套规则为同一城市评分。}
city: {residents: 60, months: 6, warm_up: 2, parameters: {people.minority_share: 0.2}}
policies:
  - {policy: national, as: without-loyalty, title: {en: Without loyalty, zh: 不含忠诚}, without: [loyalty]}
  - {policy: national, as: with-loyalty, title: {en: With loyalty, zh: 含忠诚}}
seeds: 4
compare: {baseline: without-loyalty, to: with-loyalty}
measures: [speech.suppressed, friends.degree]
"""

MONTHS = range(2, 8)
"""The months that are measured: two are only lived through."""


def made_run(
    folder: Path, document: str = LOYALTY, *, effects: Sequence[float] = (0, 0.1), stories: bool = True
) -> Path:
    """Write a run folder.

    Args:
        effects: by side in the order of cells, the share of speech that is suppressed beyond 2 percent.
    """
    folder.mkdir(parents=True, exist_ok=True)
    experiment = read_experiment(document, known(), str(folder / "experiment.yaml"))
    cells = folder / "cells"
    places: dict[str, int] = {}
    for cell in experiment.cells():
        effect = effects[places.setdefault(str(cell.side), len(places)) % len(effects)]
        write_cell(cells / cell.name, cell, _tables(cell, effect, stories=stories))
    combine(experiment, cells, folder)
    write_comparisons(experiment, cells, folder)
    (folder / "experiment.yaml").write_text(document, encoding="utf-8")
    return folder


def _tables(cell: Cell, effect: float, *, stories: bool) -> CellTables:
    dice = np.random.default_rng(cell.seed)  # the same for every side, as in the laboratory
    residents = _residents(cell, effect, dice)
    return CellTables(
        measures=_measures(cell, effect, dice),
        residents=residents,
        history=pa.table({"resident": pa.array([], pa.string())}),
        stories=_stories(cell) if stories else STORIES.empty_table(),
    )


def _measures(cell: Cell, effect: float, dice: np.random.Generator) -> pa.Table:
    noise = dice.normal(0, 0.005, len(MONTHS))
    rows: list[dict[str, Any]] = []
    for month, luck in zip(MONTHS, noise, strict=True):
        grown = (month - MONTHS.start) / (len(MONTHS) - 1)
        own = 0.001 * (cell.seed % 3) * (effect > 0)
        rows += [
            {"month": month, "scorer": "", "measure": name, "group": group, "value": value}
            for name, group, value in (
                ("speech.suppressed", "", 0.02 + luck + effect * grown + own),
                ("speech.suppressed", "loud", 0.03 + luck + 2 * effect * grown + own),
                ("friends.degree", "", 15 + 20 * luck),
            )
        ]
    return pa.Table.from_pylist(rows, MEASURES)


def _residents(cell: Cell, effect: float, dice: np.random.Generator) -> pa.Table:
    many = cell.experiment.residents
    outspoken = dice.random(many)
    first = dice.integers(900, 1100, many)
    last = first + 20 - (400 * effect * outspoken).astype(int)
    return pa.table(
        {
            "resident": [f"R{number:07}" for number in range(many)],
            "age": pa.array(dice.integers(18, 80, many), pa.int16()),
            "income": pa.array(dice.integers(200_000, 2_000_000, many), pa.int64()),
            "minority": pa.array(dice.random(many) < 0.2),
            "honesty": pa.array(dice.random(many), pa.float32()),
            "outspoken": pa.array(outspoken, pa.float32()),
            "first_score": pa.array(first, pa.int32()),
            "last_score": pa.array(last, pa.int32()),
            "first_tier": np.where(first < 1000, "b", "a").tolist(),
            "last_tier": np.where(last < 1000, "b", "a").tolist(),
        }
    )


def _stories(cell: Cell) -> pa.Table:
    rows = []
    for role, number, step in (("rose", 4, 12), ("fell", 17, -15), ("wronged", 42, -5)):
        for at, month in enumerate(MONTHS):
            wrong = role == "wronged" and at >= 3
            rows.append(
                {
                    "role": role,
                    "resident": f"R{number:07}",
                    "month": month,
                    "score": 1000 + step * at,
                    "change": step if at else None,
                    "tier": "a" if step > 0 else "b",
                    "lists": ["court"] if wrong else [],
                    "sanctions": ["no_flights:in_force"] if wrong else [],
                    "wrongly": wrong,
                    "events": [_event(number) for number in range(8 if at == 3 else 1)],
                    "lines": [{"factor": "f", "points": 1, "change": step, "en": "Bills on time.", "zh": "按时付账。"}],
                }
            )
    return pa.Table.from_pylist(rows, STORIES)


def _event(number: int) -> dict[str, Any]:
    return {
        "type": "bill.paid",
        "count": 1,
        "amount": None,
        "value": None,
        "label": None,
        "en": f"A bill was paid, number {number}.",
        "zh": f"付了第{number}笔账。",
    }
