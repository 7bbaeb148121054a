"""What the model assumes: its numbers without a source, and which of all numbers an experiment changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from goodstanding.lab.parameters import Parameter, load
from goodstanding.lab.report.run import Run


@dataclass(frozen=True, slots=True)
class Changed:
    """A number that the experiment changes.

    Attributes:
        before, after: as they are written down.
        where: of which variant; empty: of the whole city.
    """

    name: str
    before: str
    after: str
    where: str


@dataclass(frozen=True, slots=True)
class Assumptions:
    """The numbers of the model.

    Attributes:
        all: how many there are.
        assumed: those that rest on an assumption, in the order of the document.
    """

    all: int
    assumed: tuple[Parameter, ...]
    changed: tuple[Changed, ...]


def assumptions(run: Run) -> Assumptions:
    """What the city of a run was made with."""
    parameters = load()
    everything = tuple(parameters.each())
    return Assumptions(
        all=len(everything),
        assumed=tuple(one for one in everything if one.assumption),
        changed=tuple(_changed(run, parameters.named)),
    )


def _changed(run: Run, known: Mapping[str, Parameter]) -> Iterator[Changed]:
    places = [("", run.city), *((str(one["name"]), one) for one in run.document.get("variants", ()))]
    for where, given in places:
        for name, value in given.get("parameters", {}).items():
            before = known[name].said if name in known else "–"
            yield Changed(name, before, _said(value), where)


def _said(value: Any) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)
