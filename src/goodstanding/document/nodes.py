"""A document as nodes, each with its place, and the findings gathered while it is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Final, TypeAlias

from goodstanding.errors import Problem, nearest

Place: TypeAlias = tuple[int, int]
"""Line and column, both counted from 1."""

PROBLEMS_KEPT: Final = 1_000
"""More problems than this are counted, not listed: a hostile document could hold hundreds of thousands."""

NAMES_SHOWN: Final = 16
TEXT_SHOWN: Final = 64
NEAR_NAME: Final = 128
"""Longer names than this are not looked for among the known."""

NAMES_COMPARED: Final = 200_000
"""So many known names are compared with misspelt ones before no more is suggested: a hostile document could hold
thousands of each."""


@dataclass(slots=True)
class Node:
    """One value of a document and where it stands.

    Attributes:
        value: whole numbers are int, others Decimal; the values of lists and mappings are nodes again.
        called: the key under which it stands, for messages (`from`, `bands[1]`).
        keys: of a mapping, where each key stands.
        bad: it could not be read, and the problem has been noted; whoever meets it says nothing more.
    """

    value: bool | int | Decimal | str | list[Node] | dict[str, Node] | None
    line: int
    column: int
    called: str = "the document"
    keys: dict[str, Place] = field(default_factory=dict)
    bad: bool = False

    @property
    def place(self) -> Place:
        """Line and column."""
        return self.line, self.column

    @property
    def is_number(self) -> bool:
        """Whether the value is a number; true and false are none."""
        return isinstance(self.value, int | Decimal) and not isinstance(self.value, bool)

    @property
    def mapping(self) -> dict[str, Node]:
        """The value as a mapping; empty where it is none."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[Node]:
        """The value as a list; empty where it is none."""
        return self.value if isinstance(self.value, list) else []

    def get(self, key: str) -> Node | None:
        """The node under a key, if this is a mapping that has it."""
        return self.mapping.get(key)

    def at(self, *path: str) -> Place:
        """The place of the deepest key of a path that is there; items of a list go by their `name` or `type`."""
        here, place = self, self.place
        for step in path:
            found = here.get(step) or next((item for item in here.items if item.names == step), None)
            if found is None:
                break
            place = here.keys.get(step, found.place)
            here = found
        return place

    @property
    def names(self) -> str | None:
        """The name that this mapping gives itself: its `name`, or its `type` in a catalogue."""
        named = self.get("name") or self.get("type")
        return named.value if named is not None and isinstance(named.value, str) else None

    def described(self) -> str:
        """What was found, in words."""
        match self.value:
            case None:
                return "empty"
            case bool():
                return "true" if self.value else "false"
            case int() | Decimal():
                return f"the number {self.value}"
            case str():
                return f"the text {quoted(self.value)}"
            case list():
                return "a list" if self.value else "an empty list"
            case _:
                return "a mapping" if self.value else "an empty mapping"


def plain(node: Node) -> object:
    """The document as plain values: dict, list, str, bool, None, int for whole numbers, else Decimal."""
    match node.value:
        case dict():
            return {key: plain(value) for key, value in node.value.items()}
        case list():
            return [plain(value) for value in node.value]
        case _:
            return node.value


def quoted(text: str) -> str:
    """A text as it is shown in a message: short, on one line, nothing invisible."""
    return repr(text if len(text) <= TEXT_SHOWN else text[: TEXT_SHOWN - 1] + "…")


def one_of(known: Collection[str]) -> str:
    """The names that would have been right, in words; a long list is cut."""
    shown = ", ".join(islice(known, NAMES_SHOWN))
    more = f", … ({len(known)} in all)" if len(known) > NAMES_SHOWN else ""
    return f"{'one of ' if len(known) > 1 else ''}{shown}{more}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The nearest known name as a question, or nothing."""
    near = nearest(name, known) if len(name) <= NEAR_NAME else None
    return f"did you mean {near!r}?" if near else ""


class Findings:
    """What is gathered while a document is read: its problems, and the names that it declares.

    Attributes:
        count: problems found; at most 1,000 of them are kept.
        names: by what is named (`list`, `tier`, `type`, …) the names in the order of the document; nothing of what
            could not be read at all, so that one fault is not told of again at every name.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.count = 0
        self.names: Mapping[str, Collection[str]] = {}
        self._problems: list[Problem] = []
        self._compared = 0

    def fault(self, where: Node | Place, found: str, expected: str, hint: str = "") -> None:
        """Note a problem at a node or a place."""
        line, column = where.place if isinstance(where, Node) else where
        self.count += 1
        if self.count <= PROBLEMS_KEPT:
            self._problems.append(Problem(self.file, line, found, expected, column, hint))

    def suggestion(self, name: str, known: Collection[str]) -> str:
        """A question after the nearest known name, while there is time for it."""
        self._compared += len(known)
        return "" if self._compared > NAMES_COMPARED else did_you_mean(name, known)

    def add(self, problems: Iterable[Problem]) -> None:
        """Note problems found elsewhere, such as breaches of the charter."""
        for problem in problems:
            self.fault((problem.line or 1, problem.column or 1), problem.found, problem.expected, problem.hint)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems kept, in the order of the document."""
        return tuple(sorted(self._problems, key=lambda problem: (problem.line or 0, problem.column or 0)))

    @property
    def more(self) -> int:
        """How many problems there are beyond those kept."""
        return self.count - len(self._problems)
