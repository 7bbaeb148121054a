"""Slots to points, and points to scores, as compiled loops. Whole numbers only.

People are worked on by blocks. Once their events are read into *slots* (`accumulating`), each factor turns the slots of
a whole block into points, which the compiler does for several people at once, and writes them by column.

Nothing here knows policies or books: it reads the tables that `program` lays out, so that a changed number changes a
table and compiles nothing.
"""

from __future__ import annotations

import numpy as np

from goodstanding.kernel.accumulating import accumulate, finish, make_room
from goodstanding.kernel.listing import follow_lists, make_list_room
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


@loop
def _wide_points(row, number, divisor):
    """Points for every full `per` of a measure whose products may not fit 64 bits."""
    many = steps(number, divisor, row[t.F_PER_WHOLE], row[t.F_PER_PART])
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
    elif row[t.F_POINTS] == t.EACH and row[t.F_WIDE]:
        for i in range(size):
            out[i] = none if numbers[i] == t.NULL else _wide_points(row, numbers[i], row[t.F_SCALE])
    elif row[t.F_POINTS] == t.EACH:
        each, times, per = row[t.F_EACH], row[t.F_EACH_TIMES], row[t.F_EACH_PER]
        least, most = row[t.F_EACH_MIN], row[t.F_EACH_MAX]
        if per == 1:  # the usual case, so many points a unit, needs no division: several people at once again
            for i in range(size):
                many = (numbers[i] if numbers[i] != t.NULL else 0) * times
                points = min(max(each * min(max(many, -20_001), 20_001), least), most)
                out[i] = points if numbers[i] != t.NULL else none
            return
        for i in range(size):
            many = _full_steps(numbers[i] if numbers[i] != t.NULL else 0, times, per)
            points = min(max(each * many, least), most)
            out[i] = points if numbers[i] != t.NULL else none
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
    if row[t.F_POINTS] == t.EACH and not row[t.F_WIDE]:
        each, times, per = row[t.F_EACH], row[t.F_EACH_TIMES], row[t.F_EACH_PER]
        least, most = row[t.F_EACH_MIN], row[t.F_EACH_MAX]
        for i in range(size):
            there = divisors[i] > 0 and numbers[i] != t.NULL
            many = _full_steps(numbers[i] if there else 0, times, per * (divisors[i] if there else 1))
            points = min(max(each * many, least), most)
            out[i] = points if there else none
        return
    for i in range(size):
        if divisors[i] <= 0 or numbers[i] == t.NULL:
            out[i] = none
        elif row[t.F_POINTS] == t.EACH:
            out[i] = _wide_points(row, numbers[i], divisors[i])
        else:
            out[i] = bands[start, t.B_POINTS]
            for b in range(start + 1, stop):
                if reaches(numbers[i], divisors[i], bands[b, t.B_WHOLE], bands[b, t.B_PART]):
                    out[i] = bands[b, t.B_POINTS]


@loop
def _add_up(points, at, size, factors, dimensions, frame, left_out, sums, first, held, score, bounds):
    """Add the points from column `at` on to dimensions, hold them, add them to `base`, hold that; see `add_up`."""
    sums[:] = 0
    for f in range(points.shape[0]):
        d = factors[f, t.F_DIMENSION]
        if factors[f, t.F_FORM] != left_out:
            for i in range(size):
                sums[d, i] += points[f, np.uint64(at) + np.uint64(i)]
    whole = sums.shape[0] - 1
    sums[whole] = frame[0]
    for d in range(whole):
        least, most = dimensions[d, 0], dimensions[d, 1]
        for i in range(size):
            kept = min(max(sums[d, i], least), most)
            held[d, np.uint64(first) + np.uint64(i)] = kept - sums[d, i]
            sums[whole, i] += kept
    least, most = frame[1], frame[2]
    for i in range(size):
        kept = min(max(sums[whole, i], least), most)
        score[np.uint64(first) + np.uint64(i)] = kept
        bounds[np.uint64(first) + np.uint64(i)] = kept - sums[whole, i]


