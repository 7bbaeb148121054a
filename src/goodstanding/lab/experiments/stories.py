"""Three residents, month by month: one who rose, one who fell, one who was punished by error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.book import Book
from goodstanding.lab.city.calendar import month_start
from goodstanding.lab.city.city import names
from goodstanding.lab.city.kinds import KINDS
from goodstanding.lab.experiments.deeds import Happening, told
from goodstanding.lab.experiments.sampling import MonthOf, Sample
from goodstanding.lab.experiments.tables import STORIES
from goodstanding.policy import Policy
from goodstanding.standing import STATES

ROSE, FELL, WRONGED = "rose", "fell", "wronged"
MOST_LINES: Final = 8
"""Lines that moved in a month, at most; the greatest moves."""

BOUNDS: Final = {"en": "held within bounds", "zh": "限于区间"}
"""What is said of the lines that holding within bounds gives."""

Row: TypeAlias = tuple[int, int, int, int]
"""An event on record: time, kind (0: taken out), amount, value."""

Files: TypeAlias = Mapping[int, Sequence[Row]]
"""By resident, all that is on record of them, in the order of time."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is on record of the residents whose stories are told.

    Attributes:
        files: at the end.
        struck: of those whom an error struck, as it was when it did: what was put right since stands here alone.
        wrong: resident and time of the rows that are wrong at the end.
    """

    files: Files
    struck: Files
    wrong: AbstractSet[tuple[int, int]]


def files_of(book: Book, numbers: NDArray[np.int64]) -> dict[int, list[Row]]:
    """The rows of a book of some residents, who are called by their numbers, ascending."""
    columns = book.columns
    found: dict[int, list[Row]] = {}
    for place, number in enumerate(numbers.tolist()):
        here = slice(int(columns.offsets[place]), int(columns.offsets[place + 1]))
        parts = (getattr(columns, name)[here].tolist() for name in ("time", "kind", "amount", "value"))
        found[number] = list(zip(*parts, strict=True))
    return found


def stories(sample: Sample, chosen: Mapping[str, int], record: Record) -> pa.Table:
    """The stories of the residents who were chosen."""
    people = names(sample.residents)
    rows: list[dict[str, Any]] = []
    for role, number in chosen.items():
        months = sample.months_of(number)
        told_of = {"role": role, "resident": people[number].as_py()}
        rows += [told_of | row for row in _story(sample.policy, months, _by_month(record, number, months))]
    return pa.Table.from_pylist(rows, STORIES)


def choose(sample: Sample) -> dict[str, int]:
    """Whose stories are told, by their numbers.

    Of those with a score in the first month and in the last, who gained most and who lost most; of all, who was
    longest on a list or under a sanction that a wrong record put them under. The lowest number where several are alike,
    and nobody twice.
    """
    known = sample.given[0] & sample.given[-1]
    change = np.where(known, sample.scores[-1] - sample.scores[0], 0)
    wronged = dict(zip(sample.numbers.tolist(), np.sum(sample.wrongly, axis=0).tolist(), strict=True))
    wronged |= {number: sum(one.wrongly for one in months) for number, months in sample.late.items()}
    moved = dict(zip(sample.numbers.tolist(), change.tolist(), strict=True))
    chosen: dict[str, int] = {}
    for role, weights, sign in ((WRONGED, wronged, 1), (ROSE, moved, 1), (FELL, moved, -1)):
        free = [(sign * weight, -number) for number, weight in weights.items() if number not in chosen.values()]
        most = max(free, default=(0, 0))
        if most[0] > 0:
            chosen[role] = -most[1]
    return {role: chosen[role] for role in (ROSE, FELL, WRONGED) if role in chosen}


def _by_month(record: Record, number: int, told_of: Sequence[MonthOf]) -> dict[int, list[Happening]]:
    """What is or was on record of a resident, by the month in which it is said to have happened."""
    months = [one.month for one in told_of]
    starts = np.array([month_start(month) for month in (*months, months[-1] + 1)])
    found: dict[int, list[Happening]] = {month: [] for month in months}
    for (time, kind, amount, value), is_wrong in _rows(record, number):
        at = int(np.searchsorted(starts, time, "right")) - 1
        if 0 <= at < len(months):
            type_, _, label = KINDS[kind]
            found[months[at]].append(Happening(type_, label, _known(amount), _known(value), is_wrong))
    return found


def _rows(record: Record, number: int) -> Iterator[tuple[Row, bool]]:
    """The rows that stand, and those that were taken out since an error struck; and which of them are wrong."""
    before = {row[0]: row for row in record.struck.get(number, ())}
    for row in record.files[number]:
        if row[1]:
            yield row, (number, row[0]) in record.wrong
        elif before.get(row[0], row)[1]:
            yield before[row[0]], True


def _known(number: int) -> int | None:
    return None if number == np.iinfo(np.int64).min else number


def _story(policy: Policy, months: Sequence[MonthOf], happened: Mapping[int, list[Happening]]) -> list[dict[str, Any]]:
    return [
        {
            "month": one.month,
            "score": one.score,
            "change": _change(before, one),
            "tier": None if one.tier is None else policy.tiers[one.tier].name,
            "lists": [rule.name for rule, on in zip(policy.lists, one.listed, strict=True) if on],
            "sanctions": [
                f"{sanction.name}:{STATES[state]}"
                for sanction, state in zip(policy.sanctions, one.sanctions, strict=True)
                if state
            ],
            "wrongly": one.wrongly,
            "events": told(happened[one.month], policy),
            "lines": [] if before is None else _moved(policy, one.lines, before.lines),
        }
        for before, one in zip([None, *months], months, strict=False)
    ]


def _change(before: MonthOf | None, one: MonthOf) -> int | None:
    return None if before is None or before.score is None or one.score is None else one.score - before.score


def _moved(policy: Policy, now: NDArray[Any], before: NDArray[Any]) -> list[dict[str, Any]]:
    """The lines whose points moved since the month before, the greatest moves first."""
    change = now - before
    titles = _titles(policy)
    order = sorted(np.flatnonzero(change).tolist(), key=lambda line: (-abs(int(change[line])), line))
    return [
        {
            "factor": titles[line][0],
            "points": int(now[line]),
            "change": int(change[line]),
            "en": f"{titles[line][1]}: {_signed(change[line])}, now {_signed(now[line])}",
            "zh": f"{titles[line][2]}：{_signed(change[line])}，现为{_signed(now[line])}",
        }
        for line in order[:MOST_LINES]
    ]


def _titles(policy: Policy) -> list[tuple[str, str, str]]:
    """Every line of a score: its column, and what it is called in English and Chinese."""
    lines = [(factor.name, factor.title.in_("en"), factor.title.in_("zh")) for factor in policy.factors]
    for one in policy.dimensions:
        en, zh = one.title.in_("en"), one.title.in_("zh")
        lines.append((f"bounds.{one.name}", f"{en}, {BOUNDS['en']}", f"{zh}（{BOUNDS['zh']}）"))
    return [*lines, ("bounds", f"The score, {BOUNDS['en']}", f"总分（{BOUNDS['zh']}）")]


def _signed(number: int) -> str:
    return f"{number:+d}".replace("-", "−") if number else "0"
