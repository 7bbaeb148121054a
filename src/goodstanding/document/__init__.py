"""Documents with a place for every value: YAML 1.2 or JSON in, nodes and typed values out."""

from goodstanding.document.nodes import Findings, Node, plain

__all__ = ["Findings", "Node", "plain"]
