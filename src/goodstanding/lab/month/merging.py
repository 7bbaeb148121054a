"""The loops of the chronicle: where new rows go, how columns make room for them in place, and rows taken out."""

from __future__ import annotations

import numpy as np

from goodstanding.book.columns import NULL, VOID
from goodstanding.lab.loops import loop
from goodstanding.lab.month.records import DOUBLED, MISPLACED


@loop
def plan(offsets, times, person, time, places):
    """Where each new row goes: after what stands at its moment or before; then counts them into `offsets`.

    Args:
        person, time: of the new rows, in order.
        places: gets the place of each among all rows, old and new.
    """
    row = person.size - 1
    while row >= 0:
        who = person[row]
        at = offsets[who + 1]
        while row >= 0 and person[row] == who:
            while at > offsets[who] and times[at - 1] > time[row]:
                at -= 1
            places[row] = at + row
            row -= 1
    row = 0
    for who in range(offsets.size - 1):
        while row < person.size and person[row] <= who:
            row += 1
        offsets[who + 1] += row


@loop
def make_room(column, old, places, new):
    """Put new entries in their places; from the end on, so that the old ones move within the same column."""
    end = old
    for row in range(places.size - 1, -1, -1):
        begin = places[row] - row
        if begin < end:
            move(column, begin, end, row + 1)
            end = begin
        column[places[row]] = new[row]


@loop
def move(column, begin, end, shift):
    """Move entries towards the end of their column."""
    if shift >= end - begin:  # they do not overlap, and several are moved at once
        for at in range(begin, end):
            column[np.uint64(at + shift)] = column[np.uint64(at)]
    else:
        for at in range(end - 1, begin - 1, -1):
            column[np.uint64(at + shift)] = column[np.uint64(at)]


@loop
def greatest(column):
    """The greatest size in a column of numbers, without sign; 0 where all are null."""
    most = np.int64(0)
    for row in range(column.size):
        if column[row] != NULL:
            most = max(most, abs(column[row]))
    return most


@loop
def find(offsets, times, person, time):
    """Where the row of somebody's moment lies; -1 where there is none."""
    low, high = offsets[person], offsets[person + 1]
    end = high
    while low < high:
        middle = (low + high) // 2
        if times[middle] < time:
            low = middle + 1
        else:
            high = middle
    return low if low < end and times[low] == time else np.int64(-1)


@loop
def void_rows(offsets, times, kinds, wrong, persons, moments):
    """Take rows out by their moments; returns how many there were."""
    many = 0
    for n in range(persons.size):
        row = find(offsets, times, persons[n], moments[n])
        if row >= 0 and kinds[row] != VOID:
            kinds[row] = VOID
            wrong[row] = 0
            many += 1
    return many


@loop
def without(kinds, wrong, out):
    """The kinds of all rows, VOID where a row says what did not happen, or not to them."""
    for row in range(kinds.size):
        out[row] = VOID if wrong[row] == DOUBLED or wrong[row] == MISPLACED else kinds[row]


@loop
def take_rows(offsets, people, rows):
    """The rows of some people, one after another."""
    at = 0
    for n in range(people.size):
        for row in range(offsets[people[n]], offsets[people[n] + 1]):
            rows[at] = row
            at += 1
