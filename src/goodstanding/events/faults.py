"""Faults in files of rows: where they are, and the first few of them in words.

A file may have millions of faults. Each check gives its faulty rows as an array of numbers and puts only those into
words that are listed: the first 20 of a command, the rest is counted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from goodstanding.errors import EventsError, Problem
from goodstanding.limits import MOST_LISTED

CLIP = 60

Numbers = npt.NDArray[np.int64]


class Said(NamedTuple):
    """One fault in words."""

    found: str
    expected: str
    hint: str = ""


class RefusedError(Exception):
    """A file, a line or a value that cannot be taken; carries the words."""

    def __init__(self, found: str, expected: str, hint: str = "") -> None:
        super().__init__(found, expected, hint)
        self.said = Said(found, expected, hint)


@dataclass(frozen=True, slots=True)
class Finding:
    """The faults that one check found in one stretch of rows.

    Attributes:
        lines: the line (or row of the file) of each fault, ascending.
        explain: the fault at a place in `lines`, in words; asked for the first `MOST_LISTED` places only.
    """

    lines: Numbers
    explain: Callable[[int], Said]


def finding(lines: Iterable[int], words: list[Said]) -> Finding:
    """Faults whose words are known already: one for each of the first lines."""
    return Finding(np.fromiter(lines, np.int64), words.__getitem__)


@dataclass(slots=True)
class FaultLog:
    """All faults of one command: the first 20 as problems, the rest as a number."""

    problems: list[Problem] = field(default_factory=list)
    count: int = 0

    def __bool__(self) -> bool:
        return self.count > 0

    def add(self, file: object, said: Said, line: int | None = None) -> None:
        """Take one fault, of a line or of the file as a whole."""
        self.count += 1
        if len(self.problems) < MOST_LISTED:
            self.problems.append(Problem(str(file), line, said.found, said.expected, hint=said.hint))

    def stop(self, file: object, said: Said) -> None:
        """Take what ended the reading of a file before its end: always listed, if need be in the last place."""
        if len(self.problems) == MOST_LISTED:
            self.problems.pop()
        self.add(file, said)

    def take(self, file: object, findings: list[Finding]) -> None:
        """Take the faults of one stretch of rows, in the order of lines, columns of a line in theirs."""
        room = MOST_LISTED - len(self.problems)
        places = [
            (int(line), order, k) for order, each in enumerate(findings) for k, line in enumerate(each.lines[:room])
        ]
        for line, order, k in sorted(places)[:room]:
            self.add(file, findings[order].explain(k), line)
        self.count += sum(len(each.lines) for each in findings) - min(room, len(places))

    def raise_any(self) -> None:
        """Raise all that was taken.

        Raises:
            EventsError: there was a fault.
        """
        if self.count:
            raise EventsError(self.problems, self.count - len(self.problems))


def shown(value: Any) -> str:
    """A value as found: quoted, on one line, invisible characters escaped, clipped."""
    text = repr(value[: CLIP + 1] if isinstance(value, str | bytes) else value)
    return text if len(text) <= CLIP else f"{text[:CLIP]}…"


def shown_json(value: Any) -> str:
    """A value of a JSON document as it stood there, on one line, invisible characters escaped, clipped."""
    try:
        short = value[: CLIP + 1] if isinstance(value, str) else value
        text = json.dumps(short, ensure_ascii=False, default=str, skipkeys=True)
    except RecursionError:
        return "a value nested too deep to be shown"
    plain = "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in text[: CLIP + 1])
    return plain if len(text) <= CLIP else f"{plain[:CLIP]}…"
