"""What can go wrong, and how it is said.

    GoodstandingError            exit 1, HTTP 500: everything that this package raises on purpose
    ├── UsageError               exit 2: the command line is at fault
    └── InputError               HTTP 422: what was given is at fault; carries problems, each with its place
        ├── PolicyError          a policy document
        │   └── CharterError     a policy for a live world that breaks the charter (specification section 7)
        ├── EventsError          a file of events, people or ties
        ├── WorldError           a live record under a policy for synthetic worlds, and the like
        ├── BookError            a saved book that is damaged, or of another version
        ├── UnknownPersonError   HTTP 404: nobody of that name among those scored
        └── RecordError          a home, or what is given to it
            ├── StoreError       its database: not to be reached, full, of another version, or held by somebody else
            └── TamperError      what was found does not match what was written

An error is a list of problems, all faults of a document at once; a problem says where, what was found,
what was expected, and what to do now.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import ClassVar


class GoodstandingError(Exception):
    """Whatever this package raises on purpose."""

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500


class UsageError(GoodstandingError):
    """The command line is at fault."""

    exit_code = 2
    http_status = 400


class InputError(GoodstandingError):
    """What was given is at fault: a list of problems, or one sentence.

    Args:
        problems: in the order of the document; or a sentence, where there is no place to point to.
        more: how many problems there are beyond those listed.
    """

    http_status = 422

    def __init__(self, problems: Iterable[Problem] | str, more: int = 0) -> None:
        self.message = problems if isinstance(problems, str) else ""
        self.problems: tuple[Problem, ...] = () if isinstance(problems, str) else tuple(problems)
        self.more = more
        super().__init__(self.message or self.problems, more)  # the arguments again, so that it can be pickled

    def __str__(self) -> str:
        """One problem a line, then how many there are besides."""
        lines = [self.message] if self.message else [str(problem) for problem in self.problems]
        return "\n".join([*lines, f"… and {self.more:,} more"] if self.more else lines)


class PolicyError(InputError):
    """A policy document is at fault."""


class CharterError(PolicyError):
    """A policy for a live world breaks the charter; each problem names the clause."""


class EventsError(InputError):
    """A file of events, people or ties is at fault; nothing of it is taken."""


class WorldError(InputError):
    """A record and a policy of two worlds were brought together."""


class BookError(InputError):
    """A saved book is damaged, or of another version."""


class UnknownPersonError(InputError):
    """Nobody of that name is among those scored."""

    http_status = 404


class RecordError(InputError):
    """A home is at fault, or what is given to it."""


class StoreError(RecordError):
    """The database of a home cannot be reached, is full, of another version, or held by somebody else."""


class TamperError(RecordError):
    """What was found does not match what was written: somebody or something changed it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault and its place.

    Attributes:
        line: the physical line, counted from 1; for Parquet the row; None: the file as a whole.
        hint: what to do now, or the nearest known name.
    """

    file: str
    line: int | None
    found: str
    expected: str
    column: int | None = None
    hint: str = ""

    def __str__(self) -> str:
        """`FILE:LINE: what was found; what was expected` (specification section 9)."""
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        column = "" if self.column is None else f"column {self.column}: "
        said = [self.found, f"expected {self.expected}" if self.expected else "", self.hint]
        return f"{where}: {column}{'; '.join(part for part in said if part)}"


def how_many(number: int, one: str, many: str) -> str:
    """So many of something: `1 person`, `12 people`."""
    return f"{number:,} {one if number == 1 else many}"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that a misspelt one most resembles, if any comes near."""
    return next(iter(get_close_matches(name, list(known), n=1, cutoff=0.6)), None)
