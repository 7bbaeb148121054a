"""Measures to points, for some people at a time, factor by factor (specification section 3). Whole numbers only.

In every function, `numbers` has measures in its row `s`, and their divisors in its row `d`; `points` gets what they
give in its row `f`; of both, the columns are those from `at` on, one a person, `size` of them. The functions with a
loop take nothing but arrays as they are: a part of one would be counted as one more that refers to it.
"""

from __future__ import annotations

import numpy as np

from goodstanding.loops import inlined, loop
from goodstanding.program import tables as t


@inlined
def reaches(number, divisor, whole, part):
    """Whether number ÷ divisor ≥ whole + part ÷ 10,000, exactly, for any 64-bit numbers and divisor above 0.

    Whole parts are compared first. Where they are equal the remainder is written out to four places by long division,
    in unsigned 64 bits: a divisor is at most 10^18 (specification section 1), so ten times a remainder still fits.
    """
    floor = number // divisor
    if floor != whole:
        return floor > whole
    rest = np.uint64(number - floor * divisor)
    by = np.uint64(divisor)
    places = np.uint64(0)
    for _ in range(4):
        rest *= np.uint64(10)
        digit = rest // by
        rest -= digit * by
        places = places * np.uint64(10) + digit
    return places >= np.uint64(part)


@loop
def steps(number, divisor, per_whole, per_part):
    """⌊(number ÷ divisor) ÷ (per_whole + per_part ÷ 10,000)⌋, held within ±20,000, exactly.

    Found by halving: k steps are made where the measure reaches k times `per`. Beyond 10,000 steps of at least one
    point the points are held anyway (specification section 3).
    """
    low, high = -20_001, 20_000
    while low < high:
        k = (low + high + 1) // 2
        part = k * per_part
        if abs(np.float64(k) * np.float64(per_whole)) > t.BEYOND:
            whole = np.int64(t.FAR) if k > 0 else np.int64(-t.FAR)
        else:
            whole = k * per_whole + part // t.PARTS
        if reaches(number, divisor, whole, part % t.PARTS):
            low = k
        else:
            high = k - 1
    return low


