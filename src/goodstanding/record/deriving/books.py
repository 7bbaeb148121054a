"""The book of a home: made of its segments and single events, kept, and brought up to date by what is new.

It is derived, and may be deleted at any time. `HOME/book` holds one folder a book, and in it a cover that says up to
which entry of the ledger it goes; a book whose ledger is not the beginning of this one, as after a restore, goes.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from secrets import token_hex
from typing import Any, Final, NamedTuple, TypeAlias

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from goodstanding.book import Book, saving
from goodstanding.book.leaving import only, without_into
from goodstanding.book.merging import merge, merge_into
from goodstanding.errors import BookError
from goodstanding.record.deriving.events import Piece, news_since
from goodstanding.record.home import SEGMENTS, Home
from goodstanding.record.ledger import Entry
from goodstanding.record.ledger.entries.events import EventsSealed, SegmentSealed
from goodstanding.record.segments import meta_of

FOLDER: Final = "book"
COVER: Final = "cover.json"

AT_ONCE: Final = 1 << 24
"""Events of which a book is built in memory at once; more are built in several, and these merged on the disk."""

NEVER: Final = -(2**63)
"""Before all moments."""

Tell: TypeAlias = Callable[[str], object]
"""Takes a sentence for whoever waits."""


def unsaid(_sentence: str) -> None:
    """For whoever wants to hear nothing."""


@dataclass(frozen=True, slots=True)
class Cover:
    """How far a saved book goes.

    Attributes:
        size: it holds all events of the ledger's first so many entries.
        chain: hex; the chain after the last of them.
        recorded: when the last of them reached the record.
        left: slots of people whose erasure it has undergone, although the entry may come later.
    """

    size: int
    chain: str
    recorded: int
    left: tuple[int, ...] = ()

    @classmethod
    def of(cls, last: Entry, left: Iterable[int]) -> Cover:
        """That of a book which holds all events up to an entry, that one included."""
        return cls(last.seq + 1, last.chain.hex(), last.recorded, tuple(sorted(left)))

    def write(self, folder: Path) -> None:
        """Put it on a book."""
        beside = folder / f".{COVER}.{token_hex(4)}"
        beside.write_bytes(orjson.dumps(asdict(self)))
        beside.replace(folder / COVER)


UNFINISHED: Final = Cover(0, "", NEVER)
"""On a book that is not whole yet; of no ledger, it is taken away by whoever finds it."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved book, opened by memory map."""

    folder: Path
    book: Book
    cover: Cover


class Derived(NamedTuple):
    """A book, and how far it goes."""

    book: Book
    cover: Cover


def book_of(home: Home, tell: Tell = unsaid) -> Book:
    """Everybody's events in a home, as of now; as `derive` says."""
    return derive(home, tell).book


def derive(home: Home, tell: Tell = unsaid) -> Derived:
    """Everybody's events in a home, as of now: opened at once where nothing is new, else brought up to date.

    Args:
        tell: is told when the saved book was damaged, or cannot be kept.

    Raises:
        TamperError: a segment is missing or damaged.
    """
    saved = _newest(home, tell)
    if saved is None:
        return _built(home, tell)
    news = news_since(home, saved.cover.size, saved.cover.recorded)
    if set(news.erased) - set(saved.cover.left):  # who left is in this book still
        _remove(saved.folder)
        return _built(home, tell)
    if news.last is None:
        return Derived(saved.book, saved.cover)
    cover = Cover.of(news.last, saved.cover.left)
    if news.parts:
        return Derived(_grown(home, saved.book, news.pieces(AT_ONCE), cover, tell), cover)
    with suppress(OSError):  # a home that may only be read: the entries are looked at again the next time
        cover.write(saved.folder)
    return Derived(saved.book, cover)


def book_of_some(home: Home, people: pa.Array, tell: Tell = unsaid) -> Book:
    """The events of some people, as of now, in memory; the saved book stays as it is, however much is new.

    In it there may be more people than those asked for: some whose events correct another's. Name those that are to be
    scored.
    """
    saved = _newest(home, tell)
    news = None if saved is None else news_since(home, saved.cover.size, saved.cover.recorded)
    if saved is None or news is None or set(news.erased) - set(saved.cover.left):
        return only(book_of(home, tell), people)
    batches = (_about(batch, people) for piece in news.pieces(AT_ONCE) for batch in piece)
    return merge(only(saved.book, people), Book.build(batches, world=home.world))


def _about(batch: Any, people: pa.Array) -> Any:
    """The events of some people, and all that correct others."""
    theirs = pc.is_in(batch.column("person"), pa.array(people, pa.string()))
    some = batch.filter(pc.or_(theirs, pc.is_valid(batch.column("replaces"))))
    names = some.column("person").dictionary_decode()  # the dictionary holds all people, and a book would take them in
    return some.set_column(some.schema.get_field_index("person"), "person", names)


