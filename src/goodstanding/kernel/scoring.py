"""Slots to points, and points to scores, as compiled loops. Whole numbers only.

People are worked on by blocks. Once their events are read into *slots* (`accumulating`), each factor turns the slots of
a whole block into points, which the compiler does for several people at once, and writes them by column.

Nothing here knows policies or books: it reads the tables that `program` lays out, so that a changed number changes a
table and compiles nothing.
"""

from __future__ import annotations

import numpy as np

from goodstanding.kernel.accumulating import accumulate, finish, make_room
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


@loop
def each_points(row, number, divisor):
    """Points for every full `per` of a measure, held within their least and most."""
    if row[t.F_WIDE]:
        many = steps(number, divisor, row[t.F_PER_WHOLE], row[t.F_PER_PART])
    else:
        per = row[t.F_EACH_PER] * (divisor if row[t.F_FRACTION] else 1)
        many = (number * row[t.F_EACH_TIMES]) // per
        many = min(max(many, -20_001), 20_001)
    return min(max(row[t.F_EACH] * many, row[t.F_EACH_MIN]), row[t.F_EACH_MAX])


@loop
def points_of_wholes(row, numbers, bands, label_points, out):
    """Points for a block of measures that are whole numbers (or label codes), NULL where the measure is nothing."""
    none = row[t.F_NONE]
    size = out.size
    if row[t.F_POINTS] == t.BANDS:
        start = row[t.F_START]
        out[:] = bands[start, t.B_POINTS]
        for b in range(start + 1, row[t.F_STOP]):
            step = bands[b, t.B_STEP]
            points = bands[b, t.B_POINTS]
            for i in range(size):
                out[i] = points if numbers[i] >= step else out[i]
        for i in range(size):
            out[i] = none if numbers[i] == t.NULL else out[i]
    elif row[t.F_POINTS] == t.EACH and not row[t.F_WIDE] and row[t.F_EACH_PER] == 1:
        # The usual case, so many points a unit, needs no division: several people at once again.
        each, times = row[t.F_EACH], row[t.F_EACH_TIMES]
        least, most = row[t.F_EACH_MIN], row[t.F_EACH_MAX]
        for i in range(size):
            many = (numbers[i] if numbers[i] != t.NULL else 0) * times
            points = min(max(each * min(max(many, -20_001), 20_001), least), most)
            out[i] = points if numbers[i] != t.NULL else none
    elif row[t.F_POINTS] == t.EACH:
        scale = row[t.F_SCALE]
        for i in range(size):
            out[i] = none if numbers[i] == t.NULL else each_points(row, numbers[i], scale)
    else:
        start = row[t.F_START]
        for i in range(size):
            out[i] = none if numbers[i] == t.NULL else label_points[start + numbers[i]]


@loop
def points_of_fractions(row, numbers, divisors, bands, out):
    """Points for a block of measures that are fractions; nothing unless the divisor is above 0."""
    none = row[t.F_NONE]
    size = out.size
    start, stop = row[t.F_START], row[t.F_STOP]
    if row[t.F_POINTS] == t.BANDS and not row[t.F_WIDE]:
        out[:] = bands[start, t.B_POINTS]
        for b in range(start + 1, stop):
            step = bands[b, t.B_STEP]
            points = bands[b, t.B_POINTS]
            for i in range(size):
                number = numbers[i] if divisors[i] > 0 and numbers[i] != t.NULL else 0
                out[i] = points if number * t.PARTS >= step * max(divisors[i], 1) else out[i]
        for i in range(size):
            out[i] = none if divisors[i] <= 0 or numbers[i] == t.NULL else out[i]
        return
    for i in range(size):
        if divisors[i] <= 0 or numbers[i] == t.NULL:
            out[i] = none
        elif row[t.F_POINTS] == t.EACH:
            out[i] = each_points(row, numbers[i], divisors[i])
        else:
            out[i] = bands[start, t.B_POINTS]
            for b in range(start + 1, stop):
                if reaches(numbers[i], divisors[i], bands[b, t.B_WHOLE], bands[b, t.B_PART]):
                    out[i] = bands[b, t.B_POINTS]


