"""Two versions of a policy held against each other: what was added, removed and changed, each as a sentence.

Documents are compared, not texts: layout and the order of keys do not count. In lists of things that have names, the
things of one name are compared, and their order counts only where scores depend on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeAlias

from goodstanding.policy.model import Policy

Plain: TypeAlias = Any
"""A value of a document: dict, list, str, bool, int, Decimal or None."""

ORDERED: Final = ("tiers", "factors", "perks", "sanctions")
"""Groups whose order shows: that of tiers in the score's tier, that of the others in columns and reasons."""

NAMING_KEYS: Final = ("name", "type")


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference.

    Attributes:
        path: where in the document (`factors.bills_on_time.points.bands[2].points`).
        what: added, removed, changed, or moved (the order of a group).
        before, after: plain values; None where there was none, or is none any more.
    """

    path: str
    what: str
    before: Plain
    after: Plain

    @property
    def sentence(self) -> str:
        """The difference in words."""
        match self.what:
            case "added":
                return f"{self.path} was added: {_shown(self.after)}"
            case "removed":
                return f"{self.path} was removed: {_shown(self.before)}"
            case "moved":
                return f"{self.path} stand in another order: {_shown(self.after)}"
            case _:
                return f"{self.path} changed from {_shown(self.before)} to {_shown(self.after)}"

    def __str__(self) -> str:
        return self.sentence

    def as_json(self) -> dict[str, Any]:
        """The difference as plain values; decimals become floating point."""
        return {
            "path": self.path,
            "what": self.what,
            "before": jsonable(self.before),
            "after": jsonable(self.after),
            "sentence": self.sentence,
        }


def compare(before: Policy, after: Policy) -> tuple[Difference, ...]:
    """What differs between two policies, in the order of the document; nothing where their digests are equal."""
    return tuple(differences(before.document, after.document))


def differences(before: Plain, after: Plain, path: str = "") -> Iterator[Difference]:
    """What differs between two values of a document."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _of_mappings(before, after, path)
    elif isinstance(before, Sequence) and isinstance(after, Sequence) and not isinstance(before, str):
        yield from _of_lists(before, after, path)
    elif before != after or isinstance(before, bool) != isinstance(after, bool):
        yield Difference(path or "the document", "changed", before, after)


def _of_mappings(before: Mapping[str, Plain], after: Mapping[str, Plain], path: str) -> Iterator[Difference]:
    for key in dict.fromkeys([*before, *after]):
        here = f"{path}{key}" if key.startswith("[") or not path else f"{path}.{key}"
        if key not in before:
            yield Difference(here, "added", None, after[key])
        elif key not in after:
            yield Difference(here, "removed", before[key], None)
        else:
            yield from differences(before[key], after[key], here)


def _of_lists(before: Sequence[Plain], after: Sequence[Plain], path: str) -> Iterator[Difference]:
    old, new = _by_name(before), _by_name(after)
    if old is None or new is None:
        yield from _of_mappings(_by_place(before), _by_place(after), path)
        return
    yield from _of_mappings(old, new, path)
    kept = [name for name in new if name in old]
    if path in ORDERED and kept != [name for name in old if name in new]:
        yield Difference(path, "moved", list(old), list(new))


def _by_place(items: Sequence[Plain]) -> dict[str, Plain]:
    return {f"[{place}]": item for place, item in enumerate(items)}


def _by_name(items: Sequence[Plain]) -> dict[str, Plain] | None:
    """The items of a list by their names, if all of them have one of their own."""
    named: dict[str, Plain] = {}
    for item in items:
        name = next((item[key] for key in NAMING_KEYS if key in item), None) if isinstance(item, Mapping) else None
        if not isinstance(name, str) or name in named:
            return None
        named[name] = item
    return named


def _shown(value: Plain) -> str:
    """A value whole, as JSON, with decimals as they stand: `{"from": 0.95, "points": 20}`."""
    match value:
        case Mapping():
            return "{" + ", ".join(f"{_shown(key)}: {_shown(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_shown, value)) + "]"
        case Decimal():
            return str(value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def jsonable(value: Plain) -> Plain:
    """A value of a document as JSON takes it: decimals become floating point."""
    match value:
        case Mapping():
            return {key: jsonable(item) for key, item in value.items()}
        case list():
            return [jsonable(item) for item in value]
        case Decimal():
            return float(value)
        case _:
            return value
