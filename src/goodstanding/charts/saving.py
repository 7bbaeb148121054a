"""Writing a picture to a file: SVG as it is, PNG through an optional extra."""

from __future__ import annotations

from importlib import import_module
from os import PathLike
from pathlib import Path

from goodstanding.charts.evaluation import Evaluated, evaluation_svg
from goodstanding.errors import UsageError


def draw(evaluation: Evaluated, path: str | PathLike[str], ending: str | None = None, title: str = "") -> None:
    """Draw an evaluation into a file, in the format of its ending, or of the ending given.

    Raises:
        UsageError: as `save`.
    """
    found = evaluation.to_dict()
    save(evaluation_svg(found, title) if title else evaluation_svg(found), path, ending)


def save(svg: str, path: str | PathLike[str], ending: str | None = None) -> None:
    """Write a picture; as PNG it is twice as large.

    Raises:
        UsageError: the ending is neither .svg nor .png, or PNG is asked for and `vl-convert-python` is not there.
    """
    kind = Path(path).suffix if ending is None else ending
    if kind.lower() == ".svg":
        Path(path).write_text(svg, encoding="utf-8")
    elif kind.lower() == ".png":
        Path(path).write_bytes(_png(svg))
    else:
        raise UsageError(f"{path}: found a file ending in {kind!r}; expected .svg or .png")


def _png(svg: str) -> bytes:
    try:
        renderer = import_module("vl_convert")
    except ImportError as error:
        raise UsageError(
            "PNG needs the library vl-convert-python; install goodstanding[png], or ask for .svg"
        ) from error
    png: bytes = renderer.svg_to_png(svg, scale=2)
    return png
