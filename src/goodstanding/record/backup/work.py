"""Who makes or restores a backup, with what, and where its parts lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from goodstanding.record.clock import Clock
from goodstanding.record.disk import Disk
from goodstanding.record.home import REAL_DISK
from goodstanding.record.ledger.findings import Progress, silent


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the parts of backups lie; keep them apart.

    Attributes:
        record: the record itself, of any number of backups of one home.
        vault: who is who, of the same backups; None: in `vault`, within the other.
        keys: the home's keys; None: nowhere.
    """

    record: Path
    vault: Path | None = None
    keys: Path | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """On whose word something is done, and what it is done with."""

    actor: str
    clock: Clock
    disk: Disk = REAL_DISK
    progress: Progress = silent
