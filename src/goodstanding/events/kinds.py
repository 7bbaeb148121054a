"""Kinds of column: what each may hold, by hand for one value and at once for a whole Arrow column.

A kind takes a column as a file holds it, whether typed (Parquet, Arrow) or written (CSV, JSON Lines), gives it back in
its canonical type, and says which rows are at fault. `fault` is the same rule for one value, by hand: it puts faults
into words, and the tests hold the two against each other.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from goodstanding.events.faults import Numbers, Said, shown
from goodstanding.events.moments import (
    SAID_MOMENT,
    SAID_RANGE,
    SECOND,
    format_moment,
    parse_moments,
    written_fault,
)
from goodstanding.events.texts import faulty_texts, said_length, text_buffers, text_fault, valid_rows
from goodstanding.limits import EARLIEST, END, GREATEST_VALUE, LONGEST_STRING

MOST_DIGITS = 18  # an int64 holds them all, whatever they are
CODES = pa.dictionary(pa.int32(), pa.string())


class Taken(NamedTuple):
    """A column in its canonical type, its faulty rows, and their faults in words."""

    array: Any
    faulty: Numbers
    explain: Callable[[int], Said]


class Kind(ABC):
    """What a column may hold."""

    arrow: ClassVar[Any]
    json: ClassVar[type] = str

    @property
    @abstractmethod
    def expected(self) -> str:
        """What stands in such a column, in words."""

    @abstractmethod
    def accepts(self, kind: Any) -> bool:
        """Whether a typed file may hold the column in this Arrow type."""

    @abstractmethod
    def fault(self, value: Any) -> Said | None:
        """What is wrong with one value as it stands in the file, by hand."""

    @abstractmethod
    def take(self, array: Any) -> Taken:
        """A column as read, in its canonical type."""


@dataclass(frozen=True, slots=True)
class Text(Kind):
    """Any string without controls; `encoded` ones are few and come as codes into a dictionary."""

    arrow = pa.string()
    most: int | None = LONGEST_STRING
    encoded: bool = False

    @property
    def expected(self) -> str:
        """A string of a length."""
        return said_length(self.most)

    def accepts(self, kind: Any) -> bool:
        """Whether it is any of Arrow's strings, or codes into a dictionary of them."""
        kind = kind.value_type if types.is_dictionary(kind) else kind
        return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))

    def fault(self, value: str | bytes) -> Said | None:
        """Too short, too long, or with a forbidden character."""
        return text_fault(value, self.most)

    def take(self, array: Any) -> Taken:
        """As plain strings, or as codes."""
        if self.encoded or types.is_dictionary(array.type):
            return self._take_encoded(as_codes(array))
        array = array if types.is_string(array.type) else array.cast(pa.string())
        return Taken(array, self._faulty(array), lambda row: self._explain(array, row))

    def _take_encoded(self, array: Any) -> Taken:
        """Only the dictionary is looked at, and the codes where something in it is at fault."""
        wrong = self._faulty(array.dictionary)
        codes = array.indices.fill_null(-1).to_numpy() if wrong.size else np.empty(0, np.int32)
        faulty = np.flatnonzero(np.isin(codes, wrong))
        taken = array if self.encoded or faulty.size else array.dictionary_decode()
        return Taken(taken, faulty, lambda row: self._explain(array.dictionary, int(codes[row])))

    def _faulty(self, array: Any) -> Numbers:
        return faulty_texts(array, self.most)

    def _explain(self, array: Any, row: int) -> Said:
        said = self.fault(array.slice(row, 1).cast(pa.binary())[0].as_py())
        if said is None:
            raise AssertionError(f"by hand there is no fault in {shown(array[row])}")
        return said


