"""Moments: whole microseconds since 1970-01-01T00:00:00Z, written as ISO 8601 with a zone (specification section 1).

Written moments are `2018-01-31T09:30:00`, up to nine decimals of which those beyond the sixth are 0, and then `Z` or an
offset such as `+08:00`. There is no hour 24 and no second 60: a moment that has no place of its own among the
microseconds of UTC is refused, not moved.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from goodstanding.events.faults import Numbers, Said, shown
from goodstanding.events.texts import Bytes, text_buffers, valid_rows
from goodstanding.limits import DAY_US, EARLIEST, END, END_YEAR, EPOCH, FIRST_YEAR

SECOND = 1_000_000
MINUTE, HOUR = 60 * SECOND, 3600 * SECOND

SAID_MOMENT = "a time such as 2018-01-31T09:30:00Z, with Z or an offset"
SAID_RANGE = f"a time from {FIRST_YEAR}-01-01 and before {END_YEAR}-01-01"
WRITTEN = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
SHORTEST, LONGEST, TO_SECONDS, OFFSET = 20, 32, 19, 6
MOST_HOUR, MOST_MINUTE = 23, 59

# An offset can carry a moment over the turn of a year, so that the calendar reaches one year further at both ends.
_MONTHS = [(year, month) for year in range(FIRST_YEAR - 1, END_YEAR + 1) for month in range(1, 13)]
_MONTH_DAYS = np.array([monthrange(*month)[1] for month in _MONTHS], np.int64)
_MONTH_START = np.array([(datetime(*month, 1, tzinfo=UTC) - EPOCH).days for month in _MONTHS], np.int64)


def parse_moment(text: str) -> int:
    """Microseconds since 1970 of a written moment, by hand.

    Raises:
        ValueError: with what is wrong, in words.
    """
    match = WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError(_why_not(text))
    *parts, fraction, zone = match.groups()
    if zone is None:
        raise ValueError("a time without a zone")
    if (fraction or "")[6:].strip("0"):
        raise ValueError("finer than a microsecond")
    try:
        naive = datetime(*map(int, parts), tzinfo=UTC)  # type: ignore[arg-type, misc]  # WRITTEN has six parts before these two
    except ValueError as error:
        raise ValueError(str(error).replace("..", " to ")) from None
    micros = (naive - EPOCH) // timedelta(seconds=1) * SECOND + int((fraction or "")[:6].ljust(6, "0"))
    return micros - _offset(zone)


DAY, CLOCK = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9]{2}:[0-9]{2}"
ZONE = f"(Z|[+-]{CLOCK})?"
NEARLY = (
    (DAY, "a day without a time"),
    (rf"{DAY} +{CLOCK}.*", "a blank between day and time, where a T belongs"),
    (rf"\s+{DAY}.*|{DAY}.*\s+", "a blank before or after it"),
    (f"{DAY}[Tt]{CLOCK}{ZONE}", "a time without seconds"),
    (rf"{DAY}(t.*|T[^A-Za-z]+z)", "a small t or z, where a capital one belongs"),
    (rf"{DAY}T{CLOCK}:[0-9]{{2}},[0-9]+{ZONE}", "a comma before the decimals, where a point belongs"),
    (rf"{DAY}T{CLOCK}:[0-9]{{2}}(\.[0-9]+)?[+-][0-9]{{2}}([0-9]{{2}})?", "an offset that is not written like +08:00"),
    (rf"{DAY}T{CLOCK}:[0-9]{{2}}\.[0-9]{{10,}}{ZONE}", "finer than a microsecond"),
    (r"[0-9]+(\.[0-9]+)?", "a bare number"),
)
"""What is often written instead of a moment, and what is wrong with it."""


def _why_not(text: str) -> str:
    """What is wrong with a text that is not written as a moment."""
    return next((said for shape, said in NEARLY if re.fullmatch(shape, text, re.DOTALL)), "not a date and a time")


def _offset(zone: str) -> int:
    if zone == "Z":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    if hours > MOST_HOUR or minutes > MOST_MINUTE:
        raise ValueError("an offset beyond 23:59")
    return (hours * HOUR + minutes * MINUTE) * (-1 if zone[0] == "-" else 1)


def format_moment(micros: int) -> str:
    """A moment as it is written: `2018-01-31T09:30:00Z`, with six decimals where there are microseconds."""
    return (EPOCH + timedelta(microseconds=micros)).isoformat().replace("+00:00", "Z")


def written_fault(text: str) -> Said | None:
    """What is wrong with one written moment."""
    try:
        micros = parse_moment(text)
    except ValueError as error:
        return Said(f"{shown(text)} ({error})", SAID_MOMENT)
    return None if EARLIEST <= micros < END else Said(shown(text), SAID_RANGE)


def parse_moments(array: Any) -> tuple[Any, Numbers]:
    """A `pa.StringArray` of written moments as int64 microseconds, and the rows that cannot be read.

    Whole columns of like-written moments are read digit by digit, all rows at once; what does not fit is read by hand.
    """
    micros = np.zeros(len(array), np.int64)
    valid = valid_rows(array)
    done = ~valid
    if len(array):
        _read_alike(array, micros, done)
    faulty = [row for row in np.flatnonzero(~done) if not _read_by_hand(array, int(row), micros)]
    return pa.array(micros, mask=None if valid.all() else ~valid), np.array(faulty, np.int64)


def _read_by_hand(array: Any, row: int, micros: Numbers) -> bool:
    try:
        micros[row] = parse_moment(array[row].as_py())
    except ValueError:  # also where the string is not UTF-8
        return False
    return True


def _read_alike(array: Any, micros: Numbers, done: npt.NDArray[np.bool_]) -> None:
    """Read all rows of a usual form: as many bytes, and all ending in Z, or all in an offset."""
    offsets, data = text_buffers(array)
    lengths = np.diff(offsets)
    usual = ~done & (lengths >= SHORTEST) & (lengths <= LONGEST)
    for length in np.unique(lengths[usual]).tolist():
        rows = np.flatnonzero(usual & (lengths == length))
        table = data[offsets[rows][:, None] + np.arange(length)].T.copy()
        for is_zulu in (True, False):
            chosen = np.flatnonzero((table[-1] == ord("Z")) == is_zulu)
            if chosen.size:
                values, good = _read_table(table[:, chosen], 1 if is_zulu else OFFSET)
                micros[rows[chosen]] = values
                done[rows[chosen]] = good


def _read_table(table: Bytes, zone: int) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """Moments one a column, one character a row: their values, and which of them are surely what they seem."""
    decimals = table.shape[0] - TO_SECONDS - zone
    if decimals == 1 or decimals > 7:  # noqa: PLR2004 - a point without digits; more than six of them
        return np.zeros(table.shape[1], np.int64), np.zeros(table.shape[1], np.bool_)
    good = np.ones(table.shape[1], np.bool_)
    for place, mark in ((4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")):
        good &= table[place] == ord(mark)
    year, month, day = (_digits(table, good, *span) for span in ((0, 4), (5, 7), (8, 10)))
    hour, minute, second = (_digits(table, good, *span) for span in ((11, 13), (14, 16), (17, 19)))
    good &= (year >= FIRST_YEAR - 1) & (year <= END_YEAR) & (month >= 1) & (month <= 12)  # noqa: PLR2004 - months
    at = np.where(good, (year - (FIRST_YEAR - 1)) * 12 + month - 1, 0)
    good &= (
        (day >= 1) & (day <= _MONTH_DAYS[at]) & (hour <= MOST_HOUR) & (minute <= MOST_MINUTE) & (second <= MOST_MINUTE)
    )
    micros = (_MONTH_START[at] + day - 1) * DAY_US + hour * HOUR + minute * MINUTE + second * SECOND
    if decimals:
        good &= table[TO_SECONDS] == ord(".")
        micros += _digits(table, good, TO_SECONDS + 1, TO_SECONDS + decimals) * 10 ** (7 - decimals)
    if zone == OFFSET:
        micros -= _offsets(table[-OFFSET:], good)
    return micros, good


def _digits(table: Bytes, good: npt.NDArray[np.bool_], begin: int, end: int) -> Numbers:
    value = np.zeros(table.shape[1], np.int64)
    for row in table[begin:end]:
        digit = row - np.uint8(ord("0"))  # below "0" it wraps to far above 9
        good &= digit <= 9  # noqa: PLR2004 - a digit
        value = value * 10 + digit
    return value


def _offsets(table: Bytes, good: npt.NDArray[np.bool_]) -> Numbers:
    behind = table[0] == ord("-")
    good &= (behind | (table[0] == ord("+"))) & (table[3] == ord(":"))
    hours, minutes = _digits(table, good, 1, 3), _digits(table, good, 4, 6)
    good &= (hours <= MOST_HOUR) & (minutes <= MOST_MINUTE)
    signed: Numbers = (1 - 2 * behind.astype(np.int64)) * (hours * HOUR + minutes * MINUTE)
    return signed
