"""A guided look at everybody's file, as in the study: what is found, what is put right, what comes of it (E10)."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan
from typing import Final

import numpy as np
from numpy.typing import NDArray

from goodstanding.lab.city.calendar import month_start
from goodstanding.lab.findings.files import Files
from goodstanding.lab.streams import uniform
from goodstanding.policy import load
from goodstanding.scoring import Scores, score
from goodstanding.standing import stand

IS_PUT_RIGHT: Final = 890
"""The purpose of the dice."""

SECOND: Final = 1_000_000
BEGINS: Final = month_start(0)
"""From when on a file is looked at: errors are set so that 26 % of people have one in 36 months (`errors.missed`)."""

PUBLISHED_RANGE: Final = 550
"""Points between the least and the greatest score of the study, on which its sizes stand."""

SMALL, LARGE = 20, 100
"""Points."""


def audited(files: Files, month: int) -> Mapping[str, float]:
    """Everybody reads, recognises and disputes; what is true is put right as often as disputes are won.

    Args:
        month: after the last one that was lived.
    """
    policy = load("consumer-credit")
    before = score(policy, files.book(), as_of=files.as_of)
    chance = files.city.parameters.number("disputes.success_if_error")
    (persons, times), missing = files.wrong(), files.missing()
    found = [times >= BEGINS, missing.time >= BEGINS]
    wins = [
        here & _wins(files, month, whose, when, chance)
        for here, whose, when in zip(found, (persons, missing.person), (times, missing.time), strict=True)
    ]
    files.put_right(persons[wins[0]], times[wins[0]], type(missing)._make(column[wins[1]] for column in missing))
    after = score(policy, files.book(), as_of=files.as_of)
    people = files.city.residents
    rows = np.count_nonzero(files.book().columns.time >= BEGINS)
    has_error = _anybody(people, persons[found[0]], missing.person[found[1]])
    changed = _anybody(people, persons[wins[0]], missing.person[wins[1]])
    of_all = {"rows on file": rows / people, "with an error": has_error.mean(), "file changed": changed.mean()}
    return {**of_all, **_shares(before, after), **_sizes(before, after)}


def _wins(
    files: Files, month: int, persons: NDArray[np.int32], times: NDArray[np.int64], chance: float
) -> NDArray[np.bool_]:
    dice = np.empty(persons.size, np.float64)
    throw(files.city.key, month, persons, times, dice)
    return dice < chance


def throw(
    key: NDArray[np.uint64], month: int, persons: NDArray[np.int32], times: NDArray[np.int64], dice: NDArray[np.float64]
) -> None:
    """One number an error, by whose it is and when."""
    for i, (person, time) in enumerate(zip(persons.tolist(), times.tolist(), strict=True)):
        dice[i] = uniform(key, person, month, IS_PUT_RIGHT, (time // SECOND) & 0xFFFFFFFF)


def _anybody(people: int, *rows: NDArray[np.int32]) -> NDArray[np.bool_]:
    there = np.zeros(people, np.bool_)
    for one in rows:
        there[one] = True
    return there


def _shares(before: Scores, after: Scores) -> Mapping[str, float]:
    """Of all who had a score before."""
    moved = (after.score != before.score) | ~after.given
    better = stand(after).tier > stand(before).tier
    large = np.abs(_points(before, after)) > LARGE
    held = {"score changed": moved, "better tier": better, "large": large}
    return {name: float(np.mean(who[before.given])) for name, who in held.items()}


def _sizes(before: Scores, after: Scores) -> Mapping[str, float]:
    """Of all whose score changed, who changed by little."""
    moved = before.given & after.given & (after.score != before.score)
    return {"small": float(np.mean(np.abs(_points(before, after)[moved]) < SMALL)) if moved.any() else nan}


def _points(before: Scores, after: Scores) -> NDArray[np.float64]:
    """By how much scores moved, on the study's scale; 0 where there is no score any more."""
    reach = before.policy.most - before.policy.least
    return np.where(after.given & before.given, (after.score - before.score) * (PUBLISHED_RANGE / reach), 0.0)
