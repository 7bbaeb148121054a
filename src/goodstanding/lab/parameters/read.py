"""Reading the document of parameters: ours, which holds them all, and a user's, which replaces some.

```yaml
parameters: 1
sources: {S1: {title: …, url: …, figure: …}}
people:                          # a group
  minority_share:
    value: 0.1                   # or a list of numbers
    unit: of adults
    range: [0.05, 0.3]
    about: A made-up minority group, no real people is meant.
    assumption: large enough to measure gaps, small enough to be a minority     # or `source: S1`
```

A user's document needs `value` and where it comes from; unit, range and what it is stay ours unless they are given.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from goodstanding.document.kinds import NAME, PROSE, STRING, Exact, ListOf, MappingOf, OneOrMore, Unread, Whole, Words
from goodstanding.document.nodes import Findings, Node, did_you_mean, one_of, quoted
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
    read = {} if root is None else _entries(root, findings, over)
    if findings.count:
        raise InputError(findings.problems, findings.more)
    return Parameters(read) if over is None else over.with_parameters(read.values())


def _entries(root: Node, findings: Findings, over: Parameters | None) -> dict[str, Parameter]:
    groups = {name: node for name, node in root.mapping.items() if name not in {"parameters", "sources"}}
    head = Node({name: node for name, node in root.mapping.items() if name not in groups}, *root.place, root.called)
    head.keys = root.keys
    if not isinstance(root.value, dict):
        head.value = root.value
    findings.names = {"source": dict.fromkeys(_names(root.get("sources")))}
    values = read_keys(head, HEAD, findings, called="a document of parameters")
    sources: dict[str, Source] = {} if isinstance(values, Unread) else values.get("sources", {})
    read: dict[str, Parameter] = {}
    for group, node in groups.items():
        read |= _group(group, node, findings, over, sources)
    return read


def _names(sources: Node | None) -> tuple[str, ...]:
    return () if sources is None else tuple(sources.mapping)


def _group(
    group: str, node: Node, findings: Findings, over: Parameters | None, sources: dict[str, Source]
) -> dict[str, Parameter]:
    if not isinstance(node.value, dict) or not node.value:
        findings.fault(node, f"{quoted(group)} is {node.described()}", "a group: a mapping from names to parameters")
        return {}
    read: dict[str, Parameter] = {}
    for name, item in node.value.items():
        full = f"{group}.{name}"
        if isinstance(NAME.read(Node(name, *node.keys[name], f"the name {quoted(name)}"), findings), Unread):
            continue
        if over is not None and full not in over.named:
            found, expected, _, hint = over.unknown(full)
            findings.fault(node.keys[name], found, expected, hint)
            continue
        entry = ENTRY.read(item, findings)
        if not isinstance(entry, Unread):
            whole = _parameter(full, entry, item, None if over is None else over.named[full], sources, findings)
            read |= {} if whole is None else {full: whole}
    return read


def _parameter(
    name: str, entry: Entry, item: Node, ours: Parameter | None, sources: dict[str, Source], findings: Findings
) -> Parameter | None:
    missing = [key for key in ("unit", "range", "about") if getattr(entry, key) is None]
    if ours is None and missing:
        findings.fault(item, f"{name} has no {one_of(missing)}", "a value, its unit, its range, and what it is")
        return None
    is_list = isinstance(item.mapping["value"].value, list)
    known: Any = ours
    low, high = map(float, entry.range) if entry.range is not None else (known.low, known.high)
    parameter = Parameter(
        name,
        tuple(map(float, entry.value)),
        is_list,
        entry.unit or known.unit,
        low,
        high,
        entry.about or known.about,
        sources.get(entry.source) if isinstance(entry.source, str) else entry.source,
        entry.assumption or "",
    )
    fault = _misfit(parameter, ours)
    if fault:
        findings.fault(item.mapping["value"], f"{name} is {parameter.said}", fault)
        return None
    return parameter


def _misfit(parameter: Parameter, ours: Parameter | None) -> str:
    """What a value should have been; empty where it is."""
    if ours is not None and (parameter.is_list, len(parameter.values)) != (ours.is_list, len(ours.values)):
        return ours.expected
    return "" if parameter.fits(parameter.values) else parameter.expected
