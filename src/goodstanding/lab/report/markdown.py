"""The report as Markdown, its plots beside it as files, for whoever writes on from it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from goodstanding import __version__
from goodstanding.lab.report.beside import NOTHING_BESIDE, Beside
from goodstanding.lab.report.page import environment
from goodstanding.lab.report.part import Part
from goodstanding.lab.report.plot import can_draw
from goodstanding.lab.report.run import Run
from goodstanding.lab.report.words import LANGS, Lang

SPECIAL: Final = re.compile(r"([\\*_{}\[\]<>|#])")
LETTERS: Final[dict[Lang, str]] = {"en": "ab", "zh": "信用"}
"""Two letters that a picture in a language needs."""


def markdown(run: Run, lang: Lang, plots: str = "plots", beside: Beside = NOTHING_BESIDE) -> str:
    """The report in one language.

    Args:
        plots: the folder of the plots, as seen from the file.
    """
    templates = environment(escaping=False)
    templates.filters["md"] = escaped
    text = templates.get_template("report.md.jinja").render(
        report=Part(run, lang, beside), lang=lang, folder=plots, version=__version__
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def escaped(text: object) -> str:
    """A text that stays text: on one line, none of its signs read as Markdown but paired backticks."""
    parts = " ".join(str(text).split()).split("`")
    is_code = len(parts) % 2 == 1
    return "`".join(part if is_code and at % 2 else SPECIAL.sub(r"\\\1", part) for at, part in enumerate(parts))


def save_plots(run: Run, folder: Path) -> list[Path]:
    """Every plot in both languages as `NAME.LANG.svg`, and as PNG where this machine has a font for the language."""
    written: list[Path] = []
    for lang in LANGS:
        for plot in Part(run, lang).every_plot():
            path = folder / f"{plot.name}.{lang}.svg"
            path.write_text(plot.svg(), encoding="utf-8")
            written.append(path)
            if can_draw(LETTERS[lang]):
                path.with_suffix(".png").write_bytes(plot.png())
                written.append(path.with_suffix(".png"))
    return written
