"""What a verifier finds: faults, each with its place, and the verdict over all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from goodstanding.record.ledger.entry import Entry


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was written.

    Attributes:
        where: what it is found in: `entry 17`, `the signed head of 20 entries`, a segment.
        seq: the number of the entry, where it is one.
        last: the number of the last entry, where they are several.
    """

    where: str
    found: str
    expected: str
    seq: int | None = None
    last: int | None = None

    @property
    def numbers(self) -> range:
        """The numbers of the entries that are at fault."""
        return range(0) if self.seq is None else range(self.seq, (self.seq if self.last is None else self.last) + 1)

    def __str__(self) -> str:
        """One line."""
        return f"{self.where}: {self.found}; expected {self.expected}"


Check: TypeAlias = Callable[[Entry], Iterable[Fault]]
"""Looks at what an entry speaks of; an error that it raises is a finding too."""


class Progress(Protocol):
    """Told how much is done, and of how much."""

    def __call__(self, done: int, total: int | None = None) -> None:
        """Say how far it is."""


def silent(done: int, total: int | None = None) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verifier found.

    Attributes:
        size: entries that were read.
        root: the root that they come to.
        heads: signed heads that they were held against, those brought along included.
        cosignatures: signatures of trusted witnesses that hold.
        faults: what is not as it was written, in order; the first is the one to look at.
        more: whether there are more than are listed.
    """

    size: int
    root: bytes
    heads: int
    cosignatures: int
    faults: tuple[Fault, ...]
    more: bool = False

    @property
    def ok(self) -> bool:
        """Whether all is as it was written."""
        return not self.faults


def tried(where: str, look: Callable[[], Iterable[Fault]], seq: int | None = None) -> list[Fault]:
    """What a look finds; if it fails, that is the finding: a damaged row can make anything fail."""
    found: list[Fault] = []
    try:
        found.extend(look())
    except Exception as error:  # noqa: BLE001 whatever it is, this part cannot be read as it was written
        said = " ".join(str(error).split())
        found.append(Fault(where, f"cannot be read: {said or type(error).__name__}", "what was written", seq))
    return found
