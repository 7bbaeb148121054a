"""What reaches the record: most of what happened, as it was; some of it never, twice, late, or about somebody else.

Whether a record goes wrong is drawn for each event by itself, by its own moment; so an event more or less, or another
rule, changes no other record. Rates are those of errors in credit files (finding E10, which is an input here).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from goodstanding.book import shared
from goodstanding.lab.city.arrays import Happened
from goodstanding.lab.city.calendar import month_start
from goodstanding.lab.city.kinds import KINDS
from goodstanding.lab.loops import loop
from goodstanding.lab.month.dice import SECOND, four, lasting
from goodstanding.lab.month.living import RANGE, Lived, empty
from goodstanding.lab.month.rates import Numbers, RecordErrors, read

RIGHT, DOUBLED, MISPLACED, LATE, MISSED = range(5)
"""What became of an event. Late is right, but late; missed is on no record."""

FATE: Final = 500
"""The purpose of the dice; the place of the event within its second comes on top, times `APART`."""
APART: Final = 1_024

SHIFT: Final = 25_000
"""A misplaced event moves by so many microseconds for each neighbour that it was carried past, a doubled one by
`TWICE`: within the same second, and to a moment which nothing else of that resident can have (`dice.moment`)."""
FARTHEST: Final = 16
TWICE: Final = 500_000

MOST_LATE: Final = 12
"""Months after which what is late comes in any case."""

HARMFUL: Final = frozenset(
    {
        "water_bill.unpaid", "service_fee.late", "loan.overdue", "loan.defaulted", "contract.breached", "court.listed",
        "rail.disorder", "rail.smoking", "rail.scalping", "rail.other_offence", "fare.unpaid", "air.dangerous_goods",
        "air.disorder", "air.hindering", "traffic.ticket", "traffic.red_light", "traffic.drunk_driving",
        "service.broken", "receipt.unconfirmed", "parents.neglected", "birth.unplanned", "loyalty.petition",
        "loyalty.siege", "loyalty.party_warning", "state.watched",
    }
)  # fmt: skip
"""Types that no policy rewards, to which `errors.harmful_bias` applies."""


class Recorded(NamedTuple):
    """Events as they stand on record; one entry each, by (person, time), no two of which are equal.

    Attributes:
        person: int32, of whom it is said.
        time: int64, when it is said to have happened; of a wrong record some microseconds off.
        kind, amount, value, party, matter: as in `Happened`.
        wrong: uint8, RIGHT, DOUBLED, MISPLACED or LATE.
        recorded: int64, when it reached the record.
        about: int32, the resident to whom it happened.
        missed: what happened this month and reached no record.
    """

    person: NDArray[np.int32]
    time: NDArray[np.int64]
    kind: NDArray[np.uint32]
    amount: NDArray[np.int64]
    value: NDArray[np.int64]
    party: NDArray[np.uint32]
    matter: NDArray[np.uint32]
    wrong: NDArray[np.uint8]
    recorded: NDArray[np.int64]
    about: NDArray[np.int32]
    missed: Happened


COLUMNS: Final = 10
"""The columns of `Recorded`, without what is missed."""


@loop
def _judge(first, last, happened, key, month, rates, weights, before, fate, arrival, whom):
    """What becomes of the events `first` to `last`; returns how many stay where they are.

    Args:
        weights: by kind, a factor on the rates of errors.
        before: of each resident, the one before them in their district; -1 where there is none.
        fate, arrival, whom: get what becomes of each; when it reaches the record; of whom it is said.
    """
    staying = 0
    for e in range(first, last):
        i = happened.person[e]
        time = happened.time[e]
        place = time % SECOND
        weight = weights[happened.kind[e]]
        chance, long, far, _ = four(key, i, month, FATE + place * APART, (time // SECOND) & 0xFFFFFFFF)
        fate[e] = RIGHT
        arrival[e] = time
        whom[e] = i
        bound = rates.missed * weight
        if chance < bound:
            fate[e] = MISSED
        elif chance < bound + rates.doubled * weight:
            fate[e] = DOUBLED
        elif chance < bound + (rates.doubled + rates.somebody_else) * weight:
            steps = 1 + np.int64(far * FARTHEST)
            other = i
            for _ in range(steps):
                if other >= 0:
                    other = before[other]
            if other >= 0:
                fate[e] = MISPLACED
                whom[e] = other
                arrival[e] = time + steps * SHIFT
        elif chance >= 1.0 - rates.late_share:
            fate[e] = LATE
            arrival[e] = time + (1 + np.int64(lasting(rates.late_days * DAY_SECONDS, long))) * SECOND
        staying += fate[e] == RIGHT or fate[e] == DOUBLED
    return staying


DAY_SECONDS: Final = 86_400.0


@loop
def _merge(first, last, begin, end, happened, fate, more, out, at):
    """Write the events `first` to `last` that stay where they are, and the extra rows `begin` to `end`, in order."""
    person, time, kind, amount, value, party, matter, wrong, recorded, about = out
    e = begin
    for row in range(first, last + 1):
        if row < last and not (fate[row] == RIGHT or fate[row] == DOUBLED):
            continue
        while e < end and (
            row == last
            or more[0][e] < happened.person[row]
            or (more[0][e] == happened.person[row] and more[1][e] < happened.time[row])
        ):
            person[at], time[at], kind[at], amount[at] = more[0][e], more[1][e], more[2][e], more[3][e]
            value[at], party[at], matter[at] = more[4][e], more[5][e], more[6][e]
            wrong[at], recorded[at], about[at] = more[7][e], more[8][e], more[9][e]
            e += 1
            at += 1
        if row < last:
            person[at], time[at], kind[at] = happened.person[row], happened.time[row], happened.kind[row]
            amount[at], value[at] = happened.amount[row], happened.value[row]
            party[at], matter[at] = happened.party[row], happened.matter[row]
            wrong[at], recorded[at], about[at] = RIGHT, happened.time[row], happened.person[row]
            at += 1


@loop
def _link(district, before):
    """Of each resident, the one before them in their district."""
    last = np.full(256, -1, np.int64)
    for i in range(district.size):
        before[i] = last[district[i]]
        last[district[i]] = i


Extra = tuple[NDArray[Any], ...]
"""Rows that come out of their order: the columns of `Recorded`."""


class Recorder:
    """Takes down what happens, month after month, with the errors that records have.

    Args:
        city: whose parameters say how often records are wrong, and whose districts, with whom people are confounded.
    """

    def __init__(self, city: Lived, threads: int = 1) -> None:
        self._key = city.key
        self._rates = read(RecordErrors, city.parameters)
        self._weights = _weights(city.parameters)
        self._before = np.empty(city.traits.district.size, np.int32)
        _link(city.traits.district, self._before)
        self._threads = threads
        self._waiting: list[Extra] = []

    def record(self, happened: Happened, month: int, also: Happened | None = None) -> Recorded:
        """What reaches the record in a month, late things of months before among it.

        Args:
            happened: of this month; or of all time before month 0, with `month` -1.
            also: rows that enter as they are, such as scores that are reported; by (person, time).
        """
        total = happened.time.size
        fate, arrival, whom = np.empty(total, np.uint8), np.empty(total, np.int64), np.empty(total, np.int32)
        cuts = _cuts(happened.person)
        staying = self._each(
            lambda first, last: _judge(
                first, last, happened, self._key, month, self._rates, self._weights, self._before, fate, arrival, whom
            ),
            cuts,
        )
        more = self._out_of_order(happened, month, fate, arrival, whom, also)
        return self._merged(happened, fate, more, cuts, staying)

    def _each(self, work: Any, cuts: NDArray[np.int64]) -> list[int]:
        """Some work for ranges of events that belong to the same residents, side by side."""
        return shared(lambda bound: work(*bound), list(pairwise(cuts.tolist())), self._threads)

    def _out_of_order(
        self,
        happened: Happened,
        month: int,
        fate: NDArray[np.uint8],
        arrival: NDArray[np.int64],
        whom: NDArray[np.int32],
        also: Happened | None,
    ) -> Extra:
        """What comes out of its order this month, by (person, time); what has to wait is kept."""
        rows = {what: np.flatnonzero(fate == what) for what in (DOUBLED, MISPLACED, LATE)}
        found = [
            _extra(happened, rows[DOUBLED], DOUBLED, shift=TWICE),
            _extra(happened, rows[MISPLACED], MISPLACED, person=whom, time=arrival),
            _extra(happened, rows[LATE], LATE, recorded=arrival),
        ]
        if also is not None:
            found.append(_extra(also, np.arange(also.time.size), RIGHT))
        pending = _together(self._waiting + found)
        end = month_start(month + 1)
        now = (pending[8] < end) | (pending[1] < month_start(month + 1 - MOST_LATE))
        self._waiting = [tuple(column[~now] for column in pending)]
        here = tuple(column[now] for column in pending)
        order = np.lexsort((here[1], here[0]))
        return tuple(column[order] for column in here)

    def _merged(
        self,
        happened: Happened,
        fate: NDArray[np.uint8],
        more: Extra,
        cuts: NDArray[np.int64],
        staying: list[int],
    ) -> Recorded:
        """Both, in order; and what is on no record."""
        rows = np.flatnonzero(fate == MISSED)
        missed = Happened._make(column[rows] for column in happened)
        out = tuple(np.empty(sum(staying) + more[0].size, column.dtype) for column in more)
        # The first range also takes extra rows of whoever comes before, the last those of whoever comes after.
        inner = np.searchsorted(more[0], happened.person[cuts[1:-1]])
        extra = np.concatenate([[0], inner, [more[0].size]])
        starts = extra[:-1] + np.concatenate([[0], np.cumsum(staying)[:-1]])

        def write(n: int) -> None:
            _merge(cuts[n], cuts[n + 1], extra[n], extra[n + 1], happened, fate, more, out, starts[n])

        shared(write, range(len(staying)), self._threads)
        return Recorded._make((*out, missed))


def _cuts(person: NDArray[np.int32]) -> NDArray[np.int64]:
    """Where to cut events so that each range holds all those of some residents."""
    last = int(person[-1]) if person.size else 0
    inner = np.searchsorted(person, np.arange(RANGE, last + 1, RANGE))
    return np.unique(np.concatenate([[0], inner, [person.size]])) if person.size else np.zeros(2, np.int64)


def _weights(parameters: Numbers) -> NDArray[np.float64]:
    """By kind, a factor on the rates of errors."""
    harmful = np.array([type_ in HARMFUL for type_, _, _ in KINDS])
    return np.where(harmful, parameters.number("errors.harmful_bias"), 1.0)


def _extra(
    events: Happened,
    rows: NDArray[np.int64],
    wrong: int,
    *,
    shift: int = 0,
    person: NDArray[np.int32] | None = None,
    time: NDArray[np.int64] | None = None,
    recorded: NDArray[np.int64] | None = None,
) -> Extra:
    """Some events as rows that come out of their order; `person`, `time`, `recorded` replace what happened."""
    said = [column[rows] for column in events]
    about = said[0]
    if person is not None:
        said[0] = person[rows]
    said[1] = said[1] + shift if time is None else time[rows]
    arrived = events.time[rows] if recorded is None else recorded[rows]
    return (*said, np.full(rows.size, wrong, np.uint8), arrived, about)


def _together(parts: list[Extra]) -> Extra:
    """Rows one after another."""
    nothing = (*empty(0), np.empty(0, np.uint8), np.empty(0, np.int64), np.empty(0, np.int32))
    return tuple(np.concatenate(columns) for columns in zip(nothing, *parts, strict=True))
