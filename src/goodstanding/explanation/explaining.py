"""Explain one person's score: every line of the sum, its measure, its sentence and the events that it used.

The lines add up to the score, always: `base`, the factors, what holding each dimension changed, what holding the whole
changed. Points come from the kernel, measures and evidence from the reading by hand, and each must bear the other out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from goodstanding.book import Book
from goodstanding.explanation.evidence import Evidence
from goodstanding.explanation.model import Contribution, EventRef, Explanation
from goodstanding.explanation.sentences import sentence
from goodstanding.explanation.situation import Situation, situation
from goodstanding.policy import Factor, Policy, Reason
from goodstanding.scoring import score_one
from goodstanding.standing import MOST_REASONS, stand, to_table
from goodstanding.ties import Ties


def explain(
    policy: Policy,
    book: Book,
    person: str,
    *,
    as_of: int | datetime,
    recorded_by: int | datetime | None = None,
    people: Sequence[str] | None = None,
    ties: Ties | None = None,
    lang: str = "en",
) -> Explanation:
    """Explain one person's score under one policy.

    Raises:
        UnknownPersonError: the person is not in the population.
        WorldError: the record is live and the policy is for synthetic worlds.
        ValueError: a datetime has no zone.
    """
    one = situation(policy, book, person, as_of=as_of, recorded_by=recorded_by, people=people, ties=ties)
    return explained(policy, one, lang=lang)


def explained(policy: Policy, one: Situation, *, lang: str = "en") -> Explanation:
    """Explain the score of one person whose events and friends are at hand."""
    scores = score_one(policy, one.events, person=one.person, as_of=one.as_of, friends=one.friends)
    row = to_table(scores, stand(scores)).to_pylist()[0]
    evidence = Evidence.of(policy, one.events, one.as_of, one.friends)
    contributions = tuple(_contribution(evidence, factor, row[factor.name], lang) for factor in policy.factors)
    reasons = _reasons(contributions)
    on = {name: min(listing.since for listing in listings) for name, listings in evidence.listings.items()}
    assert [reason.code for reason in reasons] == row["reasons"], "reasons by hand are those of the columns"
    assert list(on) == row["lists"], "lists by hand are those of the columns"
    explanation = Explanation(
        policy=policy,
        lang=lang,
        as_of=one.as_of,
        person=one.person,
        score=row["score"],
        own_score=row["own_score"],
        tier=row["tier"],
        contributions=contributions,
        bounds={name: row[name] for name in (*(f"bounds.{one.name}" for one in policy.dimensions), "bounds")},
        reasons=reasons,
        lists=on,
        perks=tuple(row["perks"]),
        sanctions=dict(due.rsplit(":", 1) for due in row["sanctions"]),
    )
    assert explanation.score in (None, explanation.total), "the lines add up to the score"
    return explanation


def _contribution(evidence: Evidence, factor: Factor, points: int, lang: str) -> Contribution:
    reading = evidence.reading(factor)
    assert factor.points.of(reading) == points, f"{factor.name}: points by hand are those of the columns"
    used = tuple(EventRef(event["source"], event["id"]) for event in (evidence.events[place] for place in reading.used))
    return Contribution(factor, points, reading, sentence(factor, reading, points, lang), used)


def loss(line: Contribution) -> int:
    """The most that a factor's points can give, less what they gave (specification section 4)."""
    most: int = line.factor.points.most(line.factor.measure.can_be_nothing)
    return most - line.points


def _reasons(lines: Sequence[Contribution]) -> tuple[Reason, ...]:
    """At most four, greatest loss first, a code once for the greatest of its losses (specification section 4)."""
    losing = [line for line in sorted(lines, key=loss, reverse=True) if line.factor.reason and loss(line) > 0]
    first: dict[str, Reason] = {}
    for line in losing:
        reason = line.factor.reason
        assert reason is not None
        first.setdefault(reason.code, reason)
    return tuple(first.values())[:MOST_REASONS]
