"""Progress on standard error: a bar with rate and remaining time in a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

PLAIN_EVERY_S = 5.0


class Step(Protocol):
    """Told how much is done so far, and how much there is in all where that is known."""

    def __call__(self, done: int, total: int | None = None) -> None:
        """Say how far the work is."""


@contextmanager
def progress(what: str, unit: str) -> Iterator[Step]:
    """Show one piece of long work while it lasts; short work leaves no trace."""
    if sys.stderr.isatty():
        with _bar(what, unit) as step:
            yield step
    else:
        yield _Plain(what, unit)


class _Plain:
    """A line every few seconds, for logs."""

    def __init__(self, what: str, unit: str) -> None:
        self.what, self.unit = what, unit
        self.began = self.said = time.monotonic()

    def __call__(self, done: int, total: int | None = None) -> None:
        now = time.monotonic()
        if now - self.said < PLAIN_EVERY_S:
            return
        self.said = now
        rate = done / (now - self.began)
        left = f", about {(total - done) / rate:,.0f} s left" if total and rate else ""
        of = f" of {total:,}" if total else ""
        print(f"{self.what}: {done:,}{of} {self.unit}, {rate:,.0f} a second{left}", file=sys.stderr)  # noqa: T201 a log's line


@contextmanager
def _bar(what: str, unit: str) -> Iterator[Step]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[done]} " + unit + " · {task.fields[rate]}/s"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, done="0", rate="0")
        began = time.monotonic()

        def step(done: int, total: int | None = None) -> None:
            rate = done / max(time.monotonic() - began, 1e-9)
            bar.update(task, completed=done, total=total, done=f"{done:,}", rate=f"{rate:,.0f}")

        yield step
