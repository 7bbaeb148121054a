"""Larger made-up worlds from a seed, without hypothesis: for benchmarks, and for tests of many people at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from goodstanding.testing.factors import KINDS
from goodstanding.testing.vocabulary import AS_OF, CATALOGUE, DAY, LABELS, MATTERS, PARTIES, SOURCES, TIE_KINDS

YEARS = 6 * 365
"""Days before `AS_OF` over which a seeded world spreads its events; a few come after it."""


@dataclass(frozen=True, slots=True)
class SeededWorld:
    """Made-up people, their events (every column of section 1) and their ties."""

    people: list[str]
    events: list[dict[str, Any]]
    ties: list[dict[str, Any]]


def seeded_world(seed: int, people: int, events_per_person: int, ties_per_person: int = 2) -> SeededWorld:
    """Make a world from a seed; the same arguments give the same world.

    One event in fifty is a correction of another of its source, one in a hundred comes twice, fields are null one time
    in five. `events_per_person` is a mean: some have none, some twice as many.
    """
    random = Random(seed)  # noqa: S311  # made-up data, not a secret
    names = [f"resident-{number:07}" for number in range(people)]
    events = [
        event
        for number, name in enumerate(names)
        for event in a_life(random, name, number, random.randint(0, 2 * events_per_person))
    ]
    doubles = random.sample(events, len(events) // 100)
    events += [{**event, "recorded": AS_OF} for event in doubles]
    random.shuffle(events)
    return SeededWorld(names, events, list(some_ties(random, names, ties_per_person)))


def a_life(random: Random, person: str, number: int, count: int) -> Iterator[dict[str, Any]]:
    """Make the events of one person, in any order."""
    own: list[dict[str, Any]] = []
    for place in range(count):
        event = an_event(random, person, f"{number}-{place}")
        if own and random.random() < 0.02:  # noqa: PLR2004  # one in fifty
            corrected = random.choice(own)
            event |= {"source": corrected["source"], "replaces": corrected["id"]}
            event["type"] = random.choice((event["type"], "retracted"))
        own.append(event)
    yield from own


def an_event(random: Random, person: str, id_: str) -> dict[str, Any]:
    """Make one event that corrects none."""
    time = AS_OF - random.randint(-30, YEARS) * DAY + random.choice((0, 0, random.randint(0, DAY - 1)))
    return {
        "id": id_,
        "source": random.choice(SOURCES),
        "type": random.choice(CATALOGUE)["type"],
        "person": person,
        "time": time,
        "amount": maybe(random, random.randint(-1_000, 500_000)),
        "value": maybe(random, random.randint(-5, 60)),
        "label": maybe(random, random.choice(LABELS)),
        "party": maybe(random, random.choice(PARTIES)),
        "matter": maybe(random, random.choice(MATTERS)),
        "recorded": maybe(random, time + random.randint(0, 30) * DAY),
        "replaces": None,
    }


def maybe(random: Random, found: Any) -> Any:  # any column's value
    """Leave out one in five."""
    return None if random.random() < 0.2 else found  # noqa: PLR2004  # one in five


def some_ties(random: Random, names: list[str], per_person: int) -> Iterator[dict[str, Any]]:
    """Make ties between anyone and anyone, some ended, some not begun, some to oneself."""
    for name in names:
        for _ in range(per_person):
            since = AS_OF - random.randint(-30, YEARS) * DAY
            yield {
                "a": name,
                "b": random.choice(names),
                "since": since,
                "until": random.choice((None, None, since + random.randint(1, YEARS) * DAY)),
                "kind": random.choice((None, *TIE_KINDS)),
            }


# --- A policy that reads such a world ---------------------------------------------------------------------------------


def wide_policy(factors: int = 30) -> dict[str, Any]:
    """Make a synthetic policy of so many factors, of all kinds of measure in turn, over a seeded world's types."""
    return {
        "goodstanding": 1,
        "name": "wide",
        "version": "1",
        "title": "A policy of every kind",
        "world": "synthetic",
        "score": {"base": 550, "min": 350, "max": 950},
        "dimensions": [
            {"name": "history", "title": "History", "min": -150, "max": 200},
            {"name": "rest", "title": "Rest"},
        ],
        "catalogue": [dict(one) for one in CATALOGUE],
        "lists": [
            {"name": "plain", "title": "Plain", "opened": "rail.smoking", "closed": "rail.ticket.*", "expires": "180d"},
            {"name": "debt", "title": "Debt", "opened": "loan.opened", "closed": "loan.repaid", "key": "matter"},
            {
                "name": "often",
                "title": "Often",
                "opened": "bill.missed",
                "closed": "bill.paid",
                "closed_after": "90d",
                "times": 2,
                "within": "365d",
            },
        ],
        "factors": [a_factor(number) for number in range(factors)],
        "tiers": [{"name": "low", "title": "Low"}, {"name": "high", "title": "High", "from": 560, "not_on": ["often"]}],
        "perks": [{"name": "perk", "title": "Perk", "giver": "A made-up giver", "when": {"score": 600}}],
        "sanctions": [
            {"name": "bar", "title": "Bar", "actions": ["rail.buy_ticket"], "notice": "30d", "when": {"on": ["plain"]}}
        ],
    }


