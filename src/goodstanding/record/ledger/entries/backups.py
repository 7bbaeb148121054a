"""What entries say of backups: that one was made, and that this home came out of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from goodstanding.record.ledger.entries.register import Body, register, told


@register
@dataclass(frozen=True, slots=True)
class BackupMade(Body):
    """A backup was made of the home as it was a moment before; this entry is not in it."""

    KIND: ClassVar[str] = "backup.made"

    name: str = told("what the backup is called")
    size: int = told("how many entries of the ledger it holds")
    root: str = told("hex; the root of the tree over them")
    segments: int = told("how many segments it holds")
    people: int = told("how many people the home knew")
    digest: str = told("hex; SHA-256 of the backup's signed list of contents, which names the sums of all its files")


@register
@dataclass(frozen=True, slots=True)
class HomeRestored(Body):
    """The home was made again from a backup; what the ledger said after the backup is not in it any more."""

    KIND: ClassVar[str] = "home.restored"

    name: str = told("what the backup is called")
    size: int = told("how many entries of the ledger it held")
    root: str = told("hex; the root of the tree over them")
    later: str | None = told(
        "hex; SHA-256 of the erasures that were brought; null: whoever did it said that there were none since"
    )
    erased: int = told("how many people, erased since the backup, were erased again")
    refused: int = told("how many people, erased since, the backup did not know; their ids are refused from now on")
