"""A plot as a value: what it shows in words, its data as a table, its Vega-Lite form, and the picture that comes of it.

A page carries each plot twice, drawn wide and drawn narrow, and shows the one that fits: so letters stay readable on a
telephone, nothing has to run, and nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any, Final, TypeAlias

import altair as alt
import vl_convert

from goodstanding.lab.report.run import Side

Drawing: TypeAlias = alt.LayerChart | alt.FacetChart
Rows: TypeAlias = Sequence[Mapping[str, Any]]

SVG: Final = "http://www.w3.org/2000/svg"
FONT: Final = "Arial, 'Liberation Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
INK, FAINT, GROUND = "#1d2733", "#d5dae0", "#ffffff"

COLOURS: Final = ("#3d4a57", "#b3402a", "#1f6fb4", "#8a6100", "#6b4c9a", "#00796b", "#a3316f", "#5b6b00")
DASHES: Final = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4], [12, 4], [2, 5], [9, 2, 2, 2, 2, 2])
"""Of each side by its number: told apart by colour and by dash, so that neither is needed."""

HALO: Final[dict[str, Any]] = {"stroke": "#ffffff", "strokeWidth": 4}
"""Of words that stand on lines: drawn once more beneath them."""

PNG_SCALE: Final = 2
LETTER: Final = 9
"""Pixels that a letter of a title takes, at most."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How much room there is.

    Attributes:
        width: of the plotted part and its labels, in pixels.
    """

    name: str
    width: int

    @property
    def is_narrow(self) -> bool:
        """Whether it is a telephone's."""
        return self.width < 480  # noqa: PLR2004 between the two that there are


WIDE, NARROW = Shape("wide", 680), Shape("narrow", 330)


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot in one language.

    Attributes:
        name: what its files and its place on the page are called by.
        description: what is to be seen, in words, with the figures that matter.
        head, rows: its data as a table; the first column names the row.
        chart: draws it for a shape.
    """

    name: str
    title: str
    description: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    chart: Callable[[Shape], Drawing]

    def spec(self, shape: Shape = WIDE) -> dict[str, Any]:
        """Its Vega-Lite form, data and title and all."""
        spec: dict[str, Any] = self.chart(shape).to_dict(validate=False)  # tests hold every plot to the schema
        lines = wrapped(self.title, shape.width // LETTER).split("\n")
        return spec | {
            "title": {"text": lines, "anchor": "start", "fontSize": 16, "color": INK, "offset": 14},
            "description": f"{self.title}. {self.description}",
            "background": GROUND,
            "config": THEME,
            "autosize": {"type": "fit-x", "contains": "padding"},
            "padding": 8,
        }

    def svg(self, shape: Shape = WIDE) -> str:
        """A picture of its own, with title and description for those who hear it."""
        told = f"<title>{escape(self.title)}</title><desc>{escape(self.description)}</desc>"
        return _opened(
            vl_convert.vegalite_to_svg(self.spec(shape)), f'role="img" aria-label="{escape(self.title)}"', told
        )

    def png(self, shape: Shape = WIDE) -> bytes:
        """The same in pixels, twice as many each way."""
        drawn: bytes = vl_convert.vegalite_to_png(self.spec(shape), scale=PNG_SCALE)
        return drawn


def inline(spec: Mapping[str, Any]) -> str:
    """A plot's picture as part of a page, on which its title and description stand beside it."""
    drawn = vl_convert.vegalite_to_svg({key: value for key, value in spec.items() if key != "title"})
    picture = _opened(drawn, 'aria-hidden="true" focusable="false"', "")
    assert ' id="' not in picture, "names within a picture would have to differ from all others on the page"
    return picture


THEME: Final[dict[str, Any]] = {
    "font": FONT,
    "axis": {
        "labelFontSize": 13, "titleFontSize": 13, "titleFontWeight": "normal", "labelColor": INK, "titleColor": INK,
        "gridColor": FAINT, "domainColor": INK, "tickColor": INK, "labelLimit": 260,
    },
    "legend": {
        "labelFontSize": 13, "titleFontSize": 13, "labelColor": INK, "orient": "top", "direction": "vertical",
        "labelLimit": 320, "symbolSize": 220, "symbolStrokeWidth": 3, "title": None,
    },
    "text": {"fontSize": 13, "color": INK},
    "view": {"stroke": None},
}  # fmt: skip


@cache
def can_draw(letters: str) -> bool:
    """Whether this machine has a font with some letters: two that it lacks look alike.

    Args:
        letters: two different ones.
    """
    head = f'<svg xmlns="{SVG}" width="40" height="40"><text y="30" font-size="30" font-family="{FONT}">'
    pictures = {vl_convert.svg_to_png(f"{head}{letter}</text></svg>") for letter in letters}
    return len(pictures) == len(letters)


def name_of(*parts: str) -> str:
    """What files and places on a page are called by: small letters, digits and single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-")


def colour_of(side: Side) -> str:
    """The colour of a side."""
    return COLOURS[side.number % len(COLOURS)]


def data(rows: Rows) -> alt.InlineData:
    """Rows within the chart itself."""
    return alt.InlineData(values=[dict(row) for row in rows])


def wrapped(label: str, width: int) -> str:
    """A long label broken into lines; Chinese is broken anywhere, and counts double."""
    lines, line, room = [], "", 0.0
    for word in re.findall(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+", label):
        need = sum(2 if ord(letter) > 0x2E80 else 1 for letter in word)  # noqa: PLR2004 where Chinese begins
        if line and room + need > width + 1:
            lines.append(line.strip())
            line, room = "", 0.0
        line, room = line + word, room + need
    return "\n".join([*lines, line.strip()])


LINES: Final = "split(datum.label, '\\n')"
"""An axis label on the lines that `wrapped` made."""


def _opened(svg: str, attributes: str, told: str) -> str:
    """Another first tag: the size comes from where it stands, the words from us."""
    found = re.match(r"<svg[^>]*?viewBox=\"0 0 ([\d.]+) ([\d.]+)\"[^>]*>", svg)
    assert found is not None, "vl-convert begins a picture with its size"
    wide, high = found.groups()
    head = f'<svg xmlns="{SVG}" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" {attributes}>{told}'
    return head + _plainer(svg[found.end() :])


def _plainer(svg: str) -> str:
    """Without what only a reader of single marks would need; what a mark says of itself stays as its tooltip."""
    svg = re.sub(r"(<path [^>]*?)aria-label=\"([^\"]*)\"([^>]*?)/>", r"\1\3><title>\2</title></path>", svg)
    return re.sub(r' (?:aria-[a-z]+|role|class|pointer-events)="[^"]*"', "", svg)
