"""Which events an operation selects: by age, by ranges of amount and value, by sets of parties and matters.

Those that pass are copied one after another, without a branch: each is written to the next free place, which moves on
only if it passed.
"""

from __future__ import annotations

from goodstanding.loops import inlined, loop
from goodstanding.program import tables as t


@inlined
def passes(ops, o, at, amount, value, party, matter, party_sets, matter_sets):
    """Whether an event satisfies the tests of operation `o` that begin at column `at`. A null satisfies none."""
    if amount < ops[o, at] or amount > ops[o, at + 1] or value < ops[o, at + 2] or value > ops[o, at + 3]:
        return False
    if ops[o, at + 4] >= 0 and party_sets[ops[o, at + 4], party] == 0:
        return False
    return not (ops[o, at + 5] >= 0 and matter_sets[ops[o, at + 5], matter] == 0)


@loop
def _select_by_age(ops, o, first, last, chunk, selected):
    """Copy the events of chunk[first:last] whose age operation `o` asks for; how many there are."""
    rows, who, ages = chunk
    chosen_rows, chosen_who, chosen_ages = selected
    least, below = ops[o, t.OP_AGE_LEAST], ops[o, t.OP_AGE_BELOW]
    many = 0
    for j in range(first, last):
        chosen_rows[many] = rows[j]
        chosen_who[many] = who[j]
        chosen_ages[many] = ages[j]
        many += (ages[j] >= least) & (ages[j] < below)
    return many


@inlined
def in_ranges(ops, o, at, money, number):
    """Whether amount and value lie in the ranges of operation `o` that begin at column `at`; without a branch."""
    return (money >= ops[o, at]) & (money <= ops[o, at + 1]) & (number >= ops[o, at + 2]) & (number <= ops[o, at + 3])


@loop
def _select_by_ranges(ops, o, first, last, chunk, events, selected):
    """The same by age, amount and value."""
    rows, who, ages = chunk
    chosen_rows, chosen_who, chosen_ages = selected
    amount, value = events[2], events[3]
    least, below = ops[o, t.OP_AGE_LEAST], ops[o, t.OP_AGE_BELOW]
    many = 0
    for j in range(first, last):
        row = rows[j]
        passed = in_ranges(ops, o, t.OP_AMOUNT_MIN, amount[row], value[row])
        chosen_rows[many] = row
        chosen_who[many] = who[j]
        chosen_ages[many] = ages[j]
        many += passed & (ages[j] >= least) & (ages[j] < below)
    return many


@loop
def _select_onward(ops, o, first, last, chunk, events, selected):
    """The same, and by whether a streak goes on."""
    rows, who, ages = chunk
    chosen_rows, chosen_who, chosen_ages = selected
    amount, value = events[2], events[3]
    least, below = ops[o, t.OP_AGE_LEAST], ops[o, t.OP_AGE_BELOW]
    wanted = ops[o, t.OP_TESTED] & t.ONWARD != 0
    many = 0
    for j in range(first, last):
        row = rows[j]
        passed = in_ranges(ops, o, t.OP_AMOUNT_MIN, amount[row], value[row])
        goes_on = in_ranges(ops, o, t.OP_ONWARD, amount[row], value[row])
        chosen_rows[many] = row
        chosen_who[many] = who[j]
        chosen_ages[many] = ages[j]
        many += passed & (ages[j] >= least) & (ages[j] < below) & (goes_on == wanted)
    return many


@loop
def _select_by_sets(ops, o, first, last, chunk, events, sets, selected):
    """The same where parties or matters are asked for too."""
    rows, who, ages = chunk
    chosen_rows, chosen_who, chosen_ages = selected
    _, _, amount, value, party, matter = events
    least, below = ops[o, t.OP_AGE_LEAST], ops[o, t.OP_AGE_BELOW]
    onward = ops[o, t.OP_TESTED] & (t.ONWARD | t.NOT_ONWARD)
    many = 0
    for j in range(first, last):
        row = rows[j]
        passed = passes(
            ops, o, t.OP_AMOUNT_MIN, amount[row], value[row], party[row], matter[row], sets[0], sets[1]
        ) and (least <= ages[j] < below)
        if passed and onward:
            goes_on = passes(ops, o, t.OP_ONWARD, amount[row], value[row], party[row], matter[row], sets[0], sets[1])
            passed = goes_on == (onward == t.ONWARD)
        chosen_rows[many] = row
        chosen_who[many] = who[j]
        chosen_ages[many] = ages[j]
        many += passed
    return many


@loop
def select(ops, o, first, last, chunk, events, sets, selected):
    """Copy the events of chunk[first:last] that pass the tests of operation `o`; how many there are."""
    tested = ops[o, t.OP_TESTED]
    if tested == t.AGES:
        return _select_by_age(ops, o, first, last, chunk, selected)
    if tested & t.IN_SETS:
        return _select_by_sets(ops, o, first, last, chunk, events, sets, selected)
    if tested & (t.ONWARD | t.NOT_ONWARD):
        return _select_onward(ops, o, first, last, chunk, events, selected)
    return _select_by_ranges(ops, o, first, last, chunk, events, selected)
