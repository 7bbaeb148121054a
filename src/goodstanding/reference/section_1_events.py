"""Specification section 1, read plainly: which events there are, which stand, in what order, and whom they name.

Not here, because they are about single rows and not about scores: the columns' types and limits, control characters,
naive times, unknown columns and worlds. Events come to the reference as rows that have passed those checks: mappings
with the columns below, `time` and `recorded` in whole microseconds since 1970 (UTC). A column left out is null.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Event = Mapping[str, Any]
Key = tuple[str, str]
"""(`source`, `id`): what makes an event one and the same."""

COLUMNS = (
    "id",
    "source",
    "type",
    "person",
    "time",
    "amount",
    "value",
    "label",
    "party",
    "matter",
    "recorded",
    "replaces",
)


class SameIdError(ValueError):
    """Two events have one source and id but other content; the message names both."""


class CircleError(ValueError):
    """Corrections go in a circle; the message names the events of it."""


def key(event: Event) -> Key:
    """Give what makes an event one and the same: "unique within `source`"."""
    return event["source"], event["id"]


def once(events: Iterable[Event]) -> list[Event]:
    """Leave one event of each source and id.

    "(`source`, `id`) twice with the same content (all columns but `recorded`) is one event, with the earliest
    `recorded`. With other content it is an error which names both." And of `recorded`: "null: the moment it is read in,
    later than any `recorded_by`", so a null gives way to any moment.

    Raises:
        SameIdError: the same id came with other content.
    """
    kept: dict[Key, Event] = {}
    for given in events:
        event = {column: given.get(column) for column in COLUMNS}
        other = kept.setdefault(key(event), event)
        if content(other) != content(event):
            raise SameIdError(f"{key(event)} twice with other content: {content(other)} and {content(event)}")
        kept[key(event)] = {**event, "recorded": earliest(other["recorded"], event["recorded"])}
    return list(kept.values())


def content(event: Event) -> dict[str, Any]:
    """Give "all columns but `recorded`"."""
    return {column: event[column] for column in COLUMNS if column != "recorded"}


def earliest(one: int | None, other: int | None) -> int | None:
    """Give the earlier of two moments, of which null is the latest."""
    moments = [moment for moment in (one, other) if moment is not None]
    return min(moments, default=None)


def standing(events: Sequence[Event], recorded_by: int | None) -> list[Event]:
    """Give the events that stand by a moment (null: all that were read in).

    "An event *stands* by a moment when it was recorded by then and no standing event of its source replaces it,
    whatever the times of the two." A replacement that was not recorded by then, or is itself replaced by one that
    stands, replaces nothing. "A correction of an unknown id is taken": what it replaces is then simply not there.

    Raises:
        CircleError: as in `corrections_first`, "whatever `recorded_by`".
    """
    stands: dict[Key, bool] = {}
    corrections = replacements(events)
    for event in corrections_first(events):
        replaced = any(stands[key(correction)] for correction in corrections[key(event)])
        stands[key(event)] = recorded_then(event, recorded_by) and not replaced
    return [event for event in events if stands[key(event)]]


def recorded_then(event: Event, recorded_by: int | None) -> bool:
    """Say whether an event was recorded by a moment; without a moment, all that were read in."""
    if recorded_by is None:
        return True
    return event["recorded"] is not None and bool(event["recorded"] <= recorded_by)


def replacements(events: Sequence[Event]) -> dict[Key, list[Event]]:
    """Give, for each event, those of its source that replace it."""
    found: dict[Key, list[Event]] = {key(event): [] for event in events}
    for event in events:
        replaced = (event["source"], event["replaces"])
        if replaced in found:
            found[replaced].append(event)
    return found


def corrections_first(events: Sequence[Event]) -> list[Event]:
    """Put every event after all that replace it, so that whether it stands is known when its turn comes.

    This is the recursion of the specification, told from its end: first those that nothing replaces, then those
    replaced by these alone, and so on. Whoever never gets a turn replaces itself by way of others.

    Raises:
        CircleError: "A circle of corrections (looked for in all events, whatever `recorded_by`) is an error."
    """
    by_key = {key(event): event for event in events}
    waiting_for = {replaced: len(corrections) for replaced, corrections in replacements(events).items()}
    ordered = [event for event in events if waiting_for[key(event)] == 0]
    for event in ordered:  # grows while it is walked
        replaced = (event["source"], event["replaces"])
        if replaced in by_key:
            waiting_for[replaced] -= 1
            if waiting_for[replaced] == 0:
                ordered.append(by_key[replaced])
    if len(ordered) < len(events):
        circle = sorted(name for name, count in waiting_for.items() if count > 0)
        raise CircleError(f"corrections go in a circle: {circle}")
    return ordered


def order(event: Event) -> tuple[int, bytes, bytes]:
    """Give the place of an event: "ordered by (`time`, `source`, `id`), strings by their UTF-8 bytes"."""
    return event["time"], event["source"].encode(), event["id"].encode()


def read(events: Sequence[Event], policy: Mapping[str, Any], as_of: int, recorded_by: int | None) -> list[Event]:
    """Give what a score reads, in order.

    "events that stand by `recorded_by` (default: all that were read in), with `time` ≤ `as_of`, of types that the
    policy's catalogue holds." A `retracted` is read by nobody, because "no catalogue may hold the type".
    """
    types = {entry["type"] for entry in policy["catalogue"]}
    stand = standing(events, recorded_by)
    return sorted((event for event in stand if event["time"] <= as_of and event["type"] in types), key=order)


def population(events: Sequence[Event], people: Sequence[str] | None) -> list[str]:
    """Give everyone who is scored, by UTF-8 bytes (section 4, "Population").

    "Everyone in the people table where one is given (events about others are then counted and left out), else everyone
    whom any given event names, read or not; ties name nobody." So also whoever is named only by an event that is
    corrected, retracted, late, or of a type outside the catalogue.
    """
    named = people if people is not None else {event["person"] for event in events}
    return sorted(set(named), key=str.encode)
