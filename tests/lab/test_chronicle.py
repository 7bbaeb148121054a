"""The chronicle is a plain sort, done in place; and its book is the one that is built of the same events."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from goodstanding.book import NULL, VOID, Book
from goodstanding.lab.city.arrays import Happened
from goodstanding.lab.city.calendar import month_start
from goodstanding.lab.city.city import account_names, names
from goodstanding.lab.city.kinds import KINDS, MATTERS, PARTIES
from goodstanding.lab.month import DOUBLED, MISPLACED, RIGHT, Chronicle, Recorded, Recorder
from goodstanding.policy import load
from goodstanding.scoring import Scorer, score
from goodstanding.ties import Ties
from tests.lab.lived import BUSY, Changed, Town, begun, town

pytestmark = pytest.mark.kernel

PEOPLE = 40
ALL = np.ones(len(KINDS), np.bool_)
SHOWN = ("time", "kind", "amount", "value", "party", "matter")


def drawn(lot: np.random.Generator, rows: int, taken: set[tuple[int, int]]) -> Recorded:
    """Rows at random moments, none of which anybody has had."""
    while True:
        person = np.sort(lot.integers(0, PEOPLE, rows).astype(np.int32))
        time = lot.integers(0, 400, rows)
        moments = set(zip(person.tolist(), time.tolist(), strict=True))
        if len(moments) == rows and moments.isdisjoint(taken):
            break
    taken |= moments
    order = np.lexsort((time, person))
    money = lot.integers(-10, 10_000, rows)
    return Recorded(
        person=person[order],
        time=time[order],
        kind=lot.integers(1, len(KINDS), rows).astype(np.uint32),
        amount=np.where(money < 0, NULL, money),
        value=lot.integers(0, 90, rows),
        party=lot.integers(0, len(PARTIES), rows).astype(np.uint32),
        matter=lot.integers(0, len(MATTERS), rows).astype(np.uint32),
        wrong=lot.integers(0, 4, rows).astype(np.uint8),
        recorded=time[order],
        about=person[order],
        missed=Happened._make(np.zeros(0, np.int64) for _ in Happened._fields),
    )


def chronicle(months: list[Recorded], keep: NDArray[np.bool_] = ALL, threads: int = 1) -> Chronicle:
    found = Chronicle(PEOPLE, names(PEOPLE), keep, threads)
    for month in months:
        found.add(month)
    return found


@pytest.fixture(scope="module")
def months() -> list[Recorded]:
    lot, taken = np.random.default_rng(4), set[tuple[int, int]]()
    return [drawn(lot, rows, taken) for rows in (60, 1, 0, 90, 45)]


def plain(months: list[Recorded], keep: NDArray[np.bool_] = ALL) -> dict[str, NDArray[Any]]:
    """All rows that are kept, sorted as anyone would."""
    columns = {name: np.concatenate([getattr(month, name) for month in months]) for name in Recorded._fields[:8]}
    columns = {name: column[keep[columns["kind"]]] for name, column in columns.items()} | {
        "kind": columns["kind"][keep[columns["kind"]]]
    }
    order = np.lexsort((columns["time"], columns["person"]))
    return {name: column[order] for name, column in columns.items()}


def shown(book: Book) -> dict[str, list[int]]:
    """A book's columns."""
    columns = {name: getattr(book.columns, name).tolist() for name in SHOWN}
    return columns | {"offsets": book.columns.offsets.tolist()}


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("kept", ["all", "half"])
def test_it_is_a_plain_sort(months: list[Recorded], kept: str, threads: int) -> None:
    keep = ALL if kept == "all" else np.arange(len(KINDS)) % 2 == 0
    found = chronicle(months, keep, threads)
    expected = plain(months, keep)
    book = found.book()
    for name in SHOWN:
        assert getattr(book.columns, name).tolist() == expected[name].tolist()
    counts = np.bincount(expected["person"], minlength=PEOPLE)
    assert np.diff(book.columns.offsets).tolist() == counts.tolist()
    assert len(found) == len(book) == expected["time"].size


