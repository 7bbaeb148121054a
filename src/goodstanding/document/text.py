"""Bytes to nodes: YAML 1.2, of which JSON is a part, from hostile hands.

PyYAML reads YAML 1.1, so only its parser is used, event by event; what a scalar means is decided here. Walking the
events, and not a tree that was composed before, keeps memory and depth bounded whatever the document holds:
anchors, aliases, tags and merge keys are refused, so nothing can grow beyond what was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final, Protocol, TypeAlias

import yaml

from goodstanding.document.nodes import Findings, Node, Place, quoted
from goodstanding.errors import PolicyError
from goodstanding.limits import GREATEST_NUMBER

LARGEST_DOCUMENT: Final = 1 << 20
"""Bytes."""

DEEPEST: Final = 32
"""Mappings and lists within each other."""

PLACES: Final = 4
"""Decimal places that a number may have."""

Loader: TypeAlias = "type[yaml.CSafeLoader | yaml.SafeLoader]"
FASTEST: Final[Loader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser in C where PyYAML was built with it, else the one in Python: the same events, only slower."""


class Mark(Protocol):
    """Where the parser stands, counted from 0."""

    @property
    def line(self) -> int:
        """The line."""

    @property
    def column(self) -> int:
        """The column."""


# U+0085, U+2028 and U+2029 end a line in YAML 1.1 and not in 1.2: with them the lines of a message would be wrong.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_BIDIRECTIONAL: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_NULL: Final = frozenset(("", "~", "null", "Null", "NULL"))
_TRUE: Final = frozenset(("true", "True", "TRUE"))
_FALSE: Final = frozenset(("false", "False", "FALSE"))
_NUMBER: Final = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")


def read(source: str | bytes | Path, name: str | None = None) -> Node:
    """Read a document: from a path, or from its text.

    Raises:
        PolicyError: it is no document that may be read; all that was found.
        OSError: the file cannot be opened.
    """
    findings = Findings(name or (str(source) if isinstance(source, Path) else "policy.yaml"))
    node = read_into(source, findings)
    if node is None or findings.count:
        raise PolicyError(findings.problems, findings.more)
    return node


def read_into(source: str | bytes | Path, findings: Findings, loader: Loader = FASTEST) -> Node | None:
    """Read a document and note what is wrong with it; None where nothing can be made of it."""
    text = _decoded(source, findings)
    if text is None or not _clean(text, findings):
        return None
    composer = _Composer(findings)
    try:
        return composer.document(yaml.parse(text, Loader=loader))
    except _TooDeepError as error:
        findings.fault(
            error.place, f"lists and mappings go deeper than {DEEPEST}", f"at most {DEEPEST} within each other"
        )
    except yaml.YAMLError as error:
        _not_yaml(error, text, findings)
    return None


def _not_yaml(error: yaml.YAMLError, text: str, findings: Findings) -> None:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = _marked(mark)
    context = getattr(error, "context", None)
    found = f"this is not YAML: {getattr(error, 'problem', error)}{f' {context}' if context else ''}"
    hint = "indent with spaces, not with tabs" if _begins_with_a_tab(text, place[0]) else ""
    findings.fault(place, found, "YAML 1.2 or JSON", hint)


def _begins_with_a_tab(text: str, line: int) -> bool:
    lines = text.splitlines()
    return line <= len(lines) and re.match(r" *\t", lines[line - 1]) is not None


def _decoded(source: str | bytes | Path, findings: Findings) -> str | None:
    if isinstance(source, Path):
        with source.open("rb") as file:
            source = file.read(LARGEST_DOCUMENT + 1)
    raw = source.encode(errors="surrogatepass") if isinstance(source, str) else source
    if len(raw) > LARGEST_DOCUMENT:
        findings.fault((1, 1), "the document is larger than 1 MiB", "at most 1,048,576 bytes")
        return None
    try:
        return raw.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        place = _end_of(raw[: error.start].decode())
        findings.fault(place, f"byte 0x{raw[error.start]:02x} is not UTF-8", "a document in UTF-8")
        return None


def _clean(text: str, findings: Findings) -> bool:
    """Whether a text holds no character that may not be there; the first of each sort is noted."""
    before = findings.count
    for pattern, what in ((_FORBIDDEN, "control or separator character"), (_BIDIRECTIONAL, "bidirectional mark")):
        found = pattern.search(text)
        if found:
            where = _end_of(text[: found.start()])
            findings.fault(where, f"a {what}, U+{ord(found[0]):04X}", "text that shows what it holds")
    return findings.count == before


def _end_of(text: str) -> Place:
    """The place just behind a text."""
    lines = re.split(r"\r\n|\r|\n", text)
    return len(lines), len(lines[-1]) + 1


@dataclass(frozen=True, slots=True)
class _TooDeepError(Exception):
    place: Place


