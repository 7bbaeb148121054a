"""Single events that were taken one by one are moved from the store into segments, each with its own moment.

A segment and the removal of its rows from the store are one transaction: an event lies in one of the two, never in both
and never in neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, and_, func, or_, select

from goodstanding.record.home import Home
from goodstanding.record.ingest.columns import from_dictionaries
from goodstanding.record.ingest.committing import UncertainError, commit
from goodstanding.record.ingest.conflicts import unpacked
from goodstanding.record.ingest.intake import Intake, Progress, in_silence, intake_of
from goodstanding.record.ingest.runs import in_order
from goodstanding.record.ingest.sources import OURS
from goodstanding.record.ingest.writing import remove_segment, sealed_body, write
from goodstanding.record.ledger import Said
from goodstanding.record.ledger.entries.events import EventsSealed
from goodstanding.record.segments import MOST_ROWS, Sealed
from goodstanding.record.store import single

MANY: Final = 65_536
"""So many single events are sealed without being asked to."""
BATCH: Final = "singles"


@dataclass(frozen=True, slots=True)
class Moved:
    """Single events of one source that lie in a segment now."""

    source: str
    rows: int
    root: str


def seal(home: Home, *, actor: str = OURS, progress: Progress = in_silence) -> list[Moved]:
    """Move all single events into segments, a source at a time.

    Raises:
        StoreError: the store cannot be written; what was sealed before stays so.
    """
    intake = intake_of(home)
    with intake.lock:
        intake.refresh()
        total, moved = _count(home), []
        while (rows := _next(home)) and total:
            moved.append(_seal(intake, rows, actor))
            progress(sum(each.rows for each in moved), total)
        intake.waiting = 0
        return moved


def seal_if_many(intake: Intake) -> list[Moved]:
    """The same, once there are many; by whoever holds the intake's lock."""
    if intake.waiting is None:
        intake.waiting = _count(intake.home)
    return seal(intake.home) if intake.waiting >= MANY else []


def _count(home: Home) -> int:
    with home.store.reading() as connection:
        return int(connection.scalar(select(func.count()).select_from(single)) or 0)


def _next(home: Home) -> Sequence[Any]:
    """The single events of one source, in the order in which they were taken, as many as go into one segment."""
    with home.store.reading() as connection:
        source = connection.scalar(select(func.min(single.c.source)))
        asked = select(single).where(single.c.source == source).order_by(single.c.seq, single.c.row)
        return connection.execute(asked.limit(MOST_ROWS)).all()


def _seal(intake: Intake, rows: Sequence[Any], actor: str) -> Moved:
    home, source = intake.home, rows[0].source
    events = from_dictionaries(
        [{**event, "recorded": row.recorded} for event, row in zip(unpacked(home, rows), rows, strict=True)]
    )
    slots = np.array([row.slot for row in rows], np.uint32)
    sealed = write(home, source, home.recorder.moment(), [events], slots)
    prints = intake.hasher.rows(source, events)
    order = in_order(prints.ids)
    intake.known.add(prints.ids[order], prints.contents[order], sealed.root)
    try:
        commit(
            home,
            lambda _connection: _said(home, source, sealed, rows, actor),
            lambda connection, _entries: _take_out(connection, rows),
        )
    except UncertainError:
        raise
    except BaseException:
        intake.known.drop()
        remove_segment(home, sealed.root)
        raise
    intake.known.keep()
    return Moved(source, sealed.rows, sealed.root.hex())


def _said(home: Home, source: str, sealed: Sealed, rows: Sequence[Any], actor: str) -> list[Said]:
    root = sealed.root.hex()
    taken = sorted({int(row.seq) for row in rows})
    return [
        Said(sealed_body(BATCH, sealed, home.people.size), source, f"{OURS}/{BATCH}/{root}", actor),
        Said(EventsSealed(root, taken, sealed.rows), OURS, f"sealed/{root}", actor),
    ]


def _take_out(connection: Connection, rows: Sequence[Any]) -> None:
    """Remove from the store what lies in the segment: all of the source's that were taken so far."""
    source, last = rows[0].source, rows[-1]
    before = or_(single.c.seq < last.seq, and_(single.c.seq == last.seq, single.c.row <= last.row))
    gone = connection.execute(single.delete().where(single.c.source == source, before))
    assert gone.rowcount == len(rows), "single events changed while they were sealed"