@pytest.mark.parametrize("seed", range(5))
def test_it_is_a_plain_sort_whatever_comes_when(seed: int) -> None:
    lot, taken = np.random.default_rng(seed), set[tuple[int, int]]()
    months = [drawn(lot, int(rows), taken) for rows in lot.integers(0, 40, 6)]
    assert chronicle(months).book().columns.time.tolist() == plain(months)["time"].tolist()


def test_its_limits_are_powers_of_two_above_the_greatest_that_came(months: list[Recorded]) -> None:
    limits = chronicle(months).book().limits
    expected = plain(months)
    amounts = expected["amount"][expected["amount"] != NULL]
    greatest = (np.bincount(expected["person"]).max(), amounts.max(), expected["value"].max())
    for limit, most in zip((limits.events, limits.amount, limits.value), greatest, strict=True):
        assert limit // 2 <= most < limit
        assert limit.bit_count() == 1


def test_nothing_is_a_book_too() -> None:
    book = chronicle([]).book()
    assert len(book) == 0
    assert (book.limits.events, book.limits.amount, book.limits.value) == (0, 0, 0)


def test_room_that_was_reserved_is_not_taken_again(months: list[Recorded]) -> None:
    found = Chronicle(PEOPLE, names(PEOPLE), ALL)
    found.reserve(1_000)
    before = found._columns["time"]
    for month in months:
        found.add(month)
    assert found._columns["time"] is before
    assert shown(found.book()) == shown(chronicle(months).book())


def test_a_name_for_everybody_is_needed() -> None:
    with pytest.raises(ValueError, match="39 names of 40 people"):
        Chronicle(PEOPLE, names(PEOPLE - 1), ALL)


# --- What is taken out -----------------------------------------------------------------------------------------------


def test_a_row_that_is_taken_out_is_void_and_stays_so(months: list[Recorded]) -> None:
    found = chronicle(months[:-1])
    wrong = found.wrongs()
    assert found.void(wrong.person[:2], wrong.time[:2]) == 2
    assert found.void(wrong.person[:2], wrong.time[:2]) == 0
    found.add(months[-1])
    book = found.book()
    assert (book.columns.kind == VOID).sum() == 2
    assert {found.kind_at(int(who), int(when)) for who, when in zip(wrong.person[:2], wrong.time[:2], strict=True)} == {
        VOID
    }
    assert not set(zip(wrong.person[:2], wrong.time[:2], strict=True)) & set(
        zip(found.wrongs().person, found.wrongs().time, strict=True)
    )


def test_a_moment_at_which_nothing_is_said_takes_nothing_out(months: list[Recorded]) -> None:
    found = chronicle(months)
    assert found.void(np.array([0, PEOPLE - 1]), np.array([10_000, -1])) == 0
    assert found.kind_at(0, 10_000) == -1


def test_the_wrong_rows_are_those_doubled_or_misplaced(months: list[Recorded]) -> None:
    expected = plain(months)
    wrong = np.isin(expected["wrong"], [DOUBLED, MISPLACED])
    found = chronicle(months).wrongs()
    assert found.person.tolist() == expected["person"][wrong].tolist()
    assert found.time.tolist() == expected["time"][wrong].tolist()
    assert found.kind.tolist() == expected["kind"][wrong].tolist()
    assert found.wrong.tolist() == expected["wrong"][wrong].tolist()
    assert RIGHT not in found.wrong


def test_a_book_without_wrong_rows_leaves_them_void(months: list[Recorded]) -> None:
    found = chronicle(months)
    expected = plain(months)
    wrong = np.isin(expected["wrong"], [DOUBLED, MISPLACED])
    assert found.book(without_wrong=True).columns.kind.tolist() == np.where(wrong, VOID, expected["kind"]).tolist()
    assert found.book().columns.kind.tolist() == expected["kind"].tolist()