@loop
def add_up(points, factors, dimensions, frame, left_out, first, last, held, score, bounds):
    """Add points to dimensions, hold them, add the dimensions to `base`, hold the sum (specification section 4).

    `held` gets what each dimension's bounds changed, `bounds` what the score's own bounds changed. Factors of the form
    `left_out` are left out: TIED for the own score, NO_FORM for the score.
    """
    size = last - first
    total = np.empty(size, np.int64)
    subtotal = np.empty(size, np.int64)
    total[:] = frame[0]
    for d in range(dimensions.shape[0]):
        subtotal[:] = 0
        for f in range(points.shape[0]):
            if factors[f, t.F_DIMENSION] == d and factors[f, t.F_FORM] != left_out:
                given = points[f, first:last]
                for i in range(size):
                    subtotal[i] += given[i]
        least, most = dimensions[d, 0], dimensions[d, 1]
        changed = held[d, first:last]
        for i in range(size):
            kept = min(max(subtotal[i], least), most)
            changed[i] = kept - subtotal[i]
            total[i] += kept
    least, most = frame[1], frame[2]
    scores, changes = score[first:last], bounds[first:last]
    for i in range(size):
        kept = min(max(total[i], least), most)
        scores[i] = kept
        changes[i] = kept - total[i]


@loop
def run(first, last, begin, end, as_of, events, kinds, program, since, seen, out):
    """Score the people `first` to `last`: their points by factor, the held sums, the score, and whether it is given.

    `begin` and `end` say where each person's events lie; `since` has a row a list, NULL where not listed. Factors that
    read ties are left at 0 here: they need everybody's own score first (`ties`). `seen` is room for the sets of
    `distinct`: a row each, of twice as many entries as the fullest block has events, a power of two, filled with −1.
    """
    ops, sets, weights, initial, endings, factors, bands, label_points, dimensions, frame = program
    points, held, score, bounds, enough = out
    real = points.shape[0]
    slots = np.empty((initial.size, t.BLOCK), np.int64)
    scratch = np.empty(t.BLOCK, np.int32)
    numbers = np.empty(t.BLOCK, np.int64)
    room = make_room(kinds[1].size)
    stamp = 0
    for block in range(first, last, t.BLOCK):
        stop = min(block + t.BLOCK, last)
        size = stop - block
        for s in range(initial.size):
            slots[s, :] = initial[s]
        stamp += 1
        if stamp == t.STAMPS:
            seen[:] = -1
            stamp = 1
        accumulate(slots, block, size, begin, end, as_of, events, kinds, ops, sets, weights, room, seen, stamp)
        finish(slots, endings, size, events, kinds)
        enough[block:stop] = 1
        for f in range(factors.shape[0]):
            row = factors[f]
            target = points[f, block:stop] if f < real else scratch[:size]
            form = row[t.F_FORM]
            if form == t.FRACTION:
                points_of_fractions(row, slots[row[t.F_SLOT], :size], slots[row[t.F_DIVISOR], :size], bands, target)
            elif form == t.LISTED:
                for i in range(size):
                    numbers[i] = 0 if since[row[t.F_LIST], block + i] == t.NULL else 1
                points_of_wholes(row, numbers[:size], bands, label_points, target)
            elif form == t.TIED:
                target[:] = 0
            else:
                points_of_wholes(row, slots[row[t.F_SLOT], :size], bands, label_points, target)
            if f >= real:  # a requirement of `score.requires`: 1 where it is met
                for i in range(size):
                    enough[block + i] &= np.uint8(scratch[i])
        add_up(points, factors, dimensions, frame, t.TIED, block, stop, held, score, bounds)
