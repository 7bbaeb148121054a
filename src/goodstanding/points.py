"""Points: what a factor gives for its measure, by bands, for each unit, or by label (specification section 3)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar, Final, Protocol

from goodstanding.document.kinds import STRING, UNREAD, Exact, ListOf, MappingOf, Unread, Whole, refuse
from goodstanding.document.nodes import Findings, Node
from goodstanding.document.shapes import Key, Shape, Values
from goodstanding.limits import MOST_POINTS

POINTS: Final = Whole(-MOST_POINTS, MOST_POINTS)


class Measured(Protocol):
    """What points are given for: an exact fraction, a label, or (both None) nothing."""

    @property
    def numerator(self) -> int | None:
        """Whole."""

    @property
    def denominator(self) -> int | None:
        """Above 0, not reduced."""

    @property
    def label(self) -> str | None:
        """A label in place of the fraction."""


class Points:
    """What the three forms share: `none`, the points where the measure is nothing."""

    __slots__ = ()

    form: ClassVar[str]
    about: ClassVar[str]
    example: ClassVar[Mapping[str, Any]]
    none: int

    def of(self, measured: Measured) -> int:
        """The points of a measure, by hand and exactly."""
        if measured.label is not None:
            return self.of_label(measured.label)
        if measured.numerator is None or measured.denominator is None:
            return self.none
        return self.of_number(Fraction(measured.numerator, measured.denominator))

    def of_number(self, number: Fraction) -> int:
        """The points of a number."""
        raise AssertionError(f"{self.form} give nothing for the number {number}: the policy was checked")

    def of_label(self, label: str) -> int:
        """The points of a label."""
        raise AssertionError(f"{self.form} give nothing for the label {label!r}: the policy was checked")

    def range(self) -> tuple[int, int]:
        """The least and the most that they can give where the measure is something."""
        raise AssertionError(f"{self.form} have a range of their own")

    def least(self, can_be_nothing: bool) -> int:  # noqa: FBT001 the one question there is
        """The least that they can give (specification section 6)."""
        least = self.range()[0]
        return min(least, self.none) if can_be_nothing else least

    def most(self, can_be_nothing: bool) -> int:  # noqa: FBT001 the one question there is
        """The most that they can give (specification section 4, "Reasons")."""
        most = self.range()[1]
        return max(most, self.none) if can_be_nothing else most


@dataclass(frozen=True, slots=True)
class Bands(Points):
    """The points of the last band that begins at or below the measure, else of the first.

    Attributes:
        bands: where each begins (None for the first) and what it gives; strictly ascending.
    """

    bands: tuple[tuple[Fraction | None, int], ...]
    none: int = 0

    form: ClassVar = "bands"
    about: ClassVar = "The points of the last band with `from` ≤ measure, else of the first."
    example: ClassVar = {"bands": [{"points": -60}, {"from": 0.8, "points": -10}, {"from": 1, "points": 40}]}

    def of_number(self, number: Fraction) -> int:
        """The points of the band in which a number lies."""
        edges = [edge for edge, _ in self.bands if edge is not None]
        return self.bands[bisect_right(edges, number)][1]

    def range(self) -> tuple[int, int]:
        """The least and the greatest band."""
        given = [points for _, points in self.bands]
        return min(given), max(given)


@dataclass(frozen=True, slots=True)
class Each(Points):
    """So many points for each full unit of the measure, held within bounds."""

    points: int
    per: Fraction = Fraction(1)
    min: int | None = None
    max: int | None = None
    none: int = 0

    form: ClassVar = "each"
    about: ClassVar = "`points` × ⌊measure ÷ `per`⌋, held within `min` (default −10,000) and `max` (default 10,000)."
    example: ClassVar = {"each": {"points": -15, "per": 1, "min": -60, "max": 0}, "none": 5}

    def of_number(self, number: Fraction) -> int:
        """The points of a number."""
        least = -MOST_POINTS if self.min is None else self.min
        most = MOST_POINTS if self.max is None else self.max
        return min(max(self.points * (number // self.per), least), most)

    def range(self) -> tuple[int, int]:
        """The bounds; where none is given, 0 on the side to which the points do not go, else ±10,000."""
        least = (0 if self.points >= 0 else -MOST_POINTS) if self.min is None else self.min
        most = (0 if self.points <= 0 else MOST_POINTS) if self.max is None else self.max
        return least, most


@dataclass(frozen=True, slots=True)
class Labels(Points):
    """The points of a label, and of all `other` labels."""

    labels: Mapping[str, int] = field(default_factory=dict)
    other: int = 0
    none: int = 0

    form: ClassVar = "labels"
    about: ClassVar = (
        "A mapping from label to points, with `other` (default 0); for `latest` of a label, and only for it."
    )
    example: ClassVar = {"labels": {"bachelor": 10, "master": 12}, "other": 0}

    def of_label(self, label: str) -> int:
        """The points of a label."""
        return self.labels.get(label, self.other)

    def range(self) -> tuple[int, int]:
        """The least and the greatest of the labels and `other`."""
        given = (*self.labels.values(), self.other)
        return min(given), max(given)


def _ascending(node: Node, findings: Findings) -> None:
    """The first band has no `from`, the others have it, strictly ascending."""
    last: Any = None
    for place, band in enumerate(node.items):
        edge = band.get("from")
        if place == 0:
            if edge is not None:
                findings.fault(band.keys["from"], "the first band has a 'from'", "none: it holds all that lies below")
        elif edge is None and isinstance(band.value, dict):
            findings.fault(band, "a band after the first has no 'from'", "from: where it begins")
        elif edge is not None and edge.is_number:
            if last is not None and edge.value <= last:
                findings.fault(edge, f"from is {edge.value}, and the band before begins at {last}", "bands that ascend")
            last = edge.value


BAND: Final = Shape(
    "a band",
    lambda points, from_=None: (from_, points),
    (
        Key("from", Exact(), "The least measure of this band; the first band has none.", into="from_"),
        Key("points", POINTS, "What the band gives.", required=True),
    ),
)


BANDS: Final = ListOf(BAND, least=1, rules=(_ascending,))


def _each_ordered(node: Node, values: Values, findings: Findings) -> None:
    if "min" in values and "max" in values and values["min"] > values["max"]:
        findings.fault(node.keys["min"], f"min is {values['min']} and max is {values['max']}", "min ≤ max")


EACH: Final = Shape(
    "points for each",
    lambda **values: values,
    (
        Key("points", POINTS, "What each full unit gives.", required=True),
        Key("per", Exact(above=0), "The unit; 1 where it is left out."),
        Key("min", POINTS, "The least that is given; −10,000 where it is left out."),
        Key("max", POINTS, "The most that is given; 10,000 where it is left out."),
    ),
    rules=(_each_ordered,),
)

NONE_KEY: Final = Key("none", POINTS, "What is given where the measure is nothing; 0 where it is left out.")
FORM_KEYS: Final[Mapping[str, tuple[Key, ...]]] = {
    "bands": (Key("bands", BANDS, Bands.about, required=True),),
    "each": (Key("each", EACH, Each.about, required=True),),
    "labels": (
        Key("labels", MappingOf(STRING, POINTS, "a mapping from label to points"), Labels.about, required=True),
        Key("other", POINTS, "What any other label gives; 0 where it is left out."),
    ),
}
FORMS: Final[Mapping[str, type[Points]]] = {"bands": Bands, "each": Each, "labels": Labels}


def _make(**values: Any) -> Points:
    if "each" in values:
        return Each(**values["each"], none=values.get("none", 0))
    return Bands(**values) if "bands" in values else Labels(**values)


@dataclass(frozen=True, slots=True)
class PointsKind:
    """The kind of value that says what a factor gives."""

    expected: str = "points: a mapping with exactly one of bands, each, labels"

    def read(self, node: Node, findings: Findings) -> Points | Unread:
        """The points, in whichever form."""
        if not isinstance(node.value, dict):
            return refuse(node, findings, self.expected)
        given = [form for form in FORMS if form in node.value]
        if len(given) != 1:
            found = f"points have {' and '.join(given)}" if given else "points have none of bands, each, labels"
            findings.fault(node, found, "exactly one of bands, each, labels")
            return UNREAD
        return Shape(f"points by {given[0]}", _make, (*FORM_KEYS[given[0]], NONE_KEY)).read(node, findings)


POINTS_KIND: Final = PointsKind()
