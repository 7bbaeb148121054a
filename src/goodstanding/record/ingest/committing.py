"""The one moment at which what came in is on record: a transaction, and what is known of it when it fails.

A transaction whose answer is lost may be done all the same. So after a failure the ledger is asked; and where it cannot
be asked, nothing that was written is taken away: the home sweeps up when it is opened next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from goodstanding.errors import StoreError
from goodstanding.record.home import Home
from goodstanding.record.ledger import Entry, Said, find


class UncertainError(StoreError):
    """Whether a transaction is done cannot be told before the home is opened again."""


Write = Callable[[Connection, Sequence[Entry]], None]


def commit(home: Home, say: Callable[[Connection], Sequence[Said]], write: Write) -> list[Entry]:
    """Add entries to the ledger, and do what they say, in one transaction.

    Args:
        say: what the ledger is to say, and at least something.
        write: what is done besides.

    Raises:
        StoreError: the store cannot be written, and nothing is done.
        UncertainError: it may be done.
    """
    said: Sequence[Said] = ()
    try:
        with home.store.writing() as connection:
            said = say(connection)
            entries = home.ledger.append(connection, said)
            write(connection, entries)
    except Exception as fault:
        done = _done(home, said, fault)
        if done is None:
            raise
        return done
    return entries


def _done(home: Home, said: Sequence[Said], fault: Exception) -> list[Entry] | None:
    """What the ledger has of it; None: nothing."""
    try:
        with home.store.reading() as connection:
            found = [find(connection, one.source, one.id) for one in said]
    except Exception as silent:
        raise UncertainError(
            f"{home.store.place}: {fault}; whether it was written cannot be told now: open the home again and send the "
            "same events again, what is known already is not taken twice"
        ) from silent
    ours = [entry for entry, one in zip(found, said, strict=True) if entry and entry.body == one.body.to_body()]
    return ours if ours and len(ours) == len(said) else None
