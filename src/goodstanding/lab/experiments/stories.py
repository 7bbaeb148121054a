"""Three residents, month by month: one who rose, one who fell, one who was punished by error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.book import Book
from goodstanding.lab.city.calendar import month_start
from goodstanding.lab.city.kinds import KINDS
from goodstanding.lab.experiments.deeds import Happening, told
from goodstanding.lab.experiments.sampling import Sample
from goodstanding.lab.experiments.tables import STORIES
from goodstanding.lab.month.chronicle import Wrongs
from goodstanding.policy import Policy
from goodstanding.standing import STATES

ROSE, FELL, WRONGED = "rose", "fell", "wronged"
MOST_LINES: Final = 8
"""Lines that moved in a month, at most; the greatest moves."""

BOUNDS: Final = {"en": "held within bounds", "zh": "限于区间"}
"""What is said of the lines that holding within bounds gives."""

OnRecord: TypeAlias = Callable[[NDArray[np.int64]], tuple[Book, Wrongs]]
"""Of residents by their numbers, ascending: what is on record of them, and which rows of the record are wrong."""


def stories(sample: Sample, on_record: OnRecord) -> pa.Table:
    """The stories of three of the followed residents; fewer where nobody is such a one."""
    chosen = choose(sample)
    numbers = np.array(sorted({int(sample.numbers[at]) for at in chosen.values()}), np.int64)
    book, wrongs = on_record(numbers)
    is_wrong = set(zip(wrongs.person.tolist(), wrongs.time.tolist(), strict=True))
    rows: list[dict[str, Any]] = []
    for role, at in chosen.items():
        number = int(sample.numbers[at])
        place = int(np.searchsorted(numbers, number))
        rows += _story(sample, role, at, _by_month(book, place, number, sample.months, is_wrong))
    return pa.Table.from_pylist(rows, STORIES)


def choose(sample: Sample) -> dict[str, int]:
    """Whose stories are told, by their place in the sample.

    Of those with a score in the first month and in the last: who gained most and who lost most; of all, who was
    longest on a list or under a sanction that a wrong record put them under. The lowest number where several are alike,
    and nobody twice.
    """
    known = sample.given[0] & sample.given[-1]
    change = np.where(known, sample.scores[-1] - sample.scores[0], 0)
    wronged = np.sum(sample.wrongly, axis=0)
    chosen: dict[str, int] = {}
    for role, weight in ((WRONGED, wronged), (ROSE, change), (FELL, -change)):
        free = weight.copy()
        free[list(chosen.values())] = 0
        if free.size and free.max() > 0:
            chosen[role] = int(free.argmax())
    return {role: chosen[role] for role in (ROSE, FELL, WRONGED) if role in chosen}


def _by_month(
    book: Book, place: int, number: int, months: Sequence[int], is_wrong: set[tuple[int, int]]
) -> dict[int, list[Happening]]:
    """What stands on record of one resident, by the month in which it is said to have happened."""
    columns = book.columns
    here = slice(int(columns.offsets[place]), int(columns.offsets[place + 1]))
    starts = np.array([month_start(month) for month in (*months, months[-1] + 1)])
    found: dict[int, list[Happening]] = {month: [] for month in months}
    rows = zip(*(getattr(columns, name)[here].tolist() for name in ("time", "kind", "amount", "value")), strict=True)
    for time, kind, amount, value in rows:
        at = int(np.searchsorted(starts, time, "right")) - 1
        if kind and 0 <= at < len(months):
            type_, _, label = KINDS[kind]
            wrong = (number, time) in is_wrong
            found[months[at]].append(Happening(type_, label, _known(amount), _known(value), wrong))
    return found


def _known(number: int) -> int | None:
    return None if number == np.iinfo(np.int64).min else number


def _story(sample: Sample, role: str, at: int, happened: Mapping[int, list[Happening]]) -> list[dict[str, Any]]:
    policy = sample.policy
    scores = [int(score[at]) if given[at] else None for score, given in zip(sample.scores, sample.given, strict=True)]
    lines = [
        np.concatenate([points[:, at], held[:, at]]) for points, held in zip(sample.points, sample.held, strict=True)
    ]
    person = sample.people[at].as_py()
    return [
        {
            "role": role,
            "resident": person,
            "month": month,
            "score": scores[i],
            "change": _change(scores, i),
            "tier": _tier(policy, sample, at, i),
            "lists": [one.name for one, on in zip(policy.lists, sample.listed[i][:, at], strict=True) if on],
            "sanctions": [
                f"{one.name}:{STATES[state]}"
                for one, state in zip(policy.sanctions, sample.sanctions[i][:, at], strict=True)
                if state
            ],
            "wrongly": bool(sample.wrongly[i][at]),
            "events": told(happened[month], policy),
            "lines": _moved(policy, lines[i], lines[i - 1]) if i else [],
        }
        for i, month in enumerate(sample.months)
    ]


def _change(scores: Sequence[int | None], i: int) -> int | None:
    before, now = (scores[i - 1] if i else None), scores[i]
    return None if before is None or now is None else now - before


def _tier(policy: Policy, sample: Sample, at: int, i: int) -> str | None:
    tier = int(sample.tiers[i][at])
    return policy.tiers[tier].name if sample.given[i][at] and tier >= 0 else None


def _moved(policy: Policy, now: NDArray[Any], before: NDArray[Any]) -> list[dict[str, Any]]:
    """The lines whose points moved since the month before, the greatest moves first."""
    change = now - before
    names = _titles(policy)
    order = sorted(np.flatnonzero(change).tolist(), key=lambda line: (-abs(int(change[line])), line))
    return [
        {
            "factor": names[line][0],
            "points": int(now[line]),
            "change": int(change[line]),
            "en": f"{names[line][1]}: {_signed(change[line])}, now {_signed(now[line])}",
            "zh": f"{names[line][2]}：{_signed(change[line])}，现为{_signed(now[line])}",
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
