"""Two people found to be one, and that undone: by events that correct others, so that what was known before stands.

A merge sends, for each event of the one that stands, a correcting event about the other; where that event corrected one
itself, which would stand again, this is taken back besides. A split takes back what the merges sent. Both are recorded
when they are made: scores as known before do not change. What a source sends later about the first is not moved; the
same merge, made again, moves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Final

import orjson
import pyarrow as pa

from goodstanding.book import Book, microseconds
from goodstanding.errors import RecordError, UnknownPersonError
from goodstanding.events import check_events
from goodstanding.record.deriving import book_of
from goodstanding.record.home import Home
from goodstanding.record.identity.agreements import SOURCE
from goodstanding.record.ingest import Receipt
from goodstanding.record.ingest.intake import intake_of
from goodstanding.record.ingest.taking import Group
from goodstanding.record.ledger import Said, commit, salt_of
from goodstanding.record.ledger.entries.identity import PersonMerged, PersonSplit

DRAWN: Final = 8
"""Bytes of a moving event's id that are drawn."""
RETRACTED: Final = "retracted"


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of a merge or a split: events that moved, and identifiers."""

    events: int
    identifiers: int


def merge(home: Home, person: str, into: str, *, reason: str, actor: str) -> Moved:
    """Make one person's events and identifiers another's from now on.

    Raises:
        RecordError: one is not on record or erased, they are the same, no reason is given, or, in a live home, the
            other did not consent to a source of these events; nothing is done.
    """
    slot, to = _two(home, person, into, reason)
    tag = _tag(home, person, into)
    events = [one for one in book_of(home).events_of(person) if one["type"] != RETRACTED]
    moving = [one for event in events for one in _moved(event, into, f"merge-{tag}")]
    identifiers = home.vault.identifiers.of(slot)
    name = f"merged/{tag}/{token_hex(DRAWN)}"
    told = {"person": person, "reason": reason, "identifiers": [[kind, kept.hex()] for kind, kept in identifiers]}
    salt = salt_of(home.people.key(to), SOURCE, name)
    body = PersonMerged(commit(person, salt), commit(into, salt), commit(reason, salt), len(events))
    _write(home, moving, Said(body, SOURCE, name, actor), (to, told))
    home.vault.identifiers.give(slot, to)
    return Moved(len(events), len(identifiers))


def split(home: Home, person: str, out_of: str, *, reason: str, actor: str) -> Moved:
    """Undo all merges of one person into another: from now on what moved is the first one's again, as it was.

    What corrected it meanwhile is taken back too.

    Raises:
        RecordError: they were not merged, or as `merge` says.
    """
    slot, from_ = _two(home, person, out_of, reason)
    tag = _tag(home, person, out_of)
    merges = home.vault.texts.named(f"{SOURCE}/merged/{tag}/")
    if not merges:
        raise RecordError(f"{person!r} was not merged into {out_of!r}, so that there is nothing to split")
    came = _came_by(_all_of(book_of(home), out_of), f"merge-{tag}-")
    moving = [_taken_back(event, event["id"], out_of, f"split-{tag}") for event in came]
    moved = sum(event["type"] != RETRACTED and event["id"].startswith(f"merge-{tag}-") for event in came)
    name = f"split/{tag}/{token_hex(DRAWN)}"
    salt = salt_of(home.people.key(from_), SOURCE, name)
    body = PersonSplit(commit(person, salt), commit(out_of, salt), commit(reason, salt), moved)
    told = [orjson.loads(home.vault.texts.open(text)) for text, _ in merges]
    identifiers = {(kind, bytes.fromhex(kept)) for one in told for kind, kept in one["identifiers"]}
    theirs = [one for one in home.vault.identifiers.of(from_) if one in identifiers]
    _write(home, moving, Said(body, SOURCE, name, actor), (from_, {"person": person, "reason": reason}))
    home.vault.identifiers.give(from_, slot, theirs)
    return Moved(moved, len(theirs))


def _two(home: Home, person: str, other: str, reason: str) -> tuple[int, int]:
    if person == other:
        raise RecordError(f"{person!r} twice; two people were expected")
    if not reason.strip():
        raise RecordError("no reason was given; it is kept in the vault, sealed")
    slots = home.people.find(pa.array([person, other], pa.string()))
    for name, slot in zip((person, other), slots, strict=True):
        if slot < 0:
            raise RecordError(f"{name!r} is not on record; people are named by their public ids, and never by a name")
    return int(slots[0]), int(slots[1])


def _tag(home: Home, person: str, into: str) -> str:
    """What ties the events of all merges of two people together, and says nothing of who they are."""
    both = pa.array([f"{len(person)} {person} {into}"], pa.string())
    return f"{int(intake_of(home).hasher.ids('merge', both)[0]):016x}"


def _moved(event: Mapping[str, Any], to: str, prefix: str) -> Iterator[dict[str, Any]]:
    """What makes an event another person's."""
    yield {**event, "person": to, "id": _drawn(prefix), "replaces": event["id"], "recorded": None}
    if event["replaces"]:  # it stood no longer because this event did
        yield _taken_back(event, event["replaces"], to, prefix)


