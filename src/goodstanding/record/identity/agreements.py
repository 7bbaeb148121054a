"""Keys agreed with senders of lists, so that a list can come as HMACs, and what each may be told of it.

The key lies in `HOME/keys/agreements/NAME.key`; the ledger says with whom it was agreed, and what is given back.
"""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass, field
from secrets import token_bytes, token_hex
from typing import Final, Literal

from goodstanding.errors import RecordError, nearest
from goodstanding.record.home import Home
from goodstanding.record.keys import ENDING, SIZE
from goodstanding.record.keys import FOLDER as KEYS
from goodstanding.record.ledger import Said
from goodstanding.record.ledger.entries.lists import ListAgreed

FOLDER: Final = "agreements"
NAME: Final = re.compile(r"[a-z0-9_-]{1,64}")
SOURCE: Final = "goodstanding"
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO

GivesBack = Literal["counts", "matched"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was agreed with a sender.

    Attributes:
        sender: the source of events.
        gives_back: what it may be told.
    """

    name: str
    sender: str
    gives_back: str
    key: bytes = field(repr=False)


def agree(home: Home, name: str, *, sender: str, gives_back: GivesBack, actor: str, key: bytes | None = None) -> None:
    """Put an agreement on record, or change what is given back under one.

    Args:
        key: the one that was agreed; None: that of before, or a new one.

    Raises:
        RecordError: its name or key cannot be, or it has another key already.
    """
    if not NAME.fullmatch(name):
        raise RecordError(f"agreement {name!r}: expected 1 to 64 of a to z, digits, _ and -")
    if key is not None and len(key) != SIZE:
        raise RecordError(f"the key of agreement {name!r} has {len(key)} bytes; expected {SIZE}")
    path = home.folder / KEYS / FOLDER / f"{name}{ENDING}"
    if not path.exists():
        home.disk.make_folder(path.parent)
        path.parent.chmod(stat.S_IRWXU)
        home.disk.write(path, [key or token_bytes(SIZE)])
        path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    elif key is not None and key != path.read_bytes():
        raise RecordError(f"agreement {name!r} has another key; agree under another name, and link under that one")
    said = Said(ListAgreed(name, sender, gives_back), SOURCE, f"agreed/{name}/{token_hex(8)}", actor)
    with home.store.writing() as connection:
        home.ledger.append(connection, [said])


def agreements(home: Home) -> dict[str, ListAgreed]:
    """What was agreed last under each name."""
    found = [entry.read(ListAgreed) for entry in home.ledger.entries(kind=ListAgreed.KIND)]
    return {one.name: one for one in found}


def agreement(home: Home, name: str) -> Agreement:
    """One agreement with its key.

    Raises:
        RecordError: there is none of that name, or its key is missing or may be read by others.
    """
    known = agreements(home)
    if name not in known:
        near = nearest(name, list(known))
        hint = f"did you mean {near!r}?" if near else "see goodstanding list agree"
        raise RecordError(f"agreement {name!r}: there is none of that name; {hint}")
    path = home.folder / KEYS / FOLDER / f"{name}{ENDING}"
    if not path.is_file() or path.stat().st_size != SIZE:
        raise RecordError(f"{path}: not there, or not {SIZE} bytes; put it back from the backup of the keys")
    if path.stat().st_mode & OTHERS:
        raise RecordError(f"{path}: others may read it; keep it to yourself: chmod 600 {path}")
    return Agreement(name, known[name].sender, known[name].gives_back, path.read_bytes())
