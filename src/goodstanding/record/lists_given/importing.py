"""A list on its way in: matched, made into events, and taken as one batch through the walls of ingest, all or none."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Connection

from goodstanding.errors import RecordError
from goodstanding.events.faults import FaultLog
from goodstanding.record.deriving import book_of
from goodstanding.record.home import SEGMENTS, Home
from goodstanding.record.identity import Agreement, agreement
from goodstanding.record.ingest.batches import Taking
from goodstanding.record.ingest.checks import Checks
from goodstanding.record.ingest.columns import from_table
from goodstanding.record.ingest.committing import UncertainError
from goodstanding.record.ingest.intake import Intake, Progress, in_silence, intake_of
from goodstanding.record.ingest.report import Report
from goodstanding.record.ingest.stretches import stretches
from goodstanding.record.ingest.walls import is_allowed
from goodstanding.record.ledger import Said
from goodstanding.record.ledger.entries.lists import ListImported
from goodstanding.record.lists_given import nearby
from goodstanding.record.lists_given.listings import endings, ids_of, openings, removals
from goodstanding.record.lists_given.order import Order
from goodstanding.record.lists_given.reading import hashes_of, read_list
from goodstanding.record.segments import read_segment

Mask = NDArray[np.bool_]


@dataclass(slots=True)
class Imported:
    """What came of a list.

    Attributes:
        matched: rows about somebody on record who may be listed; unconsented: about somebody who did not consent to
            the source, of which nothing is kept; near: rows that resemble somebody's identifier.
        removed: listings ended because they are not on the list any more.
        taken: what became of the events.
        rows_matched: which rows were matched, counted from 1; people: about whom.
    """

    rows: int = 0
    matched: int = 0
    unconsented: int = 0
    near: int = 0
    unmatched: int = 0
    removed: int = 0
    taken: Report = field(default_factory=lambda: Report(""))
    rows_matched: Any = field(default=None, repr=False)
    people: Any = field(default=None, repr=False)

    def new(self, home: Home) -> Iterator[Any]:
        """The events that were taken, in batches."""
        for name in self.taken.segments:
            table = read_segment(home.folder / SEGMENTS, bytes.fromhex(name))
            yield from_table(table, self.taken.source, home.people.ids(table.column("slot").to_numpy()))

    def given_back(self) -> dict[str, int]:
        """What may be told to whoever sent the list; not how many are on record and did not consent to it."""
        return {"rows": self.rows, "matched": self.matched, "unmatched": self.rows - self.matched}

    def counts(self) -> dict[str, int]:
        """What whoever runs the home is told."""
        names = ("rows", "matched", "unconsented", "near", "unmatched", "removed")
        return {name: value for name, value in asdict(self).items() if name in names}


def import_list(home: Home, path: str | os.PathLike[str], order: Order, *, progress: Progress = in_silence) -> Imported:
    """Import a list, all of it or nothing.

    Raises:
        RecordError: a row is at fault, the source may not send such events, or the agreement is not with it.
        EventsError: an event may not be sent so. StoreError: the store cannot be written.
    """
    agreed = None if order.agreement is None else agreement(home, order.agreement)
    intake = intake_of(home)
    with intake.lock:
        intake.refresh()
        _require_allowed(intake, order, agreed)
        rows, column = read_list(path, agreed=agreed is not None, progress=progress)
        match = _matched(home, path, rows, order, agreed if column == "hmac" else None)
        done, events, still = _events(intake, rows, match, order)
        if order.complete and order.closes is not None:
            types = (order.opens, order.closes)
            gone = removals(book_of(home), order.source, types, order.name, still, home.recorder.now())
            done.removed, events = len(gone), [*events, gone]
        body = ListImported(
            order.name,
            "",
            done.rows,
            done.matched,
            done.unconsented,
            done.near,
            done.unmatched,
            order.complete,
            order.agreement,
        )
        done.taken = _take(intake, order, [one for one in events if len(one)], body)
        nearby.keep(home, order, rows, match.near, still)
    return done


@dataclass(frozen=True, slots=True)
class _Match:
    """Whom rows are about.

    Attributes:
        slots: −1 where nobody's. consents: by row, whether its person may be listed. near: see `Identifiers.find_all`.
    """

    slots: NDArray[np.int64]
    consents: Mask
    near: list[nearby.Found]


def _matched(home: Home, path: Any, rows: Any, order: Order, agreed: Agreement | None) -> _Match:
    kept, near = home.vault.identifiers, []
    if agreed is None:
        slots, found = kept.find_all(order.by, rows.column("id").combine_chunks())
        near = [nearby.Found(one, slot) for one, slot in found]
    else:
        slots = kept.find_hashes(order.by, agreed.name, hashes_of(path, rows.column("hmac")))
    may = consenting(home, order.source, np.array([one.slot for one in near], np.int64))
    near = [one for one, consents in zip(near, may, strict=True) if consents]
    return _Match(slots, consenting(home, order.source, slots), near)


def consenting(home: Home, source: str, slots: NDArray[np.int64]) -> Mask:
    """Of some slots, those of people whom the source may send events about; in a synthetic home everybody's."""
    intake = intake_of(home)
    consents, here = intake.sender(source)[1], slots >= 0
    if consents is None or not here.any():
        return here
    people = home.people.ids(slots[here]).cast(pa.string())
    here[here] = consents.hold(intake.hasher.people(people))
    return here


