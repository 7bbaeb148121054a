"""The report as one page that loads and runs nothing: both languages, both widths of every plot, its own style."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from goodstanding import __version__
from goodstanding.errors import GoodstandingError
from goodstanding.lab.report.beside import NOTHING_BESIDE, Beside
from goodstanding.lab.report.part import Part
from goodstanding.lab.report.plot import NARROW, WIDE, Plot, inline
from goodstanding.lab.report.run import Run
from goodstanding.lab.report.words import LANGS, NAMES, TAGS, Lang, say

LARGEST: Final = 3_000_000
"""Bytes: what can still be mailed to anybody."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A plot's pictures on the page, and its Vega-Lite form in base64."""

    wide: Markup
    narrow: Markup
    spec: str


def page(run: Run, first: Lang = "en", beside: Beside = NOTHING_BESIDE) -> str:
    """The whole page.

    Args:
        first: the language that is shown where the address asks for none.

    Raises:
        GoodstandingError: it has become too large to be mailed.
    """
    langs = (first, *(lang for lang in LANGS if lang != first))
    text = (
        environment(escaping=True)
        .get_template("page.html.jinja")
        .render(
            langs=langs,
            names=NAMES,
            tags=TAGS,
            parts={lang: Part(run, lang, beside) for lang in langs},
            style=Markup(_style()),  # noqa: S704 our own file
            say=say,
            draw=draw,
            version=__version__,
        )
    )
    size = len(text.encode())
    if size > LARGEST:
        raise GoodstandingError(
            f"the report has {size:,} bytes, more than {LARGEST:,}: ask for fewer policies or variants"
        )
    return text


def draw(plot: Plot) -> Drawn:
    """A plot in both widths."""
    wide = plot.spec(WIDE)
    return Drawn(
        wide=Markup(inline(wide)),  # noqa: S704 made by the renderer, which escapes
        narrow=Markup(inline(plot.spec(NARROW))),  # noqa: S704 the same
        spec=base64.b64encode(json.dumps(wide, ensure_ascii=False).encode()).decode(),
    )


def code(text: str) -> Markup:
    """A text whose parts between backticks are names of numbers and rule books."""
    parts = text.split("`")
    return Markup().join(
        Markup("<code>{}</code>").format(part) if at % 2 else escape(part) for at, part in enumerate(parts)
    )


def environment(*, escaping: bool) -> Environment:
    """The templates; a blank that nobody fills is an error."""
    made = Environment(
        loader=PackageLoader("goodstanding.lab.report"),
        autoescape=escaping,  # noqa: S701 off for Markdown and style alone, which no browser reads as a page
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["code"] = code
    return made


def _style() -> str:
    templates = environment(escaping=False)
    assert templates.loader is not None
    return templates.loader.get_source(templates, "style.css")[0]
