"""A whole policy document: its keys, the names that it declares, and the sums that it can come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, Final

from goodstanding.document.kinds import (
    STRING,
    TEXT,
    UNREAD,
    ListOf,
    OneOf,
    Span,
    Unread,
    Whole,
    Words,
)
from goodstanding.document.nodes import Findings, Node
from goodstanding.document.shapes import Key, Values, read_keys
from goodstanding.filters import prefixes
from goodstanding.limits import CALENDARS, LONGEST_STRING, MOST_POINTS
from goodstanding.policy.model import Dimension
from goodstanding.policy.parts import (
    ANNOUNCEMENT,
    DIMENSION,
    EVENT_TYPE,
    FACTOR,
    LIST,
    PERK,
    REFRESH,
    RELATED,
    SANCTION,
    SCORE,
    SOURCES,
    TIER,
)
from goodstanding.policy.proofs import CASE
from goodstanding.policy.rules import tiers_ascend, unique

GREATEST_SUM: Final = 8 * 10**18
"""What a sum may come to before it is held: with a bound of 10^18 on top it still fits into 64 bits."""


def _named(kind: Any, called: str, *, key: str = "name") -> ListOf[Any]:
    return ListOf(kind, rules=(unique(key, called),))


POLICY_NAME: Final = Words(r"[a-z0-9-]+", "a name of lower-case letters, digits and -")

POLICY_KEYS: Final = (
    Key("goodstanding", Whole(1, 1), "The version of the specification.", required=True),
    Key("name", POLICY_NAME, "What it is called by.", required=True),
    Key("version", STRING, 'In quotes, such as "2024.1".', required=True),
    Key("title", TEXT, "What people call it.", required=True),
    Key("about", TEXT, "What it is for."),
    Key("world", OneOf(("live", "synthetic")), "For real people, or for made-up ones only.", required=True),
    SOURCES,
    Key("score", SCORE, "Where the sum begins, and within what it is held.", required=True),
    Key("dimensions", _named(DIMENSION, "dimension"), "The groups of factors.", required=True),
    Key("catalogue", _named(EVENT_TYPE, "type", key="type"), "The types of event that it may read.", required=True),
    Key("lists", _named(LIST, "list"), "Lists that events open and close."),
    Key("factors", _named(FACTOR, "factor"), "The rules: a measure, and points for it.", required=True),
    Key("tiers", ListOf(TIER, rules=(unique("name", "tier"), tiers_ascend)), "The steps of the score, ascending."),
    Key("perks", _named(PERK, "perk"), "What is given for a standing."),
    Key("sanctions", _named(SANCTION, "sanction"), "What is refused, to whom, after what notice."),
    Key("related", ListOf(RELATED), "Walks of life of which one may decide in the other."),
    Key("refresh", REFRESH, "When scores are computed anew."),
    Key("dispute", Span(1, 30), "How long a dispute may take.", into="dispute_days"),
    Key("calendar", OneOf(CALENDARS), "Whose working days `notice_working_days` means; nothing counts them yet."),
    Key("announcements", _named(ANNOUNCEMENT, "announcement"), "What is said aloud."),
    Key("cases", _named(CASE, "case"), "The policy's own proof: these events, this outcome."),
)


def check(root: Node, findings: Findings) -> Values | Unread:
    """Read a document by the tables of its parts; all faults are noted, and what could be read is given back."""
    findings.names = declared(root)
    values = read_keys(root, POLICY_KEYS, findings, called="a policy")
    if isinstance(values, Unread):
        return UNREAD
    _sums_fit(root, values, findings)
    return values


def declared(root: Node) -> Mapping[str, Collection[str]]:
    """The names that a document declares, whether or not the things themselves can be read.

    Of a group that is no list, or that is missing though it is required, nothing can be said. The prefixes below which
    the catalogue holds a type are names too.
    """
    calendar = root.get("calendar")
    names = {group: _names(root, group) for group, required in NAMED_GROUPS.items() if _is_there(root, group, required)}
    told: dict[str, Collection[str]] = {WHAT.get(group, group.removesuffix("s")): names[group] for group in names}
    if "factor" in told:
        bounds = ("bounds", *(f"bounds.{name}" for name in names.get("dimensions", ())))
        told |= {"contribution": dict.fromkeys((*told["factor"], *bounds)), "reason": _reasons(root)}
    return {
        **told,
        "prefix": {prefix for type_ in names.get("catalogue", ()) for prefix in prefixes(type_[:LONGEST_STRING])},
        "sanction with a remedy": _with_remedy(root),
        "calendar": () if calendar is None else (str(calendar.value),),
    }


WHAT: Final = {"catalogue": "type"}
NAMED_GROUPS: Final = {
    "dimensions": True,
    "catalogue": True,
    "factors": True,
    "lists": False,
    "tiers": False,
    "perks": False,
    "sanctions": False,
}
"""The groups whose things are called by name elsewhere, and whether they are required."""


def _is_there(root: Node, group: str, required: bool) -> bool:  # noqa: FBT001 a column of the table above
    given = root.get(group)
    return isinstance(given.value, list) if given is not None else not required


def _names(root: Node, group: str) -> dict[str, None]:
    return dict.fromkeys(item.names for item in _items(root, group) if item.names is not None)


def _items(root: Node, group: str) -> list[Node]:
    given = root.get(group)
    return [] if given is None else given.items


def _with_remedy(root: Node) -> set[str]:
    return {item.names for item in _items(root, "sanctions") if item.names and item.get("remedy") is not None}


def _reasons(root: Node) -> dict[str, None]:
    reasons = [item.get("reason") for item in _items(root, "factors")]
    codes = [reason.get("code") for reason in reasons if reason is not None]
    return dict.fromkeys(code.value for code in codes if code is not None and isinstance(code.value, str))


def _sums_fit(root: Node, values: Values, findings: Findings) -> None:
    """No sum that a score passes through may leave 64 bits."""
    if "score" not in values:
        return
    factors = Counter(str(named.value) for item in _items(root, "factors") if (named := item.get("dimension")))
    total = abs(values["score"]["base"])
    for dimension in values.get("dimensions", ()):
        total += max(abs(bound) for bound in reach(dimension, factors[dimension.name]))
    if total > GREATEST_SUM:
        found = f"base and dimensions can come to {total:,}"
        findings.fault(root.at("dimensions"), found, f"at most {GREATEST_SUM:,}, so that sums fit into 64 bits")


def reach(dimension: Dimension, factors: int) -> tuple[int, int]:
    """The least and the most that a dimension can give, by the points that a factor may give at all."""
    least, most = -MOST_POINTS * factors, MOST_POINTS * factors
    if dimension.least is not None:
        least, most = max(least, dimension.least), max(most, dimension.least)
    if dimension.most is not None:
        least, most = min(least, dimension.most), min(most, dimension.most)
    return least, most
