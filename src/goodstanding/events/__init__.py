"""Events, people and ties: their columns, and reading them from files into checked Arrow columns.

Files are untrusted. Each sentence of specification section 1 on single rows is a check here, every fault is counted
and the first 20 are told with file, line (in typed files the row), what was found and what was expected; nothing of
a faulty file is taken; and no file, whatever it says of itself, makes the reader take more than bounded memory.
What concerns several rows (the same id, circles of corrections, too many events a person) is the book's matter.

One event is one row of `EVENT_SCHEMA`: `id` and `person` as plain strings, the other strings as int32 codes into a
dictionary (of the batch), `time` and `recorded` as int64 microseconds since 1970 in UTC, `amount` and `value` int64.
"""

from goodstanding.events.dictionaries import check_events
from goodstanding.events.moments import format_moment, parse_moment
from goodstanding.events.reader import TableReader as EventReader
from goodstanding.events.reader import read_events
from goodstanding.events.schema import EVENT_SCHEMA, TIE_SCHEMA, WORLD_KEY, WORLDS
from goodstanding.events.tables import read_people, read_ties
from goodstanding.events.writer import write_events
from goodstanding.limits import EARLIEST, END

__all__ = [
    "EARLIEST",
    "END",
    "EVENT_SCHEMA",
    "TIE_SCHEMA",
    "WORLDS",
    "WORLD_KEY",
    "EventReader",
    "check_events",
    "format_moment",
    "parse_moment",
    "read_events",
    "read_people",
    "read_ties",
    "write_events",
]