class _Composer:
    """Makes nodes of the parser's events."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.events: Iterator[yaml.Event] = iter(())

    def document(self, events: Iterator[yaml.Event]) -> Node | None:
        """The one document of a stream."""
        self.events = events
        next(events)
        start = next(events)
        if not isinstance(start, yaml.DocumentStartEvent):
            self.findings.fault((1, 1), "the document is empty", "a mapping")
            return None
        self._directives(start)
        root = self._node(next(events), "the document", 0)
        next(events)
        after = next(events)
        if isinstance(after, yaml.DocumentStartEvent):
            self.findings.fault(_place(after), "a second document begins", "one document a file")
            return None
        return root

    def _directives(self, start: yaml.DocumentStartEvent) -> None:
        if start.version not in {None, (1, 2)}:
            version = ".".join(str(part) for part in start.version)
            self.findings.fault(_place(start), f"the document says it is YAML {version}", "YAML 1.2")
        if start.tags:
            self.findings.fault(_place(start), "a %TAG directive", "no tags")

    def _node(self, event: yaml.Event, called: str, depth: int) -> Node:
        place = _place(event)
        if isinstance(event, yaml.AliasEvent):
            self.findings.fault(
                place, f"an alias, {quoted(f'*{event.anchor}')}", "the value itself: a policy has no aliases"
            )
            return Node(None, *place, called, bad=True)
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            self._bare(event, place)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, place, called)
        if depth == DEEPEST:
            raise _TooDeepError(place)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(self._items(called, depth), *place, called)
        return self._mapping(Node({}, *place, called), depth)

    def _bare(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, place: Place) -> None:
        if event.anchor is not None:
            self.findings.fault(
                place, f"an anchor, {quoted(f'&{event.anchor}')}", "no anchors: a policy has no aliases"
            )
        if event.tag is not None:
            self.findings.fault(place, f"a tag, {quoted(event.tag)}", "no tags: a value is what it looks like")

    def _items(self, called: str, depth: int) -> list[Node]:
        items: list[Node] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._node(event, f"{called}[{len(items)}]", depth + 1))
        return items

    def _mapping(self, mapping: Node, depth: int) -> Node:
        values = mapping.mapping
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(self._node(event, "a key", depth + 1))
            value = self._node(next(self.events), key.called, depth + 1)
            if key.bad or not isinstance(key.value, str):
                continue
            if key.value in values:
                first = mapping.keys[key.value][0]
                found = f"the key {quoted(key.value)} is given twice, first in line {first}"
                self.findings.fault(key, found, "each key once")
                continue
            values[key.value] = value
            mapping.keys[key.value] = key.place
        return mapping

    def _key(self, key: Node) -> Node:
        if key.bad:
            return key
        if not isinstance(key.value, str):
            hint = "put it in quotes" if not isinstance(key.value, list | dict) else ""
            self.findings.fault(key, f"a key is {key.described()}", "text", hint)
            key.bad = True
        elif key.value == "<<":
            self.findings.fault(key, "a merge key, <<", "the keys themselves: YAML 1.2 has no merge keys")
            key.bad = True
        else:
            key.called = key.value
        return key

    def _scalar(self, event: yaml.ScalarEvent, place: Place, called: str) -> Node:
        text: str = event.value
        if not event.implicit[0]:  # in quotes, or a block: text, whatever it looks like
            return self._text(text, place, called)
        if text in _NULL:
            return Node(None, *place, called)
        if text in _TRUE or text in _FALSE:
            return Node(text in _TRUE, *place, called)
        return self._number(text, place, called) if _NUMBER.fullmatch(text) else self._text(text, place, called)

    def _text(self, text: str, place: Place, called: str) -> Node:
        bad = _FORBIDDEN.search(text) or _BIDIRECTIONAL.search(text)
        if bad:
            found = f"{called} holds an invisible character, U+{ord(bad[0]):04X}"
            self.findings.fault(place, found, "text without control characters and bidirectional marks")
        return Node(text, *place, called, bad=bool(bad))

    def _number(self, text: str, place: Place, called: str) -> Node:
        fault = _number_fault(text)
        if fault:
            self.findings.fault(
                place, f"{called} is {text[:40]}, {fault[0]}", fault[1], "put it in quotes, if it is meant as text"
            )
            return Node(None, *place, called, bad=True)
        number = Decimal(text)
        return Node(int(number) if number == number.to_integral_value() else number.normalize(), *place, called)


def _number_fault(text: str) -> tuple[str, str] | None:
    """What is wrong with a number, and what would be right (specification section 2)."""
    if "e" in text.lower():
        return "a number with an exponent", "a number without one"
    whole, _, places = text.lstrip("+-").partition(".")
    if len(places) > PLACES:
        return f"a number with {len(places)} decimal places", f"at most {PLACES}"
    if len(whole) > len(str(GREATEST_NUMBER)) or abs(Decimal(text)) > GREATEST_NUMBER:
        return "too large a number", "numbers of at most 10^18 in size"
    return None


def _place(event: yaml.Event) -> Place:
    return _marked(event.start_mark)


def _marked(mark: Mark | None) -> Place:
    return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)
