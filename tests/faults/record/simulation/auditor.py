"""The auditor: told every acknowledgement, it holds answers, and the whole record, against its own model.

The model is a dictionary. It knows nothing of segments, leaves or stores.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from goodstanding.record.deriving import book_of
from goodstanding.record.home import Home
from tests.faults.record.homes import Event, Name, content, contents, named, require_sound


@dataclass
class Auditor:
    """What must be on record, and what happened so far."""

    events: dict[Name, tuple[Any, ...]] = field(default_factory=dict)
    of_person: dict[str, set[Name]] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    size: int = 0
    root: bytes = b""
    done: Counter[str] = field(default_factory=Counter)

    # --- What was acknowledged ----------------------------------------------------------------------------------------

    def sent(self, events: Sequence[Event], answer: Counter[str]) -> None:
        """Events were sent, and so many were new, known, or about people who were erased."""
        expected = Counter(self._state(event) for event in events)
        assert answer == expected, f"the answer was {dict(answer)}, expected {dict(expected)}"
        self.take(events)

    def take(self, events: Sequence[Event]) -> None:
        """Events are on record."""
        for event in events:
            if event["person"] not in self.erased:
                self.events[named(event)] = content(event)
                self.of_person.setdefault(event["person"], set()).add(named(event))

    def erase(self, person: str) -> None:
        """A person was erased."""
        self.erased.add(person)
        for name in self.of_person.pop(person, set()):
            del self.events[name]

    def _state(self, event: Event) -> str:
        if event["person"] in self.erased:
            return "erased"
        return "known" if named(event) in self.events else "taken"

    # --- What was underway when a process ended -----------------------------------------------------------------------

    def settle(self, home: Home, underway: Sequence[Event], erasing: str | None) -> None:
        """Whatever was underway is whole or absent; from now on the model has it as it is."""
        found, _ = contents(home)
        new = [event for event in underway if self._state(event) == "taken"]
        there = [event for event in new if named(event) in found]
        assert len(there) in {0, len(new)}, f"half there: {len(there)} of {len(new)}"
        self.take(there)
        if erasing is not None and not any(name in found for name in self.of_person.get(erasing, ())):
            self.erase(erasing)

    # --- What the record says -----------------------------------------------------------------------------------------

    def compare(self, home: Home) -> None:
        """The whole record is as the model has it, and verifies."""
        found, times = contents(home)
        assert (often := [name for name, many in times.items() if many > 1]) == [], f"doubled: {often[:3]}"
        lost, more = self.events.keys() - found.keys(), found.keys() - self.events.keys()
        assert not lost, f"lost: {sorted(lost)[:3]}"
        assert not more, f"nobody sent: {sorted(more)[:3]}"
        assert (altered := [name for name in found if found[name] != self.events[name]]) == [], (
            f"altered: {altered[:3]}"
        )
        require_sound(home)
        self.grown(home)

    def grown(self, home: Home) -> None:
        """The ledger only grows."""
        now = home.ledger.head()
        assert now.size >= self.size, "the ledger is shorter than it was"
        if self.size:
            leaves = home.ledger.consistency(self.size)
            assert leaves is not None
        self.size, self.root = now.size, now.root

    def compare_book(self, home: Home) -> None:
        """The derived book holds the same events."""
        ids: Any = book_of(home).columns.ids
        there: Counter[str] = Counter(ids.to_pylist())
        expected = Counter(identifier for _, identifier in self.events)
        assert there == expected, f"the book: {list((there - expected) + (expected - there))[:3]}"

    def require_gone(self, home: Home) -> None:
        """Of who was erased no file holds the name."""
        files: list[Path] = [path for path in home.folder.rglob("*") if path.is_file()]
        for path in files:
            data = path.read_bytes()
            for person in self.erased:
                assert person.encode() not in data, f"{path.name} holds {person}, who was erased"