@dataclass(frozen=True, slots=True)
class Dotted(Text):
    """The type of an event: lower-case words joined by dots."""

    most: int | None = None
    encoded: bool = True
    grammar: ClassVar[re.Pattern[str]] = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")

    @property
    def expected(self) -> str:
        """Words joined by dots."""
        return "lower-case words joined by dots, such as bill.paid"

    def fault(self, value: str | bytes) -> Said | None:
        """Anything that is not words joined by dots."""
        said = text_fault(value, self.most)
        if said is None and not self.grammar.fullmatch(value if isinstance(value, str) else value.decode()):
            return Said(shown(value if isinstance(value, str) else value.decode()), self.expected)
        return said

    def _faulty(self, array: Any) -> Numbers:
        values = array.cast(pa.binary()).to_pylist()
        return np.array([row for row, value in enumerate(values) if value is not None and self.fault(value)], np.int64)


@dataclass(frozen=True, slots=True)
class Whole(Kind):
    """A whole number, at most 10^12 in size; in CSV its digits, perhaps after a minus, and nothing else."""

    arrow = pa.int64()
    json = int
    most: int = GREATEST_VALUE
    grammar: ClassVar[re.Pattern[str]] = re.compile("-?[0-9]+")

    @property
    def expected(self) -> str:
        """Its range."""
        return f"a whole number from -{self.most} to {self.most}"

    def accepts(self, kind: Any) -> bool:
        """Whether it is an integer of any width."""
        return bool(types.is_integer(kind))

    def fault(self, value: str | int) -> Said | None:
        """Out of range, or not written as a whole number."""
        return None if self._value(value) is not None else Said(shown(value), self.expected)

    def _value(self, value: str | int) -> int | None:
        if isinstance(value, str):
            significant = value.lstrip("-").lstrip("0")
            if not self.grammar.fullmatch(value) or len(significant) > MOST_DIGITS:
                return None
            value = int(value)
        return value if abs(value) <= self.most else None

    def take(self, array: Any) -> Taken:
        """As int64."""
        values = self._read(array) if types.is_string(array.type) else array
        least, greatest = pc.min_max(values).as_py().values()
        faulty = np.empty(0, np.int64)
        if least is None or (least >= -self.most and greatest <= self.most):
            values = values.cast(pa.int64())
        else:
            faulty = np.flatnonzero(outside(values, -self.most, self.most + 1))
        return Taken(values, faulty, lambda row: _surely(self.fault(text_or_value(array[row]))))

    def _read(self, array: Any) -> Any:
        """Written numbers; what cannot be read becomes a number out of range."""
        if _are_short_digits(array):
            return array.cast(pa.int64())
        return pa.array([self._value_or_beyond(text_or_value(value)) for value in array], pa.int64())

    def _value_or_beyond(self, text: str | None) -> int | None:
        value = None if text is None else self._value(text)
        return self.most + 1 if value is None and text is not None else value


