"""The parts of a policy document: for each, its keys, what they are, and what is made of them.

The reader, the check and the documentation of the format all walk these tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from goodstanding.document.kinds import (
    NAME,
    STRING,
    TEXT,
    TYPE,
    Exact,
    Known,
    ListOf,
    OneOf,
    Span,
    Text,
    Unread,
    Whole,
    Words,
)
from goodstanding.document.nodes import Findings, Node
from goodstanding.document.shapes import Key, Shape
from goodstanding.filters import FILTER
from goodstanding.limits import LONGEST_SPAN_DAYS
from goodstanding.measures import MEASURE
from goodstanding.points import POINTS_KIND
from goodstanding.policy.model import (
    Announcement,
    Dimension,
    EventType,
    Factor,
    ListRule,
    Perk,
    Reason,
    Refresh,
    Related,
    Requirement,
    Sanction,
    Source,
    Tier,
    Window,
)
from goodstanding.policy.rules import (
    announcement_blanks,
    calendar_for_working_days,
    labels_go_with_labels,
    needs,
    no_column_of_ours,
    no_retracted,
    no_window_outside_events,
    numbers_of_events,
    ordered,
    sentence_blanks,
    some_of,
    to_before_from,
)

ADDRESS: Final = Words(r"https?://\S+", "an address that begins with http:// or https://", longest=2_000)
SOURCE: Final = Shape(
    "a source",
    Source,
    (
        Key("title", TEXT, "What it is; `assumption: …` where a rule has no source."),
        Key("url", ADDRESS, "Where it is."),
    ),
    rules=(some_of("title", "url"),),
)
SOURCES: Final = Key("sources", ListOf(SOURCE), "Where this comes from.")

DIMENSION: Final = Shape(
    "a dimension",
    Dimension,
    (
        Key("name", NAME, "What factors call it by; unique.", required=True),
        Key("title", TEXT, "What people call it.", required=True),
        Key("min", Whole(), "The least that its factors give together.", into="least"),
        Key("max", Whole(), "The most that its factors give together.", into="most"),
    ),
    rules=(ordered("min", "max"),),
)

EVENT_TYPE: Final = Shape(
    "a type of the catalogue",
    EventType,
    (
        Key("type", TYPE, "Lower-case words joined by dots; unique.", required=True),
        Key("title", TEXT, "What happened, in words.", required=True),
        Key("context", STRING, "The walk of life in which it arises: finance, rail, court, housing, …"),
        Key("amount", TEXT, "What `amount` holds: a currency and its minor unit."),
        Key("value", TEXT, "What `value` holds, with its unit."),
        Key("sensitivity", OneOf(("ordinary", "financial", "special")), "How much it says of a person.", required=True),
    ),
    rules=(no_retracted,),
)

WINDOW_BETWEEN: Final = Shape(
    "a window",
    Window,
    (
        Key("from", Span(), "It begins so long before `as_of`, excluded.", required=True, into="from_days"),
        Key("to", Span(), "It ends so long before `as_of`, included.", required=True, into="to_days"),
    ),
    rules=(to_before_from,),
)


@dataclass(frozen=True, slots=True)
class Windows:
    """The kind of value that is a window: a span up to `as_of`, or from one to another."""

    expected: str = "whole days such as 730d, or {from: 730d, to: 365d}"

    def read(self, node: Node, findings: Findings) -> Window | Unread:
        """The window."""
        if isinstance(node.value, dict):
            return WINDOW_BETWEEN.read(node, findings)
        days = Span().read(node, findings)
        return days if isinstance(days, Unread) else Window(days)


WINDOW: Final = Key("window", Windows(), "Only events of this time; all without it. Not with `on_list` and `ties`.")

CODE: Final = Words(r"[A-Za-z0-9_.-]+", "a code of letters, digits, _ . and -")
REASON: Final = Shape(
    "a reason",
    lambda code, text=None: (code, text),
    (
        Key("code", CODE, "Short, such as R1.", required=True),
        Key("text", TEXT, "Why points were lost; the factor's title where it is left out."),
    ),
)


def _factor(*, title: Text, reason: tuple[str, Text | None] | None = None, **values: Any) -> Factor:
    told = None if reason is None else Reason(reason[0], reason[1] or title)
    return Factor(title=title, reason=told, **values)


FACTOR: Final = Shape(
    "a factor",
    _factor,
    (
        Key("name", NAME, "Its column in the scores; unique.", required=True),
        Key("dimension", Known("dimension"), "The dimension to which it gives.", required=True),
        Key("title", TEXT, "What people call it.", required=True),
        Key("measure", MEASURE, "The number that it reads off a person's events.", required=True),
        WINDOW,
        Key("points", POINTS_KIND, "What it gives for that number.", required=True),
        Key("reason", REASON, "What is told where it gave less than it could."),
        SOURCES,
        Key("sentence", TEXT, "How it is explained; each kind of measure has a sentence of its own."),
    ),
    rules=(no_column_of_ours, no_window_outside_events, labels_go_with_labels, sentence_blanks),
)

REQUIREMENT: Final = Shape(
    "a requirement",
    Requirement,
    (
        Key("measure", MEASURE, "As in a factor; not `on_list`, `ties` or a label.", required=True),
        Key("min", Exact(), "With less there is no score.", required=True, into="least"),
        WINDOW,
    ),
    rules=(numbers_of_events,),
)

SCORE: Final = Shape(
    "the score",
    lambda requires=(), **values: {"requires": requires, **values},
    (
        Key("base", Whole(), "Where everyone begins.", required=True),
        Key("min", Whole(), "The least score.", required=True, into="least"),
        Key("max", Whole(), "The greatest score.", required=True, into="most"),
        Key("requires", ListOf(REQUIREMENT), "Enough to go on: without these there is no score."),
    ),
    rules=(ordered("min", "base"), ordered("base", "max"), ordered("min", "max")),
)

LIST: Final = Shape(
    "a list",
    ListRule,
    (
        Key("name", NAME, "What tiers, perks, sanctions and factors call it by; unique.", required=True),
        Key("title", TEXT, "What people call it.", required=True),
        Key("opened", FILTER, "The events that put a person on it.", required=True),
        Key("closed", FILTER, "The events that take a person off it."),
        Key("closed_after", Span(0), "So long after such an event; at once without it.", into="closed_after_days"),
        Key("expires", Span(), "So long after the last event that opened it; never without it.", into="expires_days"),
        Key("times", Whole(2), "How many opening events it takes."),
        Key("within", Span(), "Within how long.", into="within_days"),
        Key("key", OneOf(("matter", "party")), "Followed apart for each value of this column."),
        SOURCES,
    ),
    rules=(needs("times", "within"), needs("within", "times"), needs("closed_after", "closed")),
)

TIER: Final = Shape(
    "a tier",
    Tier,
    (
        Key("name", NAME, "Unique.", required=True),
        Key("title", TEXT, "What people call it.", required=True),
        Key("from", Whole(), "The score at which it begins; the first has none.", into="least"),
        Key("not_on", ListOf(Known("list")), "Not for those on these lists; the first has none."),
    ),
)

PERK_WHEN: Final = Shape(
    "a condition",
    lambda **values: values,
    (
        Key("score", Whole(), "The least score.", into="least"),
        Key("tiers", ListOf(Known("tier"), least=1), "One of these tiers."),
        Key("not_on", ListOf(Known("list"), least=1), "On none of these lists."),
    ),
    rules=(some_of("score", "tiers", "not_on"),),
)

PERK: Final = Shape(
    "a perk",
    lambda when, **values: Perk(**values, **when),
    (
        Key("name", NAME, "Unique.", required=True),
        Key("title", TEXT, "What people call it.", required=True),
        Key("context", STRING, "The walk of life in which it is given."),
        Key("giver", TEXT, "Who gives it.", required=True),
        Key("when", PERK_WHEN, "All given conditions hold; at least one.", required=True),
    ),
)

SANCTION_WHEN: Final = Shape(
    "a condition",
    lambda **values: values,
    (
        Key("on", ListOf(Known("list"), least=1), "On any of these lists."),
        Key("below", Whole(), "Or with a score under this."),
    ),
    rules=(some_of("on", "below"),),
)

SANCTION: Final = Shape(
    "a sanction",
    lambda when, **values: Sanction(**values, **when),
    (
        Key("name", NAME, "Unique.", required=True),
        Key("title", TEXT, "What people call it.", required=True),
        Key("context", STRING, "The walk of life in which it acts."),
        Key("actions", ListOf(STRING), "What is refused.", required=True),
        Key("when", SANCTION_WHEN, "One or both.", required=True),
        Key("notice", Span(0), "It is in force so long after it is due; at once without it.", into="notice_days"),
        Key(
            "notice_working_days",
            Whole(0, LONGEST_SPAN_DAYS),
            "As well; the later end will count in a home and in the laboratory, a score reads `notice` alone. "
            "Needs `notice` and a calendar.",
        ),
        Key("remedy", TEXT, "What ends it."),
        SOURCES,
    ),
    rules=(needs("notice_working_days", "notice"), calendar_for_working_days),
)

RELATED: Final = Shape(
    "a relation",
    Related,
    (
        Key("from", STRING, "What is earned in this walk of life …", required=True, into="earned_in"),
        Key("to", STRING, "… may decide in this one.", required=True, into="decides_in"),
        Key("why", TEXT, "Why so."),
        SOURCES,
    ),
)

REFRESH: Final = Shape(
    "a refresh",
    Refresh,
    (Key("day_of_month", Whole(1, 28), "The day on which scores are computed anew.", required=True),),
)

ANNOUNCEMENT: Final = Shape(
    "an announcement",
    Announcement,
    (
        Key("name", NAME, "Unique.", required=True),
        Key("place", STRING, "Where it is said.", required=True),
        Key("text", TEXT, "With {NAME.title}, {NAME.points}, {NAME.remedy}, {NAME.notice}.", required=True),
        Key("factors", ListOf(Known("factor")), "The factors of which it speaks."),
        Key("lists", ListOf(Known("list")), "The lists."),
        Key("sanctions", ListOf(Known("sanction")), "The sanctions."),
    ),
    rules=(announcement_blanks,),
)
