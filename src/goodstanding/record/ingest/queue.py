"""A queue of single events: many clients send one each, and a thread takes all that wait in one transaction.

A client waits for as long as one transaction takes; the next transaction takes everybody who came meanwhile. What is at
fault in one event reaches the one who sent it, and nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from queue import Empty, Full
from queue import Queue as Waiting
from threading import Thread
from time import monotonic
from typing import Any, Final, Self

from goodstanding.book.book import microseconds
from goodstanding.errors import EventsError, GoodstandingError, RecordError
from goodstanding.events import check_events
from goodstanding.record.home import Home
from goodstanding.record.ingest.intake import intake_of
from goodstanding.record.ingest.report import Receipt
from goodstanding.record.ingest.sealing import seal_if_many
from goodstanding.record.ingest.taking import Group, Outcome

MOST_TOGETHER: Final = 1_000
"""Events in one transaction."""
LINGER_S: Final = 0.002
"""Seconds for which a group waits for those who were in the last one."""
MOST_WAITING: Final = 10_000
"""Events that wait; whoever comes then waits to be let in."""

_Sent = tuple[Mapping[str, Any], "Future[Receipt]"]


class Queue:
    """Takes single events of a home, in a thread of its own, until it is closed.

    Args:
        actor: on whose word, as the ledger says.
        most_waiting: events that wait, at most.
    """

    def __init__(self, home: Home, *, actor: str = "queue", most_waiting: int = MOST_WAITING) -> None:
        self._intake, self._actor = intake_of(home), actor
        self._waiting: Waiting[_Sent | None] = Waiting(most_waiting)
        self._last = 0
        self._is_closed = False
        self._trouble: Exception | None = None
        self._thread = Thread(target=self._work, name="take", daemon=True)
        self._thread.start()

    def submit(self, event: Mapping[str, Any], *, timeout: float | None = None) -> Future[Receipt]:
        """Send one event, with the columns of specification section 1 (see `take`).

        Args:
            timeout: seconds to wait at most where too many wait already; None: as long as it takes.

        Returns:
            What becomes of it, once that is on the disk; or the error that it is at fault with.

        Raises:
            RecordError: the queue is closed, or too many wait.
        """
        if self._is_closed:
            raise RecordError("the queue is closed; the event was not taken, send it again")
        future: Future[Receipt] = Future()
        try:
            self._waiting.put((event, future), timeout=timeout)
        except Full:
            raise RecordError(f"{self._waiting.maxsize:,} events wait already; send it again later") from None
        return future

    def close(self) -> None:
        """Take all that was sent, and stop.

        Raises:
            StoreError: what was taken is on record, and could not be sealed into segments. OSError: the same.
        """
        if not self._is_closed:
            self._is_closed = True
            self._waiting.put(None)
        self._thread.join()
        if self._trouble is not None:
            raise self._trouble

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def _work(self) -> None:
        while True:
            together = self._together()
            sent = [each for each in together if each is not None]
            if sent:
                self._take(sent)
            if None in together:
                return

    def _together(self) -> list[_Sent | None]:
        """Everybody who waits, and at least one.

        Those who were just answered mostly send again at once. To begin without them would leave groups that are half
        as large as they could be, so the next one waits a moment for as many as there were in the last.
        """
        together = [self._waiting.get()]
        latest = monotonic() + LINGER_S
        while together[-1] is not None and len(together) < MOST_TOGETHER:
            wait = latest - monotonic() if len(together) < self._last else 0
            try:
                together.append(self._waiting.get(timeout=wait) if wait > 0 else self._waiting.get_nowait())
            except Empty:
                break
        self._last = len(together)
        return together

    def _take(self, sent: Sequence[_Sent]) -> None:
        """Take a group; whatever goes wrong reaches those whom it concerns."""
        sent = [each for each in sent if each[1].set_running_or_notify_cancel()]
        sound, batch = _checked(sent)
        if not sound:
            return
        try:
            with self._intake.lock:
                group = Group(self._intake, self._actor, numbered=False)
                group.judge(batch)
                outcomes = group.write()
        except Exception as fault:  # noqa: BLE001 those who wait are told, whatever it is
            for _, future in sound:
                future.set_exception(fault)
            return
        for (_, future), outcome in zip(sound, outcomes, strict=True):
            _answer(future, outcome)
        self._seal()

    def _seal(self) -> None:
        """Seal what has become much. Nobody waits for it: what goes wrong is kept for whoever closes the queue."""
        try:
            with self._intake.lock:
                seal_if_many(self._intake)
            self._trouble = None
        except (GoodstandingError, OSError) as fault:
            self._trouble = fault


def _answer(future: Future[Receipt], outcome: Outcome) -> None:
    if isinstance(outcome, Receipt):
        future.set_result(outcome)
    else:
        future.set_exception(outcome)


def _checked(sent: Sequence[_Sent]) -> tuple[Sequence[_Sent], Any]:
    """The events that are sound, as a batch; whoever sent another one is told."""
    try:
        return sent, check_events([event for event, _ in sent], microseconds)
    except (EventsError, TypeError, ValueError) as fault:
        if len(sent) == 1:
            sent[0][1].set_exception(fault)
            return [], None
    sound = [each for each in sent if _checked([each])[0]]
    return sound, check_events([event for event, _ in sound], microseconds) if sound else None