def test_a_book_of_some_is_their_part_of_the_whole(months: list[Recorded]) -> None:
    found = chronicle(months)
    some = np.array([0, 7, 8, PEOPLE - 1])
    whole, part = found.book(), found.book(people=some, without_wrong=True)
    assert part.people.to_pylist() == [f"R{number:07d}" for number in some]
    offsets = whole.columns.offsets
    rows = np.concatenate([np.arange(offsets[who], offsets[who + 1]) for who in some])
    assert part.columns.time.tolist() == whole.columns.time[rows].tolist()
    assert part.columns.kind.tolist() == found.book(without_wrong=True).columns.kind[rows].tolist()
    assert not np.shares_memory(part.columns.time, whole.columns.time)


# --- Its book --------------------------------------------------------------------------------------------------------

ERRING = {**BUSY, "errors.missed": 20.0, "errors.doubled": 40.0, "errors.somebody_else": 40.0}


def number(column: NDArray[np.int64], row: int) -> int | None:
    return None if column[row] == NULL else int(column[row])


def as_dictionaries(months: list[Recorded], people: pa.LargeStringArray) -> list[dict[str, Any]]:
    """The rows as events that anybody could write down."""
    events = []
    for month, one in enumerate(months):
        for row in range(one.time.size):
            type_, source, label = KINDS[one.kind[row]]
            events.append(
                {
                    "id": f"{month}-{row}", "source": source, "type": type_, "label": label or None,
                    "person": people[int(one.person[row])].as_py(), "time": int(one.time[row]),
                    "amount": number(one.amount, row), "value": number(one.value, row),
                    "party": PARTIES[one.party[row]] or None, "matter": MATTERS[one.matter[row]] or None,
                }
            )  # fmt: skip
    return events


@pytest.fixture(scope="module")
def lived() -> tuple[Town, list[Recorded]]:
    residents = town(12, by=BUSY)
    life = begun(residents)
    life.live(2)
    recorder = Recorder(Town(residents.key, residents.traits, Changed(ERRING)))
    return residents, [recorder.record(events, month) for month, events in enumerate([life.before, *life.months], -1)]


@pytest.mark.parametrize(
    "policy", ["sesame", "national", "rongcheng", "suining", "consumer-credit", "rail-2018", "air-2018"]
)
def test_a_city_scores_as_its_events_do_when_written_down(lived: tuple[Town, list[Recorded]], policy: str) -> None:
    residents, months = lived
    people = pa.concat_arrays([names(residents.residents), account_names(2)])
    found = Chronicle(len(people), people, ALL)
    for month in months:
        found.add(month)
    as_of = month_start(2)
    ours = Scorer(load(policy), found.book(), as_of=as_of, people=people).everyone(1)
    book = Book.of(as_dictionaries(months, people), world="synthetic")
    theirs = Scorer(load(policy), book, as_of=as_of, people=people).everyone(1)
    assert ours.people.to_pylist() == theirs.people.to_pylist()
    for name in ("score", "given", "points", "dimension_bounds", "bounds", "since"):
        assert getattr(ours, name).tolist() == getattr(theirs, name).tolist()
    assert len(set(ours.score.tolist())) > 1


def test_a_city_is_scored_with_ties_like_any_book(lived: tuple[Town, list[Recorded]]) -> None:
    residents, months = lived
    people = names(residents.residents)
    found = Chronicle(len(people), people, ALL)
    for month in months:
        found.add(month)
    tie = {"a": "R0000000", "b": "R0000001", "since": 0, "until": None, "kind": "friend"}
    scores = score(load("sesame"), found.book(), as_of=month_start(2), ties=Ties.of([tie]))
    assert scores.people.to_pylist() == people.to_pylist()
    assert found.book().world == "synthetic"
