"""Mappings with fixed keys: which they are, which are required, and what must hold between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from goodstanding.document.kinds import UNREAD, Kind, Unread, refuse
from goodstanding.document.nodes import Findings, Node, one_of, quoted

T = TypeVar("T")

Values: TypeAlias = dict[str, Any]
"""What was read of a mapping, by key; a key that could not be read is not there."""

Rule: TypeAlias = Callable[[Node, Values, Findings], None]
"""What must hold between the keys of one mapping; it notes a problem where it does not."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a mapping.

    Attributes:
        about: what it is, in one line, for the documentation.
        into: the field that takes the value, where it is called otherwise.
    """

    name: str
    kind: Kind[object]
    about: str
    required: bool = False
    into: str = ""

    @property
    def field(self) -> str:
        """The field that takes the value."""
        return self.into or self.name


@dataclass(frozen=True, slots=True)
class Shape(Generic[T]):
    """A mapping with fixed keys, and what is made of it.

    Attributes:
        make: takes the values by their fields; with `knows_line` also the line.
    """

    called: str
    make: Callable[..., T]
    keys: tuple[Key, ...]
    rules: tuple[Rule, ...] = ()
    knows_line: bool = False

    @property
    def expected(self) -> str:
        """What a message says of it."""
        return f"{self.called}, a mapping with {', '.join(key.name for key in self.keys)}"

    def read(self, node: Node, findings: Findings) -> T | Unread:
        """What is made of the mapping; UNREAD where any part of it is at fault."""
        before = findings.count
        values = read_keys(node, self.keys, findings, called=self.called)
        if isinstance(values, Unread):
            return UNREAD
        for rule in self.rules:
            rule(node, values, findings)
        given = [key for key in self.keys if key.name in node.mapping]
        if findings.count > before or len(values) < len(given):
            return UNREAD
        line = {"line": node.line} if self.knows_line else {}
        return self.make(**{key.field: values[key.name] for key in given}, **line)


def read_keys(node: Node, keys: Sequence[Key], findings: Findings, *, called: str) -> Values | Unread:
    """Read a mapping's keys; unknown and missing ones are problems, all noted at once."""
    if not isinstance(node.value, dict):
        return refuse(node, findings, f"{called}, a mapping with {', '.join(key.name for key in keys)}")
    known = {key.name: key for key in keys}
    for key in keys:
        if key.required and key.name not in node.value:
            findings.fault(node, f"{called} has no {key.name!r}", key.kind.expected)
    for name in node.value:
        if name not in known:
            found = f"unknown key {quoted(name)} in {called}"
            findings.fault(node.keys[name], found, one_of(known), findings.suggestion(name, known))
    read = {key.name: key.kind.read(node.value[key.name], findings) for key in keys if key.name in node.value}
    return {name: value for name, value in read.items() if not isinstance(value, Unread)}
