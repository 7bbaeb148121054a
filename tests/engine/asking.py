"""Asking the engine: drawn scorings and small policies, answered as rows of the table of specification section 9."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, settings

from goodstanding.book import Book
from goodstanding.policy import Policy, loads
from goodstanding.scoring import Scores, score
from goodstanding.standing import stand, to_table
from goodstanding.testing import AS_OF, Scoring, as_yaml, small_policy, table
from goodstanding.ties import Ties

Row = dict[str, Any]

LARGE = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)
"""Whole policies and lives are large things to draw; that is meant."""

drawing = settings(suppress_health_check=LARGE)
seldom = settings(drawing, max_examples=max(1, drawing.max_examples // 4))
"""For what runs the kernel several times an example, so that the run as plain Python stays short."""


def scored(scoring: Scoring, book: Book | None = None, **asked: Any) -> Scores:
    """Score what was drawn, of its events or of a book of them."""
    usual: Row = {"as_of": scoring.as_of, "recorded_by": scoring.recorded_by, "people": scoring.people}
    usual["ties"] = Ties.of(scoring.ties)
    return score(policy_of(scoring), book or Book.of(scoring.events), **{**usual, **asked})


def policy_of(scoring: Scoring) -> Policy:
    """The drawn document, read."""
    return loads(as_yaml(scoring.document))


def rows_of(scores: Scores, notices: Mapping[tuple[str, str], int] | None = None) -> list[Row]:
    """Scores and the standing that follows from them, one row a person."""
    answer: list[Row] = to_table(scores, stand(scores, notices)).to_pylist()
    return answer


def answered(scoring: Scoring, book: Book | None = None, **asked: Any) -> list[Row]:
    """What the engine answers to a drawn scoring."""
    return rows_of(scored(scoring, book, **asked), scoring.notices)


def expected(scoring: Scoring) -> list[Row]:
    """What the plain reading of the specification answers, as rows of the same table."""
    rows = []
    for person, result in sorted(scoring.results().items(), key=lambda item: item[0].encode()):
        row: Row = {"person": person, "score": result.score, "own_score": result.own_score, "tier": result.tier}
        row |= {"base": result.base, **result.points, **result.bounds}
        row |= {"reasons": list(result.reasons), "lists": list(result.lists), "perks": list(result.perks)}
        row["sanctions"] = [f"{name}:{state}" for name, state in result.sanctions.items()]
        rows.append(row)
    return rows


def small(*factors: Mapping[str, Any], **parts: Any) -> Policy:
    """A policy of these factors, as `testing.small_policy` fills them in."""
    return loads(as_yaml(small_policy(*factors, **parts)))


def agreed(document: Mapping[str, Any], events: str | Sequence[Row] = "id", **asked: Any) -> list[Row]:
    """The rows of a policy over events (or a drawn table of them), on which engine and plain reading agree."""
    rows = table(events) if isinstance(events, str) else list(events)
    scoring = replace(Scoring(dict(document), rows, as_of=AS_OF), **asked)
    answer = answered(scoring)
    assert answer == expected(scoring)
    return answer


def ids(book: Book, person: str = "p", **asked: Any) -> list[str]:
    """The ids of a person's events that stand, in order."""
    return [event["id"] for event in book.events_of(person, **asked)]


WHOLE = ("time", "amount", "value", "recorded")
SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("id", "source", "type", "person", "label", "party", "matter", "replaces")]
    + [(name, pa.int64()) for name in WHOLE]
)


def batch_of(events: Iterable[Mapping[str, Any]]) -> pa.RecordBatch:
    """Events as one batch, all strings plain."""
    return pa.RecordBatch.from_pylist(list(events), SCHEMA)