def _events(intake: Intake, rows: Any, match: _Match, order: Order) -> tuple[Imported, list[Any], Any]:
    """The events that rows become, and the ids of all listings on the list."""
    home, taken = intake.home, match.consents
    people = home.people.ids(match.slots[taken]).cast(pa.string())
    listed = rows.filter(pa.array(taken)).combine_chunks()
    ids = ids_of(intake.hasher, order.name, people, listed)
    events = [openings(order.source, order.opens, ids, people, listed)]
    if order.closes is not None:
        events.append(endings(order.source, order.closes, ids, people, listed, home.recorder.now()))
    unmatched = int((match.slots < 0).sum())
    done = Imported(
        rows=len(rows),
        matched=int(taken.sum()),
        unconsented=int(((match.slots >= 0) & ~taken).sum()),
        near=len(match.near),
        unmatched=unmatched - len(match.near),
        rows_matched=np.flatnonzero(taken) + 1,
        people=people,
    )
    return done, events, ids


def _require_allowed(intake: Intake, order: Order, agreed: Agreement | None) -> None:
    """Whether the list may come from there.

    Raises:
        RecordError: it may not.
    """
    sender, _ = intake.sender(order.source)
    for type_ in (order.opens, order.closes):
        if type_ is not None and not is_allowed(type_, sender.types, sender.sensitivity):
            raise RecordError(f"source {order.source!r} is not registered to send {type_!r}; nothing was taken")
    if agreed is not None and agreed.sender != order.source:
        raise RecordError(f"agreement {agreed.name!r} is with source {agreed.sender!r}, and not with {order.source!r}")
    if order.complete and order.closes is None:
        raise RecordError("a list that is complete takes people off: say which type of event ends a listing")
    if not order.name or "/" in order.name or not order.name.isprintable():
        raise RecordError(f"list {order.name!r}: expected a name of visible characters, without /")


class _Rows:
    """Events in memory, as a reader gives them."""

    def __init__(self, batches: Sequence[Any]) -> None:
        self._batches = batches
        self.faults = FaultLog()

    def __iter__(self) -> Any:
        yield from self._batches
        self.faults.raise_any()

    def place(self, row: int) -> tuple[str, int]:
        return "event of the list", row + 1


class _Taking(Taking):
    """A batch that says, besides, what the list was."""

    def __init__(self, intake: Intake, order: Order, body: ListImported) -> None:
        super().__init__(intake, order.source, None, order.actor)
        self._body = body

    def _say(self, connection: Connection) -> list[Said]:
        body = replace(self._body, batch=self._report.batch)
        said = Said(body, self._source, f"{body.batch}/list", self._actor)
        return [*super()._say(connection), said]


def _take(intake: Intake, order: Order, events: Sequence[Any], body: ListImported) -> Report:
    sender, consents = intake.sender(order.source)
    checks = Checks(intake.home.world, sender, consents, intake.home.recorder.now())
    reader: Any = _Rows(events)
    taking = _Taking(intake, order, body)
    try:
        rows = iter(stretches(reader, checks, intake.hasher, order.source))
        while (stretch := next(rows, None)) is not None:
            taking.take(stretch, reader)
            del stretch  # or it would be held while the next is made
        return taking.end()
    except UncertainError:
        raise
    except BaseException:
        taking.undo()
        raise
    finally:
        taking.close()
