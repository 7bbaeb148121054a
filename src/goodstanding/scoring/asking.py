"""The questions that others ask: everybody's scores, and one person's from a few events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from goodstanding.book import Book
from goodstanding.policy import Policy
from goodstanding.program.compiling import tie_kinds
from goodstanding.scoring.scorer import Scorer
from goodstanding.scoring.scores import Scores
from goodstanding.scoring.second_pass import with_ties
from goodstanding.ties import Neighbours, Ties


def score(
    policy: Policy,
    book: Book,
    *,
    as_of: int | datetime,
    recorded_by: int | datetime | None = None,
    people: Iterable[str] | pa.Array | None = None,
    ties: Ties | None = None,
    threads: int | None = None,
) -> Scores:
    """Score everyone in a book, or everyone named, under one policy.

    Args:
        as_of: the moment of scoring; later events are not read.
        recorded_by: only events that stood by then count; all that were read in if left out.
        people: who is scored; somebody whom no event names has the score of no events.
        ties: without it, factors that read ties find none.
        threads: as many as there are cores if left out.

    Raises:
        WorldError: the book is live, and the policy is for synthetic worlds.
    """
    scorer = Scorer(policy, book, as_of=as_of, recorded_by=recorded_by, people=people)
    scores = scorer.everyone(threads)
    if scorer.program.reads_ties:
        around = (Ties.of([]) if ties is None else ties).among(scores.people, scorer.as_of, tie_kinds(policy))
        return with_ties(scorer, scores, around)
    return scores


def score_one(
    policy: Policy,
    events: Iterable[Mapping[str, Any]],
    *,
    person: str,
    as_of: int | datetime,
    friends: Sequence[tuple[int, str | None]] = (),
) -> Scores:
    """Score one person from events given as dictionaries; events about others are left out.

    Args:
        friends: for each tie the own score at its other end, and its kind.
    """
    scorer = Scorer(policy, Book.of(events), as_of=as_of, people=[person])
    scores = scorer.everyone(threads=1)
    if not scorer.program.reads_ties:
        return scores
    own = np.array([score for score, _ in friends], np.int64), np.ones(len(friends), np.bool_)
    around = []
    for kind in tie_kinds(policy):
        here = [i for i, (_, of) in enumerate(friends) if kind is None or of == kind]
        around.append(Neighbours(np.array([0, len(here)], np.int64), np.array(here, np.int32)))
    return with_ties(scorer, scores, around, own)
