"""Rows of a list that resemble somebody's identifier: sealed, and put before a reviewer. Nothing else follows of them.

What is kept of one is the row without its identifier, under the key of the person whom it may be about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa

from goodstanding.book import microseconds
from goodstanding.errors import RecordError
from goodstanding.events import check_events
from goodstanding.record.home import Home
from goodstanding.record.identity.agreements import SOURCE
from goodstanding.record.ingest import Receipt
from goodstanding.record.ingest.intake import intake_of
from goodstanding.record.ingest.taking import Group
from goodstanding.record.ledger import Said, commit, salt_of
from goodstanding.record.ledger.entries.lists import NearDecided
from goodstanding.record.lists_given.listings import endings, ids_of, openings, prefix_of
from goodstanding.record.lists_given.order import Order
from goodstanding.record.vault.nearness import Near

NEAR: Final = "near/"


@dataclass(frozen=True, slots=True)
class Found:
    """A row that resembles an identifier of somebody's."""

    near: Near
    slot: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that waits for a reviewer.

    Attributes:
        name: what it is called, a keyed hash. row: in the file, counted from 1.
        slip: what would have to be otherwise. others: how many more people it resembles as much.
        events: what it would become.
    """

    name: str
    list_name: str
    row: int
    slip: str
    others: int
    person: str
    events: tuple[dict[str, Any], ...]


def keep(home: Home, order: Order, rows: Any, found: Sequence[Found], listed: Any) -> None:
    """Seal rows for a reviewer, but for those that wait already, were decided, or are about a listing of their own."""
    if not found:
        return
    places = pa.array([one.near.row for one in found], pa.int64())
    people = home.people.ids(np.array([one.slot for one in found], np.int64)).cast(pa.string())
    some = rows.take(places).combine_chunks()
    ids = ids_of(intake_of(home).hasher, order.name, people, some)
    events = openings(order.source, order.opens, ids, people, some).to_pylist()
    ends: dict[str, Any] = {}
    if order.closes is not None:
        ended = endings(order.source, order.closes, ids, people, some, home.recorder.now()).to_pylist()
        ends = {one["id"].rpartition("/")[0]: one for one in ended}
    known = {name for name, _ in home.vault.texts.named(f"{NEAR}{order.name}/")} | set(listed.to_pylist())
    texts = {}
    for one, event in zip(found, events, strict=True):
        name = f"{NEAR}{event['id'].removeprefix('list/')}"
        if {name, event["id"]} & known or home.ledger.find(SOURCE, name):
            continue
        slip = "two neighbours swapped" if one.near.digit is None else "one digit"
        told = {"row": one.near.row + 1, "slip": slip, "others": one.near.others, "person": event["person"]}
        kept = [event, ends[event["id"]]] if event["id"] in ends else [event]
        texts[name] = (name, one.slot, orjson.dumps({**told, "events": kept}).decode())
    home.vault.texts.seal_all(list(texts.values()))


def waiting(home: Home, name: str = "") -> list[Waiting]:
    """What waits, of one list or of all."""
    prefix = f"{NEAR}{name}/" if name else NEAR
    return [_read(home, text) for text, _ in home.vault.texts.named(prefix)]


def _read(home: Home, text: str) -> Waiting:
    list_name, name = text.removeprefix(NEAR).rsplit("/", 1)
    told = orjson.loads(home.vault.texts.open(text))
    events = tuple(told.pop("events"))
    return Waiting(name, list_name, events=events, **told)


def confirm(home: Home, name: str, *, reason: str, actor: str) -> Waiting:
    """Take a row that waits: it is theirs.

    Raises:
        RecordError: nothing of that name waits, no reason is given, or its events cannot be taken.
    """
    found = _one(home, name, reason)
    intake = intake_of(home)
    with intake.lock:
        group = Group(intake, actor)
        for outcome in group.judge(check_events([*found.events], microseconds)):
            if not isinstance(outcome, Receipt):
                raise outcome
            if outcome.state not in {"taken", "known"}:
                raise RecordError(f"this row cannot be taken: {outcome.reason or outcome.state}; refuse it")
        said = _said(home, found, "confirmed", reason, actor)
        group.write([said])
    home.vault.texts.take_away(said.id)
    return found


def refuse(home: Home, name: str, *, reason: str, actor: str) -> Waiting:
    """Let go of a row that waits: it is not theirs. The same row sent again does not wait again.

    Raises:
        RecordError: nothing of that name waits, or no reason is given.
    """
    found = _one(home, name, reason)
    said = _said(home, found, "refused", reason, actor)
    with home.store.writing() as connection:
        home.ledger.append(connection, [said])
    home.vault.texts.take_away(said.id)
    return found


def _one(home: Home, name: str, reason: str) -> Waiting:
    if not reason.strip():
        raise RecordError("no reason was given; it is kept in the vault, sealed")
    found = [one for one in waiting(home) if name and one.name.startswith(name)]
    if len(found) != 1:
        said = "several rows are" if found else "nothing that waits is"
        raise RecordError(f"{name!r}: {said} called so; names are listed by goodstanding list near list")
    return found[0]


def _said(home: Home, found: Waiting, decision: str, reason: str, actor: str) -> Said:
    """The entry; the reason is sealed before it."""
    id_ = f"{NEAR}{found.list_name}/{found.name}"
    slot = int(home.people.find(pa.array([found.person], pa.string()))[0])
    salt = salt_of(home.people.key(slot), SOURCE, id_)
    reasons = f"{SOURCE}/{id_}/reason"
    if not home.vault.texts.named(reasons):  # it is there where a process was stopped between the two
        home.vault.texts.seal(reasons, slot, reason)
    assert found.events[0]["id"].startswith(prefix_of(found.list_name))
    return Said(NearDecided(found.list_name, decision, found.name, commit(reason, salt)), SOURCE, id_, actor)
