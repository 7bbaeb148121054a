"""Documents with a place for every value: YAML 1.2 or JSON in, nodes and typed values out."""

from goodstanding.document.nodes import Findings, Node, plain
from goodstanding.document.text import read, read_into

__all__ = ["Findings", "Node", "plain", "read", "read_into"]