def book_before(home: Home, size: int, recorded: int) -> Book:
    """A book in which what stood in the ledger's first entries counts, and nothing of what came since counts earlier.

    A batch that was underway bears the moment at which it began, which may lie before an entry that was written
    meanwhile: asked for what was known by that entry's moment, its events would be there.

    Args:
        size: how many entries; recorded: when the last of them reached the record.
    """
    later = (entry.read(SegmentSealed).root for entry in home.ledger.entries(size, kind=SegmentSealed.KIND))
    folder = home.folder / SEGMENTS
    early = frozenset(root for root in later if meta_of(folder, bytes.fromhex(root)).recorded <= recorded)
    early -= {entry.read(EventsSealed).root for entry in home.ledger.entries(size, kind=EventsSealed.KIND)}
    if not early:
        return book_of(home)
    book = Book.build([], world=home.world)
    for piece in news_since(home, 0, NEVER, early).pieces(AT_ONCE):
        book = merge(book, Book.build(piece, world=home.world))
    return book


def forget(home: Home, slots: Sequence[int], people: pa.Array) -> None:
    """Take people's events out of every saved book, before their ids are gone from the vault.

    Args:
        slots: theirs; people: their ids.
    """
    saved = _newest(home, unsaid)
    left = None
    if saved is not None:
        cover = replace(saved.cover, left=tuple(sorted({*saved.cover.left, *slots})))
        left = _write(home, cover, lambda room: without_into(room, saved.book, people), unsaid)
    for folder in (home.folder / FOLDER).glob(".*" if left is not None else "*"):  # what a stopped process left, too
        _remove(folder)


def _newest(home: Home, tell: Tell) -> Saved | None:
    """The saved book that goes furthest; those that are damaged, or of another ledger, are taken away."""
    found = []
    for folder in _folders(home):
        try:
            saved = Saved(folder, Book.open(folder), _read_cover(folder))
            saved.book.require_sound()
        except (BookError, OSError, ValueError, TypeError) as fault:
            tell(f"The saved book is damaged and is built again: {fault}")
            _remove(folder)
            continue
        if _is_beginning(home, saved.cover) and saved.book.world == home.world:
            found.append(saved)
        else:
            tell(f"{folder}: a book of another ledger; it is built again")
            _remove(folder)
    return max(found, key=lambda saved: saved.cover.size, default=None)


def _read_cover(folder: Path) -> Cover:
    said = orjson.loads((folder / COVER).read_bytes())
    return Cover(**(said | {"left": tuple(said["left"])}))


def _is_beginning(home: Home, cover: Cover) -> bool:
    """Whether the ledger that a book was made of is the beginning of this one."""
    last = next(home.ledger.entries(cover.size - 1, cover.size - 1), None)
    return last is not None and last.chain.hex() == cover.chain


def _built(home: Home, tell: Tell) -> Derived:
    """A book of everything, in as many pieces as memory asks for."""
    news = news_since(home, 0, NEVER)
    assert news.last is not None
    cover = Cover.of(news.last, news.erased)
    return Derived(_grown(home, None, news.pieces(AT_ONCE), cover, tell), cover)


def _grown(home: Home, book: Book | None, pieces: list[Piece], cover: Cover, tell: Tell) -> Book:
    """A book with pieces added; until the last is, no cover says how far it goes."""
    if not pieces:
        return _kept(home, cover, Book.build([], world=home.world), tell)
    for piece in pieces:
        more = Book.build(piece, world=home.world)
        said = cover if piece is pieces[-1] else UNFINISHED
        book = _kept(home, said, more, tell) if book is None else _merged(home, said, book, more, tell)
    assert book is not None
    return book


def _merged(home: Home, cover: Cover, book: Book, more: Book, tell: Tell) -> Book:
    made = _write(home, cover, lambda room: merge_into(room, book, more), tell)
    return merge(book, more) if made is None else made


def _kept(home: Home, cover: Cover, book: Book, tell: Tell) -> Book:
    return _write(home, cover, lambda _room: book, tell) or book


def _write(home: Home, cover: Cover, make: Callable[[Any], Book], tell: Tell) -> Book | None:
    """Make a book in a folder of the home, in the place of those that are there; None where it cannot be kept."""
    folder = home.folder / FOLDER / f"{cover.size}-{token_hex(4)}"
    try:
        with saving.making(folder) as made:
            make(saving.room_in(made)).write(made)
            cover.write(made)
    except OSError as fault:
        tell(f"{folder.parent}: the book cannot be kept ({fault.strerror or fault}), and is used from memory")
        return None
    _clear(home, keep=folder)
    return Book.open(folder)


def _covered_anew(saved: Saved, cover: Cover) -> None:
    """Say of a book that nothing of what came since was an event."""
    with suppress(OSError):  # a home that may only be read
        cover.write(saved.folder)


def _folders(home: Home) -> Iterator[Path]:
    folder = home.folder / FOLDER
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def _clear(home: Home, keep: Path | Saved | None) -> None:
    kept = keep.folder if isinstance(keep, Saved) else keep
    for folder in _folders(home):
        if folder != kept:
            _remove(folder)


def _remove(folder: Path) -> None:
    """Whoever has it open, reads on: its bytes are gone only then."""
    shutil.rmtree(folder, ignore_errors=True)
