"""The notebook of the laboratory runs from its first cell to its last, and says what its text says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = "notebook.ipynb"


def read(root: Path) -> Any:
    return nbformat.read(root / "examples" / "laboratory" / NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notebook")


@pytest.fixture(scope="module")
def said(root: Path, place: Path) -> list[str]:
    """What each cell of code prints, in order."""
    done = NotebookClient(
        read(root), timeout=600, kernel_name="python3", resources={"metadata": {"path": str(place)}}
    ).execute()
    return [
        "".join(output.get("text", "") for output in cell.outputs) for cell in done.cells if cell.cell_type == "code"
    ]


def test_the_notebook_is_kept_without_output_so_that_it_shows_nothing_stale(root: Path) -> None:
    kept = read(root)
    nbformat.validate(kept)
    assert not [cell for cell in kept.cells if cell.cell_type == "code" and (cell.outputs or cell.execution_count)]


def test_every_cell_runs_and_the_city_is_the_one_that_is_described(said: list[str]) -> None:
    assert said[0].startswith("200 residents of ")
    assert "numbers are assumptions" in said[1]
    assert said[2] == "What does a loyalty factor do to speech, and to whom?\n6 cities to live through\n"


def test_those_who_speak_out_pay_for_a_loyalty_factor(said: list[str]) -> None:
    """The sign that the notebook's text is about, in the small city that it makes."""
    most, least = (
        float(line.split(": ")[1].removesuffix(" points")) for line in said[5].splitlines() if line.startswith("the ")
    )
    assert most < least


def test_the_report_and_the_plot_are_left_behind(said: list[str], place: Path) -> None:
    assert "Over 3 pairs of cities with the same dice" in said[-1]
    page = (place / "loyalty-by-hand.html").read_text(encoding="utf-8")
    assert "What does a loyalty factor do to speech, and to whom?" in page
    assert (place / "who-pays.svg").read_text(encoding="utf-8").startswith("<svg")
    assert (place / "loyalty-by-hand" / "comparisons.parquet").is_file()