def _taken_back(event: Mapping[str, Any], id_: str, person: str, prefix: str) -> dict[str, Any]:
    """What takes an event back, of the same source and time as another."""
    same = {name: event[name] for name in ("source", "time")}
    return {**same, "type": RETRACTED, "person": person, "id": _drawn(prefix), "replaces": id_}


def _drawn(prefix: str) -> str:
    return f"{prefix}-{token_hex(DRAWN)}"


def _came_by(events: Sequence[Mapping[str, Any]], prefix: str) -> list[Mapping[str, Any]]:
    """Of all events of a person, those that came by a merge or correct one that did, and that nobody took back yet."""
    replaces = {(one["source"], one["id"]): one["replaces"] for one in events}
    back = {(one["source"], one["replaces"]) for one in events if one["type"] == RETRACTED}
    found = []
    for one in events:
        named = one["id"]
        while named is not None and not named.startswith(prefix):
            named = replaces.get((one["source"], named))
        if named is not None and (one["source"], one["id"]) not in back and not _is_undoing(one, prefix):
            found.append(one)
    return found


def _is_undoing(event: Mapping[str, Any], prefix: str) -> bool:
    return event["type"] == RETRACTED and not event["id"].startswith(prefix)


def _all_of(book: Book, person: str) -> list[dict[str, Any]]:
    """All events of a person, those that do not stand among them."""
    try:
        at = book.index(person)
    except UnknownPersonError:
        return []
    return [book.event_at(row) for row in range(int(book.columns.offsets[at]), int(book.columns.offsets[at + 1]))]


def _write(home: Home, events: Sequence[dict[str, Any]], said: Said, told: tuple[int, dict[str, Any]]) -> None:
    """Put the moving events and the entry on record, both or none.

    Raises:
        RecordError: the person whose they are to be did not consent to their source, or an event cannot be taken.
    """
    intake = intake_of(home)
    with intake.lock:
        _require_consent(home, events)
        group = Group(intake, said.actor, lifted=True)
        if events:
            for outcome in group.judge(check_events(list(events), microseconds)):
                if not isinstance(outcome, Receipt):
                    raise outcome
                if outcome.state != "taken":
                    raise RecordError(f"event {outcome.id!r} of {outcome.source!r} cannot be moved: {outcome.state}")
        slot, text = told
        home.vault.texts.seal(f"{SOURCE}/{said.id}", slot, orjson.dumps(text).decode())  # before what speaks of it
        group.write([said])


def _require_consent(home: Home, events: Sequence[Mapping[str, Any]]) -> None:
    """Nothing is moved to whom its source may not send anything about.

    Raises:
        RecordError: it would be.
    """
    intake = intake_of(home)
    for source, person in sorted({(event["source"], event["person"]) for event in events}):
        consents = intake.sender(source)[1]
        if consents is not None and not consents.hold(intake.hasher.people(pa.array([person], pa.string()))).all():
            raise RecordError(
                f"{person!r} did not consent to source {source!r}, whose events would become theirs; nothing is done: "
                "ask them, and register the source again"
            )
