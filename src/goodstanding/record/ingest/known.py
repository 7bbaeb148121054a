"""What is known already: every event on record as two keyed hashes, in a few runs that are merged as they grow.

Runs of about one size are merged by eights, so that an event is written anew about as often as its record has grown
eightfold, and a look-up asks at most seven runs of each size.

A batch looks its events up, adds those that are new as pending runs, and then either keeps them, once the ledger says
that their segments are sealed, or drops them. A crash in between leaves runs of segments that were never sealed: these
are removed when the runs are opened next.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

import numpy as np

from goodstanding.record.disk import Disk
from goodstanding.record.ingest.fingerprints import Hashes
from goodstanding.record.ingest.runs import DamagedRunError, Entries, Found, Run, merged, write_run

FOLDER: Final = "known"
ENDING: Final = ".run"
TOGETHER: Final = 8
"""So many runs of about one size become one."""
LEAST_ROWS: Final = 1 << 16
"""Smaller runs count as of one size."""


class Known:
    """The runs of one home.

    Attributes:
        is_whole: whether all that was taken is there still; if not, they are to be reconciled again.

    Args:
        folder: where they lie; made where it is missing.
        check: what tells the home's key for hashes from others.
    """

    def __init__(self, folder: Path, disk: Disk, check: int) -> None:
        self.folder, self._disk, self._check = folder, disk, check
        folder.mkdir(exist_ok=True)
        self.is_whole = True
        self._runs: list[Run] = []
        self._pending: list[Run] = []
        paths = sorted(folder.glob(f"*{ENDING}"))
        self._next = 1 + max((int(path.stem) for path in paths if path.stem.isdecimal()), default=0)
        for path in paths:
            try:
                self._runs.append(Run(path, check))
            except DamagedRunError:
                disk.remove(path)

    def __len__(self) -> int:
        return sum(run.size for run in (*self._runs, *self._pending))

    @property
    def roots(self) -> set[bytes]:
        """The segments whose events are known."""
        return {root for run in self._runs for root in run.roots}

    def reconcile(self, sealed: Collection[bytes]) -> set[bytes]:
        """Hold the runs against the segments that are sealed: remove those that say more, or say it again.

        Two runs say the same where a merge was cut off before what it merged was removed: the greater one stays.

        Returns:
            The segments of which no run knows.
        """
        missing = set(sealed)
        for run in sorted(self._runs, key=lambda run: -len(run.roots)):
            if missing.issuperset(run.roots):
                missing.difference_update(run.roots)
            else:
                self._remove([run])
        self.is_whole = True
        return missing

    def look_up(self, ids: Hashes, contents: Hashes, found: Found) -> None:
        """Add to what is found of some ascending hashes: what is on record, or pending."""
        for run in (*self._runs, *self._pending):
            run.look_up(ids, contents, found)

    def add(self, ids: Hashes, contents: Hashes, root: bytes) -> None:
        """Take the events of one new segment as pending; their hashes of ids ascend."""
        entries = Entries(ids, contents, np.zeros(len(ids), np.uint32))
        self._pending.append(self._write(len(ids), [root], [entries]))
        self._pending = self._grown(self._pending)

    def keep(self) -> None:
        """What is pending is on record now."""
        self._runs = self._grown([*self._runs, *self._pending])
        self._pending = []

    def drop(self) -> None:
        """What is pending did not come about."""
        pending, self._pending = self._pending, []
        for run in pending:
            self._disk.remove(run.path)

    def leave(self, roots: Collection[bytes]) -> None:
        """Remove every run that tells of some segments: all that it told is derived again when events come in next."""
        left = [run for run in self._runs if set(roots).intersection(run.roots)]
        self._remove(left)
        self.is_whole = self.is_whole and not left

    def forget(self) -> None:
        """Remove everything; it is derived again when the next events come in."""
        self._remove([*self._runs, *self._pending])

    def _grown(self, runs: list[Run]) -> list[Run]:
        """The same events in fewer runs, where there are enough of one size.

        What is damaged is not merged on: its run is removed, and its segments are missing until they are read again.
        """
        while alike := _alike(runs):
            rows, roots = sum(run.size for run in alike), [root for run in alike for root in run.roots]
            try:
                new = self._write(rows, roots, merged(alike))
            except DamagedRunError as error:
                damaged = next(run for run in alike if run.path == error.path)
                self._disk.remove(damaged.path)
                self.is_whole = False
                runs = [run for run in runs if run is not damaged]
                continue
            runs = [*(run for run in runs if run not in alike), new]
            for run in alike:
                self._disk.remove(run.path)
        return runs

    def _write(self, rows: int, roots: list[bytes], pieces: Iterable[Entries]) -> Run:
        path = self.folder / f"{self._next:08d}{ENDING}"
        self._next += 1
        write_run(self._disk, path, self._check, rows=rows, roots=roots, pieces=pieces)
        return Run(path, self._check)

    def _remove(self, runs: list[Run]) -> None:
        self._runs = [run for run in self._runs if run not in runs]
        self._pending = [run for run in self._pending if run not in runs]
        for run in runs:
            self._disk.remove(run.path)


def _size_class(run: Run) -> int:
    size, rows = 0, run.size
    while rows >= LEAST_ROWS:
        size, rows = size + 1, rows // TOGETHER
    return size


def _alike(runs: list[Run]) -> list[Run]:
    """Enough runs of one size to become one, the smallest first; none where there are not."""
    by_size: dict[int, list[Run]] = {}
    for run in runs:
        by_size.setdefault(_size_class(run), []).append(run)
    return next((alike for _, alike in sorted(by_size.items()) if len(alike) >= TOGETHER), [])
