"""What a home's store says at one moment: its tables written out, and what its ledger names gathered on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Row, Table, select

from goodstanding.errors import TamperError
from goodstanding.record import merkle
from goodstanding.record.backup import tables
from goodstanding.record.backup.contents import Segment
from goodstanding.record.disk import Disk
from goodstanding.record.ledger.entries.erasing import PersonErased
from goodstanding.record.ledger.entries.events import SegmentSealed
from goodstanding.record.ledger.entries.runs import ScoreRun
from goodstanding.record.ledger.entry import Entry, of_row
from goodstanding.record.merkle import Frontier
from goodstanding.record.store import Store, checkpoint, cosignature, entry, head, held, settings, single, source
from goodstanding.record.store.store import revision

OPEN: Final[tuple[Table, ...]] = (entry, head, checkpoint, cosignature, single, source, settings)
"""Tables that name nobody."""
NAMING: Final[tuple[Table, ...]] = (held,)
"""Tables in which people's ids stand: they go with the vault."""


@dataclass(slots=True)
class Snapshot:
    """What was gathered.

    Attributes:
        frontier: of the tree over all entries; recorded: when the last of them reached the record.
        erased: the slots of those who were erased.
        runs: hex; the roots of runs.
        opened, naming: by table the SHA-256 of its file.
    """

    frontier: Frontier = field(default_factory=Frontier)
    recorded: int = 0
    people: int = 0
    sizes: dict[str, int] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    erased: list[int] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    schema: str = ""
    opened: dict[str, str] = field(default_factory=dict)
    naming: dict[str, str] = field(default_factory=dict)

    @classmethod
    def take(cls, store: Store, disk: Disk, folder: Path, vault: Path) -> Snapshot:
        """Write all tables as they are at one moment.

        The small ones are read in one transaction, which is short: an erasure waits for its end. Entries are only ever
        added, so those below the head that it saw are the same in a later one.

        Raises:
            TamperError: the entries are not those that the head speaks of.
        """
        taken = cls()
        with store.reading() as connection:
            end = connection.execute(select(head.c.size, head.c.frontier)).one()
            taken.schema = str(revision(connection))
            for table in OPEN:
                if table is not entry:
                    taken.opened[tables.name_of(table)] = tables.write(
                        disk, folder, table, tables.at_once(connection, table)
                    )
            for table in NAMING:
                taken.naming[tables.name_of(table)] = tables.write(
                    disk, vault, table, tables.at_once(connection, table)
                )
        chunks = tables.in_turn(store, entry, below=end.size)
        taken.opened["entry"] = tables.write(disk, folder, entry, map(taken.look, chunks))
        if (end.size, bytes(end.frontier)) != (taken.frontier.size, taken.frontier.to_bytes()):
            raise TamperError(f"{store.place}: the entries do not come to the head; run `goodstanding ledger verify`")
        return taken

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The segments that the ledger names, as they should be now."""
        return tuple(Segment(root, digest, self.sizes[root]) for root, digest in self.digests.items())

    def look(self, rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
        """Take note of what entries say, on their way.

        Raises:
            TamperError: one was altered.
        """
        for one in map(of_row, rows):
            if merkle.leaf_hash(one.to_bytes()) != one.leaf:
                raise TamperError(f"entry {one.seq:,}: it was altered; run `goodstanding ledger verify`")
            self.frontier.append(one.leaf)
            self.recorded = one.recorded
            self._read(one)
        return rows

    def _read(self, one: Entry) -> None:
        self.people = max(self.people, int(one.body.get("people_known", 0)))
        if one.kind == SegmentSealed.KIND:
            sealed = one.read(SegmentSealed)
            self.sizes[sealed.root], self.digests[sealed.root] = sealed.bytes, sealed.digest
        elif one.kind == PersonErased.KIND:
            erased = one.read(PersonErased)
            self.erased.append(erased.slot)
            self.digests.update((line[:64], line[65:]) for line in erased.segments)
        elif one.kind == ScoreRun.KIND:
            self.runs.append(one.read(ScoreRun).root)