@inlined
def _full_steps(number, times, per):
    """⌊number × times ÷ per⌋, held within ±20,001; without a branch, and without the cost of a sign."""
    whole = number * times
    sign = whole >> 63  # −1 below 0: there it is −1 − ⌊(−1 − whole) ÷ per⌋, which `^` says
    many = np.int64(np.uint64(whole ^ sign) // np.uint64(per)) ^ sign
    return min(max(many, -20_001), 20_001)


@inlined
def _wide_points(factors, f, number, divisor):
    """Points for every full `per` of a measure whose products may not fit 64 bits."""
    many = steps(number, divisor, factors[f, t.F_PER_WHOLE], factors[f, t.F_PER_PART])
    return min(max(factors[f, t.F_EACH] * many, factors[f, t.F_EACH_MIN]), factors[f, t.F_EACH_MAX])


@loop
def _bands(numbers, s, at, size, factors, f, bands, points):
    """Bands of measures that are whole numbers, which are compared with thresholds in their own steps."""
    start, none = factors[f, t.F_START], np.int32(factors[f, t.F_NONE])
    for i in range(size):
        points[f, np.uint64(at) + np.uint64(i)] = bands[start, t.B_POINTS]
    for b in range(start + 1, factors[f, t.F_STOP]):
        step, gives = bands[b, t.B_STEP], np.int32(bands[b, t.B_POINTS])
        for i in range(size):
            j = np.uint64(at) + np.uint64(i)
            points[f, j] = gives if numbers[s, j] >= step else points[f, j]
    for i in range(size):
        j = np.uint64(at) + np.uint64(i)
        points[f, j] = none if numbers[s, j] == t.NULL else points[f, j]


@loop
def _each(numbers, s, at, size, factors, f, points):
    """So many points for every full `per` of a measure that is a whole number."""
    each, times, per = factors[f, t.F_EACH], factors[f, t.F_EACH_TIMES], factors[f, t.F_EACH_PER]
    least, most, none = factors[f, t.F_EACH_MIN], factors[f, t.F_EACH_MAX], factors[f, t.F_NONE]
    for i in range(size):
        j = np.uint64(at) + np.uint64(i)
        number = numbers[s, j]
        many = _full_steps(number if number != t.NULL else np.int64(0), times, per)
        points[f, j] = min(max(each * many, least), most) if number != t.NULL else none


@loop
def _each_one(numbers, s, at, size, factors, f, points):
    """The usual case, so many points a unit, needs no division: several people at once."""
    each, times = factors[f, t.F_EACH], factors[f, t.F_EACH_TIMES]
    least, most, none = factors[f, t.F_EACH_MIN], factors[f, t.F_EACH_MAX], factors[f, t.F_NONE]
    for i in range(size):
        j = np.uint64(at) + np.uint64(i)
        number = numbers[s, j]
        many = (number if number != t.NULL else np.int64(0)) * times
        gives = min(max(each * min(max(many, -20_001), 20_001), least), most)
        points[f, j] = gives if number != t.NULL else none


@loop
def _each_wide(numbers, s, at, size, factors, f, points):
    """The same where products may not fit 64 bits."""
    for i in range(size):
        j = np.uint64(at) + np.uint64(i)
        number, scale = numbers[s, j], factors[f, t.F_SCALE]
        points[f, j] = factors[f, t.F_NONE] if number == t.NULL else _wide_points(factors, f, number, scale)


@loop
def _labels(numbers, s, at, size, factors, f, label_points, points):
    """The points of labels, by their codes."""
    start = factors[f, t.F_START]
    for i in range(size):
        j = np.uint64(at) + np.uint64(i)
        code = numbers[s, j]
        points[f, j] = factors[f, t.F_NONE] if code == t.NULL else label_points[start + code]


@loop
def _bands_of_fractions(numbers, s, d, at, size, factors, f, bands, points):
    """Bands of fractions, which are nothing unless the divisor is above 0."""
    start, none = factors[f, t.F_START], np.int32(factors[f, t.F_NONE])
    for i in range(size):
        points[f, np.uint64(at) + np.uint64(i)] = bands[start, t.B_POINTS]
    for b in range(start + 1, factors[f, t.F_STOP]):
        step, gives = bands[b, t.B_STEP], np.int32(bands[b, t.B_POINTS])
        for i in range(size):
            j = np.uint64(at) + np.uint64(i)
            number, divisor = numbers[s, j], numbers[d, j]
            number = number if (divisor > 0) & (number != t.NULL) else np.int64(0)
            points[f, j] = gives if number * t.PARTS >= step * max(divisor, 1) else points[f, j]
    for i in range(size):
        j = np.uint64(at) + np.uint64(i)
        points[f, j] = none if (numbers[d, j] <= 0) | (numbers[s, j] == t.NULL) else points[f, j]


@loop
def _each_of_fractions(numbers, s, d, at, size, factors, f, points):
    """So many points for every full `per` of a fraction."""
    each, times, per = factors[f, t.F_EACH], factors[f, t.F_EACH_TIMES], factors[f, t.F_EACH_PER]
    least, most, none = factors[f, t.F_EACH_MIN], factors[f, t.F_EACH_MAX], factors[f, t.F_NONE]
    for i in range(size):
        j = np.uint64(at) + np.uint64(i)
        number, divisor = numbers[s, j], numbers[d, j]
        there = (divisor > 0) & (number != t.NULL)
        many = _full_steps(number if there else np.int64(0), times, per * (divisor if there else np.int64(1)))
        points[f, j] = min(max(each * many, least), most) if there else none


@loop
def _wide_fractions(numbers, s, d, at, size, factors, f, bands, points):
    """Either of fractions whose products may not fit 64 bits."""
    for i in range(size):
        j = np.uint64(at) + np.uint64(i)
        number, divisor = numbers[s, j], numbers[d, j]
        if divisor <= 0 or number == t.NULL:
            points[f, j] = factors[f, t.F_NONE]
        elif factors[f, t.F_POINTS] == t.EACH:
            points[f, j] = _wide_points(factors, f, number, divisor)
        else:
            points[f, j] = bands[factors[f, t.F_START], t.B_POINTS]
            for b in range(factors[f, t.F_START] + 1, factors[f, t.F_STOP]):
                if reaches(number, divisor, bands[b, t.B_WHOLE], bands[b, t.B_PART]):
                    points[f, j] = bands[b, t.B_POINTS]


@loop
def give_points(numbers, at, size, factors, tie, bands, label_points, points):
    """Points of all factors that read ties of one kind, or of all that read none where `tie` is NO_TIE."""
    for f in range(points.shape[0]):
        if (factors[f, t.F_TIE] if factors[f, t.F_FORM] == t.TIED else t.NO_TIE) != tie:
            continue
        s, d, way, wide = factors[f, t.F_SLOT], factors[f, t.F_DIVISOR], factors[f, t.F_POINTS], factors[f, t.F_WIDE]
        if factors[f, t.F_FRACTION]:
            if wide:
                _wide_fractions(numbers, s, d, at, size, factors, f, bands, points)
            elif way == t.BANDS:
                _bands_of_fractions(numbers, s, d, at, size, factors, f, bands, points)
            else:
                _each_of_fractions(numbers, s, d, at, size, factors, f, points)
        elif way == t.BANDS:
            _bands(numbers, s, at, size, factors, f, bands, points)
        elif way == t.LABELS:
            _labels(numbers, s, at, size, factors, f, label_points, points)
        elif wide:
            _each_wide(numbers, s, at, size, factors, f, points)
        elif factors[f, t.F_EACH_PER] == 1:
            _each_one(numbers, s, at, size, factors, f, points)
        else:
            _each(numbers, s, at, size, factors, f, points)
