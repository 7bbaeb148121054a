"""The kinds of value that a document holds: numbers, names, texts, spans, moments, lists, mappings.

A kind reads a node and gives back a typed value, or notes a problem and gives back UNREAD. Kinds are values
themselves, so the tables made of them are walked by the reader, by the documentation and by tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Final, Generic, Protocol, TypeVar

from goodstanding.document.nodes import Findings, Node, one_of, quoted
from goodstanding.limits import END_MOMENT, EPOCH, FIRST_MOMENT, GREATEST_NUMBER, LONGEST_SPAN_DAYS, LONGEST_STRING

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

TYPE_PATTERN: Final = r"[a-z0-9_]+(\.[a-z0-9_]+)*"


class Unread(Enum):
    """What a kind gives back for a node that it could not read; the problem has been noted."""

    UNREAD = "unread"


UNREAD: Final = Unread.UNREAD


class Kind(Protocol[T_co]):
    """A kind of value: what is expected, in words, and how it is read."""

    @property
    def expected(self) -> str:
        """What a message and the documentation say of it."""

    def read(self, node: Node, findings: Findings) -> T_co | Unread:
        """The value of a node, or UNREAD with a problem noted."""


def refuse(node: Node, findings: Findings, expected: str, hint: str = "") -> Unread:
    """Note that a node is not what it should be."""
    if not node.bad:
        findings.fault(node, f"{node.called} is {node.described()}", expected, hint)
    return UNREAD


@dataclass(frozen=True, slots=True)
class Words:
    """A string of a given pattern."""

    pattern: str
    expected: str
    longest: int = LONGEST_STRING

    def read(self, node: Node, findings: Findings) -> str | Unread:
        """The string, if it keeps to the pattern."""
        if isinstance(node.value, bool | int | Decimal):
            return refuse(node, findings, self.expected, "put it in quotes, if it is meant as text")
        if not isinstance(node.value, str) or not re.fullmatch(self.pattern, node.value):
            return refuse(node, findings, self.expected)
        if len(node.value) > self.longest:
            return refuse(node, findings, f"{self.expected}, at most {self.longest:,} characters")
        return node.value


NAME: Final = Words(r"[a-z0-9_]+", "a name of lower-case letters, digits and _")
TYPE: Final = Words(TYPE_PATTERN, "a type: lower-case words joined by dots")
STRING: Final = Words(r"[^\x00-\x1f\x7f-\x9f]+", "a string of 1 to 128 characters")
PROSE: Final = Words(r"(?s).*\S.*", "text", longest=100_000)
LANGUAGE: Final = Words(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "a language such as en or zh")


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few given words."""

    words: tuple[str, ...]

    @property
    def expected(self) -> str:
        """The words."""
        return one_of(self.words)

    def read(self, node: Node, findings: Findings) -> str | Unread:
        """The word, if it is one of them."""
        if isinstance(node.value, str) and node.value in self.words:
            return node.value
        hint = findings.suggestion(node.value, self.words) if isinstance(node.value, str) else ""
        return refuse(node, findings, self.expected, hint)


@dataclass(frozen=True, slots=True)
class Known:
    """The name of something that the policy declares elsewhere: a `list`, a `tier`, a `dimension`."""

    what: str

    @property
    def expected(self) -> str:
        """What kind of thing is named."""
        return f"the name of a {self.what} of this policy"

    def read(self, node: Node, findings: Findings) -> str | Unread:
        """The name, if the policy declares it."""
        if not isinstance(node.value, str):
            return refuse(node, findings, self.expected)
        known = findings.names.get(self.what)
        if known is None:
            return UNREAD
        if node.value in known:
            return node.value
        expected = one_of(known) if known else f"{self.expected}, which declares none"
        findings.fault(
            node, f"unknown {self.what} {quoted(node.value)}", expected, findings.suggestion(node.value, known)
        )
        return UNREAD


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds."""

    least: int = -GREATEST_NUMBER
    most: int = GREATEST_NUMBER

    @property
    def expected(self) -> str:
        """The bounds, where they are narrower than any number's."""
        return f"a whole number{_between(self.least, self.most)}"

    def read(self, node: Node, findings: Findings) -> int | Unread:
        """The number, if it is whole and within bounds."""
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int) or not self.least <= value <= self.most:
            return refuse(node, findings, self.expected, _number_hint(node))
        return value


def _number_hint(node: Node) -> str:
    looks_like_one = isinstance(node.value, str) and re.match(r"[-+]?\.?[0-9]", node.value)
    return "write it plainly, like 10 or 0.25, without quotes" if looks_like_one else ""


def _between(least: int, most: int) -> str:
    if (least, most) == (-GREATEST_NUMBER, GREATEST_NUMBER):
        return ""
    if least == most:
        return f": {least}"
    return f" of {least:,} or more" if most == GREATEST_NUMBER else f" from {least:,} to {most:,}"


