"""What time it is, as the record asks: a clock is handed in, and moments of the record only ever go up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TypeAlias

Clock: TypeAlias = Callable[[], int]
"""Microseconds since 1970, in UTC. The command line hands in the system's; tests hand in their own."""


class Recorder:
    """Gives out the moments at which things reach the record, each later than the one before.

    A clock may jump back, or stand still; the record's own order may not. So a moment is the clock's, or one
    microsecond after the last one, whichever is later. It may be asked by several threads.

    Args:
        last: the last moment that the record knows of.
    """

    def __init__(self, clock: Clock, last: int) -> None:
        self._clock = clock
        self._last = last
        self._lock = Lock()

    @property
    def last(self) -> int:
        """The moment that was given out last."""
        return self._last

    def now(self) -> int:
        """What the clock says; it gives out nothing, and may lie before what was given out."""
        return self._clock()

    def moment(self) -> int:
        """The next moment of the record."""
        with self._lock:
            self._last = max(self._clock(), self._last + 1)
            return self._last

    def not_before(self, last: int) -> None:
        """Take note of a moment that the record holds already: whatever is given out from now on is later."""
        with self._lock:
            self._last = max(self._last, last)


@dataclass(slots=True)
class SetClock:
    """A clock that stands where it is set, for tests and simulations."""

    time: int

    def __call__(self) -> int:
        """The time it was set to."""
        return self.time

    def go(self, *, microseconds: int = 0, seconds: int = 0, days: int = 0) -> None:
        """Go on, or back."""
        self.time += microseconds + 1_000_000 * (seconds + 86_400 * days)
