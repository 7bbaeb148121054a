"""Single events on their way into the record: a group of them in one transaction, each judged by itself.

They lie in the store, packed as in segments, until they are sealed. The leaf of a single event is SHA-256(0x00 ‖ salt ‖
packed row), salt = the first 16 bytes of SHA-256(the person's key ‖ the group's nonce), and the nonce is made of the
number of the entry that took the group: so whoever has the person's key can work the leaf out again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from goodstanding.book.book import microseconds
from goodstanding.errors import EventsError, InputError, Problem, RecordError
from goodstanding.events import check_events
from goodstanding.events.faults import Said as FaultSaid
from goodstanding.record.home import Home
from goodstanding.record.ingest.checks import FINE, REASONS, Checks
from goodstanding.record.ingest.committing import commit
from goodstanding.record.ingest.conflicts import Disputes
from goodstanding.record.ingest.intake import Intake, intake_of
from goodstanding.record.ingest.judging import OnRecord, judge
from goodstanding.record.ingest.quarantine import Holding
from goodstanding.record.ingest.report import Receipt, State
from goodstanding.record.ingest.sources import OURS
from goodstanding.record.ingest.stretches import Stretch, erased_among, single_stretch
from goodstanding.record.ledger import Entry, Said
from goodstanding.record.ledger.entries.events import EventsTaken
from goodstanding.record.ledger.entries.ingest import EventsHeld
from goodstanding.record.merkle import leaf_hash, root
from goodstanding.record.segments.packing import pack_event
from goodstanding.record.store import head, single

CALLED: Final = "events"
"""What stands in messages where a file would: `events:3` is the third of those given."""
ALONE: Final = "the event"
SALT: Final = 16

Outcome = Receipt | InputError


def take(home: Home, events: Sequence[Mapping[str, Any]], *, actor: str | None = None) -> list[Receipt]:
    """Take some events, all or none; they are on the disk when this returns.

    Args:
        events: as dictionaries with the columns of specification section 1; `time` as whole microseconds since 1970, or
            a datetime with a zone.
        actor: on whose word, by default the source's of the first.

    Returns:
        What became of each, in their order.

    Raises:
        EventsError: an event is at fault, or may not be sent so.
        RecordError: its source is not registered, or it contradicts what is known under its id.
        StoreError: the store cannot be written.
    """
    if not events:
        return []
    batch = check_events(list(events), microseconds)
    return take_checked(home, batch, actor=actor)


def take_checked(home: Home, batch: Any, *, actor: str | None = None) -> list[Receipt]:
    """The same for events that were checked, in the columns in which a reader gives them."""
    intake = intake_of(home)
    with intake.lock:
        group = Group(intake, actor or batch.column("source")[0].as_py())
        outcomes = group.judge(batch)
        faults = [outcome for outcome in outcomes if isinstance(outcome, InputError)]
        if faults:
            raise together(faults)
        return [receipt for receipt in group.write() if isinstance(receipt, Receipt)]


def together(faults: Sequence[InputError]) -> InputError:
    """Faults of several events as one."""
    if any(not fault.problems for fault in faults):
        return faults[0]
    kind = EventsError if any(isinstance(fault, EventsError) for fault in faults) else RecordError
    problems = [problem for fault in faults for problem in fault.problems]
    return kind(problems[:20], len(problems[20:]))


class Group:
    """Some events that go into one transaction, each judged by itself.

    Args:
        lifted: whether doubts count for nothing: somebody looked at these events and released them.
        numbered: whether messages call the events by their numbers; not where each is somebody else's.
    """

    def __init__(self, intake: Intake, actor: str, *, lifted: bool = False, numbered: bool = True) -> None:
        self._numbered = numbered
        self._intake, self._home, self._actor, self._lifted = intake, intake.home, actor, lifted
        self._outcomes: list[Outcome] = []
        self._taken: dict[int, dict[str, Any]] = {}
        self._held: dict[str, Holding] = {}

    def judge(self, batch: Any) -> list[Outcome]:
        """What is to become of each event; of what is to be taken, the moment is not known yet."""
        self._intake.refresh()
        events = batch.to_pylist()
        self._outcomes = [Receipt(event["source"], event["id"], "known") for event in events]
        by_source: dict[str, list[int]] = {}
        for place, event in enumerate(events):
            by_source.setdefault(event["source"], []).append(place)
        for source, places in by_source.items():
            part = batch if len(by_source) == 1 else batch.take(pa.array(places))
            try:
                self._judge_source(source, part, places)
            except InputError as fault:
                self._outcomes = [
                    fault if event["source"] == source else self._outcomes[place] for place, event in enumerate(events)
                ]
        for place, outcome in enumerate(self._outcomes):
            if isinstance(outcome, Receipt) and outcome.state == "taken":
                self._taken[place] = events[place]
        return self._outcomes

    def _judge_source(self, source: str, part: Any, places: Sequence[int]) -> None:
        home, intake = self._home, self._intake
        sender, consents = intake.sender(source)
        checks = Checks(home.world, sender, consents, home.recorder.now())
        stretch = single_stretch(part, checks, intake.hasher, source)
        faults = dict(checks.faults(part, most=len(part))[0])
        on_record: list[OnRecord] = [intake.known, intake.singles(source, part.column("id").to_pylist())]
        judged = judge(stretch.prints, on_record if self._lifted else [*on_record, intake.held(source)])
        disputes = Disputes(home, source, lambda _id: None)
        disputed = {
            int(judged.order[at]): dispute
            for at, dispute in disputes.each(stretch, judged, lambda row: self._named(places[row]))
        }
        new, erased = judged.is_new, erased_among(home, stretch, home.people.find(stretch.people()))
        for row, place in enumerate(places):
            if row in faults:
                self._outcomes[place] = self._fault(place, faults[row])
            elif row in disputed:
                self._outcomes[place] = RecordError([disputed[row].problem(*self._named(place))])
            elif erased[row]:
                self._become(place, "erased")
            elif new[row] and stretch.doubts[row] != FINE and not self._lifted:
                self._hold(stretch, row, place)
            elif new[row]:
                self._become(place, "taken")

    def _named(self, place: int) -> tuple[str, int | None]:
        """What an event is called in a message."""
        return (CALLED, place + 1) if self._numbered else (ALONE, None)

    def _fault(self, place: int, said: FaultSaid) -> EventsError:
        return EventsError([Problem(*self._named(place), said.found, said.expected, hint=said.hint)])

    def _become(self, place: int, state: State, reason: str | None = None) -> None:
        receipt = self._outcomes[place]
        assert isinstance(receipt, Receipt)
        self._outcomes[place] = replace(receipt, state=state, reason=reason)

    def _hold(self, stretch: Stretch, row: int, place: int) -> None:
        reason = REASONS[stretch.doubts[row]]
        source = stretch.event(row)["source"]
        self._held.setdefault(source, Holding(source)).add(stretch, row, reason)
        self._become(place, "held", reason)

    # --- Writing ------------------------------------------------------------------------------------------------------

    def write(self, more: Sequence[Said] = (), then: Callable[[Connection, int], None] | None = None) -> list[Outcome]:
        """Write what is to be taken or held; on the disk when this returns.

        Args:
            more: what the ledger is to say besides.
            then: what is to be done besides in the same transaction, at that moment of the record.

        Raises:
            StoreError: the store cannot be written; nothing is taken.
        """
        if not self._taken and not self._held and not more:
            return self._outcomes
        slots = self._enrol()
        rows: list[dict[str, Any]] = []

        def say(connection: Connection) -> list[Said]:
            # Here it is certain that nobody else writes. Some may be of an earlier group, whose disk failed.
            self._home.people.commit()
            seq = int(connection.execute(select(head.c.size)).scalar_one())
            keys = self._home.people.keys_of(slots)
            rows.extend(
                self._row(seq, row, place, int(slots[row]), keys[row].tobytes())
                for row, place in enumerate(self._taken)
            )
            return [*self._said(seq, rows), *more]

        def write(connection: Connection, entries: Sequence[Entry]) -> None:
            recorded = entries[0].recorded
            if rows:
                connection.execute(single.insert(), [{**row, "recorded": recorded} for row in rows])
            for holding in self._held.values():
                holding.write(connection, None, recorded)
            if then is not None:
                then(connection, recorded)

        entries = commit(self._home, say, write)
        self._intake.noted(entries)
        first = entries[0]
        if self._intake.waiting is not None:
            self._intake.waiting += len(rows)
        for source in self._held:
            self._intake.held_anew(source)
        self._tell(first.seq, first.recorded)
        return self._outcomes

    def _enrol(self) -> NDArray[np.int64]:
        """The slot of each event's person."""
        people = self._home.people
        return people.enrol(pa.array([event["person"] for event in self._taken.values()], pa.string()))

    def _row(self, seq: int, row: int, place: int, slot: int, key: bytes) -> dict[str, Any]:
        event = self._taken[place]
        packed = pack_event(event)
        return {
            "seq": seq,
            "row": row,
            "source": event["source"],
            "id": event["id"],
            "slot": slot,
            "time": event["time"],
            "packed": packed,
            "leaf": taken_leaf(key, seq, packed),
        }

    def _said(self, seq: int, rows: Sequence[Mapping[str, Any]]) -> list[Said]:
        said = []
        if rows:
            body = EventsTaken(len(rows), root([row["leaf"] for row in rows]).hex(), self._home.people.size)
            said.append(Said(body, OURS, f"taken/{seq}", self._actor))
        for source, holding in self._held.items():
            held = EventsHeld("", len(holding), holding.reasons)
            said.append(Said(held, source, f"{OURS}/held/{seq}", self._actor))
        return said

    def _tell(self, seq: int, recorded: int) -> None:
        for row, place in enumerate(self._taken):
            receipt = self._outcomes[place]
            assert isinstance(receipt, Receipt)
            self._outcomes[place] = replace(receipt, recorded=recorded, seq=seq, row=row)


def taken_leaf(key: bytes, seq: int, packed: bytes) -> bytes:
    """The leaf of a single event that an entry took, under its person's key."""
    nonce = sha256(b"events.taken\0" + seq.to_bytes(8, "little")).digest()[:SALT]
    return leaf_hash(sha256(key + nonce).digest()[:SALT] + packed)
