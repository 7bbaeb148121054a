"""The plain reading of the specification: the oracle that the kernel is tested against.

`reference` computes what sections 1, 3, 4 and 5 of the specification say, as literally as Python allows: whole numbers
and fractions, one loop for each sentence, the standard library alone. It shares no code and no idea with the kernel (an
import contract keeps it so), and nothing in it is fast. To check it, lay the specification beside it: each module is
one section, and each function quotes the sentences that it carries out.

- `section_1_events`: the same id, corrections, order, what a score reads; and the population of section 4;
- `section_3_measures`: windows, filters, measures, and which events are a measure's evidence;
- `section_3_points`: bands, each, labels; the most and the least that points can give (sections 4 and 6);
- `section_4_sum`: dimensions, bounds, `requires`, own scores, ties, reasons;
- `section_5_lists`, `section_5_standing`: lists, tiers, perks, sanctions.

It takes a policy that `policy check` has passed and rows that have passed the checks of section 1. What a document or a
row may hold (section 2, the grammar of types, limits) and which policy may read which world (section 7) is checked
elsewhere, and is no part of a score.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from goodstanding.reference.section_1_events import (
    CircleError,
    Event,
    Key,
    SameIdError,
    key,
    once,
    population,
    read,
)
from goodstanding.reference.section_3_points import least, most
from goodstanding.reference.section_4_sum import (
    Alone,
    Friends,
    add_up,
    friends_of,
    give,
    look_at,
    own_score,
    reasons,
    with_ties,
)
from goodstanding.reference.section_5_standing import perks, sanctions, tier

__all__ = ["CircleError", "Measured", "Result", "SameIdError", "least", "most", "reference"]

Measured = tuple[int, int] | str | None
"""A measure: numerator and denominator as counted, a label, or nothing."""


@dataclass(frozen=True, slots=True)
class Result:
    """One person's score, and all that it is made of.

    Attributes:
        points: whole points by factor, in the policy's order.
        measures: by factor, what was measured.
        used: by factor, (`source`, `id`) of the events that the measure used, in order (see `section_3_measures`).
        bounds: what the holding changed: `bounds.<dimension>` for each dimension, and `bounds`.
        lists: by list that the person is on, its `since`.
        sanctions: by sanction that is due, `noticed` or `in_force`.
    """

    person: str
    score: int | None
    own_score: int | None
    tier: str | None
    base: int
    points: Mapping[str, int]
    measures: Mapping[str, Measured]
    used: Mapping[str, list[Key]]
    bounds: Mapping[str, int]
    reasons: list[str]
    lists: Mapping[str, int]
    perks: list[str]
    sanctions: Mapping[str, str]

    @property
    def adds_up_to(self) -> int:
        """Sum what section 4 says is always the score: base, every factor, every bound."""
        return self.base + sum(self.points.values()) + sum(self.bounds.values())


def reference(
    policy: Mapping[str, Any],
    events: Iterable[Mapping[str, Any]],
    *,
    as_of: int,
    recorded_by: int | None = None,
    people: Sequence[str] | None = None,
    ties: Iterable[Mapping[str, Any]] = (),
    notices: Mapping[tuple[str, str], int] | None = None,
    friends: Friends = (),
) -> dict[str, Result]:
    """Score everyone, plainly.

    Args:
        policy: the plain mapping of a checked document; its numbers are ints and Decimals.
        events: rows of section 1, in any order; `time` and `recorded` in microseconds since 1970 (UTC).
        as_of: the moment of scoring, in microseconds likewise.
        recorded_by: what is recorded later is not read, nor what has no `recorded`; without it, all is read.
        people: the people table's column; without it, everyone whom any event names.
        ties: rows of `a`, `b`, `since`, `until`, `kind`.
        notices: by (person, sanction), when notice was given earlier.
        friends: for policy cases (section 8): own score and kind of ties that everyone scored has beside `ties`.

    Returns:
        One result per person of the population, ordered by the UTF-8 bytes of the person.

    Raises:
        SameIdError: one source and id came with two contents.
        CircleError: corrections go in a circle.
    """
    known = once(events)
    own_events: dict[str, list[Event]] = {person: [] for person in population(known, people)}
    for event in read(known, policy, as_of, recorded_by):
        if event["person"] in own_events:
            own_events[event["person"]].append(event)
    alone = {person: look_at(policy, theirs, as_of) for person, theirs in own_events.items()}
    own_scores = {person: own_score(policy, one) for person, one in alone.items()}
    joined = friends_of(ties, own_scores, as_of)
    return {
        person: conclude(
            policy,
            person,
            alone[person],
            friends=[*joined[person], *friends],
            as_of=as_of,
            given={sanction: moment for (whom, sanction), moment in (notices or {}).items() if whom == person},
        )
        for person in alone
    }


def conclude(
    policy: Mapping[str, Any], person: str, alone: Alone, *, friends: Friends, as_of: int, given: Mapping[str, int]
) -> Result:
    """Bring one person's events and ties to a score, and the score to a standing.

    "where a measure is nothing or below its `min`, the person has no score: `score`, `own_score` and `tier` are null …
    The contributions are given all the same."
    """
    readings = with_ties(policy, alone.readings, friends)
    total = add_up(policy, give(policy, readings))
    score = total.score if alone.has_enough else None
    tier_name = tier(policy, score, alone.lists)
    return Result(
        person=person,
        score=score,
        own_score=own_score(policy, alone),
        tier=tier_name,
        base=int(policy["score"]["base"]),
        points=total.points,
        measures={name: reading.label or reading.fraction for name, reading in readings.items()},
        used={name: [key(event) for event in reading.used] for name, reading in readings.items()},
        bounds=total.bounds,
        reasons=reasons(policy, total.points),
        lists={name: on.since for name, on in alone.lists.items()},
        perks=perks(policy, score, tier_name, alone.lists),
        sanctions=sanctions(policy, score, alone.lists, as_of, given),
    )
