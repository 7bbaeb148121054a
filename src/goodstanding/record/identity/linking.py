"""Identifiers linked to people, one or millions: kept as HMACs, in the vault alone.

Only who is on record can be linked: in a live home these are people who consented to a source. A synthetic home holds
made-up people, whom any policy may score; so that no real person comes to be among them, it takes only identifiers that
say of themselves that they are made up.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from goodstanding.errors import RecordError, how_many
from goodstanding.events.kinds import Text
from goodstanding.events.reader import TableReader
from goodstanding.events.schema import Column, Shape
from goodstanding.record.home import Home
from goodstanding.record.identity.agreements import SOURCE, agreement
from goodstanding.record.identity.lookalikes import alike, plain, rare, refuse_dangerous, warnings
from goodstanding.record.ledger import Said
from goodstanding.record.ledger.entries.identity import PersonLinked
from goodstanding.record.vault.hashing import normalised_all

LINK: Final = Shape("row", (Column("person", Text()), Column("identifier", Text())))
MADE_UP: Final = "MADEUP"
"""How an identifier of somebody who does not exist begins: `MADEUP-110101190001011234`."""

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Linked:
    """What came of linking.

    Attributes:
        new: identifiers that nobody had before; known: those that were theirs already.
        warnings: names that look alike.
    """

    new: int
    known: int
    warnings: tuple[str, ...]


def read_links(path: str | os.PathLike[str], progress: Progress | None = None) -> Any:
    """A file with the columns person and identifier, as a `pa.Table`.

    Raises:
        RecordError: it is at fault; what stands in it is not shown.
    """
    return unshown(TableReader([path], LINK, progress), LINK)


def unshown(reader: TableReader, shape: Shape) -> Any:
    """All rows of a reader, as a table; what is wrong with one is said without what stands there.

    Raises:
        RecordError: a row is at fault.
    """
    batches = []
    try:
        batches = list(reader)
    except Exception as fault:
        problems = getattr(fault, "problems", None)
        if not problems:
            raise
        said = [
            f"{one.file}{'' if one.line is None else f':{one.line}'}: not as expected"
            + (f" ({one.expected.replace('a tie', 'a row')})" if one.expected else "")
            for one in problems
        ]
        message = "; what was found is not shown, as it may identify somebody"
        raise RecordError("\n".join(said) + message) from None
    return pa.Table.from_batches(batches, shape.schema).combine_chunks()


def link(home: Home, kind: str, people: Any, identifiers: Any, *, agreed: Sequence[str] = (), actor: str) -> Linked:
    """Link identifiers to people, all or none.

    Args:
        people: public ids, a `pa.StringArray`. identifiers: theirs, one each; likewise.
        agreed: agreements under whose keys they are kept too, so that a list of HMACs can be matched.

    Raises:
        RecordError: somebody is not on record, an identifier is another person's, holds signs that show nothing, or is
            not seen to be made up, in a synthetic home; nothing is linked.
    """
    keys = {name: agreement(home, name).key for name in agreed}
    refuse_dangerous(people, "a person")
    refuse_dangerous(identifiers, "an identifier")
    _require_made_up(home, identifiers)
    slots = home.people.find(people)
    unknown = int((slots < 0).sum())
    if unknown:
        first = people[int(np.flatnonzero(slots < 0)[0])].as_py()
        raise RecordError(
            f"{how_many(unknown, 'person is', 'people are')} not on record, the first {first!r}; only who is on record "
            "can be linked, and nobody was"
        )
    kept = home.vault.identifiers
    new = kept.write(kept.noted(kind, identifiers, slots, keys))
    said = Said(PersonLinked(kind, new, sorted(keys)), SOURCE, f"linked/{token_hex(12)}", actor)
    with home.store.writing() as connection:
        home.ledger.append(connection, [said])
    return Linked(new, len(people) - new, tuple(_look_alikes(home, people)))


def _require_made_up(home: Home, identifiers: Any) -> None:
    """In a synthetic home nobody real: any policy may score those who live there.

    Raises:
        RecordError: an identifier does not say that it is made up.
    """
    if home.world == "live":
        return
    real = pc.sum(pc.invert(pc.starts_with(normalised_all(identifiers), MADE_UP)), min_count=0).as_py()
    if real:
        raise RecordError(
            f"{how_many(real, 'identifier does', 'identifiers do')} not begin with {MADE_UP}: this home is synthetic, "
            "its people are made up, and so must be what identifies them; real people are linked in a live home"
        )


def _look_alikes(home: Home, people: Any) -> list[str]:
    """Warnings: who among them looks like another of them, or like somebody on record."""
    names = rare(people)
    if not names:
        return []
    meant = pa.array([plain(name) for name in names], pa.string())
    there = home.people.find(meant) >= 0
    others = [one for one, known in zip(meant.to_pylist(), there, strict=True) if known]
    return warnings(alike([*names, *others]))
