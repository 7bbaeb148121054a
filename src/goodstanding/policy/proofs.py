"""The cases of a policy document: events in, expected standing out (specification section 8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from goodstanding.document.kinds import (
    STRING,
    TYPE,
    Known,
    ListOf,
    MappingOf,
    Moment,
    Nullable,
    OneOf,
    Unread,
    Whole,
    Words,
)
from goodstanding.document.nodes import Findings, Node
from goodstanding.document.shapes import Key, Shape, Values
from goodstanding.filters import Event
from goodstanding.limits import GREATEST_VALUE
from goodstanding.policy.model import Case

COLUMNS: Final = (
    "id",
    "source",
    "type",
    "person",
    "time",
    "amount",
    "value",
    "label",
    "party",
    "matter",
    "recorded",
    "replaces",
)

NUMBER: Final = Nullable(Whole(-GREATEST_VALUE, GREATEST_VALUE))
WORD: Final = Nullable(STRING)


def _retracted_replaces(node: Node, values: Values, findings: Findings) -> None:
    if values.get("type") == "retracted" and values.get("replaces") is None:
        findings.fault(node.mapping["type"], "a 'retracted' that replaces nothing", "replaces: the id that it removes")


EVENT: Final = Shape(
    "an event",
    lambda **values: values,
    (
        Key("id", STRING, "Filled in where it is left out."),
        Key("source", STRING, "Filled in where it is left out."),
        Key("type", TYPE, "Any type; those outside the catalogue are not read.", required=True),
        Key("person", STRING, "Filled in where it is left out."),
        Key("time", Moment(), "When it happened.", required=True),
        Key("amount", NUMBER, "Money, in the minor unit of the type."),
        Key("value", NUMBER, "A whole number, in the unit of the type."),
        Key("label", WORD, "A category."),
        Key("party", WORD, "The other side."),
        Key("matter", WORD, "The loan, contract, court case or ticket."),
        Key("recorded", Nullable(Moment()), "When it reached the record."),
        Key("replaces", WORD, "The id of an event of the same source which this one corrects."),
    ),
    rules=(_retracted_replaces,),
)


SOURCE: Final = "case"
PERSON: Final = "person"
"""What `source` and `person` are filled in with where no event of the case says them."""


def _same_id_same_content(node: Node, findings: Findings) -> None:
    """(`source`, `id`) twice with other content is an error (specification section 1).

    Compared is what is read, not what is written: one instant may be written in two zones, and what is left out is
    filled in. Events at fault have been told of already.
    """
    read = [(item, EVENT.read(item, Findings(findings.file))) for item in node.items if not _is_faulty(item)]
    events = [(item, event) for item, event in read if not isinstance(event, Unread)]
    person = next((event.get("person", PERSON) for _, event in events), PERSON)
    seen: dict[tuple[str, str], tuple[int, Values]] = {}
    for item, event in ((item, event) for item, event in events if "id" in event):
        content = {**_defaults(person), **event, "recorded": None}
        line, first = seen.setdefault((content["source"], content["id"]), (item.line, content))
        if first != content:
            found = f"the id {event['id']!r} has other content than in line {line}"
            findings.fault(item.mapping["id"], found, "the same event, or another id")


def _is_faulty(item: Node) -> bool:
    return item.bad or any(value.bad for value in item.mapping.values())


def _defaults(person: str) -> dict[str, Any]:
    return {**dict.fromkeys(COLUMNS), "source": SOURCE, "person": person}


TIE: Final = Shape(
    "a tie",
    lambda own_score, kind=None: {"own_score": own_score, "kind": kind},
    (
        Key("own_score", Whole(), "The own score of the one to whom the person is tied.", required=True),
        Key("kind", WORD, "The kind of tie."),
    ),
)

CONTRIBUTIONS: Final = MappingOf(Known("contribution"), Whole(), "a mapping from factor to points")

EXPECT: Final = Shape(
    "an outcome",
    lambda **values: values,
    (
        Key("score", Nullable(Whole()), "The score; null: none."),
        Key("points", CONTRIBUTIONS, "What factors and bounds give, by the names of their columns."),
        Key("tier", Nullable(Known("tier")), "The tier; null: none."),
        Key("lists", ListOf(Known("list")), "The lists that the person is on."),
        Key("perks", ListOf(Known("perk")), "The perks that are open."),
        Key(
            "sanctions",
            MappingOf(Known("sanction"), OneOf(("noticed", "in_force")), "a mapping from sanction to state"),
            "The sanctions that are due.",
        ),
        Key("reasons", ListOf(Known("reason")), "The codes of the reasons, greatest loss first."),
    ),
)

CASE_NAME: Final = Words(r"[^\x00-\x1f\x7f-\x9f]+", "a name in words", longest=1_000)


def _case(
    *,
    expect: Mapping[str, Any],
    events: tuple[Mapping[str, Any], ...] = (),
    ties: tuple[Mapping[str, Any], ...] = (),
    **values: Any,
) -> Case:
    person = events[0].get("person", PERSON) if events else PERSON
    return Case(**values, person=person, events=filled_in(events, person), ties=ties, expect=expect)


CASE: Final = Shape(
    "a case",
    _case,
    (
        Key("name", CASE_NAME, "What it shows; unique.", required=True),
        Key("as_of", Moment(), "The moment for which the score is computed.", required=True),
        Key("events", ListOf(EVENT, rules=(_same_id_same_content,)), "The person's events."),
        Key("ties", ListOf(TIE), "The ties that the person has."),
        Key("expect", EXPECT, "What must come out; any part may be left out.", required=True),
    ),
    knows_line=True,
)


def filled_in(events: tuple[Mapping[str, Any], ...], person: str) -> tuple[Event, ...]:
    """The events with all columns; ids that were left out count up, past those that were given."""
    given = {event["id"] for event in events if "id" in event}
    free = (str(number) for number in range(1, len(events) + len(given) + 1))
    ids = (number for number in free if number not in given)
    return tuple({**_defaults(person), "id": event.get("id") or next(ids), **event} for event in events)