@loop
def add_up(points, factors, dimensions, frame, first, last, held, score, bounds):
    """Add all points of the people `first` to `last` up to dimensions, and those to a score (specification section 4).

    `held` gets what each dimension's bounds changed, `bounds` what the score's own bounds changed.
    """
    sums = np.empty((dimensions.shape[0] + 1, t.BLOCK), np.int64)
    for at in range(first, last, t.BLOCK):
        size = min(t.BLOCK, last - at)
        _add_up(points, at, size, factors, dimensions, frame, t.NO_FORM, sums, at, held, score, bounds)


@loop
def _score_block(block, size, slots, given, sums, numbers, program, out):
    """Turn the slots of a block into points, and add them up. Factors that read ties give nothing yet."""
    _, _, _, _, _, factors, bands, label_points, dimensions, frame = program
    points, held, score, bounds, enough, since = out
    real = points.shape[0]
    enough[block : block + size] = 1
    for f in range(factors.shape[0]):
        row = factors[f]
        target = given[f, :size]
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
        if f < real:
            for i in range(size):
                points[f, np.uint64(block) + np.uint64(i)] = given[f, i]
        else:  # a requirement of `score.requires`: 1 where it is met
            for i in range(size):
                enough[block + i] &= np.uint8(given[f, i])
    _add_up(given[:real], 0, size, factors, dimensions, frame, t.TIED, sums, block, held, score, bounds)


@loop
def _fullest(first, last, begin, end):
    """How many events a block of the people `first` to `last` has at most, and how many a person has."""
    block_most = person_most = 0
    for block in range(first, last, t.BLOCK):
        total = 0
        for person in range(block, min(block + t.BLOCK, last)):
            events = end[person] - begin[person]
            total += events
            person_most = max(person_most, events)
        block_most = max(block_most, total)
    return block_most, person_most


@loop
def _empty_sets(many, events):
    """Sets for `distinct`, of twice as many entries as a block has events at most."""
    size = 2
    while size < 2 * events:
        size *= 2
    return np.full((many, size), -1, np.int64)


@loop
def run(first, last, begin, end, as_of, events, kinds, program, listing, distinct, out):
    """Score the people `first` to `last`: their points by factor, the held sums, the score, and whether it is given.

    `begin` and `end` say where each person's events lie; `distinct` is how many sets operations need. Factors that read
    ties are left at 0 here: they need everybody's own score first (`ties`).
    """
    ops, sets, weights, initial, endings, factors, bands, label_points, dimensions, frame = program
    # Threads that count who refers to the same array wait for each other: those tables that are asked the most are
    # copied, and so each has its own.
    program = (
        ops.copy(),
        sets,
        weights,
        initial,
        endings,
        factors.copy(),
        bands.copy(),
        label_points,
        dimensions,
        frame,
    )
    width = min(t.BLOCK, last - first)
    slots = np.empty((initial.size, width), np.int64)
    given = np.empty((factors.shape[0], width), np.int32)
    sums = np.empty((dimensions.shape[0] + 1, width), np.int64)
    numbers = np.empty(width, np.int64)
    touched = np.empty(width + 1, np.int64)
    block_most, person_most = _fullest(first, last, begin, end)
    room = make_room(kinds[1].size, block_most)
    list_room = make_list_room(person_most)
    seen = _empty_sets(distinct, block_most)
    stamp = 0
    for block in range(first, last, t.BLOCK):
        size = min(t.BLOCK, last - block)
        for s in range(initial.size):
            slots[s, :] = initial[s]
        stamp += 1
        if stamp == t.STAMPS:
            seen[:] = -1
            stamp = 1
        many = accumulate(
            slots, block, size, begin, end, as_of, events, kinds, program[0], sets, weights, room, seen, stamp, touched
        )
        follow_lists(block, size, touched, many, begin, end, as_of, events, listing, list_room, out[5])
        finish(slots, endings, size, events, kinds)
        _score_block(block, size, slots, given, sums, numbers, program, out)
