"""Events drawn as a small table, and a policy of one line: what a test of one claim is written with."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from goodstanding.reference import Result, reference
from goodstanding.testing.vocabulary import AS_OF, DAY

TYPES = ("a", "b", "c", "rail", "rail.smoking", "rail.ticket.sold", "railway.x")
"""The catalogue of `small_policy`."""

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
MOMENTS = frozenset(("time", "recorded", "since", "until"))
WHOLE = frozenset(("amount", "value"))
PLACE = re.compile(r"(?P<days>[+-]?\d+)d(?P<microseconds>[+-]\d+)?")


def table(text: str) -> list[dict[str, Any]]:
    """Read a drawn table of events.

    The first line names columns, `|` stands between cells, an empty cell is null. Times are days from `AS_OF`, with
    microseconds beside them where needed: `-730d`, `-730d+1`, `0d`. What the table leaves out is filled in: `id` by row
    (`e1`, `e2`, …), `source` `s`, `type` `a`, `person` `p`, `time` one day before `AS_OF`, and null.
    """
    rows = drawn(text)
    usual = {"source": "s", "type": "a", "person": "p", "time": AS_OF - DAY}
    return [{**dict.fromkeys(COLUMNS), **usual, "id": f"e{number}", **row} for number, row in enumerate(rows, start=1)]


def tie_table(text: str) -> list[dict[str, Any]]:
    """Read a drawn table of ties: `a`, `b`, `since` (a year ago where left out), `until`, `kind`."""
    return [{"since": AS_OF - 365 * DAY, "until": None, "kind": None, **row} for row in drawn(text)]


def drawn(text: str) -> list[dict[str, Any]]:
    """Read the cells that a table has."""
    header, *lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [{column: cell(column, found) for column, found in zip(header, line, strict=True)} for line in lines]


def cell(column: str, found: str) -> Any:
    """Read one cell by its column."""
    if found == "":
        return None
    if column in MOMENTS:
        return moment(found)
    return int(found) if column in WHOLE else found


def moment(found: str) -> int:
    """Read a moment such as `-730d+1`: days from `AS_OF`, and microseconds.

    Raises:
        ValueError: it is not written so.
    """
    place = PLACE.fullmatch(found)
    if place is None:
        raise ValueError(f"{found!r} is no moment; expected days and microseconds such as -730d or -730d+1")
    return AS_OF + int(place["days"]) * DAY + int(place["microseconds"] or 0)


def small_policy(*factors: Mapping[str, Any], **parts: Any) -> dict[str, Any]:
    """Make a synthetic policy with these factors; any part of the document may be given.

    What a factor leaves out is filled in: its name (`f1`, `f2`, …), the dimension `d`, a point for each whole one.
    """
    usual = {"dimension": "d", "points": {"each": {"points": 1}}}
    return {
        "goodstanding": 1,
        "name": "small",
        "version": "1",
        "title": "A small policy",
        "world": "synthetic",
        "score": {"base": 0, "min": -1_000_000, "max": 1_000_000},
        "dimensions": [{"name": "d", "title": "The dimension"}],
        "catalogue": [{"type": type_, "title": type_, "sensitivity": "ordinary"} for type_ in TYPES],
        "factors": [
            {"name": f"f{number}", "title": f"Factor {number}", **usual, **factor}
            for number, factor in enumerate(factors, start=1)
        ],
        **parts,
    }


def result_of(policy: Mapping[str, Any], events: str | Sequence[Mapping[str, Any]] = "id", **asked: Any) -> Result:
    """Give the reference's result for the person `p`, who is there even without events; events may be a drawn table."""
    rows = table(events) if isinstance(events, str) else events
    return reference(policy, rows, **{"as_of": AS_OF, "people": ["p"], **asked})["p"]
