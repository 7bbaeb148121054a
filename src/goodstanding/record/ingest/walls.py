"""What may not come in: at the door of a live home, and by what a source may send.

Special types are refused at the door of a live home, whatever a policy says: those under the names that the charter
forbids, and those that any shipped policy's catalogue calls special. They are not kept in quarantine either: what may
not be read may not be stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from goodstanding.filters import Filter
from goodstanding.policy import load
from goodstanding.policy.charter import FORBIDDEN
from goodstanding.policy.read import shipped

SENSITIVITIES: Final = ("ordinary", "financial", "special")
"""From the least to the most."""

EVERYTHING: Final = "*"
"""A source that may send every type; in a synthetic home only."""


@cache
def sensitivities() -> Mapping[str, str]:
    """The types of all shipped policies' catalogues, each with the highest sensitivity that any gives it."""
    found: dict[str, str] = {}
    for name in shipped():
        for entry in load(name).catalogue.values():
            found[entry.type] = max(found.get(entry.type, "ordinary"), entry.sensitivity, key=SENSITIVITIES.index)
    return MappingProxyType(found)


def special(type_: str) -> str | None:
    """Why a type is special, in words; None if it is not."""
    root = type_.partition(".")[0]
    if root in FORBIDDEN:
        return f"it is {root}, which no live record holds (charter, clause 1)"
    if sensitivities().get(type_) == "special":
        return "it is of special sensitivity, which no live record holds (charter, clause 1)"
    return None


def special_below(pattern: str) -> str | None:
    """Why a type, or a prefix such as `loyalty.*`, may not be sent to a live home; None if it may."""
    below = Filter(types=(pattern,))
    found = (special(type_) for type_ in sorted(sensitivities()) if below.matches_type(type_))
    return special(pattern) or next((why for why in found if why), None)


def is_allowed(type_: str, types: Iterable[str], sensitivity: str) -> bool:
    """Whether a source that may send some types, up to a sensitivity, may send this one."""
    named = EVERYTHING in types or type_ == "retracted" or Filter(types=tuple(types)).matches_type(type_)
    known = sensitivities().get(type_, "ordinary")
    return named and SENSITIVITIES.index(known) <= SENSITIVITIES.index(sensitivity)
