"""What must hold between the keys of one part of a policy: each rule notes a problem where it does not.

Rules look at what could be read of a part, so that one fault does not hide another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from goodstanding.document.kinds import Text
from goodstanding.document.nodes import Findings, Node, one_of, quoted
from goodstanding.document.shapes import Rule, Values
from goodstanding.limits import CALENDARS
from goodstanding.measures import LATEST_FIELDS, MEASURES

BLANKS: Final = ("numerator", "denominator", "label", "points", "window")
"""What a sentence may use (specification section 9)."""

FILLED_FROM: Final = {
    "factors": ("title", "points"),
    "lists": ("title",),
    "sanctions": ("title", "remedy", "notice"),
}
"""What an announcement may say of the things that it names (specification section 6)."""

WITHOUT_WINDOW: Final = ("on_list", "ties")


def ordered(low: str, high: str) -> Rule:
    """The rule that of two numbers, where both are given, the first is not above the second."""

    def rule(node: Node, values: Values, findings: Findings) -> None:
        if low in values and high in values and values[low] > values[high]:
            found = f"{low} is {values[low]:,} and {high} is {values[high]:,}"
            findings.fault(node.keys[low], found, f"{low} ≤ {high}")

    return rule


def needs(key: str, other: str) -> Rule:
    """The rule that one key is given only beside another."""

    def rule(node: Node, _values: Values, findings: Findings) -> None:
        if key in node.mapping and other not in node.mapping:
            findings.fault(node.keys[key], f"{key!r} without {other!r}", f"{other!r} beside it")

    return rule


def some_of(*keys: str) -> Rule:
    """The rule that at least one of some keys is given."""

    def rule(node: Node, _values: Values, findings: Findings) -> None:
        if not any(key in node.mapping for key in keys):
            findings.fault(node, f"{node.called} has none of {', '.join(keys)}", "at least one of them")

    return rule


def to_before_from(node: Node, values: Values, findings: Findings) -> None:
    """A window ends nearer to `as_of` than it begins."""
    if "from" in values and "to" in values and values["to"] >= values["from"]:
        findings.fault(node.keys["to"], f"from is {values['from']}d and to is {values['to']}d", "to < from")


def no_window_outside_events(node: Node, _values: Values, findings: Findings) -> None:
    """`on_list` and `ties` have no window."""
    kind = _kind(node)
    if kind in WITHOUT_WINDOW and "window" in node.mapping:
        findings.fault(node.keys["window"], f"a window with a measure of kind {kind}", "no window: it reads no events")


def numbers_of_events(node: Node, _values: Values, findings: Findings) -> None:
    """`requires` takes measures that are numbers read off events."""
    kind = _kind(node)
    if kind in WITHOUT_WINDOW or _is_label(node):
        said = "latest of a label" if _is_label(node) else kind
        findings.fault(node.at("measure", "kind"), f"a requirement of {said}", "a measure that is a number of events")


def labels_go_with_labels(node: Node, _values: Values, findings: Findings) -> None:
    """`labels` are for `latest` of a label, and only for it."""
    points = node.get("points")
    if points is None or not _is_clear(node):
        return
    by_label = "labels" in points.mapping
    if _is_label(node) and not by_label and points.mapping:
        findings.fault(node.keys["points"], "points that are not by label for latest of a label", "points by labels")
    if by_label and not _is_label(node):
        findings.fault(points.keys["labels"], "points by labels for a measure that is no label", "bands or each")


def _kind(node: Node) -> str | None:
    measure = node.get("measure")
    kind = measure.get("kind") if measure is not None else None
    return kind.value if kind is not None and isinstance(kind.value, str) else None


def _is_clear(node: Node) -> bool:
    """Whether the measure says plainly if it is a label, whatever else may be wrong with it."""
    return _kind(node) in MEASURES and (_kind(node) != "latest" or _field(node) in LATEST_FIELDS)


def _field(node: Node) -> str | None:
    measure = node.get("measure")
    field = measure.get("field") if measure is not None else None
    return field.value if field is not None and isinstance(field.value, str) else None


def _is_label(node: Node) -> bool:
    return _kind(node) == "latest" and _field(node) == "label"


def no_column_of_ours(node: Node, values: Values, findings: Findings) -> None:
    """A factor may not be named like another column of specification section 9."""
    if values.get("name") in COLUMNS:
        found = f"a factor named {values['name']!r}, like another column of the scores"
        findings.fault(node.mapping["name"], found, f"another name than {', '.join(COLUMNS)}")


COLUMNS: Final = (
    "person",
    "score",
    "own_score",
    "tier",
    "base",
    "bounds",
    "reasons",
    "lists",
    "perks",
    "sanctions",
)


def no_retracted(node: Node, values: Values, findings: Findings) -> None:
    """No catalogue may hold the type `retracted` (specification section 1)."""
    if values.get("type") == "retracted":
        findings.fault(node.mapping["type"], "the type 'retracted' in a catalogue", "no such type: it only removes")


def calendar_for_working_days(node: Node, _values: Values, findings: Findings) -> None:
    """`notice_working_days` needs the policy's calendar."""
    if "notice_working_days" in node.mapping and not findings.names.get("calendar"):
        where = node.keys["notice_working_days"]
        findings.fault(where, "'notice_working_days' in a policy without a calendar", f"calendar: {one_of(CALENDARS)}")


