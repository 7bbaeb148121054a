"""Files of events on their way into the record: read, checked, looked up, sealed into segments, all or nothing.

Files are read as a stream and taken in stretches: while one is sealed, the next is read and looked up. What is written
meanwhile (segments, runs of hashes, people) counts for nothing before the one transaction at the end says so; whatever
goes wrong before that leaves the record as it was.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Connection

from goodstanding.errors import Problem, RecordError, StoreError, WorldError
from goodstanding.events import EventReader, read_events
from goodstanding.record.home import Home
from goodstanding.record.ingest.checks import FINE, REASONS, Checks
from goodstanding.record.ingest.committing import UncertainError, commit
from goodstanding.record.ingest.conflicts import Disputes
from goodstanding.record.ingest.intake import Intake, Progress, in_silence, intake_of
from goodstanding.record.ingest.judging import Judged, OnRecord, judge
from goodstanding.record.ingest.probing import OTHER
from goodstanding.record.ingest.quarantine import Holding
from goodstanding.record.ingest.report import Report
from goodstanding.record.ingest.stretches import Stretch, erased_among, stretches
from goodstanding.record.ingest.underway import Rest, Underway
from goodstanding.record.ingest.writing import sealed_body
from goodstanding.record.ledger import Said, find
from goodstanding.record.ledger.entries.ingest import EventsHeld
from goodstanding.record.store import OvertakenError

Mask: TypeAlias = NDArray[np.bool_]
Paths: TypeAlias = Sequence[str | os.PathLike[str]]


def ingest(
    home: Home,
    files: Paths,
    *,
    source: str,
    batch: str | None = None,
    actor: str | None = None,
    progress: Progress = in_silence,
    rebuilding: Progress = in_silence,
) -> Report:
    """Take a batch of events from files, all of them or none.

    Args:
        source: who sends them; all must name it.
        batch: what the source calls the batch; by default a number made of what is in it.
        actor: on whose word, by default the source's.
        progress: told rows read, and rows in all where files say.
        rebuilding: the same of events on record, where what is known must be derived anew before that.

    Raises:
        EventsError: a file is at fault, or a row may not be sent so.
        RecordError: the source is not registered, or rows contradict what is known under their ids.
        WorldError: a file is of another world.
    """
    intake = intake_of(home)
    with intake.lock:
        intake.refresh(rebuilding)
        sender, consents = intake.sender(source)
        reader = read_events(files, progress=progress)
        _require_world(home, reader)
        checks = Checks(home.world, sender, consents, home.recorder.now())
        taking = Taking(intake, source, batch, actor or source)
        try:
            rows = stretches(reader, checks, intake.hasher, source)
            while (stretch := next(rows, None)) is not None:
                taking.take(stretch, reader)
                del stretch  # or it would be held while the next is read
            return taking.end()
        except (UncertainError, OvertakenError):
            raise
        except BaseException:
            taking.undo()
            raise
        finally:
            taking.close()


class Taking:
    """One batch on its way in."""

    def __init__(self, intake: Intake, source: str, batch: str | None, actor: str) -> None:
        home = intake.home
        self._intake, self._home = intake, home
        self._source, self._batch, self._actor = source, batch, actor
        self._latest = intake.latest_of(source)
        self._underway = Underway(home, intake.known, source, home.recorder.moment())
        self._holding = Holding(source)
        self._on_record: list[OnRecord] = [
            self._underway,
            intake.singles(source),
            intake.held(source),
            self._holding,
        ]
        self._report = Report(source)
        self._sum = np.uint64(0)
        self._disputes = Disputes(home, source, self._holding.event)
        self._people = home.people.size
        self._pool = ThreadPoolExecutor(1, "find")
        self._is_on_record = False

    def take(self, stretch: Stretch, reader: EventReader) -> None:
        """Take the next rows."""
        taken = self._taken(stretch, reader)
        if taken is not None and len(taken.ids):
            self._underway.begin(taken)

    def _taken(self, stretch: Stretch, reader: EventReader) -> Rest | None:
        """What is to be written of some rows; None once a batch is to be refused."""
        finding = self._pool.submit(lambda: self._home.people.find(stretch.people()))
        judged = self._judged(stretch, reader)
        slots = finding.result()
        if self._disputes:
            return None
        new, erased = judged.is_new, erased_among(self._home, stretch, slots)
        taken = new & ~erased
        held = taken & (stretch.doubts != FINE)
        taken &= ~held
        self._report.erased += int(erased.sum())
        self._report.known += len(stretch) - int((new | erased).sum())
        self._hold(stretch, held)
        self._enrol(stretch, taken, slots)
        in_order = taken[judged.order]
        rest = Rest(stretch.given_up(taken), slots[taken], judged.ids[in_order], judged.contents[in_order])
        self._count(rest)
        return rest

    def end(self) -> Report:
        """Say in the ledger what was taken, all at once; from then on it is on record.

        Raises:
            RecordError: rows contradict what is known, or the batch was sent before with other rows.
            StoreError: the store cannot be written.
        """
        self._disputes.raise_any()
        self._underway.settle()
        report, home = self._report, self._home
        if not report.new and not report.held:
            return report
        report.batch = self._batch or f"{int(self._sum):016x}"
        commit(
            home,
            self._say,
            lambda connection, entries: self._holding.write(connection, report.batch, entries[-1].recorded),
        )
        self._is_on_record = True
        report.people_new = home.people.size - self._people
        report.segments = [sealed.root.hex() for sealed in self._underway.sealed]
        self._intake.known.keep()
        self._intake.held_anew(self._source)
        return report

    def undo(self) -> None:
        """Leave the record as it was."""
        if self._is_on_record:
            return
        self._underway.undo()
        if self._home.people.size > self._people:
            with suppress(StoreError), self._home.store.writing():  # nobody else's people may be cut off
                self._home.people.cut(self._people)

    def close(self) -> None:
        """Let go of what was needed on the way."""
        self._pool.shutdown()
        self._underway.close()

    # --- Its steps ----------------------------------------------------------------------------------------------------

    def _judged(self, stretch: Stretch, reader: EventReader) -> Judged:
        judged = judge(stretch.prints, self._on_record)
        if (judged.states == OTHER).any():
            self._underway.settle()  # what is written can be read, and shown
            judged = judge(stretch.prints, self._on_record)
            self._disputes.look_at(stretch, judged, reader.place)
        return judged

    def _hold(self, stretch: Stretch, held: Mask) -> None:
        for row in np.flatnonzero(held):
            reason = REASONS[stretch.doubts[row]]
            self._report.held[reason] = self._report.held.get(reason, 0) + 1
            self._holding.add(stretch, int(row), reason)
            self._sum ^= stretch.prints.contents[row]

    def _enrol(self, stretch: Stretch, taken: Mask, slots: NDArray[np.int64]) -> None:
        """Give slots to people who have none yet and of whom something is taken."""
        unknown = np.flatnonzero(taken & (slots < 0))
        if unknown.size:
            slots[unknown] = self._home.people.enrol(stretch.people().take(pa.array(unknown)))

    def _count(self, rest: Rest) -> None:
        self._sum ^= np.bitwise_xor.reduce(rest.contents)
        self._report.new += len(rest.ids)
        if self._latest is not None:
            times = rest.table.column("time").to_numpy()
            self._report.late += int((times < self._latest).sum())

    def _say(self, connection: Connection) -> list[Said]:
        """What the ledger is to say.

        Raises:
            RecordError: a batch of that name is on record, and holds something else.
        """
        batch, home = self._report.batch, self._home
        home.people.commit()  # here, where it is certain that nobody else writes
        said = [
            Said(sealed_body(batch, sealed, home.people.size), self._source, f"{batch}/{number}", self._actor)
            for number, sealed in enumerate(self._underway.sealed, 1)
        ]
        if self._report.held:
            body = EventsHeld(batch, self._report.quarantined, self._holding.reasons)
            said.append(Said(body, self._source, f"{batch}/held", self._actor))
        _refuse_other_batch(connection, said, batch)
        return said


def _refuse_other_batch(connection: Connection, said: Sequence[Said], batch: str) -> None:
    for one in said:
        known = find(connection, one.source, one.id)
        if known is not None:
            raise RecordError(
                f"batch {batch!r} of source {one.source!r} is on record already (entry {known.seq:,}), and some of the "
                "events sent now are not in it; send those as a batch of another name"
            )


def _require_world(home: Home, reader: EventReader) -> None:
    """Files that say their world must be of the home's."""
    for path, world in reader.worlds.items():
        if world is not None and world != home.world:
            problem = Problem(
                str(path), None, f"events of the world {world}", f"of the world {home.world}, as the home"
            )
            raise WorldError([problem])
