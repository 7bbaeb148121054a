"""A policy with some rules left out or some numbers changed, so that what one rule does to a city can be told.

The change is made to the plain document, and the document is read again as any policy is: a varied policy can break
nothing that a written one may not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from typing import Any, Final, TypeAlias

from goodstanding.document.nodes import did_you_mean, one_of, quoted
from goodstanding.policy import Policy, loads
from goodstanding.policy.digest import canonical

Number: TypeAlias = int | Decimal | str
"""What may be changed: a number, or a span such as `30d`."""

UNTOUCHED: Final = ("goodstanding", "cases")
"""Parts of a policy that hold numbers and are no rules."""

SPAN: Final = re.compile(r"(0|[1-9][0-9]*)d")


class VariationError(Exception):
    """What is to be left out or changed is not in the policy.

    Attributes:
        key: what could not be found: a name of `without`, or a path of `set`.
        expected, hint: what there is, and what comes nearest.
    """

    def __init__(self, key: str, found: str, expected: str, hint: str = "") -> None:
        super().__init__(key, found, expected, hint)
        self.key, self.found, self.expected, self.hint = key, found, expected, hint


def varied(
    policy: Policy, name: str, without: Sequence[str] = (), changes: Mapping[str, Number] | None = None
) -> Policy:
    """A policy of another name, with factors left out and numbers changed.

    Its cases keep their events and lose what they expect, for that was said of another policy. What was said aloud of a
    rule that is gone is said no more.

    Args:
        without: names of factors, and of dimensions, all of whose factors go.
        changes: by path (`factors.friends.points.bands[2].points`, as `goodstanding policy diff` writes them).

    Raises:
        VariationError: a name or a path that the policy does not have; the first of them.
        PolicyError: the changed policy is none, or breaks the charter.
    """
    document: dict[str, Any] = deepcopy(dict(policy.document))
    document["name"] = name
    for left_out in without:
        _leave_out(policy, document, left_out)
    for path, value in (changes or {}).items():
        _change(policy, document, path, value)
    for case in document.get("cases", ()):
        case["expect"] = {}
    return loads(canonical(document), f"{policy.file}, as {name}")


def numbers(document: Mapping[str, Any]) -> dict[str, Number]:
    """Every number and span of a policy's rules, by its path."""
    return {path: holder[key] for path, (holder, key) in _places(document).items()}


def _places(document: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """By path, what holds a number and under which key or at which place."""
    rules = [key for key in document if key not in UNTOUCHED]
    return {path: place for key in rules for path, place in _places_of(document, key, key)}


def _places_of(holder: Any, key: Any, path: str) -> Iterator[tuple[str, tuple[Any, Any]]]:
    value = holder[key]
    if isinstance(value, dict):
        for name in value:
            yield from _places_of(value, name, f"{path}.{name}")
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _places_of(value, place, path + _step(place, item))
    elif _is_number(value):
        yield path, (holder, key)


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return SPAN.fullmatch(value) is not None
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _step(place: int, item: object) -> str:
    """What an item of a list is called in a path: its name where it has one, else its place."""
    named = item.get("name") if isinstance(item, dict) else None
    return f"[{place}]" if named is None else f".{named}"


def _leave_out(policy: Policy, document: dict[str, Any], name: str) -> None:
    factors = {factor.name: factor.dimension for factor in policy.factors}
    dimensions = {dimension.name for dimension in policy.dimensions}
    if name not in dimensions and name not in factors:
        known = (*sorted(dimensions), *factors)
        found = f"the policy {policy.name} has neither a factor nor a dimension {quoted(name)}"
        raise VariationError(name, found, one_of(known), did_you_mean(name, known))
    gone = {factor for factor, of in factors.items() if of == name} if name in dimensions else {name}
    document["factors"] = [factor for factor in document["factors"] if factor["name"] not in gone]
    document["dimensions"] = [one for one in document["dimensions"] if one["name"] != name]
    if "announcements" in document:
        spoken = document["announcements"]
        document["announcements"] = [one for one in spoken if gone.isdisjoint(one.get("factors", ()))]


def _change(policy: Policy, document: dict[str, Any], path: str, value: Number) -> None:
    places = _places(document)
    if path not in places:
        found = f"the policy {policy.name} has no number at {quoted(path)}"
        expected = "a path to a number, such as `goodstanding policy diff` writes"
        raise VariationError(path, found, expected, did_you_mean(path, places))
    holder, key = places[path]
    holder[key] = value
