"""A city that was written down, as the place of an experiment: only ever one of made-up people."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from pyarrow import parquet

from goodstanding.document.nodes import Findings, Node, quoted
from goodstanding.document.text import read
from goodstanding.errors import InputError, Problem
from goodstanding.lab.experiments.document import At
from goodstanding.lab.parameters import Parameters

WORLD_KEY: Final = b"goodstanding.world"
DESCRIPTION: Final = "city.yaml"
SYNTHETIC: Final = b"synthetic"


@dataclass(frozen=True, slots=True)
class WrittenCity:
    """What a folder says of the city in it."""

    residents: int
    seed: int
    parameters: Parameters


def city_in(at: At[str], beside: Path, parameters: Parameters, findings: Findings) -> WrittenCity | None:
    """The city of a folder; None where there is none, or where its people may be real: that is noted.

    Args:
        beside: where the experiment stands, which the folder's path starts from.
        parameters: the shipped ones, in place of those that the folder does not tell.
    """
    folder = beside / at.value
    if not _is_made_up(folder, at, findings):
        return None
    try:
        return _described(folder / DESCRIPTION, parameters)
    except OSError:
        found = f"{quoted(at.value)} has no {DESCRIPTION}"
        findings.fault(at.node, found, "the folder of a city that `goodstanding lab city` wrote")
    except InputError as error:
        for problem in error.problems:
            findings.fault(at.node, f"{problem.file}:{problem.line}: {problem.found}", problem.expected)
    return None


def _is_made_up(folder: Path, at: At[str], findings: Findings) -> bool:
    """Whether every table in it says that its people are made up: nothing live, nothing undeclared."""
    tables = sorted(folder.glob("*.parquet"))
    if not tables:
        found = f"{quoted(at.value)} is no folder with tables" if not folder.is_dir() else f"{quoted(at.value)} is bare"
        findings.fault(at.node, found, "the folder of a city that `goodstanding lab city` wrote")
    before = findings.count
    for table in tables:
        world = _world_of(table)
        if world is None:
            found = f"{table.name} of {quoted(at.value)} does not say which world it is of"
            findings.fault(at.node, found, "made-up people only, declared as synthetic")
        elif world != SYNTHETIC:
            found = f"{table.name} of {quoted(at.value)} is {world.decode(errors='replace')}"
            findings.fault(at.node, found, "made-up people only: no experiment touches a real person")
    return bool(tables) and findings.count == before


def _world_of(table: Path) -> bytes | None:
    try:
        metadata: dict[bytes, bytes] = parquet.read_schema(table).metadata or {}
    except (pa.ArrowException, OSError):
        return None
    return metadata.get(WORLD_KEY)


def _described(path: Path, parameters: Parameters) -> WrittenCity:
    """What the description says.

    Raises:
        InputError: it cannot be read as one, or its parameters are not those that its digest names.
        OSError: there is none.
    """
    root = read(path)
    told = root.get("parameters")
    overrides = {name: _value(node) for name, node in ({} if told is None else told.mapping).items()}
    found = parameters.changed(overrides, str(path))
    digest = root.get("digest")
    if digest is None or digest.value != found.digest:
        line = None if digest is None else digest.line
        what = "the digest of other parameters, or of another version's"
        raise InputError([Problem(str(path), line, what, f"{found.digest}; write the city again")])
    return WrittenCity(_whole(root, "residents"), _whole(root, "seed"), found)


def _whole(root: Node, key: str) -> int:
    found = root.get(key)
    return found.value if found is not None and isinstance(found.value, int) else 0


def _value(node: Node) -> Any:
    return tuple(item.value for item in node.items) if node.items else node.value
