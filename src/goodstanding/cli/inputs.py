"""What commands read: a policy, a record (files of events, or one saved book), people and ties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from goodstanding.cli.progress import progress
from goodstanding.errors import UsageError

if TYPE_CHECKING:
    from goodstanding.book import Book
    from goodstanding.policy import Policy
    from goodstanding.ties import Ties

UNDECLARED = "world not declared"

DeclaredWorld = Literal["live", "synthetic"] | None


@dataclass(frozen=True, slots=True)
class Record:
    """What was read for one command.

    Attributes:
        people: the population; None: everybody whom an event names.
    """

    book: Book
    people: Sequence[str] | None
    ties: Ties | None

    @property
    def world(self) -> str:
        """The world of the record, or that nobody declared it."""
        return self.book.world or UNDECLARED

    @property
    def others(self) -> int:
        """How many events are about people outside the population, and so left out (specification section 4)."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        if self.people is None:
            return 0
        inside = pc.is_in(self.book.people, pa.array(self.people, self.book.people.type))
        return int(np.diff(self.book.columns.offsets)[~inside.to_numpy(zero_copy_only=False)].sum())


def read_record(
    paths: Sequence[Path] | None,
    *,
    home: Path | None = None,
    world: DeclaredWorld = None,
    people: Path | None = None,
    ties: Path | None = None,
    keep_ids: bool = True,
) -> Record:
    """Read everything that is scored; says on standard error if the world is not declared.

    Raises:
        EventsError: a file is at fault. BookError: a saved book is. WorldError: two worlds are declared.
        UsageError: a book and files were given together, or a book of another world than --world; or a home and one of
            these, or nothing at all.
    """
    from goodstanding.cli import homes

    require_one_record(paths, home)
    if home is not None:
        return record_of(homes.book_of(home), f"the home {home}", world=world, people=people, ties=ties)
    book = read_book(paths or [], world=world, keep_ids=keep_ids)
    return record_of(book, "the book", world=None, people=people, ties=ties)


def require_one_record(paths: Sequence[Path] | None, home: Path | None) -> None:
    """Whether there is something to read, and not two things.

    Raises:
        UsageError: there is none, or there are two.
    """
    if paths and home is not None:
        raise UsageError(f"--home {home}: its own events are read; leave {paths[0]} out, or ingest it first")
    if not paths and home is None:
        raise UsageError("nothing to read: give files of events, the folder of a saved book, or --home")


def record_of(
    book: Book, called: str, *, world: DeclaredWorld, people: Path | None = None, ties: Path | None = None
) -> Record:
    """A book with the people and ties that were given beside it.

    Raises:
        UsageError: it is of another world than --world.
    """
    if world is not None and world != book.world:
        raise UsageError(f"--world {world}: {called} is of the world {book.world}")
    if book.world is None:
        typer.echo(f"{UNDECLARED}: taken to be the policy's; --world says it", err=True)
    return Record(book, *read_people_and_ties(people, ties))


def read_people_and_ties(people: Path | None, ties: Path | None) -> tuple[Sequence[str] | None, Ties | None]:
    """Whom to score, and who knows whom, where files say so."""
    from goodstanding.events import read_people, read_ties
    from goodstanding.ties import Ties

    return (
        None if people is None else read_people(people).to_pylist(),
        None if ties is None else Ties.of(read_ties([ties])),
    )


def read_book(paths: Sequence[Path], *, world: DeclaredWorld = None, keep_ids: bool = True) -> Book:
    """Open a saved book, or make one of files of events."""
    import pyarrow as pa

    from goodstanding.book import Book
    from goodstanding.events import read_events

    folders = [path for path in paths if path.is_dir()]
    if folders and len(paths) > 1:
        raise UsageError(f"{folders[0]} is the folder of a book; give either one book or files of events")
    if folders:
        book = Book.open(folders[0])
        if world is not None and world != book.world:
            raise UsageError(f"--world {world}: the book {folders[0]} is of the world {book.world}")
        return book
    pa.set_memory_pool(pa.system_memory_pool())  # keeps what one batch leaves for the next; the usual one gives it back
    with progress("Reading events", "events") as step:
        return Book.build(read_events(paths, progress=step), world=world, keep_ids=keep_ids)


def counted(unknown_corrections: int, others: int = 0) -> list[str]:
    """What was taken and had no effect, in words; nothing of what did not occur (specification sections 1 and 4)."""
    said = (
        (unknown_corrections, "corrections of an event that is not on record"),
        (others, "events about people who are not in --people, left out"),
    )
    return [f"{what}: {count:,}" for count, what in said if count]


def metadata(policy: Policy, record: Record, as_of: int, recorded_by: int | None) -> dict[str, str]:
    """What a file of scores says of itself."""
    from goodstanding.events import format_moment

    said = {
        "goodstanding.world": record.world,
        "goodstanding.as_of": format_moment(as_of),
        "goodstanding.policy": policy.name,
        "goodstanding.policy_version": policy.version,
        "goodstanding.policy_digest": policy.digest,
    }
    return said if recorded_by is None else said | {"goodstanding.recorded_by": format_moment(recorded_by)}
