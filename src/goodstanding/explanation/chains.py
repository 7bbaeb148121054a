"""Chains of corrections: the events that correct, or are corrected, around one person; and which events then stand.

A book keeps what does not stand. To leave a correction out, or to add one, is to ask again which events stand, and for
that the whole chain is needed: what a correction replaced, and what replaced the correction (specification section 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from goodstanding.book import Book
from goodstanding.errors import InputError, UnknownPersonError
from goodstanding.explanation.model import EventRef
from goodstanding.filters import Event

RETRACTED = "retracted"
UNKNOWN = -1


def name_of(event: Mapping[str, Any]) -> EventRef:
    """An event by its source and id."""
    return EventRef(event["source"], event["id"])


def corrected_by(event: Mapping[str, Any]) -> EventRef | None:
    """What an event replaces, if anything."""
    return EventRef(event["source"], event["replaces"]) if event.get("replaces") else None


def chained(book: Book, person: str, recorded_by: int | None) -> list[Event]:
    """The events of all chains that touch a person, whether they stand or not, those recorded by a moment.

    Some may be about others: a correction may change the person.
    """
    rows, targets = np.asarray(book.corrections.rows), np.asarray(book.corrections.targets)
    if not rows.size:
        return []
    try:
        at = book.index(person)
    except UnknownPersonError:
        return []
    first, last = int(book.columns.offsets[at]), int(book.columns.offsets[at + 1])
    here = ((rows >= first) & (rows < last)) | ((targets >= first) & (targets < last))
    events: list[Event] = [book.event_at(row) for row in _linked(rows, targets, np.flatnonzero(here).tolist())]
    if recorded_by is None:
        return events
    return [event for event in events if event["recorded"] is not None and event["recorded"] <= recorded_by]


def _linked(rows: Any, targets: Any, corrections: Iterable[int]) -> list[int]:
    """The rows of the book that hang together with some corrections."""
    by_row, by_target = np.argsort(rows, kind="stable"), np.argsort(targets, kind="stable")
    sorted_rows, sorted_targets = rows[by_row], targets[by_target]
    open_, seen = list(corrections), set(corrections)
    linked: set[int] = set()
    while open_:
        correction = open_.pop()
        for row in (int(rows[correction]), int(targets[correction])):
            if row == UNKNOWN or row in linked:
                continue
            linked.add(row)
            for places, keys in ((by_row, sorted_rows), (by_target, sorted_targets)):
                low, high = np.searchsorted(keys, [row, row + 1])
                more = [int(place) for place in places[low:high] if int(place) not in seen]
                seen.update(more)
                open_ += more
    return sorted(linked)


def standing(events: Sequence[Event]) -> list[Event]:
    """Those that no standing event of their source replaces (specification section 1).

    Raises:
        InputError: corrections go in a circle.
    """
    known = {name_of(event): event for event in events}
    waiting = dict.fromkeys(known, 0)
    for event in events:
        target = corrected_by(event)
        if target in waiting:
            waiting[target] += 1
    settled = [name for name, count in waiting.items() if not count]
    fallen: set[EventRef] = set()
    for name in settled:
        target = corrected_by(known[name])
        if target is None or target not in waiting:
            continue
        if name not in fallen:
            fallen.add(target)
        waiting[target] -= 1
        if not waiting[target]:
            settled.append(target)
    if len(settled) < len(known):
        circle = ", ".join(str(name) for name in sorted(set(known) - set(settled)))
        raise InputError(f"these events would replace each other in a circle: {circle}")
    return [event for name, event in known.items() if name not in fallen]
