"""Events given as dictionaries, held to the same checks as those in files (specification section 1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from goodstanding.events.faults import FaultLog, Finding, finding
from goodstanding.events.jsonlines import LONG, Record, take_column, unknown_column
from goodstanding.events.kinds import Moment
from goodstanding.events.rows import Rows, check
from goodstanding.events.schema import EVENT
from goodstanding.limits import MOST_LISTED

CALLED = "events"
"""What stands in messages where a file would: `events:3` is the third of those given."""

Microseconds = Callable[[Any], int]


def check_events(events: Sequence[Mapping[str, Any]], microseconds: Microseconds) -> Any:
    """Events in the columns in which a reader gives them.

    Args:
        microseconds: makes a time, as it was given, whole microseconds since 1970.

    Raises:
        EventsError: an event is at fault; all faults at once, each with the event's number, from 1 on.
        TypeError: as `microseconds`. ValueError: as `microseconds`.
    """
    records = [_record(event, microseconds) for event in events]
    rows = Rows(len(records), {}, np.arange(1, len(records) + 1), _unknown(records))
    for column in EVENT.columns:
        take_column(column, records, rows, int if isinstance(column.kind, Moment) else column.kind.json)
    checked = check(EVENT, rows)
    log = FaultLog()
    log.take(CALLED, checked.findings)
    log.raise_any()
    return checked.batch


def _record(event: Mapping[str, Any], microseconds: Microseconds) -> Record:
    record: Record = {name: int(value) if isinstance(value, np.integer) else value for name, value in event.items()}
    for name in ("time", "recorded"):
        if record.get(name) is not None:
            record[name] = min(max(microseconds(record[name]), -LONG), LONG - 1)  # beyond either it is out of range too
    return record


def _unknown(records: Sequence[Record]) -> list[Finding]:
    known = frozenset(EVENT.names)
    places = [place for place, record in enumerate(records) if not record.keys() <= known]
    said = [unknown_column(records[place], EVENT) for place in places[:MOST_LISTED]]
    return [finding((place + 1 for place in places), said)] if places else []
