"""The kernel and the plain reading agree on every cell, whatever the policy, the events and their order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, seed, settings

from goodstanding.testing import Scoring, exercised, scorings, unexercised
from tests.engine.asking import answered, drawing, expected, scored

pytestmark = pytest.mark.kernel


@drawing
@given(scorings())
def test_kernel_and_plain_reading_agree_on_every_cell(scoring: Scoring) -> None:
    assert answered(scoring) == expected(scoring)
    scores = scored(scoring)
    for i in range(len(scores)):
        assert sum(scores.contributions(i).values()) == scores.score[i]


@drawing
@given(scorings(at_limits=True))
def test_they_agree_at_the_limits_of_the_specification(scoring: Scoring) -> None:
    assert answered(scoring) == expected(scoring)


@pytest.mark.compiled
def test_they_agree_on_every_kind_of_measure_points_and_filter() -> None:
    seen: list[set[str]] = []

    @settings(drawing, max_examples=150, derandomize=False, deadline=None, database=None)
    @given(scorings())
    def compare(scoring: Scoring) -> None:
        assert answered(scoring) == expected(scoring)
        seen.append(exercised(scoring))

    for number in range(8):  # until nothing was left out, as a rule twice
        run: Callable[[], None] = seed(number)(compare)
        run()
        if not unexercised(seen):
            break
    assert unexercised(seen) == []
