"""Reading a measure out of a document: its `kind` says which class, the class's table says which keys."""

from dataclasses import dataclass
from typing import Final

from goodstanding.document.kinds import OneOf, Unread, refuse
from goodstanding.document.nodes import Findings, Node
from goodstanding.document.shapes import Key, Shape
from goodstanding.measures.base import MEASURES, Measure


def _shape(kind: str) -> Shape[Measure]:
    measure = MEASURES[kind]

    def make(kind: str, **values: object) -> Measure:
        return MEASURES[kind](**values)

    key = Key("kind", OneOf(tuple(MEASURES)), "Which kind of measure.", required=True)
    return Shape(f"a measure of kind {kind}", make, (key, *measure.parameters))


@dataclass(frozen=True, slots=True)
class MeasureKind:
    """The kind of value that is a measure."""

    expected: str = "a measure: a mapping with its kind and that kind's parameters"

    def read(self, node: Node, findings: Findings) -> Measure | Unread:
        """The measure."""
        if not isinstance(node.value, dict):
            return refuse(node, findings, self.expected)
        kinds = OneOf(tuple(MEASURES))
        named = node.get("kind")
        if named is None:
            findings.fault(node, "a measure has no 'kind'", f"kind: {kinds.expected}")
            return Unread.UNREAD
        kind = kinds.read(named, findings)
        return kind if isinstance(kind, Unread) else _shape(kind).read(node, findings)


MEASURE: Final = MeasureKind()