@dataclass(frozen=True, slots=True)
class Exact:
    """A decimal, read as an exact fraction."""

    above: int | None = None

    @property
    def expected(self) -> str:
        """A number, and what it must be above."""
        return "a number" if self.above is None else f"a number above {self.above}"

    def read(self, node: Node, findings: Findings) -> Fraction | Unread:
        """The number, exactly."""
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return refuse(node, findings, self.expected, _number_hint(node))
        if self.above is not None and value <= self.above:
            return refuse(node, findings, self.expected)
        return Fraction(value)


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days, written `30d`; read as the number of days."""

    least: int = 1
    most: int = LONGEST_SPAN_DAYS

    @property
    def expected(self) -> str:
        """The shortest and the longest."""
        return f"whole days from {self.least}d to {self.most}d"

    def read(self, node: Node, findings: Findings) -> int | Unread:
        """The number of days."""
        if isinstance(node.value, str) and re.fullmatch(r"0|[1-9][0-9]{0,5}", node.value.removesuffix("d")):
            days = int(node.value.removesuffix("d"))
            if node.value.endswith("d") and self.least <= days <= self.most:
                return days
        hint = f"write {node.value}d" if isinstance(node.value, int) and node.value >= self.least else ""
        return refuse(node, findings, self.expected, hint)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment with its zone, ISO 8601; read as microseconds since 1970, UTC."""

    expected: str = "a moment with its zone, such as 2018-01-01T00:00:00Z, from 1900 to 2199"

    def read(self, node: Node, findings: Findings) -> int | Unread:
        """Microseconds since 1970-01-01T00:00:00Z."""
        if not isinstance(node.value, str) or not re.fullmatch(MOMENT_PATTERN, node.value):
            return refuse(node, findings, self.expected)
        try:
            moment = datetime.fromisoformat(node.value)
        except ValueError:
            return refuse(node, findings, self.expected)
        if moment.tzinfo is None or not FIRST_MOMENT <= moment < END_MOMENT:
            return refuse(node, findings, self.expected)
        return (moment - EPOCH) // timedelta(microseconds=1)


MOMENT_PATTERN: Final = r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d(:?\d\d)?)?"


@dataclass(frozen=True, slots=True)
class Text:
    """What is said to people, in one language or several.

    Attributes:
        said: by language; under the empty string where the language is not given.
    """

    said: Mapping[str, str]

    def in_(self, language: str) -> str:
        """The text in a language, else in English, else as it was first given."""
        for wanted in (language, language.partition("-")[0], "", "en"):
            if wanted in self.said:
                return self.said[wanted]
        return next(iter(self.said.values()))

    def __str__(self) -> str:
        """The text in English, or as it was given."""
        return self.in_("en")


@dataclass(frozen=True, slots=True)
class Texts:
    """A text: a string, or a mapping from language to string."""

    expected: str = "text, or a mapping from language to text"

    def read(self, node: Node, findings: Findings) -> Text | Unread:
        """The text in all the languages given."""
        if isinstance(node.value, dict) and node.value:
            said = MappingOf(LANGUAGE, PROSE, self.expected).read(node, findings)
            return UNREAD if said is UNREAD else Text(said)
        if not isinstance(node.value, str):
            hint = "put it in quotes, if it is meant as text" if isinstance(node.value, bool | int | Decimal) else ""
            return refuse(node, findings, self.expected, hint)
        said_once = PROSE.read(node, findings)
        return UNREAD if said_once is UNREAD else Text({"": said_once})


TEXT: Final = Texts()


@dataclass(frozen=True, slots=True)
class Nullable(Generic[T]):
    """Another kind, or null."""

    kind: Kind[T]

    @property
    def expected(self) -> str:
        """The other kind's, or null."""
        return f"{self.kind.expected}, or null"

    def read(self, node: Node, findings: Findings) -> T | Unread | None:
        """None for null."""
        return None if node.value is None and not node.bad else self.kind.read(node, findings)


@dataclass(frozen=True, slots=True)
class ListOf(Generic[T]):
    """A list, all of one kind.

    Items that cannot be read are left out (their problems are noted), so that the others are still checked. Rules say
    what must hold between the items.
    """

    kind: Kind[T]
    least: int = 0
    rules: tuple[Callable[[Node, Findings], None], ...] = ()

    @property
    def expected(self) -> str:
        """The kind of its items."""
        return f"a list{' of at least one' if self.least else ''}: {self.kind.expected}"

    def read(self, node: Node, findings: Findings) -> tuple[T, ...] | Unread:
        """Those items that could be read."""
        if not isinstance(node.value, list) or len(node.value) < self.least:
            return refuse(node, findings, self.expected)
        read = [self.kind.read(item, findings) for item in node.value]
        for rule in self.rules:
            rule(node, findings)
        if any(item.bad for item in node.value):
            return UNREAD
        return tuple(item for item in read if not isinstance(item, Unread))


@dataclass(frozen=True, slots=True)
class OneOrMore(Generic[T]):
    """One value, or a list of at least one; read as a tuple."""

    kind: Kind[T]

    @property
    def expected(self) -> str:
        """The kind of the value, or of each in the list."""
        return f"{self.kind.expected}, or a list of at least one"

    def read(self, node: Node, findings: Findings) -> tuple[T, ...] | Unread:
        """The values, in the order given."""
        if isinstance(node.value, list):
            return ListOf(self.kind, least=1).read(node, findings)
        one = self.kind.read(node, findings)
        return UNREAD if isinstance(one, Unread) else (one,)


@dataclass(frozen=True, slots=True)
class MappingOf(Generic[T]):
    """A mapping whose keys are not fixed: labels to points, languages to texts."""

    key: Kind[str]
    value: Kind[T]
    expected: str

    def read(self, node: Node, findings: Findings) -> dict[str, T] | Unread:
        """Those entries that could be read."""
        if not isinstance(node.value, dict):
            return refuse(node, findings, self.expected)
        entries: dict[str, T] = {}
        for name, item in node.value.items():
            key = self.key.read(Node(name, *node.keys.get(name, node.place), f"key {quoted(name)}"), findings)
            value = self.value.read(item, findings)
            if not isinstance(key, Unread) and not isinstance(value, Unread):
                entries[key] = value
        return entries