def a_factor(number: int) -> dict[str, Any]:
    """Make the factor of this number: kinds take turns, and so do types, windows and points."""
    kind = KINDS[number % len(KINDS)]
    some, other = CATALOGUE[number % len(CATALOGUE)]["type"], CATALOGUE[(number * 3 + 1) % len(CATALOGUE)]["type"]
    measure = {"kind": kind, **parameters_of(kind, some, other, number)}
    factor = {
        "name": f"{kind}_{number}",
        "dimension": "history" if number % 2 else "rest",
        "title": f"Factor {number}",
        "measure": measure,
        "points": points_of(measure, number),
        "reason": {"code": f"R{number}", "text": f"Reason {number}"},
    }
    if number % 3 and kind not in ("on_list", "ties"):
        factor["window"] = "730d" if number % 2 else {"from": "1460d", "to": "90d"}
    return factor


def parameters_of(kind: str, some: str, other: str, number: int) -> Mapping[str, Any]:
    """Give a kind its parameters; each time that its turn comes, others."""
    turn, field = number // len(KINDS), ("amount", "value")[number % 2]
    both = {"type": [some, other]}
    of_field = {"of": both, "field": field}
    parameters: Mapping[str, Mapping[str, Any]] = {
        "sum": of_field,
        "mean": of_field,
        "min": of_field,
        "max": of_field,
        "latest": {"of": both, "field": ("label", "value")[turn % 2]},
        "distinct": {"of": both, "field": ("party", "matter", "source")[turn % 3]},
        "share": {"among": both, "of": {"value": {"max": 0}}},
        "ratio": {"of": some, "to": other, "field": "amount", "take": ("sum", "latest")[turn % 2]},
        "streak": {"among": both, "of": {"value": {"max": 30}}},
        "decayed": {"of": both, "half_life": "90d"},
        "on_list": {"list": ("plain", "debt", "often")[turn % 3]},
        "ties": {"take": ("mean", "count", "max", "min")[turn % 4]},
    }
    return parameters.get(kind, {"of": both})


def points_of(measure: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Give a measure its points: labels for a label, else bands and each in turn."""
    if measure.get("field") == "label" and measure["kind"] == "latest":
        return {"labels": {"games": -10, "bachelor": 20}, "other": 1, "none": -2}
    if number % 2:
        return {"each": {"points": 3 - number % 7, "per": 1 + number % 5, "min": -40, "max": 40}, "none": -1}
    return {"bands": [{"points": -20}, {"from": 1, "points": -5}, {"from": 3 + number, "points": 15}], "none": -7}