@dataclass(frozen=True, slots=True)
class Moment(Kind):
    """A moment in UTC: as a timestamp with a zone, or written in ISO 8601 with one."""

    arrow = pa.int64()

    @property
    def expected(self) -> str:
        """How a moment is written."""
        return SAID_MOMENT

    def accepts(self, kind: Any) -> bool:
        """Whether it is a timestamp of any unit with a zone."""
        return types.is_timestamp(kind) and kind.tz is not None

    def fault(self, value: str | int) -> Said | None:
        """Out of range, or not written as a moment."""
        if isinstance(value, str):
            return written_fault(value)
        return None if EARLIEST <= value < END else Said(_said_micros(value), SAID_RANGE)

    def take(self, array: Any) -> Taken:
        """As int64 microseconds since 1970."""
        if types.is_string(array.type):
            values, unread = parse_moments(array)
            return self._within(values, unread, lambda row: _surely(self.fault(text_or_value(array[row]))))
        values = array.view(pa.int64()) if types.is_timestamp(array.type) else array
        unit = array.type.unit if types.is_timestamp(array.type) else "us"
        return self._take_unit(values, unit)

    def _take_unit(self, values: Any, unit: str) -> Taken:
        """Moments in a unit of their own: made microseconds where that is exact."""
        if unit == "us":
            return self._within(values, np.empty(0, np.int64), lambda row: _surely(self.fault(values[row].as_py())))
        if unit == "ns":
            nanos = values.fill_null(0).to_numpy()
            uneven = np.flatnonzero(nanos % 1000 != 0)
            micros = pa.array(nanos // 1000, mask=values.is_null().to_numpy(zero_copy_only=False))
            return self._within(micros, uneven, lambda row: _said_nanos(int(nanos[row])))
        scale = SECOND if unit == "s" else SECOND // 1000
        units = values.fill_null(0).to_numpy()
        held = np.clip(units, EARLIEST // scale - 1, END // scale + 1)  # so that the product fits; still out of range
        micros = pa.array(held * scale, mask=values.is_null().to_numpy(zero_copy_only=False))
        return self._within(
            micros, np.empty(0, np.int64), lambda row: Said(_said_micros(int(units[row]) * scale), SAID_RANGE)
        )

    def _within(self, micros: Any, unread: Numbers, explain: Callable[[int], Said]) -> Taken:
        least, greatest = pc.min_max(micros).as_py().values()
        if least is None or (least >= EARLIEST and greatest < END):
            return Taken(micros, unread, explain)
        return Taken(micros, np.union1d(unread, np.flatnonzero(outside(micros, EARLIEST, END))), explain)


def outside(values: Any, begin: int, end: int) -> Any:
    """True where a whole number is not null and not in `begin` ≤ value < `end`, whatever its width."""
    if types.is_uint64(values.type):  # beyond int64 is beyond any end
        values = pc.min_element_wise(values, pa.scalar(2**63 - 1, pa.uint64()), skip_nulls=False)
    numbers = values.cast(pa.int64()).fill_null(begin).to_numpy()
    return (numbers < begin) | (numbers >= end)


def as_codes(array: Any) -> Any:
    """Strings of any sort as int32 codes into a dictionary of plain strings without null."""
    if not types.is_dictionary(array.type):
        array = array if types.is_string(array.type) else array.cast(pa.string())
        return array.dictionary_encode()
    if array.dictionary.null_count:
        return as_codes(array.dictionary_decode())
    if array.type == CODES:
        return array
    return pa.DictionaryArray.from_arrays(array.indices.cast(pa.int32()), array.dictionary.cast(pa.string()))


def text_or_value(scalar: Any) -> Any:
    """The value of an Arrow scalar in Python; of a string that is not UTF-8, what can be shown of it."""
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return scalar.cast(pa.binary()).as_py().decode(errors="backslashreplace")


def _are_short_digits(array: Any) -> bool:
    """Whether a column of strings holds digits only, perhaps after a minus, few enough for Arrow's own reading."""
    if len(array) == 0:
        return True
    offsets, data = text_buffers(array)
    lengths = np.diff(offsets)
    if lengths.max() > MOST_DIGITS or (lengths[valid_rows(array)] < 1).any():
        return False
    minus = np.flatnonzero(data == ord("-"))
    at = np.searchsorted(offsets, minus, side="right") - 1
    leading = (offsets[at] == minus) & (lengths[at] > 1)
    digits = (data >= ord("0")) & (data <= ord("9"))
    return bool(leading.all()) and int(digits.sum()) + minus.size == data.size


def _surely(said: Said | None) -> Said:
    if said is None:
        raise AssertionError("by hand there is no fault")
    return said


def _said_micros(micros: int) -> str:
    try:
        return format_moment(micros)
    except OverflowError:
        return f"{micros} microseconds since 1970"


def _said_nanos(nanos: int) -> Said:
    if nanos % 1000:
        return Said(f"{format_moment(nanos // 1000)} and {nanos % 1000} nanoseconds", "whole microseconds")
    return Said(format_moment(nanos // 1000), SAID_RANGE)
