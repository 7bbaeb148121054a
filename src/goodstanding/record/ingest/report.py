"""What became of events that were sent."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from goodstanding.errors import how_many

State = Literal["taken", "known", "held", "erased"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one event; on the disk by the time anybody sees this.

    Attributes:
        state: taken now, known before, held in quarantine, or about somebody who was erased, and so left out.
        recorded: the moment of the record at which it was taken, in microseconds since 1970; None: it was not.
        seq, row: the entry of the ledger that took it, and its place there.
        reason: why it is held.
    """

    source: str
    id: str
    state: State
    recorded: int | None = None
    seq: int | None = None
    row: int | None = None
    reason: str | None = None


@dataclass(slots=True)
class Report:
    """What became of a batch.

    Attributes:
        new: taken now. known: on record already, or twice in the batch. late: of the new ones, those whose time lies
            before the latest that the source had sent earlier. held: put into quarantine now, by reason. erased: about
            people who were erased, and so left out.
        people_new: people whom the home did not know before.
        segments: the roots of the segments that now hold the new events.
    """

    source: str
    batch: str = ""
    new: int = 0
    known: int = 0
    late: int = 0
    held: dict[str, int] = field(default_factory=dict)
    erased: int = 0
    people_new: int = 0
    segments: list[str] = field(default_factory=list)

    @property
    def quarantined(self) -> int:
        """How many were put into quarantine."""
        return sum(self.held.values())

    @property
    def rows(self) -> int:
        """How many were sent."""
        return self.new + self.known + self.quarantined + self.erased

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {**asdict(self), "rows": self.rows, "quarantined": self.quarantined}

    def lines(self) -> list[str]:
        """For people; of what did not occur only what they would look for."""
        said = [f"{self.new:,} new, {self.known:,} known"]
        if self.late:
            said.append(f"{self.late:,} late: they happened before the latest that this source had sent earlier")
        if self.held:
            each = ", ".join(f"{reason} {count:,}" for reason, count in sorted(self.held.items()))
            said.append(f"{self.quarantined:,} in quarantine ({each}); see goodstanding quarantine list")
        if self.erased:
            said.append(f"{self.erased:,} left out: about people who were erased")
        if self.people_new:
            said.append(how_many(self.people_new, "person is new", "people are new"))
        if self.segments:
            said.append(how_many(len(self.segments), "segment", "segments") + f", batch {self.batch}")
        return said
