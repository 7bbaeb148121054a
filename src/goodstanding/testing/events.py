"""Strategies for what a policy is applied to: events, people, ties, moments, and all of it together with a policy."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import floor
from typing import Any

from hypothesis import strategies as st

from goodstanding.reference import Result, reference
from goodstanding.testing.policies import Document, many, policies
from goodstanding.testing.vocabulary import (
    AS_OF,
    DAY,
    EARLIEST,
    FIELD_LIMIT,
    LABELS,
    LATEST,
    MATTERS,
    PARTIES,
    PEOPLE,
    SOURCES,
    STRANGER,
    TIE_KINDS,
    UNKNOWN_TYPES,
)
from goodstanding.testing.written import as_iso

Row = dict[str, Any]
"""One event with every column of specification section 1; `time` and `recorded` in microseconds since 1970."""

RECORDED = (None, AS_OF - 7 * DAY, AS_OF - 1, AS_OF, AS_OF + DAY)
"""When drawn events reach the record; each is drawn as `recorded_by` too."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """A drawn policy and all that it is applied to."""

    document: Document
    events: Sequence[Row]
    ties: Sequence[Row] = ()
    people: Sequence[str] | None = None
    as_of: int = AS_OF
    recorded_by: int | None = None
    notices: Mapping[tuple[str, str], int] | None = None

    def results(self) -> dict[str, Result]:
        """Score it by the plain reading of the specification."""
        return reference(
            self.document,
            self.events,
            as_of=self.as_of,
            recorded_by=self.recorded_by,
            people=self.people,
            ties=self.ties,
            notices=self.notices,
        )


def walk(found: object) -> Iterator[Any]:
    """Go through every value in a document, however deep."""
    if isinstance(found, Mapping):
        for one in found.values():
            yield from walk(one)
    elif isinstance(found, Sequence) and not isinstance(found, str):
        for one in found:
            yield from walk(one)
    else:
        yield found


def spans_of(document: Document) -> list[int]:
    """Give the spans that a document names, in days, and none."""
    spans = {one for one in walk(document) if isinstance(one, str) and re.fullmatch(r"\d+d", one)}
    return sorted({0, *(int(one[:-1]) for one in spans)})


def edges_of(document: Document) -> list[int]:
    """Give whole numbers on and next to those that a document names, and the greatest and least allowed."""
    rules = [document["factors"], document.get("lists", []), document["score"].get("requires", [])]
    named = [floor(one) for one in walk(rules) if not isinstance(one, str | bool)]
    near = {number + step for number in named for step in (-1, 0, 1)}
    return sorted({-FIELD_LIMIT, 0, 1, FIELD_LIMIT, *(number for number in near if abs(number) <= FIELD_LIMIT)})


def times(document: Document, as_of: int) -> st.SearchStrategy[int]:
    """Draw a time one or two of the document's spans before `as_of`, to the microsecond or one beside it, or later."""
    spans = st.sampled_from(spans_of(document))
    edges = st.builds(lambda one, other, beside: as_of - (one + other) * DAY + beside, spans, spans, beside())
    late = st.sampled_from((as_of + 1, as_of + DAY))
    plain = st.integers(0, 12).map(lambda halves: as_of - halves * DAY // 2)
    return st.one_of(edges, edges, plain, plain, late).map(lambda time: max(EARLIEST, min(time, LATEST - 1)))


@cache
def beside() -> st.SearchStrategy[int]:
    """Draw nothing, mostly, or a microsecond either way."""
    return st.sampled_from((0, 0, 0, -1, 1))


@cache
def nullable(values: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    """Draw one of these or, one time in four, null."""
    return st.one_of(st.sampled_from(values), st.sampled_from(values), st.sampled_from(values), st.none())


@st.composite
def events(
    draw: st.DrawFn,
    document: Document,
    *,
    as_of: int = AS_OF,
    people: Sequence[str] = PEOPLE,
    least: int = 0,
    most: int = 24,
) -> list[Row]:
    """Draw valid events that collide: at the policy's edges, corrected, retracted, doubled, late, and of unknown types.

    They come in any order. No source uses an id for two contents, and no corrections go in a circle.
    """
    drawn = draw(many(row_of(document, as_of, people), least, most))
    for number, row in enumerate(drawn):
        row["id"] = f"e{number * 7 % 101}"  # not in the order of drawing
    corrected = [correct(draw, row, drawn[:place]) for place, row in enumerate(drawn)]
    copies = draw(st.lists(st.sampled_from(corrected), max_size=3)) if corrected else []
    doubled = [{**row, "recorded": draw(st.sampled_from(RECORDED))} for row in copies]
    return draw(st.permutations(corrected + doubled))


def row_of(document: Document, as_of: int, people: Sequence[str]) -> st.SearchStrategy[Row]:
    """Draw one event that corrects none; whoever puts it among others gives it an id."""
    held = [one["type"] for one in document["catalogue"]]
    numbers = nullable(tuple(edges_of(document)))
    return st.fixed_dictionaries(
        {
            "id": st.just("e"),
            "source": st.sampled_from(SOURCES),
            "type": st.sampled_from(held * 4 + list(UNKNOWN_TYPES)),
            "person": st.sampled_from(people),
            "time": times(document, as_of),
            "amount": numbers,
            "value": numbers,
            "label": nullable(LABELS),
            "party": nullable(PARTIES),
            "matter": nullable(MATTERS),
            "recorded": st.sampled_from(RECORDED),
            "replaces": st.none(),
        }
    )


def correct(draw: st.DrawFn, row: Row, earlier: Sequence[Row]) -> Row:
    """Make one event in five a correction, of an earlier one or of an unknown id; sometimes it only removes."""
    if draw(st.integers(0, 4)):
        return row
    ids = [one["id"] for one in earlier if one["source"] == row["source"]]
    replaced = draw(st.sampled_from([*ids, *ids, "unknown"]))
    type_ = draw(st.sampled_from((row["type"], "retracted")))
    return {**row, "replaces": replaced, "type": type_}


def people_tables() -> st.SearchStrategy[list[str] | None]:
    """Draw no people table, or one that leaves some out and names someone without events."""
    return st.none() | st.lists(st.sampled_from((*PEOPLE, STRANGER)), unique=True)


def ties(as_of: int = AS_OF) -> st.SearchStrategy[list[Row]]:
    """Draw ties that begin and end at and beside `as_of`, doubled, turned round, to oneself and to strangers."""
    ends = st.sampled_from((*PEOPLE, STRANGER))
    begun = st.sampled_from((as_of - 30 * DAY, as_of - 30 * DAY, as_of - 1, as_of, as_of + 1))
    ended = st.sampled_from((None, None, as_of + 2, as_of + DAY, as_of))
    one = st.fixed_dictionaries({"a": ends, "b": ends, "since": begun, "until": ended, "kind": nullable(TIE_KINDS)})
    lasting = one.filter(lambda tie: tie["until"] is None or tie["since"] < tie["until"])
    return many(lasting, least=0, most=12)


def notices_for(document: Document, as_of: int = AS_OF) -> st.SearchStrategy[dict[tuple[str, str], int]]:
    """Draw notices that were given earlier, by person and sanction."""
    names = [one["name"] for one in document.get("sanctions", [])]
    if not names:
        return st.just({})
    given = st.sampled_from(spans_of(document)).map(lambda days: as_of - days * DAY)
    return st.dictionaries(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(names)), given, max_size=4)


@st.composite
def scorings(draw: st.DrawFn, world: str = "synthetic", *, at_limits: bool = False, most: int = 24) -> Scoring:
    """Draw a policy and all that it is applied to; what it comes to, `Scoring.results` says."""
    document = draw(policies(world, at_limits=at_limits))
    return Scoring(
        document,
        draw(events(document, most=most)),
        draw(ties()),
        draw(people_tables()),
        AS_OF,
        draw(st.sampled_from((None, *RECORDED))),
        draw(notices_for(document)),
    )


@st.composite
def shuffled(draw: st.DrawFn, scoring: Scoring) -> Scoring:
    """Draw the same question asked otherwise: rows in another order, doubled, ties turned round; nothing changes."""
    doubles = draw(st.lists(st.sampled_from(scoring.events), max_size=4)) if scoring.events else []
    turned = [{**tie, "a": tie["b"], "b": tie["a"]} if draw(st.booleans()) else tie for tie in scoring.ties]
    return replace(
        scoring,
        events=draw(st.permutations([*scoring.events, *doubles])),
        ties=draw(st.permutations(turned)),
    )


@st.composite
def splits(draw: st.DrawFn, rows: Sequence[Row], most: int = 3) -> list[list[Row]]:
    """Draw a way to spread rows over one to so many files; some may be empty."""
    places = [draw(st.integers(0, most - 1)) for _ in rows]
    return [[row for row, place in zip(rows, places, strict=True) if place == number] for number in range(most)]


# --- Cases ------------------------------------------------------------------------------------------------------------


@st.composite
def with_cases(draw: st.DrawFn, document: Document, *, least: int = 1, most: int = 2) -> Document:
    """Draw cases (section 8) that the policy passes, as the plain reading says, and add them to it."""
    count = draw(st.integers(least, most))
    return {**document, "cases": [draw(cases(document, f"case {number}")) for number in range(count)]}


@st.composite
def cases(draw: st.DrawFn, document: Document, name: str) -> Row:
    """Draw one case of one person; no two of its events have one time, so that ids filled in decide nothing."""
    rows = draw(events(document, people=("someone",), most=6))
    single = list({row["time"]: {**row, "recorded": None, "replaces": None} for row in rows}.values())
    told = [row for row in single if row["type"] != "retracted"]
    friends = draw(st.lists(st.tuples(st.integers(-1000, 1000), nullable(TIE_KINDS)), max_size=3))
    result = reference(document, told, as_of=AS_OF, people=["someone"], friends=friends)["someone"]
    left_out = {"id", "person", "recorded", "replaces"}
    return {
        "name": name,
        "as_of": as_iso(AS_OF),
        "events": [
            {
                key: found
                for key, found in {**row, "time": as_iso(row["time"])}.items()
                if found is not None and key not in left_out
            }
            for row in told
        ],
        **({"ties": [tie_of(own, kind) for own, kind in friends]} if friends else {}),
        "expect": expected(result),
    }


def tie_of(own_score: int, kind: str | None) -> Row:
    """Write a case's tie; without a kind it is of the null kind."""
    return {"own_score": own_score, **({} if kind is None else {"kind": kind})}


def expected(result: Result) -> Row:
    """Write all that a case may expect; a null score or tier is left out, "any part may be left out"."""
    numbers = {"score": result.score, "tier": result.tier}
    return {
        **{part: found for part, found in numbers.items() if found is not None},
        "points": dict(result.points),
        "lists": list(result.lists),
        "perks": result.perks,
        "sanctions": dict(result.sanctions),
        "reasons": result.reasons,
    }
