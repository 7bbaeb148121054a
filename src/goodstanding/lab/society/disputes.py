"""What is wrong on record: who sees it, who disputes it, and what comes of it.

Wrong are events that were recorded twice, those that are about somebody else, and those that are missing. Whoever reads
their own file may recognise one, and dispute it; an answer takes its time; a dispute that is won puts the record right.
"""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.city.arrays import Tally
from goodstanding.lab.loops import loop
from goodstanding.lab.parameters import Parameters
from goodstanding.lab.society.purposes import DISPUTES, GOES_ON, IS_CORRECTED, LOOKS, RECOGNISES
from goodstanding.lab.streams import uniform, uniforms

UNSEEN, LET_BE, DISPUTED, CORRECTED = range(4)
"""States of what is wrong."""

MONTH_DAYS = 30
SECOND = 1_000_000


class Disputes:
    """All that is wrong on record; one entry an event.

    Attributes:
        person, time: whose file is wrong, and when: together they name an event.
        missing: int64, -1 where the event is on record and should not be; else which of the missing it is.
        state: UNSEEN and on.
        answer: the month in which a dispute is answered.
    """

    def __init__(self, key: NDArray[np.uint64], residents: int, parameters: Parameters) -> None:
        self.key = key
        self.residents = residents
        self._looks = parameters.number("disputes.looks")
        self._after_refusal = parameters.number("disputes.looks_after_refusal")
        self._chances = tuple(
            parameters.number(f"disputes.{name}") for name in ("notices", "disputes", "success_if_error", "again")
        )
        self._months = ceil(parameters.number("disputes.days") / MONTH_DAYS)
        self.person = np.zeros(0, np.int32)
        self.time = np.zeros(0, np.int64)
        self.missing = np.zeros(0, np.int64)
        self.state = np.zeros(0, np.uint8)
        self.answer = np.zeros(0, np.int16)

    def add(self, person: NDArray[np.int32], time: NDArray[np.int64], missing: NDArray[np.int64]) -> None:
        """What has gone wrong this month."""
        self.person = np.concatenate([self.person, person])
        self.time = np.concatenate([self.time, time])
        self.missing = np.concatenate([self.missing, missing])
        self.state = np.concatenate([self.state, np.zeros(person.size, np.uint8)])
        self.answer = np.concatenate([self.answer, np.zeros(person.size, np.int16)])

    def answered(self, month: int, tally: Tally, *, corrects: bool) -> NDArray[np.int64]:
        """Answer the disputes that are due.

        Args:
            corrects: whether anything is put right; if not, every dispute is refused.

        Returns:
            The entries of which the record is to be put right.
        """
        _, _, success, again = self._chances
        before = self.state == CORRECTED
        chances = (success if corrects else 0.0, again)
        _answer(
            self.key, month, self._months, chances, self.person, self.time, self.state, self.answer, tally.corrected
        )
        return np.flatnonzero((self.state == CORRECTED) & ~before)

    def look(self, month: int, alarmed: NDArray[np.bool_], tally: Tally, *, may_dispute: bool) -> None:
        """Some read their own files, more of them when they were refused something or given notice.

        Args:
            alarmed: who was.
        """
        chance = np.where(alarmed, self._after_refusal, self._looks)
        looks = uniforms(self.key, self.residents, month, LOOKS) < chance
        tally.looked[:] += looks
        recognises, disputes, _, _ = self._chances
        chances = (recognises, disputes if may_dispute else 0.0)
        numbers = (month, month + self._months)
        _recognise(
            self.key, numbers, chances, looks, self.person, self.time, self.state, self.answer, tally.noticed_wrong,
            tally.disputed,
        )  # fmt: skip

    def waiting(self) -> NDArray[np.bool_]:
        """Whose dispute has not been answered yet."""
        waits = np.zeros(self.residents, np.bool_)
        here = self.person[self.state == DISPUTED]
        waits[here[here < self.residents]] = True
        return waits

    def wronged(self) -> NDArray[np.bool_]:
        """Whose file is wrong."""
        wrong = np.zeros(self.residents, np.bool_)
        here = self.person[self.state != CORRECTED]
        wrong[here[here < self.residents]] = True
        return wrong


@loop
def _answer(key, month, months, chances, person, time, state, answer, corrected):
    success, again = chances
    for i in range(person.size):
        if state[i] != DISPUTED or answer[i] > month:
            continue
        n = (time[i] // SECOND) & 0xFFFFFFFF
        if uniform(key, person[i], month, IS_CORRECTED, n) < success:
            state[i] = CORRECTED
            corrected[person[i]] += 1
        elif uniform(key, person[i], month, GOES_ON, n) < again:
            answer[i] = month + months
        else:
            state[i] = LET_BE


@loop
def _recognise(key, numbers, chances, looks, person, time, state, answer, noticed, disputed):
    month, due = numbers
    recognises, disputes = chances
    for i in range(person.size):
        if state[i] != UNSEEN or person[i] >= looks.size or not looks[person[i]]:
            continue
        n = (time[i] // SECOND) & 0xFFFFFFFF
        if uniform(key, person[i], month, RECOGNISES, n) >= recognises:
            continue
        noticed[person[i]] += 1
        if uniform(key, person[i], month, DISPUTES, n) < disputes:
            state[i] = DISPUTED
            answer[i] = due
            disputed[person[i]] += 1
        else:
            state[i] = LET_BE
