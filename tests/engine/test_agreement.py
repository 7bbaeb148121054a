"""The kernel and the plain reading agree on every cell, whatever the policy, the events and their order."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from goodstanding.book import Book
from goodstanding.policy import loads
from goodstanding.scoring import Scores, score
from goodstanding.standing import stand, to_table
from goodstanding.testing import Scoring, as_yaml, scorings
from goodstanding.ties import Ties


def scored(scoring: Scoring, events: Any = None, threads: int | None = None) -> tuple[Scores, list[dict[str, Any]]]:
    """A drawn scoring by the engine: the scores, and the table as rows."""
    policy = loads(as_yaml(scoring.document))
    book = Book.of(scoring.events if events is None else events)
    scores = score(
        policy,
        book,
        as_of=scoring.as_of,
        recorded_by=scoring.recorded_by,
        people=scoring.people,
        ties=Ties.of(scoring.ties),
        threads=threads,
    )
    return scores, to_table(scores, stand(scores, scoring.notices)).to_pylist()


def expected(scoring: Scoring) -> list[dict[str, Any]]:
    """The same by the plain reading, as rows of the same table."""
    rows = []
    for person, result in sorted(scoring.results().items(), key=lambda item: item[0].encode()):
        row = {"person": person, "score": result.score, "own_score": result.own_score, "tier": result.tier}
        row |= {"base": result.base, **result.points, **result.bounds}
        row |= {"reasons": list(result.reasons), "lists": list(result.lists), "perks": list(result.perks)}
        row["sanctions"] = [f"{name}:{state}" for name, state in result.sanctions.items()]
        rows.append(row)
    return rows


@given(scorings())
def test_kernel_and_plain_reading_agree_on_every_cell(scoring: Scoring) -> None:
    scores, rows = scored(scoring)
    assert rows == expected(scoring)
    for i in range(len(scores)):
        assert sum(scores.contributions(i).values()) == scores.score[i]


@given(scorings(at_limits=True))
def test_they_agree_at_the_limits_of_the_specification(scoring: Scoring) -> None:
    assert scored(scoring)[1] == expected(scoring)