def tiers_ascend(node: Node, findings: Findings) -> None:
    """The first tier has neither `from` nor `not_on`; the others begin no lower than the one before."""
    last: int | None = None
    for place, tier in enumerate(node.items):
        edge = tier.get("from")
        if place == 0:
            for key in ("from", "not_on"):
                if key in tier.mapping:
                    findings.fault(tier.keys[key], f"the first tier has a {key!r}", "neither from nor not_on")
        elif edge is None and tier.mapping:
            findings.fault(tier, "a tier after the first has no 'from'", "from: the score at which it begins")
        elif edge is not None and isinstance(edge.value, int):
            if last is not None and edge.value < last:
                found = f"from is {edge.value:,}, and the tier before begins at {last:,}"
                findings.fault(edge, found, "tiers that ascend")
            last = edge.value


def unique(key: str, called: str) -> Callable[[Node, Findings], None]:
    """The rule that no two items of a list have the same name."""

    def rule(node: Node, findings: Findings) -> None:
        seen: dict[str, int] = {}
        for item in node.items:
            named = item.get(key)
            if named is None or not isinstance(named.value, str):
                continue
            if named.value in seen:
                found = f"a second {called} {quoted(named.value)}, first in line {seen[named.value]}"
                findings.fault(named, found, f"each {key} once")
            seen.setdefault(named.value, named.line)

    return rule


# --- Placeholders -----------------------------------------------------------------------------------------------------

_BRACES: Final = re.compile(r"\{([^{}]*)\}|[{}]")


def sentence_blanks(node: Node, values: Values, findings: Findings) -> None:
    """A sentence uses only what it may use."""
    for text, where in _texts(node, values, "sentence"):
        for blank in placeholders(text):
            if blank not in BLANKS:
                expected = one_of([f"{{{known}}}" for known in BLANKS])
                found = f"unknown placeholder {_shown(blank)} in the sentence"
                findings.fault(where, found, expected, findings.suggestion(blank or "", BLANKS))


def announcement_blanks(node: Node, values: Values, findings: Findings) -> None:
    """An announcement says only what it may say, of what it names."""
    if any(group in node.mapping and group not in values for group in FILLED_FROM):
        return
    known = dict.fromkeys(sorted(_fillable(node, findings)))
    for text, where in _texts(node, values, "text"):
        for blank in placeholders(text):
            if blank not in known:
                expected = one_of([f"{{{name}}}" for name in known]) or "no placeholder: it names nothing"
                found = f"unknown placeholder {_shown(blank)} in the text"
                findings.fault(where, found, expected, findings.suggestion(blank or "", known))


def _fillable(node: Node, findings: Findings) -> Iterator[str]:
    """`NAME.part` for all that an announcement names; a sanction without a remedy has none to tell."""
    for group, parts in FILLED_FROM.items():
        named = node.mapping.get(group, node).items
        for name in (item.value for item in named if isinstance(item.value, str)):
            for part in parts:
                if part != "remedy" or name in findings.names["sanction with a remedy"]:
                    yield f"{name}.{part}"


def placeholders(text: str) -> Iterator[str | None]:
    """What stands in braces; None for a brace that has no other."""
    for found in _BRACES.finditer(text):
        yield found[1]


def _shown(blank: str | None) -> str:
    return "of a single brace" if blank is None else quoted(f"{{{blank}}}")


def _texts(node: Node, values: Values, key: str) -> Iterator[tuple[str, Node]]:
    """The texts under a key, in each language, with their places."""
    given = values.get(key)
    if isinstance(given, Text):
        under = node.mapping[key]
        for language, text in given.said.items():
            yield text, under.get(language) or under
