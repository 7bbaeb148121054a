"""Specification section 4, read plainly: from points to dimensions, bounds, own scores, ties, scores and reasons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from goodstanding.reference.section_1_events import Event
from goodstanding.reference.section_3_measures import Reading, number, read_measure, read_ties, whole
from goodstanding.reference.section_3_points import held, most, points
from goodstanding.reference.section_5_lists import OnList, on_lists

MOST_REASONS = 4

Friends = Sequence[tuple[int, str | None]]
"""A person's ties that count: for each, the other's own score and the tie's kind."""


@dataclass(frozen=True, slots=True)
class Alone:
    """What one person's events say, before anyone else is looked at."""

    events: Sequence[Event]
    lists: Mapping[str, OnList]
    readings: Mapping[str, Reading]
    has_enough: bool


@dataclass(frozen=True, slots=True)
class Sum:
    """Points by factor, what the holding changed by bound, and the score as held."""

    points: Mapping[str, int]
    bounds: Mapping[str, int]
    score: int


def look_at(policy: Mapping[str, Any], events: Sequence[Event], as_of: int) -> Alone:
    """Read all that one person's events say: lists, all measures but `ties`, and whether there is enough to go on."""
    lists = on_lists(policy, events, as_of)
    readings = {}
    for factor in policy["factors"]:
        measure = factor["measure"]
        if measure["kind"] == "on_list":
            readings[factor["name"]] = read_on_list(measure, lists)
        elif measure["kind"] != "ties":
            readings[factor["name"]] = read_measure(measure, factor.get("window"), events, as_of)
    return Alone(events, lists, readings, is_enough(policy["score"].get("requires", ()), events, as_of))


def read_on_list(measure: Mapping[str, Any], lists: Mapping[str, OnList]) -> Reading:
    """`on_list`: 1 if the person is on it (section 5), else 0."""
    on = lists.get(measure["list"])
    return whole(1, on.opened_by) if on else whole(0, ())


def is_enough(requires: Iterable[Mapping[str, Any]], events: Sequence[Event], as_of: int) -> bool:
    """Say whether there is "enough to go on": no measure of `requires` "is nothing or below its `min`"."""
    for required in requires:
        reading = read_measure(required["measure"], required.get("window"), events, as_of)
        if reading.is_nothing or reading.exact < number(required["min"]):
            return False
    return True


def add_up(policy: Mapping[str, Any], given: Mapping[str, int]) -> Sum:
    """Add up points to a score.

    1. "*Dimension*: the sum of its factors' points, held within its `min` and `max` (both optional)."
    2. "*Score*: `base` + all dimensions, held within `score.min` and `score.max`."

    "What the holding changes is a contribution too: `bounds.<dimension>` for each dimension, and `bounds` for the whole
    (0 where nothing was held)."
    """
    bounds: dict[str, int] = {}
    total = int(policy["score"]["base"])
    for dimension in policy["dimensions"]:
        own_factors = [one["name"] for one in policy["factors"] if one["dimension"] == dimension["name"]]
        plain = sum(given.get(name, 0) for name in own_factors)
        within = held(plain, dimension.get("min"), dimension.get("max"))
        bounds[f"bounds.{dimension['name']}"] = within - plain
        total += within
    score = held(total, policy["score"]["min"], policy["score"]["max"])
    bounds["bounds"] = score - total
    return Sum(given, bounds, score)


def give(policy: Mapping[str, Any], readings: Mapping[str, Reading]) -> dict[str, int]:
    """Give the points of every factor that has been read, in the policy's order."""
    return {
        factor["name"]: points(factor["points"], readings[factor["name"]])
        for factor in policy["factors"]
        if factor["name"] in readings
    }


def own_score(policy: Mapping[str, Any], alone: Alone) -> int | None:
    """Give the own score, or null without enough to go on.

    "the score computed from all factors but those of kind `ties` (dimensions and bounds applied as above)."
    """
    return add_up(policy, give(policy, alone.readings)).score if alone.has_enough else None


def friends_of(
    ties: Iterable[Mapping[str, Any]], own_scores: Mapping[str, int | None], as_of: int
) -> dict[str, list[tuple[int, str | None]]]:
    """Give everyone's ties that count at `as_of`, as the other's own score and the kind.

    "`a`, `b`, `since`, `until` (null: still), `kind` (string, null is a kind of its own). It has no direction; it
    counts when `since` ≤ `as_of` < `until`. The same pair and kind twice counts once; two persons joined by two kinds
    have two ties. A tie to oneself or to someone outside the population does not count; a person without an own score
    does not count for others, and keeps their own ties."
    """
    friends: dict[str, list[tuple[int, str | None]]] = {person: [] for person in own_scores}
    for pair, kind in {pair_and_kind(tie) for tie in ties if counts_at(tie, as_of)}:
        one, other = pair
        if one == other or one not in own_scores or other not in own_scores:
            continue
        for person, friend in ((one, other), (other, one)):
            friends_score = own_scores[friend]
            if friends_score is not None:
                friends[person].append((friends_score, kind))
    return friends


def pair_and_kind(tie: Mapping[str, Any]) -> tuple[tuple[str, str], str | None]:
    """Give what makes a tie one and the same: the pair, in no direction, and the kind."""
    return (min(tie["a"], tie["b"]), max(tie["a"], tie["b"])), tie.get("kind")


def counts_at(tie: Mapping[str, Any], as_of: int) -> bool:
    """Say whether a tie counts: "`since` ≤ `as_of` < `until`"."""
    until = tie.get("until")
    return bool(tie["since"] <= as_of and (until is None or as_of < until))


def with_ties(policy: Mapping[str, Any], readings: Mapping[str, Reading], friends: Friends) -> dict[str, Reading]:
    """Read the `ties` factors beside the others: "A `ties` factor reads others' own scores, never final ones"."""
    return {
        factor["name"]: readings.get(factor["name"]) or read_ties(factor["measure"], friends)
        for factor in policy["factors"]
    }


def reasons(policy: Mapping[str, Any], given: Mapping[str, int]) -> list[str]:
    """Give the reasons: "the codes of the factors with a `reason` and a loss above 0".

    "at most four, greatest loss first, in the policy's order where equal; a code that several factors have is given
    once, for the greatest of their losses." So a code has the place of the factor that lost most under it.
    """
    losses = [
        (most(factor["points"], factor["measure"]) - given[factor["name"]], factor["reason"]["code"])
        for factor in policy["factors"]
        if "reason" in factor
    ]
    greatest_first = sorted((one for one in losses if one[0] > 0), key=lambda one: -one[0])  # keeps order where equal
    return list(dict.fromkeys(code for _, code in greatest_first))[:MOST_REASONS]
