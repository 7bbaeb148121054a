"""The columns of events, people and ties (specification sections 1 and 4), and what may stand in a header."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from pyarrow import types

from goodstanding.errors import nearest
from goodstanding.events.faults import RefusedError, Said, shown
from goodstanding.events.kinds import CODES, Dotted, Kind, Moment, Text, Whole

WORLD_KEY = "goodstanding.world"
WORLDS = ("live", "synthetic")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it may hold, and whether it may be null."""

    name: str
    kind: Kind
    null: bool = False

    @property
    def encoded(self) -> bool:
        """Whether it comes as codes into a dictionary."""
        return isinstance(self.kind, Text) and self.kind.encoded

    @property
    def plain(self) -> bool:
        """Whether it comes as strings one by one."""
        return isinstance(self.kind, Text) and not self.kind.encoded

    def type_fault(self, kind: Any) -> Said | None:
        """What is wrong with the type in which a typed file holds the column."""
        if self.kind.accepts(kind) or (self.null and types.is_null(kind)):
            return None
        found = f"column {self.name!r} of type {kind}"
        if isinstance(self.kind, Moment):
            return Said(found, "a timestamp with a time zone", "say its zone when writing it, such as UTC")
        return Said(found, "whole numbers" if isinstance(self.kind, Whole) else "strings")


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of one sort of row; `is_open`: other columns are left alone."""

    row: str
    columns: tuple[Column, ...]
    is_open: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def schema(self) -> Any:
        """The canonical Arrow schema."""
        return pa.schema(
            [
                pa.field(column.name, CODES if column.encoded else column.kind.arrow, nullable=column.null)
                for column in self.columns
            ]
        )

    def header_faults(self, names: Sequence[str]) -> list[Said]:
        """What is wrong with the columns that a file says it has: unknown ones, doubled ones, missing ones."""
        doubled = [name for name, times in Counter(names).items() if times > 1 and not self._is_left_alone(name)]
        unknown = [] if self.is_open else [name for name in dict.fromkeys(names) if name not in self.names]
        missing = [column.name for column in self.columns if not column.null and column.name not in names]
        return [
            *(
                Said(f"unknown column {name!r}", f"one of {', '.join(self.names)}", _did_you_mean(name, self.names))
                for name in unknown
            ),
            *(Said(f"column {name!r} twice", "each column once") for name in doubled),
            *(Said(f"no column {name!r}", f"{', '.join(self.required)} in every {self.row}") for name in missing),
        ]

    def typed_faults(self, schema: Any) -> list[Said]:
        """What is wrong with the names and types of the columns of a typed file."""
        held = [column for column in self.columns if schema.names.count(column.name) == 1]
        types_ = [column.type_fault(schema.field(column.name).type) for column in held]
        return self.header_faults(schema.names) + [said for said in types_ if said]

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the columns that may not be null."""
        return tuple(column.name for column in self.columns if not column.null)

    def _is_left_alone(self, name: str) -> bool:
        return self.is_open and name not in self.names


EVENT = Shape(
    "event",
    (
        Column("id", Text()),
        Column("source", Text(encoded=True)),
        Column("type", Dotted()),
        # Plain: a book codes people over the whole record, so coding them batch by batch would be work for nothing.
        Column("person", Text()),
        Column("time", Moment()),
        Column("amount", Whole(), null=True),
        Column("value", Whole(), null=True),
        Column("label", Text(encoded=True), null=True),
        Column("party", Text(encoded=True), null=True),
        Column("matter", Text(encoded=True), null=True),
        Column("recorded", Moment(), null=True),
        Column("replaces", Text(encoded=True), null=True),
    ),
)
PERSON = Shape("row", (Column("person", Text()),), is_open=True)
TIE = Shape(
    "tie",
    (
        Column("a", Text()),
        Column("b", Text()),
        Column("since", Moment()),
        Column("until", Moment(), null=True),
        Column("kind", Text(), null=True),
    ),
)
EVENT_SCHEMA = EVENT.schema
TIE_SCHEMA = TIE.schema


def world_of(metadata: Mapping[bytes, bytes] | None) -> str | None:
    """The world that a typed file declares in its metadata; None: none.

    Raises:
        RefusedError: it declares neither `live` nor `synthetic`.
    """
    declared = (metadata or {}).get(WORLD_KEY.encode())
    if declared is None:
        return None
    world = declared.decode(errors="backslashreplace")
    if world not in WORLDS:
        raise RefusedError(f"{WORLD_KEY} {shown(world)}", " or ".join(WORLDS))
    return world


def _did_you_mean(name: str, known: Sequence[str]) -> str:
    near = nearest(name, known)
    return f"did you mean {near!r}?" if near else ""
