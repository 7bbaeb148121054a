"""SVG by hand: marks, a panel with axes, and a picture with a title for those who hear it instead of seeing it.

No library, no script, nothing fetched. Everything that is text goes through `text` or `picture`, which escape it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

SIDE = 250  # of a panel's square, in pixels
INK, FAINT, EVENT, OTHER = "#1d2733", "#aab2bb", "#b3402a", "#2f6db3"

# Outcome 1 is hatched, outcome 0 is plain: nothing rests on colour.
HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="6" height="6" fill="#ffffff"/><rect width="3" height="6" fill="{EVENT}"/></pattern></defs>'
)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Panel:
    """A square with axes; places within it are given in the units of its axes.

    Attributes:
        left: where the square begins in the picture; `top` likewise.
        across: the values at its left and right edge; `up`: at its lower and upper edge.
    """

    left: float
    top: float
    across: tuple[float, float] = (0, 1)
    up: tuple[float, float] = (0, 1)

    def x(self, value: float) -> float:
        """Where a value of the horizontal axis lies in the picture."""
        low, high = self.across
        return self.left + SIDE * (value - low) / (high - low)

    def y(self, value: float) -> float:
        """Where a value of the vertical axis lies in the picture."""
        low, high = self.up
        return self.top + SIDE * (1 - (value - low) / (high - low))

    def line(self, points: Iterable[Point], stroke: str, *, dashes: str = "", width: float = 2) -> str:
        """A line through points."""
        places = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        return f'<polyline points="{places}" fill="none" stroke="{stroke}" stroke-width="{width}"{dashed}/>'

    def box(self, start: Point, stop: Point, fill: str, stroke: str) -> str:
        """A rectangle between its lower left and its upper right corner."""
        x, y = self.x(start[0]), self.y(stop[1])
        size = f'width="{self.x(stop[0]) - x:.1f}" height="{self.y(start[1]) - y:.1f}"'
        return f'<rect x="{x:.1f}" y="{y:.1f}" {size} fill="{fill}" stroke="{stroke}"/>'

    def dot(self, place: Point) -> str:
        """A ring around a point that the text speaks of."""
        return f'<circle cx="{self.x(place[0]):.1f}" cy="{self.y(place[1]):.1f}" r="5" fill="none" stroke="{INK}"/>'

    def frame(self, heading: str, below: str, beside: str, ticks: Sequence[tuple[str, Point]] = ()) -> str:
        """The axes, what they mean, and the numbers along them (a tick's text and its place on an edge)."""
        bottom, middle = self.top + SIDE, self.left + SIDE / 2
        marks = [
            f'<path d="M{self.left},{self.top} V{bottom} H{self.left + SIDE}" fill="none" stroke="{INK}"/>',
            text(self.left, self.top - 14, heading, weight="bold"),
            text(middle, bottom + 50, below, anchor="middle"),
            text(self.left - 44, self.top + SIDE / 2, beside, anchor="middle", turned=True),
        ]
        return "".join([*marks, *(self._tick(said, place) for said, place in ticks)])

    def _tick(self, said: str, place: Point) -> str:
        """A number under the lower edge, or left of the left one."""
        x, y = self.x(place[0]), self.y(place[1])
        return (
            text(x, y + 17, said, anchor="middle") if place[1] == self.up[0] else text(x - 6, y + 4, said, anchor="end")
        )


def text(x: float, y: float, said: str, *, anchor: str = "start", weight: str = "normal", turned: bool = False) -> str:
    """A line of text; turned: read from below."""
    turn = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if turned else ""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}"'
    return f"<text {place}{turn}>{escape(said)}</text>"


def picture(size: tuple[int, int], title: str, description: str, marks: Iterable[str]) -> str:
    """A whole SVG document; the title is drawn too, the description is only heard."""
    width, height = size
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" aria-labelledby="title description" '
        f'font-family="DejaVu Sans, Arial, sans-serif" font-size="12" fill="{INK}">'
        f'<title id="title">{escape(title)}</title><desc id="description">{escape(description)}</desc>{HATCH}'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    )
    return "\n".join([head, text(18, 26, title, weight="bold"), *marks, "</svg>\n"])
