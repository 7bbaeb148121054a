"""Quarantine: events that came in and count for nothing until somebody decides: released they are taken, refused gone.

What was decided stays decided: the same event sent again is known. Of a decided event only its name stays, which is two
keyed hashes; an event that waits lies in the store with everything it says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from sqlalchemy import Connection, select

from goodstanding.errors import RecordError, how_many
from goodstanding.events import format_moment
from goodstanding.record import canonical
from goodstanding.record.home import Home
from goodstanding.record.ingest.checks import WHY
from goodstanding.record.ingest.conflicts import HELD
from goodstanding.record.ingest.fingerprints import Hashes
from goodstanding.record.ingest.intake import held_name
from goodstanding.record.ingest.runs import Found, Memory
from goodstanding.record.ingest.stretches import Stretch
from goodstanding.record.store import held

MOST: Final = 100_000
"""Events of one batch that are held back; a batch with more is sent by mistake, and refused."""

Decision = Literal["released", "refused"]


@dataclass(frozen=True, slots=True)
class Held:
    """One event in quarantine.

    Attributes:
        name: two keyed hashes, in hex.
        event: what it says; None once it is decided.
    """

    name: str
    source: str
    reason: str
    event: dict[str, Any] | None
    batch: str | None
    recorded: int
    state: str
    decided: int | None

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "name": self.name,
            "source": self.source,
            "reason": self.reason,
            "why": WHY.get(self.reason, ""),
            "event": self.event,
            "batch": self.batch,
            "recorded": format_moment(self.recorded),
            "state": self.state,
            "decided": None if self.decided is None else format_moment(self.decided),
        }


class Holding:
    """The events of one batch that are held back; they are in quarantine once the batch is on record."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._rows: list[dict[str, Any]] = []
        self._hashes: list[tuple[int, int]] = []
        self._events: dict[str, dict[str, Any]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def reasons(self) -> list[str]:
        """Each reason, with how many are held back for it."""
        counts = Counter(row["reason"] for row in self._rows)
        return [f"{reason}: {count}" for reason, count in sorted(counts.items())]

    def add(self, stretch: Stretch, row: int, reason: str) -> None:
        """Hold one event back.

        Raises:
            RecordError: there are too many.
        """
        if len(self._rows) == MOST:
            raise RecordError(
                f"more than {MOST:,} events of this batch would go to quarantine, the last because "
                f"{WHY[reason]}; nothing was taken: look at what {self._source!r} is registered to send, and send again"
            )
        ids, contents = stretch.prints.ids[row], stretch.prints.contents[row]
        event = {name: value for name, value in stretch.event(row).items() if value is not None}
        self._events[event["id"]] = event
        self._hashes.append((int(ids), int(contents)))
        self._rows.append(
            {
                "id": held_name(ids, contents),
                "source": self._source,
                "reason": reason,
                "event": canonical.encode(event),
                "state": "held",
            }
        )

    def look_up(self, ids: Hashes, contents: Hashes, found: Found) -> None:
        """Add to what is found of some ascending hashes."""
        if self._hashes:
            own = np.array(self._hashes, np.uint64)
            Memory.of(own[:, 0].copy(), own[:, 1].copy(), HELD).look_up(ids, contents, found)

    def event(self, id_: str) -> dict[str, Any] | None:
        """The event of an id, if it is held back."""
        return self._events.get(id_)

    def write(self, connection: Connection, batch: str | None, recorded: int) -> None:
        """Put them into quarantine, within a transaction that writes."""
        if self._rows:
            connection.execute(held.insert(), [{**row, "batch": batch, "recorded": recorded} for row in self._rows])


def listed(home: Home, *, source: str | None = None, state: str | None = "held") -> list[Held]:
    """What is in quarantine, in the order in which it came in.

    Args:
        state: `held`, `released` or `refused`; None: all.
    """
    asked = select(held).order_by(held.c.recorded, held.c.id)
    if source is not None:
        asked = asked.where(held.c.source == source)
    if state is not None:
        asked = asked.where(held.c.state == state)
    with home.store.reading() as connection:
        return [_of(row) for row in connection.execute(asked)]


def _of(row: Any) -> Held:
    event = None if row.event is None else canonical.decode(bytes(row.event))
    return Held(row.id, row.source, row.reason, event, row.batch, row.recorded, row.state, row.decided)


def waiting(home: Home, names: Sequence[str]) -> list[Held]:
    """Those of quarantine that are named, by enough letters of their names to tell them apart.

    Raises:
        RecordError: a name is unknown, is not enough, or is decided already.
    """
    return [_one(name, listed(home, state=None)) for name in dict.fromkeys(names)]


def _one(name: str, known: Sequence[Held]) -> Held:
    found = [each for each in known if each.name.startswith(name)]
    if len(found) != 1 or not name:
        said = "nothing is called so" if not found else f"{how_many(len(found), 'event is', 'events are')} called so"
        raise RecordError(f"{name!r} in quarantine: {said}; names are listed by goodstanding quarantine list")
    if found[0].state != "held":
        raise RecordError(
            f"{name!r} in quarantine: {found[0].state} already, at {format_moment(found[0].decided or 0)}"
        )
    return found[0]
