"""What is wrong on record is known to the laboratory, and decides who is listed or sanctioned by error."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from goodstanding.book import NULL, Book
from goodstanding.lab.city.arrays import Happened
from goodstanding.lab.city.calendar import month_start
from goodstanding.lab.city.kinds import kind_of
from goodstanding.lab.month.records import MISPLACED, RIGHT, Recorded
from goodstanding.lab.society import Rule, Society, Variant
from goodstanding.lab.society.adding import no_events, of_kind, together
from goodstanding.lab.society.disputes import CORRECTED, DISPUTED
from goodstanding.lab.society.recording import OnRecord, read_by
from goodstanding.lab.society.room import GIVEN_BACK, HELD, MANY, MMAP_THRESHOLD, TRIM_THRESHOLD, clear, give_back
from tests.lab.society_made import ALL_OFF, NATIONAL, PARAMETERS, RAIL, SESAME, Watched, a_city

LISTED, SETTLED = kind_of("court.listed"), kind_of("court.settled")
PEOPLE = 60


def row_of(person: int, kind: int, when: int, wrong: int) -> Recorded:
    one = of_kind(np.array([person]), np.array([when]), kind, 1_000, np.array([NULL]))
    return Recorded(*one, wrong=np.array([wrong], np.uint8), recorded=one.time, about=one.person, missed=no_events())


def on_record(one: Society) -> OnRecord:
    assert one.record is not None
    return one.record


def started() -> tuple[Society, OnRecord]:
    one = Society(a_city(PEOPLE), [Rule("sesame", SESAME)], Variant(ALL_OFF))
    return one, on_record(one)


def test_who_is_listed_for_what_somebody_else_did_is_wrongly_listed() -> None:
    one, record = started()
    free = np.flatnonzero(~one.step().seen[0].standing.listed.any(axis=0))[0]
    when = month_start(0) + 77
    record.chronicle.add(row_of(int(free), LISTED, when, MISPLACED))
    record.disputes.add(np.array([free], np.int32), np.array([when]), np.array([-1]))
    seen = one.step().seen[0]
    assert seen.standing.listed[:, free].any()
    assert seen.wrongly[free]
    assert one.tally.wrong_months[free] == 1


def test_who_has_paid_and_of_whom_this_was_not_recorded_is_wrongly_listed() -> None:
    one, record = started()
    free = np.flatnonzero(~one.step().seen[0].standing.listed.any(axis=0))[0]
    when = month_start(0) + 77
    record.chronicle.add(row_of(int(free), LISTED, when, RIGHT))
    assert not one.step().seen[0].wrongly[free]
    more = of_kind(np.array([free]), np.array([when + 1]), SETTLED, 1, np.array([NULL]))
    record.missing = together([record.missing, more], is_sorted=False)
    record.disputes.add(np.array([free], np.int32), np.array([when + 1]), np.array([record.missing.time.size - 1]))
    seen = one.step().seen[0]
    assert seen.standing.listed[:, free].any()
    assert seen.wrongly[free]


def test_a_dispute_that_is_won_takes_one_off_the_list_or_puts_the_payment_on_record() -> None:
    for missing in (False, True):
        one, record = started()
        free = np.flatnonzero(~one.step().seen[0].standing.listed.any(axis=0))[0]
        when = month_start(0) + 77
        record.chronicle.add(row_of(int(free), LISTED, when, RIGHT if missing else MISPLACED))
        if missing:
            more = of_kind(np.array([free]), np.array([when + 1]), SETTLED, 1, np.array([NULL]))
            record.missing = together([record.missing, more], is_sorted=False)
        which = record.missing.time.size - 1 if missing else -1
        record.disputes.add(np.array([free], np.int32), np.array([when + missing]), np.array([which]))
        assert one.step().seen[0].standing.listed[0, free]
        for month in range(2, 40):
            record.disputes.state[-1] = max(record.disputes.state[-1], DISPUTED)
            shown = one.step()
            if record.disputes.state[-1] == CORRECTED:
                break
            assert month < 39
        assert not shown.seen[0].standing.listed[0, free]
        assert not shown.seen[0].wrongly[free]


def most_errors(*names: str) -> dict[str, Any]:
    """As many errors of some kinds as the parameters allow."""
    return {f"errors__{name}": PARAMETERS.named[f"errors.{name}"].high for name in names}


def events_of(book: Book, place: int) -> Counter[tuple[Any, ...]]:
    columns = book.columns
    here = list(range(int(columns.offsets[place]), int(columns.offsets[place + 1])))
    here = [row for row in here if columns.kind[row] and columns.time[row] >= month_start(0)]
    fields = (columns.kind, columns.amount, columns.value, columns.party, columns.matter)
    return Counter(tuple(int(field[row]) for field in fields) for row in here)


def lived_by(happened: list[Happened], person: int, keep: NDArray[np.bool_]) -> Counter[tuple[Any, ...]]:
    return Counter(
        (int(h.kind[row]), int(h.amount[row]), int(h.value[row]), int(h.party[row]), int(h.matter[row]))
        for h in happened
        for row in np.flatnonzero(h.person == person)
        if keep[h.kind[row]]
    )


def test_the_right_record_is_what_happened_but_for_what_has_not_come_yet() -> None:
    city = a_city(400, **most_errors("missed", "doubled", "somebody_else"))
    one = Watched(city, [Rule("national", NATIONAL), Rule("sesame", SESAME)], Variant(ALL_OFF))
    one.run(6)
    record = on_record(one)
    some = np.flatnonzero(record.disputes.wronged())
    assert some.size > 10
    right, wrong = record.right(some), record.book()
    keep = read_by(one.rules)
    lived = late = differing = 0
    for place, person in enumerate(some):
        mine = events_of(right, place)
        truth = lived_by(one.happened, int(person), keep)
        assert mine <= truth
        late += sum((truth - mine).values())
        lived += sum(truth.values())
        differing += mine != events_of(wrong, int(person))
    assert differing > some.size / 2
    assert late < 0.1 * lived


def test_only_kinds_that_a_scorer_reads_are_kept() -> None:
    keep = read_by([Rule("rail-2018", RAIL)])
    assert keep[kind_of("fare.unpaid")]
    assert not keep[kind_of("bill.paid")]
    assert not keep[0]


@pytest.mark.parametrize("correction", [True, False])
def test_errors_are_put_right_only_where_disputes_are_answered_so(correction: bool) -> None:
    city = a_city(1_500, **most_errors("somebody_else"), disputes__looks=0.1, disputes__notices=1)
    one = Society(city, [Rule("sesame", SESAME)], Variant(ALL_OFF, correction=correction))
    one.run(6)
    assert one.tally.disputed.sum() > 0
    assert (one.tally.corrected.sum() > 0) == correction


class Library:
    """A C library that is told where to give memory back."""

    def __init__(self, answer: int) -> None:
        self.answer = answer
        self.told: list[tuple[int, int]] = []

    def mallopt(self, name: int, value: int) -> int:
        self.told.append((name, value))
        return self.answer


def test_a_large_city_gives_back_what_is_freed_and_a_small_one_holds_it_where_the_machine_can_be_told() -> None:
    for residents, sizes in ((MANY, GIVEN_BACK), (MANY - 1, HELD)):
        willing = Library(1)
        assert give_back(residents, willing)
        assert willing.told == list(zip((MMAP_THRESHOLD, TRIM_THRESHOLD), sizes, strict=True))
    assert not give_back(10, Library(0))
    assert not give_back(10, object())
    assert give_back(10) in {True, False}


def test_a_large_city_clears_what_its_threads_have_freed_and_a_small_one_leaves_it() -> None:
    class Trimming:
        """A library of C that counts how often it is asked."""

        asked = 0

        def malloc_trim(self, pad: int) -> int:
            assert pad == 0
            self.asked += 1
            return 1

    library = Trimming()
    assert clear(MANY, library)
    assert not clear(MANY - 1, library)
    assert library.asked == 1
    assert not clear(MANY, object())
    assert clear(MANY) in {True, False}
