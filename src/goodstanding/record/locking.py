"""Who writes to a home: one process at a time.

Files and stores are written together, so a store's own lock is not enough. Whoever opens a home for writing holds a
lock on it until it is closed; the system lets go of it when the process ends, however it does. Readers take no lock.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from goodstanding.errors import RecordError

FILE = "lock"


class Lock:
    """A lock that one process holds on a folder.

    Raises:
        RecordError: another one holds it, or this process does already; it says which.
    """

    def __init__(self, folder: Path, file: str = FILE) -> None:
        self._opened = os.open(folder / file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(self._opened, 20, 0).decode(errors="replace").strip()
            os.close(self._opened)
            raise RecordError(
                f"{folder}: process {holder or '(unknown)'} is writing to it; wait until it is done, or stop it"
            ) from None
        os.ftruncate(self._opened, 0)
        os.pwrite(self._opened, f"{os.getpid()}\n".encode(), 0)

    def close(self) -> None:
        """Let the next one in."""
        if self._opened >= 0:
            os.close(self._opened)
            self._opened = -1
