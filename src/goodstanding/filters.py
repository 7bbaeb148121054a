"""A filter selects events: by type, source, label, party, matter, and ranges of amount and value.

It is parsed here, and applied here by hand to one event as a dictionary; the program applies it to columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final, TypeAlias

from goodstanding.document.kinds import STRING, TYPE_PATTERN, UNREAD, Exact, OneOrMore, Unread, refuse
from goodstanding.document.nodes import Findings, Node, one_of, quoted
from goodstanding.document.shapes import Key, Shape, Values

Event: TypeAlias = Mapping[str, Any]
"""One event as a dictionary with the columns of specification section 1; times are whole microseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Range:
    """Whole numbers from `min` to `max`, both inclusive, either of them open.

    The columns are whole, so a decimal `min` is rounded up and a decimal `max` down: the same events are selected.
    """

    min: int | None = None
    max: int | None = None

    def holds(self, number: int | None) -> bool:
        """Whether a number lies in it; null never does."""
        if number is None:
            return False
        return (self.min is None or number >= self.min) and (self.max is None or number <= self.max)


@dataclass(frozen=True, slots=True)
class Filter:
    """All given tests must hold; a test left out is None.

    Attributes:
        types: names and prefixes as written (`rail.*`); None only for `of` in `share` and `streak`.
    """

    types: tuple[str, ...] | None = None
    sources: tuple[str, ...] | None = None
    labels: tuple[str, ...] | None = None
    parties: tuple[str, ...] | None = None
    matters: tuple[str, ...] | None = None
    amount: Range | None = None
    value: Range | None = None

    def matches(self, event: Event) -> bool:
        """Whether an event passes every test; a null passes none."""
        return (
            self.matches_type(event["type"])
            and _among(self.sources, event.get("source"))
            and _among(self.labels, event.get("label"))
            and _among(self.parties, event.get("party"))
            and _among(self.matters, event.get("matter"))
            and (self.amount is None or self.amount.holds(event.get("amount")))
            and (self.value is None or self.value.holds(event.get("value")))
        )

    def matches_type(self, type_: str) -> bool:
        """Whether a type is named, or lies below a prefix: `rail.*` takes `rail.fare`, not `rail` nor `railway.x`."""
        return self.types is None or any(_covers(written, type_) for written in self.types)

    @classmethod
    def parse(cls, node: Node, findings: Findings, *, needs_type: bool = True) -> Filter | Unread:
        """Read a filter: a type, a prefix, or a mapping of tests."""
        if isinstance(node.value, str):
            written = SELECTED_TYPE.read(node, findings)
            return UNREAD if isinstance(written, Unread) else cls(types=(written,))
        if not isinstance(node.value, dict):
            return refuse(node, findings, FILTER.expected)
        keys = FILTER_KEYS if not needs_type else (replace(FILTER_KEYS[0], required=True), *FILTER_KEYS[1:])
        return Shape("a filter", cls, keys).read(node, findings)


def _among(wanted: tuple[str, ...] | None, found: str | None) -> bool:
    return wanted is None or found in wanted


def _covers(written: str, type_: str) -> bool:
    return type_.startswith(written[:-1]) if written.endswith(".*") else type_ == written


def prefixes(type_: str) -> Iterator[str]:
    """The prefixes below which a type lies: `rail.*` and `rail.fare.*` for `rail.fare.paid`."""
    for dot in re.finditer(r"\.", type_):
        yield f"{type_[: dot.start()]}.*"


@dataclass(frozen=True, slots=True)
class SelectedType:
    """A type of the catalogue, or a prefix below which it holds one."""

    expected: str = "a type of the catalogue, or a prefix such as rail.*"

    def read(self, node: Node, findings: Findings) -> str | Unread:
        """The type or prefix as written, if the catalogue holds it."""
        written = node.value
        if not isinstance(written, str) or not re.fullmatch(TYPE_PATTERN + r"(\.\*)?", written):
            return refuse(node, findings, self.expected)
        catalogue = findings.names.get("type")
        if catalogue is None:
            return UNREAD
        if written in catalogue or written in findings.names.get("prefix", ()):
            return written
        said = f"no type of the catalogue lies below {written!r}" if written.endswith(".*") else ""
        expected = one_of(catalogue) if catalogue else f"{self.expected}, which is empty"
        findings.fault(
            node, said or f"unknown type {quoted(written)}", expected, findings.suggestion(written, catalogue)
        )
        return UNREAD


SELECTED_TYPE: Final = SelectedType()


def _ordered(node: Node, values: Values, findings: Findings) -> None:
    if "min" in values and "max" in values and values["min"] > values["max"]:
        findings.fault(node.keys["min"], f"the range of {node.called} has its min above its max", "min ≤ max")


def _some_bound(node: Node, _values: Values, findings: Findings) -> None:
    if not node.mapping:
        findings.fault(node, f"the range of {node.called} has neither min nor max", "min, max or both")


def _range(*, min: Fraction | None = None, max: Fraction | None = None) -> Range:  # noqa: A002 the document's words
    return Range(None if min is None else ceil(min), None if max is None else floor(max))


RANGE: Final = Shape(
    "a range",
    _range,
    (
        Key("min", Exact(), "The least number that passes."),
        Key("max", Exact(), "The greatest number that passes."),
    ),
    rules=(_ordered, _some_bound),
)

FILTER_KEYS: Final = (
    Key("type", OneOrMore(SELECTED_TYPE), "Types of the catalogue, or prefixes such as `rail.*`.", into="types"),
    Key("source", OneOrMore(STRING), "Who says so.", into="sources"),
    Key("label", OneOrMore(STRING), "The event's category.", into="labels"),
    Key("party", OneOrMore(STRING), "The other side.", into="parties"),
    Key("matter", OneOrMore(STRING), "The loan, contract, court case or ticket.", into="matters"),
    Key("amount", RANGE, "Money, in the minor unit that the catalogue gives the type."),
    Key("value", RANGE, "A whole number, in the unit that the catalogue gives the type."),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """The kind of value that is a filter; `of` in `share` and `streak` may leave its type out."""

    needs_type: bool = True

    @property
    def expected(self) -> str:
        """The forms of a filter."""
        return "a filter: a type, a prefix such as rail.*, or a mapping of tests" + (
            "" if self.needs_type else " that may leave the type out"
        )

    def read(self, node: Node, findings: Findings) -> Filter | Unread:
        """The filter."""
        return Filter.parse(node, findings, needs_type=self.needs_type)


FILTER: Final = Filters()
REFINEMENT: Final = Filters(needs_type=False)
