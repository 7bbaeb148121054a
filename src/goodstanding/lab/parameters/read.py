"""Reading the document of parameters: ours, which holds them all, and a user's, which replaces some.

```yaml
parameters: 1
sources: {S1: {title: …, url: …, figure: …}}
people:                          # a group
  minority_share:
    value: 0.1                   # or a list of numbers
    unit: of adults
    range: [0.05, 0.3]
    off: 0                       # it may be 0 too, where that switches it off and lies outside the range
    about: A made-up minority group, no real people is meant.
    assumption: large enough to measure gaps, small enough to be a minority     # or `source: S1`
```

A user's document needs `value` and where it comes from; unit, range and what it is stay ours unless they are given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from goodstanding.document.kinds import NAME, PROSE, STRING, Exact, ListOf, MappingOf, OneOrMore, Unread, Whole, Words
from goodstanding.document.nodes import Findings, Node, Place, did_you_mean, one_of, quoted
from goodstanding.document.shapes import Key, Shape, Values, read_keys
from goodstanding.document.text import read_into
from goodstanding.errors import InputError, Problem
from goodstanding.lab.parameters.model import Parameter, Parameters, Source, said

SHIPPED: Final = "parameters.yaml"

ADDRESS: Final = Words(r"https?://\S+", "an address that begins with http:// or https://", longest=2_000)
SOURCE: Final = Shape(
    "a source",
    Source,
    (
        Key("title", PROSE, "What the page is.", required=True),
        Key("url", ADDRESS, "Where it is.", required=True),
        Key("figure", PROSE, "What was found there."),
    ),
)
SOURCES: Final = MappingOf(STRING, SOURCE, "a mapping from a short name to a source")
HEAD: Final = (
    Key("parameters", Whole(1, 1), "The version of this form.", required=True),
    Key("sources", SOURCES, "Where figures were found, by short names."),
)


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the greatest value, `[low, high]`."""

    expected: str = "a list of the least and the greatest value"

    def read(self, node: Node, findings: Findings) -> tuple[Fraction, ...] | Unread:
        """Two numbers, the first not above the second."""
        read = ListOf(Exact()).read(node, findings)
        if not isinstance(read, Unread) and (len(read) != 2 or read[0] > read[1]):  # noqa: PLR2004 low and high
            shown = said(list(map(float, read)), is_list=True)
            findings.fault(node, f"range is {shown}", self.expected)
        return read


@dataclass(frozen=True, slots=True)
class Entry:
    """One parameter as a document gives it; what it leaves out is None."""

    value: tuple[Fraction, ...]
    unit: str | None = None
    range: tuple[Fraction, ...] | None = None
    off: int | None = None
    about: str | None = None
    source: str | Source | None = None
    assumption: str | None = None


@dataclass(frozen=True, slots=True)
class SourceOrName:
    """A source, or the short name of one that the document holds."""

    expected: str = "a source with title and url, or the name of one under `sources`"

    def read(self, node: Node, findings: Findings) -> str | Source | Unread:
        """The source, or its name."""
        if not isinstance(node.value, str):
            return SOURCE.read(node, findings)
        known = findings.names["source"]
        if node.value not in known:
            found = f"unknown source {quoted(node.value)}"
            findings.fault(node, found, one_of(known) if known else self.expected, did_you_mean(node.value, known))
        return node.value


def _where_from(node: Node, values: Values, findings: Findings) -> None:
    """Every number says where it comes from, once."""
    if ("source" in node.mapping) == ("assumption" in node.mapping):
        both = "both source and assumption" if "source" in values else "neither source nor assumption"
        findings.fault(node, f"{both}", "one of them: where the number was found, or why it is assumed")


KEYS: Final = (
    Key("value", OneOrMore(Exact()), "The number, or the list of numbers.", required=True),
    Key("unit", PROSE, "What it counts."),
    Key("range", Range(), "The least and the greatest that it may be changed to."),
    Key("off", Whole(0, 0), "That it may be 0 too, which lies outside the range and switches it off."),
    Key("about", PROSE, "What it is, and how the figure found leads to it."),
    Key("source", SourceOrName(), "Where it was found."),
    Key("assumption", PROSE, "Why it is what it is, where no page says so."),
)
ENTRY: Final = Shape("a parameter", Entry, KEYS, rules=(_where_from,))


