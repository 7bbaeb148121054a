"""The pages of experiments leave nothing out: no key, no mechanism, no scorer, no column of any table."""

from pathlib import Path

import pyarrow as pa
import pytest

from devtools import experiments_page
from goodstanding.lab.city.arrays import Tally, Traits
from goodstanding.lab.experiments.comparing import COMPARISONS, SUMMARY
from goodstanding.lab.experiments.document import CITY, COMPARE, EXPERIMENT_KEYS, FEED, POLICY_GIVEN, VARIANT
from goodstanding.lab.experiments.known import known
from goodstanding.lab.experiments.resolving import read_experiment
from goodstanding.lab.experiments.shelf import scorers, shipped
from goodstanding.lab.experiments.surviving import CONCLUSIONS, INFLUENCES, POINTS_SCHEMA
from goodstanding.lab.experiments.tables import CELL_COLUMNS, EVENT, LINE, MEASURES, STORIES
from goodstanding.lab.society import MECHANISMS

SCHEMAS: dict[str, pa.Schema | pa.StructType] = {
    "cells": CELL_COLUMNS,
    "measures": MEASURES,
    "stories": STORIES,
    "events": EVENT,
    "lines": LINE,
    "summary": SUMMARY,
    "comparisons": COMPARISONS,
    "points": POINTS_SCHEMA,
    "conclusions": CONCLUSIONS,
    "influences": INFLUENCES,
}


def test_every_key_mechanism_scorer_and_shipped_experiment_is_on_the_page() -> None:
    text = experiments_page.text()
    shapes = (CITY.keys, POLICY_GIVEN.keys, VARIANT.keys, FEED.keys, COMPARE.keys, EXPERIMENT_KEYS)
    names = [key.name for keys in shapes for key in keys]
    names += [*MECHANISMS, *scorers()]
    assert [name for name in names if f"\n| `{name}` | " not in text] == []
    assert [name for name in shipped() if f"\n### `{name}`: " not in text] == []


def test_the_example_on_the_page_is_an_experiment() -> None:
    example = experiments_page.HEAD.partition("```yaml\n")[2].partition("```")[0]
    found = read_experiment(example, known())
    assert [plan.name for plan in found.policies] == ["national", "louder", "silent"]
    assert len(found.comparisons) == 2 * 2 + 3


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_column_of_every_table_is_on_the_page(name: str, root: Path) -> None:
    text = (root / "docs" / "laboratory-tables.md").read_text(encoding="utf-8")
    assert [field.name for field in SCHEMAS[name] if f"`{field.name}`" not in text] == []


def test_every_trait_and_all_that_can_befall_a_resident_is_on_the_page(root: Path) -> None:
    text = (root / "docs" / "laboratory-tables.md").read_text(encoding="utf-8")
    assert [name for name in (*Traits._fields, *Tally._fields) if f"`{name}`" not in text] == []
