"""What the entries of a ledger say: a class for each kind, in a module for each theme.

A new theme is a module beside these, and a line here that loads it.
"""

from goodstanding.record.ledger.entries import (  # noqa: F401 each registers its kinds
    backups,
    correcting,
    erasing,
    events,
    homes,
    identity,
    ingest,
    lists,
    runs,
)
from goodstanding.record.ledger.entries.commitments import commit, salt_of
from goodstanding.record.ledger.entries.register import Body, Told, kinds, read, register, told, told_by

__all__ = ["Body", "Told", "commit", "kinds", "read", "register", "salt_of", "told", "told_by"]
