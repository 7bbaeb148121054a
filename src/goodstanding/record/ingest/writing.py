"""Writing one segment of a home, and what the ledger says of it."""

from __future__ import annotations

from secrets import token_bytes
from typing import Any, Final

from numpy.typing import NDArray

from goodstanding.record.home import SEGMENTS, Home
from goodstanding.record.ledger.entries.events import SegmentSealed
from goodstanding.record.segments import LEAVES, PARQUET, Meta, Rows, Sealed, path_of, write_segment

NONCE: Final = 16


def write(home: Home, source: str, recorded: int, events: list[Any], slots: NDArray[Any]) -> Sealed:
    """Write a segment; it counts once an entry says so.

    Args:
        recorded: the moment of events that have none of their own.
        events: one table, or batch, in the columns in which a reader gives them, its rows in any order; it is taken out
            of the list, so that nobody holds it longer than it is needed.
        slots: of each event's person.
    """
    meta = Meta(home.world, source, recorded, token_bytes(NONCE))
    rows = Rows.arranged(events.pop(), slots)
    return write_segment(home.disk, home.folder / SEGMENTS, rows, home.people.keys_of, meta)


def remove_segment(home: Home, root: bytes) -> None:
    """Remove the files of a segment that no entry speaks of."""
    for ending in (PARQUET, LEAVES):
        home.disk.remove(path_of(home.folder / SEGMENTS, root, ending))


def sealed_body(batch: str, sealed: Sealed, people: int) -> SegmentSealed:
    """What the ledger says of a segment.

    Args:
        people: how many people the home knows.
    """
    return SegmentSealed(
        batch=batch,
        rows=sealed.rows,
        people=sealed.people,
        root=sealed.root.hex(),
        digest=sealed.digest.hex(),
        nonce=sealed.nonce.hex(),
        bytes=sealed.bytes,
        first=sealed.first,
        last=sealed.last,
        people_known=people,
    )
