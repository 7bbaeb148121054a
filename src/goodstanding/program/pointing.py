"""How measures become points: thresholds as whole numbers, and which products fit 64 bits.

A threshold p/q of a measure counted in whole steps becomes the least step that reaches it. Fractions are compared by
multiplying, where no number of this book can grow too large for that; else by `kernel.pointing.reaches`, which is
slower and exact for any.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.book import Limits
from goodstanding.limits import MOST_POINTS
from goodstanding.points import Bands, Each, Labels, Points
from goodstanding.program import tables as t
from goodstanding.program.compiling import Program, Reader

SAFE = 2**62
"""Products below this are taken in 64 bits."""

MOST_TIES = 2**31
"""Ties of a person, at most."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """For each slot the greatest size that its number can have in a book."""

    slots: tuple[int, ...]

    @classmethod
    def of(cls, program: Program, limits: Limits) -> Sizes:
        """Work it out from the greatest amount, value and number of events that occur."""
        sizes = {"amount": limits.amount, "value": limits.value}
        largest = []
        for step in program.steps:
            code, field = step.operation.code, step.operation.field or ""
            most = {"sum": sizes.get(field, 0) * limits.events, "decay": limits.events << 20}
            single = {"min": sizes.get(field, 0), "max": sizes.get(field, 0), "last": sizes.get(field, 0)}
            ages = {"first_age": t.MOST_DAYS, "last_age": t.MOST_DAYS}
            largest.append((most | single | ages).get(code, limits.events))
        return cls(tuple(largest))


def factor_rows(
    program: Program, sizes: Sizes, labels: pa.Array, slots: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The tables of factors and requirements, of all their bands, and of all their labels' points.

    After so many `slots` follow those that say who is on which list; ties have rows of their own.
    """
    table = np.zeros((len(program.readers), t.F_WIDTH), np.int64)
    bands: list[list[int]] = []
    by_label: list[int] = []
    for row, reader in zip(table, program.readers, strict=True):
        row[t.F_FORM], row[t.F_SLOT], row[t.F_DIVISOR] = reader.form, reader.slot, reader.divisor
        if reader.form == t.LISTED:
            row[t.F_SLOT] = slots + reader.list
        elif reader.form == t.TIED:
            row[t.F_SLOT], row[t.F_DIVISOR] = reader.take, t.TIES_COUNT
        row[t.F_DIMENSION], row[t.F_LIST], row[t.F_SCALE] = reader.dimension, reader.list, reader.scale
        row[t.F_NONE], row[t.F_FRACTION] = reader.points.none, reader.is_fraction
        row[t.F_TAKE], row[t.F_TIE] = reader.take, reader.tie
        number, divisor = _sizes(reader, sizes, program)
        if isinstance(reader.points, Bands):
            _put_bands(row, reader, reader.points, bands, (number, divisor))
        elif isinstance(reader.points, Each):
            _put_each(row, reader, reader.points, (number, divisor))
        else:
            _put_labels(row, reader.points, labels, by_label)
    return table, np.array(bands, np.int64).reshape(len(bands), 4), np.array([*by_label, 0], np.int64)


def _sizes(reader: Reader, sizes: Sizes, program: Program) -> tuple[int, int]:
    """The greatest sizes of a measure's number and its divisor."""
    if reader.form == t.TIED:
        return max(abs(program.policy.least), abs(program.policy.most)) * MOST_TIES, MOST_TIES
    if reader.slot < 0:
        return 1, 1
    return sizes.slots[reader.slot], sizes.slots[reader.divisor] if reader.divisor >= 0 else reader.scale


def _put_bands(
    row: NDArray[np.int64], reader: Reader, points: Bands, bands: list[list[int]], largest: tuple[int, int]
) -> None:
    row[t.F_POINTS] = t.BANDS
    row[t.F_START] = len(bands)
    number, divisor = largest
    furthest = 0
    for edge, gives in points.bands:
        parts = int((edge or Fraction(0)) * t.PARTS)
        furthest = max(furthest, abs(parts))
        whole, part = divmod(parts, t.PARTS)
        step = parts if reader.is_fraction else -(-parts * reader.scale // t.PARTS)
        bands.append([_held(step), whole, part, gives])
    row[t.F_STOP] = len(bands)
    row[t.F_WIDE] = number * t.PARTS >= SAFE or furthest * divisor >= SAFE


def _held(step: int) -> int:
    """A threshold within 64 bits; beyond them no measure comes, so nothing is lost, and NULL stays below all."""
    return min(max(step, -(2**63) + 1), 2**63 - 1)


def _put_each(row: NDArray[np.int64], reader: Reader, points: Each, largest: tuple[int, int]) -> None:
    number, divisor = largest
    parts = int(points.per * t.PARTS)
    scale = 1 if reader.is_fraction else reader.scale
    shared = gcd(t.PARTS, parts * scale)
    times, per = t.PARTS // shared, parts * scale // shared
    row[t.F_POINTS] = t.EACH
    row[t.F_EACH] = points.points
    row[t.F_EACH_MIN] = -MOST_POINTS if points.min is None else points.min
    row[t.F_EACH_MAX] = MOST_POINTS if points.max is None else points.max
    row[t.F_PER_WHOLE], row[t.F_PER_PART] = divmod(parts, t.PARTS)
    # A divisor that no event of this book has leaves `per` itself, which must fit all the same.
    row[t.F_WIDE] = number * times >= SAFE or per * (max(1, divisor) if reader.is_fraction else 1) >= SAFE
    row[t.F_EACH_TIMES], row[t.F_EACH_PER] = (1, 1) if row[t.F_WIDE] else (times, per)


def _put_labels(row: NDArray[np.int64], points: Points, labels: pa.Array, by_label: list[int]) -> None:
    """The points of every label of the book; the code 0 stands for none and is not read."""
    assert isinstance(points, Labels)
    row[t.F_POINTS] = t.LABELS
    row[t.F_START] = len(by_label)
    by_label.append(points.none)
    by_label.extend(points.labels.get(label, points.other) for label in labels.to_pylist())