def load(path: str | Path | None = None) -> Parameters:
    """The shipped parameters, or these with some replaced by a document.

    Raises:
        InputError: the document cannot be read, or is at fault; all faults at once.
    """
    ours = _ours()
    if path is None:
        return ours
    try:
        return _read(Path(path), str(path), ours)
    except OSError as error:
        problem = Problem(str(path), None, f"it cannot be read: {error.strerror}", "a document of parameters")
        raise InputError([problem]) from error


def loads(text: str | bytes, name: str = SHIPPED, *, over: Parameters | None = None) -> Parameters:
    """Parameters from their text: a whole document, or one that replaces some of others.

    Raises:
        InputError: as `load`.
    """
    return _read(text, name, over)


def _ours() -> Parameters:
    return _read(Path(str(files("goodstanding.lab.parameters") / SHIPPED)), SHIPPED, None)


def _read(source: str | bytes | Path, file: str, over: Parameters | None) -> Parameters:
    findings = Findings(file)
    root = read_into(source, findings)
    reader = _Reader(findings, over)
    read = {} if root is None else reader.document(root)
    if findings.count:
        raise InputError(findings.problems, findings.more)
    return Parameters(read, reader.sources) if over is None else over.with_parameters(read.values())


class _Reader:
    """Reads a document, all faults into `findings`; names are those of `over`, where it replaces some of these."""

    def __init__(self, findings: Findings, over: Parameters | None) -> None:
        self.findings = findings
        self.over = over
        self.sources: dict[str, Source] = {}

    def document(self, root: Node) -> dict[str, Parameter]:
        """Every parameter that could be read, by name."""
        groups = {name: node for name, node in root.mapping.items() if name not in {key.name for key in HEAD}}
        head: Any = root.value
        if isinstance(head, dict):
            head = {name: node for name, node in head.items() if name not in groups}
        sources = root.get("sources")
        self.findings.names = {"source": dict.fromkeys(() if sources is None else sources.mapping)}
        values = read_keys(
            Node(head, *root.place, keys=root.keys), HEAD, self.findings, called="a document of parameters"
        )
        self.sources = {} if isinstance(values, Unread) else values.get("sources", {})
        return {name: parameter for group, node in groups.items() for name, parameter in self._group(group, node)}

    def _group(self, group: str, node: Node) -> Iterator[tuple[str, Parameter]]:
        if not node.mapping:
            expected = "a group: a mapping from names to parameters"
            self.findings.fault(node, f"{quoted(group)} is {node.described()}", expected)
        for name, item in node.mapping.items():
            parameter = self._parameter(f"{group}.{name}", name, node.keys[name], item)
            if parameter is not None:
                yield parameter.name, parameter

    def _parameter(self, full: str, name: str, place: Place, item: Node) -> Parameter | None:
        if isinstance(NAME.read(Node(name, *place, f"the name {quoted(name)}"), self.findings), Unread):
            return None
        ours = None if self.over is None else self.over.named.get(full)
        if self.over is not None and ours is None:
            found, expected, _, hint = self.over.unknown(full)
            self.findings.fault(place, found, expected, hint)
            return None
        entry = ENTRY.read(item, self.findings)
        return None if isinstance(entry, Unread) else self._whole(full, entry, item, ours)

    def _whole(self, name: str, entry: Entry, item: Node, ours: Parameter | None) -> Parameter | None:
        """A parameter with what the document leaves out taken from ours."""
        missing = [key for key in ("unit", "range", "about") if getattr(entry, key) is None]
        if ours is None and missing:
            expected = "a value, its unit, its range, and what it is"
            self.findings.fault(item, f"{name} has no {one_of(missing)}", expected)
            return None
        known: Any = ours
        low, high = map(float, entry.range) if entry.range is not None else (known.low, known.high)
        source = self.sources.get(entry.source) if isinstance(entry.source, str) else entry.source
        parameter = Parameter(
            name=name,
            values=tuple(map(float, entry.value)),
            is_list=isinstance(item.mapping["value"].value, list),
            unit=entry.unit or known.unit,
            low=low,
            high=high,
            about=entry.about or known.about,
            source=source,
            assumption=entry.assumption or "",
            has_off=entry.off is not None or (ours is not None and ours.has_off),
        )
        fault = _misfit(parameter, ours)
        if fault:
            self.findings.fault(item.mapping["value"], f"{name} is {parameter.said}", fault)
        return None if fault else parameter


def _misfit(parameter: Parameter, ours: Parameter | None) -> str:
    """What a value should have been; empty where it is."""
    if ours is not None and (parameter.is_list, len(parameter.values)) != (ours.is_list, len(ours.values)):
        return ours.expected
    return "" if parameter.fits(parameter.values) else parameter.expected
