"""Corrections by hand: an event that replaces another, or takes it back, shown before it is made and told why.

Nothing that is on record is altered: what was known before the correction stays true of that time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from goodstanding.book import VOID, Book, microseconds
from goodstanding.errors import InputError, RecordError
from goodstanding.events import check_events
from goodstanding.explanation import EventRef, WhatIf, situation, what_if
from goodstanding.policy import Policy
from goodstanding.record.home import Home
from goodstanding.record.ingest import Receipt
from goodstanding.record.ingest.intake import intake_of
from goodstanding.record.ingest.taking import Group
from goodstanding.record.ledger import Said, commit, salt_of
from goodstanding.record.ledger.entries.correcting import CorrectionMade

RETRACTED: Final = "retracted"
"""The type of an event that only takes another back (specification section 1)."""

CHANGEABLE: Final = ("type", "person", "time", "amount", "value", "label", "party", "matter")
"""The columns that a correction may change; the id and the source say which event it is."""

NOTHING: Final[Mapping[str, None]] = MappingProxyType(dict.fromkeys(("amount", "value", "label", "party", "matter")))
"""The columns of which an event that takes another back says nothing."""

DRAWN: Final = 12
"""Bytes of a correcting event's id that are drawn."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction that can be made.

    Attributes:
        before: the event as it stands; after: the one that is to replace it.
        changed: the columns in which they differ; none where the event is taken back.
    """

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    changed: tuple[str, ...]

    @property
    def people(self) -> list[str]:
        """Whom it is about: two people where it moves an event from one to the other."""
        return list(dict.fromkeys([self.before["person"], self.after["person"]]))


def corrected(book: Book, source: str, id_: str, changes: Mapping[str, Any]) -> Correction:
    """The correction that changes some columns of an event.

    Raises:
        RecordError: no such event stands, or it is like that already.
    """
    before = standing_event(book, source, id_)
    changed = tuple(name for name in CHANGEABLE if name in changes and changes[name] != before[name])
    if not changed:
        raise RecordError(f"event {id_!r} of source {source!r} is like that already; name what is to be changed")
    return Correction(before, _replacing(before, changes), changed)


def retracted(book: Book, source: str, id_: str) -> Correction:
    """The correction that takes an event back.

    Raises:
        RecordError: no such event stands.
    """
    before = standing_event(book, source, id_)
    return Correction(before, _replacing(before, {**NOTHING, "type": RETRACTED}), ())


def _replacing(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    id_ = f"correction-{token_hex(DRAWN)}"
    return {**before, **changes, "id": id_, "replaces": before["id"], "recorded": None}


def standing_event(book: Book, source: str, id_: str) -> dict[str, Any]:
    """An event by its name.

    Raises:
        RecordError: it is not on record, or does not stand any more; then it says by which event that came.
    """
    called = f"event {id_!r} of source {source!r}"
    row = _row(book, source, id_)
    if row is None:
        raise RecordError(f"{called} is not on record; `goodstanding explain` names the events that count")
    event = book.event_at(row)
    if book.columns.kind[row] == VOID:
        raise RecordError(f"{called} was corrected already, by {_corrector(book, row)!r}; correct that one")
    if event["type"] == RETRACTED:
        raise RecordError(f"{called} takes another one back; send that one again under an id of its own")
    return event


def _row(book: Book, source: str, id_: str) -> int | None:
    sources = book.kinds.sources.to_pylist()
    if source not in sources:
        return None
    rows = np.flatnonzero(pc.equal(book.columns.ids, id_).to_numpy(zero_copy_only=False))
    kinds = book.kinds_by(None)[rows]
    void = book.corrections.void
    hidden = np.flatnonzero(kinds == VOID)
    kinds = kinds.copy()
    kinds[hidden] = book.corrections.void_kinds[np.searchsorted(void, rows[hidden])]
    found = rows[book.kinds.source[kinds] == sources.index(source) + 1]
    return int(found[0]) if found.size else None


def _corrector(book: Book, row: int) -> str:
    """The id of the standing event that replaces one."""
    by = book.corrections.rows[book.corrections.targets == row]
    standing = by[book.columns.kind[by] != VOID]
    ids: Any = book.columns.ids
    name: str = ids[int(standing[0])].as_py()
    return name


def preview(policy: Policy, book: Book, correction: Correction, *, as_of: int, lang: str = "en") -> list[WhatIf]:
    """What a correction would change in the score of everybody whom it is about."""
    found = []
    for person in correction.people:
        plus, minus = _seen_by(correction, person)
        try:
            one = situation(policy, book, person, as_of=as_of)
        except InputError:  # nothing is on record of them yet: they begin with this event
            one = situation(policy, book, person, as_of=as_of, people=[person])
        found.append(what_if(policy, one, plus=plus, minus=minus, lang=lang))
    return found


def _seen_by(correction: Correction, person: str) -> tuple[list[dict[str, Any]], list[EventRef]]:
    """What a correction adds to one person's events, and what it takes from them."""
    events = _events(correction)
    if len(correction.people) == 1:
        return events, []
    if person == correction.after["person"]:
        return [{**correction.after, "replaces": None}], []
    *backs, last = events
    gone = [{**last, **NOTHING, "type": RETRACTED, "person": person}] if backs else []
    return [*backs, *gone], [] if backs else [EventRef(correction.before["source"], correction.before["id"])]


def make(home: Home, correction: Correction, *, reason: str, actor: str) -> Receipt:
    """Put a correction on record: the event, and the entry that says why; both or none.

    Raises:
        EventsError: the event that is to stand is at fault. RecordError: its source is not registered.
        StoreError: the store cannot be written.
    """
    before, after = correction.before, correction.after
    source, name = after["source"], f"correction/{after['id']}"
    intake = intake_of(home)
    with intake.lock:
        group = Group(intake, actor, lifted=True)
        _require_taken(group.judge(check_events(_events(correction), microseconds)))
        slot = int(home.people.find(pa.array([before["person"]], pa.string()))[0])
        salt = salt_of(home.people.key(slot), source, name)
        home.vault.texts.seal(f"{source}/{name}", slot, reason)  # before the entry: that must not speak of what is not
        said = CorrectionMade(
            what="corrected" if correction.changed else "retracted",
            changed=correction.changed,
            event=commit(before["id"], salt),
            by=commit(after["id"], salt),
            reason=commit(reason, salt),
        )
        *_, outcome = group.write([Said(said, source, name, actor)])
    assert isinstance(outcome, Receipt)
    return outcome


def _events(correction: Correction) -> list[dict[str, Any]]:
    """The events that make a correction: one; or two where what is corrected is a correction itself.

    A correction that is replaced stands no longer, and so what it replaced stands again (specification section 1). That
    is as it should be where a correction is taken back. One that is corrected is taken back too, and the new event
    replaces what it had replaced.
    """
    before, after = correction.before, dict(correction.after)
    if before["replaces"] is None or not correction.changed:
        return [after]
    back = _replacing(before, {**NOTHING, "type": RETRACTED})
    return [back, {**after, "replaces": before["replaces"]}]


def _require_taken(outcomes: list[Receipt | InputError]) -> None:
    """Whether the events may be taken.

    Raises:
        InputError: one may not.
    """
    for outcome in outcomes:
        if isinstance(outcome, InputError):
            raise outcome
        if outcome.state != "taken":
            raise RecordError(f"event {outcome.id!r} of source {outcome.source!r} cannot be taken: {outcome.state}")
